"""Pricing: what no portfolio can beat in a weighted sum of the objectives, for any multipliers of the rows.

For weights ``λ >= 0`` and multipliers ``μ`` of the rows across blocks (of the sign of the side that they price) every
feasible portfolio has

    λ·y >= Σ_blocks min_choice (λ·cost - μ·use) + Σ_{μ>0} μ·low + Σ_{μ<0} μ·high

(Lagrangian relaxation; Geoffrion 1974). It holds whatever solver the multipliers come from. Weights are rounded to
whole numbers and multipliers to multiples of 2^-20 first. The sum is taken in floating point, less a bound of all
rounding errors; as ``λ·y`` is whole, the result may be rounded up.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.problem import Floats, Ints
from optimizer.engines.labels.compiled import compiled
from optimizer.engines.relax.blocks import Blocks
from optimizer.engines.relax.halfspaces import HalfSpace
from optimizer.proof import UNIT

__all__ = ["Priced", "Pricing", "sides"]

LARGEST = 2.0**51
"""Largest weighted sum: whole numbers up to 2^53 are exact in floating point."""
FINE = float(UNIT)
"""Multipliers are multiples of 1 / ``FINE``."""


class Priced(NamedTuple):
    """A half-space, and the choice ``(nb,)`` that each block prefers, by how much over its next best ``(nb,)``, in
    shares of the weights' scale."""

    halfspace: HalfSpace
    pick: NDArray[np.int64]
    gap: Floats


class Pricing:
    """Prices ``blocks``; ``span`` ``(p,)`` bounds how far the objectives spread."""

    def __init__(self, blocks: Blocks, span: Ints) -> None:
        self._blocks, self._span = blocks, np.maximum(span.astype(np.float64), 1.0)
        figures = np.abs(blocks.figures)
        largest = np.maximum.reduceat(figures, blocks.first[:-1], axis=0).sum(axis=0)
        ends = np.where(np.isfinite(blocks.low), np.abs(blocks.low), 0.0)
        ends = np.maximum(ends, np.where(np.isfinite(blocks.high), np.abs(blocks.high), 0.0))
        self.most: Floats = largest + np.concatenate([np.zeros(blocks.p), ends])
        """Bounds the sizes of all sums of objectives and rows, and of the rows' sides; ``(p + m,)``."""
        self._terms = len(blocks) + 3 * blocks.figures.shape[1] + 10

    def __call__(self, weights: Floats, prices: Floats) -> Priced | None:
        """The half-space of real ``weights`` ``(p,)`` and ``prices`` ``(m,)`` of the rows across blocks.

        ``None`` where all weights vanish.
        """
        blocks = self._blocks
        weights = np.maximum(weights, 0.0)
        size = float(weights @ self._span)
        if not (size > 0 and math.isfinite(size) and np.all(np.isfinite(prices))):
            return None
        scale = LARGEST / size
        whole = np.rint(weights * scale)
        if not np.any(whole):
            return None
        factors = np.concatenate([whole, -np.rint(prices * (scale * FINE)) / FINE])
        value = sides(factors[blocks.p :], blocks.low, blocks.high)
        pick, gap = np.empty(len(blocks), dtype=np.int64), np.empty(len(blocks))
        value += _least(blocks.figures, blocks.first, factors, pick, gap)
        error = 2.0**-52 * self._terms * float(np.abs(factors) @ self.most)
        if not math.isfinite(value - error):
            return None
        mu = -factors[blocks.p :]
        return Priced(HalfSpace(whole.astype(np.int64), math.ceil(value - error), mu), pick, gap / scale)


@compiled
def sides(factors: Floats, low: Floats, high: Floats) -> float:
    """What the sides add for the negated multipliers ``factors`` ``(m,)``; those of sides that are not there become
    0."""
    total = 0.0
    for k in range(len(factors)):
        side = low[k] if factors[k] < 0.0 else high[k]
        if np.isinf(side) or factors[k] == 0.0:
            factors[k] = 0.0
        else:
            total -= factors[k] * side
    return total


@compiled
def _least(figures: Floats, first: Ints, factors: Floats, pick: Ints, gap: Floats) -> float:
    """Sum over blocks of the least value of their choices; what they pick and their gap to the next best."""
    total = 0.0
    d = len(factors)
    for b in range(len(first) - 1):
        least, second = np.inf, np.inf
        for o in range(first[b], first[b + 1]):
            value = 0.0
            for k in range(d):
                value += figures[o, k] * factors[k]
            if value < least:
                second = least
                least = value
                pick[b] = o - first[b]
            elif value < second:
                second = value
        gap[b] = second - least
        total += least
    return total
