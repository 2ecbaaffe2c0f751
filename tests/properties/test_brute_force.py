"""Random regions with all mechanisms on: the front equals that of enumerating every plan with the auditor."""

from __future__ import annotations

import pytest

from instances.generate import generate
from models import formulate
from optimizer import Status, solve
from tests.brute import brute_force

SIZES = {1: (5, 14), 2: (5, 7), 3: (5, 5)}
"""Periods to the least and the largest number of projects that enumeration bears."""


@pytest.mark.parametrize("batch", range(20))
def test_front_equals_enumeration(batch: int) -> None:
    for seed in range(10 * batch, 10 * batch + 10):
        periods = 1 + seed % 3 if seed % 4 == 3 else 1
        least, most = SIZES[periods]
        region = generate(
            projects=least + seed % (most - least + 1),
            towns=1 + seed % 3,
            periods=periods,
            seed=seed,
            objectives=2 + seed % 4,
        )
        problem = formulate(region)
        front = solve(problem)
        truth = brute_force(region, [objective.name for objective in problem.objectives])
        assert front.certificate.status is Status.COMPLETE, seed
        assert {tuple(point) for point in front.values} == set(truth), seed
        assert len(front) == len(truth)
        for point, starts in zip(front.values, front.starts, strict=True):
            plan = {project: int(start) for project, start in zip(front.projects, starts, strict=True) if start}
            assert plan in truth[tuple(point)], seed
