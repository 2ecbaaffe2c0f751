"""Commitments: which promises are kept, and what do the broken ones cost?"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from instances.region import Region
from optimizer.verify.plan import Plan

__all__ = ["Commitments"]


class Commitments:
    """Binding commitments start when it was promised; the others may be dropped or moved at a charge.

    ``break_charge`` = Σ drop_charge of those that are not chosen + Σ move_charge of those that start in another period;
    ``changes`` = number of projects whose start, 0 if not chosen, is not ``adopted``; 0 if nothing was adopted.
    """

    names = frozenset({"break_charge", "changes"})

    def __init__(self, region: Region) -> None:
        self._binding = {row.project: row.period for row in region.commitments if row.binding}
        self._charged = [
            (row.project, row.period, Fraction(row.drop_charge), Fraction(row.move_charge))
            for row in region.commitments
            if not row.binding
        ]
        adopted = {p.id: p.adopted for p in region.projects}
        self._adopted = adopted if any(adopted.values()) else {}

    def broken(self, plan: Plan) -> Iterator[str]:
        for project, period in self._binding.items():
            start = plan.get(project)
            if start != period:
                found = f"starts in period {start}" if start else "is not chosen"
                yield f"commitments: {project} is promised for period {period}, but {found}"

    def indicators(self, plan: Plan) -> dict[str, Fraction]:
        charge = Fraction(0)
        for project, period, drop, move in self._charged:
            if project not in plan:
                charge += drop
            elif plan[project] != period:
                charge += move
        changed = sum(plan.get(project, 0) != start for project, start in self._adopted.items())
        return {"break_charge": charge, "changes": Fraction(changed)}
