"""Exact figures as text: for files without any rounding, for people rounded to what they can read."""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction

__all__ = ["at_most", "coarse_decimals", "counted", "decimals", "exact_text", "figure", "percent"]


def exact_text(value: Fraction) -> str:
    """``value`` as a decimal number, or as a fraction where no finite decimal equals it.

    ``Fraction(text)`` is the inverse.

    >>> exact_text(Fraction(25, 2)), exact_text(Fraction(-1, 20)), exact_text(Fraction(7)), exact_text(Fraction(1, 3))
    ('12.5', '-0.05', '7', '1/3')
    """
    places = _places(value.denominator)
    if places is None:
        return f"{value.numerator}/{value.denominator}"
    digits = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    sign = "-" if value < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"


def decimals(values: Iterable[Fraction]) -> int:
    """How many decimals tell ``values`` apart in a table: none for whole numbers, else four digits of their range.

    >>> decimals([Fraction(3), Fraction(1200)]), decimals([Fraction("0.25"), Fraction("13.5")])
    (0, 2)
    """
    values = list(values)
    needed = max((_places(value.denominator) or 6 for value in values if value.denominator > 1), default=0)
    if not needed:
        return 0
    span = max(values) - min(values) or max(abs(value) for value in values)
    return min(needed, max(0, 3 - math.floor(math.log10(span))))


def coarse_decimals(values: Iterable[Fraction]) -> int:
    """Decimals for differences among ``values``: three digits of their range.

    >>> coarse_decimals([Fraction(0), Fraction(11)]), coarse_decimals([Fraction(0), Fraction(1200)])
    (1, 0)
    """
    values = list(values)
    span = max(values) - min(values)
    return min(6, max(0, 2 - math.floor(math.log10(span)))) if span else 0


def figure(value: Fraction, places: int = 0, *, signed: bool = False) -> str:
    """``value`` for people: thousands separators and ``places`` decimals.

    >>> figure(Fraction(1234567)), figure(Fraction(1, 3), 2), figure(Fraction(5), signed=True)
    ('1,234,567', '0.33', '+5')
    """
    rounded = round(value, places)
    return f"{float(rounded):{'+' if signed and rounded else ''},.{places}f}"


def at_most(bound: float) -> str:
    """An upper bound for people: three digits, rounded up so that it never promises too much.

    >>> at_most(67083.2), at_most(0.1351), at_most(0.0)
    ('67,100', '0.136', '0')
    """
    if not bound:
        return "0"
    places = 2 - math.floor(math.log10(bound))
    rounded = math.ceil(round(bound * 10.0**places, 6)) / 10.0**places
    return f"{rounded:,.{max(0, places)}f}"


def counted(number: int, noun: str) -> str:
    """``number`` of something, in the singular or the plural.

    >>> counted(1, "row"), counted(1200, "row")
    ('1 row', '1,200 rows')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def percent(share: Fraction | float) -> str:
    """A share as whole per cent; 0 % and 100 % only where they are exact.

    >>> percent(Fraction(9, 23)), percent(Fraction(1, 400)), percent(Fraction(399, 400)), percent(Fraction(1))
    ('39 %', '<1 %', '>99 %', '100 %')
    """
    if 0 < share < Fraction(1, 100):
        return "<1 %"
    if Fraction(99, 100) < share < 1:
        return ">99 %"
    return f"{float(share):.0%}".replace("%", " %")


def _places(denominator: int) -> int | None:
    """Decimals that a fraction with this denominator needs; ``None`` if it has no finite decimal."""
    places = 0
    for prime in (2, 5):
        power = 0
        while denominator % prime == 0:
            denominator //= prime
            power += 1
        places = max(places, power)
    return places if denominator == 1 else None
