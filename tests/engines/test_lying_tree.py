"""Relaxations that lie, and cuts that are wrong, inside of a search for a guarantee: no claim becomes false by a lie,
and none by a wrong cut once a portfolio that it cuts off has come by."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp

from models.problem import Floats, Problem
from optimizer import Guarantee, solve
from optimizer.engines import highs
from optimizer.engines.cuts import Cuts
from optimizer.engines.separation import separate
from optimizer.engines.tree import Tree
from optimizer.front import Front
from tests.engines.small import assert_true, random_problem
from tests.engines.test_tree import planted, portfolios

RNG = np.random.default_rng(0)


class Liar:
    """The solver of a tree, which says something untrue after every third run, or nothing any more from it on."""

    def __init__(self, solver: Any, lie: str) -> None:
        self._solver, self._lie, self._runs = solver, lie, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._solver, name)

    def run(self) -> Any:
        self._runs += 1
        return self._solver.run()

    def _lies(self, *lies: str) -> bool:
        return self._runs % 3 == 0 and self._lie in lies

    def getModelStatus(self) -> Any:
        if self._lies("infeasible", "infeasible, with multipliers"):
            return SimpleNamespace(name="kInfeasible")
        silent = self._lie == "no answer" and self._runs >= 3
        return SimpleNamespace(name="kUnknown") if silent else self._solver.getModelStatus()

    def getDualRay(self) -> Any:
        status, told, ray = self._solver.getDualRay()
        if self._lies("infeasible, with multipliers"):
            return status, True, RNG.normal(size=self._solver.getNumRow())
        return status, told, ray

    def getSolution(self) -> Any:
        solution = self._solver.getSolution()
        x, duals = np.array(solution.col_value), np.array(solution.row_dual)
        if self._lies("multipliers of another program"):
            duals = RNG.normal(size=len(duals)) * 10
        if self._lies("a point far away"):
            x = RNG.normal(size=len(x)) * 10
        if self._lies("a whole point that breaks rows"):
            x = np.ones(len(x))
        if self._lies("not a number"):
            x, duals = np.full(len(x), np.nan), np.full(len(duals), np.nan)
        return SimpleNamespace(col_value=x, row_dual=duals)


LIES = [
    "infeasible",
    "infeasible, with multipliers",
    "no answer",
    "multipliers of another program",
    "a point far away",
    "a whole point that breaks rows",
    "not a number",
]
STATED = ("infeasible", "infeasible, with multipliers", "no answer", "not a number")
"""What is always seen through; the other lies only make for worse bounds, at times."""


def watched(problem: Problem, guarantee: float) -> Front:
    """The front of a search whose certificate was true at every checkpoint."""

    def check(take: Callable[[], Front]) -> None:
        front = take()
        assert_true(problem, front.counts, front.certificate)

    front = solve(problem, method="search", stop=Guarantee(guarantee), on_checkpoint=check)
    assert_true(problem, front.counts, front.certificate)
    return front


@pytest.mark.parametrize("lie", LIES)
def test_a_relaxation_that_lies_makes_no_claim_false(lie: str, monkeypatch: pytest.MonkeyPatch) -> None:
    load, liars = Tree._load, []

    def lying(tree: Tree) -> Any:
        liars.append(Liar(load(tree), lie))
        return liars[-1]

    monkeypatch.setattr(Tree, "_load", lying)
    lied = 0
    for seed in range(4):
        liars.clear()
        front = watched(random_problem(50 + seed, n=11, p=2 + seed % 2), 1e-6)
        if any(liar._runs >= 3 for liar in liars):
            lied += 1
            assert front.certificate.faults or lie not in STATED
    assert lied


def with_cut(x: Floats, monkeypatch: pytest.MonkeyPatch) -> list[Cuts]:
    """Let every tree have a cut that is wrong: it cuts off the portfolio ``x`` ``(n,)``, and no other.

    Returns the cuts of all trees, as they are planted.
    """
    trees: list[Cuts] = []

    def wrong(problem: Problem, weights: Floats, seconds: float, interrupted: Callable[[], bool]) -> Cuts:
        cuts = separate(problem, weights, seconds, interrupted)
        row = sp.csr_array(np.where(x > 0.5, 1.0, -1.0)[None])
        trees.append(Cuts(sp.csr_array(sp.vstack([cuts.A, row])), np.append(cuts.upper, x.sum() - 1)))
        return trees[-1]

    monkeypatch.setattr(highs, "separate", wrong)
    return trees


@pytest.mark.parametrize("seed", range(3))
def test_a_wrong_cut_is_seen_through_when_its_portfolio_comes_by(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    problem = random_problem(70 + seed, n=10, p=3 + seed % 2)
    complete = solve(problem, method="search")
    seen = 0
    for x in complete.X:
        trees = with_cut(x, monkeypatch)
        fronts: list[Front] = []
        solve(
            problem,
            stop=Guarantee(1e-6),
            method="search",
            on_checkpoint=lambda take, fronts=fronts: fronts.append(take()),
        )
        held = [front for front in fronts if np.any(np.all(front.X == x, axis=1))]
        for front in held:
            assert_true(problem, front.counts, front.certificate)
        if held and trees:
            seen += 1
            assert "tree of bounds given up" in held[-1].certificate.faults[0]
    assert seen


def test_a_tree_admits_no_portfolio_that_a_cut_rules_out() -> None:
    problem = random_problem(3, n=9, p=3)
    X, Y = portfolios(problem)
    row = sp.csr_array(np.where(X[5] > 0.5, 1.0, -1.0)[None])
    tree = Tree(problem, Cuts(row, np.array([X[5].sum() - 1])), Y.max(axis=0) + 1)
    assert [tree.admits(x, y) for x, y in zip(X, Y, strict=True)] == [i != 5 for i in range(len(X))]


@pytest.mark.parametrize("seed", range(4))
def test_only_empty_leaves_are_called_empty(seed: int) -> None:
    problem = random_problem(seed, n=9, p=2)
    X, Y = portfolios(problem)
    tree = planted(problem, Y.max(axis=0) + 1)
    empty = 0
    for _ in range(60):
        kept = RNG.random(9) < 0.5
        fixed = RNG.integers(0, 2, 9).astype(np.float64)
        lower, upper = np.where(kept, fixed, 0.0), np.where(kept, fixed, 1.0)
        if tree._relax(lower, upper, Y.max(axis=0)) is None:
            empty += 1
            assert not np.any(np.all((lower <= X) & (upper >= X), axis=1))
    assert empty


class Refusing:
    """The solver of a tree, which refuses every third run."""

    def __init__(self, solver: Any) -> None:
        self._solver, self._runs = solver, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._solver, name)

    def run(self) -> Any:
        self._runs += 1
        return None if self._runs % 3 == 0 else self._solver.run()

    def getModelStatus(self) -> Any:
        return SimpleNamespace(name="kNotset") if self._runs % 3 == 0 else self._solver.getModelStatus()


def test_a_run_that_is_refused_is_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    load, refusing = Tree._load, []

    def loaded(tree: Tree) -> Any:
        refusing.append(Refusing(load(tree)))
        return refusing[-1]

    monkeypatch.setattr(Tree, "_load", loaded)
    for seed in range(50, 56):
        assert watched(random_problem(seed, n=12, p=3), 1e-6).certificate.faults == ()
    assert sum(solver._runs >= 3 for solver in refusing) > 1
