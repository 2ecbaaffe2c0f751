"""A memory limit holds for the process, not only for the labels in it, and the certificate stays true."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from instances import write_region
from optimizer import Status, solve, solver
from optimizer.cli import main
from optimizer.engines.labels import engine
from optimizer.run import read_run
from tests.decide.village import front, village
from tests.engines.small import assert_true
from tests.engines.test_labels import hard

GROWTH = """
import sys
from pathlib import Path
import numpy as np
from models.problem import Problem
from optimizer import SolveLimit, solve
from optimizer.engines.labels import engine

engine.WIDTHS, engine.FREE, engine.EXCHANGES = (1,), 10**9, 0  # hardly anything prunes the last pass

def kilobytes(name):
    return next(int(line.split()[1]) for line in Path("/proc/self/status").open() if line.startswith(name))

def knapsacks(n):
    rng = np.random.default_rng(1)
    A = rng.integers(5, 600, (4, n))
    return Problem.from_arrays(rng.integers(1, 1000, (3, n)), A, A.sum(axis=1) // 2)

memory = int(sys.argv[1])
solve(knapsacks(16), method="labels", memory=memory)  # compiles what is not compiled yet
before = kilobytes("VmRSS")
Path("/proc/self/clear_refs").write_text("5")  # the peak counts from here
certificate = solve(knapsacks(44), method="labels", memory=memory, stop=SolveLimit(120)).certificate
print((kilobytes("VmHWM") - before) * 1024, certificate.status)
"""


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="the peak of a process is read from /proc")
def test_the_process_grows_by_no_more() -> None:
    """Without a limit it grows by more than 100 MB."""
    done = subprocess.run([sys.executable, "-c", GROWTH, "64000000"], capture_output=True, text=True, check=True)
    growth, status = done.stdout.split()
    assert 15_000_000 < int(growth) <= 64_000_000
    assert status == "GUARANTEE"


@pytest.mark.parametrize("p", [2, 3, 4, 5])
@pytest.mark.parametrize("memory", [1, 100_000, 3_000_000])
def test_tiny_limits_leave_a_true_certificate(p: int, memory: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "WIDTHS", (1, 2))
    problem = hard(20 + p, p)
    found = solve(problem, method="labels", memory=memory)
    if memory == 1:
        assert found.certificate.status is not Status.COMPLETE
        assert found.certificate.stopped_by == "memory limit"
    assert_true(problem, found.counts, found.certificate)


def test_the_summary_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = front(Status.GUARANTEE)
    narrowed = replace(found, certificate=replace(found.certificate, stopped_by="memory limit"))
    monkeypatch.setattr(solver, "solve", lambda *_, **__: narrowed)
    write_region(village(), tmp_path / "village")
    words = ["solve", str(tmp_path / "village"), "-o", str(tmp_path / "run"), "--memory", "64MB"]
    done = CliRunner().invoke(main, words, catch_exceptions=False)
    assert "At the memory limit only the best labels were followed" in done.stdout
    assert read_run(tmp_path / "run").manifest["options"]["memory"] == 64_000_000
