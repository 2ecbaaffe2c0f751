"""Concentration: is industry gathered in few towns, and does everybody get a fair share of the money?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction

from instances.region import Region
from optimizer.verify.plan import Plan
from optimizer.verify.words import figure, listed

__all__ = ["Concentration"]


class Concentration:
    """At most ``industry_towns`` towns with industry projects; at least ``industry_mass`` of them in each such town;
    the capital cost of the chosen members of a fair share against its share of all capital cost, each with what was
    spent before.
    """

    def __init__(self, region: Region) -> None:
        policy = region.settings.policy
        self._most, self._mass = policy.industry_towns, policy.industry_mass
        kinds = set(policy.industry_categories)
        self._town = {p.id: p.town for p in region.projects if p.town and not kinds.isdisjoint(p.category)}
        self._cost = {p.id: Fraction(p.capital_cost) for p in region.projects}
        self._shares = [(row, frozenset(region.members(row.members))) for row in region.fair_shares]

    def broken(self, plan: Plan) -> Iterator[str]:
        industry: defaultdict[str, list[str]] = defaultdict(list)
        for project in plan:
            if project in self._town:
                industry[self._town[project]].append(project)
        if self._most is not None and len(industry) > self._most:
            yield f"concentration: industry_towns: {listed(industry)} have industry, {self._most} may"
        if self._mass is not None:
            for town, projects in industry.items():
                if len(projects) < self._mass:
                    yield f"concentration: industry_mass: {town} has {listed(projects)} only, {self._mass} wanted"
        if self._shares:
            yield from self._unfair(plan)

    def _unfair(self, plan: Plan) -> Iterator[str]:
        total = sum((self._cost.get(project, Fraction(0)) for project in plan), Fraction(0))
        for row, members in self._shares:
            theirs = sum((self._cost[project] for project in plan if project in members), Fraction(row.spent))
            whole = total + Fraction(row.spent_in_all)
            said = f"concentration: {row.id}: {figure(theirs)} of {figure(whole)} spent, at"
            if row.at_least is not None and theirs < Fraction(row.at_least) * whole:
                yield f"{said} least {figure(Fraction(row.at_least) * whole)} wanted"
            if row.at_most is not None and theirs > Fraction(row.at_most) * whole:
                yield f"{said} most {figure(Fraction(row.at_most) * whole)} wanted"
