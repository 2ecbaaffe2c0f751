"""How the auditor writes figures and lists of names."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from optimizer.exact import exact_text

__all__ = ["figure", "listed", "listed_periods"]


def figure(value: Fraction) -> str:
    """``value`` with all its places and thousands set off: a rule that is broken by little must be seen to be broken.

    >>> figure(Fraction(13205, 10)), figure(Fraction(4000, 3))
    ('1,320.5', '4,000/3')
    """
    if value.denominator == 1:
        return f"{value.numerator:,}"
    text = exact_text(value)
    head = text.lstrip("-").split(".")[0].split("/")[0]
    return text.replace(head, f"{int(head):,}", 1)


def listed(names: Iterable[str]) -> str:
    """Names as a list in a sentence.

    >>> listed(["road"]), listed(["road", "park", "clinic"])
    ('road', 'road, park and clinic')
    """
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def listed_periods(periods: Iterable[int]) -> str:
    """Periods in a sentence.

    >>> listed_periods([2]), listed_periods([3, 1, 2]), listed_periods([1, 3])
    ('period 2', 'periods 1 to 3', 'periods 1 and 3')
    """
    first, *more = sorted(periods)
    if not more:
        return f"period {first}"
    if more[-1] - first == len(more):
        return f"periods {first} to {more[-1]}"
    return f"periods {listed(map(str, [first, *more]))}"
