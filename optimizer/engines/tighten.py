"""Tighten: 0/1 columns that can take only one value are held there before anything is searched.

A level of growth that no budget pays for, a threshold out of reach, a pair that never comes together: no portfolio has
them, but a linear relaxation takes a half of each, and every bound suffers. What no single row shows, all rows together
often do: the largest value that the relaxation gives such a column lies below 1, so it is 0 in every portfolio
(optimality-based bound tightening: Quesada & Grossmann 1995, "A global optimization algorithm for linear fractional and
bilinear programs"; Gleixner, Berthold, Müller & Weltge 2017, "Three enhancements for optimization-based bound
tightening"). A column that a solution of a relaxation has at 1 needs no program of its own (their filtering).

Columns come first that are fractional where an objective or several of them are at their relaxed best, until none of
these can be held any more; then the others. Nothing rests on the solver's word: each bound is added up anew from the
multipliers of the rows (:mod:`optimizer.engines.multipliers`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from models.problem import Floats, Problem
from optimizer.engines.cuts import directions
from optimizer.engines.finite import finite_bounds
from optimizer.engines.linear import linear_model, quiet_solver
from optimizer.engines.multipliers import Rows

__all__ = ["tightened"]

EFFORT = 1e9
"""Steps of the simplex method times rows that may be spent."""
CLEAR = 1e-6
"""A bound must be past a whole value by this much, and a solution this near to one is taken for it."""
CHOOSE, PRIMAL = 0, 4
"""HiGHS's numbers for a simplex method of its choice and for the primal one, which goes on from the last basis when
costs change."""


def tightened(problem: Problem, effort: float = EFFORT, ended: Callable[[], bool] = lambda: False) -> Problem:
    """``problem`` with columns held at the one value that they have in all its portfolios; nothing else changes.

    The same problem and effort give the same columns, unless ``ended()``, asked before each program, cuts it short.

    >>> pair = Problem.from_arrays([[3, 4]], [[2, 3], [3, 4]], [4, 3])
    >>> tightened(pair).upper.tolist()
    [1.0, 0.0]
    """
    return _Tightening(problem, effort, ended).run()


class _Tightening:
    def __init__(self, problem: Problem, effort: float, ended: Callable[[], bool]) -> None:
        self._problem, self._ended = problem, ended
        self._left = effort / max(1, len(problem.rows))
        self._lower, self._upper = finite_bounds(problem)
        self._columns = np.arange(len(problem.columns), dtype=np.int32)
        self._binary = problem.integer & (problem.lower == 0) & (problem.upper == 1)
        self._maybe_never, self._maybe_always = self._binary.copy(), self._binary.copy()
        self._rows = Rows(problem.A, problem.row_lower, problem.row_upper)
        self._solver = quiet_solver()
        self._solver.passModel(
            linear_model(problem.A, problem.row_lower, problem.row_upper, problem.lower, problem.upper)
        )

    def run(self) -> Problem:
        fractional = self._fractional()
        self._settle(fractional)
        self._settle(~fractional)
        problem = self._problem
        lower = np.where(self._binary, self._lower, problem.lower)
        return replace(problem, lower=lower, upper=np.where(self._binary, self._upper, problem.upper))

    def _fractional(self) -> NDArray[np.bool_]:
        """Columns ``(n,)`` that are fractional where the objectives, in shares of their ranges, are at their best."""
        costs = self._problem.costs.astype(np.float64)
        best = [x for cost in costs if (x := self._least(cost, anew=True)) is not None]
        if not best:
            return np.zeros(len(self._columns), dtype=np.bool_)
        ranges = np.maximum(np.ptp(np.array(best) @ costs.T, axis=0), 1.0)
        fan = [x for row in directions(len(costs)) / ranges if (x := self._least(row @ costs, anew=True)) is not None]
        X = np.array([*best, *fan])
        found: NDArray[np.bool_] = np.any(np.abs(X - np.rint(X)) > CLEAR, axis=0)
        return found

    def _settle(self, wanted: NDArray[np.bool_]) -> None:
        """Ask about the ``wanted`` columns, each whether it is ever 1 and whether it is ever 0.

        The last come first: auxiliaries hang on many decisions, so that it is mostly they that can be held.
        """
        for sign, maybe in ((-1.0, self._maybe_never), (1.0, self._maybe_always)):
            for j in np.flatnonzero(wanted & maybe)[::-1]:
                if self._over():
                    return
                if not maybe[j]:
                    continue
                maybe[j] = False
                cost = np.zeros(len(self._columns))
                cost[j] = sign
                if self._least(cost) is not None and self._surely(cost) > min(sign, 0.0) + CLEAR:
                    self._hold(int(j), 0.0 if sign < 0 else 1.0)

    def _over(self) -> bool:
        return self._left <= 0 or self._ended()

    def _hold(self, j: int, value: float) -> None:
        self._lower[j] = self._upper[j] = value
        self._maybe_never[j] = self._maybe_always[j] = False
        self._solver.changeColBounds(j, value, value)

    def _least(self, cost: Floats, *, anew: bool = False) -> Floats | None:
        """A solution of the relaxation with the least ``cost``, sought from the last one on; ``None`` if none is found.

        ``anew`` presolves it instead: quicker for costs that have little to do with the last.
        """
        solver = self._solver
        if self._over():
            return None
        if anew:
            solver.clearSolver()
        solver.setOptionValue("simplex_strategy", CHOOSE if anew else PRIMAL)
        scale = float(np.abs(cost).max()) or 1.0
        solver.changeColsCost(len(self._columns), self._columns, cost / scale)
        solver.setOptionValue("simplex_iteration_limit", int(min(self._left, 1e9)) + 1)
        solver.run()
        info = solver.getInfo()
        self._left -= max(1, info.simplex_iteration_count)
        if solver.getModelStatus().name != "kOptimal":
            return None
        x: Floats = np.array(solver.getSolution().col_value)
        self._maybe_never &= x < 1 - CLEAR
        self._maybe_always &= x > CLEAR
        return x

    def _surely(self, cost: Floats) -> float:
        """A lower bound of ``cost · x`` that the solver's multipliers of the rows prove."""
        prices = np.array(self._solver.getSolution().row_dual)
        return self._rows.least(cost, prices, self._lower, self._upper, np.abs(cost))
