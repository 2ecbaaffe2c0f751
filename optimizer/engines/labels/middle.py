"""Meeting in the middle: labels from both ends of the order, joined where they meet.

The label sets of a pass swell until well past the middle of the blocks, and most labels there come to nothing. Coupling
(Bergman, Bodur, Cardonha & Cire 2022, for decision diagrams) spares them: labels are grown through the first blocks,
and in the same way, with bounds and guard, through the last ones in reverse order. Every nondominated point that the
list lacks is then the sum of a forward label and a backward one that fit together.

What remains of a row is cut off at what the other end can use at most, in both halves. That keeps the test exact: let
``u_f <= S_f`` and ``u_b <= S_b`` be what two labels use of a row, with the most that each half can use, ``C`` its
capacity, and ``N = min(C, S_f + S_b)``. With ``R_f = min(C - u_f, S_b)`` and ``R_b = min(C - u_b, S_f)``,

    u_f + u_b <= C   if and only if   R_f + R_b >= N.

``R_f + R_b`` is the least of ``2 C - u_f - u_b``, ``C + S_b - u_b``, ``C + S_f - u_f`` and ``S_f + S_b``. If the pair
fits, none of the four is below ``N``. Conversely, if ``N = C``, the first gives ``u_f + u_b <= C``; otherwise
``u_f + u_b <= S_f + S_b = N <= C`` anyway.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.problem import Ints
from optimizer.engines.labels.bounds import Bounds
from optimizer.engines.labels.join import Join
from optimizer.engines.labels.labels import Guard
from optimizer.engines.labels.passes import Pass, Width, run_pass
from optimizer.engines.labels.room import Room
from optimizer.engines.labels.stages import Stages, backward
from optimizer.engines.labels.threads import Threads

__all__ = ["Halves", "worth_coupling"]

FROM_OBJECTIVES = 4
ROWS = 5
"""Fewest objectives and most rows alive at once for which coupling pays."""
EVERY = Width(0, samples=4, free=math.inf)
"""All labels are followed."""


def worth_coupling(stages: Stages, p: int) -> bool:
    """Whether labels should meet in the middle.

    With fewer objectives zones prune so well that few labels are left to spare. With several rows the main one sorts
    out fewer pairs and fewer labels compare; up to five rows it was seen to pay, beyond that it was not tried.
    """
    return p >= FROM_OBJECTIVES and max(len(live) for live in stages.live) <= ROWS


class Halves:
    """Labels from both ends. Once they have met: ``costs`` ``(N, p)`` of new points with the ``picks`` of their blocks,
    and the bounds ``dropped`` ``(g, l)`` of what was not followed, as of a pass.

    Args:
        bounds: bounds in the guard's directions.
        lattice: those directions.
        ranges: ``(p,)`` largest cost of each objective.
        tables: bytes that the tables of the other end's bounds may take.
    """

    def __init__(self, stages: Stages, bounds: Bounds, lattice: Ints, ranges: Ints, tables: int) -> None:
        self.stages = (stages, backward(stages))
        self.bounds = (bounds, Bounds(self.stages[1], lattice, ranges, tables))
        p = len(ranges)
        self.halves = [Pass.start(s, b, p) for s, b in zip(self.stages, self.bounds, strict=True)]
        self.grown = 0
        self.costs: Ints = np.zeros((0, p), dtype=np.int64)
        self.pairs: Ints = np.zeros((0, 2), dtype=np.int64)
        self.dropped: list[NDArray[np.int32]] = []
        self.stopped_by: str | None = None

    @property
    def nbytes(self) -> int:
        """Bytes of the labels of both halves and of what is remembered of their earlier stages."""
        return sum(half.labels.nbytes + half.remembered for half in self.halves)

    @property
    def narrowed(self) -> bool:
        """Whether memory was too short for both halves."""
        return any(half.narrowed for half in self.halves)

    def picks(self, places: NDArray[Any]) -> NDArray[np.uint8]:
        """The choice in every block, in deciding order, of the points at ``places``; ``(k, blocks)``."""
        pairs = self.pairs[places]
        front, back = (half.picks(pairs[:, side]) for side, half in enumerate(self.halves))
        return np.hstack([front, back[:, ::-1]])

    def meet(
        self,
        guard: Guard,
        points: Ints,
        most: float,
        room: Room,
        look: Callable[[int, int], str | None],
        threads: Threads,
    ) -> bool:
        """Grow the halves until they meet, and join them; ``False`` if that takes more than ``most`` labels, or more
        than ``room``.

        The half with fewer labels grows first, which keeps the product of the two small. What was grown is kept for the
        next call.
        """
        for half in self.halves:
            half.labels.near[:] = -1
        while (side := self._next()) is not None:
            if self.grown > most:
                return False
            half = self.halves[side]
            bounds = self.bounds[side]
            end = len(half.history) + 1
            run_pass(self.stages[side], bounds, bounds, guard, EVERY, room, look, threads, half, end)
            if half.stopped_by:
                self.stopped_by, self.dropped = half.stopped_by, half.dropped
                return True
            if half.narrowed:
                return False
            self.grown += len(half.labels)
        if all(len(half.labels) for half in self.halves):
            self._join(points, look, threads)
        return True

    def _next(self) -> int | None:
        """Which half grows next; ``None`` when they have met or one of them has ended."""
        front, back = self.halves
        counts = len(front.labels), len(back.labels)
        if 0 in counts or len(front.history) + len(back.history) == len(self.stages[0]):
            return None
        return int(counts[1] < counts[0])

    def _join(self, points: Ints, look: Callable[[int, int], str | None], threads: Threads) -> None:
        front, back = self.halves
        middle = len(front.history)
        live = list(self.stages[0].live[middle])
        need = np.minimum(self.stages[0].capacity, self.stages[0].use_left[0])[live]
        join = Join(front.labels, back.labels, need, points, threads)
        self.stopped_by = join.run(lambda: look(middle, join.open))
        self.costs, self.pairs = join.found()
        if self.stopped_by:
            self.dropped = [front.least]
