"""Rounds: relaxations along directions of objective space, each made tighter round by round by what it breaks."""

from __future__ import annotations

import time
from collections.abc import Callable

import highspy
import numpy as np

from models.problem import Floats, Problem
from optimizer.engines.covers import Covers
from optimizer.engines.cuts import Cuts, joined, none
from optimizer.engines.finite import finite_bounds
from optimizer.engines.linear import Relaxed, linear_model, quiet_solver

__all__ = ["Rounds"]

MOST = 6
"""Rounds of cuts for one direction, at most."""
WORTH = 1e-2
"""A round that raises the least value by less than this share of what all have is the last one."""
TIGHT = 1e-6
"""A cut is kept if it is this near to being an equation in the end."""


class Rounds:
    """Relaxations of ``problem`` with all cuts found so far."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._columns = np.arange(len(problem.columns), dtype=np.int32)
        self._covers = Covers(problem)
        self._solver = quiet_solver()
        bounds = finite_bounds(problem)
        self._solver.passModel(linear_model(problem.A, problem.row_lower, problem.row_upper, *bounds))
        self.seconds = 0.0
        """What the relaxation that took longest took."""

    def least(self, weights: Floats) -> Relaxed | None:
        """The relaxation with the least ``weights · y``, ``(p,)``; ``None`` if the solver finds none."""
        cost = weights @ self._problem.costs
        self._solver.clearSolver()  # presolved anew, it is found sooner than from a solution along other weights
        self._solver.changeColsCost(len(cost), self._columns, cost * 1000 / max(1e-12, float(np.abs(cost).max())))
        return self._solved()

    def add(self, cuts: Cuts) -> None:
        """Take further inequalities into account."""
        A = cuts.A
        self._solver.addRows(
            len(cuts),
            np.full(len(cuts), -highspy.kHighsInf),
            cuts.upper,
            A.nnz,
            A.indptr[:-1].astype(np.int32),
            A.indices.astype(np.int32),
            A.data,
        )

    def tightened(self, weights: Floats, over: Callable[[], bool]) -> tuple[list[Relaxed], Cuts]:
        """The same relaxation and those after rounds of cuts, until it is ``over()``; the cuts that hold the last."""
        first, relaxed = self._solver.getNumRow(), self.least(weights)
        solved, found, values = list[Relaxed](), list[Cuts](), list[float]()
        middle: Floats | None = None
        while relaxed is not None:
            solved.append(relaxed)
            values.append(float(weights @ (self._problem.costs @ relaxed.x)))
            slow = len(values) > 2 and values[-1] - values[-2] < WORTH * (values[-1] - values[0])
            if slow or len(solved) > MOST or over():
                break
            middle = relaxed.x if middle is None else (middle + relaxed.x) / 2
            cuts = self._missed(relaxed.x, middle)
            if not len(cuts):
                break
            self.add(cuts)
            found.append(cuts)
            relaxed = self._solved()
        cuts = joined([none(self._problem), *found])
        kept = np.zeros(len(cuts), dtype=np.bool_)
        if solved:
            kept = cuts.upper - cuts.A @ solved[-1].x < TIGHT * (1 + np.abs(cuts.upper))
        last = self._solver.getNumRow()
        self._solver.deleteRows(last - first, np.arange(first, last, dtype=np.int32))
        cuts = Cuts(cuts.A[kept], cuts.upper[kept])
        self.add(cuts)
        return solved, cuts

    def _missed(self, x: Floats, middle: Floats) -> Cuts:
        """Cuts that ``x`` breaks, by what the ``middle`` of the last solutions breaks: these are deeper, and fewer
        rounds do (smoothing: Wentges 1997, "Weighted Dantzig-Wolfe decomposition for linear mixed-integer
        programming", Int. Trans. Oper. Res. 4)."""
        for point in (middle, x):
            cuts = self._covers.missed(point)
            broken = cuts.A @ x > cuts.upper + TIGHT * (1 + np.abs(cuts.upper))
            if broken.any():
                break
        return Cuts(cuts.A[broken], cuts.upper[broken])

    def _solved(self) -> Relaxed | None:
        began = time.perf_counter()
        self._solver.run()
        self.seconds = max(self.seconds, time.perf_counter() - began)
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        solution = self._solver.getSolution()
        x, costs = np.array(solution.col_value), np.array(solution.col_dual)
        return Relaxed(x, costs) if np.all(np.isfinite(x)) and np.all(np.isfinite(costs)) else None
