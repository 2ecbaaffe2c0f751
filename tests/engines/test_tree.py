"""Cuts hold for every portfolio; a tree's bounds are true at every size, also with wrong multipliers."""

from __future__ import annotations

import numpy as np
import pytest

from instances import read_region
from models import formulate
from models.problem import Floats, Ints, Problem
from optimizer.engines.built import Built
from optimizer.engines.cuts import Cuts, directions, joined, none
from optimizer.engines.separation import separate
from optimizer.engines.tree import Tree
from tests.engines.small import random_problem


def portfolios(problem: Problem) -> tuple[Floats, Ints]:
    n = len(problem.columns)
    X = ((np.arange(2**n)[:, None] >> np.arange(n)) & 1).astype(np.float64)
    X = X[problem.violations(X) <= 1e-9]
    return X, np.rint(X @ problem.costs.T).astype(np.int64)


def planted(problem: Problem, ceiling: Ints) -> Tree:
    return Tree(problem, along(problem), ceiling)


def along(problem: Problem) -> Cuts:
    """The cuts of all directions."""
    return joined([separate(problem, weights) for weights in directions(len(problem.objectives))])


@pytest.mark.parametrize("seed", range(8))
def test_cuts_hold_for_every_portfolio(seed: int) -> None:
    problem = random_problem(seed, n=12, p=3)
    X, _ = portfolios(problem)
    cuts = along(problem)
    assert np.all(X @ cuts.A.toarray().T <= cuts.upper)


def test_cuts_are_found_and_tighten() -> None:
    problem = Problem.from_arrays([[1, 1, 1], [3, 2, 1]], [[2, 2, 2]], [3])
    cuts = along(problem)
    assert np.any(cuts.A.toarray() @ [0.5, 0.5, 0.5] > cuts.upper)


def test_cuts_count_whole_columns_alone() -> None:
    problem = Built(formulate(read_region("zigong"))).problem
    cuts = separate(problem, 1 / np.abs(problem.costs).sum(axis=1))
    assert len(cuts) > 10
    assert not problem.integer.all()
    assert problem.integer[cuts.A.indices].all()


def started_once(seed: int) -> Problem:
    """Projects that may start in one of several periods, with a budget each period."""
    rng = np.random.default_rng(seed)
    project = np.repeat(np.arange(4), [3, 4, 1, 3])
    once = (project[None] == np.arange(4)[:, None]).astype(np.int64)
    budget = rng.integers(1, 9, (2, len(project)))
    worth = rng.integers(1, 30, (3, 4))[:, project] + rng.integers(0, 3, (3, len(project)))
    projects = tuple(f"P{i}" for i in project)
    return Problem.from_arrays(worth, np.vstack([once, budget]), [*np.ones(4), 9, 11], projects=projects)


@pytest.mark.parametrize("kind", ["of any kind", "started once"])
@pytest.mark.parametrize("relaxations", [1, 5, 20, 400])
@pytest.mark.parametrize("seed", range(6))
def test_no_portfolio_lies_deeper_in_a_zone_than_the_tree_says(seed: int, relaxations: int, kind: str) -> None:
    problem = started_once(seed) if kind == "started once" else random_problem(seed, n=11, p=3)
    X, Y = portfolios(problem)
    ceiling, ranges = Y.max(axis=0) + 1, np.maximum(np.ptp(Y, axis=0), 1).astype(np.float64)
    U = np.random.default_rng(seed).integers(Y.min(axis=0) + 1, ceiling + 1, (8, 3))
    built = Built(problem)
    tree = planted(built.problem, ceiling)
    gaps = tree.bound(U, ranges, np.full(len(U), np.inf), 0.0, relaxations)
    for u, gap in zip(U, gaps, strict=True):
        shares = np.where(u < ceiling, ranges, 0.0)
        assert not np.isfinite(gap) or not np.any(np.all(Y < u - gap * shares - 1e-6, axis=1))
    assert all(tree.admits(built.widened(x), y) for x, y in zip(X, Y, strict=True))


