"""Rounds: relaxations along directions of objective space, each made tighter round by round by what it breaks.

Three kinds of cuts are looked for, none of which asks a solver: covers (:mod:`optimizer.engines.covers`), cliques
(:mod:`optimizer.engines.cliques`) and mixed-integer rounding (:mod:`optimizer.engines.mir`), also of other cuts. Only
those are kept that the last relaxation of a direction felt.
"""

from __future__ import annotations

from collections.abc import Callable

import highspy
import numpy as np
import scipy.sparse as sp

from models.problem import Floats, Problem
from optimizer.engines.cliques import Cliques
from optimizer.engines.covers import Covers
from optimizer.engines.cuts import Cuts, apart, extended, joined, none
from optimizer.engines.finite import finite_bounds
from optimizer.engines.linear import Relaxed, add_rows, linear_model, quiet_solver, scale
from optimizer.engines.mir import MixedRounding
from optimizer.engines.multipliers import HalfSpace, Rows, half_space

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
        self._covers, self._cliques = Covers(problem), Cliques(problem)
        self._rounding = MixedRounding(problem, self._cliques)
        self._solver = quiet_solver()
        bounds = finite_bounds(problem)
        self._solver.passModel(linear_model(problem.A, problem.row_lower, problem.row_upper, *bounds))
        self._cuts = none(problem)
        self._reach = np.abs(bounds).max(axis=0)
        self.proved: list[HalfSpace] = []
        """What the last relaxation along each direction proves of all portfolios."""
        self.felt = np.zeros(len(problem.row_upper), dtype=np.bool_)
        """Rows ``(m,)`` that some relaxation felt."""

    def least(self, weights: Floats) -> Relaxed | None:
        """The relaxation with the least ``weights · y``, ``(p,)``; ``None`` if the solver finds none."""
        cost = weights @ self._problem.costs * self._scale(weights)
        self._solver.clearSolver()  # presolved anew, it is found sooner than from a solution along other weights
        self._solver.changeColsCost(len(cost), self._columns, cost)
        return self._solved()

    def add(self, cuts: Cuts) -> None:
        """Take further inequalities into account."""
        self._cuts = Cuts(sp.csr_array(sp.vstack([self._cuts.A, cuts.A])), np.append(self._cuts.upper, cuts.upper))
        add_rows(self._solver, cuts.A, np.full(len(cuts), -highspy.kHighsInf), cuts.upper)

    def tightened(self, weights: Floats, over: Callable[[], bool]) -> tuple[list[Relaxed], Cuts]:
        """The same relaxation and those after rounds of cuts, until it is ``over()``; the cuts that hold the last."""
        before, relaxed = self._cuts, self.least(weights)
        solved, values = list[Relaxed](), list[float]()
        middle: Floats | None = None
        while relaxed is not None:
            solved.append(relaxed)
            values.append(float(weights @ (self._problem.costs @ relaxed.x)))
            slow = len(values) > 2 and values[-1] - values[-2] < WORTH * (values[-1] - values[0])
            if slow or len(solved) > MOST or over():
                break
            middle = relaxed.x if middle is None else (middle + relaxed.x) / 2
            cuts = self.missed(relaxed.x, middle)
            if not len(cuts):
                break
            self.add(cuts)
            relaxed = self._solved()
        if not solved:
            return [], none(self._problem)
        self.proved.append(self._half_space(weights))
        cuts = Cuts(self._cuts.A[len(before) :], self._cuts.upper[len(before) :])
        kept = np.zeros(len(cuts), dtype=np.bool_)
        felt = self._prices[len(self._problem.row_upper) + len(before) :] != 0
        kept[: len(felt)] = felt
        cuts = Cuts(cuts.A[kept], cuts.upper[kept])
        first, last = len(self._problem.row_upper) + len(before), self._solver.getNumRow()
        self._solver.deleteRows(last - first, np.arange(first, last, dtype=np.int32))
        self._cuts = before
        self.add(cuts)
        return solved, cuts

    def missed(self, x: Floats, middle: Floats | None = None) -> Cuts:
        """Cuts that ``x`` breaks; covers by what the ``middle`` of the last solutions breaks: these are deeper, and
        fewer rounds do (smoothing: Wentges 1997, "Weighted Dantzig-Wolfe decomposition for linear mixed-integer
        programming", Int. Trans. Oper. Res. 4)."""
        for point in (x,) if middle is None else (middle, x):
            covers = _broken(self._covers.missed(point), x)
            if len(covers):
                break
        others = self._cliques.missed(x), self._rounding.missed(x, self._cuts)
        return apart(joined([covers, *(_broken(cuts, x) for cuts in others)]), x)

    def _half_space(self, weights: Floats) -> HalfSpace:
        problem, cuts = self._problem, self._cuts
        rows = Rows(*extended(problem.A, problem.row_lower, problem.row_upper, cuts))
        prices = np.zeros(
            len(problem.row_lower) + len(cuts)
        )  # the last rows came after the last solution, if that found none
        prices[: len(self._prices)] = self._prices / self._scale(weights)
        return half_space(rows, problem.costs, weights, prices, self._reach)

    def _scale(self, weights: Floats) -> float:
        """What the objective is multiplied by for the solver."""
        return scale(weights @ self._problem.costs)

    def _solved(self) -> Relaxed | None:
        self._solver.run()
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        solution = self._solver.getSolution()
        x, costs, prices = (np.array(part) for part in (solution.col_value, solution.col_dual, solution.row_dual))
        if not all(np.all(np.isfinite(part)) for part in (x, costs, prices)):
            return None
        self._prices = prices
        self.felt |= prices[: len(self.felt)] != 0
        return Relaxed(x, costs)


def _broken(cuts: Cuts, x: Floats) -> Cuts:
    broken = cuts.A @ x > cuts.upper + TIGHT * (1 + np.abs(cuts.upper))
    return Cuts(cuts.A[broken], cuts.upper[broken])
