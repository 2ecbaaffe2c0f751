"""Effects: what is each effect worth, once or period by period?"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from decimal import Decimal
from fractions import Fraction

from instances.region import Region
from instances.schema import Effect
from optimizer.verify.quotients import scaled_by_location

__all__ = ["effect_entries", "places_of"]

Entry = tuple[Hashable, str, Fraction]
"""A project, or a project and its start; the indicator; what is added to it."""


def effect_entries(region: Region) -> Iterator[Entry]:
    """An effect adds its value; a yearly one adds it in each period of service, at the worth of the first period.

    A project that starts in ``s`` and is built for ``d`` periods serves in ``s+d .. T+tail_periods``; what comes in
    ``t`` is divided by ``(1 + discount_rate)^(t-1)``. The sum is rounded to the decimals of the value, halves away from
    zero. For ``jobs_low`` and ``jobs_high`` it is told by how much they differ from ``jobs``.
    """
    settings = region.settings
    last = settings.periods + settings.tail_periods
    served, worth = [Fraction(0)], Fraction(1)  # what 1 in each of the periods 1 .. t is worth
    for _ in range(last):
        served.append(served[-1] + worth)
        worth /= 1 + Fraction(settings.discount_rate)
    worth_there = scaled_by_location(region, places_of)

    def entries(effect: Effect) -> Iterator[tuple[Hashable, Fraction]]:
        value = worth_there(effect)
        if not effect.yearly:
            yield effect.project, value
            return
        project, places = region.project[effect.project], places_of(effect.value)
        for start in region.starts(project):
            in_service = served[last] - served[start + project.duration - 1]
            yield (project.id, start), _rounded(value * in_service, places)

    for effect in region.effects:
        for key, value in entries(effect):
            yield key, effect.indicator, value
        for end, other in (("low", effect.low), ("high", effect.high)):
            if other is not None:
                name = f"{effect.indicator}_{end}"
                for key, value in entries(effect.model_copy(update={"value": other})):
                    yield key, name, value
                for key, value in entries(effect):
                    yield key, name, -value


def places_of(value: Decimal) -> int:
    """Decimals of a figure; zeros at its end are none.

    >>> places_of(Decimal("2.50")), places_of(Decimal("1E+3"))
    (1, 0)
    """
    _, _, decimals = f"{value:f}".partition(".")
    return len(decimals.rstrip("0"))


def _rounded(value: Fraction, places: int) -> Fraction:
    whole, rest = divmod(abs(value) * 10**places, 1)
    whole += rest >= Fraction(1, 2)
    return Fraction(whole if value >= 0 else -whole, 10**places)
