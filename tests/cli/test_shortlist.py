"""shortlist: proofs by default, an open count and how to go on where they take longer, and intervals."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from rich.cells import cell_len

from instances import read_region
from instances.region import Region
from models import formulate
from optimizer import SolveLimit, solve
from optimizer.cli import shortlist as shortlist_command
from optimizer.run import Options, write_run
from tests.cli.invoke import growthring


def stopped(region: Region, folder: Path) -> Path:
    front = solve(formulate(region), method="search", stop=SolveLimit(6))
    return write_run(folder, region, front, Options(region.compared))


def test_classes_are_proved_without_a_complete_front(tmp_path: Path) -> None:
    done = growthring("shortlist", stopped(read_region("park"), tmp_path / "run"))
    assert done.exit_code == 0
    assert "Proved: every class holds for all efficient portfolios" in " ".join(done.stdout.split())
    assert "To go on" not in done.stdout
    assert max(cell_len(line) for line in done.stdout.splitlines()) <= 80


def test_what_is_open_is_counted_with_the_way_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = stopped(read_region("park"), tmp_path / "run")
    monkeypatch.setattr(shortlist_command, "QUICK_SECONDS", 0.0)
    said = growthring("shortlist", run).stdout
    assert "open (?)" in said
    assert "Open for 11 projects; proved for the other 1." in " ".join(said.split())
    assert f"growthring shortlist {run} --prove" in said
    data = json.loads(growthring("shortlist", run, "--json").stdout)
    assert (data["open"], data["basis"]) == (11, "of the listed portfolios")
    data = json.loads(growthring("shortlist", run, "--prove", "--json").stdout)
    assert (data["open"], data["basis"]) == (0, "proved")
    assert {side["exists"] for entry in data["projects"] for side in (entry["inside"], entry["outside"])} == {
        True,
        False,
    }


def test_intervals(tmp_path: Path) -> None:
    region = read_region("hamlet")
    refused = growthring("shortlist", stopped(region, tmp_path / "plain"), "--intervals")
    assert refused.exit_code == 2
    assert "no effect has an interval" in refused.stderr
    wide = tuple(e.model_copy(update={"low": e.value - 2, "high": e.value + 2}) for e in region.effects)
    run = stopped(replace(region, effects=wide), tmp_path / "wide")
    done = growthring("shortlist", run, "--intervals", "-o", tmp_path / "shortlist.xlsx")
    assert "uncertain effects take (rules held to those entered)" in " ".join(done.stdout.split())
    data = json.loads(growthring("shortlist", run, "--intervals", "--json").stdout)
    assert {entry["robust_verdict"] for entry in data["projects"]} == {"proved"}
