"""Facets hold every portfolio, lie where the hull of the list has its own, and are left out where the hull is full."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest

from models.problem import Floats, Ints, Problem
from optimizer import Guarantee, SolveLimit, TimeLimit, solve
from optimizer.engines.facets import TIE_BREAK, UNIT, Facets
from optimizer.engines.found import Found
from optimizer.engines.highs import Highs
from optimizer.engines.query import Outcome, Query, Verdict
from optimizer.engines.zones import Zones, nondominated
from optimizer.parallel import Serial
from optimizer.stop import AnyOf
from tests.engines.small import assert_true, random_problem
from tests.engines.test_tree import portfolios


def started(problem: Problem, count: int) -> tuple[Zones, Found, Ints]:
    """Zones over the first ``count`` nondominated points of ``problem``, and the points of all portfolios."""
    X, Y = portfolios(problem)
    zones = Zones(Y.max(axis=0) + 1, Y.min(axis=0))
    found = Found(zones)
    for i in nondominated(Y)[:count]:
        zones.add(Y[i])
        found.X.append(X[i])
        found.Y.append(Y[i])
    zones.measure(np.maximum(np.ptp(zones.points, axis=0), 1).astype(np.float64))
    return zones, found, Y


@pytest.mark.parametrize("seed", range(10))
def test_every_portfolio_lies_in_every_half_space_that_was_entered(seed: int) -> None:
    problem = random_problem(seed, n=11, p=3)
    zones, found, Y = started(problem, 3)
    facets, gate = Facets(zones, found), Highs(problem)
    for u, gap in zip(zones.U.copy(), zones.gaps().copy(), strict=True):
        query = facets.query(u, float(gap), 0.01, np.inf)
        if query is not None:
            facets.take(query, gate.minimize(query))
    assert all(facets.admits(y) for y in Y)
    Z = np.array(found.Y)
    needed = max(np.min(np.max((Z - y) / zones.ranges, axis=1)) for y in Y)
    assert needed <= zones.epsilon() + 1e-9


def test_weights_are_those_of_the_facet_under_the_zone() -> None:
    zones = Zones(np.array([101, 101]), np.array([0, 0]))
    found = Found(zones)
    for y in ([0, 100], [20, 40], [100, 0]):
        zones.add(np.array(y))
        found.X.append(np.zeros(1))
        found.Y.append(np.array(y))
    zones.measure(np.array([100.0, 100.0]))
    query = Facets(zones, found).query(np.array([100, 40]), 0.6, 0.01, np.inf)
    assert query is not None
    # the line through (20, 40) and (100, 0) has the normal (1, 2)
    assert query.weights / UNIT * 100 == pytest.approx([1 / 3, 2 / 3], abs=1e-6)


def test_no_facet_is_asked_for_where_the_hull_of_the_list_fills_the_zone() -> None:
    zones = Zones(np.array([101, 101]), np.array([0, 0]))
    found = Found(zones)
    for y in ([0, 100], [100, 0]):
        zones.add(np.array(y))
        found.X.append(np.zeros(1))
        found.Y.append(np.array(y))
    zones.measure(np.array([100.0, 100.0]))
    u = np.array([100, 100])  # the hull gets half as deep as the ranges
    assert Facets(zones, found).query(u, 0.6, 0.01, np.inf) is None
    assert Facets(zones, found).query(u, 1.0, 0.01, np.inf) is not None
    assert Facets(zones, found).query(np.array([101, 101]), 1.0, 0.01, np.inf) is None, "bounded nowhere"


def test_a_direction_is_asked_for_twice_at_most() -> None:
    problem = random_problem(1, n=11, p=3)
    zones, found, _ = started(problem, 3)
    facets, u = Facets(zones, found), zones.U[0].copy()
    first = facets.query(u, 9.0, 0.01, 5.0)
    assert first is not None
    assert first.seconds == 5.0
    assert facets.query(u, 9.0, 0.01, 5.0) is None, "under way"
    facets.take(first, Outcome(Verdict.LIMIT))
    again = facets.query(u, 9.0, 0.01, 5.0)
    assert again is not None
    assert again.seconds == 10.0
    facets.take(again, Outcome(Verdict.LIMIT))
    assert facets.query(u, 9.0, 0.01, 5.0) is None


def test_zones_that_a_facet_under_way_may_help_wait_for_it() -> None:
    problem = random_problem(1, n=11, p=3)
    zones, found, _ = started(problem, 4)
    facets = Facets(zones, found)
    assert not facets.waiting().any()
    worst = int(zones.gaps().argmax())
    query = facets.query(zones.U[worst].copy(), 9.0, 0.01, 5.0)
    assert query is not None
    assert facets.waiting()[worst]
    facets.take(query, Outcome(Verdict.LIMIT))
    assert not facets.waiting().any()


@pytest.mark.parametrize("outcome", [Outcome(Verdict.ERROR, bound=1e9), Outcome(Verdict.LIMIT)])
def test_an_answer_without_a_bound_proves_nothing(outcome: Outcome) -> None:
    zones, found, _ = started(random_problem(2, n=11, p=3), 3)
    before = zones.epsilon()
    facets = Facets(zones, found)
    query = facets.query(zones.U[0].copy(), 9.0, 0.01, np.inf)
    assert query is not None
    assert not facets.take(query, outcome)
    assert zones.epsilon() == before


class TooHigh(Highs):
    """Claims of every weighted query that nothing is better than the start."""

    def minimize(self, query: Query) -> Outcome:
        outcome = super().minimize(query)
        if (
            query.ranges is None
            and np.all(query.weights >= TIE_BREAK * query.weights.max())
            and query.start is not None
        ):
            return replace(outcome, x=None, y=None, bound=query.value(_point(self._problem, query.start)))
        return outcome


def _point(problem: Problem, x: Floats) -> Ints:
    y: Ints = problem.costs @ np.rint(x).astype(np.int64)
    return y


@pytest.mark.parametrize("seed", range(6))
def test_a_false_half_space_is_distrusted_once_a_portfolio_shows_it(seed: int) -> None:
    problem = random_problem(seed, n=10, p=3)
    stop = AnyOf(Guarantee(0.01), SolveLimit(200))
    front = solve(problem, method="search", stop=stop, pool=Serial(TooHigh(problem)))
    if any("ruled a portfolio out" in fault for fault in front.certificate.faults):
        assert_true(problem, front.counts, front.certificate)
        assert str(front.certificate.status) != "COMPLETE"


@pytest.mark.parametrize("seed", range(6))
def test_a_search_with_facets_keeps_its_word(seed: int) -> None:
    problem = random_problem(seed, n=12, p=3)
    for solves in (4, 6, 9, 14):
        front = solve(problem, method="search", stop=AnyOf(Guarantee(0.02), SolveLimit(solves)))
        assert_true(problem, front.counts, front.certificate)


def test_a_time_limit_that_ends_with_the_first_answer_leaves_no_time_for_cuts(monkeypatch: pytest.MonkeyPatch) -> None:
    minimize = Highs.minimize

    def late(solver: Highs, query: Query) -> Outcome:
        outcome = minimize(solver, query)
        time.sleep(0.6)
        return outcome

    monkeypatch.setattr(Highs, "minimize", late)
    problem = random_problem(3, n=12, p=3)
    front = solve(problem, method="search", stop=AnyOf(TimeLimit(0.5), Guarantee(1e-6)))
    assert front.certificate.faults == ()
    assert front.certificate.points
