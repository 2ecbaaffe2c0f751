"""Money, rules among projects, synergies and reach of a synthetic region."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Any

from instances import schema
from instances.synthetic.draft import (
    GROUPS,
    Draft,
    Tables,
    funds,
    group,
    home_fund,
    limit,
    size,
    some,
    stream,
    whole,
)

__all__ = ["budgets", "coverage", "relations", "synergies"]


def budgets(draft: Draft) -> Tables:
    """Requests are 2.7 times the money, twice where there are few projects.

    Each fund gets its part of the money, about the same in every period.
    """
    rng, n, periods = stream(draft.seed, "budget"), len(draft.projects), draft.periods
    asked: dict[str, Decimal] = {}
    need: dict[tuple[str, int], Fraction] = {}
    for p in draft.projects:
        fund = home_fund(p.category[0])
        asked[fund] = asked.get(fund, Decimal(0)) + p.capital_cost * p.public_share
        if (start := draft.plan.get(p.id)) is not None:
            for t in range(start, periods + 1):
                due = Fraction(p.capital_cost) / p.duration if t < start + p.duration else Fraction(p.operating_cost)
                need[fund, t] = need.get((fund, t), Fraction(0)) + due * Fraction(p.public_share)
    rows: list[schema.Row] = []
    for fund, money in asked.items():
        parts = whole(rng, 80, 120, periods)
        for t, part in enumerate(parts, 1):
            planned = int(money) * 10 * part // ((20 if draft.small else 27) * sum(parts))
            rows.append(
                schema.Budget(
                    fund=fund,
                    period=t,
                    amount=Decimal(max(planned, ceil(need.get((fund, t), 0)))),
                    carry_over=t < periods and (fund == "county" or (fund == "culture" and part >= 100)),
                    categories=funds(n)[fund],
                )
            )
    return {"budgets": rows}


def relations(draft: Draft) -> Tables:
    """Every kind of rule; the plan keeps all of them."""
    rng = stream(draft.seed, "relations")
    n, planned = len(draft.projects), draft.planned
    pool = some(rng, [p.id for p in draft.others], n)
    rows: list[schema.Row] = []

    def rule(kind: Any, title: str, members: Sequence[str], amount: Decimal | None = None) -> None:
        rows.append(schema.Relation(id=title, kind=kind, members=tuple(members), amount=amount))

    for g, base in enumerate(planned[: max(1, n // 40)], 1):
        rule("exactly_one", f"levels {g}", [base.id, *(pool.pop() for _ in range(1 if n < 10 else 2))])
    needed = set()
    for g in range(1, max(1, n // 12) + 1):
        first, *needs = [pool.pop() for _ in range(3 if g == 2 else 2)]
        needed |= {*needs}
        rule("requires", f"precedence {g}", [first, *needs])
    free = some(rng, [p.id for p in draft.others if p.id not in needed], n)
    size = 2 if n < 12 else 3
    for g in range(max(1, n // 20)):
        rule("excludes", f"alternatives {g + 1}", free[g * size : (g + 1) * size])
    town, kinds = planned[0].town, tuple(dict.fromkeys(p.category[0] for p in planned[:2]))
    if draft.small:
        rule("at_least", "two at least", ["all"], Decimal(2))
    else:
        rule("at_least", f"{town} is served", [f"town={town}"], Decimal(sum(p.town == town for p in planned)))
    least = min(p.capital_cost for p in planned[:2])
    rule("spend_at_least", f"floor for {' and '.join(kinds)}", [f"category={k}" for k in kinds], least)
    count = limit(draft, ((p.id, Decimal(1)) for p in draft.projects), 55)
    rule("at_most", "what the offices can run", ["all"], count)
    for district in sorted({t.district for t in draft.towns})[:8]:
        here = {t.id for t in draft.towns if t.district == district}
        count = limit(draft, ((p.id, Decimal(1)) for p in draft.projects if p.town in here), 70)
        rule("at_most", f"{district} shares", [f"district={district}"], count)
    for kind in GROUPS:
        costs = [(p.id, p.capital_cost) for p in draft.projects if kind in p.category]
        if len(costs) >= 4:
            rule("spend_at_most", f"ceiling for {kind}", [f"category={kind}"], limit(draft, costs, 50))
    dear = sorted(draft.others, key=lambda p: -p.capital_cost)[:3]
    cap = limit(draft, ((p.id, p.capital_cost) for p in dear), 70)
    rule("spend_at_most", "not all flagships", [p.id for p in dear], cap)
    return {"relations": rows}


def synergies(draft: Draft) -> Tables:
    """Two bonuses for each malus; a malus among what adds growth."""
    rng, n = stream(draft.seed, "synergy"), len(draft.projects)
    growing = [p for p in draft.projects if group(p) == "growth"] or list(draft.projects)
    rows: list[schema.Row] = []
    for g in range(max(2, n // 10)):
        members = some(rng, draft.projects, 2 + g % 2)
        gain = max(1, sum(map(size, members)) * whole(rng, 10, 40, 1)[0] // 200)
        rows.append(
            schema.Synergy(
                id=f"together {g + 1}",
                members=tuple(p.id for p in members),
                at_least=2 if g % 4 == 1 else None,
                indicator=("value_added", "wellbeing", "identity")[g % 3],
                value=Decimal(gain),
            )
        )
    for g in range(max(1, n // 20)):
        members = some(rng, growing if len(growing) > 1 else draft.projects, 2)
        loss = max(1, sum(map(size, members)) * whole(rng, 10, 30, 1)[0] // 200)
        rows.append(
            schema.Synergy(
                id=f"in each other's way {g + 1}",
                members=tuple(p.id for p in members),
                indicator=("identity", "value_added", "wellbeing")[g % 3],
                value=Decimal(-loss),
            )
        )
    return {"synergies": rows}


def coverage(draft: Draft) -> Tables:
    """Places of a few hundred or thousand people, each reached by up to four projects of its town."""
    rng, n = stream(draft.seed, "coverage"), len(draft.projects)
    near: dict[str, list[str]] = {t.id: [p.id for p in draft.projects if p.town in ("", t.id)] for t in draft.towns}
    places: list[schema.Row] = []
    reach: list[schema.Row] = []
    towns = [t for t in draft.towns if near[t.id]]
    for g in range(max(3, n // 4)):
        town = towns[g % len(towns)].id
        people, count = whole(rng, 2, 50, 1)[0], whole(rng, 1, 4, 1)[0]
        places.append(schema.Place(id=f"quarter {g + 1}", people=Decimal(100 * people), town=town))
        picked = sorted({near[town][i] for i in whole(rng, 0, len(near[town]) - 1, count)})
        reach.extend(schema.Reach(project=name, place=f"quarter {g + 1}") for name in picked)
    return {"places": places, "reach": reach}
