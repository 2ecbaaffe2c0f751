"""A stop is obeyed at once: hardly anything is reckoned after it, however many labels there are, and all stays true."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from types import ModuleType
from typing import Any

import pytest

from models.problem import Problem
from optimizer import Status, solve
from optimizer.engines.labels import engine, exchange, join, tree
from optimizer.stop import Progress
from tests.engines.small import assert_true
from tests.engines.test_labels import hard
from tests.engines.test_labels_parts import small_pieces

labels = import_module("optimizer.engines.labels.labels")
KERNELS: list[tuple[ModuleType, str]] = [
    (labels, "_grow"),
    (labels, "_bound_all"),
    (tree, "_dominated"),
    (exchange, "_look"),
    (join, "_descend"),
]
"""What goes through labels, portfolios or pairs of them."""


@dataclass
class Clock:
    """A rule whose time is over at its look number ``end``, and what is reckoned from then on."""

    end: float = math.inf
    looks: int = 0
    phases: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    most: int = 0
    since: int = 0
    enough = 0.0

    def __call__(self, progress: Progress) -> str | None:
        self.looks, self.since = self.looks + 1, 0
        self.phases.append(progress.phase)
        return "time limit" if self.looks > self.end else None

    def seconds_left(self, progress: Progress) -> float:
        return math.inf

    def counted(self, name: str, kernel: Callable[..., Any]) -> Callable[..., Any]:
        """``kernel``, every call of which is counted."""

        def call(*given: Any) -> Any:
            self.since += 1
            self.most = max(self.most, self.since)
            if self.looks > self.end:
                self.late.append(name)
            return kernel(*given)

        return call


def run(problem: Problem, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> int:
    """Points found; the certificate is true."""
    with monkeypatch.context() as patch:
        patch.setattr(engine, "WIDTHS", (1, 2))
        for module, name in KERNELS:
            patch.setattr(module, name, clock.counted(name, getattr(module, name)))
        front = solve(problem, method="labels", stop=clock)
    assert front.certificate.stopped_by == "time limit" or front.certificate.status is Status.COMPLETE
    assert front.certificate.stopped_by == "complete" or clock.looks > clock.end
    assert_true(problem, front.counts, front.certificate)
    return len(front)


@pytest.mark.parametrize("p", [2, 3, 4, 5])
def test_nothing_goes_through_labels_after_the_stop(p: int, monkeypatch: pytest.MonkeyPatch) -> None:
    small_pieces(monkeypatch)
    monkeypatch.setattr(join, "BUDGET", 4)
    problem = hard(p, p)
    whole = Clock()
    run(problem, whole, monkeypatch)
    assert whole.looks > 80
    assert whole.most <= 3
    assert "width 1" in whole.phases
    for end in range(0, whole.looks, max(1, whole.looks // 15)):
        clock = Clock(end)
        points = run(problem, clock, monkeypatch)
        again = 1 + points // tree.LOOKED  # what was found last enters the list
        assert len(clock.late) <= again, (end, clock.late)
