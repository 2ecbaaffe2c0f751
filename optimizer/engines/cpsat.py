"""The gate to CP-SAT, and the process in which it lives: OR-Tools and HiGHS clash where both are loaded.

A query is put in whole numbers (:mod:`optimizer.engines.whole`), and what CP-SAT says of it is judged as HiGHS is. Only
models in whole numbers can be asked about.
"""

from __future__ import annotations

import math
import os
import pickle
import queue
import signal
import sys
import threading
import time
from dataclasses import replace
from fractions import Fraction
from typing import Any, BinaryIO

import numpy as np
from ortools.sat.python import cp_model

from models.problem import Floats, Ints, Problem
from optimizer.engines.finite import activity_bounds, finite_bounds
from optimizer.engines.query import Outcome, Query, Verdict, judge, weigh
from optimizer.engines.whole import SHARE, Whole, refusal, whole

__all__ = ["CpSat", "serve"]

NO_LESS, NO_MORE = -(2**63), 2**63 - 1
"""What CP-SAT takes for no bound."""
OFFSET = 1
"""Added to every objective: a bound that was never filled in, as in a solve ended early, is 0 with it and without."""
SETTINGS: dict[str, Any] = {"num_workers": 1, "catch_sigint_signal": False}


class CpSat:
    """CP-SAT with the model of one problem loaded; only weights and caps change from query to query.

    Raises:
        ValueError: the problem has no whole form (:func:`optimizer.engines.whole.refusal`).
    """

    def __init__(self, problem: Problem) -> None:
        if why := refusal(problem):
            raise ValueError(f"CP-SAT knows whole numbers only: {why}")
        self._problem = problem
        self._costs = problem.costs
        self._low, self._high = activity_bounds(self._costs, problem)
        lower, upper = finite_bounds(problem)
        self._lower: Ints = np.ceil(lower).astype(np.int64)
        self._upper: Ints = np.floor(upper).astype(np.int64)
        self._fixed = False
        self._model = self._load()

    def minimize(self, query: Query) -> Outcome:
        """Answer ``query``; never raises for a solver's failure (see :class:`Verdict`)."""
        if query.cuts:  # CP-SAT tells nobody which it finds
            return Outcome(Verdict.LIMIT)
        began = time.perf_counter()
        try:
            outcome = self._attempt(query)
        except Exception as error:
            outcome = Outcome(Verdict.ERROR, why=f"{type(error).__name__}: {error}")
        return replace(outcome, seconds=time.perf_counter() - began)

    def _attempt(self, query: Query) -> Outcome:
        if np.any(query.caps < self._low):
            return judge(self._problem, self._costs, query, "Infeasible", None, math.inf)
        form = whole(query, self._low, self._high)
        self._pose(query, form)
        passed = _Passed(self._problem, self._costs, query)
        word, x, bound = self._answer(query, form, passed)
        outcome = judge(self._problem, self._costs, query, word, x, bound)
        others = tuple((x, y) for x, y in passed.points if outcome.y is None or not np.array_equal(y, outcome.y))
        return replace(outcome, others=others)

    def _load(self) -> Any:
        """Columns come first, then the objectives ``y`` and ``T``; constraint ``k`` links ``y_k`` with ``T``."""
        problem, costs, (p, n) = self._problem, self._costs, self._costs.shape
        model = cp_model.CpModel()
        proto = model.proto
        for low, high in zip([*self._lower, *self._low, 0], [*self._upper, *self._high, 0], strict=True):
            proto.variables.add().domain.extend([int(low), int(high)])
        for k in range(p):
            _add(proto, [n + p, n + k], [0, 0], -math.inf, math.inf)
        for k in range(p):
            used = np.flatnonzero(costs[k])
            _add(proto, [*used.tolist(), n + k], [*costs[k, used].tolist(), -1], 0.0, 0.0)
        A = problem.A
        for i, (low, high) in enumerate(zip(problem.row_lower.tolist(), problem.row_upper.tolist(), strict=True)):
            span = slice(A.indptr[i], A.indptr[i + 1])
            _add(proto, A.indices[span].tolist(), np.rint(A.data[span]).astype(np.int64).tolist(), low, high)
        return model

    def _pose(self, query: Query, form: Whole) -> None:
        proto, (p, n) = self._model.proto, self._costs.shape
        lower, upper = self._lower, self._upper
        if query.fixed is not None:
            free = np.isnan(query.fixed)
            value = np.where(free, 0, query.fixed).astype(np.int64)
            lower, upper = np.where(free, lower, value), np.where(free, upper, value)
        if query.fixed is not None or self._fixed:
            for j, (low, high) in enumerate(zip(lower.tolist(), upper.tolist(), strict=True)):
                _bound(proto.variables[j], low, high)
        self._fixed = query.fixed is not None
        for k, cap in enumerate(form.caps):
            low, high = int(self._low[k]), int(self._high[k])
            _bound(proto.variables[n + k], low, high if cap is None else min(cap, high))
            link = proto.constraints[k].linear
            row = form.rows[k]
            g, h = row or (0, 0)
            link.coeffs[0], link.coeffs[1] = g, -h
            link.domain[0] = NO_LESS if row is None or cap is None else -h * cap
        _bound(proto.variables[n + p], form.least, 0)
        objective = proto.objective
        objective.vars.clear()
        objective.coeffs.clear()
        objective.vars.extend(range(n, n + p + 1))
        objective.coeffs.extend([*form.weights, form.reach])
        objective.offset = OFFSET
        self._model.clear_hints()
        if query.start is not None:
            y = weigh(self._problem, self._costs, query.start)
            known = [*np.rint(query.start).astype(np.int64).tolist(), *y.tolist(), form.steps_of(y)]
            proto.solution_hint.vars.extend(range(len(known)))
            proto.solution_hint.values.extend(known)

    def _answer(self, query: Query, form: Whole, passed: _Passed) -> tuple[str, Floats | None, float]:
        """What CP-SAT says: its status in HiGHS's words, its point if it has one, its dual bound."""
        solver = cp_model.CpSolver()
        settings = solver.parameters
        for name, value in SETTINGS.items():
            setattr(settings, name, value)
        allowed = Fraction(max(query.gap, query.precision)) * form.scale * (SHARE - 4) / SHARE
        settings.absolute_gap_limit = float(math.floor(allowed))
        if query.seconds < math.inf:
            settings.max_time_in_seconds = max(query.seconds, 0.0)
        status = solver.solve(self._model, passed)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE, cp_model.INFEASIBLE, cp_model.UNKNOWN):
            return solver.status_name(status), None, -math.inf
        if status == cp_model.INFEASIBLE:
            return "Infeasible", None, math.inf
        found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
        response = solver.response_proto
        x = np.array(response.solution, dtype=np.float64)[: len(self._lower)] if found else None
        word = "Optimal" if status == cp_model.OPTIMAL else "ObjectiveTarget" if passed.enough else "TimeLimit"
        least = int(response.inner_objective_lower_bound)
        told = abs(response.best_objective_bound - least - OFFSET) < OFFSET / 2
        return word, x, form.bound(least) if told else -math.inf


