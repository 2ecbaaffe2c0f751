"""What follows from all rows of a town holds for every portfolio, and keeps the town whole in every relaxation."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp

from instances.generate import generate
from models import Problem, formulate
from models.problem import Floats
from optimizer import Guarantee, Status, solve
from optimizer.engines import hulls as module
from optimizer.engines.built import Built
from optimizer.engines.cuts import Cuts, none
from optimizer.engines.hulls import Hulls
from optimizer.engines.linear import linear_model, quiet_solver
from optimizer.engines.tree import Tree
from tests.engines.test_tree import portfolios

SEEDS = range(10)


def county(seed: int, towns: int = 3, each: int = 4) -> Problem:
    """Towns with two limits of their own each, and two limits of the county."""
    rng = np.random.default_rng(seed)
    n = towns * each
    own = sp.block_diag([rng.integers(5, 40, (2, each)) for _ in range(towns)]).toarray()
    A = np.vstack([own, rng.integers(1, 20, (2, n))])
    most = np.floor(A.sum(axis=1) * rng.uniform(0.3, 0.6, len(A)))
    problem = Problem.from_arrays(rng.integers(1, 60, (3, n)), A, most)
    return in_towns(problem, [f"T{j // each}" for j in range(n)])


def in_towns(problem: Problem, towns: list[str]) -> Problem:
    decisions = zip(problem.decisions, towns, strict=True)
    return replace(problem, decisions=tuple(replace(decision, town=town) for decision, town in decisions))


def relaxed(problem: Problem, cost: Floats, cuts: Cuts) -> tuple[float, Floats, sp.csr_array, Floats]:
    """The least of a relaxation, its solution, its rows and their prices."""
    A = sp.csr_array(sp.vstack([problem.A, cuts.A]))
    low = np.append(problem.row_lower, np.full(len(cuts), -np.inf))
    solver = quiet_solver()
    high = np.append(problem.row_upper, cuts.upper)
    solver.passModel(linear_model(A, low, high, problem.lower, problem.upper, cost=cost))
    solver.run()
    solution = solver.getSolution()
    x = np.array(solution.col_value)
    return float(cost @ x), x, A, np.array(solution.row_dual)


def never() -> bool:
    return False


@pytest.mark.parametrize("seed", SEEDS)
def test_no_portfolio_breaks_a_cut_and_the_relaxation_comes_nearer(seed: int) -> None:
    problem = county(seed)
    X = portfolios(problem)[0]
    hulls, rng = Hulls(Built(problem)), np.random.default_rng(seed)
    found = 0
    for _ in range(5):
        cost = -(rng.random(3) @ problem.C)
        before, x, A, prices = relaxed(problem, cost, none(problem))
        cuts = hulls.missed(x, cost, A, prices, never)
        assert np.all(X @ cuts.A.toarray().T <= cuts.upper + 1e-9)
        assert np.all(cuts.A @ x > cuts.upper)
        after = relaxed(problem, cost, cuts)[0]
        assert before - 1e-6 <= after <= (X @ cost).min() + 1e-6
        assert not len(cuts) or after > before + 1e-4
        found += len(cuts)
    assert found


@pytest.mark.parametrize("seed", SEEDS)
def test_without_limits_of_the_county_nothing_is_left_to_do(seed: int) -> None:
    """Each town is on its own, and the relaxation with the cuts has the least of all portfolios."""
    problem = county(seed)
    kept = np.arange(problem.A.shape[0] - 2)
    rows = tuple(problem.rows[i] for i in kept)
    problem = replace(
        problem, A=problem.A[kept], row_lower=problem.row_lower[kept], row_upper=problem.row_upper[kept], rows=rows
    )
    cost = -problem.C.sum(axis=0).astype(np.float64)
    _, x, A, prices = relaxed(problem, cost, none(problem))
    cuts = Hulls(Built(problem)).missed(x, cost, A, prices, never)
    assert relaxed(problem, cost, cuts)[0] == pytest.approx((portfolios(problem)[0] @ cost).min(), abs=0.01)


def test_one_town_alone_is_none() -> None:
    for towns in (["T"] * 12, [""] * 12, ["T"] * 6 + [""] * 6):
        problem = in_towns(county(1), towns)
        cost = -problem.C[0].astype(np.float64)
        _, x, A, prices = relaxed(problem, cost, none(problem))
        assert not len(Hulls(Built(problem)).missed(x, cost, A, prices, never))


def test_what_is_known_of_a_town_is_not_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = county(3)
    hulls, cost = Hulls(Built(problem)), -problem.C[0].astype(np.float64)
    _, x, A, prices = relaxed(problem, cost, none(problem))
    cuts = hulls.missed(x, cost, A, prices, never)
    assert len(cuts)
    _, x, A, prices = relaxed(problem, cost, cuts)
    asked = []
    true = module.run
    monkeypatch.setattr(module, "run", lambda solver, over: (asked.append(0), true(solver, over)))
    hulls.missed(x, cost, A, prices, never)
    assert len(asked) < 3


def test_nothing_is_asked_when_it_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = county(3)
    cost = -problem.C[0].astype(np.float64)
    _, x, A, prices = relaxed(problem, cost, none(problem))
    monkeypatch.setattr(module, "run", lambda solver, over: pytest.fail("asked"))
    assert not len(Hulls(Built(problem)).missed(x, cost, A, prices, lambda: True))


def test_a_solver_without_an_answer_gives_no_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = county(3)
    cost = -problem.C[0].astype(np.float64)
    _, x, A, prices = relaxed(problem, cost, none(problem))
    monkeypatch.setattr(module, "run", lambda solver, over: None)
    assert not len(Hulls(Built(problem)).missed(x, cost, A, prices, never))


def test_towns_hold_what_is_theirs() -> None:
    """Whether a project is built, and the levels of growth of a town, lie where its projects do; likeness of two towns
    lies nowhere."""
    built = Built(formulate(generate(projects=60, towns=3, periods=3, seed=1)))
    home = module._homes(built)
    towns = sorted({decision.town for decision in built.problem.decisions if decision.town})
    assert len(towns) == 3
    of = {decision.project: decision.town for decision in built.problem.decisions}
    seen = set()
    for name, b in zip(built.problem.columns, home, strict=True):
        kind, index = name.split("[")[0], name.rstrip("]").split("[", 1)[1].split(",")[0]
        if kind in {"start", "built"}:
            assert b == (towns.index(of[index]) if of[index] else -1)
        if kind == "activated":
            assert b == towns.index(index)
        if kind == "alike":
            assert b == -1
        seen.add(kind)
    assert {"start", "built", "activated", "alike"} <= seen


def test_a_tree_with_them_stays_true(monkeypatch: pytest.MonkeyPatch) -> None:
    """It admits every portfolio and says of no zone that less lies in it than there does; and it comes nearer."""
    monkeypatch.setattr("optimizer.engines.tree.SEPARATING", 1e9)
    gained = 0
    for seed in SEEDS:
        problem = county(seed)
        X, Y = portfolios(problem)
        hulls, costs = Hulls(Built(problem)), problem.costs
        ceiling, ranges = Y.max(axis=0) + 1, np.maximum(np.ptp(Y, axis=0), 1).astype(np.float64)
        U = np.random.default_rng(seed).integers(Y.min(axis=0) + 1, ceiling + 1, (8, 3))

        def missed(
            x: Floats, weights: Floats, A: sp.csr_array, prices: Floats, h: Hulls = hulls, c: Floats = costs
        ) -> Cuts:
            return h.missed(x, weights @ c, A, prices, never)

        tree, plain = Tree(problem, none(problem), ceiling, separate=missed), Tree(problem, none(problem), ceiling)
        gaps, without = (one.bound(U, ranges, np.full(len(U), np.inf), 0.0, 8) for one in (tree, plain))
        gained += int(gaps.max() < without.max() - 1e-3)
        for u, gap in zip(U, gaps, strict=True):
            shares = np.where(u < ceiling, ranges, 0.0)
            assert not np.isfinite(gap) or not np.any(np.all(Y < u - gap * shares - 1e-6, axis=1))
        assert all(tree.admits(x, y) for x, y in zip(X, Y, strict=True))
    assert gained > 3


def test_searches_for_a_guarantee_ask_towns(monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    true = Hulls.missed

    def missed(*args: Any) -> Cuts:
        found.append(len(cuts := true(*args)))
        return cuts

    monkeypatch.setattr(Hulls, "missed", missed)
    monkeypatch.setattr("optimizer.engines.tree.SEPARATING", 1e9)
    front = solve(county(1, towns=5, each=12), method="search", stop=Guarantee(0.1))
    assert front.certificate.status is Status.GUARANTEE
    assert not front.certificate.faults
    assert sum(found)
