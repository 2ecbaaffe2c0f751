"""A start front prunes from the first pass on, is looked at before it is believed, and changes no result."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from models.problem import Floats, Problem
from optimizer import SolveLimit, Status, solve
from optimizer.engines.found import Known
from optimizer.engines.labels import engine
from optimizer.engines.labels.model import model
from tests.engines.small import any_rows, assert_true, brute_force, minimised
from tests.engines.test_labels import hard


def known(problem: Problem, X: Floats) -> Known:
    return Known(X, minimised(problem, problem.evaluate(X)), {})


@pytest.mark.parametrize("p", [2, 3, 4, 5])
def test_any_start_leads_to_the_same_front(p: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Portfolios at random, feasible or not, dominated or not."""
    monkeypatch.setattr(engine, "WIDTHS", (1, 2))
    for seed in range(12):
        problem = any_rows(900 * p + seed, n=10, p=p)
        truth = brute_force(problem)
        X = np.random.default_rng(seed).integers(0, 2, (200, 10)).astype(np.float64)
        front = solve(problem, method="labels", start=known(problem, X[problem.violations(X) == 0]))
        assert front.certificate.status is Status.COMPLETE
        assert minimised(problem, front.counts).tolist() == truth.tolist()
        assert problem.violations(front.X).max(initial=0) == 0
        wrong = replace(known(problem, X), Y=np.full((200, p), -(10**6)))  # would dominate all
        listed = engine._feasible(problem, wrong)
        assert problem.violations(listed).max(initial=0) == 0
        assert len(listed) == np.count_nonzero(problem.violations(X) == 0)


@pytest.mark.parametrize("p", [3, 4])
def test_a_good_start_spares_labels_and_is_kept(p: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "WIDTHS", (1, 2))
    monkeypatch.setattr(engine, "worth_coupling", lambda stages, p: False)
    problem = hard(30 + p, p)
    alone = solve(problem, method="labels")
    start = known(problem, alone.X)
    again = solve(problem, method="labels", start=start)
    assert again.counts.tolist() == alone.counts.tolist()
    assert again.certificate.labels < alone.certificate.labels
    stopped = solve(problem, method="labels", start=start, stop=SolveLimit(3))
    assert stopped.certificate.stopped_by == "solve limit"
    assert stopped.counts.tolist() == alone.counts.tolist()
    assert_true(problem, stopped.counts, stopped.certificate)


def test_the_nearest_choices_are_those_of_the_portfolio() -> None:
    for seed in range(20):
        reduced = model(any_rows(seed, n=9))
        if reduced is None or not reduced.blocks:
            continue
        rng = np.random.default_rng(seed)
        sizes = [len(choices.cost) for choices in reduced.blocks]
        picks = np.column_stack([rng.integers(0, size, 50) for size in sizes]).astype(np.uint8)
        assert reduced.nearest(reduced.portfolios(picks)).tolist() == picks.tolist()


def test_a_start_of_another_size_is_left_out() -> None:
    problem = hard(1, 3)
    start = Known(np.ones((4, 5)), np.zeros((4, 3), dtype=np.int64), {})
    assert not len(engine._feasible(problem, start))
