"""Symbiosis: what do plants save by taking each other's by-products, is enough taken, and who builds outside parks?"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from instances.region import Region
from optimizer.verify.plan import Plan
from optimizer.verify.sums import Sums
from optimizer.verify.words import figure

__all__ = ["Symbiosis"]


class Symbiosis:
    """An exchange happens if the giving and the taking plant are both chosen.

    ``exchange_saving`` = Σ saving of the exchanges that happen. Closed chain ``ρ``: Σ tonnes exchanged ≥ ρ · Σ tonnes
    of by-products of the chosen plants. A project of a polluting category must have hectares in an eco-industrial park.
    """

    names = frozenset({"exchange_saving"})

    def __init__(self, region: Region) -> None:
        policy = region.settings.policy
        self._exchanges = [(e.source, e.target, Fraction(e.tonnes), Fraction(e.saving)) for e in region.exchanges]
        self._share = None if policy.closed_chain is None else Fraction(policy.closed_chain)
        self._arising = Sums(
            [(b.project, "tonnes", Fraction(b.tonnes)) for b in region.byproducts], base={"tonnes": Fraction(0)}
        )
        parks = {z.id for z in region.zones if z.kind == "eco_park"}
        inside = {f.project for f in region.footprints if f.hectares > 0 and f.zone in parks}
        self._outside: dict[str, str] = {}
        for project in region.projects:
            for kind in project.category:
                if kind in policy.park_only and project.id not in inside:
                    self._outside[project.id] = kind

    def broken(self, plan: Plan) -> Iterator[str]:
        for project in plan:
            if project in self._outside:
                kind = self._outside[project]
                yield f"symbiosis: park_only: {project} is of category {kind} and has no land in an eco_park"
        if self._share is not None:
            taken = sum((tonnes for tonnes, _ in self._happening(plan)), Fraction(0))
            arising = self._arising.total(plan)["tonnes"]
            if taken < self._share * arising:
                yield (
                    f"symbiosis: closed_chain: {figure(taken)} of {figure(arising)} t of by-products find a taker, at "
                    f"least {figure(self._share * arising)} t must"
                )

    def indicators(self, plan: Plan) -> dict[str, Fraction]:
        return {"exchange_saving": sum((saving for _, saving in self._happening(plan)), Fraction(0))}

    def _happening(self, plan: Plan) -> Iterator[tuple[Fraction, Fraction]]:
        """Tonnes and saving of each exchange that happens."""
        for source, target, tonnes, saving in self._exchanges:
            if source in plan and target in plan:
                yield tonnes, saving
