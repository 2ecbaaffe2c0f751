from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from instances import read_region
from instances.region import Region
from instances.schema import Budget
from models import Problem, formulate
from optimizer import Status, solve
from optimizer.decide.shortlist import Class
from optimizer.decide.sweep.axis import parse_axis
from optimizer.decide.sweep.run import sweep
from optimizer.decide.sweep.stable import stable_list
from optimizer.decide.sweep.steps import follows, within
from optimizer.engines.found import Known
from optimizer.run import Options, read_run
from optimizer.stop import SolveLimit
from tests.decide.village import village


@pytest.fixture
def hamlet() -> Region:
    return read_region("hamlet")


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("budgets/county/amount=10..14:2", ["10", "12", "14"]),
        ("budgets/county/amount=14, 10 ,10", ["10", "14"]),
        ("budgets/county/amount=50%..150%:50%", ["7", "14", "21"]),
        ("policy/green_cover=0.3..0.35:0.05", ["0.30", "0.35"]),
        ("budgets/county/amount=1..2:0.5,7", ["1", "1.5", "2", "7"]),
    ],
)
def test_axes(hamlet: Region, text: str, values: list[str]) -> None:
    assert [Decimal(value) for value in values] == list(parse_axis(hamlet, text).values)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("budgets/county/amount", "the values are missing"),
        ("budgets/country/amount=1", "did you mean"),
        ("budgets/county/amount=", "nothing is no figure"),
        ("budgets/county/amount=ten", "ten is no figure"),
        ("budgets/county/amount=10..20:0", "step above 0"),
        ("budgets/county/amount=20..10:1", "goes upwards"),
        ("budgets/county/amount=0..1:0.0001", "more than 1000 values"),
        ("budgets/county/amount=80%..20:1", "per cent"),
        ("policy/closed_chain=90%", "is empty"),
    ],
)
def test_axes_that_are_none_say_how_to_write_one(hamlet: Region, text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse_axis(hamlet, text)


def test_every_step_is_the_front_of_its_region(hamlet: Region) -> None:
    found = sweep(hamlet, ["budgets/county/amount=8..20:4"], stable=False)
    assert found.proved
    for step in found.steps:
        row = hamlet.budgets[0].model_copy(update={"amount": step.setting[0]})
        alone = solve(formulate(replace(hamlet, budgets=(row, *hamlet.budgets[1:]))))
        assert [list(values) for values in step.listing.values] == alone.values
        assert step.certificate.status is Status.COMPLETE


def test_what_a_unit_more_is_worth_and_who_enters() -> None:
    found = sweep(village(), ["budgets/county/amount=3..9:1.5"], stable=False)
    best = [step.best(0) for step in found.steps]
    assert [b.value for b in best if b is not None] == [
        Fraction(1, 2),
        Fraction(3, 2),
        Fraction(7, 2),
        Fraction(9, 2),
        Fraction(9, 2),
    ]
    assert found.gain(0, 0) is None
    assert found.gain(1, 0) == Fraction(2, 3)
    moved = {move.project: move.words for move in found.moves(1)}
    assert moved == {"park": "enters"}
    assert found.steps[1].cls("clinic") is Class.CORE
    assert found.steps[1].cls("casino") is Class.EXTERIOR


def test_less_is_better_for_what_is_minimised() -> None:
    found = sweep(village(), ["projects/clinic/capital_cost=2,3"], stable=False)
    assert found.gain(1, 1) == -1  # the cheapest plan costs one million more


def test_steps_without_a_portfolio_are_said_and_left_out_of_the_lists() -> None:
    found = sweep(village(), ["budgets/county/amount=1,2,3,4"])
    assert [step.certificate.infeasible for step in found.steps] == [True, True, False, False]
    assert found.steps[0].best(0) is None
    assert found.gain(2, 0) is None
    assert not found.moves(2)
    assert [len(stable.plans) for stable in found.stable] == [2, 2]
    assert "At 2 of them no portfolio" in found.in_words()
    assert len(found.stable_frame()) == 4


def test_a_grid_runs_over_both_figures(hamlet: Region) -> None:
    found = sweep(hamlet, ["budgets/county/amount=10,14", "policy/farmland_quota_ha=2,4,6"], stable=False)
    assert [tuple(map(int, step.setting)) for step in found.steps] == [
        (10, 2),
        (10, 4),
        (10, 6),
        (14, 2),
        (14, 4),
        (14, 6),
    ]
    before = found.before(3)
    assert before is not None
    assert before.setting == (10, 2)
    assert set(follows(found.axes, [step.setting for step in found.steps])) == {
        (0, 1), (1, 2), (3, 4), (4, 5), (0, 3), (1, 4), (2, 5),
    }  # fmt: skip


def test_a_value_that_the_data_do_not_allow_is_refused(hamlet: Region) -> None:
    with pytest.raises(ValueError, match="-1"):
        sweep(hamlet, ["budgets/county/amount=-1"])
    with pytest.raises(ValueError, match="one figure, or two different ones"):
        sweep(hamlet, ["budgets/county/amount=1", "budgets/county,1/amount=2"])


def test_a_folder_keeps_the_steps_and_goes_on(tmp_path: Path) -> None:
    target = tmp_path / "county"
    done: list[tuple[Decimal, ...]] = []
    first = sweep(
        village(),
        ["budgets/county/amount=4..7:1"],
        folder=target,
        interrupted=lambda: len(done) >= 2,
        on_step=lambda setting, _: done.append(setting),
    )
    assert len(first.steps) == 2
    assert len(first.unfinished) == 2
    assert not first.stable
    before = {path.name: path.stat().st_mtime_ns for path in target.glob("step-*")}
    assert len(before) == 2
    whole = sweep(village(), ["budgets/county/amount=4..7:1"], folder=target)
    assert not whole.unfinished
    assert len(whole.steps) == 4
    assert len(whole.stable) == 2
    assert all((target / name).stat().st_mtime_ns == time for name, time in before.items())
    fresh = sweep(village(), ["budgets/county/amount=4..7:1"])
    assert [s.listing.values for s in whole.steps] == [s.listing.values for s in fresh.steps]
    assert {p.name for p in target.iterdir() if p.is_file()} == {
        "sweep.json", "result.json", "steps.csv", "projects.csv", "stable.csv", "sweep.png",
    }  # fmt: skip
    assert read_run(target / "step-001").region.budgets[0].amount == 4


def test_a_folder_of_another_question_is_refused(tmp_path: Path) -> None:
    sweep(village(), ["budgets/county/amount=4"], folder=tmp_path / "a", stable=False)
    with pytest.raises(ValueError, match="asked something else"):
        sweep(village(), ["budgets/county/amount=5"], folder=tmp_path / "a")
    with pytest.raises(ValueError, match="as it was"):
        sweep(village(discount_rate=Decimal("0.1")), ["budgets/county/amount=4"], folder=tmp_path / "a")
    (tmp_path / "b").mkdir()
    with pytest.raises(ValueError, match="no folder of a sweep"):
        sweep(village(), ["budgets/county/amount=5"], folder=tmp_path / "b")


def test_a_looser_region_is_seen_in_the_arrays(hamlet: Region) -> None:
    row = hamlet.budgets[0]
    more = replace(hamlet, budgets=(Budget(fund="county", amount=row.amount + 1), *hamlet.budgets[1:]))
    other = replace(hamlet, relations=hamlet.relations[1:])
    narrow, wide, freer = map(formulate, (hamlet, more, other))
    assert within(narrow, wide)
    assert not within(wide, narrow)
    assert within(narrow, freer)
    assert not within(freer, narrow)
    assert not within(narrow, formulate(hamlet, hamlet.compared[:2]))


def test_a_front_that_another_step_shares_is_not_searched_for_again(hamlet: Region) -> None:
    found = sweep(hamlet, ["budgets/county/amount=100,200"], stable=False)
    assert [step.certificate.solves for step in found.steps] == [0, found.steps[1].certificate.solves]
    assert found.steps[0].listing.values == found.steps[1].listing.values
    assert found.proved


def test_known_portfolios_are_in_the_list_of_a_search_from_the_start(hamlet: Region) -> None:
    problem = formulate(hamlet)
    whole = solve(problem)
    signs = np.array([-1 if o.sense == "max" else 1 for o in problem.objectives])
    known = Known(whole.X, whole.counts * signs, {})
    again = solve(problem, method="search", start=known)
    assert again.values == whole.values
    assert again.certificate.status is Status.COMPLETE
    stopped = solve(problem, method="search", start=known, stop=SolveLimit(1))
    assert stopped.values == whole.values
    assert stopped.certificate.status is not Status.COMPLETE


def test_greedy_growth_is_not_the_best_stable_list() -> None:
    """Money 3, then 4: the best for 3 is P1 (5), to which nothing can be added; P2 first allows P2 and P3."""
    small = Problem.from_arrays([[5, 4, 3]], [[3, 2, 2]], [3])
    large = Problem.from_arrays([[5, 4, 3]], [[3, 2, 2]], [4])
    found = stable_list([small, large], [(0, 1)], {"f1": Fraction(1)})
    assert found is not None
    assert found.proved
    assert [sorted(plan) for plan in found.plans] == [["P2"], ["P2", "P3"]]
    assert (found.free, found.values, found.price) == ((5, 7), (4, 7), 1)
    assert found.price_at_least == found.price_at_most == 1


def test_there_may_be_no_stable_list() -> None:
    only_first = Problem.from_arrays([[1, 1]], [[1, 0], [0, 1]], [1, 0], row_lower=[1, 0])
    only_second = Problem.from_arrays([[1, 1]], [[1, 0], [0, 1]], [0, 1], row_lower=[0, 1])
    assert stable_list([only_first, only_second], [(0, 1)], {"f1": Fraction(1)}) is None


def test_open_fronts_are_called_open(hamlet: Region) -> None:
    found = sweep(
        hamlet, ["budgets/county/amount=13,14"], options=Options(hamlet.compared, method="search", time_limit=1e-3)
    )
    assert not found.proved
    assert "are not complete" in found.in_words()
    assert all(not stable.proved for stable in found.stable)
