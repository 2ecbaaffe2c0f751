"""Whatever a certificate says at any moment of any engine is true of the complete front.

200 regions with random subsets of all mechanisms, 1 to 3 periods and 2 to 4 objectives. Their complete fronts come from
label setting, or, where a model has continuous columns, from a search run to its end. A normal run tries the first
regions; all of them are tried with ``GROWTHRING_REGIONS=200 pytest tests/properties/test_guarantees.py``, or any other
number of them.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from random import Random
from typing import Any

import numpy as np
import pytest

from instances.generate import MECHANISMS, generate
from models import formulate
from models.problem import Ints, Problem
from optimizer import Guarantee, SolveLimit, Status, solve
from optimizer.engines.labels import engine as labels_engine
from optimizer.engines.labels import refusal
from optimizer.engines.query import ROW_TOLERANCE
from optimizer.engines.relax import engine as relax_engine
from optimizer.engines.zones import hypervolume
from optimizer.front import Front
from optimizer.stop import Stop
from tests.engines.small import minimised
from tests.properties.test_mechanisms import loosened

REGIONS = int(os.environ.get("GROWTHRING_REGIONS", "16"))
BATCH = 4
PROJECTS = {1: (20, 16, 14), 2: (13, 11, 9), 3: (10, 9, 8)}
"""Periods to the largest number of projects, with 2, 3 and 4 objectives."""
LOOKS = 8
"""Stages at which label setting is stopped, besides its own checkpoints: small models have hardly any."""
GUARANTEES = (0.2, 0.05, 0.01, 1e-6)
ROUNDED = 1e-12
"""By how much a share of hypervolume may be wrong because its sums are rounded."""


def drawn(seed: int) -> dict[str, Any]:
    """What to generate: periods and objectives go through their ranges, the subset is a matter of chance."""
    draw, periods, objectives = Random(f"guarantees {seed}"), 1 + seed % 3, 2 + seed // 3 % 3
    most, often = PROJECTS[periods][objectives - 2], draw.choice((0.2, 0.35, 0.5))
    kept = [name for name in MECHANISMS if draw.random() < often]
    return {
        "projects": draw.randint(max(5, most - 4), most),
        "towns": draw.randint(1, 3),
        "periods": periods,
        "seed": seed,
        "objectives": objectives,
        "mechanisms": list(MECHANISMS) if seed % 10 == 0 else kept or [draw.choice(list(MECHANISMS))],
    }


def region_problem(seed: int) -> Problem:
    return formulate(loosened(generate(**drawn(seed)), Random(seed)))


def complete_front(problem: Problem) -> Ints:
    """All nondominated points in minimised quanta; ``(k, p)``."""
    front = solve(problem, method="labels" if refusal(problem) is None else "search")
    assert front.certificate.status is Status.COMPLETE
    return minimised(problem, front.counts)


def assert_true_of(truth: Ints, front: Front) -> None:
    """Each claim of the certificate, against the complete front ``truth`` ``(k, p)``."""
    problem, certificate = front.problem, front.certificate
    listed = minimised(problem, front.counts)
    assert (problem.evaluate(front.X) == front.counts).all()
    assert problem.violations(front.X).max(initial=0.0) <= ROW_TOLERANCE
    missed = truth[~np.any(np.all(listed[None] <= truth[:, None], axis=2), axis=1)]
    if certificate.status is Status.COMPLETE:
        assert sorted(listed.tolist()) == sorted(truth.tolist())
        assert certificate.open_regions_total == 0
        assert certificate.infeasible == (len(truth) == 0)
    assert certificate.open_regions_total == len(certificate.open_regions)
    assert_in_open_regions(missed, front)
    if certificate.epsilon is None or not len(listed):
        return
    ranges = np.maximum(np.ptp(listed, axis=0), 1)
    epsilons = np.min(np.max((listed[None] - missed[:, None]) / ranges, axis=2), axis=1)
    assert epsilons.max(initial=0.0) <= certificate.epsilon
    reference = listed.max(axis=0) + 1
    have, whole = hypervolume(listed, reference), hypervolume(truth, reference)
    assert certificate.hypervolume_missing is not None
    assert (whole - have) / whole <= certificate.hypervolume_missing + ROUNDED


def assert_in_open_regions(missed: Ints, front: Front) -> None:
    """Every missing point is at most as good as the best and better than the worst corner of an open region."""
    objectives = front.problem.objectives
    sign = np.array([-1 if o.sense == "max" else 1 for o in objectives])
    best, worst = (
        np.array([[getattr(region, end)[o.name] for o in objectives] for region in front.certificate.open_regions])
        for end in ("best", "worst")
    )
    own = np.array([[float(o.value(int(k))) for o, k in zip(objectives, y, strict=True)] for y in missed * sign])
    for y in own:
        assert len(best)
        assert np.any(np.all((best * sign <= y * sign) & (y * sign < worst * sign), axis=1))


def watched(problem: Problem, truth: Ints, method: str, stop: Stop | None) -> int:
    """Hold every checkpoint and the end of a solve against ``truth``; how many there were."""
    checked = 0

    def check(take: Callable[[], Front]) -> None:
        nonlocal checked
        checked += 1
        assert_true_of(truth, take())

    front = solve(problem, method=method, stop=stop, on_checkpoint=check)
    assert_true_of(truth, front)
    if front.certificate.stopped_by == "guarantee reached":
        assert stop is not None
        assert front.certificate.epsilon is not None
        assert front.certificate.epsilon <= stop.enough
    return checked


@pytest.fixture
def _every_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every step is a checkpoint, certificates list every open region, and labels take many passes."""
    monkeypatch.setattr(relax_engine, "LOOK", 0.0)
    monkeypatch.setattr(labels_engine, "WIDTHS", (1, 2, 4))
    monkeypatch.setattr("optimizer.solver.LISTED_REGIONS", 10**9)


@pytest.mark.usefixtures("_every_moment")
def test_half_spaces_beyond_the_range_of_machine_integers() -> None:
    problem = region_problem(123)
    assert watched(problem, complete_front(problem), "relax", Guarantee(1e-6)) > 0


@pytest.mark.usefixtures("_every_moment")
@pytest.mark.parametrize("first", range(0, REGIONS, BATCH))
def test_certificates_are_true_at_every_checkpoint(first: int) -> None:
    for seed in range(first, min(first + BATCH, REGIONS)):
        problem = region_problem(seed)
        truth, guarantee = complete_front(problem), Guarantee(GUARANTEES[seed % len(GUARANTEES)])
        assert watched(problem, truth, "search", guarantee) > 0
        assert watched(problem, truth, "search", None) > 0
        assert watched(problem, truth, "relax", guarantee) > 0
        if refusal(problem) is None:
            stages = solve(problem, method="labels").certificate.solves
            for solves in np.unique(np.linspace(0, stages + 1, LOOKS).astype(int)).tolist():
                watched(problem, truth, "labels", SolveLimit(solves))
