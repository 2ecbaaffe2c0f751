"""describe: all reports in a terminal, in files and as JSON; growth alone is never left out."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from rich.cells import cell_len

from instances import write_region
from instances.schema import Relation
from optimizer.report.describe import REPORTS
from tests.cli.invoke import growthring
from tests.report.county import county


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("regions") / "county")


@pytest.fixture(scope="module")
def run(region: Path) -> Path:
    target = region.parent / "run"
    assert growthring("solve", region, "-o", target, "--quiet").exit_code == 0
    return target


def write(target: Path, **changed: object) -> Path:
    write_region(replace(county(), **changed), target)
    return target


def test_the_adopted_plan_without_a_run(region: Path) -> None:
    done = growthring("describe", region)
    assert done.exit_code == 0
    assert "Three towns: the adopted plan; 4 projects." in done.stdout
    for report in REPORTS:
        assert report.TITLE in done.stdout
    assert "The growth-only plan (5 projects) gives up 6 points of character" in done.stdout
    assert max(cell_len(line) for line in done.stdout.splitlines()) <= 80


def test_the_compromise_of_a_run(region: Path, run: Path) -> None:
    done = growthring("describe", region, "--run", run)
    assert done.exit_code == 0
    said = " ".join(done.stdout.split())
    assert f"of {run} (compromise)" in said or "compromise" in said
    assert "Complete: these" in said
    assert "The growth-only plan" in said


def test_another_portfolio_as_json(region: Path, run: Path) -> None:
    data = json.loads(growthring("describe", region, "--run", run, "--portfolio", "1", "--json").stdout)
    assert data["plan"] == data["growth_only"]
    assert set(data["reports"]) == {report.NAME for report in REPORTS}
    (lost,) = (row for row in data["reports"]["growth_only"]["rows"] if row["objective"] == "character")
    assert lost["regret_share"] == 1
    assert data["reports"]["memory"]["rows"][0]["saved"] == ["古井 Old well"]


def test_pictures_and_tables(region: Path, run: Path, tmp_path: Path) -> None:
    done = growthring("describe", region, "--run", run, "-o", tmp_path / "new" / "pictures")
    assert done.exit_code == 0
    found = {path.name for path in (tmp_path / "new" / "pictures").iterdir()}
    assert found == {f"{report.NAME}.{end}" for report in REPORTS for end in ("png", "csv")}
    again = growthring("describe", region, "-o", tmp_path / "new" / "pictures")
    assert again.exit_code == 2
    assert "exists already" in again.stderr


def test_a_region_that_can_answer_one_question_only(tmp_path: Path) -> None:
    bare = write(tmp_path / "bare", **{t: () for t in county().tables if t not in ("projects", "effects", "towns")})
    done = growthring("describe", bare)
    assert done.exit_code == 0
    assert "No report on memory: it needs rows in assets." in done.stdout
    assert "Growth alone" in done.stdout


def test_no_plan_is_adopted(tmp_path: Path) -> None:
    projects = tuple(p.model_copy(update={"adopted": 0}) for p in county().projects)
    done = growthring("describe", write(tmp_path / "idle", projects=projects))
    assert "no project at all" in done.stdout


def test_where_no_plan_keeps_all_rules_it_says_so(tmp_path: Path) -> None:
    never = Relation(id="never", kind="spend_at_least", members=("well",), amount=Decimal(4))
    none = Relation(id="none", kind="at_most", members=("well",), amount=Decimal(0))
    done = growthring("describe", write(tmp_path / "never", relations=(never, none)))
    assert done.exit_code == 0
    assert "There is no plan that keeps all rules" in done.stdout


def test_refusals(region: Path, run: Path, tmp_path: Path) -> None:
    for words, said in (
        (("--portfolio", "1"), "give its folder with --run"),
        (("--run", run, "--portfolio", "99"), "there is no portfolio 99"),
    ):
        done = growthring("describe", region, *words)
        assert done.exit_code == 2
        assert said in done.stderr
    other = write(tmp_path / "other", impacts=())
    done = growthring("describe", other, "--run", run)
    assert done.exit_code == 2
    assert "other facts" in done.stderr
