"""Spread: weights spread evenly over the objectives, and the linear relaxations under them."""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np

from benchmarks.clock import Clock
from models.problem import Floats, Ints, Problem
from optimizer.engines.linear import linear_model, quiet_solver

__all__ = ["Relaxed", "relaxed", "spread"]

A_LITTLE = 1e-3
"""Weight of the other objectives where one alone counts, so that of equal optima the better one is taken."""


def spread(count: int, p: int) -> Floats:
    """Weights ``(count, p)``: each objective alone, with a little of the others, then others as evenly as any number of
    them can be.

    A Kronecker sequence over the powers of the root of ``x^p = x + 1`` (Roberts 2018) fills the cube evenly from its
    beginning on; the gaps between its sorted coordinates fill the simplex.

    >>> spread(5, 2).round(2).tolist()
    [[1.0, 0.0], [0.0, 1.0], [0.12, 0.88], [0.74, 0.26], [0.35, 0.65]]
    """
    root = 1.0
    for _ in range(64):
        root = (1 + root) ** (1 / p)
    steps = root ** -np.arange(1.0, p)
    cube = np.sort((0.5 + np.arange(1, count + 1)[:, None] * steps) % 1.0, axis=1)
    inside = np.diff(cube, axis=1, prepend=0.0, append=1.0)
    ends = np.eye(p) + A_LITTLE
    weights: Floats = np.vstack([ends / ends.sum(axis=1, keepdims=True), inside])[:count]
    return weights


@dataclass(frozen=True, eq=False)
class Relaxed:
    """Solutions ``(w, n)`` of the relaxations, and their columns ``(w, n)`` in the order of what they bring for what
    they take, best first. ``span`` ``(p,)`` are the ranges, in quanta, of the objectives alone."""

    solutions: Floats
    order: Ints
    span: Floats


def relaxed(problem: Problem, count: int, clock: Clock, share: float) -> Relaxed:
    """Relaxations under ``count`` spread weights, or as many as a ``share`` of the time permits, one for each objective
    at least."""
    solver = quiet_solver()
    solver.passModel(linear_model(problem.A, problem.row_lower, problem.row_upper, problem.lower, problem.upper))
    costs, At = problem.costs.astype(np.float64), problem.A.T.tocsr()
    p, n = costs.shape
    size = np.abs(costs).sum(axis=1)
    solutions: list[Floats] = []
    order: list[Ints] = []
    for k, weights in enumerate(spread(count, p)):
        if k >= p and clock.spent() > share * clock.seconds:
            break
        figure = (weights / size) @ costs
        solver.changeColsCost(n, np.arange(n, dtype=np.int32), figure)
        solver.run()
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise ValueError(f"a relaxation ended with {solver.getModelStatus().name.removeprefix('k')}")
        solution = solver.getSolution()
        solutions.append(np.array(solution.col_value))
        terms = At.multiply(-np.array(solution.row_dual)).tocsr()
        little = 1e-3 * float(np.abs(figure).max()) + 1e-12
        gain = np.maximum(-figure, 0.0) - np.minimum(terms.minimum(0).sum(axis=1), 0.0)
        take = np.maximum(figure, 0.0) + terms.maximum(0).sum(axis=1)
        order.append(np.argsort(-(gain + little) / (take + little), kind="stable"))
        if k == p - 1:
            size = np.maximum(np.ptp(np.array(solutions) @ costs.T, axis=0), 1.0)
    return Relaxed(np.array(solutions), np.array(order), size)
