"""What a process with CP-SAT and without HiGHS is asked to do in the tests; the queries and their true answers."""

from __future__ import annotations

import math
import os
from dataclasses import replace
from typing import Any

import numpy as np

from models.problem import Problem
from optimizer.engines.finite import activity_bounds
from optimizer.engines.query import Outcome, Query, Verdict
from tests.engines.small import random_problem

LIES = {
    "the point breaks a row": lambda word, x, bound: ("Optimal", np.ones_like(x), bound),
    "the point is not a number": lambda word, x, bound: ("Optimal", np.full_like(x, math.nan), bound),
    "optimal without a point": lambda word, x, bound: ("Optimal", None, bound),
    "infeasible with a start": lambda word, x, bound: ("Infeasible", None, math.inf),
    "a bound above its own point": lambda word, x, bound: ("Optimal", x, bound + 5),
    "optimal with a low bound": lambda word, x, bound: ("Optimal", x, bound - 5),
    "a bound that is not a number": lambda word, x, bound: ("TimeLimit", x, math.nan),
    "another status": lambda word, x, bound: ("MODEL_INVALID", None, -math.inf),
}


def queries(problem: Problem, seed: int) -> list[Query]:
    """Constraint and achievement queries about ``problem``, all of them with a feasible answer or none."""
    rng = np.random.default_rng(seed)
    low, high = activity_bounds(problem.costs, problem)
    p = len(low)
    caps = np.where(rng.random(p) < 0.7, (low + (high - low) * rng.uniform(0.3, 0.9, p)).round(), np.inf)
    caps[0] = high[0]
    ranges = rng.integers(3, 40, p).astype(np.float64)
    weights = np.where(np.arange(p) == seed % p, 1.0, 0.5 / (high - low).sum())
    return [
        Query(weights, caps),
        Query(rng.uniform(0.1, 3, p), caps, gap=0.5),
        Query(1e-4 / ranges, caps, ranges, gap=0.01),
        Query(1e-4 / ranges, caps, ranges, gap=0.3),
    ]


def true_least(problem: Problem, query: Query) -> float:
    """The least value of ``query`` by enumeration, ``inf`` if nothing is feasible."""
    n = len(problem.columns)
    X = (np.arange(2**n)[:, None] >> np.arange(n)) & 1
    Y = X[problem.violations(X) <= 1e-9] @ problem.costs.T
    Y = Y[np.all(Y <= query.caps, axis=1)]
    return float(query.values(Y).min()) if len(Y) else math.inf


def answers_are_true(seeds: range) -> None:
    """The answers hold, with and without a start and fixed columns; bounds are within what the gap allows."""
    from optimizer.engines import cpsat

    for seed in seeds:
        problem = random_problem(seed, n=8)
        nothing = cpsat.CpSat(problem).minimize(Query(np.ones(len(problem.objectives)), np.full(3, np.inf), cuts=True))
        assert (nothing.verdict, nothing.x, nothing.cuts) == (Verdict.LIMIT, None, None)
        gate = cpsat.CpSat(problem)
        for query in queries(problem, seed):
            least, outcome = true_least(problem, query), gate.minimize(query)
            assert outcome.verdict is (Verdict.INFEASIBLE if least == math.inf else Verdict.OPTIMAL), outcome
            if outcome.x is None or outcome.y is None:
                continue
            assert outcome.bound <= least + 1e-9
            assert query.value(outcome.y) <= least + max(query.gap, query.precision) + 1e-9
            assert outcome.bound >= least - max(query.gap, query.precision) - 1e-9
            hurried = gate.minimize(replace(query, seconds=1e-9))
            assert hurried.verdict in (Verdict.LIMIT, Verdict.OPTIMAL), hurried
            assert hurried.bound <= least + 1e-9
            warm = Query(query.weights, query.caps, query.ranges, outcome.x, gap=query.gap)
            assert gate.minimize(warm).verdict is Verdict.OPTIMAL
            fixed = np.full(len(problem.columns), np.nan)
            fixed[:3] = outcome.x[:3]
            held = gate.minimize(Query(query.weights, query.caps, query.ranges, None, fixed, query.gap))
            assert held.x is not None
            assert held.x[:3].tolist() == fixed[:3].tolist()
            assert gate.minimize(query).verdict is Verdict.OPTIMAL
            assert gate.minimize(replace(query, caps=np.full(len(query.caps), -1e6))).verdict is Verdict.INFEASIBLE


def lies_are_errors() -> None:
    """Whatever CP-SAT says that contradicts the evidence is no proof."""
    from optimizer.engines import cpsat

    problem = random_problem(1, n=8)

    class Liar(cpsat.CpSat):
        lie = ""

        def _answer(self, *asked: Any) -> tuple[str, Any, float]:
            word, x, bound = super()._answer(*asked)
            return LIES[self.lie](word, x, bound)

    liar = Liar(problem)
    for query in queries(problem, 1):
        start = cpsat.CpSat(problem).minimize(query).x
        for lie in LIES:
            liar.lie = lie
            told = liar.minimize(Query(query.weights, query.caps, query.ranges, start, gap=query.gap))
            assert told.verdict is Verdict.ERROR, (lie, told)


def serve_and_crash() -> None:
    """As :func:`optimizer.engines.cpsat.serve`, but every eighth query ends the process."""
    from optimizer.engines import cpsat

    class Crashing(cpsat.CpSat):
        asked = 0

        def minimize(self, query: Query) -> Outcome:
            self.asked += 1
            if self.asked == 8:
                os.abort()
            return super().minimize(query)

    cpsat.CpSat = Crashing  # type: ignore[misc]
    cpsat.serve()
