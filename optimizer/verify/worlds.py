"""Worlds: what is the least that an indicator comes to over the scenarios, and the mean over the worst of them?"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from instances.region import Region
from instances.worlds import effects_by_world, over_worlds
from optimizer.verify.effects import effect_entries
from optimizer.verify.plan import Plan
from optimizer.verify.sums import Sums

__all__ = ["Worlds"]


class Worlds:
    """``X_worst``: the least of ``X`` over the worlds; ``X_cvar``: its mean over the worst ``tail_share`` of them.

    In a world ``X`` is as planned, but for the effects, which have the values that they have there.
    """

    def __init__(self, region: Region) -> None:
        self.names = over_worlds(region)
        """Indicator to the one that it is the worst of, and the share of worlds; ``None`` for the worst alone."""
        effects = effects_by_world(region) if self.names else []
        self._worlds = [(chance, Sums(list(effect_entries(replace(region, effects=own))))) for chance, own in effects]

    def worst(self, plan: Plan, planned: dict[str, Fraction], names: list[str]) -> dict[str, Fraction]:
        """The value of each of ``names`` for ``plan``, whose indicators come to ``planned``."""
        keys = (*plan, *plan.items())
        there = [(chance, sums.total(keys)) for chance, sums in self._worlds]
        found = {}
        for name in names:
            of, share = self.names[name]
            usual = planned[of] - there[0][1].get(of, Fraction(0))
            values = [(usual + sums.get(of, Fraction(0)), chance) for chance, sums in there]
            found[name] = min(values)[0] if share is None else _tail(values, share)
        return found


def _tail(values: list[tuple[Fraction, Fraction]], share: Fraction) -> Fraction:
    """The mean over the worst ``share`` of values with their chances, the last one in part."""
    left, total = share, Fraction(0)
    for value, chance in sorted(values):
        total += value * min(chance, left)
        left -= min(chance, left)
    return total / share
