"""The common scale: ranges and reference point over all portfolios that are compared, exact, and stated."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from models.problem import Objective
from optimizer.exact import exact_text

__all__ = ["BEYOND", "Point", "Scale"]

Point = tuple[Fraction, ...]
"""Values of the objectives, each in its own unit and sense."""

BEYOND = Fraction(1, 10)
"""How far the reference point lies beyond the worst values, as a share of the range."""


@dataclass(frozen=True)
class Scale:
    """``best`` and ``worst`` value of each objective over ``points``, the points of all that is compared.

    Every share that a comparison tells is a share of these ranges. Where all values are equal the range is taken as 1.
    """

    objectives: tuple[Objective, ...]
    points: tuple[Point, ...]

    @classmethod
    def over(cls, objectives: Sequence[Objective], points: Iterable[Point]) -> Scale:
        """The scale of ``points``, repeated ones once; raises ``ValueError`` if there is none."""
        found = tuple(dict.fromkeys(points))
        if not found:
            raise ValueError("there is no portfolio to compare")
        return cls(tuple(objectives), found)

    @cached_property
    def _signs(self) -> tuple[int, ...]:
        return tuple(1 if objective.sense == "max" else -1 for objective in self.objectives)

    @cached_property
    def _orders(self) -> tuple[list[Fraction], ...]:
        """The values of each objective, best first, each once."""
        return tuple(
            sorted(set(column), reverse=sign > 0)
            for sign, column in zip(self._signs, zip(*self.points, strict=True), strict=True)
        )

    @cached_property
    def _places(self) -> tuple[dict[Fraction, int], ...]:
        return tuple({value: place for place, value in enumerate(order)} for order in self._orders)

    @cached_property
    def best(self) -> Point:
        return tuple(order[0] for order in self._orders)

    @cached_property
    def worst(self) -> Point:
        return tuple(order[-1] for order in self._orders)

    @cached_property
    def ranges(self) -> Point:
        """Length of each range, in the objective's own unit."""
        return tuple(abs(a - b) or Fraction(1) for a, b in zip(self.best, self.worst, strict=True))

    @cached_property
    def reference(self) -> Point:
        """The reference point of the hypervolume: a tenth of the range beyond the worst values."""
        return tuple(
            worst - sign * BEYOND * span for sign, worst, span in zip(self._signs, self.worst, self.ranges, strict=True)
        )

    def rows(self) -> list[dict[str, str]]:
        """One row an objective: the ends of its range and the reference point, as exact text."""
        return [
            {
                "objective": o.name,
                "better": "more" if o.sense == "max" else "less",
                "unit": o.unit,
                "best": exact_text(self.best[k]),
                "worst": exact_text(self.worst[k]),
                "reference": exact_text(self.reference[k]),
            }
            for k, o in enumerate(self.objectives)
        ]

    def gain(self, k: int, new: Fraction, old: Fraction) -> Fraction:
        """By how much ``new`` is better than ``old`` in objective ``k``, in its own unit; negative if it is worse."""
        return self._signs[k] * (new - old)

    def gains(self, new: Point, old: Point) -> Point:
        """:meth:`gain` in every objective."""
        return tuple(sign * (a - b) for sign, a, b in zip(self._signs, new, old, strict=True))

    def ranks(self, points: Sequence[Point]) -> NDArray[np.int64]:
        """Places of the values among all that are compared, 0 for the best; ``(k, p)``.

        Equality and dominance ask for nothing but the order, so what is decided by ranks is decided exactly.
        """
        rows = [[places[value] for places, value in zip(self._places, point, strict=True)] for point in points]
        return np.array(rows, dtype=np.int64).reshape(len(rows), len(self.objectives))

    def at(self, ranks: Iterable[float]) -> tuple[Fraction | None, ...]:
        """The inverse of :meth:`ranks` for one point; ``None`` where a rank is infinite."""
        return tuple(
            order[int(rank)] if np.isfinite(rank) else None for order, rank in zip(self._orders, ranks, strict=True)
        )

    def shares(self, points: Sequence[Point]) -> NDArray[np.float64]:
        """Distance from the best value as a share of the range: 0 best, 1 worst; ``(k, p)``, to be minimised."""
        ranks = self.ranks(points)
        return np.column_stack([column[ranks[:, k]] for k, column in enumerate(self._shares)])

    @cached_property
    def _shares(self) -> tuple[NDArray[np.float64], ...]:
        return tuple(
            np.array([float(abs(value - best) / span) for value in order])
            for order, best, span in zip(self._orders, self.best, self.ranges, strict=True)
        )

    @cached_property
    def front(self) -> frozenset[Point]:
        """The points that no other point of all that is compared beats; exact, since ranks are compared."""
        import moocore

        kept = moocore.is_nondominated(self.ranks(self.points).astype(np.float64))
        return frozenset(point for point, keep in zip(self.points, kept, strict=True) if keep)
