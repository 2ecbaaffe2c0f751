"""Alternatives of a run are re-added like its front; every change is found."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from instances import read_region
from models import formulate
from optimizer import solve
from optimizer.cli import main
from optimizer.cli.amount import parse_memory
from optimizer.cli.summary import alternatives_in_words
from optimizer.run import Options, write_run
from optimizer.verify import verify_run


@pytest.fixture
def run(tmp_path: Path) -> Path:
    words = ["solve", "hamlet", "-o", str(tmp_path / "run"), "--alternatives", "--memory", "500MB", "--json"]
    done = CliRunner().invoke(main, words, catch_exceptions=False)
    data = json.loads(done.stdout)
    assert sum(data["ways"]) == len(rows(tmp_path / "run")) - 1
    assert data["more_ways_may_exist"] == []
    return tmp_path / "run"


def rows(run: Path) -> list[list[str]]:
    with (run / "alternatives.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def rewrite(run: Path, table: list[list[str]]) -> list[str]:
    text = "".join(",".join(row) + "\n" for row in table)
    (run / "alternatives.csv").write_text(text, encoding="utf-8")
    return verify_run(run)


def test_an_honest_run(run: Path) -> None:
    assert verify_run(run) == []
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["options"]["memory"] == 500_000_000
    assert manifest["options"]["alternatives"]
    assert manifest["alternatives"] == {"listed": len(rows(run)) - 1, "stopped_by": "complete", "more_may_exist": []}
    assert manifest["reductions"]["columns"] == manifest["size"]["columns"]


def test_every_change_is_found(run: Path) -> None:
    table = rows(run)
    second = next(i for i, row in enumerate(table) if row[1] == "2")
    copy = [list(row) for row in table]
    copy[second][2:] = copy[second - 1][2:]
    assert any("the same portfolio as alternative 1" in finding for finding in rewrite(run, copy))
    copy = [list(row) for row in table]
    copy[second - 1][2:], copy[second][2:] = copy[second][2:], copy[second - 1][2:]
    assert any("though it comes first" in finding for finding in rewrite(run, copy))
    copy = [list(row) for row in table]
    copy[second][2:] = ["0"] * len(copy[second][2:])
    findings = rewrite(run, copy)
    assert any("the tables give" in finding for finding in findings)
    assert any(f"alternatives.csv row {second + 1}: " in finding for finding in findings)
    assert any("manifest.json states" in finding for finding in rewrite(run, table[:second] + table[second + 1 :]))
    assert any("there is no portfolio 99" in finding for finding in rewrite(run, [*table, ["99", *table[1][1:]]]))
    assert any("whole numbers" in finding for finding in rewrite(run, [*table, ["x"]]))
    assert any("header" in finding for finding in rewrite(run, [table[0][1:], *table[1:]]))
    assert any("is missing" in finding for finding in rewrite(run, [row for row in table if row[0] != "3"]))
    assert any(
        "column alternative: 5" in finding for finding in rewrite(run, [*table[:-1], ["10", "5", *table[-1][2:]]])
    )
    assert rewrite(run, table) == []
    (run / "alternatives.csv").unlink()
    assert any("cannot be read" in finding for finding in verify_run(run))


def test_a_file_that_the_manifest_does_not_know(run: Path, tmp_path: Path) -> None:
    region = read_region("hamlet")
    other = write_run(tmp_path / "plain", region, solve(formulate(region)), Options(region.compared))
    assert verify_run(other) == []
    (other / "alternatives.csv").write_bytes((run / "alternatives.csv").read_bytes())
    assert verify_run(other) == ["alternatives.csv: manifest.json says nothing of it"]


def test_words() -> None:
    region = read_region("hamlet")
    found = solve(formulate(region), alternatives=True).alternatives
    assert found is not None
    words = alternatives_in_words(found)
    assert words.startswith("Portfolio 6 can be built in 2 ways; portfolio 7 can be built in 2 ways. There is no other")


@pytest.mark.parametrize("text", ["", "3x", "four", "-4GB", "5i", "1MB", "63999999", "4 Gi B"])
def test_bad_amounts_of_memory_tell_the_way_out(text: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="for example"):
        parse_memory(text)
    words = ["solve", "hamlet", "-o", str(tmp_path / "run"), f"--memory={text}"]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 2
    assert "for example" in done.stderr
    assert not (tmp_path / "run").exists()
