"""Queries about a part of the portfolios, queries that end at a target, are interrupted, or are lean."""

from __future__ import annotations

import numpy as np

from models.problem import Problem
from optimizer.engines.highs import Highs
from optimizer.engines.query import INTERRUPT, Query, Verdict

KNAPSACK = Problem.from_arrays([[3, 4, 2], [5, 1, 4]], [[2, 3, 2]], [4])
FREE = np.full(2, np.inf)
SUM = np.array([1.0, 1.0])


def test_fixed_columns_are_free_again_in_the_next_query() -> None:
    gate = Highs(KNAPSACK)
    part = gate.minimize(Query(SUM, FREE, fixed=np.array([np.nan, 1.0, np.nan])))
    assert part.y is not None
    assert part.y.tolist() == [-4, -1]
    whole = gate.minimize(Query(SUM, FREE))
    assert whole.y is not None
    assert whole.y.tolist() == [-5, -9]


def test_a_part_without_portfolios_is_called_so() -> None:
    fixed = np.array([1.0, 1.0, np.nan])
    assert Highs(KNAPSACK).minimize(Query(SUM, FREE, fixed=fixed)).verdict is Verdict.INFEASIBLE


def test_a_target_ends_a_query_with_a_point_and_a_true_bound() -> None:
    outcome = Highs(KNAPSACK).minimize(Query(SUM, FREE, target=-1.0))
    assert outcome.verdict in {Verdict.LIMIT, Verdict.OPTIMAL}
    assert outcome.y is not None
    assert outcome.y.sum() <= -1
    assert outcome.bound <= -14


def test_solutions_that_were_improved_on_are_portfolios_too() -> None:
    seen = 0
    for seed in range(4):
        rng = np.random.default_rng(seed)
        sizes = rng.integers(10, 60, (3, 25))
        problem = Problem.from_arrays(sizes.mean(axis=0) + rng.integers(0, 30, (3, 25)), sizes, sizes.sum(axis=1) // 3)
        outcome = Highs(problem).minimize(Query(np.ones(3), np.full(3, np.inf), gap=40.0))
        assert outcome.y is not None
        for x, y in outcome.others:
            assert problem.violations(x[None])[0] == 0
            assert y.tolist() == (-problem.evaluate(x[None])[0]).tolist()
            assert y.sum() >= outcome.y.sum()
            seen += 1
    assert seen


def test_an_interrupted_query_does_not_end_the_next_one() -> None:
    hard, asked = random_town(120), [True]
    gate = Highs(hard, interrupted=lambda: asked[0])
    assert gate.minimize(Query(np.ones(3), np.full(3, np.inf))).why == INTERRUPT
    asked[0] = False
    assert gate.minimize(Query(np.ones(3), np.full(3, np.inf), seconds=0.5)).why != INTERRUPT


def test_a_lean_query_leaves_the_next_one_as_it_was() -> None:
    gate, free = Highs(random_town(15)), np.full(3, np.inf)
    usual = gate.minimize(Query(np.ones(3), free))
    lean = gate.minimize(Query(np.ones(3), free, start=usual.x, lean=True))
    assert gate._solver.getOptionValue("mip_heuristic_effort")[1] == 0
    again = gate.minimize(Query(np.ones(3), free))
    assert gate._solver.getOptionValue("mip_heuristic_effort")[1] > 0
    assert usual.verdict is lean.verdict is again.verdict is Verdict.OPTIMAL
    assert usual.y is not None
    assert lean.y is not None
    assert usual.y.sum() == lean.y.sum()


def random_town(n: int) -> Problem:
    """``n`` projects, and more rows than a model for lean queries has."""
    draw = np.random.default_rng(0)
    A = draw.integers(1, 100, (60, n)) * (draw.random((60, n)) < 0.5)
    return Problem.from_arrays(draw.integers(1, 100, (3, n)), A, A.sum(axis=1) // 2)
