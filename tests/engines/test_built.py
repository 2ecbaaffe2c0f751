"""Columns that say whether a project is built: the same portfolios, relaxations and points, in fewer figures."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
import scipy.sparse as sp

from instances.generate import generate
from models import Problem, formulate
from models.problem import Decision, Floats, Objective
from optimizer.engines.built import Built
from optimizer.engines.highs import Highs
from optimizer.engines.query import Query, Verdict

SIZES = (3, 1, 2, 4)
PROJECTS = tuple(f"P{i}" for i, size in enumerate(SIZES) for _ in range(size))


def phased(seed: int) -> Problem:
    """Four projects with one to four starts, of which rows choose at most one; other rows count starts mostly alike."""
    rng = np.random.default_rng(seed)
    project = np.repeat(np.arange(4), SIZES)
    once = (project[None] == np.arange(4)[:, None]).astype(np.int64)
    alike = rng.integers(-3, 9, (6, 4))[:, project]
    rows = np.where(rng.random(alike.shape) < 0.3, rng.integers(-2, 9, alike.shape), alike)
    problem = Problem.from_arrays(rows[:3], np.vstack([once, rows[3:]]), [1, 1, 1, 1, 9, 11, 8])
    return started(problem, PROJECTS)


def started(problem: Problem, projects: tuple[str, ...]) -> Problem:
    """``problem`` with column ``j`` as a start of ``projects[j]``."""
    return replace(problem, decisions=tuple(Decision(project, j + 1, j) for j, project in enumerate(projects)))


def points(n: int) -> Floats:
    return np.array(list(product((0.0, 1.0), repeat=n)))


@pytest.mark.parametrize("seed", range(20))
def test_portfolios_and_their_values_stay_the_same(seed: int) -> None:
    problem = phased(seed)
    built = Built(problem)
    X = points(len(problem.columns))
    W = np.array([built.widened(x) for x in X])
    assert np.array_equal(built.problem.evaluate(W), problem.evaluate(X))
    assert np.array_equal(built.problem.violations(W) == 0, problem.violations(X) == 0)
    assert [len(columns) for columns in np.split(built.sums.indices, built.sums.indptr[1:-1])] == [3, 2, 4]


@pytest.mark.parametrize("seed", range(20))
def test_no_other_value_of_the_columns_keeps_the_rows(seed: int) -> None:
    problem = phased(seed)
    built = Built(problem)
    rng = np.random.default_rng(seed)
    for x in points(len(problem.columns))[rng.integers(0, 2**10, 30)]:
        for more in points(3):
            if not np.array_equal(more, built.sums @ x):
                assert built.problem.violations(np.append(x, more)[None])[0] > 0


@pytest.mark.parametrize("seed", range(20))
def test_a_query_is_answered_as_without_the_columns(seed: int) -> None:
    problem = phased(seed)
    plain = replace(problem, decisions=tuple(Decision(f"Q{j}", 1, j) for j in range(len(problem.columns))))
    assert not Built(plain).sums.shape[0]
    costs = np.random.default_rng(seed).random(3)
    start = points(len(problem.columns))[0]
    for query in (
        Query(costs, np.full(3, np.inf), start=start),
        Query(costs / 100, np.zeros(3), np.ones(3)),
        Query(costs, np.full(3, np.inf), fixed=np.append(1.0, np.full(9, np.nan))),
    ):
        ours, theirs = Highs(problem).minimize(query), Highs(plain).minimize(query)
        assert ours.verdict is theirs.verdict
        if ours.y is not None and theirs.y is not None:
            assert query.value(ours.y) == pytest.approx(query.value(theirs.y), abs=1e-6)


def test_a_town_with_years_needs_half_the_figures() -> None:
    problem = formulate(generate(projects=40, towns=3, periods=5, seed=1))
    built = Built(problem)
    assert built.problem.A.nnz < 0.6 * problem.A.nnz
    assert set(built.problem.columns[len(problem.columns) :]) <= {f"built[{d.project}]" for d in problem.decisions}
    outcome = Highs(problem).minimize(Query(np.full(3, 1e-3), np.full(3, np.inf), gap=1e3, seconds=20))
    assert outcome.verdict in {Verdict.OPTIMAL, Verdict.LIMIT}
    assert outcome.x is not None
    assert built.problem.violations(built.widened(outcome.x)[None])[0] <= 1e-6


@pytest.mark.parametrize("fault", ["no such row", "two may be chosen", "a column below 0", "one is left out"])
def test_starts_that_no_row_holds_together_stay_as_they_are(fault: str) -> None:
    row = {"one is left out": [1, 1, 0, 1]}.get(fault, [1, 1, 1, 1])
    problem = Problem.from_arrays([[3, 3, 3, 1], [1, 2, 2, 5]], [row, [2, 2, 2, 3]], [1, 7])
    problem = started(problem, ("road", "road", "road", "park"))
    assert Built(problem).sums.toarray().tolist() == ([[1, 1, 1, 0]] if fault != "one is left out" else [])
    if fault == "no such row":
        problem = replace(problem, row_upper=np.array([np.inf, 7.0]))
    elif fault == "two may be chosen":
        problem = replace(problem, row_upper=np.array([2.0, 7.0]))
    elif fault == "a column below 0":
        problem = replace(problem, lower=np.array([0.0, 0.0, 0.0, -1.0]))
    assert Built(problem).problem is problem


@pytest.mark.parametrize("land", [1, 2, -1])
@pytest.mark.parametrize("least", [-np.inf, 0, 1])
def test_a_row_of_one_project_goes_only_if_it_says_at_most_one(land: int, least: float) -> None:
    """The last hectare of a zone, say, and one project there that needs more."""
    problem = Problem.from_arrays([[3, 3]], [[1, 1], [land, land]], [1, 1], row_lower=[-np.inf, least])
    problem = started(problem, ("road", "road"))
    built = Built(problem)
    X = points(2)
    W = np.array([built.widened(x) for x in X])
    assert np.array_equal(built.problem.violations(W) == 0, problem.violations(X) == 0)
    assert len(built.problem.rows) == (1 if land == 1 and least <= 0 else 2)


def test_a_project_that_must_be_built_stays_one() -> None:
    problem = started(Problem.from_arrays([[3, 3]], [[1, 1]], [1], row_lower=[1]), ("road", "road"))
    wide = Built(problem).problem
    assert wide.violations([[1.0, 0.0, 1.0]])[0] == 0
    assert wide.violations([[0.0, 0.0, 0.0]])[0] > 0


def test_figures_of_continuous_columns_are_left_alone() -> None:
    problem = Problem(
        name="mixed",
        objectives=(Objective("growth", "max"), Objective("character", "max")),
        C=np.array([[2, 2, 0], [1, 3, 0]]),
        A=sp.csr_array([[1.0, 1.0, 0.0], [2.0, 2.0, -1.0]]),
        row_lower=np.array([-np.inf, 0.0]),
        row_upper=np.array([1.0, 0.0]),
        lower=np.zeros(3),
        upper=np.array([1.0, 1.0, np.inf]),
        integer=np.array([True, True, False]),
        rows=("once", "pay"),
        columns=("start[road,1]", "start[road,2]", "pay"),
        decisions=(Decision("road", 1, 0), Decision("road", 2, 1)),
    )
    wide = Built(problem).problem
    assert wide.A.toarray().tolist() == [[0, 0, -1, 2], [1, 1, 0, -1]]
    assert wide.C.tolist() == [[0, 0, 0, 2], [1, 3, 0, 0]]
    assert wide.integer.tolist() == [True, True, False, True]
