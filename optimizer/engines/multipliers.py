"""Multipliers: what they prove of the least of a linear program, by arithmetic of our own, whatever a solver said.

Any ``prices`` of the rows ``low <= A x <= high`` prove, for ``lower <= x <= upper``,

    cost·x  >=  Σ_{price>0} price low + Σ_{price<0} price high + Σ_j min over x_j of (cost - prices A)_j x_j

(Neumaier & Shcherbina, "Safe bounds in linear and mixed-integer linear programming", Math. Program. 99, 2004), less the
rounding errors: a sum of ``k`` products is wrong by at most ``k`` units in the last place of the sum of their sizes
(Higham, "Accuracy and Stability of Numerical Algorithms", 2002, equation 3.5).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp

from models.problem import Floats, Ints

__all__ = ["HalfSpace", "Reduced", "Rows", "half_space"]

EPSILON = float(np.finfo(np.float64).eps)


class Reduced(NamedTuple):
    """What prices prove wherever the columns may be: ``cost·x >= base + Σ_j min over x_j of costs_j x_j``."""

    costs: Floats
    """The reduced costs ``(n,)``."""
    base: float

    def least(self, lower: Floats, upper: Floats) -> float:
        """The lower bound for ``lower <= x <= upper``, ``(n,)`` each and within the reach that was told."""
        ends = np.where(self.costs > 0, lower, upper)
        bound = self.base + float(np.where(self.costs != 0, self.costs * ends, 0.0).sum())
        return bound if math.isfinite(bound) else -math.inf


class HalfSpace(NamedTuple):
    """``weights · y >= v`` over columns within some bounds, with ``v`` what ``proof`` makes of these."""

    weights: Floats
    proof: Reduced


class Rows:
    """``low <= A x <= high``; ``A`` is ``(m, n)``."""

    def __init__(self, A: sp.csr_array, low: Floats, high: Floats) -> None:
        self._low, self._high = low, high
        self._transposed = sp.csr_array(A.T)
        self._absolute = abs(self._transposed)

    def reduced(
        self, cost: Floats, prices: Floats, reach: Floats, size: Floats, terms: int = 0, own: float = 0.0
    ) -> Reduced:
        """What ``prices`` ``(m,)`` prove of ``cost · x`` for ``|x| <= reach``; those of sides that are not there count
        as 0.

        Args:
            cost: ``(n,)``, reckoned from figures whose sizes add up to ``size`` ``(n,)``.
            reach: ``(n,)``
            terms: further sums of so many products that rounding errors are to be left room for,
            own: with so much size beside that of the program.
        """
        side = np.where(prices > 0, self._low, self._high)
        used = (prices != 0) & np.isfinite(prices) & np.isfinite(side)
        prices, side = np.where(used, prices, 0.0), np.where(used, side, 0.0)
        added = np.abs(prices * side).sum() + (size + self._absolute @ np.abs(prices)) @ reach + own
        error = EPSILON * (sum(self._absolute.shape) + terms + 10) * added
        return Reduced(cost - self._transposed @ prices, float(prices @ side - error))

    def least(self, cost: Floats, prices: Floats, lower: Floats, upper: Floats, size: Floats) -> float:
        """A lower bound of ``cost · x`` that ``prices`` prove for ``lower <= x <= upper``.

        >>> rows = Rows(sp.csr_array([[2.0, 3.0]]), np.array([4.0]), np.array([np.inf]))
        >>> one = np.ones(2)
        >>> round(rows.least(one, np.array([0.5]), 0 * one, one, one), 9)  # x_1 + x_2 >= 0.5 (2 x_1 + 3 x_2) - 0.5
        1.5
        """
        reach = np.maximum(np.abs(lower), np.abs(upper))
        return self.reduced(cost, prices, reach, size).least(lower, upper)


def half_space(rows: Rows, costs: Floats | Ints, weights: Floats, prices: Floats, reach: Floats) -> HalfSpace:
    """``weights · y >= v`` for ``y = costs x``, with ``costs`` ``(p, n)``, from ``prices`` of the rows and for columns
    within ``reach``; with room for the rounding errors of ``weights · u`` of any zone ``u``, too."""
    size = weights @ np.abs(costs)
    own = float(weights.sum() + size @ reach)
    return HalfSpace(weights, rows.reduced(weights @ costs, prices, reach, size, terms=2 * len(costs), own=own))
