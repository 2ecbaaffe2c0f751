"""solve, verify and shortlist, from the hamlet to the workbook."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from rich.cells import cell_len

from instances import write_region
from instances.schema import Relation
from optimizer import checkpoint, solver
from optimizer.certificate import Status
from optimizer.run import read_run
from optimizer.stop import Guarantee, Progress
from optimizer.verify import verify_run
from tests.cli.invoke import growthring
from tests.decide.village import front, village


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of the hamlet."""
    target = tmp_path_factory.mktemp("runs") / "hamlet"
    assert growthring("solve", "hamlet", "-o", target, "--quiet").exit_code == 0
    return target


def test_summary(tmp_path: Path) -> None:
    done = growthring("solve", "hamlet", "-o", tmp_path / "run")
    assert done.exit_code == 0
    for words in ("best growth", "best character", "compromise", "Growth alone (portfolio 1)", "Complete: these"):
        assert words in done.stdout
    assert f"Next: growthring verify {tmp_path / 'run'}" in done.stdout
    assert "10 projects" in done.stderr
    assert "Method: labels (" in done.stderr


def test_quiet_says_nothing_on_stderr(tmp_path: Path) -> None:
    assert growthring("solve", "hamlet", "-o", tmp_path / "run", "--quiet").stderr == ""


def test_json_is_one_object(tmp_path: Path) -> None:
    done = growthring("solve", "hamlet", "-o", tmp_path / "run", "--json", "--seed", "4")
    data = json.loads(done.stdout)
    assert done.stdout.count("\n") == 1
    assert data["run"] == str(tmp_path / "run")
    assert data["certificate"]["status"] == "COMPLETE"
    assert data["certificate"]["points"] == len(read_run(tmp_path / "run").listing)
    assert all(json.loads(line)["event"] == "progress" for line in done.stderr.splitlines())
    assert read_run(tmp_path / "run").manifest["seed"] == 4


def test_objectives_as_asked(tmp_path: Path) -> None:
    growthring("solve", "hamlet", "-o", tmp_path / "run", "--objectives", "cost, livability", "--quiet")
    listing = read_run(tmp_path / "run").listing
    assert [(o.name, o.sense) for o in listing.objectives] == [("cost", "min"), ("livability", "max")]
    assert listing.column(0) == tuple(sorted(listing.column(0)))


def test_without_a_target_the_next_free_name_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("hamlet", "hamlet-2"):
        assert growthring("solve", "hamlet", "--quiet").exit_code == 0
        assert (tmp_path / "runs" / name / "front.csv").is_file()


def test_evolve(tmp_path: Path) -> None:
    words = ("--method", "evolve", "--algorithm", "nsga3", "--seed", "4", "--time-limit", "1", "--quiet")
    done = growthring("solve", "hamlet", "-o", tmp_path / "run", *words)
    assert done.exit_code == 0
    assert "Heuristic:" in done.stdout
    assert "evaluations in" in done.stdout
    manifest = read_run(tmp_path / "run").manifest
    options = manifest["options"]
    assert (manifest["method"], options["algorithm"], options["population"], manifest["seed"]) == (
        "evolve",
        "nsga3",
        190,
        4,
    )
    assert verify_run(tmp_path / "run") == []


def test_evolve_finds_nothing(tmp_path: Path) -> None:
    rule = Relation(id="ten at least", kind="at_least", members=("all",), amount=Decimal(6))
    write_region(replace(village(), relations=(rule,)), tmp_path / "village")
    done = growthring("solve", tmp_path / "village", "-o", tmp_path / "run", "--method", "evolve")
    assert done.exit_code == 0
    assert "that there is none is not proved" in " ".join(done.stdout.split())
    assert not read_run(tmp_path / "run").certificate.infeasible
    assert verify_run(tmp_path / "run") == []


def test_a_region_without_any_portfolio(tmp_path: Path) -> None:
    rule = Relation(id="ten at least", kind="at_least", members=("all",), amount=Decimal(6))
    write_region(replace(village(), relations=(rule,)), tmp_path / "village")
    done = growthring("solve", tmp_path / "village", "-o", tmp_path / "run")
    assert done.exit_code == 1
    assert "No portfolio satisfies all rules" in done.stderr
    assert "No portfolio satisfies all rules; this is proved." in done.stdout
    assert read_run(tmp_path / "run").certificate.infeasible
    assert "manifest.json" in {p.name for p in (tmp_path / "run").iterdir()}
    refused = growthring("shortlist", tmp_path / "run")
    assert refused.exit_code == 2
    assert "There is no shortlist" in refused.stderr


