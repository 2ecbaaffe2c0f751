from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from instances import write_region
from instances.schema import Relation
from optimizer.cli import main
from tests.decide.village import village


def asked(*words: object) -> Result:
    return CliRunner().invoke(main, ["conflict", *map(str, words)])


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    members = ("road", "park")
    both = Relation(id="both", kind="at_least", members=members, amount=Decimal(2))
    one = Relation(id="one", kind="excludes", members=members)
    write_region(replace(village(), relations=(both, one)), tmp_path / "village")
    return tmp_path / "village"


def test_conflict_and_repair_in_the_words_of_the_tables(broken: Path) -> None:
    result = asked(broken)
    assert result.exit_code == 0
    assert "No portfolio keeps everything. There is 1 minimal conflict in all." in result.output
    assert "relation both: at least 2 of" in result.output
    assert "lower relations/both/amount from 2 to 1" in result.output
    assert "least, proved" in result.output


def test_json(broken: Path) -> None:
    data = json.loads(asked(broken, "--json").output)
    assert data["infeasible"]
    assert data["complete"]
    assert data["conflicts"][0]["rules"][0]["rule"] == "relations[both]"
    assert data["repairs"][0]["changes"][0] == {
        "figure": "relations/both/amount",
        "to": "1",
        "words": "lower relations/both/amount from 2 to 1",
        "share": 0.5,
    }


def test_a_feasible_region_and_wishes() -> None:
    result = asked("hamlet")
    assert result.exit_code == 0
    assert "There is no conflict: a portfolio of" in result.output
    result = asked("hamlet", "--pin", "street", "--pin", "block", "--no-repairs")
    assert "you want Gentle renewal of Salt Street (street) in the portfolio" in result.output
    assert "share" not in result.output


def test_a_run_without_a_portfolio_points_here(broken: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    solved = CliRunner().invoke(main, ["solve", str(broken), "-o", str(run), "--quiet"])
    assert solved.exit_code == 1
    assert f"growthring conflict {run}" in solved.output
    assert "relations/both/amount" in asked(run).output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--aim", "growth"], "GOAL>=VALUE"),
        (["--aim", "wealth>=3"], "no objective is called wealth"),
        (["--aim", "growth>=much"], "much is no figure"),
        (["--pin", "castle"], "no project is called castle"),
        (["--ban", "castle"], "no project is called castle"),
    ],
)
def test_faults_of_the_user(words: list[str], said: str) -> None:
    result = asked("hamlet", *words)
    assert result.exit_code == 2
    assert said in result.output


def test_no_time_is_told_as_open() -> None:
    result = asked("hamlet", "--time-limit", "0.000001")
    assert result.exit_code == 3
    assert "stayed open" in result.output
