"""Weighted: the portfolios that a MIP solver finds under evenly spread weights, as planners often ask for them.

HiGHS with all of its own settings but for a relative gap of 0.1 % and one thread. Weights count by the ranges of the
objectives, those of the linear relaxations of each alone.
"""

from __future__ import annotations

import numpy as np

from benchmarks.clock import Clock
from benchmarks.spread import relaxed, spread
from models.problem import Ints, Problem
from optimizer.engines.linear import linear_model, quiet_solver
from optimizer.engines.query import weigh

__all__ = ["GAP", "WEIGHTS", "weighted"]

WEIGHTS = 50
GAP = 1e-3


def weighted(problem: Problem, clock: Clock) -> tuple[Ints, int]:
    """Points ``(k, p)`` in minimised quanta, one for each of :data:`WEIGHTS` as far as the ``clock`` permits, and how
    many of these solves came to their end. Of the one that was stopped the best portfolio counts, too.

    Raises ``ValueError`` if the solver's portfolio breaks a row.
    """
    p = len(problem.objectives)
    span = relaxed(problem, p, clock, 1.0).span
    model = (problem.A, problem.row_lower, problem.row_upper, problem.lower, problem.upper)
    found: list[Ints] = []
    done = 0
    for weights in spread(WEIGHTS, p):
        solver = quiet_solver(mip_rel_gap=GAP)
        solver.HandleUserInterrupt = True
        solver.passModel(linear_model(*model, (weights / span) @ problem.costs, problem.integer))
        solver.startSolve()
        while not solver.wait(0.05)[0]:
            if clock.left() <= 0:
                solver.cancelSolve()
        if solver.getInfo().primal_solution_status == 2:  # kSolutionStatusFeasible
            x = np.rint(np.array(solver.getSolution().col_value))
            if float(problem.violations(x[None])[0]) > 0:
                raise ValueError(f"{problem.name}: the solver's portfolio breaks a row")
            found.append(weigh(problem, problem.costs, x))
        done += solver.getModelStatus().name == "kOptimal"
        if clock.left() <= 0:
            break
    return np.array(found, dtype=np.int64).reshape(-1, p), done
