"""Covers hold for every portfolio, whatever they were asked about; they cut off what a relaxation takes by halves."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp

from instances.generate import generate
from models import Problem, formulate
from models.problem import Floats
from optimizer.engines.built import Built
from optimizer.engines.covers import Covers
from optimizer.engines.highs import Highs
from optimizer.engines.query import Query
from optimizer.engines.rounds import Rounds
from tests.engines.small import random_problem
from tests.engines.test_tree import portfolios, started_once


def levels(seed: int) -> Problem:
    """Ten projects that raise two stocks or lower them, and three levels that take some of both."""
    rng = np.random.default_rng(seed)
    stocks = rng.integers(-4, 9, (2, 10))
    n, rows, low = 13, [], []
    for stock in stocks:
        base = int(np.minimum(stock, 0).sum())
        for level in range(3):
            need = int(3 + 4 * level + rng.integers(0, 3))
            rows.append([*stock, *(-(need - base) if k == level else 0 for k in range(3))])
            low.append(base)
    rows += [[0] * 10 + [1, -1, 0], [0] * 10 + [0, 1, -1]]
    low += [0, 0]
    cost = [*rng.integers(1, 9, 10), 0, 0, 0]
    worth = np.vstack([[*rng.integers(0, 3, 10), 9, 7, 5], rng.integers(0, 5, n)])
    return Problem.from_arrays(
        worth,
        [*rows, cost],
        [*np.full(len(rows), np.inf), 22],
        row_lower=[*low, -np.inf],
        projects=tuple("abcdefghijxyz"),
    )


def models(seed: int) -> list[Problem]:
    town = random_problem(seed, n=11, p=2)
    return [town, started_once(seed), levels(seed), Built(started_once(seed)).problem]


def every_point(problem: Problem) -> Floats:
    return portfolios(problem)[0]


@pytest.mark.parametrize("seed", range(12))
def test_no_portfolio_breaks_a_cover(seed: int) -> None:
    rng = np.random.default_rng(seed)
    found = 0
    for problem in models(seed):
        X, covers = every_point(problem), Covers(problem)
        for _ in range(20):
            x = rng.random(len(problem.columns)) ** rng.integers(1, 4)
            cuts = covers.missed(np.where(rng.random(len(x)) < 0.4, np.rint(x), x))
            assert np.all(X @ cuts.A.toarray().T <= cuts.upper + 1e-12)
            found += len(cuts)
    assert found > 100


@pytest.mark.parametrize("seed", range(6))
def test_what_is_told_is_missed(seed: int) -> None:
    rng = np.random.default_rng(seed)
    for problem in models(seed):
        x = rng.random(len(problem.columns))
        cuts = Covers(problem).missed(x)
        assert np.all(cuts.A @ x > cuts.upper)


def test_what_a_condition_implies_is_known_in_its_rows() -> None:
    """``z`` needs ``a`` and ``b``, each of which needs more of one of two columns than of the other."""
    rows = [[2, -1, -2, 0, 0], [-1, 2, 0, -2, 0], [0, 0, 1, 0, -1], [0, 0, 0, 1, -1]]
    problem = Problem.from_arrays(
        [[1, 0, 0, 0, 9], [0, 1, 0, 0, 0]], rows, np.full(4, np.inf), row_lower=[-1, -1, 0, 0], projects=tuple("xyabz")
    )
    cuts = Covers(problem).missed(np.array([0.2, 0.2, 0.5, 0.5, 0.5]))
    both = cuts.A.toarray()[:, [0, 1, 4]][np.all(cuts.A.toarray()[:, 2:4] == 0, axis=1)]
    assert any(np.allclose(row / row[2], [-0.5, -0.5, 1]) for row in both)  # 2 z <= x + y


def test_a_condition_that_can_never_be_is_no_obstacle() -> None:
    """``z`` needs ``a`` and ``b``, which together break the last row."""
    rows = [[2, -1, -2, 0, 0], [-1, 2, 0, -2, 0], [0, 0, 1, 0, -1], [0, 0, 0, 1, -1], [0, 0, -2, -2, -1]]
    problem = Problem.from_arrays(
        [[1, 0, 0, 0, 9], [0, 1, 0, 0, 0]],
        rows,
        np.full(5, np.inf),
        row_lower=[-1, -1, 0, 0, -3],
        projects=tuple("xyabz"),
    )
    covers, X = Covers(problem), every_point(problem)
    for x in np.random.default_rng(0).random((50, 5)):
        cuts = covers.missed(x)
        assert np.all(X @ cuts.A.toarray().T <= cuts.upper + 1e-12)


@pytest.mark.parametrize("seed", range(6))
def test_rounds_raise_the_relaxation_and_never_past_the_best_portfolio(seed: int) -> None:
    raised = 0
    for problem in (levels(seed), started_once(seed)):
        X, Y = portfolios(problem)
        rounds = Rounds(problem)
        for weights in np.random.default_rng(seed).random((3, len(problem.objectives))):
            plain = rounds.least(weights)
            solved, cuts = rounds.tightened(weights, lambda: False)
            assert plain is not None
            values = [float(weights @ problem.costs @ one.x) for one in (plain, *solved)]
            assert values == sorted(values) or np.allclose(np.diff(values).clip(max=0), 0, atol=1e-6)
            assert values[-1] <= float((Y @ weights).min()) + 1e-6
            assert np.all(X @ cuts.A.toarray().T <= cuts.upper + 1e-12)
            half = rounds.proved[-1]
            proved = half.proof.least(problem.lower, problem.upper)
            assert np.all(Y @ half.weights >= proved)
            assert proved == pytest.approx(values[-1], abs=1e-4)
            raised += values[-1] > values[0] + 1e-3
    assert raised


def test_a_project_that_costs_one_stock_what_it_wins_another_counts_once() -> None:
    """A level takes 3 of one stock and none of another; each of two projects moves 3 from one to the other."""
    rows = [[3, -3, -6], [-3, 3, -3]]
    problem = Problem.from_arrays([[0, 0, 1], [1, 1, 9]], rows, [np.inf, np.inf], row_lower=[-3, -3])
    assert not np.any(every_point(problem)[:, 2])
    rounds = Rounds(problem)
    plain = rounds.least(np.array([1.0, 1e-3]))
    assert plain is not None
    assert plain.x[2] > 0.6
    assert rounds.tightened(np.array([1.0, 1e-3]), lambda: False)[0][-1].x[2] < 1e-6


def test_continuous_columns_keep_their_figures() -> None:
    rng = np.random.default_rng(0)
    for seed in range(10):
        town = random_problem(seed, n=8, p=2)
        mixed = replace(
            town,
            C=np.hstack([town.C, np.zeros((2, 1), dtype=np.int64)]),
            A=sp.csr_array(sp.hstack([town.A, -np.ones((town.A.shape[0], 1))])),
            lower=np.append(town.lower, 0.0),
            upper=np.append(town.upper, 3.0),
            integer=np.append(town.integer, False),
            columns=(*town.columns, "pay"),
        )
        covers = Covers(mixed)
        cuts = [covers.missed(np.append(rng.random(8), 3 * rng.random())) for _ in range(20)]
        whole, paid = np.meshgrid(np.arange(2**8), np.linspace(0, 3, 7))
        X = np.column_stack([(whole.ravel()[:, None] >> np.arange(8)) & 1, paid.ravel()])
        X = X[mixed.violations(X) <= 1e-9]
        for one in cuts:
            assert np.all(X @ one.A.toarray().T <= one.upper + 1e-9)


def test_a_county_with_years_gains_by_them() -> None:
    """A good part of what integrality is worth, in a direction of all objectives; nothing true is cut off."""
    problem = formulate(generate(projects=60, towns=3, periods=5, seed=1))
    built = Built(problem)
    rounds = Rounds(built.problem)
    ends = [rounds.least(weights) for weights in np.maximum(np.eye(3), 1e-3)]
    ranges = np.ptp([built.problem.costs @ end.x for end in ends if end is not None], axis=0)
    solved, cuts = rounds.tightened(1 / ranges, lambda: False)
    values = [float((1 / ranges) @ built.problem.costs @ one.x) for one in solved]
    best = Highs(problem).minimize(Query(1000 / ranges, np.full(3, np.inf), gap=1.0, seconds=60))
    assert best.x is not None
    assert best.y is not None
    assert np.all(cuts.A @ built.widened(best.x) <= cuts.upper)
    least = (best.bound if np.isfinite(best.bound) else 0.0) / 1000
    assert values[0] < values[-1] <= float(best.y @ (1 / ranges)) + 1e-6
    assert values[-1] - values[0] > 0.15 * (least - values[0])
