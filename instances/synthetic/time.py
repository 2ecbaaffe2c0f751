"""Years of service, an order in time and the cost of running what is built, for a synthetic region."""

from __future__ import annotations

from decimal import Decimal
from itertools import product

from instances import schema
from instances.synthetic.draft import Draft, Drawn, group, limit, percents, size, some, stream

__all__ = ["time"]

TAIL = 5
"""Periods of service that count beyond the horizon."""


def time(draft: Draft) -> Drawn:
    """Visitors in each period of service, discounted at 4 %; projects that wait for others; a limit to running cost."""
    rng = stream(draft.seed, "time")
    effects: list[schema.Row] = []
    for project, (chance, strength) in zip(draft.projects, percents(rng, len(draft.projects), 2), strict=True):
        if group(project) in ("culture", "nature") or chance < 20:
            value = 1 + size(project) * (10 + strength) // 2000
            effects.append(schema.Effect(project=project.id, indicator="visitors", value=Decimal(value), yearly=True))
    running = [(p.id, p.operating_cost * p.public_share) for p in draft.projects]
    return Drawn(
        {"effects": effects, "relations": _orders(draft, some(rng, draft.projects, 40))},
        weights={"growth": {"visitors": Decimal(1)}},
        policy={"operating_tail_limit": limit(draft, running, 60)},
        head={"discount_rate": Decimal("0.04"), "tail_periods": TAIL},
    )


def _orders(draft: Draft, picked: list[schema.Project]) -> list[schema.Row]:
    """Projects outside the plan that wait for another; nobody waits for one that waits."""
    waiting: dict[str, str] = {}
    for first, other in product(picked, picked):
        late = (first.latest_start or draft.periods - first.duration + 1) >= other.earliest_start + other.duration
        free = first.id not in waiting.values() and not {first.id, other.id} & set(waiting)
        if late and free and first is not other and first.id not in draft.plan:
            waiting[first.id] = other.id
        if len(waiting) == max(1, len(draft.projects) // 20):
            break
    return [schema.Relation(id=f"order {g}", kind="after", members=pair) for g, pair in enumerate(waiting.items(), 1)]
