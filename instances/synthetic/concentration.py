"""Industry towns and fair shares of a synthetic region."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from decimal import Decimal

from instances import schema
from instances.synthetic.draft import Draft, Drawn, group

__all__ = ["concentration"]


def concentration(draft: Draft) -> Drawn:
    """Industry in half of the towns that could have it, two projects in each; shares of the money near the plan's.

    The plan keeps the mass: where it builds in all industry categories, what it builds is the mass.
    """
    growing = dict.fromkeys(p.category[0] for p in draft.projects if p.town and group(p) == "growth")
    categories = growing or {draft.projects[0].category[0]: None}
    planned = {category for p in draft.planned for category in p.category}
    kinds = tuple(c for c in categories if c not in planned) or tuple(categories)
    open_now = Counter(p.town for p in draft.planned if p.town and set(kinds) & set(p.category))
    possible = {p.town for p in draft.projects if p.town and set(kinds) & set(p.category)}
    policy = {
        "industry_categories": kinds,
        "industry_towns": max(len(open_now), len(possible) // 2, 1),
        "industry_mass": min(open_now.values(), default=2),
    }
    return Drawn({"fair_shares": _fair_shares(draft)}, policy=policy)


def _fair_shares(draft: Draft) -> list[schema.Row]:
    district = {town.id: town.district for town in draft.towns}
    spent: Counter[str] = Counter()
    for project in draft.planned:
        spent[project.town] += int(project.capital_cost)
    largest = spent.most_common(1)[0][0] or draft.towns[0].id
    first = district[largest]
    return [
        schema.FairShare(
            id=f"a fair share for {first}",
            members=(f"district={first}",),
            at_least=_part(draft, lambda p: district.get(p.town) == first, 60),
        ),
        schema.FairShare(
            id="a fair share for the country",
            members=("setting=rural",),
            at_least=_part(draft, lambda p: bool(p.town), 70),
        ),
        schema.FairShare(
            id=f"not all for {largest}",
            members=(f"town={largest}",),
            at_most=1 - _part(draft, lambda p: p.town != largest, 80),
        ),
    ]


def _part(draft: Draft, counts: Callable[[schema.Project], bool], percent: int) -> Decimal:
    """``percent`` of the share that these projects have in the cost of the plan, rounded down to hundredths."""
    theirs, all_of_it = (
        sum(int(p.capital_cost) for p in draft.planned if wanted(p)) for wanted in (counts, lambda _: True)
    )
    return Decimal(theirs * percent // all_of_it) / 100
