"""Concentration: is industry gathered in few towns, and does everybody get a fair share of the money?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction

from instances.region import Region
from instances.schema import FairShare
from optimizer.verify.plan import Plan, Use
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
        industry = self._industry(plan)
        if self._most is not None and len(industry) > self._most:
            yield f"concentration: industry_towns: {listed(industry)} have industry, {self._most} may"
        if self._mass is not None:
            for town, projects in industry.items():
                if len(projects) < self._mass:
                    yield f"concentration: industry_mass: {town} has {listed(projects)} only, {self._mass} wanted"
        if self._shares:
            yield from self._unfair(plan)

    def uses(self, plan: Plan) -> dict[str, Use]:
        """Towns with industry, and money of those that may have a share of it at most."""
        found: dict[str, Use] = {}
        if self._most is not None:
            found["industry_towns"] = Fraction(len(self._industry(plan))), Fraction(self._most)
        for row, theirs, total in self._spent(plan):
            if row.at_most is not None:
                found[f"fair_share {row.id}"] = theirs, Fraction(row.at_most) * total
        return found

    def _industry(self, plan: Plan) -> dict[str, list[str]]:
        """Chosen industry projects by town."""
        industry: defaultdict[str, list[str]] = defaultdict(list)
        for project in plan:
            if project in self._town:
                industry[self._town[project]].append(project)
        return industry

    def _spent(self, plan: Plan) -> Iterator[tuple[FairShare, Fraction, Fraction]]:
        """For each fair share what is spent on its members, and on all, what was spent before included."""
        total = sum((self._cost.get(project, Fraction(0)) for project in plan), Fraction(0))
        for row, members in self._shares:
            theirs = sum((self._cost[project] for project in plan if project in members), Fraction(row.spent))
            yield row, theirs, total + Fraction(row.spent_in_all)

    def _unfair(self, plan: Plan) -> Iterator[str]:
        for row, theirs, total in self._spent(plan):
            said = f"concentration: {row.id}: {figure(theirs)} of {figure(total)} spent, at"
            if row.at_least is not None and theirs < Fraction(row.at_least) * total:
                yield f"{said} least {figure(Fraction(row.at_least) * total)} wanted"
            if row.at_most is not None and theirs > Fraction(row.at_most) * total:
                yield f"{said} most {figure(Fraction(row.at_most) * total)} wanted"
