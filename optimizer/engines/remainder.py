"""Remainder: the continuous columns once all whole ones are decided, by a small linear program.

Where it has no solution, its Farkas multipliers ``y`` make one row of many, ``(y A) x <= y b``, in which the continuous
columns count with the least that their bounds allow: a row over the whole columns that says why (feasibility cuts;
Benders 1962). With these rows propagation sees in advance what money and roads allow.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import highspy
import numpy as np
import scipy.sparse as sp

from models.problem import Floats, Problem
from optimizer.engines.linear import linear_model, quiet_solver

__all__ = ["Cut", "Remainder"]


class Cut(NamedTuple):
    """``figures · x <= high`` over all columns ``(n,)``; those of continuous ones are 0."""

    figures: Floats
    high: float


class Remainder:
    """The continuous columns of ``problem`` and the rows that hold them, within ``lower`` and ``upper`` ``(n,)``."""

    def __init__(self, problem: Problem, lower: Floats, upper: Floats) -> None:
        self.columns = np.flatnonzero(~problem.integer)
        whole = np.flatnonzero(problem.integer)
        rows = np.unique(problem.A.tocsc()[:, self.columns].indices)
        A = problem.A[rows]
        self._whole, self._n = whole, len(problem.columns)
        self._free, self._held = sp.csr_array(A[:, self.columns]), sp.csr_array(A[:, whole])
        self._low, self._high = problem.row_lower[rows], problem.row_upper[rows]
        self._ends = lower[self.columns], upper[self.columns]
        self._solver = quiet_solver(presolve="off")
        self._solver.passModel(linear_model(self._free, self._low, self._high, *self._ends))

    def solve(self, x: Floats) -> Floats | Cut | None:
        """The continuous columns that go with the whole ones of ``x`` ``(n,)``, or why there are none.

        ``None`` if the solver gives up.
        """
        held = self._held @ x[self._whole]
        m = len(held)
        if m:
            self._solver.changeRowsBounds(m, np.arange(m, dtype=np.int32), self._low - held, self._high - held)
        self._solver.clearSolver()  # the answer must not depend on what was asked before: runs are resumed
        self._solver.run()
        status = self._solver.getModelStatus()
        if status in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kModelEmpty):
            return np.array(self._solver.getSolution().col_value)
        return self._cut(x) if status == highspy.HighsModelStatus.kInfeasible else None

    def _cut(self, x: Floats) -> Cut | None:
        _, known, ray = self._solver.getDualRay()
        if not known:
            return None
        for y in (np.array(ray), -np.array(ray)):
            y = y / max(float(np.abs(y).max(initial=0.0)), 1e-300)
            y[np.abs(y) < 1e-9] = 0.0
            sides = np.where(y > 0, self._high, self._low)[y != 0]
            if not np.all(np.isfinite(sides)):
                continue
            at = y @ self._free
            least = np.minimum(at * self._ends[0], at * self._ends[1])
            least[np.abs(at) < 1e-9] = 0.0
            high = float(y[y != 0] @ sides - least.sum())
            figures = np.zeros(self._n)
            figures[self._whole] = y @ self._held
            if math.isfinite(high) and figures @ x > high + 1e-6:
                return Cut(figures, high)
        return None
