"""Concentration: ``Σ_town open <= K`` with ``open = max_j built_j`` over the industry projects of a town;
``Σ built >= mass`` where one of them is built; ``Σ_members capital_cost >= share Σ_all capital_cost``, or ``<=``.

    "The strategy of developing small towns is not to encourage small towns to blossom everywhere, which will lead to
    major problems such as scattered construction foundation, large consumption of agricultural land, and inability to
    exert concentrated benefits" (S2, section 2); "truly realize the integrated construction" of town and country
    (section 3 (1)).

Opening is the linking of facility location (Balinski 1965, "Integer programming: methods, uses, computation"). Critical
mass is a semi-continuous count, a row for each project, ``Σ built >= mass built_j``, so that it needs no columns. A
share is multiplied out, so that its row is linear as well.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction

from instances.region import Region
from instances.schema import FairShare
from models.draft import Draft, Provider
from models.linear import Linear
from models.logic import any_of

TABLES = ("projects", "fair_shares")


def build(draft: Draft) -> None:
    """Industry towns, their critical mass, and fair shares of the money."""
    policy, towns = draft.region.settings.policy, _industry(draft)
    if policy.industry_towns is not None:
        opened = (any_of(draft, ("open", town), parts, {-1}) for town, parts in towns.items())
        draft.rule("concentration", "industry towns", Linear.sum(opened), upper=policy.industry_towns)
    if policy.industry_mass is not None:
        for town, parts in towns.items():
            _mass(draft, town, parts, policy.industry_mass)
    for row in draft.region.fair_shares:
        _fair_share(draft, row)


def indicators(region: Region) -> Mapping[str, Provider]:
    """Concentration counts nothing of its own."""
    return {}


def _industry(draft: Draft) -> dict[str, dict[str, Linear]]:
    """Town to its industry projects that could be built."""
    categories = set(draft.region.settings.policy.industry_categories)
    found: dict[str, dict[str, Linear]] = defaultdict(dict)
    for project in draft.region.projects:
        if project.town and categories & set(project.category) and draft.built(project.id).terms:
            found[project.town][project.id] = draft.built(project.id)
    return found


def _mass(draft: Draft, town: str, parts: Mapping[str, Linear], mass: int) -> None:
    count = Linear.sum(parts.values())
    for project, built in parts.items():
        if len(parts) < mass:
            why = f"{town} has only {len(parts)} such project{'s' * (len(parts) > 1)}, a mass takes {mass}"
            draft.forbid(project, f"concentration[mass in {town}]: {why}")
        else:
            row = f"mass in {town}: {project}"
            draft.rule("concentration", row, count - mass * built, lower=0)


def _fair_share(draft: Draft, row: FairShare) -> None:
    members = draft.region.members(row.members)
    theirs = Linear.sum(draft.built(m) * draft.region.project[m].capital_cost for m in members) + row.spent
    everything = draft.total(lambda project: project.capital_cost) + row.spent_in_all
    if row.at_least is not None:
        draft.rule("concentration", f"{row.id}, at least", theirs - Fraction(row.at_least) * everything, lower=0)
    if row.at_most is not None:
        draft.rule("concentration", f"{row.id}, at most", theirs - Fraction(row.at_most) * everything, upper=0)
