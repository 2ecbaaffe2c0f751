"""Coverage: how many people are reached?"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

from instances.region import Region
from optimizer.verify.plan import Plan

__all__ = ["Coverage"]


class Coverage:
    """``people_reached`` = Σ people of the places that at least one chosen project reaches."""

    names = frozenset({"people_reached"})

    def __init__(self, region: Region) -> None:
        self._people = {place.id: Fraction(place.people) for place in region.places}
        self._reach: defaultdict[str, set[str]] = defaultdict(set)
        for row in region.reach:
            self._reach[row.project].add(row.place)

    def indicators(self, plan: Plan) -> dict[str, Fraction]:
        reached = set[str]().union(*(self._reach[project] for project in plan if project in self._reach))
        return {"people_reached": sum((self._people[place] for place in reached), Fraction(0))}
