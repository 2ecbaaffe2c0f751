"""Columns held before a search: by enumeration no portfolio is lost, and what is held is worth it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from instances.generate import generate
from models import Problem, formulate
from models.problem import Floats
from optimizer import solve
from optimizer.engines.multipliers import Rows
from optimizer.engines.tighten import tightened

SEEDS = range(60)


def narrow_town(seed: int) -> Problem:
    """Ten projects in four rows so narrow that some can never be built and some always are."""
    rng = np.random.default_rng(seed)
    A = rng.integers(-4, 12, (4, 10))
    plan = rng.integers(0, 2, 10)
    upper, lower = A @ plan + rng.integers(0, 4, 4), A @ plan - rng.integers(0, 4, 4)
    return Problem.from_arrays(
        rng.integers(-9, 10, (3, 10)), A, upper, row_lower=np.where(rng.random(4) < 0.5, lower, -np.inf)
    )


def portfolios(problem: Problem) -> Floats:
    """All 0/1 points that keep bounds and rows."""
    X = (np.arange(2 ** len(problem.columns))[:, None] >> np.arange(len(problem.columns)) & 1).astype(np.float64)
    activity = X @ problem.A.toarray().T
    inside = np.all((X >= problem.lower) & (X <= problem.upper), axis=1)
    kept: Floats = X[inside & np.all((activity >= problem.row_lower) & (activity <= problem.row_upper), axis=1)]
    return kept


@pytest.mark.parametrize("seed", SEEDS)
def test_no_portfolio_is_lost(seed: int) -> None:
    problem = narrow_town(seed)
    narrow = tightened(problem)
    assert portfolios(narrow).tolist() == portfolios(problem).tolist()
    assert np.all(narrow.lower >= problem.lower)
    assert np.all(narrow.upper <= problem.upper)


def test_columns_are_held_on_both_sides() -> None:
    held = [tightened(narrow_town(seed)) for seed in SEEDS]
    assert sum(int((problem.upper == 0).sum()) for problem in held) > 30
    assert sum(int((problem.lower == 1).sum()) for problem in held) > 30


def test_what_the_relaxation_leaves_open_stays_open() -> None:
    """Nothing is held that a relaxation can still bring to the other value."""
    problem = Problem.from_arrays([[3, 4, 5]], [[2, 3, 4]], [4])
    narrow = tightened(problem)
    assert (narrow.lower.tolist(), narrow.upper.tolist()) == ([0, 0, 0], [1, 1, 1])


def test_auxiliaries_that_gain_much_are_asked_about_first() -> None:
    """A level that gains most, out of reach together with others, is held by the first question."""
    gains = [[1, 1, 1, 1, 1, 1, 100, 2], [6, 5, 4, 3, 2, 1, 0, 0]]
    rows = [
        [2, 2, 2, 0, 0, 0, 0, 0],
        [-1, -1, -1, 0, 0, 0, 2, 0],
        [0, 0, 0, -1, -1, -1, 0, 4],
        [0, 0, 0, 2, 2, 2, 0, 0],
    ]
    problem = Problem.from_arrays(gains, rows, [3, 0, 0, 7])
    problem = replace(problem, decisions=problem.decisions[:6])
    questions = iter(range(100))
    narrow = tightened(problem, ended=lambda: next(questions) >= 2 + 2)  # both objectives alone, then one column
    assert narrow.upper.tolist() == [1, 1, 1, 1, 1, 1, 0, 1]
    assert tightened(problem).upper.tolist()[6:] == [0, 0]
    assert portfolios(tightened(problem)).tolist() == portfolios(problem).tolist()


def test_nothing_rests_on_the_solver_word(monkeypatch: pytest.MonkeyPatch) -> None:
    """Multipliers that are wrong prove less; they never hold a column that a portfolio has at another value."""
    noise = np.random.default_rng(1)
    least = Rows.least

    def lied_to(self: Rows, cost: Floats, multipliers: Floats, lower: Floats, upper: Floats, size: Floats) -> float:
        wrong = multipliers + noise.normal(size=len(multipliers)) * 10.0 ** noise.integers(-9, 2)
        return least(self, cost, wrong, lower, upper, size)

    monkeypatch.setattr(Rows, "least", lied_to)
    for seed in SEEDS:
        problem = narrow_town(seed)
        assert portfolios(tightened(problem)).tolist() == portfolios(problem).tolist()


def test_without_effort_and_without_portfolios() -> None:
    problem = narrow_town(0)
    assert tightened(problem, effort=0.0).upper.tolist() == problem.upper.tolist()
    assert tightened(problem, ended=lambda: True).upper.tolist() == problem.upper.tolist()
    impossible = Problem.from_arrays([[1, 1]], [[1, 1]], [1], row_lower=[2])
    assert not len(portfolios(tightened(impossible)))


@pytest.mark.parametrize(("periods", "seed"), [(1, 3), (2, 4), (3, 5)])
def test_the_front_stays(periods: int, seed: int) -> None:
    """With continuous columns, every mechanism on: the tightened problem has the same complete front."""
    problem = formulate(generate(projects=18 // periods, towns=2, periods=periods, seed=seed))
    narrow = tightened(problem)
    assert np.any(narrow.upper < problem.upper)
    assert solve(narrow, method="search").values == solve(problem, method="search").values
