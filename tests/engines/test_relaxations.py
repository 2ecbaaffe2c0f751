"""What relaxations prove stays true while portfolios come in; they are sought where some can be."""

from __future__ import annotations

import math

import numpy as np
import pytest

from models import Problem
from models.problem import Floats, Ints
from optimizer import Guarantee, solve
from optimizer.engines.found import Found
from optimizer.engines.relaxations import Relaxations
from optimizer.engines.rounds import Rounds
from optimizer.engines.zones import Zones, nondominated
from tests.engines.small import assert_true, random_problem
from tests.engines.test_tree import portfolios


@pytest.mark.parametrize("seed", range(8))
def test_ranges_that_shrink_while_portfolios_come_in_make_no_proof_false(seed: int) -> None:
    """An extreme point that turns out to be dominated makes a range shorter; what was proved before is in long ones."""
    problem = random_problem(seed, n=11, p=3)
    X, Y = portfolios(problem)
    zones = Zones(Y.max(axis=0) + 1, Y.min(axis=0))
    found = Found(zones)
    for i in nondominated(Y)[:3]:
        zones.add(Y[i])
        found.X.append(X[i])
        found.Y.append(Y[i])

    def shorter(x: Floats, y: Ints) -> None:
        zones.measure(np.maximum(zones.ranges / 2, 1.0))

    relaxations = Relaxations(problem, zones, found, 1e-6, shorter, lambda: False)
    relaxations.begin()
    assert relaxations._dives is not None
    relaxations._dives.wait()
    for _ in range(6):
        zones.measure(np.maximum(np.ptp(Y, axis=0), 1).astype(np.float64))
        relaxations.grow(math.inf, lambda: False)
        below = np.all(Y[None] < zones.W[:, None], axis=2)
        assert not below.any()


def test_a_tree_that_is_torn_out_of_a_step_proves_nothing_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second Ctrl-C may come in the middle of anything."""
    settled: list[int] = []

    def torn(relaxations: Relaxations, *_: object) -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr(Relaxations, "grow", torn)
    monkeypatch.setattr(Relaxations, "settle", lambda relaxations: settled.append(1))
    problem = random_problem(2, n=11, p=3)
    front = solve(problem, method="search", stop=Guarantee(1e-6))
    assert front.certificate.stopped_by == "interrupt"
    assert not settled
    assert_true(problem, front.counts, front.certificate)


def test_first_portfolios_are_sought_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows that contradict each other have none, however often it is tried."""
    asked: list[Floats] = []
    least = Rounds.least
    monkeypatch.setattr(Rounds, "least", lambda rounds, weights: asked.append(weights) or least(rounds, weights))
    problem = Problem.from_arrays([[1, 2], [2, 1]], [[1, 1], [1, 1]], [np.inf, 1], row_lower=[2, -np.inf])
    zones = Zones(np.array([9, 9]), np.array([-9, -9]))
    relaxations = Relaxations(problem, zones, Found(zones), 0.1, lambda x, y: None, lambda: False)
    relaxations.begin()
    assert relaxations._dives is not None
    relaxations._dives.wait()
    assert not any(relaxations.grow(math.inf, lambda: False) for _ in range(3))
    assert len(asked) == 2
