"""Earlier decisions of a synthetic region: what the plan keeps, and what others were promised."""

from __future__ import annotations

from decimal import Decimal

from instances import schema
from instances.synthetic.draft import Draft, Drawn, percents, size, some, stream

__all__ = ["commitments"]


def commitments(draft: Draft) -> Drawn:
    """The first project of the plan is binding; the rest of the plan and some others are charged for each change."""
    rng = stream(draft.seed, "commitments")
    others = [p for p in draft.others if p.locked != "out"]
    promised = [*draft.planned, *some(rng, others, max(1, len(draft.projects) // 15))]
    rows: list[schema.Row] = []
    for g, (project, (dear, moved)) in enumerate(zip(promised, percents(rng, len(promised), 2), strict=True)):
        charge = 2 + size(project) * (20 + dear) // 800
        charges = {"drop_charge": Decimal(charge), "move_charge": Decimal(charge * moved // 200)}
        rows.append(
            schema.Commitment(
                project=project.id,
                period=draft.plan.get(project.id, project.earliest_start),
                binding=g == 0,
                **({} if g == 0 else charges),
            )
        )
    return Drawn({"commitments": rows}, weights={"livability": {"break_charge": Decimal(-1)}})
