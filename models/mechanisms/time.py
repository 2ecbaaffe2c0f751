"""Time: ``Σ_{t=s+d}^{T+tail} value / (1 + rate)^(t-1)`` for an effect that comes anew in each period of service of a
project that starts in ``s`` and is built for ``d`` periods; ``Σ operating_cost share built <= limit`` after the end.

    "Based on the present and focusing on the future, we should explore a way suitable for the development" (S2,
    section 3 (1)), "so as to achieve a state of sustainable development" (section 6 (2)); where speed is pursued and
    quality neglected, the challenges of section 2 follow: what is built must go on being paid for.

Start periods are the decisions ``start[project,period]``, as in the project scheduling of Pritsker, Watters & Wolfe
(1969), "Multiproject scheduling with limited resources: a zero-one programming approach"; effects are discounted to
the first period as in Weingartner (1963). The discounted sum is rounded, half a step away from zero, to as many
decimals as the value was entered with, once for each effect and start: then every portfolio is a whole number of
quanta, and the rounding is a part of the definition and not an error. Zeros at the end of a figure are no decimals.

Spending inside the horizon, operating cost included, is counted by the budget, an order in time by the relations
(kind ``after``), so the one row here is the policy figure ``operating_tail_limit``: every project is completed within
the horizon, so all that is chosen runs after it.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import floor

from instances.region import Region
from models.draft import Draft, Provider

__all__ = ["TABLES", "build", "decimals", "in_service", "indicators"]

TABLES = ("projects",)


def build(draft: Draft) -> None:
    """What the chosen projects cost to run after the last period (money a period), at most."""
    limit = draft.region.settings.policy.operating_tail_limit
    if limit is not None:
        running = draft.total(lambda p: Fraction(p.operating_cost) * Fraction(p.public_share))
        draft.rule("time", "operating tail", running, upper=limit)


def indicators(region: Region) -> Mapping[str, Provider]:
    """Time counts nothing of its own; effects are counted with the effects."""
    return {}


def in_service(region: Region, value: Fraction, places: int, done: int) -> Fraction:
    """What ``value`` in each period of service adds up to at today's worth, for a project in service from ``done`` on.

    Rounded to ``places`` decimals, half a step away from zero.
    """
    settings = region.settings
    total = value * _from_then_on(settings.discount_rate, settings.periods + settings.tail_periods)[done]
    steps = floor(abs(total) * 10**places + Fraction(1, 2))
    return Fraction(steps if total > 0 else -steps, 10**places)


@lru_cache(maxsize=8)
def _from_then_on(rate: Decimal, last: int) -> Mapping[int, Fraction]:
    """Period to what 1 in each period from it to the last is worth in the first."""
    sums = {last + 1: Fraction(0)}
    for period in range(last, 0, -1):
        sums[period] = sums[period + 1] + (1 + Fraction(rate)) ** (1 - period)
    return sums


def decimals(value: Decimal) -> int:
    """Decimals that the figure was entered with, zeros at its end left out.

    >>> decimals(Decimal("2.50")), decimals(Decimal("120")), decimals(Decimal("1E+3"))
    (1, 0, 0)
    """
    _, _, exponent = value.normalize().as_tuple()
    return max(0, -int(exponent))
