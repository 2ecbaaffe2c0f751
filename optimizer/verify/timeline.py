"""Timeline: what is kept of each era, and how much do the towns remember?"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from fractions import Fraction

from instances.region import Region
from optimizer.verify.plan import Plan, Use

__all__ = ["Timeline"]


class Timeline:
    """An asset is kept if nobody destroys it (-4) and, where it is threatened, somebody conserves it (1 or more).

    ``memory`` = Σ over towns and eras of the points of the 1st, 2nd … kept asset; of each era and kind that assets
    have, at least ``eras_minimum`` and ``kinds_minimum`` are kept in the whole region.
    """

    names = frozenset({"memory"})

    def __init__(self, region: Region) -> None:
        self._assets = region.assets
        self._conserving: defaultdict[str, set[str]] = defaultdict(set)
        self._destroying: defaultdict[str, set[str]] = defaultdict(set)
        for row in region.impacts:
            if row.impact == -4:
                self._destroying[row.asset].add(row.project)
            elif row.impact > 0:
                self._conserving[row.asset].add(row.project)
        points = {step.count: Fraction(step.points) for step in region.timeline}
        self._memory = [Fraction(0)]
        for count in range(1, len(region.assets) + 1):
            self._memory.append(self._memory[-1] + points.get(count, 0))
        policy = region.settings.policy
        self._minimums = (("era", policy.eras_minimum), ("kind", policy.kinds_minimum))

    def broken(self, plan: Plan) -> Iterator[str]:
        for column, name, left, count, least in self._counted(plan):
            if left < least:
                yield (
                    f"timeline: {column}s_minimum: {left} of {count} assets of {column} {name} are kept, "
                    f"at least {least} wanted"
                )

    def uses(self, plan: Plan) -> dict[str, Use]:
        """Assets of each era and kind that are not kept, of those that need not be."""
        return {
            f"{column}s_minimum {name}": (Fraction(count - left), Fraction(count - least))
            for column, name, left, count, least in self._counted(plan)
        }

    def _counted(self, plan: Plan) -> Iterator[tuple[str, str, int, int, int]]:
        """Era or kind with a minimum, its name, kept assets, all assets, the minimum."""
        if all(least is None for _, least in self._minimums):
            return
        kept = self._kept(plan)
        for column, least in self._minimums:
            if least is None:
                continue
            there = Counter(getattr(asset, column) for asset in self._assets)
            left = Counter(getattr(asset, column) for asset in self._assets if asset.id in kept)
            for name, count in there.items():
                yield column, name, left[name], count, least

    def indicators(self, plan: Plan) -> dict[str, Fraction]:
        kept = self._kept(plan)
        left = Counter((asset.town, asset.era) for asset in self._assets if asset.id in kept)
        return {"memory": sum((self._memory[count] for count in left.values()), Fraction(0))}

    def _kept(self, plan: Plan) -> set[str]:
        chosen = plan.keys()
        return {
            asset.id
            for asset in self._assets
            if self._destroying[asset.id].isdisjoint(chosen)
            and not (asset.threatened and self._conserving[asset.id].isdisjoint(chosen))
        }
