"""What is settled about a 0/1 model in advance changes no front, and is told by name."""

from __future__ import annotations

import numpy as np
import pytest

from models.problem import Problem
from optimizer import solve
from optimizer.engines.labels import model as models
from optimizer.engines.labels.rows import Row, tightened
from optimizer.stop import Progress
from tests.engines.small import brute_force, minimised


@pytest.mark.parametrize("seed", range(60))
def test_tightened_rows_allow_the_same_choices(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 8))
    a = rng.integers(-12, 13, n)
    row = Row({j: int(a[j]) for j in range(n) if a[j]}, int(rng.integers(-8, 25)), "r")
    tight = tightened(row)
    X = (np.arange(2**n)[:, None] >> np.arange(n)) & 1

    def allowed(row: Row) -> list[bool]:
        return [sum(a * x[j] for j, a in row.coefficients.items()) <= row.capacity for x in X.tolist()]

    assert allowed(tight) == allowed(row)
    assert all(abs(tight.coefficients[j]) <= abs(a) for j, a in row.coefficients.items())
    assert tight.tighter == (tight.coefficients != row.coefficients)


def test_all_kinds_are_told_by_name() -> None:
    """Column by column: too dear, must be built, beaten by its rival, its rival, two equal ones, one more."""
    C = [[9, 1, 1, 2, 3, 3, 5], [9, 1, 1, 2, 4, 4, 2]]
    A = [[50, 2, 1, 1, 4, 4, 5], [0, 1, 0, 0, 0, 0, 0], [0, 0, 1, 1, 0, 0, 0], [1] * 7]
    problem = Problem.from_arrays(C, A, [12, 9, 1, 9], row_lower=[-np.inf, 1, -np.inf, -np.inf])
    done = solve(problem).reductions
    assert done is not None
    assert (done.columns, done.rows) == (7, 4)
    assert "start[P2,1]" in done.forced
    assert {"start[P1,1]", "start[P3,1]"} <= set(done.forbidden)
    assert "start[P3,1]" in done.spared
    assert "row[4]" in done.idle
    assert done.in_words().startswith("Settled in advance: ")
    assert minimised(problem, solve(problem).counts).tolist() == brute_force(problem).tolist()


def equal_projects(seed: int, kinds: int, each: int) -> Problem:
    rng = np.random.default_rng(seed)
    C, A = rng.integers(1, 60, (3, kinds)), rng.integers(5, 60, (3, kinds))
    A[1:] *= rng.random((2, kinds)) < 0.5
    C, A = np.repeat(C, each, axis=1), np.repeat(A, each, axis=1)
    return Problem.from_arrays(C, A, A.sum(axis=1) // 2)


def labels_seen(problem: Problem) -> int:
    seen: list[Progress] = []
    solve(problem, method="labels", on_progress=seen.append)
    return sum(progress.open_regions for progress in seen)


def test_equal_projects_do_not_multiply_labels(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = equal_projects(2, 5, 8)
    together = labels_seen(problem)
    done = solve(problem).reductions
    assert done is not None
    assert done.equal >= 35
    assert done.blocks == 5
    monkeypatch.setattr(models, "together", lambda blocks, rows, costs: (blocks, 0))
    assert labels_seen(problem) > 5 * together


@pytest.mark.parametrize("seed", range(8))
def test_fronts_of_equal_projects_equal_enumeration(seed: int) -> None:
    problem = equal_projects(seed, 3 + seed % 3, 3)
    front = solve(problem, method="labels")
    assert minimised(problem, front.counts).tolist() == brute_force(problem).tolist()
    assert problem.violations(front.X).max(initial=0) == 0
    assert (problem.evaluate(front.X) == front.counts).all()
