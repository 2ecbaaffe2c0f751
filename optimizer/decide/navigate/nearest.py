"""Nearest: the portfolio that comes nearest to a wish, solved live, with what was proved about it.

Three kinds of question are asked of the part of the problem that keeps all conditions:

1. the achievement scalarization itself, a mixed-integer program that yields a near point and a bound for all others;
2. among all points that are as near, the one with the least weighted sum. It cannot be dominated by any other of the
   part (Benson, "Existence of efficient solutions for vector maximization problems", JOTA 26, 1978);
3. whether anything is nearer still: the caps that a nearer point would keep are whole numbers, and that nothing keeps
   them is proved without any tolerance. Often the bound of 1 says so already.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from models.problem import Floats, Ints
from optimizer.decide.live import NEARLY, Answer, Live
from optimizer.decide.navigate.achievement import Achievement
from optimizer.engines.finite import activity_bounds
from optimizer.engines.query import Query

__all__ = ["Nearest", "find_nearest"]

NEAR = 0.15
"""Share of the time for portfolios around those that are known."""
FIRST = 0.15
"""Share of the time for the achievement scalarization, before efficiency is proved."""
ROOM = 1e-6
"""Quanta by which the caps of a scalarization are loosened, so that a known point keeps them in floating point."""


@dataclass(frozen=True, eq=False)
class Nearest:
    """A point ``y`` ``(p,)`` of a portfolio ``x`` ``(n,)`` of the part, ``None`` if none was found.

    No portfolio of the part has a distance below ``bound``; ``None``: nothing is known. ``efficient``: none dominates
    this one. If that is not proved, one that does has a weighted sum at most ``slack`` less. ``live``: it was solved
    for, not taken from what was known. ``none``: it is proved that the part holds no portfolio.
    """

    x: Floats | None = None
    y: Ints | None = None
    bound: Fraction | None = None
    efficient: bool = False
    slack: float = math.inf
    live: bool = False
    none: bool = False


def find_nearest(
    part: Live,
    wish: Achievement,
    known: tuple[Floats, Ints] | None = None,
    bound: Fraction | None = None,
    around: Floats | None = None,
) -> Nearest:
    """The portfolio of ``part`` nearest to ``wish``, as far as its clock allows.

    ``known`` is a portfolio of the part with its point; no portfolio is nearer than ``bound``. ``around`` ``(n,)``
    holds the decisions in which ``known`` and others that come near agree, else NaN: a small question, asked first.

    >>> from models.problem import Problem
    >>> knapsack = Problem.from_arrays([[3, 4, 2], [5, 1, 4]], [[2, 3, 2]], [4])
    >>> wish = Achievement((Fraction(-6), Fraction(-2)), (Fraction(5), Fraction(5)))
    >>> found = find_nearest(Live(knapsack), wish)
    >>> found.y.tolist(), found.efficient, wish.distance(found.y) == found.bound
    ([-5, -9], True, True)
    """
    return _Search(part, wish, known, bound, around).run()


class _Search:
    def __init__(
        self,
        part: Live,
        wish: Achievement,
        known: tuple[Floats, Ints] | None,
        bound: Fraction | None,
        around: Floats | None,
    ) -> None:
        self.part, self.wish, self.around = part, wish, around
        self.best = Nearest(bound=bound) if known is None else Nearest(*known, bound)
        self.seconds = part.clock.left

    def run(self) -> Nearest:
        if self.around is not None and not self._is_nearest:
            self._scalarize(NEAR * self.seconds, self.around)
        if not self._is_nearest:
            self._scalarize(FIRST * self.seconds)
        while self.best.y is not None and self.part.clock.left:
            if not self.best.efficient:
                self._dominate()
                if not self.best.efficient:
                    break
            if self._is_nearest or not self._beat():
                break
        if self._is_nearest and self.best.y is not None:
            self.best = replace(self.best, bound=self.wish.distance(self.best.y))
        return self.best

    @property
    def _is_nearest(self) -> bool:
        """Is every point that would be nearer ruled out by the bound?"""
        best = self.best
        if best.none:
            return True
        if best.y is None or best.bound is None:
            return False
        caps = self.wish.below(self.wish.distance(best.y))
        return max((int(caps[k]) - reference) / span for k, reference, span in self.wish.named) < best.bound

    def _scalarize(self, seconds: float, fixed: Floats | None = None) -> None:
        """Minimise ``s`` in units of the widest span, as seen from the best point known; in all of the part, or among
        the portfolios that agree with ``fixed``."""
        wish, y = self.wish, self.best.y
        spans, unit = wish.spans, max(span for _, _, span in wish.named)
        farthest = wish.distance(activity_bounds(self.part.problem.costs, self.part.problem)[1] if y is None else y)
        caps = np.full(len(spans), np.inf)
        for k, reference, span in wish.named:
            caps[k] = float(reference + farthest * span) + ROOM
        ranges = np.array([float(span / unit) for span in spans])
        lean = self.around is not None
        answer = self.part.ask(
            Query(np.zeros(len(spans)), caps, ranges, self.best.x, fixed, seconds=seconds, lean=lean)
        )
        if answer.none and fixed is None:
            self.best = Nearest(none=True)
            return
        self._take(answer)
        if math.isfinite(answer.bound) and fixed is None:
            least = answer.bound - 2 * ROOM - 1e-9 * abs(answer.bound)
            self._raise(farthest + Fraction(least) / unit)

    def _dominate(self) -> None:
        """Of all points as near as the best one, that with the least weighted sum."""
        best, weights = self.best, self.wish.weights
        assert best.x is not None
        assert best.y is not None
        answer = self.part.least(
            weights.astype(np.float64), self.wish.within(self.wish.distance(best.y)), best.x, lean=True
        )
        self._take(answer)
        assert self.best.y is not None
        value = int(weights @ self.best.y)
        slack = max(0.0, value - answer.bound + NEARLY + 1e-9 * abs(value))
        self.best = replace(self.best, efficient=answer.proved, slack=0.0 if answer.proved else slack)

    def _beat(self) -> bool:
        """Look for a nearer point; whether one was found. That there is none is entered as the bound."""
        assert self.best.y is not None
        distance = self.wish.distance(self.best.y)
        caps = self.wish.below(distance)
        answer = self.part.least(self.wish.weights.astype(np.float64), caps, lean=True)
        if answer.none:
            self._raise(distance)
        return self._take(answer)

    def _take(self, answer: Answer) -> bool:
        """Take the point of an answer if it comes before the best one; whether it did."""
        if answer.x is None or answer.y is None:
            return False
        best = self.best
        if best.y is not None and self.wish.merit(answer.y) >= self.wish.merit(best.y):
            return False
        self.best = replace(best, x=answer.x, y=answer.y, live=True, efficient=False, slack=math.inf)
        return True

    def _raise(self, bound: Fraction) -> None:
        if self.best.bound is None or bound > self.best.bound:
            self.best = replace(self.best, bound=bound)
