"""Random 0/1 problems with every kind of row, and their fronts by enumeration."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from models.problem import Problem
from optimizer.certificate import Certificate
from optimizer.engines.zones import hypervolume


def random_problem(seed: int, n: int = 8, p: int = 3) -> Problem:
    """A problem with budgets, negative coefficients, a cover row, a precedence, an exclusive group and an equality."""
    rng = np.random.default_rng(seed)
    C = rng.integers(-5, 20, (p, n))
    budget = rng.integers(1, 20, n)
    land = rng.integers(-6, 15, n)
    cover = rng.integers(0, 4, n)
    before = np.zeros(n)
    before[rng.permutation(n)[:2]] = 1, -1
    group = np.zeros(n)
    group[rng.permutation(n)[:3]] = 1
    level = np.zeros(n)
    level[rng.permutation(n)[:2]] = 1
    A = np.array([budget, land, cover, before, group, level])
    lower = [-np.inf, -np.inf, min(3, cover.sum()), -np.inf, -np.inf, 1]
    upper = [int(budget.sum() * 0.55), int(np.maximum(land, 0).sum() * 0.5), np.inf, 0, 1, 1]
    return Problem.from_arrays(C, A, upper, row_lower=lower, sense="max" if seed % 2 else "min")


def any_rows(seed: int, n: int = 8, p: int = 3) -> Problem:
    """A problem with a random choice of rows of every kind, and auxiliaries that follow from other columns.

    Budgets and land with negative figures, precedences, exclusive and exactly-one groups, at-least and at-most counts,
    a row with two sides, an equality of several figures, a synergy ``z <= x`` and a coverage ``u <= Σ x``.
    """
    rng = np.random.default_rng(seed)
    C = rng.integers(-9, 30, (p, n))
    rows: list[tuple[NDArray[np.int64], float, float]] = []

    def row(columns: NDArray[np.int64], figures: object, low: float, high: float) -> None:
        a = np.zeros(n, dtype=np.int64)
        a[columns] = figures
        rows.append((a, low, high))

    some = [rng.permutation(n)[:k] for k in rng.integers(2, max(3, n // 2), 10)]
    budget, land = rng.integers(1, 30, n), rng.integers(-9, 20, n)
    kinds = [
        lambda: row(np.arange(n), budget, -np.inf, int(budget.sum() * rng.uniform(0.3, 0.7))),
        lambda: row(np.arange(n), land, -np.inf, int(np.maximum(land, 0).sum() * 0.5)),
        lambda: row(np.arange(n), land, int(np.minimum(land, 0).sum() * 0.5), np.inf),
        lambda: row(some[0][:2], [1, -1], -np.inf, 0),
        lambda: row(some[1], 1, -np.inf, 1),
        lambda: row(some[2], 1, 1, 1),
        lambda: row(some[3], 1, 1, np.inf),
        lambda: row(some[4], 1, -np.inf, len(some[4]) - 1),
        lambda: row(some[5], rng.integers(1, 9, len(some[5])), 2, 12),
        lambda: row(some[6], rng.integers(1, 4, len(some[6])), 3, 3),
        lambda: [row(np.array([some[7][0], j]), [1, -1], -np.inf, 0) for j in some[7][1:]],
        lambda: row(some[8], np.where(np.arange(len(some[8])) == 0, 1, -1), -np.inf, 0),
        lambda: row(some[9][:2], [1, 1], 1, np.inf),
    ]
    for kind in rng.permutation(len(kinds))[: rng.integers(1, 8)]:
        kinds[kind]()
    A = np.array([a for a, _, _ in rows])
    low, high = [low for _, low, _ in rows], [high for _, _, high in rows]
    return Problem.from_arrays(C, A, high, row_lower=low, sense="max" if seed % 2 else "min")


@cache
def brute_force(problem: Problem) -> NDArray[np.int64]:
    """All nondominated points in minimised quanta, in lexicographic order; ``(k, p)``."""
    n = len(problem.columns)
    X = (np.arange(2**n)[:, None] >> np.arange(n)) & 1
    Y = np.unique(X[problem.violations(X) <= 1e-9] @ problem.costs.T, axis=0)
    front = np.zeros((0, len(problem.costs)), dtype=np.int64)
    for y in Y[np.argsort(Y.sum(axis=1), kind="stable")]:  # what dominates a point has a smaller sum
        if not np.any(np.all(front <= y, axis=1)):
            front = np.vstack([front, y])
    return np.unique(front, axis=0)


def minimised(problem: Problem, counts: NDArray[np.int64]) -> NDArray[np.int64]:
    return counts * np.array([-1 if o.sense == "max" else 1 for o in problem.objectives])


def assert_true(problem: Problem, counts: NDArray[np.int64], certificate: Certificate) -> None:
    """The certificate claims no more than the complete front bears out."""
    truth, listed = brute_force(problem), minimised(problem, counts)
    if certificate.status == "COMPLETE":
        assert listed.tolist() == truth.tolist()
        assert certificate.epsilon == 0
        assert certificate.open_regions_total == 0
    if certificate.epsilon is None or not len(listed) or not len(truth):
        return
    ranges = np.maximum(listed.max(axis=0) - listed.min(axis=0), 1)
    epsilon = max(np.min(np.max((listed - y) / ranges, axis=1)) for y in truth)
    assert epsilon <= certificate.epsilon + 1e-12
    reference = listed.max(axis=0) + 1
    h, H = hypervolume(listed, reference), hypervolume(truth, reference)
    assert certificate.hypervolume_missing is not None
    assert (H - h) / H <= certificate.hypervolume_missing + 1e-12
