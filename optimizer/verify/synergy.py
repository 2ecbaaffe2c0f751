"""Synergy: what is added when projects are built together?"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

from instances.region import Region
from optimizer.verify.plan import Plan

__all__ = ["Synergy"]


class Synergy:
    """``value`` is added to ``indicator``, once, if at least ``at_least`` (all, if empty) of the members are chosen."""

    def __init__(self, region: Region) -> None:
        self._bonuses = []
        for row in region.synergies:
            members = region.members(row.members)
            wanted = len(members) if row.at_least is None else row.at_least
            self._bonuses.append((frozenset(members), wanted, row.indicator, Fraction(row.value)))
        self.names = frozenset(row.indicator for row in region.synergies)

    def indicators(self, plan: Plan) -> dict[str, Fraction]:
        added: defaultdict[str, Fraction] = defaultdict(Fraction)
        chosen = plan.keys()
        for members, wanted, indicator, value in self._bonuses:
            if len(members & chosen) >= wanted:
                added[indicator] += value
        return dict(added)
