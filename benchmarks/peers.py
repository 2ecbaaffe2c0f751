"""Peers: what else computes or approximates a front, each called in the same way.

================  ====================================================================================================
``labels``        our label setting
``search``        our zone search with HiGHS, as ``solve`` sets it up: no heuristics, no restarts where rows are few
``search-plain``  the same with all of HiGHS's own settings
``pyaugmecon``    AUGMECON-R on Pyomo with HiGHS, in an environment of its own (:mod:`benchmarks.augmecon`)
``nsga2``         pymoo's NSGA-II, seeded and repaired by linear relaxations (``evolve``)
``nsga3``         pymoo's NSGA-III, the same
================  ====================================================================================================
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import highspy
import numpy as np

from models.problem import Ints, Problem
from optimizer.engines.highs import Highs
from optimizer.engines.linear import LEAN
from optimizer.front import Front
from optimizer.parallel import Serial
from optimizer.solver import solve
from optimizer.stop import TimeLimit

__all__ = ["AUGMECON", "EXACT", "HOME", "PEERS", "Answer", "install"]

AUGMECON = ("pyaugmecon==1.0.8", "highspy==1.15.1")
"""What is installed for the peer of that name; its later versions need Python 3.12."""
HOME = Path(__file__).resolve().parents[1] / ".peers"
"""Where the peers' own environment is put unless told otherwise."""
EXACT = ("labels", "search", "search-plain", "pyaugmecon")
"""Peers whose front is complete when they end by themselves."""
CELLS = 5_000_000
"""Largest grid that pyaugmecon is asked for: it lists every cell before it begins."""


@dataclass(frozen=True, eq=False)
class Answer:
    """A front: ``points`` ``(k, p)`` in minimised quanta. ``own`` are figures that replace those of this process, for a
    peer that runs in another one."""

    points: Ints
    status: str
    solves: int = 0
    labels: int = 0
    epsilon: float | None = None
    own: Mapping[str, Any] = field(default_factory=dict)


Peer = Callable[[Problem, float, Ints | None, Path], Answer]
"""Called with a problem, a limit in seconds, the complete front (minimised) if it is known, the peers' environment."""


def _answer(front: Front) -> Answer:
    proof = front.certificate
    signs = [-1 if o.sense == "max" else 1 for o in front.problem.objectives]
    return Answer(front.counts * np.array(signs), proof.stopped_by, proof.solves, proof.labels, proof.epsilon)


def _labels(problem: Problem, limit: float, known: Ints | None, home: Path) -> Answer:
    return _answer(solve(problem, method="labels", stop=TimeLimit(limit)))


def _search(problem: Problem, limit: float, known: Ints | None, home: Path) -> Answer:
    return _answer(solve(problem, method="search", stop=TimeLimit(limit)))


class _Plain(Highs):
    """HiGHS with its own heuristics and restarts."""

    def _load(self, options: Mapping[str, Any] = MappingProxyType({})) -> Any:
        fresh = highspy.Highs()
        return super()._load({name: fresh.getOptionValue(name)[1] for name in LEAN} | dict(options))


def _search_plain(problem: Problem, limit: float, known: Ints | None, home: Path) -> Answer:
    return _answer(solve(problem, pool=Serial(_Plain(problem)), stop=TimeLimit(limit)))


def _pyaugmecon(problem: Problem, limit: float, known: Ints | None, home: Path) -> Answer:
    """The peer gets the nadir point, which it cannot know, from a ``known`` front, and a grid with one cell a quantum.

    All objectives get the grid of the widest one: its rounding of slacks is right for whole steps only.
    """
    if known is None:
        return Answer(_nothing(problem), "refused: no complete front to take the nadir point from")
    python = _python(home)
    if not python.is_file():
        return Answer(_nothing(problem), "refused: not installed; python -m benchmarks peers --install")
    p = known.shape[1]
    span = int(np.ptp(known, axis=0)[1:].max(initial=1))
    if (cells := (span + 1) ** (p - 1)) > CELLS:
        return Answer(_nothing(problem), f"refused: a grid of {cells:,} cells")
    task = {
        "objectives": (-problem.costs).tolist(),
        "rows": problem.A.toarray().astype(float).tolist(),
        "low": [None if np.isinf(side) else float(side) for side in problem.row_lower],
        "high": [None if np.isinf(side) else float(side) for side in problem.row_upper],
        "lower": problem.lower.tolist(),
        "upper": problem.upper.tolist(),
        "integer": problem.integer.tolist(),
        "nadir": (-known.min(axis=0)[1:] - span).tolist(),
        "grid": span + 1,
    }
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "task.json").write_text(json.dumps(task))
        script = Path(__file__).with_name("augmecon.py")
        try:
            done = subprocess.run(
                [python, script], cwd=folder, capture_output=True, text=True, timeout=limit, check=False
            )
        except subprocess.TimeoutExpired:
            return Answer(_nothing(problem), "time limit", own={"seconds": limit})
        result = Path(folder, "result.json")
        if not result.is_file():
            last = (done.stderr.strip().splitlines() or ["no result"])[-1]
            return Answer(_nothing(problem), f"error: {last[:80]}")
        found = json.loads(result.read_text())
    points = -np.rint(np.array(found.pop("points")).reshape(-1, p)).astype(np.int64)
    return Answer(points, "complete", found.pop("solves"), own=found)


def _nothing(problem: Problem) -> Ints:
    return np.zeros((0, len(problem.objectives)), dtype=np.int64)


def _nsga2(problem: Problem, limit: float, known: Ints | None, home: Path) -> Answer:
    return _evolved(problem, limit, "nsga2")


def _nsga3(problem: Problem, limit: float, known: Ints | None, home: Path) -> Answer:
    return _evolved(problem, limit, "nsga3")


def _evolved(problem: Problem, limit: float, algorithm: str) -> Answer:
    answer = _answer(solve(problem, method="evolve", algorithm=algorithm, seed=1, stop=TimeLimit(limit)))
    return replace(answer, status="heuristic")


PEERS: dict[str, Peer] = {
    "labels": _labels,
    "search": _search,
    "search-plain": _search_plain,
    "pyaugmecon": _pyaugmecon,
    "nsga2": _nsga2,
    "nsga3": _nsga3,
}


def install(home: Path) -> Path:
    """Make the environment of the peers that need one of their own, and return its Python."""
    venv.create(home, with_pip=True, clear=True)
    python = _python(home)
    subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *AUGMECON],
        check=True,
        stdout=sys.stderr,
    )
    return python


def _python(home: Path) -> Path:
    return home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
