"""A run that was killed goes on and ends with the front of an undisturbed one; a checkpoint is whole or not there."""

from __future__ import annotations

import io
import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from instances import generate, read_region, write_region
from models import formulate
from optimizer import Status, solve
from optimizer import checkpoint as checkpoints
from optimizer.engines.found import Known
from optimizer.engines.highs import Highs
from optimizer.engines.query import Outcome, Query, Verdict
from optimizer.folders import numbered, work_folder
from optimizer.front import Front
from optimizer.job import Job
from optimizer.known import read_known, write_known
from optimizer.parallel import Serial
from optimizer.resume import reopen, resumed
from optimizer.run import Options, read_run
from optimizer.stop import AnyOf, Guarantee, SolveLimit
from optimizer.verify import verify_run
from tests.decide.village import village
from tests.engines.small import assert_true, brute_force, minimised, random_problem

EAGER = """
from optimizer import checkpoint
from optimizer.cli import main, screen
checkpoint.SECONDS, checkpoint.SHARE, screen.EVENT_SECONDS = 0.0, 1e9, 0.0
main()
"""
"""The command line with a checkpoint and an event after every step."""


def known_of(front: Front) -> Known:
    assert front.known is not None
    return front.known


@pytest.mark.parametrize("seed", range(6))
def test_a_search_stopped_anywhere_goes_on_as_if_nothing_had_been(seed: int) -> None:
    """Stopped after k solves, for every k: points, portfolios, solves and certificate are those of one solve."""
    problem = random_problem(seed, n=9)
    whole = solve(problem, method="search")
    for k in range(1, whole.certificate.solves):
        part = solve(problem, method="search", stop=SolveLimit(k))
        assert_true(problem, part.counts, part.certificate)
        rest = solve(problem, method="search", start=known_of(part))
        assert rest.certificate.status is Status.COMPLETE
        assert rest.certificate.solves == whole.certificate.solves
        assert np.array_equal(rest.counts, whole.counts)
        assert np.array_equal(rest.X, whole.X)


@pytest.mark.parametrize("seed", range(3))
def test_every_front_on_the_way_is_true_and_can_be_gone_on_from(seed: int, tmp_path: Path) -> None:
    problem = random_problem(seed, n=9)
    seen: list[Front] = []
    whole = solve(problem, method="search", on_checkpoint=lambda take: seen.append(take()))
    assert len(seen) == whole.certificate.solves
    for front in seen:
        assert_true(problem, front.counts, front.certificate)
        if front.known is not None:
            write_known(tmp_path / "state.npz", front.known, problem)
            rest = solve(problem, method="search", start=read_known(tmp_path / "state.npz", problem))
            assert np.array_equal(rest.X, whole.X)


@pytest.mark.parametrize("seed", range(3))
def test_labels_keep_what_was_known(seed: int) -> None:
    """The list never gets shorter or worse, however early the second run is stopped."""
    problem = random_problem(seed, n=12)
    truth = brute_force(problem)
    part = solve(problem, method="search", stop=SolveLimit(6))
    for steps in (1, 5, 50):
        stop = AnyOf(SolveLimit(part.certificate.solves + steps), Guarantee(0.0))
        front = solve(problem, method="labels", stop=stop, start=known_of(part))
        listed = minimised(problem, front.counts)
        assert all(np.any(np.all(listed <= y, axis=1)) for y in minimised(problem, part.counts))
        assert_true(problem, front.counts, front.certificate)
    assert minimised(problem, solve(problem, method="labels", start=known_of(part)).counts).tolist() == truth.tolist()


