"""Linear: an exact weighted sum of columns, and the whole-number row that it becomes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor, gcd, lcm
from types import MappingProxyType

__all__ = ["LARGEST", "ZERO", "Exact", "Key", "Linear", "Row", "column_name", "common_quantum"]

Key = tuple[str | int, ...]
"""A column: the name of its block, then its index, for instance ``("start", "school", 2)``."""

Exact = int | Fraction | Decimal

LARGEST = 2**53
"""Whole numbers below this are exact in double arithmetic, and so are their sums as long as these stay below it."""


@dataclass(frozen=True)
class Row:
    """``lower <= Σ coefficients[key] * key <= upper`` in whole numbers; ``None`` is no bound."""

    coefficients: Mapping[Key, int]
    lower: int | None
    upper: int | None


@dataclass(frozen=True)
class Linear:
    """``constant + Σ terms[key] * key``, exact and immutable; zero coefficients are left out.

    >>> school = Linear.of(("start", "school", 1), Fraction(3, 2))
    >>> 2 * school - 1
    Linear(terms={('start', 'school', 1): Fraction(3, 1)}, constant=Fraction(-1, 1))
    """

    terms: Mapping[Key, Fraction] = field(default_factory=dict)
    constant: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        object.__setattr__(self, "terms", MappingProxyType({k: c for k, c in self.terms.items() if c}))

    def __repr__(self) -> str:
        return f"Linear(terms={dict(self.terms)!r}, constant={self.constant!r})"

    @classmethod
    def of(cls, key: Key, coefficient: Exact = 1) -> Linear:
        """One column, weighted."""
        return cls({key: Fraction(coefficient)})

    @classmethod
    def sum(cls, parts: Iterable[Linear]) -> Linear:
        """Σ parts, in time linear in their length."""
        terms: dict[Key, Fraction] = {}
        constant = Fraction(0)
        for part in parts:
            constant += part.constant
            for key, coefficient in part.terms.items():
                terms[key] = terms[key] + coefficient if key in terms else coefficient
        return cls(terms, constant)

    def __add__(self, other: Linear | Exact) -> Linear:
        if isinstance(other, Linear):
            return Linear.sum((self, other))
        return Linear(self.terms, self.constant + Fraction(other))

    __radd__ = __add__

    def __neg__(self) -> Linear:
        return self * -1

    def __sub__(self, other: Linear | Exact) -> Linear:
        return self + -other

    def __rsub__(self, other: Exact) -> Linear:
        return -self + other

    def __mul__(self, factor: Exact) -> Linear:
        factor = Fraction(factor)
        return Linear({k: c * factor for k, c in self.terms.items()}, self.constant * factor)

    __rmul__ = __mul__

    def row(self, lower: Exact | None = None, upper: Exact | None = None, *, whole: bool = True) -> Row:
        """``lower <= self <= upper`` in whole numbers without a common factor.

        ``whole`` says that every column takes whole values: then bounds are rounded inwards, which loses no solution
        because the left side is whole. With continuous columns the bounds share the scale instead.

        Raises ``OverflowError`` when a coefficient, a bound or their sum is no longer exact in double arithmetic.

        >>> Linear({("start", "a", 1): Fraction(1, 2), ("start", "b", 1): Fraction(1, 3)}).row(upper=1).upper
        6
        """
        low = None if lower is None else Fraction(lower) - self.constant
        high = None if upper is None else Fraction(upper) - self.constant
        figures = list(self.terms.values())
        if not whole:
            figures += [bound for bound in (low, high) if bound is not None]
        scale = 1 / (common_quantum(figures) or Fraction(1))
        row = Row(
            {k: int(c * scale) for k, c in self.terms.items()},
            None if low is None else ceil(low * scale),
            None if high is None else floor(high * scale),
        )
        if sum(map(abs, row.coefficients.values())) + abs(row.lower or 0) + abs(row.upper or 0) >= LARGEST:
            raise OverflowError(
                f"figures between {float(min(map(abs, figures)))} and {float(max(map(abs, figures)))} are too far apart"
            )
        return row


ZERO = Linear()


def column_name(key: Key) -> str:
    """The column as people read it.

    >>> column_name(("start", "school", 2))
    'start[school,2]'
    """
    block, *index = key
    return f"{block}[{','.join(map(str, index))}]"


def common_quantum(figures: Iterable[Fraction]) -> Fraction:
    """The largest number of which all figures are whole multiples; 0 if all are 0.

    >>> common_quantum([Fraction(3, 2), Fraction(5, 3)])
    Fraction(1, 6)
    """
    figures = list(figures)
    return Fraction(gcd(*(f.numerator for f in figures)), lcm(*(f.denominator for f in figures)))