class _Passed(cp_model.CpSolverSolutionCallback):  # type: ignore[misc]
    """Keeps the portfolios that CP-SAT improves on, and ends the solve at one that reaches the query's target."""

    def __init__(self, problem: Problem, costs: Ints, query: Query) -> None:
        super().__init__()
        self._problem, self._costs, self._query = problem, costs, query
        self.points: list[tuple[Floats, Ints]] = []
        self.enough = False

    def on_solution_callback(self) -> None:
        x = np.array(self.response_proto.solution, dtype=np.float64)[: len(self._problem.columns)]
        if float(self._problem.violations(x[None])[0]) > 0:
            return
        y = weigh(self._problem, self._costs, x)
        self.points.append((x, y))
        if self._query.value(y) <= self._query.target:
            self.enough = True
            self.stop_search()


def _add(proto: Any, columns: list[int], figures: list[int], low: float, high: float) -> None:
    """Add the row ``low <= figures · columns <= high``."""
    row = proto.constraints.add().linear
    row.vars.extend(columns)
    row.coeffs.extend(figures)
    least = math.ceil(low) if math.isfinite(low) else NO_LESS
    row.domain.extend([least, math.floor(high) if math.isfinite(high) else NO_MORE])


def _bound(variable: Any, low: int, high: int) -> None:
    variable.domain[0], variable.domain[1] = low, high


def serve() -> None:
    """Answer pickled queries on standard input until it ends; the first message is the problem.

    Whatever the solver itself writes goes elsewhere. When the parent is gone, so is this process, in the middle of a
    solve if need be.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers: BinaryIO = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    asked: queue.SimpleQueue[Query] = queue.SimpleQueue()
    gate = CpSat(pickle.load(sys.stdin.buffer))

    def listen() -> None:
        try:
            while True:
                asked.put(pickle.load(sys.stdin.buffer))
        finally:
            os._exit(0)

    threading.Thread(target=listen, daemon=True).start()
    while True:
        pickle.dump(gate.minimize(asked.get()), answers)
        answers.flush()
