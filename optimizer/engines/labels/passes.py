"""Passes: one way through all blocks, with all labels that may matter or only with the most promising ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.problem import Floats, Ints
from optimizer.engines.labels.bounds import Bounds, StageBound
from optimizer.engines.labels.labels import Guard, Labels, grown, joined, lower_bounds, undominated
from optimizer.engines.labels.outer import gathered
from optimizer.engines.labels.stages import Stages

__all__ = ["Pass", "run_pass"]

ROOM = 1 << 17
"""Children made between two looks at the clock."""
LEAST_WIDTH = 16
SAMPLES = 4
ROUNDS = 40
"""Sets of multipliers for each stage, and steps of the ascent to each."""


@dataclass
class Pass:
    """What a pass brought: final ``costs`` ``(N, p)`` with the ``picks`` of their blocks, and the bounds ``dropped``
    ``(g, l)`` of labels it did not follow. ``labels`` are those after the blocks of ``history``, with what ``reached``
    bounds them."""

    costs: Ints
    labels: Labels
    reached: StageBound
    dropped: list[NDArray[np.int32]] = field(default_factory=list)
    stopped_by: str | None = None
    narrowed: bool = False
    history: list[tuple[NDArray[np.int32], NDArray[np.uint8]]] = field(default_factory=list)

    @classmethod
    def start(cls, stages: Stages, bounds: Bounds, p: int) -> Pass:
        """Before the first block."""
        labels = Labels.start(stages, p)
        reached = bounds.at(0, _remaining(stages, 0, labels, 1), ROUNDS)
        return cls(np.zeros((0, p), dtype=np.int64), labels, reached)

    @property
    def nbytes(self) -> int:
        """What labels and their history take."""
        return self.labels.nbytes + sum(a.nbytes + b.nbytes for a, b in self.history)

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
    width: int | None,
    memory: int,
    look: Callable[[int, int], str | None],
    begun: Pass | None = None,
    end: int | None = None,
) -> Pass:
    """Go through all blocks, or go on with the pass ``begun`` until ``end`` blocks are decided.

    Args:
        bounds: bounds in the guard's directions.
        aim: bounds in the directions in which a narrow pass chooses its labels.
        width: labels kept in each direction of ``aim``; ``None`` keeps all that pass the guard and the memory limit.
        memory: bytes that labels may take.
        look: called with the stage and its number of labels; a reason stops the pass.
    """
    result = Pass.start(stages, bounds, guard.weights.shape[1]) if begun is None else begun
    labels = result.labels
    try:
        for k in range(len(result.history), len(stages) if end is None else end):
            step = stages.steps[k]
            remaining = _remaining(stages, k, labels, SAMPLES)
            bound = bounds.at(k + 1, remaining, ROUNDS)
            chosen_by = bound if aim is bounds else None
            chunk = max(1, ROOM // len(step.cost))
            parts: list[Labels] = []
            for low in range(0, len(labels), chunk):
                if reason := look(k, len(labels)):
                    result.stopped_by = reason
                    break
                high = min(len(labels), low + chunk)
                parts.append(grown(labels, low, high, step, bound, guard, len(stages.live[k + 1])))
                spare = memory - result.nbytes
                if sum(part.nbytes for part in parts) > spare // 3:
                    chosen_by = chosen_by or aim.at(k + 1, remaining, ROUNDS)
                    parts = [undominated(joined(parts))]
                    if len(parts[0]) and parts[0].nbytes > spare // 6:
                        most = max(LEAST_WIDTH, spare // 12 // max(1, parts[0].nbytes // len(parts[0])))
                        parts = [_narrow(parts[0], chosen_by, bound, aim, guard, most // len(aim.weights), result)]
                        result.narrowed = True
            if result.stopped_by:
                break
            children = undominated(joined(parts))
            if width is not None and len(children) > width * len(aim.weights) // 4:
                chosen_by = chosen_by or aim.at(k + 1, remaining, ROUNDS)
                children = _narrow(children, chosen_by, bound, aim, guard, width, result)
            result.history.append((children.parent, children.pick))
            labels = result.labels = children
            result.reached = bound
            if len(labels) == 0:
                return result
    except KeyboardInterrupt:
        result.stopped_by = "interrupt"
    if result.stopped_by:
        result.dropped.append(gathered(lower_bounds(labels, result.reached, guard.weights, guard.shift), labels.near))
    elif len(result.history) == len(stages):
        result.costs = labels.Z.astype(np.int64)
    return result


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
