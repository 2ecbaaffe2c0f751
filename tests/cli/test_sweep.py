from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from instances import write_region
from optimizer.cli import main
from tests.decide.village import village


@pytest.fixture
def region(tmp_path: Path) -> Path:
    write_region(village(), tmp_path / "village")
    return tmp_path / "village"


def asked(*words: object) -> Result:
    return CliRunner().invoke(main, ["sweep", *map(str, words)])


def test_tables_and_words(region: Path, tmp_path: Path) -> None:
    result = asked(region, "--vary", "budgets/county/amount=3..9:3", "-o", tmp_path / "county")
    assert result.exit_code == 0
    assert "Fronts over budgets/county,1/amount" in result.output
    assert "What each unit more adds" in result.output
    assert "The front of every step is complete." in result.output
    assert (tmp_path / "county" / "sweep.png").stat().st_size > 1000
    again = asked(region, "--vary", "budgets/county/amount=3..9:3", "-o", tmp_path / "county", "--json")
    data = json.loads(again.output)
    assert [step["setting"] for step in data["steps"]] == [["3"], ["6"], ["9"]]
    assert data["steps"][0]["best"]["growth"] == {"value": 0.5, "bound": 0.5}
    assert all(stable["proved"] for stable in data["stable"])


def test_weights_get_a_list_of_their_own(region: Path, tmp_path: Path) -> None:
    words = [region, "--vary", "budgets/county/amount=4,6", "-o", tmp_path / "w", "--weights", "growth=2,cost=1/2"]
    data = json.loads(asked(*words, "--json").output)
    assert data["stable"][-1]["weights"] == {"growth": "2", "cost": "0.5"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--vary", "budgets/county=3"], "the row is missing"),
        (["--vary", "budgets/county/amount=3..1:1"], "goes upwards"),
        (["--vary", "budgets/county/amount=3", "--weights", "wealth=1"], "is called wealth"),
        (["--vary", "budgets/county/amount=3", "--weights", "growth=-1"], "not negative"),
        (["--vary", "budgets/county/amount=3", "--weights", "growth"], "is no weight"),
        (["--vary", "budgets/county/amount=-3"], "-3"),
    ],
)
def test_faults_of_the_user(region: Path, tmp_path: Path, words: list[str], said: str) -> None:
    result = asked(region, *words, "-o", tmp_path / "x")
    assert result.exit_code == 2
    assert said in result.output
    assert not (tmp_path / "x").exists()


def test_a_folder_of_something_else_is_left_alone(region: Path, tmp_path: Path) -> None:
    result = asked(region, "--vary", "budgets/county/amount=3", "-o", tmp_path)
    assert result.exit_code == 2
    assert "no folder of a sweep" in result.output
