"""Exact sums over a plan, quick enough for every plan of a small region."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from fractions import Fraction
from math import lcm
from typing import Generic, TypeVar

__all__ = ["Sums"]

K = TypeVar("K", bound=Hashable)


class Sums(Generic[K]):
    """``total[k] = base[k] + Σ figure`` of all entries ``(key, k, figure)`` whose key is asked for.

    The sums are kept as whole multiples of ``1 / scale``, the common denominator of all figures, so that nothing is
    rounded and adding is adding of whole numbers. A key is a project, or a (project, start period) where it matters
    when the project starts; keys without entries count nothing.

    >>> area = Sums([("mill", "Z1", Fraction(5, 2)), ("dock", "Z1", Fraction(1))], base={"Z1": Fraction(-3)})
    >>> area.total({"mill": 1, "dock": 1})
    {'Z1': Fraction(1, 2)}
    """

    def __init__(
        self,
        entries: Iterable[tuple[Hashable, K, Fraction]],
        base: Mapping[K, Fraction] | None = None,
        also: Iterable[Fraction] = (),
    ) -> None:
        """``also``: further figures that shall be whole multiples, for :meth:`whole`."""
        entries = list(entries)
        base = base or {}
        figures = [*(figure for _, _, figure in entries), *base.values(), *also]
        self.scale = lcm(*(figure.denominator for figure in figures))
        rows: defaultdict[Hashable, list[tuple[K, int]]] = defaultdict(list)
        self._base = {name: self.whole(figure) for name, figure in base.items()}
        for key, name, figure in entries:
            self._base.setdefault(name, 0)
            if figure:
                rows[key].append((name, self.whole(figure)))
        self._rows = dict(rows)

    def __call__(self, keys: Iterable[Hashable]) -> dict[K, int]:
        """The sums in multiples of ``1 / scale``."""
        totals = self._base.copy()
        rows = self._rows
        for key in keys:
            if key in rows:
                for name, figure in rows[key]:
                    totals[name] += figure
        return totals

    def total(self, keys: Iterable[Hashable]) -> dict[K, Fraction]:
        """The sums themselves."""
        return {name: Fraction(whole, self.scale) for name, whole in self(keys).items()}

    def whole(self, figure: Fraction) -> int:
        """``figure`` in multiples of ``1 / scale``; it must be one of those given."""
        return figure.numerator * (self.scale // figure.denominator)

    def exact(self, whole: int) -> Fraction:
        """The inverse of :meth:`whole`."""
        return Fraction(whole, self.scale)
