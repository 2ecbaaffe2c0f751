"""robust: worlds, costs and reference classes on the command line."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from rich.cells import cell_len

from instances import read_region, write_region
from instances.figures import Figure, with_figure
from tests.cli.invoke import growthring


@pytest.fixture(scope="module")
def park(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return solved("park", tmp_path_factory.mktemp("runs") / "park")


def solved(region: str, target: Path) -> Path:
    assert growthring("solve", region, "-o", target, "--quiet").exit_code == 0
    return target


def test_worlds_and_costs(park: Path) -> None:
    done = growthring("robust", park)
    assert done.exit_code == 0
    said = " ".join(done.stdout.split())
    assert "w1 the county gives" in said
    assert "0 of the 14 portfolios listed keep all rules everywhere" in said
    assert "county: 25.0 there" in said
    assert "is least likely to overrun its money" in said
    assert max(cell_len(line) for line in done.stdout.splitlines()) <= 80


def test_json(park: Path) -> None:
    done = growthring("robust", park, "--json", "--tail", "0.5")
    found = json.loads(done.stdout)
    assert found["worlds"][0]["name"] == "as planned"
    assert found["tail"] == "0.5"
    assert found["samples"] == 16384
    one = found["portfolios"][0]
    assert (one["portfolio"], one["listed"], one["allowed"]) == ("1", True, 2)
    assert one["overruns"]["any"]["value"] == pytest.approx(0.617, abs=0.01)


def test_scenarios_from_a_file_and_reference_classes(park: Path, tmp_path: Path) -> None:
    file = tmp_path / "worlds.csv"
    file.write_text("scenario,figure,factor,probability\nrain,budgets/county/amount,0.9,0.4\n")
    done = growthring("robust", park, "--scenarios", file, "--uplift", "all=standard-buildings", "--correlation", "0.5")
    assert done.exit_code == 0
    said = " ".join(done.stdout.split())
    assert "w1 rain 40 %" in said
    assert "with a correlation of 0.5" in said
    assert "as HM Treasury" not in said


def test_the_classes_are_told() -> None:
    done = growthring("robust", ".", "--uplift", "list")
    assert "roads" in done.stdout
    assert "Flyvbjerg" in done.stdout


def test_refusals(park: Path, tmp_path: Path) -> None:
    hamlet = solved("hamlet", tmp_path / "hamlet")
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("scenario,figure,factor\nrain,budgets/country/amount,0.9\n")
    for words, said in (
        ((hamlet,), "nothing is uncertain in hamlet"),
        ((park, "--uplift", "industry"), "write CATEGORY=CLASS"),
        ((park, "--uplift", "industry=ships"), "no reference class is called ships"),
        ((park, "--scenarios", wrong), "budgets has no row country"),
    ):
        done = growthring("robust", *words)
        assert done.exit_code == 2
        assert said in " ".join(done.stderr.split())


def test_a_front_that_bears_an_overrun(tmp_path: Path) -> None:
    """The policy figure is a part of the model: each portfolio bears any one overrun, and verify re-adds it."""
    region = read_region("park")
    write_region(with_figure(region, Figure("policy", (), "overruns_borne"), Decimal(1)), tmp_path / "careful")
    run = solved(str(tmp_path / "careful"), tmp_path / "run")
    assert growthring("verify", run).exit_code == 0
    dear = {p.id: (p.cost_high or p.capital_cost) - p.capital_cost for p in region.projects}
    for line in (run / "front.csv").read_text().splitlines()[1:]:
        starts = line.split(",")[4:]
        chosen = [p for p, start in zip(region.projects, starts, strict=True) if start != "0"]
        assert sum(p.capital_cost for p in chosen) + max(dear[p.id] for p in chosen) <= 25