def test_the_adopted_plan_is_compared(tmp_path: Path) -> None:
    write_region(village(), tmp_path / "village")
    done = growthring("solve", tmp_path / "village", "-o", tmp_path / "a")
    assert "The adopted plan (2 projects): growth 4.5, cost 6.5." in done.stdout
    assert "It breaks 1 of the region's rules:" in done.stdout
    assert "clinic is locked in" in done.stdout
    data = json.loads(growthring("solve", tmp_path / "village", "-o", tmp_path / "b", "--json").stdout)
    assert data["adopted"]["feasible"] is False
    assert data["adopted"]["values"] == {"growth": "4.5", "cost": "6.5"}


def test_80_columns_with_chinese_names(tmp_path: Path) -> None:
    write_region(village(), tmp_path / "village")
    done = growthring("solve", tmp_path / "village", "-o", tmp_path / "run")
    lines = done.stdout.splitlines() + growthring("shortlist", tmp_path / "run").stdout.splitlines()
    paths = str(tmp_path)
    assert any("盐场路改造工程" in line for line in lines)
    assert max(cell_len(line) for line in lines if paths not in line) <= 80


def test_interrupt_keeps_what_was_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_region(village(), tmp_path / "village")
    found = front(Status.GUARANTEE)
    stopped = replace(found, certificate=replace(found.certificate, stopped_by="interrupt"))
    monkeypatch.setattr(solver, "solve", lambda *args, **kwargs: stopped)
    done = growthring("solve", tmp_path / "village", "-o", tmp_path / "run")
    assert done.exit_code == 0
    assert "You stopped the search; what was found until then is kept." in done.stdout
    assert "Guaranteed within 3 %" in done.stdout
    assert "In units, at most: 0.135 million CNY a year of growth" in done.stdout.replace("\n", " ")
    assert read_run(tmp_path / "run").certificate.stopped_by == "interrupt"


def test_interrupt_before_anything_was_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(solver, "solve", stop)
    done = growthring("solve", "hamlet", "-o", tmp_path / "run")
    assert done.exit_code == 130
    assert list(tmp_path.iterdir()) == []


def test_verify(run: Path) -> None:
    done = growthring("verify", run)
    assert done.exit_code == 0
    assert "verified" in done.stdout
    verdict = json.loads(growthring("verify", run, "--json").stdout)
    assert verdict == {"run": str(run), "ok": True, "unfinished": False, "findings": []}


def test_verify_finds_a_changed_figure(tmp_path: Path) -> None:
    growthring("solve", "hamlet", "-o", tmp_path / "run", "--quiet")
    path = tmp_path / "run" / "front.csv"
    head, first, *rest = path.read_text(encoding="utf-8").splitlines()
    number, growth, *cells = first.split(",")
    path.write_text("\n".join([head, ",".join([number, str(int(growth) + 1), *cells]), *rest, ""]), encoding="utf-8")
    done = growthring("verify", tmp_path / "run")
    assert done.exit_code == 1
    assert "do not rely on it" in done.stderr
    assert json.loads(growthring("verify", tmp_path / "run", "--json").stdout)["ok"] is False


@pytest.mark.parametrize("command", ["verify", "shortlist"])
def test_what_is_no_run_folder_is_refused(tmp_path: Path, command: str) -> None:
    assert growthring(command, tmp_path / "none").exit_code == 2
    done = growthring(command, tmp_path)
    assert done.exit_code == 2
    assert str(tmp_path) in done.stderr


@pytest.mark.filterwarnings("ignore:.*extension is not supported")
def test_shortlist(run: Path, tmp_path: Path) -> None:
    done = growthring("shortlist", run, "-o", tmp_path / "shortlist.xlsx")
    assert done.exit_code == 0
    assert "Core: 1 project, capital cost 2 (million CNY)" in done.stdout
    assert "Proved: every class holds" in done.stdout
    assert openpyxl.load_workbook(tmp_path / "shortlist.xlsx").sheetnames[0] == "Shortlist"
    again = growthring("shortlist", run, "-o", tmp_path / "shortlist.xlsx")
    assert again.exit_code == 2
    assert "exists already" in again.stderr


