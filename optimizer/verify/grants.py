"""Grants: which money does the plan unlock?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from fractions import Fraction

from instances.region import Region
from instances.schema import Grant
from optimizer.verify.plan import Plan

__all__ = ["Grants"]

Cell = tuple[str, int]
"""Fund and period."""


class Grants:
    """What the table ``grants`` adds to the money of each fund and period.

    ``count``: the amount if at least ``threshold`` members are chosen. ``points``: the amount if the indicator is at
    least ``threshold``. ``matching``: the smaller of the amount and rate · Σ c of the chosen members.

    ``indicators(plan, names)`` tells the exact values of the named indicators; those that no table gives are 0.
    """

    def __init__(self, region: Region, indicators: Callable[[Plan, set[str]], Mapping[str, Fraction]]) -> None:
        self._grants = [(grant, region.members(grant.members), Fraction(grant.amount)) for grant in region.grants]
        self._asked = {grant.indicator for grant in region.grants if grant.kind == "points"}
        self._indicators = indicators
        self._cost = {p.id: Fraction(p.capital_cost) for p in region.projects}

    @property
    def cells(self) -> list[Cell]:
        """Where money may come in."""
        return [(grant.fund, grant.period) for grant, _, _ in self._grants]

    @property
    def figures(self) -> list[Fraction]:
        """Figures of which all that comes in is a sum of whole multiples."""
        rates = {
            Fraction(grant.rate or 0) * self._cost[member]
            for grant, members, _ in self._grants
            if grant.kind == "matching"
            for member in members
        }
        return [*(amount for _, _, amount in self._grants), *rates]

    def money(self, plan: Plan) -> dict[Cell, Fraction]:
        """What comes in under ``plan``."""
        reached = self._indicators(plan, self._asked) if self._asked else {}
        found: defaultdict[Cell, Fraction] = defaultdict(Fraction)
        for grant, members, amount in self._grants:
            chosen = [member for member in members if member in plan]
            if grant.kind == "matching":
                cost = sum((self._cost[member] for member in chosen), Fraction(0))
                found[grant.fund, grant.period] += min(amount, Fraction(grant.rate or 0) * cost)
            elif _met(grant, Fraction(len(chosen)), reached):
                found[grant.fund, grant.period] += amount
        return dict(found)


def _met(grant: Grant, count: Fraction, reached: Mapping[str, Fraction]) -> bool:
    there = count if grant.kind == "count" else reached.get(grant.indicator, Fraction(0))
    return there >= Fraction(grant.threshold or 0)
