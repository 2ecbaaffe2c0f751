"""The one gate to HiGHS: a query about a :class:`Problem` goes in, an :class:`Outcome` to be trusted comes out.

HiGHS is given the model with a column more for each project (:mod:`optimizer.engines.built`), of which nothing is seen
outside. What it says is judged by :mod:`optimizer.engines.query`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import highspy
import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from models.problem import Floats, Ints, Problem
from optimizer.engines.built import Built
from optimizer.engines.linear import LEAN, linear_model, quiet_solver, run
from optimizer.engines.query import INTERRUPT, ROW_TOLERANCE, Outcome, Query, Verdict, judge, weigh
from optimizer.engines.separation import separate

__all__ = ["Highs"]

FULL = {
    "mip_heuristic_run_feasibility_jump": True,
    "mip_heuristic_run_zi_round": False,
    "mip_heuristic_run_shifting": False,
    "mip_heuristic_run_root_reduced_cost": True,
    "mip_heuristic_run_rens": True,
    "mip_heuristic_run_rins": True,
    "mip_allow_restart": False,
    "mip_detect_symmetry": True,
    "mip_heuristic_effort": 0.05,
}
"""What HiGHS does by default, but for restarts."""
LEAN_ROWS = 50
"""Models with more rows than this keep HiGHS's heuristics, without which their zones take 5 times longer."""
STRICT = {"mip_feasibility_tolerance": 1e-9, "primal_feasibility_tolerance": 1e-9, "presolve": "off"}
"""Tried once when a point that HiGHS calls feasible breaks a row."""


class Highs:
    """HiGHS with the model of one problem loaded; only weights and caps change from query to query.

    ``interrupted`` is looked at ten times a second and ends a solve when it is true.
    """

    def __init__(self, problem: Problem, *, interrupted: Callable[[], bool] | None = None) -> None:
        self._problem = problem
        self._costs = problem.costs
        self._built = Built(problem)
        self._given = self._built.problem.costs
        self._interrupted = interrupted
        self._fixed = False
        self._passed: list[Floats] = []
        self._solver = self._load()

    def minimize(self, query: Query) -> Outcome:
        """Answer ``query``; never raises for a solver's failure (see :class:`Verdict`)."""
        began = time.perf_counter()
        outcome = self._attempt(query)
        if outcome.verdict is Verdict.ERROR and query.fixed is None:
            self._solver = self._load(STRICT)
            left = query.seconds - (time.perf_counter() - began)
            outcome = self._attempt(replace(query, seconds=max(left, 0.1)))
            self._solver = self._load()
        if outcome.why == INTERRUPT:  # HiGHS would end every later solve at once
            self._solver = self._load()
        return replace(outcome, seconds=time.perf_counter() - began)

    def _attempt(self, query: Query) -> Outcome:
        self._passed.clear()
        try:
            if query.cuts:
                cuts = separate(self._built.problem, query.weights, query.seconds, self._interrupted)
                return Outcome(Verdict.LIMIT, cuts=cuts)
            self._pose(query)
            run(self._solver, self._interrupted)
            outcome = judge(self._problem, self._costs, query, *self._answer())
            return replace(outcome, others=self._others()) if outcome.x is not None else outcome
        except Exception as error:
            return Outcome(Verdict.ERROR, why=f"{type(error).__name__}: {error}")

    def _load(self, options: Mapping[str, Any] = MappingProxyType({})) -> Any:
        problem = self._built.problem
        p = len(problem.objectives)
        reach = sp.csr_array(np.vstack([np.ones((p, 1)), np.zeros((len(problem.rows), 1))]))
        rows = sp.csr_array(sp.hstack([sp.vstack([sp.csr_array(self._given.astype(np.float64)), problem.A]), reach]))
        self._lean = self._small
        solver = quiet_solver(**{"mip_rel_gap": 0.0, **(LEAN if self._lean else FULL), **options})
        if self._interrupted is not None:
            solver.HandleUserInterrupt = True
        lp = linear_model(
            rows,
            np.concatenate([np.full(p, -highspy.kHighsInf), problem.row_lower]),
            np.concatenate([np.full(p, highspy.kHighsInf), problem.row_upper]),
            np.append(problem.lower, 0.0),
            np.append(problem.upper, 0.0),
            whole=np.append(problem.integer, False),
        )
        if solver.passModel(lp) == highspy.HighsStatus.kError:
            raise RuntimeError("HiGHS refused the model")
        solver.cbMipImprovingSolution.subscribe(
            lambda event: self._passed.append(np.array(event.data_out.mip_solution))
        )
        return solver

    def _others(self) -> tuple[tuple[Floats, Ints], ...]:
        """Solutions that the solver improved on, those that keep every row: they often lie elsewhere on the front."""
        problem = self._problem
        X = np.array([x[: len(problem.columns)] for x in self._passed[:-1]]).reshape(-1, len(problem.columns))
        X = X[np.all(np.isfinite(X), axis=1)]
        X = np.where(problem.integer, np.rint(X), X)
        return tuple((x, weigh(problem, self._costs, x)) for x in X[problem.violations(X) <= ROW_TOLERANCE])

    def _pose(self, query: Query) -> None:
        solver, problem = self._solver, self._built.problem
        n, own = len(problem.columns), len(self._problem.columns)
        solver.clearSolver()
        self._set_effort(query.lean or self._small)
        if query.fixed is not None or self._fixed:
            lower, upper = self._problem.lower, self._problem.upper
            if query.fixed is not None:
                free = np.isnan(query.fixed)
                lower, upper = np.where(free, lower, query.fixed), np.where(free, upper, query.fixed)
            solver.changeColsBounds(own, np.arange(own, dtype=np.int32), lower, upper)
        self._fixed = query.fixed is not None
        solver.changeColsCost(n, np.arange(n, dtype=np.int32), query.weights @ self._given)
        reaching = query.ranges is not None
        solver.changeColCost(n, -1.0 if reaching else 0.0)
        solver.changeColBounds(n, 0.0, highspy.kHighsInf if reaching else 0.0)
        for k, span in enumerate(query.ranges if query.ranges is not None else []):
            solver.changeCoeff(k, n, float(span))
        for k, cap in enumerate(query.caps):
            solver.changeRowBounds(k, -highspy.kHighsInf, float(cap) if cap < np.inf else highspy.kHighsInf)
        solver.setOptionValue("mip_abs_gap", max(query.gap, query.precision))
        solver.setOptionValue("objective_target", max(query.target, -highspy.kHighsInf))
        solver.setOptionValue("time_limit", min(query.seconds, 1e7))
        if query.start is not None:
            solution = highspy.HighsSolution()
            y = weigh(self._problem, self._costs, query.start)
            solution.col_value = [*self._built.widened(query.start).tolist(), float(query.weights @ y) - query.value(y)]
            solver.setSolution(solution)

    @property
    def _small(self) -> bool:
        return len(self._problem.rows) <= LEAN_ROWS

    def _set_effort(self, lean: bool) -> None:
        if lean != self._lean:
            for name, value in (LEAN if lean else FULL).items():
                self._solver.setOptionValue(name, value)
            self._lean = lean

    def _answer(self) -> tuple[str, NDArray[np.float64] | None, float]:
        """What HiGHS says: its word for the status, its point if it has one, its dual bound."""
        solver = self._solver
        info = solver.getInfo()
        has_point = info.primal_solution_status == 2  # kSolutionStatusFeasible
        x = np.array(solver.getSolution().col_value)[: len(self._problem.columns)] if has_point else None
        word = solver.getModelStatus().name.removeprefix("k")
        return word, x, float(info.mip_dual_bound)
