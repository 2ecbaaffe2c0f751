"""Cliques and mixed-integer rounding hold for every portfolio, and cut off what relaxations have by halves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp

from instances.generate import generate
from models import Problem, formulate
from models.problem import Floats
from optimizer.engines import cliques
from optimizer.engines.built import Built
from optimizer.engines.cliques import Cliques
from optimizer.engines.covers import Covers
from optimizer.engines.cuts import Cuts, apart, joined, none, safe
from optimizer.engines.mir import MixedRounding
from optimizer.engines.rounds import Rounds
from optimizer.engines.tree import Tree
from tests.engines.small import random_problem
from tests.engines.test_covers import models
from tests.engines.test_tree import portfolios, started_once

Separator = Callable[[Floats], Cuts]


def rounding(problem: Problem) -> Separator:
    """Rounds the rows, and then the cuts that it found before."""
    mixed, found = MixedRounding(problem, Cliques(problem)), [none(problem)]

    def missed(x: Floats) -> Cuts:
        cuts = mixed.missed(x, found[-1])
        found.append(joined([found[-1], cuts]))
        return cuts

    return missed


SEPARATORS: dict[str, Callable[[Problem], Separator]] = {
    "cliques": lambda problem: Cliques(problem).missed,
    "rounding": rounding,
    "all": lambda problem: Rounds(problem).missed,
}


def anywhere(n: int, rng: np.random.Generator) -> Floats:
    """A point of which some columns are whole."""
    x = rng.random(n) ** rng.integers(1, 4)
    return np.where(rng.random(n) < 0.4, np.rint(x), x)


@pytest.mark.parametrize("kind", SEPARATORS)
@pytest.mark.parametrize("seed", range(12))
def test_no_portfolio_breaks_a_cut(seed: int, kind: str) -> None:
    rng = np.random.default_rng(seed)
    found = 0
    for problem in models(seed):
        X, missed = portfolios(problem)[0], SEPARATORS[kind](problem)
        for _ in range(20):
            x = anywhere(len(problem.columns), rng)
            cuts = missed(x)
            assert np.all(X @ cuts.A.toarray().T <= cuts.upper + 1e-12)
            assert np.all(cuts.A @ x > cuts.upper)
            found += len(cuts)
    assert found > 40


def mixed_problem(seed: int) -> Problem:
    """Eight projects, a stock from -2.5 to 4.5 that counts whole, and a payment from 0.5 to 3 that does not."""
    town = random_problem(seed, n=8, p=2)
    rng = np.random.default_rng(seed)
    m = town.A.shape[0]
    more = np.column_stack([rng.integers(-3, 3, m), -np.ones(m)])
    return replace(
        town,
        C=np.hstack([town.C, np.zeros((2, 2), dtype=np.int64)]),
        A=sp.csr_array(sp.hstack([town.A, sp.csr_array(more)])),
        lower=np.append(town.lower, [-2.5, 0.5]),
        upper=np.append(town.upper, [4.5, 3.0]),
        integer=np.append(town.integer, [True, False]),
        columns=(*town.columns, "stock", "pay"),
    )


@pytest.mark.parametrize("kind", SEPARATORS)
@pytest.mark.parametrize("seed", range(8))
def test_other_columns_keep_their_figures(seed: int, kind: str) -> None:
    """Columns that are continuous, or whole from below 0 on."""
    rng = np.random.default_rng(seed)
    problem = mixed_problem(seed)
    whole, stock, paid = np.meshgrid(np.arange(2**8), np.arange(-2, 5), np.linspace(0.5, 3, 7))
    bits = (whole.ravel()[:, None] >> np.arange(8)) & 1
    X = np.column_stack([bits, stock.ravel(), paid.ravel()]).astype(np.float64)
    X = X[problem.violations(X) <= 1e-9]
    missed = SEPARATORS[kind](problem)
    for _ in range(20):
        cuts = missed(np.concatenate([anywhere(8, rng), 6 * rng.random(1) - 2, 0.5 + 2.5 * rng.random(1)]))
        assert np.all(X @ cuts.A.toarray().T <= cuts.upper + 1e-9)


def test_conflicts_of_different_rows_make_one_clique() -> None:
    """``a`` and ``b`` need the same land, each undoes the level ``z``, and the town must be ``open`` for all three."""
    rows = [[3, 2, 0, 0], [2, 0, 1, 0], [0, 1, 1, 0], [1, 0, 0, -1], [0, 1, 0, -1], [0, 0, 1, -1]]
    problem = Problem.from_arrays(
        [[1, 1, 1, 0], [3, 2, 1, 0]], rows, [4, 2, 1, 0, 0, 0], projects=("a", "b", "z", "open")
    )
    cuts = Cliques(problem).missed(np.array([0.4, 0.4, 0.4, 0.5]))
    assert [1.0, 1.0, 1.0, -1.0] in cuts.A.toarray().tolist()


def test_what_follows_from_conflicts_is_known() -> None:
    """``a`` needs ``z``, ``z`` needs ``w``, and ``w`` and ``b`` exclude each other."""
    rows = [[1, 0, -1, 0], [0, 0, 1, -1], [0, 1, 0, 1]]
    problem = Problem.from_arrays([[1, 1, 0, 0], [3, 2, 0, 0]], rows, [0, 0, 1], projects=("a", "b", "z", "w"))
    cuts = Cliques(problem).missed(np.array([0.6, 0.6, 0.6, 0.6]))
    assert np.any(cuts.A @ [1.0, 1.0, 1.0, 0.0] > cuts.upper)
    above, below = Cliques(problem).bounds(np.array([0.6, 0.3, 0.6, 0.7]), np.array([False, False, False, True]))
    assert above.tolist() == [6, 7, 6, -1]  # a and z are at most w, b at most 1 - w
    assert below.tolist() == [-1, -1, -1, -1]


def test_more_conflicts_than_fit_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fewer are known; those that are stay true."""
    problem = Problem.from_arrays([[1] * 6, [3, 2, 1, 1, 2, 3]], [[2] * 6, [1, 1, 0, 0, 0, 0]], [3, 1])
    x = np.full(6, 0.5)
    assert Cliques(problem).missed(x).A.sum() == 6
    monkeypatch.setattr(cliques, "PAIRS", 3)
    assert Cliques(problem).missed(x).A.sum() == 0
    monkeypatch.setattr(cliques, "STEPS", 0)
    monkeypatch.setattr(cliques, "SUPPORT", 4)
    assert np.all(portfolios(problem)[0] @ Cliques(problem).missed(x).A.toarray().T <= 1 + 1e-6)


