"""Whole: a query in whole numbers, for a solver that knows no others, and what its bound then proves.

The query minimises ``w·y``, plus ``m(y) = max_j (y_j - c_j) / r_j`` where it is an achievement scalarization. In whole
numbers that is ``min A·T + a·y`` with a whole ``T >= K m(y)`` and ``a_j`` next to ``S w_j``, where ``S = A K``. Of a
lower bound ``B`` of this remains, since ``T < K m(y) + 1`` at its least,

    w·y + m(y)  >=  B / S - 1 / K + Σ_j min_(y_j) (w_j - a_j / S) y_j

with ``y_j`` between its bounds; ``1 / K`` and ``T`` go where nothing is achieved. All of this is reckoned in fractions.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from models.problem import Floats, Ints, Problem
from optimizer.engines.finite import finite_bounds
from optimizer.engines.query import Query

__all__ = ["MOST", "Whole", "refusal", "whole"]

SHARE = 64
"""Rounding costs a bound at most about two of so many parts of the gap that a query allows."""
EXACT = 1e-9
"""Weights this close to whole multiples of the least one are taken for such; how far they are is reckoned all the
same."""
MOST = 2**52
"""Largest figure that a row or an objective may add up to."""


@dataclass(frozen=True)
class Whole:
    """``weights`` are ``a`` ``(p,)``, ``reach`` is ``A``, ``steps`` is ``K`` (both 0: no achievement).

    ``T`` lies between ``least`` and 0. ``rows`` are the pairs ``(g_j, h_j)`` of ``g_j T >= h_j (y_j - c_j)``, ``None``
    where there is none; ``caps`` are ``c``, likewise. ``lost`` is what ``B / scale`` claims too much at most.
    """

    weights: tuple[int, ...]
    caps: tuple[int | None, ...]
    rows: tuple[tuple[int, int] | None, ...]
    scale: int
    lost: Fraction
    reach: int = 0
    steps: int = 0
    least: int = 0

    def bound(self, best: int) -> float:
        """The lower bound of the query's value that the bound ``best`` of its whole form proves, rounded down."""
        proved = Fraction(best, self.scale) - self.lost
        stated = float(proved)
        return stated if Fraction(stated) <= proved else math.nextafter(stated, -math.inf)

    def steps_of(self, y: Ints) -> int:
        """The least ``T`` for the point ``y`` ``(p,)``."""
        steps = [
            -((-h * (int(v) - c)) // g)
            for (g, h), v, c in ((row, v, c) for row, v, c in zip(self.rows, y, self.caps, strict=True) if row)
            if c is not None
        ]
        return max(steps, default=0)


def whole(query: Query, low: Ints, high: Ints) -> Whole:
    """``query`` in whole numbers, for objectives between ``low`` and ``high`` ``(p,)``.

    Raises ``OverflowError`` if its figures are too large for that, ``ValueError`` if it achieves nothing.
    """
    caps = tuple(math.floor(cap) if cap < np.inf else None for cap in query.caps.tolist())
    ends = [(int(a), int(b) if c is None else min(int(b), c)) for a, b, c in zip(low, high, caps, strict=True)]
    gap = Fraction(max(query.gap, query.precision))
    w = [Fraction(v) for v in query.weights.tolist()]
    span = sum((abs(b - a) for a, b in ends), 1)
    largest = sum((v * max(abs(a), abs(b)) for v, (a, b) in zip(w, ends, strict=True)), Fraction(1))
    if query.ranges is None:
        scale = _scale(query.weights, gap, span)
        scale = min(scale, int(MOST / largest))
        weights = _weights(w, scale)
        return Whole(weights, caps, (None,) * len(caps), scale, _lost(w, weights, scale, ends))
    slopes = [Fraction(r) for r in query.ranges.tolist()]
    steps = math.ceil(SHARE / gap)
    capped = [(r, c, a) for r, c, (a, _) in zip(slopes, caps, ends, strict=True) if c is not None]
    if not capped:
        raise ValueError("an achievement query needs a cap")
    least = max(math.floor(steps * (a - c) / r) for r, c, a in capped)
    reach = max(1, math.ceil(SHARE * span / (2 * gap * steps)))
    reach = max(1, min(reach, int(MOST / (largest + max(0, -least) / Fraction(steps)) / steps)))
    scale = reach * steps
    weights = _weights(w, scale)
    rows = tuple(None if c is None else (r.numerator, steps * r.denominator) for r, c in zip(slopes, caps, strict=True))
    lost = _lost(w, weights, scale, ends) + Fraction(1, steps)
    return Whole(weights, caps, rows, scale, lost, reach, steps, min(least, 0))


def refusal(problem: Problem) -> str | None:
    """Why ``problem`` has no whole form, in words; ``None`` if it has one."""
    if not problem.integer.all():
        some = [name for name, whole in zip(problem.columns, problem.integer, strict=True) if not whole]
        return f"{len(some)} of its {len(problem.columns)} columns are continuous, {some[0]} the first of them"
    lower, upper = finite_bounds(problem)
    for name, low, high in zip(problem.columns, lower, upper, strict=True):
        if not (math.isfinite(low) and math.isfinite(high)):
            return f"column {name} has no finite bounds"
    A = problem.A
    odd = np.flatnonzero(A.data != np.rint(A.data))
    if len(odd):
        row = int(np.searchsorted(A.indptr, odd[0], side="right")) - 1
        return f"row {problem.rows[row]} has the figure {A.data[odd[0]]:g}, which is not whole"
    reach = abs(A) @ np.maximum(np.abs(lower), np.abs(upper)) if A.nnz else np.zeros(0)
    large = np.flatnonzero(reach >= MOST)
    return f"row {problem.rows[int(large[0])]} has figures beyond {MOST:,}" if len(large) else None


def _scale(weights: Floats, gap: Fraction, span: int) -> int:
    """The least ``S`` that makes the weights whole; if there is none, one that loses a small part of the gap."""
    smallest = float(np.min(weights[weights > 0]))
    multiples = weights / smallest
    if np.all(np.abs(multiples - np.rint(multiples)) <= EXACT * np.maximum(multiples, 1)):
        return max(1, round(1 / smallest))
    return math.ceil(SHARE * span / (2 * gap))


def _weights(w: list[Fraction], scale: int) -> tuple[int, ...]:
    return tuple(round(v * scale) for v in w)


def _lost(w: list[Fraction], weights: tuple[int, ...], scale: int, ends: list[tuple[int, int]]) -> Fraction:
    """``-Σ_j min_(y_j) (w_j - a_j / S) y_j``."""
    if scale < 1:
        raise OverflowError("figures too large for whole numbers of 52 bits")
    short = [v - Fraction(a, scale) for v, a in zip(w, weights, strict=True)]
    return -sum((min(d * a, d * b) for d, (a, b) in zip(short, ends, strict=True)), Fraction(0))
