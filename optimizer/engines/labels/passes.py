"""Passes: one way through all blocks, with all labels that may matter or only with the most promising ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.problem import Floats, Ints
from optimizer.engines.labels.bounds import Bounds, StageBound
from optimizer.engines.labels.labels import Guard, Labels, grown, joined, lower_bounds, undominated
from optimizer.engines.labels.outer import gathered
from optimizer.engines.labels.stages import Stages
from optimizer.engines.labels.threads import Threads

__all__ = ["Pass", "Width", "run_pass"]

PART = 1 << 14
"""Children that one thread makes in one go, between two looks at the clock."""
ROOM = 1 << 17
"""Labels whose bounds are held at the same time while the best are chosen."""
LEAST_WIDTH = 16
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
    free: int = 0


@dataclass
class Pass:
    """What a pass brought: final ``costs`` ``(N, p)`` with the ``picks`` of their blocks, and the bounds ``dropped``
    ``(g, l)`` of labels it did not follow."""

    costs: Ints
    dropped: list[NDArray[np.int32]] = field(default_factory=list)
    stopped_by: str | None = None
    narrowed: bool = False
    history: list[tuple[NDArray[np.int32], NDArray[np.uint8]]] = field(default_factory=list)
    followed: int = 0

    def picks(self, places: NDArray[Any]) -> NDArray[np.uint8]:
        """The choice in every block, in deciding order, of the final labels at ``places``; ``(k, blocks)``."""
        out = np.zeros((len(places), len(self.history)), dtype=np.uint8)
        for k in range(len(self.history) - 1, -1, -1):
            parent, pick = self.history[k]
            out[:, k] = pick[places]
            places = parent[places]
        return out


def run_pass(
    stages: Stages,
    bounds: Bounds,
    aim: Bounds,
    guard: Guard,
    width: Width,
    memory: int,
    look: Callable[[int, int], str | None],
    threads: Threads,
) -> Pass:
    """Go through all blocks.

    Args:
        bounds: bounds in the guard's directions.
        aim: bounds in the directions in which a narrow pass chooses its labels.
        width: labels kept in each direction of ``aim``.
        memory: bytes that labels may take.
        look: called with the stage and its number of labels; a reason stops the pass.
        threads: they share the parts of a stage; the result is the same for any number of them.
    """
    p = guard.weights.shape[1]
    labels = Labels.start(stages, p)
    result = Pass(np.zeros((0, p), dtype=np.int64))
    reached = bounds.at(0, _remaining(stages, 0, labels, 1), ROUNDS)
    idle = 0
    try:
        for k in range(len(stages)):
            remaining = _remaining(stages, k, labels, width.samples)
            bound = bounds.at(k + 1, remaining, ROUNDS, LATE)
            chosen_by = bound if aim is bounds else None
            parts: list[Labels] = []
            for part in _parts(stages, k, labels, bound, guard, threads):
                if reason := look(k, len(labels)):
                    result.stopped_by = reason
                    break
                parts.append(part)
                spare = memory - sum(a.nbytes + b.nbytes for a, b in result.history) - labels.nbytes
                if sum(part.nbytes for part in parts) > spare // 3:
                    chosen_by = chosen_by or aim.at(k + 1, remaining, ROUNDS)
                    parts = [undominated(joined(parts), threads)]
                    if len(parts[0]) and parts[0].nbytes > spare // 6:
                        most = max(LEAST_WIDTH, spare // 12 // max(1, parts[0].nbytes // len(parts[0])))
                        parts = [_narrow(parts[0], chosen_by, bound, aim, guard, most // len(aim.weights), result)]
                        result.narrowed = True
            if result.stopped_by:
                break
            children = joined(parts)
            if idle > 0 and len(stages.live[k + 1]) > 1:
                idle -= 1
            else:
                before, children = len(children), undominated(children, threads)
                idle = IDLE if len(children) > WORTH_LOOKING * before else 0
            if result.followed >= width.free and len(children) > width.best * len(aim.weights) // 4:
                chosen_by = chosen_by or aim.at(k + 1, remaining, ROUNDS)
                children = _narrow(children, chosen_by, bound, aim, guard, width.best, result)
            result.history.append((children.parent, children.pick))
            result.followed += len(children)
            labels, reached = children, bound
            if len(labels) == 0:
                return result
    except KeyboardInterrupt:
        result.stopped_by = "interrupt"
    if result.stopped_by:
        result.dropped.append(gathered(lower_bounds(labels, reached, guard.weights, guard.shift), labels.near))
    else:
        result.costs = labels.Z.astype(np.int64)
    return result


def _parts(
    stages: Stages, k: int, labels: Labels, bound: StageBound, guard: Guard, threads: Threads
) -> Iterator[Labels]:
    """Children of the labels after ``k`` blocks, part by part."""
    step, q = stages.steps[k], len(stages.live[k + 1])
    chunk = max(1, PART // len(step.cost))

    def part(low: int) -> Labels:
        return grown(labels, low, min(len(labels), low + chunk), step, bound, guard, q)

    return threads.map(part, range(0, len(labels), chunk))


def _narrow(
    labels: Labels, chosen_by: StageBound, bound: StageBound, aim: Bounds, guard: Guard, width: int, result: Pass
) -> Labels:
    """The ``width`` best labels in every direction; the bounds of the others are noted as dropped."""
    chosen = np.zeros(len(labels), dtype=np.bool_)
    width = max(1, width)
    piece = max(ROOM, width)
    pieces = range(0, len(labels), piece)
    for low in pieces:
        part = labels.take(np.arange(low, min(len(labels), low + piece)))
        L = lower_bounds(part, chosen_by, aim.weights, aim.shift)
        share = max(1, width // len(pieces))
        if share >= len(part):
            chosen[low : low + len(part)] = True
            continue
        for column in L.T:
            chosen[low + np.argpartition(column, share)[:share]] = True
        others = part.take(~chosen[low : low + len(part)])
        if len(others):
            result.dropped.append(gathered(lower_bounds(others, bound, guard.weights, guard.shift), others.near))
    return labels.take(chosen)


def _remaining(stages: Stages, k: int, labels: Labels, samples: int) -> Floats:
    """What remains of every row ``(s, m)``: the mean over the labels after ``k`` blocks, then single labels."""
    R: NDArray[Any] = labels.R
    remaining = np.repeat(stages.capacity[None].astype(np.float64), samples, axis=0)
    live = list(stages.live[k])
    remaining[:, live] = R[np.linspace(0, len(R) - 1, samples + 1).astype(np.int64)[1:]]
    remaining[0, live] = R[:: max(1, len(R) // 4096)].mean(axis=0)
    return remaining