def test_a_failed_zone_stays_open_after_a_resume_but_that_of_a_lost_worker_is_tried_again() -> None:
    problem = random_problem(1, n=9)
    total = solve(problem, method="search").certificate.solves

    class Fails:
        calls = 0

        def __init__(self, k: int) -> None:
            self.gate, self.k = Highs(problem), k

        def minimize(self, query: Query) -> Outcome:
            self.calls += 1
            return Outcome(Verdict.ERROR, why="nonsense") if self.calls == self.k else self.gate.minimize(query)

    class Loses(Fails):
        def minimize(self, query: Query) -> Outcome:
            self.calls += 1
            if self.calls == self.k:
                raise RuntimeError("out of memory")
            return self.gate.minimize(query)

    for k in range(1, total + 1):
        part = solve(problem, pool=Serial(Fails(k)))
        rest = solve(problem, method="search", start=part.known)
        assert rest.certificate.status is not Status.COMPLETE
        assert rest.certificate.faults == part.certificate.faults
        assert_true(problem, rest.counts, rest.certificate)
        part = solve(problem, pool=Serial(Loses(k)))
        assert part.certificate.status is not Status.COMPLETE
        rest = solve(problem, method="search", start=part.known)
        assert rest.certificate.status is Status.COMPLETE
        assert_true(problem, rest.counts, rest.certificate)


def test_what_is_known_is_checked(tmp_path: Path) -> None:
    problem = random_problem(0, n=9)
    known = known_of(solve(problem, method="search", stop=SolveLimit(9)))
    path = tmp_path / "state.npz"
    write_known(path, known, problem)
    with pytest.raises(ValueError, match="another model"):
        read_known(path, random_problem(2, n=9))
    for wrong in (replace(known, Y=known.Y - 1), replace(known, X=1 - known.X)):
        write_known(path, wrong, problem)
        with pytest.raises(ValueError, match="breaks a rule or has other values"):
            read_known(path, problem)
    path.write_bytes(path.read_bytes()[:-300])
    with pytest.raises(ValueError, match="damaged"):
        read_known(path, problem)


def test_continuous_columns_survive_exactly(tmp_path: Path) -> None:
    base = random_problem(0, n=6)
    integer = np.arange(6) > 1
    C = np.where(integer, base.C, 0)
    problem = replace(base, C=C, integer=integer, row_lower=np.full(6, -np.inf), row_upper=np.full(6, np.inf))
    X = np.array([[1 / 3, 0.1, 1, 0, 1, 0]])
    known = Known(X, -problem.evaluate(X) if base.objectives[0].sense == "max" else problem.evaluate(X), {}, 3, 0.7)
    write_known(tmp_path / "state.npz", known, problem)
    assert np.array_equal(read_known(tmp_path / "state.npz", problem).X, X)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Job]:
    """A job for the village that writes a checkpoint after every step."""
    monkeypatch.setattr(checkpoints, "SECONDS", 0.0)
    monkeypatch.setattr(checkpoints, "SHARE", 1e9)
    region = village()
    problem = formulate(region, region.compared)

    def job(target: Path, **more: Any) -> Job:
        return Job(region, problem, Options(region.compared, "search"), target, "search", "asked for", **more)

    return job


class Killed(Exception):
    """Stands for whatever ends a process between two steps."""


def killed_at(k: int) -> Callable[[object], None]:
    calls = 0

    def count(_: object) -> None:
        nonlocal calls
        calls += 1
        if calls == k:
            raise Killed

    return count


def test_killed_between_any_two_steps(tmp_path: Path, small: Callable[..., Job]) -> None:
    whole, _ = small(tmp_path / "whole").run()
    wanted = (whole / "front.csv").read_bytes()
    for k in range(2, 200):
        target = tmp_path / f"run {k}"
        try:
            small(target, on_progress=killed_at(k)).run()
            break
        except Killed:
            assert not target.exists()
        assert verify_run(work_folder(target)) == []
        job, _ = resumed(target)
        job.run()
        assert (target / "front.csv").read_bytes() == wanted
        assert not work_folder(target).exists()
    assert k > 5
    assert sorted(path.name for path in whole.iterdir()) == [
        "certificate.json",
        "front.csv",
        "log.jsonl",
        "manifest.json",
        "region",
    ]


def test_a_stopped_run_can_be_taken_up_again(tmp_path: Path, small: Callable[..., Job]) -> None:
    asked = iter([False] * 3)
    job = small(tmp_path / "a", interrupted=lambda: next(asked, True))
    target, front = job.run()
    assert front.certificate.stopped_by == "interrupt"
    again, _ = resumed(target)
    reopen(target)
    assert read_run(target).folder == work_folder(target)
    _, front = again.run()
    assert front.certificate.status is Status.COMPLETE
    with pytest.raises(FileExistsError, match="nothing to go on with"):
        resumed(target)


