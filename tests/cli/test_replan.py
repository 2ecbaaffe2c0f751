"""replan: from a run folder to the next one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rich.cells import cell_len

from instances import generate, read_region, write_region
from tests.cli.invoke import growthring


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("runs")
    write_region(generate(14, 2, 3, seed=5, mechanisms=["budget", "relations", "commitments"]), home / "region")
    assert growthring("solve", home / "region", "-o", home / "a", "--quiet").exit_code == 0
    return home / "a"


def test_the_next_round_is_a_run_of_its_own(run: Path, tmp_path: Path) -> None:
    done = growthring("replan", run, "--portfolio", "2", "-o", tmp_path / "b", "--quiet")
    assert done.exit_code == 0
    assert "What was begun, and what it still costs" in done.stdout
    assert "Going on as adopted" in " ".join(done.stdout.split())
    assert max(cell_len(line) for line in done.stdout.splitlines() if str(tmp_path) not in line) <= 80
    assert growthring("verify", tmp_path / "b").exit_code == 0
    assert read_region(tmp_path / "b" / "region").periods == 2
    again = growthring("replan", tmp_path / "b", "-o", tmp_path / "c", "--quiet", "--json")
    assert again.exit_code == 0
    found = json.loads(again.stdout)
    assert found["adopted"]["feasible"]
    assert {one["project"] for one in found["started"]}


def test_what_was_spent(run: Path, tmp_path: Path) -> None:
    plan = {p: t for p, t in _plan(run, 2).items() if t == 1}
    first = next(iter(plan))
    words = ("--portfolio", "2", "--spent", f"{first}=1", "-o", tmp_path / "b", "--quiet", "--json")
    done = growthring("replan", run, *words)
    found = json.loads(done.stdout)
    assert {one["project"]: one["spent"] for one in found["started"]}[first] == "1"


def _plan(run: Path, number: int) -> dict[str, int]:
    head, *rows = [line.split(",") for line in (run / "front.csv").read_text().splitlines()]
    row = next(row for row in rows if row[0] == str(number))
    return {name: int(cell) for name, cell in zip(head, row, strict=True) if name.startswith("P") and cell != "0"}


def test_refusals(run: Path, tmp_path: Path) -> None:
    for words, said in (
        (("--portfolio", "999"), "has no portfolio 999"),
        (("--portfolio", "1", "--year-done", "3"), "3 periods are done of 3"),
        (("--portfolio", "1", "--spent", "P01"), "is no amount"),
        (("--portfolio", "1", "--spent", "nobody=4"), "money was spent on nobody"),
        (("--portfolio", "1", "--charge", "much"), "is no amount"),
        (("--portfolio", "1", "--region", "hamlet"), "but is not among the projects of the next region"),
    ):
        done = growthring("replan", run, *words, "-o", tmp_path / "b")
        assert done.exit_code == 2
        assert said in " ".join(done.stderr.split())
        assert not (tmp_path / "b").exists()


def test_no_adopted_plan(tmp_path: Path) -> None:
    assert growthring("solve", "hamlet", "-o", tmp_path / "h", "--quiet").exit_code == 0
    done = growthring("replan", tmp_path / "h")
    assert done.exit_code == 2
    assert "which portfolio was adopted?" in done.stderr