@pytest.mark.parametrize("seed", range(6))
def test_rows_left_out_come_back_when_a_solution_breaks_them(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is lost by leaving rows out, and cuts that come late count like those that were there from the start."""
    problem = random_problem(seed, n=11, p=3)
    X, Y = portfolios(problem)
    ceiling, ranges = Y.max(axis=0) + 1, np.maximum(np.ptp(Y, axis=0), 1).astype(np.float64)
    rng = np.random.default_rng(seed)
    zones = [rng.integers(Y.min(axis=0) + 1, ceiling + 1, (4, 3)) for _ in range(6)]
    monkeypatch.setattr("optimizer.engines.tree.TRIED", 2)
    sparing, full = Tree(problem, none(problem), ceiling), planted(problem, ceiling)
    full._measure(ranges)
    fewest = sparing._solver.getNumRow()
    for step, U in enumerate(zones):
        if step == 2:
            sparing.tighten(along(problem))
            assert all(sparing.admits(x, y) for x, y in zip(X, Y, strict=True))
        for u in U if step > 2 else ():
            one, other = (tree._relax(full._root.lower, full._root.upper, u) for tree in (sparing, full))
            assert one is not None
            assert other is not None
            bounded = u < ceiling
            depths = [((u - problem.costs @ x) / ranges)[bounded].min(initial=np.inf) for x, _ in (one, other)]
            assert depths[0] == pytest.approx(depths[1], abs=1e-5)
        gaps = sparing.bound(U, ranges, np.full(len(U), np.inf), 0.0, 4)
        fewest = min(fewest, sparing._solver.getNumRow())
        for u, gap in zip(U, gaps, strict=True):
            shares = np.where(u < ceiling, ranges, 0.0)
            assert not np.isfinite(gap) or not np.any(np.all(Y < u - gap * shares - 1e-6, axis=1))
    assert fewest < len(problem.row_upper) + 3


@pytest.mark.parametrize("seed", range(4))
def test_a_relaxation_is_cut_short_when_time_is_over(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked after every step, it goes on to the same bounds; ended in the middle, it leaves those that there were."""
    problem = Built(random_problem(seed, n=11, p=3)).problem
    _, Y = portfolios(random_problem(seed, n=11, p=3))
    ceiling, ranges = Y.max(axis=0) + 1, np.maximum(np.ptp(Y, axis=0), 1).astype(np.float64)
    U = np.random.default_rng(seed).integers(Y.min(axis=0) + 1, ceiling + 1, (8, 3))
    anything = np.full(len(U), np.inf)
    whole = planted(problem, ceiling).bound(U, ranges, anything, 0.0, 400)
    monkeypatch.setattr("optimizer.engines.tree.STEPS", 1)
    asked: list[int] = []
    tree = Tree(problem, along(problem), ceiling, lambda: bool(asked.append(0)))
    assert tree.bound(U, ranges, anything, 0.0, 400) == pytest.approx(whole, abs=1e-6)
    assert len(asked) > 2 * tree.relaxations
    short = Tree(problem, along(problem), ceiling, lambda: True)
    assert np.all(short.bound(U, ranges, anything, 0.0, 400) == np.inf)
    assert short.relaxed(U[0]) is None


def test_a_row_of_large_figures_that_was_left_out_is_missed_by_one() -> None:
    problem = Problem.from_arrays([[1, 1, 1], [3, 2, 1]], [[300_000_000, 1, 1]], [300_000_001])
    tree = Tree(problem, none(problem), np.zeros(2, dtype=np.int64))
    tree._active = tree._active[:0]
    assert tree._missed(np.array([1.0, 0.0, 1.0])).tolist() == []
    assert tree._missed(np.ones(3)).tolist() == [0]


def test_a_tree_worked_to_the_end_says_how_deep_portfolios_lie() -> None:
    problem = random_problem(3, n=10, p=2)
    _, Y = portfolios(problem)
    ceiling, ranges = Y.max(axis=0) + 1, np.maximum(np.ptp(Y, axis=0), 1).astype(np.float64)
    u = Y.max(axis=0)
    deepest = max(float(((u - y) / ranges).min()) for y in Y)
    tree, gap = planted(problem, ceiling), np.inf
    for _ in range(200):
        gap = float(tree.bound(u[None], ranges, np.full(1, np.inf), 0.0, 50)[0])
        if tree.whole:
            break
    assert gap == pytest.approx(deepest, abs=1e-6)


def test_what_is_known_of_zones_that_come_and_go_is_that_of_a_new_reckoning() -> None:
    problem = started_once(2)
    _, Y = portfolios(problem)
    ceiling, ranges = Y.max(axis=0) + 1, np.maximum(np.ptp(Y, axis=0), 1).astype(np.float64)
    tree, rng = planted(problem, ceiling), np.random.default_rng(0)
    U = rng.integers(Y.min(axis=0) + 1, ceiling + 1, (12, 3))
    for step in range(12):
        tree.whole.clear()
        now = np.vstack([U[rng.permutation(12)[:6]], rng.integers(Y.min(axis=0) + 1, ceiling + 1, (2, 3))])
        gaps = tree.bound(now, ranges * (1 + step // 4), np.full(len(now), np.inf), 0.0, 3)
        anew = [
            leaf.gaps(now.astype(np.float64), np.where(now < ceiling, ranges * (1 + step // 4), 0.0))
            for leaf in tree._leaves
        ]
        assert gaps.tolist() == np.max(anew, axis=0).tolist()


def test_multipliers_of_any_kind_give_true_half_spaces() -> None:
    problem = random_problem(5, n=10, p=3)
    _, Y = portfolios(problem)
    tree = Tree(problem, Cuts(problem.A[:0], np.zeros(0)), Y.max(axis=0) + 1)
    leaf = tree._leaves[0]
    for duals in np.random.default_rng(0).normal(size=(50, tree._solver.getNumRow())):
        half = tree._half_space(duals)
        assert np.all(Y @ half.weights >= half.proof.least(leaf.lower, leaf.upper))


def test_a_wrong_tree_is_seen_through() -> None:
    problem = random_problem(1, n=10, p=3)
    X, Y = portfolios(problem)
    tree = planted(problem, Y.max(axis=0) + 1)
    tree._root.weights, tree._root.v = np.ones((1, 3)), np.array([float(Y.sum(axis=1).min() + 1)])
    assert not all(tree.admits(x, y) for x, y in zip(X, Y, strict=True))
    tree._root.parts = []
    assert not tree.admits(X[0], Y[0])


def test_rows_are_left_out_also_where_the_solver_has_no_basis() -> None:
    problem = random_problem(1, n=11, p=3)
    ceiling = problem.costs.clip(min=0).sum(axis=1) + 1
    tree = planted(problem, ceiling)
    before = tree._relax(tree._root.lower, tree._root.upper, ceiling)
    tree._solver.clearSolver()
    tree._leave_out()
    after = tree._relax(tree._root.lower, tree._root.upper, ceiling)
    assert before is not None
    assert after is not None
    assert after[1].weights == pytest.approx(before[1].weights, abs=1e-6)
