"""search finds exactly the front that enumeration finds, and what it certifies on the way is true."""

from __future__ import annotations

import numpy as np
import pytest

from models.problem import Problem
from optimizer import AnyOf, Guarantee, SolveLimit, Status, TimeLimit, solve
from tests.engines.small import assert_true, brute_force, minimised, random_problem


@pytest.mark.parametrize("p", [2, 3, 4, 5, 6])
@pytest.mark.parametrize("seed", range(12))
def test_front_equals_enumeration(seed: int, p: int) -> None:
    problem = random_problem(1000 * p + seed, n=6 + seed % 4, p=p)
    front = solve(problem, method="search")
    truth = brute_force(problem)
    assert front.certificate.status is Status.COMPLETE
    assert minimised(problem, front.counts).tolist() == truth.tolist()
    assert front.certificate.infeasible == (len(truth) == 0)
    if len(front):
        assert (problem.evaluate(front.X) == front.counts).all()
        assert problem.violations(front.X).max() == 0


@pytest.mark.parametrize("seed", range(3))
def test_certificate_is_true_wherever_the_search_stops(seed: int) -> None:
    problem = random_problem(seed, n=8)
    total = solve(problem, method="search").certificate.solves
    epsilons = []
    for solves in range(total + 1):
        front = solve(problem, method="search", stop=SolveLimit(solves))
        assert front.certificate.solves <= solves
        assert (front.certificate.status is Status.COMPLETE) == (solves == total)
        assert_true(problem, front.counts, front.certificate)
        epsilons.append(front.certificate.epsilon)
    assert epsilons[0] is None
    assert epsilons[-1] == 0


def test_two_workers_find_the_same_points() -> None:
    problem = random_problem(5, n=9)
    one, two = solve(problem, method="search"), solve(problem, method="search", workers=2)
    assert one.counts.tolist() == two.counts.tolist()
    assert two.certificate.status is Status.COMPLETE


@pytest.mark.parametrize("guarantee", [0.05, 0.15, 0.3])
@pytest.mark.parametrize("seed", range(4))
def test_guarantee_is_kept(seed: int, guarantee: float) -> None:
    problem = random_problem(seed, n=10, p=2 + seed)
    front = solve(problem, method="search", stop=Guarantee(guarantee))
    assert front.certificate.epsilon is not None
    assert front.certificate.epsilon <= guarantee
    assert front.certificate.stopped_by in {"guarantee reached", "complete"}
    assert_true(problem, front.counts, front.certificate)


@pytest.mark.parametrize("seed", range(6))
def test_a_time_limit_that_is_not_reached_changes_nothing(seed: int) -> None:
    problem = random_problem(40 + seed, n=9, p=2 + seed % 3)
    front = solve(problem, method="search", stop=TimeLimit(1000))
    assert front.certificate.status is Status.COMPLETE
    assert minimised(problem, front.counts).tolist() == brute_force(problem).tolist()


def test_infeasible_is_proved_and_said() -> None:
    problem = Problem.from_arrays([[1, 2], [2, 1]], [[1, 1]], [np.inf], row_lower=[3])
    certificate = solve(problem, method="search").certificate
    assert certificate.infeasible
    assert certificate.status is Status.COMPLETE
    assert certificate.points == 0


def test_no_time_means_no_claim() -> None:
    certificate = solve(random_problem(1), method="search", stop=AnyOf(TimeLimit(0))).certificate
    assert certificate.status is Status.HEURISTIC
    assert certificate.epsilon is None
    assert certificate.stopped_by == "time limit"


def test_same_front_every_time() -> None:
    problem = random_problem(11, n=9)
    one, two = solve(problem, method="search"), solve(problem, method="search")
    assert one.X.tolist() == two.X.tolist()


def test_constant_objective_is_no_obstacle() -> None:
    problem = Problem.from_arrays([[3, 4, 2], [0, 0, 0], [5, 1, 4]], [[2, 3, 2]], [5])
    assert solve(problem, method="search").certificate.status is Status.COMPLETE


@pytest.mark.parametrize("p", [1, 8])
def test_number_of_objectives_is_checked(p: int) -> None:
    with pytest.raises(ValueError, match="2 to 7 objectives"):
        solve(random_problem(0, p=p))
