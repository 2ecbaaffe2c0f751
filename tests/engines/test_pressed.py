"""A search that is not complete soon is pressed: relaxations join, and what it ends with is as true and as complete."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from models import Problem
from optimizer import Guarantee, Status, TimeLimit, solve
from optimizer.engines import search
from optimizer.engines.highs import Highs
from optimizer.engines.query import Outcome, Query, Verdict
from optimizer.engines.relaxations import Relaxations
from optimizer.parallel import Serial
from tests.engines.small import any_rows, assert_true, brute_force, minimised, random_problem


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One entry for each search that is pressed."""
    entries: list[int] = []
    begin = Relaxations.begin
    monkeypatch.setattr(Relaxations, "begin", lambda relaxations: entries.append(1) or begin(relaxations))
    return entries


@pytest.mark.parametrize("stop", [None, TimeLimit(600)])
@pytest.mark.parametrize("problem", [random_problem(1, n=9, p=3), random_problem(4, n=10), any_rows(4), any_rows(7)])
def test_a_pressed_search_ends_with_the_complete_front(
    problem: Problem, stop: TimeLimit | None, begun: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "PATIENCE", 1e-3)
    front = solve(problem, method="search", stop=stop)
    assert begun
    assert front.certificate.status is Status.COMPLETE
    assert minimised(problem, front.counts).tolist() == brute_force(problem).tolist()


def test_small_fronts_are_complete_without_relaxations(begun: list[int]) -> None:
    front = solve(random_problem(1, n=7), method="search", stop=TimeLimit(3600))
    assert front.certificate.status is Status.COMPLETE
    assert not begun
    solve(random_problem(1, n=7), method="search", stop=Guarantee(0.1))
    assert begun


class Told(Highs):
    """HiGHS that remembers what it was asked, and whose achievement queries prove nothing if they are ``vain``."""

    def __init__(self, problem: Problem, *, vain: bool = False) -> None:
        super().__init__(problem)
        self.vain, self.queries = vain, list[Query]()

    def minimize(self, query: Query) -> Outcome:
        self.queries.append(query)
        outcome = super().minimize(query)
        achieving = query.ranges is not None and query.fixed is None
        if not self.vain or not achieving or outcome.verdict is Verdict.LIMIT:
            return outcome
        return replace(outcome, verdict=Verdict.OPTIMAL, x=query.start, y=None, bound=-1e9)


def test_zones_of_which_achievement_queries_prove_nothing_are_closed_by_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Relaxations, "begin", lambda relaxations: None)  # which would prove it all
    problem = random_problem(2, n=9, p=3)
    gate = Told(problem, vain=True)
    front = solve(problem, pool=Serial(gate), stop=Guarantee(1e-6))
    asked = [query.ranges is not None for query in gate.queries]
    assert any(asked)
    assert front.certificate.epsilon is not None
    assert front.certificate.epsilon <= 1e-6
    assert not front.certificate.faults
    assert_true(problem, front.counts, front.certificate)


def test_no_query_takes_for_ever_where_the_search_may() -> None:
    problem = random_problem(2, n=9, p=3)
    gate = Told(problem)
    assert solve(problem, pool=Serial(gate)).certificate.status is Status.COMPLETE
    assert {query.seconds for query in gate.queries} <= {search.PATIENCE * 2.0**k for k in range(4)}
    assert max(query.seconds for query in gate.queries) < math.inf
