"""Grants of a synthetic region. They only add money, so the plan stays feasible."""

from __future__ import annotations

from decimal import Decimal
from math import ceil

from instances import schema
from instances.synthetic.draft import Draft, Tables, funds, group, home_fund, size, some, stream, whole

__all__ = ["grants"]


def grants(draft: Draft) -> Tables:
    """A grant for a number of projects, one for points of identity and one that matches spending on nature."""
    rng = stream(draft.seed, "grants")
    asked = sum((p.capital_cost for p in draft.projects), Decimal(0))
    green = [p for p in draft.projects if group(p) == "nature"] or list(draft.projects)
    cultured = [p for p in draft.projects if group(p) in ("culture", "nature")]
    if len(cultured) < 2:
        cultured = list(draft.projects)
    needed = 2 + len(draft.projects) // 30
    members = some(rng, cultured, 2 * needed)
    open_funds = [
        fund for fund in funds(len(draft.projects)) if fund in {home_fund(p.category[0]) for p in draft.projects}
    ]
    periods = whole(rng, 1, draft.periods, 3)
    shares = whole(rng, 10, 30, 3)
    points = sum(map(size, some(rng, draft.projects, ceil(len(draft.projects) / 4)))) // 8
    amounts = [Decimal(int(asked) * share // 500) + 1 for share in shares]
    place = [{"fund": open_funds[g % len(open_funds)], "period": period} for g, period in enumerate(periods)]
    return {
        "grants": [
            schema.Grant(
                id="old towns",
                kind="count",
                members=tuple(p.id for p in members),
                threshold=Decimal(min(needed, len(members))),
                amount=amounts[0],
                **place[0],
            ),
            schema.Grant(
                id="town of character",
                kind="points",
                indicator="identity",
                threshold=Decimal(points + 1),
                amount=amounts[1],
                **place[1],
            ),
            schema.Grant(
                id="green match",
                kind="matching",
                members=tuple(p.id for p in some(rng, green, 12)),
                rate=Decimal(shares[2]) / 100,
                amount=amounts[2],
                **place[2],
            ),
        ]
    }