def test_shortlist_json(run: Path) -> None:
    data = json.loads(growthring("shortlist", run, "--json").stdout)
    assert (data["basis"], data["portfolios"]) == ("proved", 12)
    shares = {project["project"]: project["share"] for project in data["projects"]}
    assert (shares["belt"], shares["wharf"]) == ("1", "11/12")


def test_a_shortlist_is_a_workbook(run: Path, tmp_path: Path) -> None:
    done = growthring("shortlist", run, "-o", tmp_path / "list.csv")
    assert done.exit_code == 2
    assert ".xlsx" in done.stderr


@pytest.fixture
def begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A run of the hamlet that something ended after its first checkpoint; the name it was to get."""
    monkeypatch.setattr(checkpoint, "SECONDS", 0.0)
    events = 0

    def end(progress: Progress) -> str | None:
        nonlocal events
        events += 1
        if events == 12:
            raise RuntimeError("the machine was switched off")
        return None

    with monkeypatch.context() as patched:
        patched.setattr(Guarantee, "__call__", lambda self, progress: end(progress))
        with pytest.raises(RuntimeError):
            growthring("solve", "hamlet", "-o", tmp_path / "run", "--method", "search", "--time-limit", "50", "--quiet")
    return tmp_path / "run"


def test_an_unfinished_run_is_verified_read_and_resumed(begun: Path, run: Path) -> None:
    verified = growthring("verify", begun)
    assert verified.exit_code == 0
    assert "The run is unfinished" in verified.stdout
    assert json.loads(growthring("verify", begun, "--json").stdout)["unfinished"] is True
    assert read_run(begun).certificate.stopped_by == "not finished"
    refused = growthring("solve", "hamlet", "-o", begun)
    assert refused.exit_code == 2
    assert f"growthring resume {begun}" in refused.stderr
    done = growthring("resume", begun)
    assert done.exit_code == 0
    assert "Method: search (asked for)." in done.stderr
    assert "Complete: these 10 portfolios" in done.stdout
    assert read_run(begun).listing.values == read_run(run).listing.values
    assert [path.name for path in begun.parent.iterdir()] == ["run"]
    again = growthring("resume", begun)
    assert again.exit_code == 2
    assert "nothing to go on with" in again.stderr


def test_resume_with_other_options(begun: Path) -> None:
    growthring("resume", begun, "--guarantee", "0.5", "--quiet")
    assert read_run(begun).certificate.stopped_by == "guarantee reached"
    assert (begun / "state.npz").is_file()
    used_up = growthring("resume", begun, "--time-limit", "0.001")
    assert used_up.exit_code == 2
    assert "--time-limit 0.01" in used_up.stderr
    growthring("resume", begun, "--guarantee", "0", "--quiet")
    assert read_run(begun).certificate.status is Status.COMPLETE
    assert read_run(begun).manifest["options"]["guarantee"] == 0
    assert not (begun / "state.npz").exists()


def test_what_was_not_begun_is_not_resumed(tmp_path: Path) -> None:
    assert "no run folder" in growthring("resume", tmp_path / "none").stderr


def test_a_cluster_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object, **__: object) -> None:
        raise ImportError("a cluster needs Dask, which is not installed: pip install 'growthring[dask]'")

    monkeypatch.setattr(solver, "_pool", missing)
    done = growthring("solve", "hamlet", "-o", tmp_path / "a", "--method", "search", "--cluster", "tcp://nowhere:1")
    assert done.exit_code == 2
    assert "pip install 'growthring[dask]'" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_in_a_real_process(tmp_path: Path) -> None:
    """The command itself, with a region that takes longer than anybody waits."""
    growthring("generate", "--projects", "60", "--objectives", "4", "-o", tmp_path / "big")
    command = [sys.executable, "-c", "from optimizer.cli import main; main()"]
    words = ["solve", "big", "-o", "run", "--time-limit", "inf", "--json", "--workers", "1"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        command + words, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    for line in process.stderr:
        if json.loads(line)["points"]:
            break
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    data = json.loads(said)
    assert data["certificate"]["stopped_by"] == "interrupt"
    assert data["certificate"]["status"] != "COMPLETE"
    assert len(read_run(tmp_path / "run").listing) == data["certificate"]["points"] > 0
