"""Dives end with portfolios that keep every row, near what they were asked about; nothing comes of rows that contradict
each other."""

from __future__ import annotations

import numpy as np
import pytest

from instances.generate import generate
from models import Problem, formulate
from optimizer.engines.dives import Dives
from optimizer.engines.query import weigh
from tests.engines.small import random_problem


def dives(problem: Problem) -> Dives:
    found = Dives(problem)
    found.wait()
    return found


@pytest.mark.parametrize("seed", range(8))
def test_every_portfolio_keeps_the_rows_and_has_its_point(seed: int) -> None:
    rng = np.random.default_rng(seed)
    years = generate(projects=12 + seed, towns=2, periods=3, seed=seed)
    for problem in (random_problem(seed, n=12, p=3), formulate(years)):
        X, costs = rng.random((9, len(problem.columns))), rng.normal(size=(9, len(problem.columns)))
        found = dives(problem).near(X, costs, 60.0)
        assert found
        for x, y in found:
            assert problem.violations(x[None])[0] <= 1e-6
            assert np.array_equal(y, weigh(problem, problem.costs, x))


def test_a_portfolio_is_found_again_where_nothing_is_left_open() -> None:
    problem = random_problem(3, n=12, p=3)
    finder = dives(problem)
    for x, y in finder.near(np.random.default_rng(0).random((6, 12)), np.zeros((6, 12))):
        again = finder.near(x[None], np.zeros((1, 12)))
        assert any(np.array_equal(near, x) and np.array_equal(point, y) for near, point in again)


def test_as_many_ways_are_tried_as_there_is_time_for() -> None:
    problem = random_problem(4, n=10, p=2)
    finder, x = dives(problem), np.full((1, 10), 0.5)
    assert len(finder.near(x, np.zeros((1, 10)), 0.0)) == 1
    assert len(finder.near(x, np.zeros((1, 10)), 1e6)) == 3


def test_rows_that_contradict_each_other_give_nothing() -> None:
    problem = Problem.from_arrays([[1, 2], [2, 1]], [[1, 1], [1, 1]], [np.inf, 1], row_lower=[2, -np.inf])
    finder = dives(problem)
    assert finder.ready
    assert finder.near(np.full((1, 2), 0.5), np.zeros((1, 2))) == []
