"""Tighten: 0/1 columns that can take only one value are held there before anything is searched.

A level of growth that no budget pays for, a threshold out of reach, a pair that never comes together: no portfolio has
them, but a linear relaxation takes a half of each, and every bound suffers. What no single row shows, all rows together
often do: the largest value that the relaxation gives such a column lies below 1, so it is 0 in every portfolio
(optimality-based bound tightening: Quesada & Grossmann 1995, "A global optimization algorithm for linear fractional and
bilinear programs"; Gleixner, Berthold, Müller & Weltge 2017, "Three enhancements for optimization-based bound
tightening"). A column that a solution of a relaxation has at 1 needs no program of its own (their filtering).

Auxiliaries come first, which hang on many decisions, so that it is mostly they that can be held: of those that are
fractional where an objective is at its relaxed best, the ones that gain most in one. Then come all columns that are
fractional where several objectives are at their best, and in the end the others, the last first. Nothing rests on the
solver's word: each bound is added up anew from the multipliers of the rows (:mod:`optimizer.engines.multipliers`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from models.problem import Floats, Ints, Problem
from optimizer.engines.cuts import directions
from optimizer.engines.finite import finite_bounds
from optimizer.engines.linear import linear_model, quiet_solver
from optimizer.engines.multipliers import Rows

__all__ = ["tightened"]

EFFORT = 1e9
"""Steps of the simplex method times rows that may be spent."""
CLEAR = 1e-6
"""A bound must be past a whole value by this much, and a solution this near to one is taken for it."""
WEIGHTY = 0.002
"""Auxiliaries that gain more than this share of an objective's relaxed range come first."""
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
        self._never = np.array([self._binary, self._binary])
        """``(2, n)``: is it possible that no portfolio has 0, 1 in the column?"""
        self._rows = Rows(problem.A, problem.row_lower, problem.row_upper)
        self._solver = quiet_solver()
        self._solver.passModel(
            linear_model(problem.A, problem.row_lower, problem.row_upper, problem.lower, problem.upper)
        )

    def run(self) -> Problem:
        costs = self._problem.costs.astype(np.float64)
        best = [x for cost in costs if (x := self._least(cost, anew=True)) is not None]
        if not best:
            return self._problem
        shares = costs / np.maximum(np.ptp(np.array(best) @ costs.T, axis=0), 1.0)[:, None]
        gains = np.where(_fractional(best), -shares.min(axis=0), 0.0)
        gains[[decision.column for decision in self._problem.decisions]] = 0.0
        order = np.argsort(-gains, kind="stable")
        self._ask(order[gains[order] > WEIGHTY], 1)
        fan = [x for row in directions(len(costs)) if (x := self._least(row @ shares, anew=True)) is not None]
        fractional = _fractional([*best, *fan])
        for columns in (np.flatnonzero(fractional)[::-1], np.flatnonzero(~fractional)[::-1]):
            self._ask(columns, 1)
            self._ask(columns, 0)
        problem = self._problem
        lower = np.where(self._binary, self._lower, problem.lower)
        return replace(problem, lower=lower, upper=np.where(self._binary, self._upper, problem.upper))

    def _ask(self, columns: Ints, value: int) -> None:
        """Hold those of the ``columns`` ``(k,)`` that never have this ``value``, 0 or 1, asking in their order."""
        for j in columns:
            if self._over():
                return
            if not self._never[value, j]:
                continue
            self._never[value, j] = False
            cost = np.zeros(len(self._columns))
            cost[j] = 1.0 - 2.0 * value
            if self._least(cost) is not None and self._surely(cost) > CLEAR - value:
                self._lower[j] = self._upper[j] = 1 - value
                self._never[:, j] = False
                self._solver.changeColBounds(j, 1.0 - value, 1.0 - value)

    def _over(self) -> bool:
        return self._left <= 0 or self._ended()

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
        self._never &= [x > CLEAR, x < 1 - CLEAR]
        return x

    def _surely(self, cost: Floats) -> float:
        """A lower bound of ``cost · x`` that the solver's multipliers of the rows prove."""
        prices = np.array(self._solver.getSolution().row_dual)
        return self._rows.least(cost, prices, self._lower, self._upper, np.abs(cost))


def _fractional(X: Sequence[Floats]) -> NDArray[np.bool_]:
    """Which columns ``(n,)`` are fractional in one of the solutions ``X``, at least one?"""
    found: NDArray[np.bool_] = np.any(np.abs(np.array(X) - np.rint(X)) > CLEAR, axis=0)
    return found
