"""Combine: ``relax`` as long as its ε falls, then ``search`` in the zones that it leaves open.

Relaxations bound all zones within seconds, down to what they lose by not being whole; a solver closes one zone after
the other, whatever it takes. So relaxations come first, and the zones that they leave, with all that is proved about
them, are what the search starts from.
"""

from __future__ import annotations

import math
import time
from bisect import bisect_right
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field, replace

import numpy as np

from models.problem import Problem
from optimizer.engines.finite import activity_bounds
from optimizer.engines.found import Found, Keep, Known
from optimizer.engines.relax import relax
from optimizer.engines.relax.cover import Cover
from optimizer.engines.search import arrays, search
from optimizer.engines.zones import Zones, nondominated
from optimizer.parallel import Pool
from optimizer.proof import Proof
from optimizer.stop import After, Progress, Stop

__all__ = ["handed_over", "relax_and_search"]

PATIENCE = 5.0
"""Seconds that relaxations get in any case."""
LATELY = 1 / 3
"""Share of the time so far in which ε must have fallen for them to go on,"""
FALLEN = 0.02
"""by this share of what it was."""
ZONES = 5000
"""Most open zones that are worth searching one by one."""
CELLS = 20_000_000
"""Most figures, columns times portfolios, that a search is to hold."""
STALLED = "stalled"


def relax_and_search(
    problem: Problem,
    *,
    stop: Stop,
    pool: Callable[[], Pool],
    on_progress: Callable[[Progress], None] | None = None,
    keep: Keep | None = None,
    start: Known | None = None,
) -> Found:
    """Portfolios of ``problem`` by :func:`relax` until it stalls, then by :func:`search` with what it left.

    ``pool`` makes the solvers of the search. A ``start`` from the time of the search is gone on with there; one from
    before adds its portfolios to those that are found anew.
    """
    began = time.perf_counter()
    solves, proof, faults = 0, None, []
    if start is None or not start.arrays:
        relaxed = relax(problem, stop=_WhileFalling(stop, len(problem.columns)), on_progress=on_progress, keep=keep)
        zones, points = relaxed.open.count, len(relaxed.Y)
        if relaxed.stopped_by != STALLED or not _worth_searching(zones, points, len(problem.columns)):
            return relaxed
        start = handed_over(problem, relaxed, start) if points else start
        solves, proof, faults = relaxed.solves, relaxed.proof, relaxed.faults
    with closing(pool()) as answering:
        earlier = After(stop, time.perf_counter() - began, solves)

        def whole(found: Found) -> Found:
            return replace(
                found,
                seconds=found.seconds + earlier.seconds,
                solves=found.solves + earlier.solves,
                proof=_with_zones(proof, found),
                faults=[*faults, *found.faults],
            )

        found = search(
            problem,
            stop=earlier,
            pool=answering,
            on_progress=None if on_progress is None else lambda progress: on_progress(earlier.total(progress)),
            keep=None if keep is None else lambda take: keep(lambda: whole(take())),
            start=start,
        )
        return whole(found)


@dataclass
class _WhileFalling:
    """``rule``, and "stalled" as soon as ε has not fallen lately; for one run of relaxations, which it remembers.

    ``seen`` are seconds with the least ε until then.
    """

    rule: Stop
    columns: int
    seen: list[tuple[float, float]] = field(default_factory=list)

    def __call__(self, progress: Progress) -> str | None:
        if reason := self.rule(progress):
            return reason
        seconds, epsilon = progress.seconds, progress.epsilon
        if not self.seen or seconds >= self.seen[-1][0] + 0.1:
            self.seen.append((seconds, min(epsilon, self.seen[-1][1] if self.seen else math.inf)))
        if seconds < PATIENCE or not _worth_searching(progress.open_regions, progress.points, self.columns):
            return None
        place = bisect_right(self.seen, (seconds * (1 - LATELY), math.inf))
        before = self.seen[place - 1][1] if place else math.inf
        return STALLED if before < 1 and epsilon > before * (1 - FALLEN) else None

    def seconds_left(self, progress: Progress) -> float:
        return self.rule.seconds_left(progress)

    @property
    def enough(self) -> float:
        return self.rule.enough


def _worth_searching(zones: int, points: int, columns: int) -> bool:
    return zones <= ZONES and points * columns <= CELLS


def _with_zones(proof: Proof | None, found: Found) -> Proof | None:
    """``proof`` with what the search proved besides; ``None`` if corners do not tell what is left."""
    zones = found.open
    if proof is None or not isinstance(zones, Zones) or zones.aside:
        return None
    return replace(proof, told=zones.W.tolist())


def handed_over(problem: Problem, found: Found, start: Known | None = None) -> Known:
    """The list and the open zones of ``relax``, as a search of the same problem would have left them.

    That a zone ``u`` has the gap ``ε`` proves that nothing lies below ``u - ε r``, so that the search begins with the ε
    that ``relax`` ended with. Portfolios known from the ``start`` are added.
    """
    cover = found.open
    assert isinstance(cover, Cover)
    for x, y in zip(start.X, start.Y, strict=True) if start else ():
        if cover.add(y):
            found.X.append(x)
            found.Y.append(y)
    Y = np.array(found.Y, dtype=np.int64)
    keep = nondominated(Y)
    ranges = np.maximum(np.ptp(Y[keep], axis=0), 1).astype(np.float64)
    cover.measure(ranges)
    low, high = activity_bounds(problem.costs, problem)
    zones, (U, gaps) = Zones(high + 1, low), cover.open()
    depth = gaps[:, None] * ranges
    known = np.all(np.isfinite(depth), axis=1)
    zones.U, zones.tries = U, np.zeros(len(U), dtype=np.int64)
    zones.W = np.vstack([zones.proof(U[known], depth[known]), zones.W])
    zones.points, zones.ranges = Y[keep], ranges
    return Known(np.array(found.X, dtype=np.float64)[keep], Y[keep], arrays(zones), seconds=found.seconds)
