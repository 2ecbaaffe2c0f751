"""Passes: one way through all blocks, with all labels that may matter or only with the most promising ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.problem import Floats, Ints
from optimizer.engines.labels.bounds import Bounds, StageBound
from optimizer.engines.labels.labels import NO_BOUND, Guard, Labels, grown, joined, lower_bounds, undominated
from optimizer.engines.labels.outer import gathered, merged
from optimizer.engines.labels.room import Room
from optimizer.engines.labels.stages import Stages
from optimizer.engines.labels.threads import Ended, Threads

__all__ = ["Pass", "Width", "run_pass"]

PART = 1 << 12
"""Most children that one thread makes in one go."""
GROUPS = 1 << 9
"""Groups of labels whose least bounds are kept in case that the pass is stopped."""
LEAST_WIDTH = 16
FORGETFUL = 1 << 20
"""Bytes of remembered choices below which nothing is forgotten."""
WORTH_LOOKING, IDLE = 0.98, 3
"""Where several rows live and a look for dominated labels spares more than this share, that many looks are left out."""
ROUNDS, LATE = 12, 10
"""Steps of the ascent to each set of multipliers. From the second stage on they are as short as after ``LATE`` steps:
the set of the stage before is near."""


@dataclass(frozen=True)
class Width:
    """How many labels a pass follows: the ``best`` in each direction, at each stage after the pass has kept ``free``
    labels in all; and the number of ``samples`` to which multipliers are fitted at each stage."""

    best: int
    samples: int
    free: float = 0


@dataclass
class Pass:
    """What a pass brought: final ``costs`` ``(N, p)`` with the ``picks`` of their blocks, and the bounds ``dropped``
    ``(g, l)`` of labels it did not follow. ``labels`` are those after the blocks of ``history``, and ``least``
    ``(g, l)`` are the least bounds of groups of them."""

    costs: Ints
    labels: Labels
    least: NDArray[np.int32]
    dropped: list[NDArray[np.int32]] = field(default_factory=list)
    stopped_by: str | None = None
    narrowed: bool = False
    history: list[tuple[NDArray[np.int32], NDArray[np.uint8]]] = field(default_factory=list)
    followed: int = 0
    idle: int = 0
    forgotten_at: int = 0

    @classmethod
    def start(cls, stages: Stages, bounds: Bounds, p: int) -> Pass:
        """Before the first block."""
        labels = Labels.start(stages, p)
        bound = bounds.at(0, _remaining(stages, 0, labels, 1), ROUNDS)
        return cls(np.zeros((0, p), dtype=np.int64), labels, lower_bounds(labels, bound, bounds.weights, bounds.shift))

    @property
    def remembered(self) -> int:
        """Bytes of what is remembered of earlier stages."""
        return sum(parent.nbytes + pick.nbytes for parent, pick in self.history)

    def picks(self, places: NDArray[Any]) -> NDArray[np.uint8]:
        """The choice in every block, in deciding order, of the final labels at ``places``; ``(k, blocks)``."""
        out = np.zeros((len(places), len(self.history)), dtype=np.uint8)
        for k in range(len(self.history) - 1, -1, -1):
            parent, pick = self.history[k]
            out[:, k] = pick[places]
            places = parent[places]
        return out

    def go_on(self, labels: Labels, least: NDArray[np.int32]) -> None:
        """Go on with ``labels``; as soon as what is remembered has doubled, forget all that came to nothing."""
        self.labels, self.least = labels, least[least[:, 0] < NO_BOUND]
        self.history.append((labels.parent, labels.pick))
        self.followed += len(labels)
        if self.remembered > 2 * self.forgotten_at + FORGETFUL:
            self._forget()
            self.forgotten_at = self.remembered

    def _forget(self) -> None:
        """Take out of each earlier stage what no label of the last one grew from."""
        history = list(self.history)
        for k in range(len(history) - 1, 0, -1):
            parent, pick = history[k]
            before, choices = history[k - 1]
            used = np.zeros(len(before), dtype=np.bool_)
            used[parent] = True
            place = np.cumsum(used, dtype=np.int32) - np.int32(1)
            history[k] = place[parent], pick
            history[k - 1] = before[used], choices[used]
        self.history = history


def run_pass(
    stages: Stages,
    bounds: Bounds,
    aim: Bounds,
    guard: Guard,
    width: Width,
    room: Room,
    look: Callable[[int, int], str | None],
    threads: Threads,
    begun: Pass | None = None,
    end: int | None = None,
) -> Pass:
    """Go through all blocks, or go on with the pass ``begun`` until ``end`` blocks are decided.

    Args:
        bounds: bounds in the guard's directions.
        aim: bounds in the directions in which a narrow pass chooses its labels.
        width: labels kept in each direction of ``aim``.
        room: the memory that labels may take.
        look: called with the stage and its number of labels after each part; a reason stops the pass.
        threads: they share the parts of a stage; the result is the same for any number of them.
    """
    result = Pass.start(stages, bounds, guard.weights.shape[1]) if begun is None else begun
    labels = result.labels
    try:
        for k in range(len(result.history), len(stages) if end is None else end):
            remaining = _remaining(stages, k, labels, width.samples)
            bound = bounds.at(k + 1, remaining, ROUNDS, LATE, threads)
            chosen_by = bound if aim is bounds else None
            q = len(stages.live[k + 1])
            chunk = max(1, min(PART, room.chunk(labels, q)) // len(stages.steps[k].cost))
            most = room.children(labels, result.remembered + 2 * bound.table.nbytes, q)
            parts: list[Labels] = []
            made = 0
            least = guard.no_bounds(GROUPS)
            for part, bounded in _parts(stages, k, labels, chunk, bound, guard, threads):
                if reason := look(k, len(labels)):
                    result.stopped_by = reason
                    break
                parts.append(part)
                made += len(part)
                np.minimum(least, bounded, out=least)
                if made > most:
                    parts = [_compared(parts, threads)]
                    if len(parts[0]) > max(most // 2, LEAST_WIDTH):
                        chosen_by = chosen_by or aim.at(k + 1, remaining, ROUNDS, threads=threads)
                        few = max(LEAST_WIDTH, most // 4) // len(aim.weights)
                        parts = [_narrow(parts[0], chosen_by, bound, aim, guard, few, room, result, threads)]
                        result.narrowed = True
                    made = len(parts[0])
            if result.stopped_by:
                break
            if result.idle > 0 and q > 1:
                result.idle -= 1
                children = joined(parts)
            else:
                before = made
                children = _compared(parts, threads)
                result.idle = IDLE if len(children) > WORTH_LOOKING * before else 0
            if result.followed >= width.free and len(children) > width.best * len(aim.weights) // 4:
                chosen_by = chosen_by or aim.at(k + 1, remaining, ROUNDS, threads=threads)
                children = _narrow(children, chosen_by, bound, aim, guard, width.best, room, result, threads)
            result.go_on(children, least)
            labels = children
            if len(labels) == 0:
                return result
    except KeyboardInterrupt:
        result.stopped_by = "interrupt"
    except Ended as ended:
        result.stopped_by = ended.reason
    if result.stopped_by:
        result.dropped.append(result.least)
    elif len(result.history) == len(stages):
        result.costs = labels.Z.astype(np.int64)
    return result


def _parts(
    stages: Stages, k: int, labels: Labels, chunk: int, bound: StageBound, guard: Guard, threads: Threads
) -> Iterator[tuple[Labels, NDArray[np.int32]]]:
    """Children of the labels after ``k`` blocks, ``chunk`` labels in each part, and their least bounds by groups."""
    step, q = stages.steps[k], len(stages.live[k + 1])

    def part(low: int) -> tuple[Labels, NDArray[np.int32]]:
        least = guard.no_bounds(GROUPS)
        return grown(labels, low, min(len(labels), low + chunk), step, bound, guard, q, least), least

    return threads.map(part, range(0, len(labels), chunk))


def _compared(parts: list[Labels], threads: Threads) -> Labels:
    """The undominated labels of ``parts``, which are given up at once to make room."""
    together = joined(parts)
    parts.clear()
    return undominated(together, threads)


def _narrow(
    labels: Labels,
    chosen_by: StageBound,
    bound: StageBound,
    aim: Bounds,
    guard: Guard,
    width: int,
    room: Room,
    result: Pass,
    threads: Threads,
) -> Labels:
    """The ``width`` best labels in every direction; the bounds of the others are noted as dropped."""
    chosen = np.zeros(len(labels), dtype=np.bool_)
    width = max(1, width)
    piece = max(room.bounded(len(aim.weights)), width)
    pieces = range(0, len(labels), piece)
    for low in pieces:
        part = labels.take(np.arange(low, min(len(labels), low + piece)))
        L = lower_bounds(part, chosen_by, aim.weights, aim.shift, threads)
        share = max(1, width // len(pieces))
        if share >= len(part):
            chosen[low : low + len(part)] = True
            continue
        for column in L.T:
            chosen[low + np.argpartition(column, share)[:share]] = True
    _note(labels.take(~chosen), bound, guard, room, result, threads)
    return labels.take(chosen)


def _note(labels: Labels, bound: StageBound, guard: Guard, room: Room, result: Pass, threads: Threads) -> None:
    """Note the bounds of ``labels`` as dropped, in the order of the corners that they reach for."""
    order = np.argsort(labels.near, kind="stable")
    piece = room.bounded(len(guard.weights))
    for low in range(0, len(labels), piece):
        part = labels.take(order[low : low + piece])
        result.dropped.append(gathered(lower_bounds(part, bound, guard.weights, guard.shift, threads), part.near))
    if sum(shells.nbytes for shells in result.dropped) > room.shells:
        result.dropped = [merged(np.vstack(result.dropped))]


def _remaining(stages: Stages, k: int, labels: Labels, samples: int) -> Floats:
    """What remains of every row ``(s, m)``: the mean over the labels after ``k`` blocks, then single labels."""
    R: NDArray[Any] = labels.R
    remaining = np.repeat(stages.capacity[None].astype(np.float64), samples, axis=0)
    live = list(stages.live[k])
    remaining[:, live] = R[np.linspace(0, len(R) - 1, samples + 1).astype(np.int64)[1:]]
    remaining[0, live] = R[:: max(1, len(R) // 4096)].mean(axis=0)
    return remaining
