"""Nearest: of the portfolios of a problem, one that is least worse than a given point, exactly.

Formula: ``min over portfolios of max_k (y_k - t_k) / r_k`` (Wierzbicki 1986), with ``y`` and ``t`` in minimised quanta
and whole ranges ``r``. The solver's answer is a guess in floating point. What is said rests on whole numbers: no
portfolio has ``y_k <= ceil(t_k + ε r_k) - 1`` in all objectives, so none has a smaller ε.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

import numpy as np

from models.problem import Floats, Ints
from optimizer.decide.live import Live
from optimizer.engines.finite import activity_bounds
from optimizer.engines.query import Query

__all__ = ["Nearest", "farness", "nearest"]

TIE_BREAK = 1e-4
"""Weight of all objectives beside the worst one, in shares of the ranges, while the solver guesses."""


@dataclass(frozen=True, eq=False)
class Nearest:
    """The portfolio ``x`` ``(n,)`` at ``y`` ``(p,)``, at most ``epsilon`` of the ranges worse; no other one at the same
    ``epsilon`` dominates it. ``None`` with ``proved``: there is no portfolio."""

    x: Floats | None = None
    y: Ints | None = None
    epsilon: Fraction | None = None
    proved: bool = False


def farness(y: Ints, target: Ints, ranges: Ints) -> Fraction:
    """``max_k (y_k - t_k) / r_k``; negative if ``y`` is better in all objectives."""
    return max(Fraction(int(a) - int(t), int(r)) for a, t, r in zip(y, target, ranges, strict=True))


def nearest(live: Live, target: Ints, ranges: Ints) -> Nearest:
    """The portfolio of ``live.problem`` nearest to ``target`` ``(p,)`` by ``ranges`` ``(p,)``."""
    _, high = activity_bounds(live.problem.costs, live.problem)
    far = max(0, *(ceil(Fraction(int(h) - int(t), int(r))) for h, t, r in zip(high, target, ranges, strict=True)))
    caps = (target + far * ranges).astype(np.float64)
    spans = ranges.astype(np.float64)
    answer = live.ask(Query(TIE_BREAK / spans, caps, ranges=spans))
    while answer.x is not None and answer.y is not None:
        x, y, epsilon = answer.x, answer.y, farness(answer.y, target, ranges)
        within = [t + epsilon * int(r) for t, r in zip(target.tolist(), ranges, strict=True)]
        answer = live.efficient(np.array([ceil(cap) - 1 for cap in within]))
        if answer.x is None:
            best = live.efficient(np.array([floor(cap) for cap in within]), x)
            if best.x is None or best.y is None:
                return Nearest(x, y, epsilon)
            return Nearest(best.x, best.y, epsilon, answer.none and best.proved)
    return Nearest(proved=answer.none)
