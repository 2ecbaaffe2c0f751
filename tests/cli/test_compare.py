from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from instances.schema import Budget
from instances.settings import Goal
from optimizer.certificate import Status
from optimizer.cli import main
from optimizer.run import Options, write_run
from tests.decide.village import PLANS, front, village

OPTIONS = Options(("growth", "cost"))


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    """The complete front, one that lacks two portfolios, and three repeated runs."""
    write_run(tmp_path / "exact", village(), front(), OPTIONS)
    write_run(tmp_path / "some", village(), front(Status.HEURISTIC, PLANS[:2]), OPTIONS)
    for seed, plans in enumerate((PLANS[:3], PLANS[1:], PLANS[:1])):
        write_run(tmp_path / "group" / f"seed-{seed}", village(), front(Status.HEURISTIC, plans), OPTIONS)
    return tmp_path


def compare(*words: str | Path) -> Result:
    return CliRunner().invoke(main, ["compare", *map(str, words)])


def test_in_words(runs: Path) -> None:
    said = compare(runs / "exact", runs / "some")
    assert said.exit_code == 0
    text = " ".join(said.output.split())
    assert "the list of exact is the better one" in text
    assert (
        "Of the 4 portfolios of exact, some has 2 with the very same values, beats 0 and neither has nor beats 2."
        in text
    )
    assert "some proves nothing" not in text
    assert "The input is the same." in text
    assert "Reference point" in text
    assert max(map(len, said.output.splitlines())) <= 80


def test_the_adopted_plan_as_a_front_of_one(runs: Path) -> None:
    text = " ".join(compare(runs / "exact", "--adopted").output.split())
    assert "adopted plan breaks 1 rule" in text


def test_repeated_runs_from_a_folder_and_from_a_pattern(runs: Path) -> None:
    folder = compare(runs / "exact", runs / "group")
    pattern = compare(runs / "exact", runs / "group" / "seed-*")
    assert folder.exit_code == pattern.exit_code == 0
    text = " ".join(folder.output.split())
    assert "Repeated runs: their median, then the quartiles." in text
    assert "lower quartile" in text
    assert "group is 3 runs; here 3 portfolios stand for it, those that at least half of its runs reach" in text


def test_json(runs: Path) -> None:
    data = json.loads(compare(runs / "exact", runs / "some", runs / "group", "--json").stdout)
    assert [side["name"] for side in data["sides"]] == ["exact", "some", "group"]
    assert data["scale"][0] == {
        "objective": "growth",
        "better": "more",
        "unit": "million CNY a year",
        "best": "6",
        "worst": "1.5",
        "reference": "1.05",
    }
    assert data["pairs"][0]["verdict"] == "worse"
    kinds = [entry["kind"] for entry in data["pairs"][0]["base_answered"]]
    assert kinds == ["same", "same", "lost", "lost"]


def test_tables(runs: Path) -> None:
    target = runs / "out" / "tables"
    assert compare(runs / "exact", runs / "group", "-o", target).exit_code == 0
    names = {path.name for path in target.iterdir()}
    assert {"indicators.csv", "scale.csv", "portfolios.csv", "attainment.csv", "words.txt"} <= names
    assert (target / "indicators.csv").read_text().splitlines()[1].startswith("exact,exact,4,")
    assert "exists already" in compare(runs / "exact", runs / "group", "-o", target).stderr


def test_fail_if_worse(runs: Path) -> None:
    good = compare(runs / "some", runs / "exact", "--fail-if-worse", "0.001")
    assert good.exit_code == 0
    bad = compare(runs / "exact", runs / "some", "--fail-if-worse", "0.001")
    assert bad.exit_code == 1
    assert "lost: portfolio 3 of exact" in bad.stderr
    assert "lost: portfolio 4 of exact" in bad.stderr
    assert "2 portfolios lost by more than 0.001 of the range" in bad.stderr
    assert compare(runs / "exact", runs / "some", "--fail-if-worse", "1").exit_code == 0


def test_different_objectives_are_refused(runs: Path) -> None:
    growth = Goal(maximize={"income": 2}, unit="million CNY a year")
    cost = Goal(minimize={"capital_cost": 1}, unit="million CNY")
    write_run(runs / "other", village(objectives={"growth": growth, "cost": cost}), front(), OPTIONS)
    said = compare(runs / "exact", runs / "other")
    assert said.exit_code == 2
    assert "growth: exact adds up 0.5 income, other adds up 2 income" in said.stderr


def test_a_contradiction_is_an_error(runs: Path) -> None:
    write_run(runs / "wrong", village(), front(plans=PLANS[:2]), OPTIONS)
    said = compare(runs / "exact", runs / "wrong")
    assert said.exit_code == 1
    assert "contradicted" in said.stderr


def test_changed_input(runs: Path) -> None:
    poor = replace(village(), budgets=(Budget(fund="county", amount=8),))
    write_run(runs / "poor", poor, front(Status.HEURISTIC, PLANS[1:]), OPTIONS)
    text = " ".join(compare(runs / "exact", runs / "poor").output.split())
    assert "budgets county, 1, amount: 20 → 8" in text
    assert "portfolio 1: budget: fund county" in text


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("exact",), "needs two runs"),
        (("exact", "nowhere"), "nowhere is no run folder and holds none"),
    ],
)
def test_refused(runs: Path, words: tuple[str, ...], message: str) -> None:
    said = compare(*(runs / word for word in words))
    assert said.exit_code == 2
    assert message in said.stderr


def test_no_adopted_plan(runs: Path) -> None:
    bare = replace(village(), projects=tuple(p.model_copy(update={"adopted": 0}) for p in village().projects))
    write_run(runs / "bare", bare, front(), OPTIONS)
    assert "has no adopted plan" in compare(runs / "bare", "--adopted").stderr
