"""Alternatives are all portfolios with the values of a listed one: enumeration says which."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from instances import generate
from models import formulate
from models.problem import Decision, Problem
from optimizer import SolveLimit, Status, solve
from optimizer import alternatives as found
from optimizer.front import Front
from tests.engines.small import any_rows, brute_force, minimised, random_problem


def many_ties(seed: int, n: int = 10, p: int = 3) -> Problem:
    """Few different figures, so that many portfolios have the same values, some of them equal projects."""
    rng = np.random.default_rng(seed)
    A = np.vstack([rng.integers(1, 4, n), rng.integers(0, 3, n), rng.integers(0, 2, n) * rng.integers(-1, 2, n)])
    problem = Problem.from_arrays(rng.integers(0, 3, (p, n)), A, A.sum(axis=1) // 2, sense="max")
    auxiliary = rng.integers(0, n, 2) if seed % 3 == 0 else []
    return replace(problem, decisions=tuple(d for d in problem.decisions if d.column not in auxiliary))


def truth(problem: Problem, Y: np.ndarray) -> dict[tuple[int, ...], set[tuple[int, ...]]]:
    """Every point of ``Y`` to the decisions of all feasible portfolios with its values."""
    n = len(problem.columns)
    X = (np.arange(2**n)[:, None] >> np.arange(n)) & 1
    X = X[problem.violations(X) <= 1e-9]
    costs = [tuple(y) for y in (X @ problem.costs.T).tolist()]
    deciding = [decision.column for decision in problem.decisions]
    return {
        tuple(y): {tuple(x[deciding].tolist()) for x, cost in zip(X, costs, strict=True) if cost == tuple(y)}
        for y in Y.tolist()
    }


def listed(problem: Problem, front: Front) -> dict[tuple[int, ...], list[tuple[int, ...]]]:
    Y = minimised(problem, front.counts).tolist()
    ways: dict[tuple[int, ...], list[tuple[int, ...]]] = {tuple(y): [] for y in Y}
    deciding = [decision.column for decision in problem.decisions]
    assert front.alternatives is not None
    for k, x in zip(front.alternatives.of, front.alternatives.X, strict=True):
        ways[tuple(Y[k])].append(tuple(np.rint(x[deciding]).astype(int).tolist()))
    return ways


def assert_all_ways(problem: Problem, front: Front) -> None:
    expected, ways = truth(problem, minimised(problem, front.counts)), listed(problem, front)
    assert front.alternatives is not None
    assert not front.alternatives.more.any()
    assert {y: sorted(x) for y, x in ways.items()} == {y: sorted(x) for y, x in expected.items()}
    assert problem.violations(front.alternatives.X).max(initial=0) <= 1e-9
    assert (problem.evaluate(front.alternatives.X) == front.counts[front.alternatives.of]).all()
    first = np.unique(front.alternatives.of, return_index=True)[1]
    assert (front.alternatives.X[first] == front.X).all()


@pytest.mark.parametrize("p", [2, 3, 4, 5])
@pytest.mark.parametrize("make", [many_ties, any_rows, random_problem])
def test_all_ways_are_listed(p: int, make) -> None:
    for seed in range(12):
        problem = make(100 * p + seed, n=6 + seed % 5, p=p)
        front = solve(problem, method="labels", alternatives=True)
        assert_all_ways(problem, front)


@pytest.mark.parametrize("seed", range(4))
def test_cuts_find_the_same(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(found, "refusal", lambda problem: "for the test")
    problem = many_ties(seed, n=7, p=2)
    assert_all_ways(problem, solve(problem, alternatives=True))


@pytest.mark.parametrize("solves", [8, 15, 30, 45])
def test_a_list_that_is_not_complete_has_all_ways_of_its_points(solves: int) -> None:
    problem = many_ties(4, n=11)
    front = solve(problem, method="labels", stop=SolveLimit(solves))
    Y = minimised(problem, front.counts)
    ways = found.find_alternatives(
        problem, front.X, complete=False, stop=SolveLimit(10**6), memory=10**8, began=found.Progress(0, 0, 0, 0, 0)
    )
    assert len(Y)
    assert_all_ways(problem, replace(front, alternatives=ways))


def test_points_that_are_dominated_have_their_ways_listed_too() -> None:
    problem = many_ties(7, n=9)
    X = ((np.arange(2**9)[:, None] >> np.arange(9)) & 1).astype(float)
    X = X[problem.violations(X) <= 1e-9][::9]
    _, first = np.unique(problem.evaluate(X), axis=0, return_index=True)
    front = solve(problem)
    ways = found.find_alternatives(
        problem, X[first], complete=False, stop=SolveLimit(10**6), memory=10**8, began=found.Progress(0, 0, 0, 0, 0)
    )
    some = Front(problem, problem.evaluate(X[first]), X[first], front.certificate, alternatives=ways)
    assert_all_ways(problem, some)


def test_equal_projects_are_counted_and_the_cap_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(found, "LISTED", 1000)
    problem = Problem.from_arrays(np.ones((2, 14), dtype=int), np.ones((1, 14)), [7])
    front = solve(problem, alternatives=True)
    assert front.alternatives is not None
    assert len(front) == 1
    assert front.alternatives.ways.tolist() == [1000]  # of 3,432
    assert front.alternatives.more.all()
    assert len({tuple(x) for x in front.alternatives.X.tolist()}) == 1000
    monkeypatch.setattr(found, "LISTED", 3432)
    whole = solve(problem, alternatives=True).alternatives
    assert whole is not None
    assert whole.ways.tolist() == [3432]
    assert not whole.more.any()


def test_stopped_before_all_ways_are_known() -> None:
    rng = np.random.default_rng(3)
    A = rng.integers(5, 60, (2, 14))
    problem = Problem.from_arrays(rng.integers(1, 9, (3, 14)), A, A.sum(axis=1) // 2)
    needed = solve(problem).certificate.solves
    front = solve(problem, stop=SolveLimit(needed + 2), alternatives=True)
    assert front.certificate.status is Status.COMPLETE
    assert front.alternatives is not None
    assert front.alternatives.stopped_by == "solve limit"
    assert front.alternatives.more.all()
    assert front.alternatives.X.tolist() == front.X.tolist()
    tight = solve(problem, memory=1, alternatives=True)
    assert tight.alternatives is not None
    assert tight.alternatives.stopped_by == "memory limit"


def test_towns() -> None:
    pure = ("budget", "relations", "synergy", "land", "coverage", "identity")
    problem = formulate(generate(7, 2, 1, 3, objectives=2, mechanisms=pure))
    assert len(problem.columns) < 20
    front = solve(problem, method="labels", alternatives=True)
    expected, ways = truth(problem, minimised(problem, front.counts)), listed(problem, front)
    assert {y: sorted(x) for y, x in ways.items()} == {y: sorted(x) for y, x in expected.items()}


def test_no_portfolio_no_alternatives() -> None:
    problem = Problem.from_arrays([[1, 2], [2, 1]], [[1, 1]], [np.inf], row_lower=[3])
    front = solve(problem, alternatives=True)
    assert front.alternatives is not None
    assert len(front.alternatives) == 0
    assert len(brute_force(problem)) == 0
    assert Decision("P1", 1, 0) in problem.decisions
