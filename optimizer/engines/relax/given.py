"""given: what relaxations prove about a list that somebody else has made; the list stays as it is.

The search zones of the list are relaxed as in :mod:`.engine`, always the one with the largest ε, since it alone decides
how much is proved. Where relaxing gets no further, a MIP solver's dual bound does. No portfolio is listed; but one that
lies deep inside a zone shows how small the ε of this list can become at all, and there the proof ends.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.problem import Floats, Ints, Problem
from optimizer.engines.found import Found, Keep
from optimizer.engines.query import weigh
from optimizer.engines.relax.engine import ROW_TOLERANCE, TRIES, Search
from optimizer.engines.zones import nondominated
from optimizer.stop import Progress, Stop

__all__ = ["prove"]

ZONES = 100_000
"""Zones from which on further points are left out: what holds for a part of a list holds for all of it."""
SETTLED = 1.01
"""The proof ends where ε is this near to the least that the list allows."""


def prove(
    problem: Problem,
    X: Floats,
    Y: Ints,
    *,
    stop: Stop,
    on_progress: Callable[[Progress], None] | None = None,
    keep: Keep | None = None,
) -> Found:
    """Half-spaces that bound what the feasible portfolios ``X`` ``(k, n)`` with the minimised counts ``Y`` ``(k, p)``,
    at least one, lack.

    ε counts by the ranges of the nondominated ones among all of ``Y``.
    """
    return _Given(problem, X, Y, stop, on_progress, keep).run()


class _Given(Search):
    close = 50

    def __init__(
        self,
        problem: Problem,
        X: Floats,
        Y: Ints,
        stop: Stop,
        on_progress: Callable[[Progress], None] | None,
        keep: Keep | None,
    ) -> None:
        super().__init__(problem, stop, on_progress, keep)
        listed = nondominated(Y)
        self.ranges = np.maximum(np.ptp(Y[listed], axis=0), 1).astype(np.float64)
        self.cover.measure(self.ranges)
        for k in _spread(Y, listed):
            if len(self.cover) >= ZONES:
                break
            self.cover.add(Y[k])
            self.found.X.append(X[k])
            self.found.Y.append(Y[k])
        self.least = 0.0

    @property
    def enough(self) -> float:
        return max(super().enough, SETTLED * self.least)

    def _ends(self) -> str | None:
        return self._payoff()[1]

    def _measure(self, moved: float) -> None:
        """The ranges are those of the list, and stay."""

    def _next(self) -> int | None:
        """The worst zone of all; once nothing helps there, nothing lowers ε."""
        index = self.cover.worst(np.iinfo(np.int64).max)
        if index is None or self.cover.tries(index) > TRIES or self.cover.zone(index)[1] <= self.enough:
            return None
        return index

    def _round(self, relaxed: Any, upper: Floats, bounded: NDArray[np.bool_]) -> None:
        """Where rounding is quick, see how deep it gets."""
        if self.relaxation.quick:
            super()._round(relaxed, upper, bounded)

    def _enter(self, x: Floats | None) -> None:
        """Learn from a portfolio how small ε can become."""
        if x is None or float(self.problem.violations(x[None])[0]) > ROW_TOLERANCE:
            return
        short = (np.array(self.found.Y) - weigh(self.problem, self.problem.costs, x)) / self.ranges
        self.least = max(self.least, float(short.max(axis=1).min()))


def _spread(Y: Ints, listed: Ints) -> list[int]:
    """The ``listed`` points in the order in which they are entered: the best in each objective, then by chance."""
    ends = listed[Y[listed].argmin(axis=0)]
    return list(dict.fromkeys([*ends.tolist(), *np.random.default_rng(0).permutation(listed).tolist()]))
