"""One run of one method on one case, in a process of its own, so that memory and caches are not shared."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from benchmarks.cases import Case, case
from benchmarks.peers import HOME, PEERS
from models.problem import Ints

__all__ = ["Measure", "in_new_process", "measure"]

GRACE = 120
"""Seconds beyond its limit that a process gets to start, to build the problem and to stop."""


@dataclass(frozen=True)
class Measure:
    """What a run took: ``seconds`` without start-up and compilation, ``peak_mb`` of the process with all of it.

    ``status`` is ``"complete"``, ``"heuristic"``, what stopped it, or what went wrong.
    """

    case: str
    method: str
    status: str
    columns: int = 0
    rows: int = 0
    points: int = 0
    seconds: float = 0.0
    user_seconds: float = 0.0
    solves: int = 0
    labels: int = 0
    peak_mb: int = 0
    epsilon: float | None = None

    @property
    def complete(self) -> bool:
        return self.status == "complete"


def measure(
    this: Case, method: str, limit: float, known: Ints | None = None, home: Path = HOME
) -> tuple[Measure, Ints]:
    """Run ``method`` in this process; the points are minimised quanta.

    A small problem of the same make goes first, so that nothing is compiled while the clock runs.
    """
    problem, peer = this.problem(), PEERS[method]
    if method != "pyaugmecon":  # it has nothing to compile
        peer(this.small(), 10, None, home)
    clock, user = time.perf_counter(), os.times().user
    answer = peer(problem, limit, known, home)
    figures: dict[str, Any] = {
        "seconds": time.perf_counter() - clock,
        "user_seconds": os.times().user - user,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        **answer.own,
    }
    size: dict[str, Any] = {"columns": len(problem.columns), "rows": len(problem.rows), "points": len(answer.points)}
    effort: dict[str, Any] = {"solves": answer.solves, "labels": answer.labels, "epsilon": answer.epsilon}
    return Measure(this.name, method, answer.status, **size, **effort, **figures), answer.points


def in_new_process(
    name: str,
    method: str,
    limit: float,
    known: Ints | None = None,
    home: Path = HOME,
    environment: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Measure, Ints | None]:
    """The same in a fresh process, which is ended with all its children if it does not end by itself."""
    with tempfile.TemporaryDirectory() as folder:
        task = {"name": name, "method": method, "limit": limit, "home": str(home)}
        Path(folder, "task.json").write_text(json.dumps(task))
        if known is not None:
            np.save(Path(folder, "known.npy"), known)
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.measure", folder],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **environment},
            start_new_session=True,
        )
        try:
            _, said = process.communicate(timeout=limit + GRACE)
        except subprocess.TimeoutExpired:
            return Measure(name, method, "time limit, and it did not stop", seconds=limit), None
        finally:
            _end(process)
        if process.returncode:
            last = (said.strip().splitlines() or [f"exit code {process.returncode}"])[-1]
            return Measure(name, method, f"error: {last[:120]}"), None
        figures = json.loads(Path(folder, "measure.json").read_text())
        return Measure(**figures), np.load(Path(folder, "points.npy"))


def _end(process: subprocess.Popen[str]) -> None:
    """End what is left of the process's own session."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return
    process.wait()


def main(folder: Path) -> None:
    """What the fresh process does."""
    task = json.loads((folder / "task.json").read_text())
    known = np.load(folder / "known.npy") if (folder / "known.npy").is_file() else None
    found, points = measure(case(task["name"]), task["method"], task["limit"], known, Path(task["home"]))
    np.save(folder / "points.npy", points)
    (folder / "measure.json").write_text(json.dumps(asdict(found)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