def test_a_changed_region_is_not_gone_on_with(tmp_path: Path, small: Callable[..., Job]) -> None:
    with pytest.raises(Killed):
        small(tmp_path / "a", on_progress=killed_at(4)).run()
    with (work_folder(tmp_path / "a") / "region" / "effects.csv").open("a") as file:
        file.write("\n")
    with pytest.raises(ValueError, match=r"effects\.csv changed"):
        resumed(tmp_path / "a")


class Full:
    """A disk that is full from the ``k``-th act of writing on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, k: int) -> None:
        self.left = k
        for owner, name in ((os, "fsync"), (Path, "rename"), (Path, "replace"), (Path, "mkdir"), (os, "mkdir")):
            monkeypatch.setattr(owner, name, self._failing(getattr(owner, name)))
        real = io.open

        def opened(file: Any, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
            if set(mode) & set("wxa+"):
                self.act()
            return real(file, mode, *args, **kwargs)

        monkeypatch.setattr(io, "open", opened)
        monkeypatch.setattr("builtins.open", opened)

    def _failing(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            self.act()
            return real(*args, **kwargs)

        return call

    def act(self) -> None:
        if self.left <= 0:
            raise OSError(28, "No space left on device")
        self.left -= 1


def test_a_full_disk_costs_a_warning_and_never_the_last_checkpoint(tmp_path: Path, small: Callable[..., Job]) -> None:
    """From the k-th act of writing on nothing can be written, for k over a whole run with its checkpoints."""
    job = small(tmp_path / "whole")
    whole = solve(job.problem, method="search")
    folder = work_folder(tmp_path / "run")
    for k in range(0, 1000, 7):
        warned = list[str]()
        with pytest.MonkeyPatch.context() as monkeypatch:
            Full(monkeypatch, k)
            writer = checkpoints.Checkpoints(
                tmp_path / "run", job.region, job.problem, job.options, "search", "asked for", warned.append
            )
            writer.begin()
            front = solve(job.problem, method="search", on_checkpoint=writer)
        assert np.array_equal(front.X, whole.X)
        if not warned:
            break
        assert len(warned) == 1
        assert "No space left on device" in warned[0]
        if folder.exists():
            assert not list(folder.glob(".checkpoint*"))
            again, _ = resumed(tmp_path / "run")
            if numbered(folder):
                assert verify_run(folder) == []
            rest = solve(job.problem, method="search", start=again.start)
            assert np.array_equal(rest.X, whole.X)
            shutil.rmtree(folder)
    assert k > 60


def test_kill_9_at_random_moments(tmp_path: Path) -> None:
    """The command itself, killed again and again; every checkpoint verifies, and the front is that of one go."""
    write_region(generate(projects=20, towns=3, seed=4), tmp_path / "county")
    region = read_region(tmp_path / "county")
    problem = formulate(region, region.compared)
    whole = Job(region, problem, Options(region.compared, "search"), tmp_path / "whole", "search", "asked for").run()[0]
    words = ["solve", "county", "-o", "run", "--method", "search", "--time-limit", "inf", "--json"]
    chance = random.Random(5)
    for _ in range(2):
        process = subprocess.Popen(
            [sys.executable, "-c", EAGER, *words],
            cwd=tmp_path,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stderr is not None
        for line in process.stderr:
            if json.loads(line)["points"]:
                break
        time.sleep(chance.uniform(0, 0.3))
        process.kill()
        process.wait()
        process.stderr.close()
        if (tmp_path / "run").exists():
            break
        assert verify_run(tmp_path / "run.unfinished") == []
        words = ["resume", "run", "--json"]
    else:
        resumed(tmp_path / "run")[0].run()
    assert (tmp_path / "run" / "front.csv").read_bytes() == (whole / "front.csv").read_bytes()
