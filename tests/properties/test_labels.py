"""Random 0/1 models with every kind of row: the front of label setting equals that of enumerating every portfolio.

1,000 models of up to 18 columns with 2 to 6 objectives of mixed senses. A normal run tries the first of them; all of
them are tried with ``GROWTHRING_MODELS=1000 pytest tests/properties/test_labels.py``, or any other number of them.
"""

from __future__ import annotations

import os

import numpy as np
import pytest

from optimizer import Status, solve
from tests.engines.models import KINDS, Draft, enumerated, random_model
from tests.engines.small import minimised

MODELS = int(os.environ.get("GROWTHRING_MODELS", "150"))
BATCH = 25


@pytest.mark.parametrize("first", range(0, MODELS, BATCH))
def test_front_equals_enumeration(first: int) -> None:
    for seed in range(first, min(first + BATCH, MODELS)):
        problem = random_model(seed)
        front, truth = solve(problem, method="labels"), enumerated(problem)
        assert front.certificate.status is Status.COMPLETE, seed
        assert sorted(minimised(problem, front.counts).tolist()) == truth.tolist(), seed
        assert front.certificate.infeasible == (len(truth) == 0), seed
        if len(front):
            assert (problem.evaluate(front.X) == front.counts).all(), seed
            assert problem.violations(front.X).max() == 0, seed


def test_models_are_of_every_size_and_mostly_feasible() -> None:
    problems = [random_model(seed) for seed in range(60)]
    assert {len(problem.columns) for problem in problems} == set(range(6, 19))
    assert {len(problem.objectives) for problem in problems} == {2, 3, 4, 5, 6}
    assert {o.sense for problem in problems for o in problem.objectives} == {"max", "min"}
    empty = sum(len(enumerated(problem)) == 0 for problem in problems)
    assert 0 < empty < 15


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_kind_of_row_keeps_the_portfolio_it_is_drawn_around(kind: object) -> None:
    made = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        draft = Draft(rng, rng.integers(0, 2, 10), list(range(10)), [])
        assert callable(kind)
        kind(draft)
        made += bool(draft.rows)
        for a, low, high in draft.rows:
            assert low <= a @ draft.x <= high
    assert made
