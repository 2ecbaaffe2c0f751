"""Random 0/1 problems with every kind of row, and their fronts by enumeration."""

from __future__ import annotations

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


def brute_force(problem: Problem) -> NDArray[np.int64]:
    """All nondominated points in minimised quanta, in lexicographic order; ``(k, p)``."""
    n = len(problem.columns)
    X = (np.arange(2**n)[:, None] >> np.arange(n)) & 1
    Y = np.unique(X[problem.violations(X) <= 1e-9] @ problem.costs.T, axis=0)
    keep = [not np.any(np.all(Y <= y, axis=1) & np.any(Y < y, axis=1)) for y in Y]
    return Y[keep].reshape(-1, len(problem.costs))


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