def test_what_hangs_on_a_town_is_rounded_with_it() -> None:
    """Two projects need the open town, and together with it they cost 8 of 7: 3 a + 3 b <= 5 open."""
    rows = [[3, 3, 2], [1, 0, -1], [0, 1, -1]]
    town = Problem.from_arrays([[1, 1, 0], [3, 2, 0]], rows, [7, 0, 0], projects=("a", "b", "open"))
    problem = replace(town, decisions=town.decisions[:2])
    cuts = MixedRounding(problem, Cliques(problem)).missed(np.full(3, 7 / 8), none(problem))
    found = cuts.A.toarray()
    assert np.any(
        np.all(np.isclose(found / found[:, :1], [1, 1, -5 / 3]), axis=1) & np.isclose(cuts.upper, 0, atol=1e-5)
    )


def test_cuts_far_from_each_other_are_kept_the_deepest_first() -> None:
    A = sp.csr_array([[1.0, 1.0, 0.0], [1.0, 0.9, 0.0], [0.0, 0.0, 1.0], [0.0, 0.1, 1.0]])
    cuts = Cuts(A, np.array([1.0, 0.5, 0.5, 0.9]))
    kept = apart(cuts, np.ones(3))
    assert kept.A.toarray().tolist() == [[1.0, 0.9, 0.0], [0.0, 0.0, 1.0]]
    assert kept.upper.tolist() == [0.5, 0.5]
    assert len(apart(Cuts(A[:0], np.zeros(0)), np.ones(3))) == 0


def test_figures_left_out_make_a_cut_no_sharper() -> None:
    lower, upper = np.array([0.0, -5.0, 0.0]), np.array([1.0, 3.0, 9.0])
    cuts = safe(sp.csr_array([[1.0, 1e-6, -1e-6]]), np.array([2.0]), lower, upper)
    assert cuts.A.toarray().tolist() == [[1.0, 0.0, 0.0]]
    assert cuts.upper[0] >= 2.0 + 5e-6 + 9e-6
    for x in np.random.default_rng(0).uniform(lower, upper, (100, 3)):
        assert x @ [1.0, 1e-6, -1e-6] > 2 or cuts.A @ x <= cuts.upper


def test_a_tree_that_cuts_its_solutions_off_stays_true(monkeypatch: pytest.MonkeyPatch) -> None:
    """It starts with no row that was not felt, and no portfolio lies deeper in a zone than it says."""
    monkeypatch.setattr("optimizer.engines.tree.SEPARATING", 1e9)
    monkeypatch.setattr("optimizer.engines.tree.TRIED", 3)
    found = 0
    for seed in range(6):
        plain = started_once(seed)
        built, (X, Y) = Built(plain), portfolios(plain)
        problem = built.problem
        ceiling, ranges = Y.max(axis=0) + 1, np.maximum(np.ptp(Y, axis=0), 1).astype(np.float64)
        U = np.random.default_rng(seed).integers(Y.min(axis=0) + 1, ceiling + 1, (8, 3))
        nothing = np.zeros(len(problem.row_upper), dtype=np.bool_)
        rounds = Rounds(problem)
        tree = Tree(problem, none(problem), ceiling, separate=lambda x, *_, r=rounds: r.missed(x), felt=nothing)
        assert len(tree._active) == 0
        gaps = tree.bound(U, ranges, np.full(len(U), np.inf), 0.0, 400)
        found += len(tree._low) - len(problem.row_upper)
        for u, gap in zip(U, gaps, strict=True):
            shares = np.where(u < ceiling, ranges, 0.0)
            assert not np.isfinite(gap) or not np.any(np.all(Y < u - gap * shares - 1e-6, axis=1))
        assert all(tree.admits(built.widened(x), y) for x, y in zip(X, Y, strict=True))
    assert found


def test_a_county_with_years_gains_by_all_of_them() -> None:
    """Cliques and rounding raise what covers alone reach, along all objectives, by a good part more."""
    problem = Built(formulate(generate(projects=60, towns=3, periods=5, seed=1))).problem
    rounds = Rounds(problem)
    ends = [rounds.least(weights) for weights in np.maximum(np.eye(3), 1e-3)]
    weights = 1 / np.ptp([problem.costs @ end.x for end in ends if end is not None], axis=0)
    solved, _ = rounds.tightened(weights, lambda: False)
    all_of_them = [float(weights @ problem.costs @ one.x) for one in solved]
    alone = Rounds(problem)
    covers: Covers = alone._covers
    alone.missed = lambda x, middle=None: covers.missed(x)  # type: ignore[method-assign, assignment]
    solved, _ = alone.tightened(weights, lambda: False)
    covered = [float(weights @ problem.costs @ one.x) for one in solved]
    assert all_of_them[-1] - all_of_them[0] > 1.2 * (covered[-1] - covered[0])
