"""Witnesses against enumeration, and witnesses under gates that fail."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from models.amend import with_projects
from models.problem import Problem
from optimizer.decide.live import Clock
from optimizer.decide.witness import find_witness
from tests.engines.models import enumerated, random_model


def efficient_portfolios(problem: Problem) -> list[tuple[int, ...]]:
    """Every efficient portfolio of a model of at most 12 columns."""
    X = np.array(list(product((0, 1), repeat=len(problem.columns))))
    X = X[problem.violations(X) <= 0]
    front = {tuple(y) for y in enumerated(problem).tolist()}
    return [tuple(x) for x, y in zip(X.tolist(), (X @ problem.costs.T).tolist(), strict=True) if tuple(y) in front]


def small_models(count: int) -> list[Problem]:
    models = (random_model(seed) for seed in range(10 * count) if seed % 10 != 9)
    return [model for model in models if len(model.columns) <= 10][:count]


@pytest.mark.parametrize("problem", small_models(12), ids=lambda problem: problem.name)
def test_every_project_inside_and_outside(problem: Problem) -> None:
    portfolios = efficient_portfolios(problem)
    front = enumerated(problem)
    for column, project in enumerate(d.project for d in problem.decisions):
        for inside in (True, False):
            exists = any(x[column] == inside for x in portfolios)
            part = with_projects(problem, **{"inside" if inside else "outside": [project]})
            for known, complete in (((), False), (front[::2], False), (front, True)):
                witness = find_witness(problem, part, known, complete=complete)
                assert witness.proved
                assert (witness.x is not None) == exists
                if witness.x is not None:
                    assert tuple(np.rint(witness.x).astype(int)) in portfolios
                    assert witness.x[column] == inside


def test_nothing_is_claimed_without_time() -> None:
    problem = small_models(1)[0]
    part = with_projects(problem, outside=[problem.decisions[0].project])
    witness = find_witness(problem, part, enumerated(problem), clock=Clock(0.0))
    assert not witness.proved
    assert not witness.none
    assert witness.open
