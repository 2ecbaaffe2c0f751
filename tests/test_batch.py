"""Many regions: the faulty ones are told, the others are solved; what is there already is not solved again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from instances import generate, write_region
from optimizer.batch import regions_in, solve_all
from optimizer.cli import main
from optimizer.interrupt import ctrl_c
from optimizer.run import Options, read_run
from optimizer.verify import verify_run
from tests.decide.village import village


def growthring(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words], catch_exceptions=False)


@pytest.fixture
def towns(tmp_path: Path) -> Path:
    folder = tmp_path / "towns"
    for name in ("ash", "birch"):
        region = village()
        write_region(replace(region, settings=region.settings.model_copy(update={"name": name})), folder / name)
    write_region(village(), folder / "cedar.xlsx")
    (folder / "dogwood").mkdir()
    (folder / "dogwood" / "projects.csv").write_text("id\n", encoding="utf-8")
    (folder / "notes").mkdir()
    (folder / ".hidden.xlsx").write_text("", encoding="utf-8")
    return folder


def test_what_is_a_region(towns: Path) -> None:
    assert list(regions_in(towns)) == ["ash", "birch", "cedar", "dogwood"]
    write_region(village(), towns / "ash.xlsx")
    assert list(regions_in(towns)) == ["ash", "ash.xlsx", "birch", "cedar", "dogwood"]


def test_a_faulty_region_does_not_stop_the_others(towns: Path, tmp_path: Path) -> None:
    done = growthring("batch", towns, "-o", tmp_path / "runs", "--json")
    assert done.exit_code == 2
    rows = {row["region"]: row for row in json.loads(done.stdout)["regions"]}
    assert [row["status"] for row in rows.values()] == ["COMPLETE", "COMPLETE", "COMPLETE", None]
    assert "capital_cost" in rows["dogwood"]["fault"]
    assert sorted(json.loads(line)["region"] for line in done.stderr.splitlines()) == sorted(rows)
    for name in ("ash", "birch", "cedar"):
        assert verify_run(tmp_path / "runs" / name) == []
    assert {path.name for path in (tmp_path / "runs").iterdir()} == {"ash", "birch", "cedar"}


def test_the_table(towns: Path, tmp_path: Path) -> None:
    done = growthring("batch", towns, "-o", tmp_path / "runs", "--objectives", "growth,cost")
    assert done.exit_code == 2
    assert "COMPLETE" in done.stdout
    assert "4 of 4: dogwood: faults" in done.stderr
    assert "projects.csv row 1, column capital_cost" in done.stderr
    assert [o.name for o in read_run(tmp_path / "runs" / "ash").listing.objectives] == ["growth", "cost"]
    empty = growthring("batch", tmp_path / "runs", "-o", tmp_path / "more")
    assert empty.exit_code == 2
    assert "holds no region" in empty.stderr


def test_what_is_there_is_kept_unless_it_is_something_else(towns: Path, tmp_path: Path) -> None:
    solve_all(towns, tmp_path / "runs", Options(()))
    before = {name: (tmp_path / "runs" / name / "manifest.json").stat().st_mtime_ns for name in ("ash", "birch")}
    again = solve_all(towns, tmp_path / "runs", Options(()))
    assert [bool(outcome.fault) for outcome in again] == [False, False, False, True]
    after = {name: (tmp_path / "runs" / name / "manifest.json").stat().st_mtime_ns for name in ("ash", "birch")}
    assert before == after
    other = solve_all(towns, tmp_path / "runs", Options((), guarantee=0.1))
    assert all("other options" in outcome.fault for outcome in other[:3])


def test_ctrl_c_keeps_what_is_found_and_the_same_command_goes_on(tmp_path: Path) -> None:
    """The command itself, in two processes, one with a region that takes longer than anybody waits."""
    write_region(village(), tmp_path / "towns" / "quick")
    write_region(generate(projects=60, towns=5, seed=1), tmp_path / "towns" / "slow")
    (tmp_path / "towns" / "faulty").mkdir()
    (tmp_path / "towns" / "faulty" / "projects.csv").touch()
    words = ["batch", "towns", "-o", "runs", "--method", "search", "--time-limit", "inf", "--json", "--workers", "2"]
    command = "from optimizer.cli import main\nif __name__ == '__main__': main()"
    process = subprocess.Popen(
        [sys.executable, "-c", command, *words],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stderr is not None
    assert {json.loads(process.stderr.readline())["region"] for _ in range(2)} == {"faulty", "quick"}
    while not (tmp_path / "runs" / "slow.unfinished").exists():
        time.sleep(0.1)
    os.killpg(process.pid, signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    rows = {row["region"]: row for row in json.loads(out)["regions"]}
    assert process.returncode == 2
    assert rows["quick"]["status"] == "COMPLETE"
    assert "region.toml" in rows["faulty"]["fault"]
    assert rows["slow"]["status"] in ("GUARANTEE", "HEURISTIC")
    assert read_run(tmp_path / "runs" / "slow").certificate.stopped_by == "interrupt"
    assert verify_run(tmp_path / "runs" / "slow") == []


def test_ctrl_c_is_a_stopping_rule_and_pressed_twice_an_exception() -> None:
    with ctrl_c() as rule:
        assert not rule.asked()
        signal.raise_signal(signal.SIGINT)
        assert rule.asked()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
