"""Mixed: relaxations of any mixed-integer model by one linear program that stays loaded, rounded by small MIPs.

Half-spaces follow as in :mod:`.pricing`, with every row priced and every column a block of its own: the least of
``(λ·C - μ·A)·x`` over the bounds of the columns. Continuous columns without bounds of their own get those that the rows
imply (:mod:`.limits`).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import highspy
import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from models.problem import Floats, Ints, Problem
from optimizer.engines.highs import Highs
from optimizer.engines.linear import linear_model, quiet_solver
from optimizer.engines.query import Query
from optimizer.engines.relax.halfspaces import HalfSpace
from optimizer.engines.relax.limits import limits
from optimizer.engines.relax.pricing import FINE, LARGEST

__all__ = ["Mixed"]

TIE = 1e-4
FREE = 60
"""Decisions left free in the first restricted MIP; four times as many in the second."""
SECONDS = 2.0
"""Most seconds of a restricted MIP."""


@dataclass(frozen=True, eq=False)
class Relaxed:
    """A solved relaxation: columns ``x`` ``(n,)``, their reduced costs, objectives ``y`` ``(p,)``, half-spaces."""

    x: Floats
    reduced: Floats
    y: Floats
    halfspaces: list[HalfSpace]


class Mixed:
    """Relaxations of ``problem``; ``span`` ``(p,)`` bounds how far the objectives spread, ``over()`` ends a MIP."""

    quick = False

    def __init__(self, problem: Problem, span: Ints, over: Callable[[], bool]) -> None:
        self.problem, self.costs, self._over = problem, problem.costs, over
        self.known = 0
        self.rows: Ints = np.arange(len(problem.rows))
        self.tied: list[list[int]] = []
        self._span = np.maximum(span.astype(np.float64), 1.0)
        self._C: Floats = self.costs.astype(np.float64)
        self._lower, self._upper = limits(problem)
        self._At = sp.csr_array(problem.A.T)
        reach = np.maximum(np.abs(self._lower), np.abs(self._upper))
        sides = np.where(np.isfinite(problem.row_lower), np.abs(problem.row_lower), 0.0)
        sides = np.maximum(sides, np.where(np.isfinite(problem.row_upper), np.abs(problem.row_upper), 0.0))
        with np.errstate(invalid="ignore"):
            self._most_objective: Floats = np.nansum(np.abs(self._C) * reach, axis=1)
            self._most_row: Floats = np.nan_to_num(abs(problem.A) @ np.where(np.isfinite(reach), reach, 0.0)) + sides
        self._terms = 2 * len(problem.columns) + 2 * len(problem.rows) + len(span) + 10
        self._decisions = np.array([d.column for d in problem.decisions], dtype=np.int64)
        if not len(self._decisions):
            self._decisions = np.flatnonzero(problem.integer)
        self._solver = self._load()

    def weighted(self, weights: Floats, seconds: float) -> Relaxed | None:
        """The relaxation that minimises ``weights · y``."""
        n, p = len(self.problem.columns), len(self._span)
        size = max(float(np.abs(weights @ self._C).max()), 1e-300)
        weights = weights / size
        self._solver.changeColsCost(n + 1, np.arange(n + 1, dtype=np.int32), np.append(weights @ self._C, 0.0))
        self._solver.changeColBounds(n, 0.0, 0.0)
        for k in range(p):
            self._solver.changeRowBounds(k, -highspy.kHighsInf, highspy.kHighsInf)
        return self._relaxed(weights, np.ones(p), np.zeros(p, dtype=np.bool_), seconds)

    def achieve(
        self, u: Floats, bounded: NDArray[np.bool_], ranges: Floats, tolerance: float, seconds: float
    ) -> Relaxed | None:
        """The relaxation of the zone ``u`` ``(p,)``, of which only the ``bounded`` axes shrink."""
        n, p = len(self.problem.columns), len(self._span)
        cost = TIE / ranges
        self._solver.changeColsCost(n + 1, np.arange(n + 1, dtype=np.int32), np.append(cost @ self._C, 1.0))
        self._solver.changeColBounds(n, -highspy.kHighsInf, highspy.kHighsInf)
        for k in range(p):
            self._solver.changeCoeff(k, n, -float(ranges[k]))
            self._solver.changeRowBounds(k, -highspy.kHighsInf, float(u[k]) if bounded[k] else highspy.kHighsInf)
        return self._relaxed(cost, ranges, bounded, seconds)

    def portfolios(
        self, relaxed: Relaxed, u: Floats | None, bounded: NDArray[np.bool_], ranges: Floats, seconds: float
    ) -> list[Floats]:
        """Columns of portfolios near the relaxation's, by MIPs over the decisions that are nearly indifferent.

        Without a zone ``u`` the first is the best in the ``bounded`` objectives.
        """
        if u is None:
            query = Query(np.where(bounded, 1.0, 1e-3) / ranges, np.full(len(ranges), np.inf), gap=1e-3)
        else:
            query = Query(TIE / ranges, np.where(bounded, u, np.inf), ranges, gap=1e-3)
        for free in (FREE, 4 * FREE):
            narrow = self._narrowed(relaxed, free)
            limited = replace(query, seconds=min(SECONDS, max(seconds, 0.1)))
            outcome = Highs(narrow, interrupted=self._over).minimize(limited)
            if outcome.x is not None:
                return [outcome.x, *(x for x, _ in outcome.others)]
        return []

    def _narrowed(self, relaxed: Relaxed, free: int) -> Problem:
        """The problem with all but some ``free`` decisions fixed where the relaxation has them."""
        x, own = relaxed.x[self._decisions], np.abs(relaxed.reduced[self._decisions])
        divided = np.abs(x - np.rint(x)) > 1e-6
        own = np.where(divided, -1.0, own)
        count = min(len(own), free + int(divided.sum()))
        fixed = self._decisions[np.argsort(own, kind="stable")[count:]]
        lower, upper = self.problem.lower.copy(), self.problem.upper.copy()
        lower[fixed] = upper[fixed] = np.rint(relaxed.x[fixed])
        return replace(self.problem, lower=lower, upper=upper)

    def _relaxed(self, cost: Floats, ranges: Floats, bounded: NDArray[np.bool_], seconds: float) -> Relaxed | None:
        n, p = len(self.problem.columns), len(self._span)
        try:
            answer = self._ask(seconds)
        except Exception:
            answer = None
        if answer is None or not all(np.isfinite(part).all() for part in answer):
            return None
        x, dual = answer[0][:n], answer[1]
        self.known += 1
        weights = cost + np.maximum(-dual[:p], 0.0)
        found = [self._priced(weights, dual[p:])]
        if bounded.any() and not bounded.all():
            found.append(self._priced(np.where(bounded, weights, 0.0), dual[p:]))
        reduced = weights @ self._C - self._At @ dual[p:]
        return Relaxed(x, reduced, self._C @ x, [halfspace for halfspace in found if halfspace is not None])

    def _ask(self, seconds: float) -> tuple[Floats, Floats] | None:
        """Values of the columns and duals of the rows; ``None`` where the solver fails."""
        solver = self._solver
        solver.setOptionValue("time_limit", float(solver.getRunTime() + max(min(seconds, 1e7), 0.1)))
        solver.run()
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            solver.clearSolver()
            return None
        solution = solver.getSolution()
        return np.array(solution.col_value), np.array(solution.row_dual)

    def _priced(self, weights: Floats, prices: Floats) -> HalfSpace | None:
        """The half-space of real ``weights`` and ``prices``; ``None`` where they prove nothing."""
        problem = self.problem
        size = float(weights @ self._span)
        if not (size > 0 and math.isfinite(size)):
            return None
        scale = LARGEST / size
        whole = np.rint(weights * scale)
        mu = np.rint(prices * (scale * FINE)) / FINE
        mu = np.where((mu > 0) & np.isinf(problem.row_lower) | (mu < 0) & np.isinf(problem.row_upper), 0.0, mu)
        reduced = whole @ self._C - self._At @ mu
        slack = 2.0**-52 * self._terms * (whole @ np.abs(self._C) + abs(self._At) @ np.abs(mu))
        with np.errstate(invalid="ignore"):
            least = np.minimum(
                np.where(reduced - slack < 0, (reduced - slack) * self._upper, (reduced - slack) * self._lower),
                np.where(reduced + slack < 0, (reduced + slack) * self._upper, (reduced + slack) * self._lower),
            )
            least = np.where((self._lower == 0) & (reduced - slack >= 0), 0.0, least)
        sides = np.where(mu > 0, np.where(mu > 0, problem.row_lower, 0.0), np.where(mu < 0, problem.row_upper, 0.0))
        sides = np.where(mu == 0, 0.0, sides)
        value = float(least.sum() + mu @ sides)
        error = 2.0**-52 * self._terms * float(whole @ self._most_objective + np.abs(mu) @ self._most_row)
        if not math.isfinite(value - error) or not np.any(whole):
            return None
        return HalfSpace(whole.astype(np.int64), math.ceil(value - error), mu)

    def _load(self) -> highspy.Highs:
        problem, p = self.problem, len(self._span)
        reach = sp.csr_array(np.vstack([np.full((p, 1), -1.0), np.zeros((len(problem.rows), 1))]))
        rows = sp.csr_array(sp.hstack([sp.vstack([sp.csr_array(self._C), problem.A]), reach]))
        solver = quiet_solver()
        lp = linear_model(
            rows,
            np.concatenate([np.full(p, -highspy.kHighsInf), problem.row_lower]),
            np.concatenate([np.full(p, highspy.kHighsInf), problem.row_upper]),
            np.append(self._lower, 0.0),
            np.append(self._upper, 0.0),
        )
        solver.passModel(lp)
        return solver
