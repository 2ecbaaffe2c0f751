"""Endogenous: do the sources of a town last, what do they set free, and does growth come from within?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction

from instances.region import Region
from optimizer.verify.plan import Plan, Use
from optimizer.verify.sums import Sums
from optimizer.verify.words import figure

__all__ = ["Endogenous"]


class Endogenous:
    """Stocks above their floors; the internal share of each indicator; growth that is activated.

    The internal potential of a town is the sum of its hard and soft stocks after the plan, its external access that of
    location, policy and flow. ``activated_growth`` = Σ over the towns of the gain of the highest level of which both
    are reached. For each indicator with internal and external effects the internal part of their sum is at least the
    policy ``internal_share`` of it: internal ≥ share · (internal + external), with the values as entered.
    """

    names = frozenset({"activated_growth"})

    def __init__(self, region: Region) -> None:
        self._stocks = Sums(
            [(row.project, (row.town, row.source), Fraction(row.change)) for row in region.source_changes],
            base={(row.town, row.source): Fraction(row.stock) for row in region.sources},
            also=[Fraction(row.floor) for row in region.sources if row.floor is not None],
        )
        self._floors = [
            (row.town, row.source, self._stocks.whole(Fraction(row.floor)))
            for row in region.sources
            if row.floor is not None
        ]
        self._side = {
            (row.town, row.source): (row.town, "internal" if row.form in ("hard", "soft") else "external")
            for row in region.sources
        }
        self._levels = sorted(region.activations, key=lambda row: (row.town, row.level))
        share = region.settings.policy.internal_share
        self._share = None if share is None else Fraction(share)
        self._effects = Sums(
            [(row.project, (row.indicator, row.source), Fraction(row.value)) for row in region.effects if row.source]
        )

    def broken(self, plan: Plan) -> Iterator[str]:
        if self._floors:
            after = self._stocks(plan)
            for town, source, floor in self._floors:
                if after[town, source] < floor:
                    left, wanted = self._stocks.exact(after[town, source]), self._stocks.exact(floor)
                    yield f"endogenous: floor: {source} in {town} is left at {figure(left)}, {figure(wanted)} wanted"
        if self._share is not None:
            for indicator, inside, outside in self._origins(plan):
                if inside < self._share * (inside + outside):
                    yield (
                        f"endogenous: internal_share: {figure(inside)} of {figure(inside + outside)} {indicator} "
                        f"is internal, a share of {figure(self._share)} wanted"
                    )

    def uses(self, plan: Plan) -> dict[str, Use]:
        """What is taken from each stock with a floor, of what lies above it; external effects, of those allowed."""
        before, after = self._stocks.total({}), self._stocks.total(plan)
        found: dict[str, Use] = {}
        for town, source, floor in self._floors:
            stock = before[town, source]
            found[f"source {source} in {town}"] = stock - after[town, source], stock - self._stocks.exact(floor)
        if self._share is not None:
            for indicator, inside, outside in self._origins(plan):
                found[f"internal_share {indicator}"] = outside, (1 - self._share) * (inside + outside)
        return found

    def _origins(self, plan: Plan) -> Iterator[tuple[str, Fraction, Fraction]]:
        """Indicators with effects of both origins: internal and external sum."""
        sums = self._effects.total(plan)
        for indicator in dict.fromkeys(name for name, _ in sums):
            if (indicator, "internal") in sums and (indicator, "external") in sums:
                yield indicator, sums[indicator, "internal"], sums[indicator, "external"]

    def indicators(self, plan: Plan) -> dict[str, Fraction]:
        strength: defaultdict[tuple[str, str], Fraction] = defaultdict(Fraction)
        if self._levels:
            for source, stock in self._stocks.total(plan).items():
                if source in self._side:
                    strength[self._side[source]] += stock
        best: dict[str, Fraction] = {}
        for row in self._levels:
            if strength[row.town, "internal"] >= row.internal and strength[row.town, "external"] >= row.external:
                best[row.town] = Fraction(row.gain)
        return {"activated_growth": sum(best.values(), Fraction(0))}
