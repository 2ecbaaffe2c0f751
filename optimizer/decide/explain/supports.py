"""Supports: half-spaces that hold all portfolios of a problem, and close many zones at once.

For weights ``λ >= 0`` and a proved bound ``b`` of ``λ · y`` no portfolio has ``y <= c`` where ``λ · c < b``. Weights
that separate a given ``c`` come from the dual of the linear relaxation (Benson 1998, "An outer approximation algorithm
for generating all efficient extreme points"); the bound is that of the whole-numbered problem and at least as strong.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import highspy
import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from models.problem import Floats, Ints, Problem
from optimizer.decide.live import NEARLY, Live
from optimizer.engines.linear import linear_model, quiet_solver

__all__ = ["Separator", "Supports"]

FINE = 1000.0
LARGEST = 2.0**50


class Separator:
    """The linear relaxation of ``problem``: which weights show that nothing is as good as a given point?"""

    def __init__(self, problem: Problem, ranges: Floats) -> None:
        p = len(problem.objectives)
        self._ranges, self._reach = ranges, np.abs(problem.costs).sum(axis=1).astype(np.float64) + 1.0
        beyond = np.vstack([-ranges[:, None], np.zeros((len(problem.rows), 1))])
        rows = sp.csr_array(sp.hstack([sp.vstack([sp.csr_array(problem.costs.astype(np.float64)), problem.A]), beyond]))
        self._solver = quiet_solver(presolve="off")
        self._solver.passModel(
            linear_model(
                rows,
                np.concatenate([np.full(p, -np.inf), problem.row_lower]),
                np.concatenate([np.full(p, np.inf), problem.row_upper]),
                np.append(problem.lower, -1e6),
                np.append(problem.upper, np.inf),
                cost=np.append(np.zeros(len(problem.columns)), 1.0),
            )
        )

    def weights(self, caps: Floats) -> Floats | None:
        """Whole weights ``(p,)`` of which the relaxation says that ``weights · y`` is too large for all ``y <= caps``;
        ``None`` if it says nothing."""
        for k, cap in enumerate(caps):
            self._solver.changeRowBounds(k, -highspy.kHighsInf, float(cap) if cap < np.inf else highspy.kHighsInf)
        self._solver.run()
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        if self._solver.getInfo().objective_function_value <= 1e-9:
            return None
        dual = np.abs(np.array(self._solver.getSolution().row_dual)[: len(caps)]) * self._ranges
        if not dual.max() > 0:
            return None
        weights: Floats = np.rint(dual / dual.max() * FINE * float(self._ranges.max()) / self._ranges)
        return weights if weights.any() and float(weights @ self._reach) < LARGEST else None


@dataclass
class Supports:
    """Half-spaces ``weights · y >= least`` that hold for the portfolios of all problems up to ``level``."""

    weights: Ints
    least: Ints
    level: Ints

    @classmethod
    def none(cls, p: int) -> Supports:
        return cls(np.zeros((0, p), dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))

    def add(self, live: Live, weights: Floats, level: int) -> None:
        """Ask for the least ``weights · y`` and keep what is proved about it."""
        answer = live.least(weights)
        if answer.none:
            least = 2**62
        elif math.isfinite(answer.bound):
            least = math.ceil(answer.bound - NEARLY - 1e-9 * abs(answer.bound))
        else:
            return
        self.weights = np.vstack([self.weights, weights.astype(np.int64)])
        self.least, self.level = np.append(self.least, least), np.append(self.level, level)

    def close(self, caps: Ints, levels: Ints) -> NDArray[np.bool_]:
        """Which rows of ``caps`` ``(k, p)`` at ``levels`` ``(k,)`` no portfolio reaches; ``(k,)``."""
        closed = np.zeros(len(caps), dtype=np.bool_)
        for weights, least, level in zip(self.weights, self.least, self.level, strict=True):
            closed |= (levels <= level) & (caps @ weights < least)
        return closed
