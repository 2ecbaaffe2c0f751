"""Proofs of classes: by label setting and by solving alike, and never more than was proved."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from instances import read_region
from models import formulate
from models.problem import Problem
from optimizer import SolveLimit, Status, solve
from optimizer.decide import live
from optimizer.decide.shortlist import Class, Shortlist, Verdict, proof, shortlist, ties
from optimizer.engines.highs import Highs
from optimizer.engines.highs import Verdict as Word
from optimizer.engines.query import Outcome, Query
from optimizer.exact import exact_text
from optimizer.listing import Listing

REGIONS = ("hamlet", "park", "twins")


def classes(chosen: Shortlist) -> dict[str, Class]:
    return {entry.project: entry.cls for entry in chosen.entries}


def known(name: str) -> Shortlist:
    region = read_region(name)
    return shortlist(region, solve(formulate(region), alternatives=True))


@pytest.mark.parametrize("name", REGIONS)
@pytest.mark.parametrize("way", ["counted", "choices", "solved"])
def test_ties_on_a_complete_front(name: str, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    truth, region = known(name), read_region(name)
    if way == "choices":
        monkeypatch.setattr(ties, "MOST", 0)
    if way == "solved":
        monkeypatch.setattr(proof, "all_efficient", lambda *_: None)
    found = shortlist(region, solve(formulate(region))).prove()
    assert found.proved
    assert classes(found) == classes(truth)
    assert found.portfolios == (truth.portfolios if way == "counted" else len(truth.listing))


@pytest.mark.parametrize("name", REGIONS)
def test_without_a_complete_front(name: str) -> None:
    region = read_region(name)
    problem = formulate(region)
    stopped = Listing.of(solve(problem, method="search", stop=SolveLimit(6)), region)
    picked = Listing.of(solve(problem), region).rows([0, 2])
    for listing in (stopped, picked):
        assert listing.certificate.status is not Status.COMPLETE
        found = shortlist(region, listing).prove(problem=problem)
        assert found.proved
        assert classes(found) == classes(known(name))


def test_nothing_is_claimed_without_time_or_after_ctrl_c() -> None:
    region = read_region("park")
    for stop in (None, SolveLimit(6)):
        quick = shortlist(region, solve(formulate(region), method="search", stop=stop))
        late = quick.prove(0.0)
        ended = quick.prove(60.0, interrupted=lambda: True)
        for chosen in (late, ended):
            assert not chosen.proved
            assert classes(chosen) == classes(quick)
            for entry in chosen.entries:
                assert entry.verdict is Verdict.PROVED or entry.why.count("open") == 1


def test_what_is_open_has_a_bound() -> None:
    region = read_region("park")
    whole = shortlist(region, solve(formulate(region))).prove(0.0)
    assert {entry.outside.epsilon for entry in whole.entries if entry.outside.exists is None} == {0.0}
    stopped = solve(formulate(region), method="search", stop=SolveLimit(6))
    chosen = shortlist(region, stopped).prove(0.0)
    sides = [side for entry in chosen.entries for side in (entry.inside, entry.outside) if side.exists is None]
    epsilon = stopped.certificate.epsilon
    assert epsilon is not None
    assert any(side.epsilon == epsilon for side in sides)
    assert all(side.epsilon is None or side.epsilon <= epsilon for side in sides)


class Failing(Highs):
    """Answers with an error from its call number ``good`` on."""

    good = 0
    calls = 0

    def minimize(self, query: Query) -> Outcome:
        Failing.calls += 1
        return super().minimize(query) if Failing.calls <= self.good else Outcome(Word.ERROR, why="made to fail")


@pytest.mark.parametrize("good", [0, 1, 2, 3, 5, 8, 13, 21])
def test_a_solver_that_fails_at_call_k(good: int, monkeypatch: pytest.MonkeyPatch) -> None:
    truth, region = classes(known("park")), read_region("park")
    problem = formulate(region)
    monkeypatch.setattr(live, "Highs", Failing)
    monkeypatch.setattr(proof, "all_efficient", lambda *_: None)
    monkeypatch.setattr(Failing, "good", good)
    for stop in (None, SolveLimit(6)):
        monkeypatch.setattr(Failing, "calls", 0)
        found = shortlist(region, solve(problem, method="search", stop=stop)).prove(5.0, problem=problem)
        for entry in found.entries:
            assert entry.verdict is Verdict.OPEN or entry.cls is truth[entry.project]
            for side, inside in ((entry.inside, True), (entry.outside, False)):
                if side.exists is not None:
                    opposite = Class.EXTERIOR if inside else Class.CORE
                    assert side.exists == (truth[entry.project] is not opposite)


def test_a_run_of_another_state_of_the_region_is_refused() -> None:
    region = read_region("hamlet")
    front = solve(formulate(region)).listing
    halves = tuple(tuple(value + Fraction(1, 7) for value in row) for row in front.values)
    with pytest.raises(ValueError, match="portfolio 1: growth"):
        shortlist(region, replace(front, values=halves)).prove()


def test_progress_is_told() -> None:
    region = read_region("park")
    told: list[tuple[int, int]] = []
    shortlist(region, solve(formulate(region), method="search", stop=SolveLimit(6))).prove(
        on_progress=lambda settled, projects, seconds: told.append((settled, projects))
    )
    assert told[-1] == (12, 12)
    assert [settled for settled, _ in told] == sorted(settled for settled, _ in told)


def test_a_problem_that_is_compiled_already_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    region = read_region("hamlet")
    problem = formulate(region)
    quick = shortlist(region, solve(problem))

    def never(*_: object) -> Problem:
        raise AssertionError

    monkeypatch.setattr(proof, "formulate", never)
    assert quick.prove(problem=problem).proved
    assert exact_text(quick.entries[0].share) == "1"
