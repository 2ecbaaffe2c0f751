"""Cost: processor seconds until ``relax`` has proved each ε, for towns of growing size; one run a size tells all."""

from __future__ import annotations

import math
import resource
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from benchmarks.cases import plan
from benchmarks.clock import Clock
from models.problem import Problem
from optimizer.certificate import percent_at_most
from optimizer.engines.relax import relax
from optimizer.stop import Progress

__all__ = ["LEVELS", "Cost", "Levels", "Reached", "cost", "costs", "table"]

LEVELS = (0.1, 0.05, 0.03, 0.02, 0.015, 0.01)
"""Every ε whose time is noted, falling; a run aims at the last one."""


@dataclass(frozen=True)
class Reached:
    """When an ε was first proved: processor seconds, and portfolios in the list by then."""

    seconds: float
    points: int


@dataclass
class Levels:
    """A stopping rule that notes when each of the ``levels`` was first proved, and ends with the last one.

    The ranges by which ε counts move with the list. So an engine that is told to stop counts ε anew and asks again:
    what holds then is noted, and if it was not the last level, the search goes on.
    """

    levels: Sequence[float]
    clock: Clock
    reached: dict[float, Reached] = field(default_factory=dict)
    _asked: bool = False

    def __call__(self, progress: Progress) -> str | None:
        if progress.epsilon > self._next():
            self._asked = False
        elif self._asked:
            self.note(progress.epsilon, progress.points)
            self._asked = False
            if len(self.reached) == len(self.levels):
                return "guarantee reached"
        else:
            self._asked = True
            return "level reached"
        return self.clock(progress)

    def note(self, epsilon: float, points: int) -> None:
        """``epsilon`` is proved now of a list of so many ``points``."""
        for level in self.levels:
            if epsilon <= level and level not in self.reached:
                self.reached[level] = Reached(self.clock.spent(), points)

    def _next(self) -> float:
        return max((level for level in self.levels if level not in self.reached), default=-1.0)

    def seconds_left(self, progress: Progress) -> float:
        return self.clock.seconds_left(progress)

    @property
    def enough(self) -> float:
        return min(self.levels)


@dataclass(frozen=True)
class Cost:
    """A run: ε at its end, which took ``seconds``; the peak memory of this process so far."""

    projects: int
    objectives: int
    reached: Mapping[float, Reached]
    epsilon: float
    seconds: float
    peak_mb: int

    def figures(self) -> dict[str, Any]:
        """Ready for JSON."""
        return asdict(self) | {"epsilon": self.epsilon if self.epsilon < math.inf else None}


def cost(problem: Problem, levels: Sequence[float] = LEVELS, limit: float = 60.0) -> Cost:
    """Run ``relax`` until the last of the ``levels`` is proved, for ``limit`` processor seconds at most."""
    rule = Levels(levels, Clock(limit))
    found = relax(problem, stop=rule)
    epsilon = found.open.epsilon() if found.Y else math.inf
    rule.note(epsilon, len(found.Y))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    p, n = problem.C.shape
    return Cost(n, p, rule.reached, epsilon, rule.clock.spent(), peak)


def costs(sizes: Sequence[int], limit: float) -> Iterator[Cost]:
    """The smallest town first, so that the peak memory is its own."""
    for size in sorted(sizes):
        yield cost(plan(size), limit=limit)


def table(found: Sequence[Cost], levels: Sequence[float] = LEVELS) -> Iterator[str]:
    """Markdown, line by line: seconds (portfolios) for each level, what was proved in the end, and memory."""
    heads = " | ".join(f"{100 * level:g} %" for level in levels)
    yield f"| projects | {heads} | in the end | MB |"
    yield "| --: |" + " --: |" * (len(levels) + 2)
    for one in found:
        cells = [f"{at.seconds:.1f} s ({at.points:,})" if (at := one.reached.get(level)) else "–" for level in levels]
        ended = f"{percent_at_most(one.epsilon)} in {one.seconds:.1f} s" if one.epsilon < math.inf else "–"
        yield f"| {one.projects:,} | {' | '.join(cells)} | {ended} | {one.peak_mb:,} |"
