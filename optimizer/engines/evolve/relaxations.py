"""Relaxations: linear programs under random weights, which seed a population and rank the projects.

Where a relaxation has the multipliers ``y``, choosing column ``j`` brings ``max(-c_j, 0) + Σ_i max(y_i a_ij, 0)`` and
takes ``max(c_j, 0) + Σ_i max(-y_i a_ij, 0)``. Their quotient is the column's *efficiency*: the relaxation chooses what
has more than 1 (the pseudo-utility ratio of Chu & Beasley 1998, "A genetic algorithm for the multidimensional knapsack
problem", section 3.3, for rows of any kind).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from models.problem import Floats
from optimizer.engines.completion import Completion
from optimizer.engines.finite import activity_bounds
from optimizer.engines.linear import linear_model, quiet_solver

__all__ = ["Relaxations", "blind", "relaxations"]

WEIGHTS, FIGURES = 60, 1_000_000
"""Most relaxations solved beside those of each objective alone, and most figures of all their matrices together."""
SOME = 1e-3
"""Share of the largest figure that is added to both sides of a quotient, so that it never divides by nothing."""


@dataclass(frozen=True, eq=False)
class Relaxations:
    """Solutions ``(w, d)`` over the decisions, their efficiencies ``(w, d)``, and which decisions bring more than they
    cost by themselves, so that they are ``useful`` wherever they fit ``(w, d)``. ``ideal`` and ``span`` ``(p,)``, in
    minimised quanta, are those of the relaxations of each objective alone."""

    solutions: Floats
    efficiency: Floats
    useful: NDArray[np.bool_]
    ideal: Floats
    span: Floats


def relaxations(
    completion: Completion, rng: np.random.Generator, over: Callable[[], object] = lambda: False
) -> Relaxations | None:
    """Solve the relaxations, until time is ``over()``; ``None`` if that of a single objective has no solution."""
    problem, decisions, bounds = completion.problem, completion.free, completion.root
    solver = quiet_solver()
    solver.passModel(linear_model(problem.A, problem.row_lower, problem.row_upper, bounds.lower, bounds.upper))
    costs = problem.costs.astype(np.float64)
    p = len(costs)
    size = np.maximum(np.abs(costs).sum(axis=1), 1.0)
    ends = [_solved(solver, (weights / size) @ costs) for weights in np.eye(p) + SOME]
    points = np.array([costs @ one[0] for one in ends if one is not None]).reshape(-1, p)
    if len(points) < p:
        return None
    ideal, span = points.min(axis=0), np.maximum(np.ptp(points, axis=0), 1.0)
    count = min(WEIGHTS, 10 + FIGURES // (1 + problem.A.nnz))
    figures = [(weights / span) @ costs for weights in rng.dirichlet(np.ones(p), count)]
    solved = [*zip([(weights / size) @ costs for weights in np.eye(p) + SOME], ends, strict=True)]
    solved += [(figure, _solved(solver, figure)) for figure in figures if not over()]
    At = problem.A.T.tocsr()[decisions]
    solutions, efficiency, useful = [], [], []
    for figure, one in solved:
        if one is None:
            continue
        x, prices = one
        terms = At.multiply(prices).tocsr()
        own = figure[decisions]
        gain = np.maximum(-own, 0.0) + terms.maximum(0).sum(axis=1)
        take = np.maximum(own, 0.0) - terms.minimum(0).sum(axis=1)
        little = SOME * float(np.abs(own).max(initial=0.0)) + 1e-12
        solutions.append(np.clip(x[decisions], 0.0, 1.0))
        efficiency.append((gain + little) / (take + little))
        useful.append(gain > np.maximum(own, 0.0))
    return Relaxations(np.array(solutions), np.array(efficiency), np.array(useful), ideal, span)


def blind(completion: Completion) -> Relaxations:
    """What is used where no relaxation has a solution: every decision is as likely and as efficient as any other."""
    low, high = activity_bounds(completion.problem.costs, completion.problem)
    one = np.ones((1, len(completion.free)))
    span = np.maximum(high - low, 1).astype(np.float64)
    return Relaxations(0.5 * one, one, one > 0, low.astype(np.float64), span)


def _solved(solver: highspy.Highs, figure: Floats) -> tuple[Floats, Floats] | None:
    """Columns and multipliers of the rows; ``None`` unless the solver ends with an optimum."""
    solver.changeColsCost(len(figure), np.arange(len(figure), dtype=np.int32), figure)
    solver.run()
    if solver.getModelStatus() not in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kModelEmpty):
        return None
    solution = solver.getSolution()
    return np.array(solution.col_value), np.array(solution.row_dual)
