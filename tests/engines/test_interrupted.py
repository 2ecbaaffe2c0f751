"""Label setting stopped at any moment: ε, missing hypervolume and open regions hold against the complete front."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.cases import case
from models.problem import Problem
from optimizer import SolveLimit, Status, solve
from optimizer.engines import labels
from optimizer.engines.zones import hypervolume
from optimizer.front import Front
from optimizer.stop import Progress
from tests.engines.small import minimised

NAMES = ("knapsack-40-2", "knapsack-30-3", "plan-24-3", "knapsack-25-4", "knapsack-18-5", "plan-20-5", "knapsack-16-6")
MOMENTS = 8
"""Random moments for each case, 56 in all."""
OPCODES = 8
"""Random opcodes for each case at which Ctrl-C comes."""


@cache
def problem_of(name: str) -> Problem:
    return case(name).problem()


@cache
def complete(name: str) -> NDArray[np.int64]:
    """The complete front in minimised quanta."""
    front = solve(problem_of(name), method="labels")
    assert front.certificate.status is Status.COMPLETE
    return minimised(front.problem, front.counts)


@pytest.fixture(autouse=True)
def all_regions_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("optimizer.solver.LISTED_REGIONS", 10**9)


def assert_holds(front: Front, truth: NDArray[np.int64]) -> None:
    """The portfolios are what they say, and nothing is claimed that the complete front ``truth`` does not bear out."""
    problem, proof, listed = front.problem, front.certificate, minimised(front.problem, front.counts)
    assert proof.points == len(listed)
    if len(listed):
        assert (problem.evaluate(front.X) == front.counts).all()
        assert problem.violations(front.X).max() == 0
    missing = truth[[not np.any(np.all(listed == y, axis=1)) for y in truth]]
    assert not proof.infeasible
    if proof.status is Status.COMPLETE:
        assert not len(missing)
        assert proof.stopped_by == "complete"
        assert proof.epsilon == 0
        assert proof.open_regions_total == 0
        return
    assert proof.open_regions_total == len(proof.open_regions)
    own = minimised(problem, missing)
    best, worst = (
        np.array([list(getattr(region, end).values()) for region in proof.open_regions]).reshape(-1, truth.shape[1])
        for end in ("best", "worst")
    )
    best, worst = minimised(problem, best), minimised(problem, worst)
    for y in minimised(problem, own):
        assert np.any(np.all((best <= y) & (y < worst), axis=1)), "a missing point lies in no open region"
    if proof.epsilon is None or not len(listed):
        return
    ranges = np.maximum(np.ptp(listed, axis=0), 1)
    assert max((np.min(np.max((listed - y) / ranges, axis=1)) for y in truth), default=0) <= proof.epsilon + 1e-12
    assert proof.hypervolume_missing is not None
    reference = listed.max(axis=0) + 1
    have, most = hypervolume(listed, reference), hypervolume(truth[np.all(truth < reference, axis=1)], reference)
    assert (most - have) / most <= proof.hypervolume_missing + 1e-12


class AfterLooks:
    """Stops at the ``last`` look."""

    enough = 0.0

    def __init__(self, last: float) -> None:
        self.last, self.looks = last, 0

    def __call__(self, progress: Progress) -> str | None:
        self.looks += 1
        return "looked often enough" if self.looks >= self.last else None

    def seconds_left(self, progress: Progress) -> float:
        return math.inf


def interrupting(at: int) -> Callable[[Progress], None]:
    seen = []

    def on_progress(progress: Progress) -> None:
        seen.append(progress)
        if len(seen) == at:
            raise KeyboardInterrupt

    return on_progress


@pytest.mark.parametrize("name", NAMES)
def test_certificate_holds_at_random_moments(name: str) -> None:
    problem, truth = problem_of(name), complete(name)
    counter = AfterLooks(math.inf)
    solves = solve(problem, method="labels", stop=counter).certificate.solves
    rng = np.random.default_rng(NAMES.index(name))
    ways: tuple[Callable[[float], dict[str, Any]], ...] = (
        lambda part: {"stop": AfterLooks(1 + part * counter.looks)},
        lambda part: {"stop": SolveLimit(int(part * solves))},
        lambda part: {"on_progress": interrupting(1 + int(part * solves))},
    )
    interrupted = 0
    for moment in range(MOMENTS):
        front = solve(problem, method="labels", **ways[moment % 3](rng.random()))
        interrupted += front.certificate.stopped_by in ("looked often enough", "solve limit", "interrupt")
        assert_holds(front, truth)
    assert interrupted > MOMENTS / 2


class CtrlC:
    """Raises ``KeyboardInterrupt`` before the ``at``-th opcode that runs in a file of the ``folder``."""

    def __init__(self, folder: Path, at: float) -> None:
        self.folder, self.at, self.count = str(folder), at, 0

    def __enter__(self) -> CtrlC:
        self.before = sys.gettrace()
        sys.settrace(self._enter)
        return self

    def __exit__(self, *_: object) -> None:
        sys.settrace(self.before)

    def _enter(self, frame: FrameType, event: str, argument: object) -> Any:
        if not frame.f_code.co_filename.startswith(self.folder):
            return None
        frame.f_trace_opcodes = True
        return self._step

    def _step(self, frame: FrameType, event: str, argument: object) -> Any:
        self.count += event == "opcode"
        if self.count == self.at and event == "opcode":
            raise KeyboardInterrupt
        return self._step


@pytest.mark.parametrize("name", NAMES)
def test_ctrl_c_between_any_two_steps_leaves_a_true_certificate_or_none(name: str) -> None:
    problem, truth = problem_of(name), complete(name)
    folder = Path(labels.__file__).parent
    with CtrlC(folder, math.inf) as whole:
        solve(problem, method="labels")
    told = 0
    for at in np.random.default_rng(NAMES.index(name)).integers(1, whole.count, OPCODES):
        try:
            with CtrlC(folder, at):
                front = solve(problem, method="labels")
        except KeyboardInterrupt:
            continue  # before there was anything to keep, or after the search had ended
        told += 1
        assert_holds(front, truth)
    assert told > OPCODES / 6
