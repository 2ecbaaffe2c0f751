"""Stages: the blocks in an order, and which rows a label must remember after each of them.

A row lives from the first block that uses it to the last. Before that all of it remains, afterwards it no longer
matters.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.problem import Floats, Ints
from optimizer.engines.labels.model import Choices, Model

__all__ = ["Stages", "Step", "backward", "stages"]

Array = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Step:
    """Deciding one block: what its ``o`` choices do to the ``c`` rows that live before or after, or that it uses.

    ``source`` is a row's place in a label before the step, or -1: untouched, all of its capacity ``start`` remains.
    ``target`` is its place afterwards, or -1: done with. More than ``limit`` can no longer be used, and is cut off.
    """

    cost: Array
    use: Array
    source: Array
    start: Array
    target: Array
    limit: Array


@dataclass(frozen=True, eq=False)
class Stages:
    """The model in deciding order. ``live[k]`` are the rows a label holds after ``k`` blocks, the main row first."""

    blocks: tuple[Choices, ...]
    capacity: Ints
    use_left: Ints
    live: tuple[tuple[int, ...], ...]
    steps: tuple[Step, ...]
    main: int
    dtype: type[np.signedinteger[Any]]

    def __len__(self) -> int:
        return len(self.blocks)


def stages(model: Model, worth: Floats) -> Stages:
    """Stages of ``model``; ``worth`` ``(p,)`` weighs the objectives when blocks are ordered.

    The row that the most blocks use is the main one. Rows of few blocks are closed one after the other, those with the
    fewest undecided blocks first; within a row, and where one row is left, blocks go by falling worth of what they save
    to the share of the capacities that saving takes.
    """
    capacity, blocks = model.capacity, model.blocks
    if len(capacity) == 0:
        capacity = np.zeros(1, dtype=np.int64)
        blocks = tuple(Choices(b.block, b.cost, np.zeros((len(b.cost), 1), dtype=np.int64)) for b in blocks)
    most = np.array([b.use.max(axis=0) for b in blocks]).reshape(len(blocks), len(capacity))
    main = int(np.lexsort((-most.sum(axis=0) / np.maximum(capacity, 1), -(most > 0).sum(axis=0)))[0])
    order = _order(blocks, most, capacity, worth, main)
    return _in_order(tuple(blocks[b] for b in order), capacity, main)


def backward(forward: Stages) -> Stages:
    """The same blocks from the last to the first. After ``n - k`` of them the same rows live as ``forward`` holds after
    ``k`` blocks, in the same places."""
    return _in_order(forward.blocks[::-1], forward.capacity, forward.main)


def _in_order(blocks: tuple[Choices, ...], capacity: Ints, main: int) -> Stages:
    most = np.array([b.use.max(axis=0) for b in blocks])
    n, m = most.shape
    use_left = np.zeros((n + 1, m), dtype=np.int64)
    use_left[:n] = most[::-1].cumsum(axis=0)[::-1]
    first = np.argmax(most > 0, axis=0)
    last = n - 1 - np.argmax(most[::-1] > 0, axis=0)
    others = [i for i in range(m) if i != main]
    live = [(main, *(i for i in others if first[i] < k <= last[i])) for k in range(n + 1)]
    reach = np.sum([b.cost.max(axis=0) for b in blocks], axis=0)
    small = max(int(capacity.max()), int(reach.max(initial=0)), int(use_left[0].max())) < 2**31 - 1
    dtype = np.int32 if small else np.int64
    steps = []
    for k, choices in enumerate(blocks):
        rows = list(dict.fromkeys([*live[k], *live[k + 1], *np.flatnonzero(most[k]).tolist()]))
        steps.append(
            Step(
                cost=choices.cost.astype(dtype),
                use=choices.use[:, rows].astype(dtype),
                source=np.array([live[k].index(i) if i in live[k] else -1 for i in rows], dtype=np.int64),
                start=capacity[rows].astype(dtype),
                target=np.array([live[k + 1].index(i) if i in live[k + 1] else -1 for i in rows], dtype=np.int64),
                limit=use_left[k + 1, rows].astype(dtype),
            )
        )
    return Stages(blocks, capacity, use_left, tuple(live), tuple(steps), main, dtype)


def _order(blocks: tuple[Choices, ...], most: Ints, capacity: Ints, worth: Floats, main: int) -> list[int]:
    share = most / np.maximum(capacity, 1)
    gain = np.array([float(((b.cost.max(axis=0) - b.cost) @ worth).max()) for b in blocks])
    value = gain / (share.sum(axis=1) + 1e-9)
    left = set(range(len(blocks)))
    order: list[int] = []
    local = {i: set(np.flatnonzero(most[:, i]).tolist()) for i in range(most.shape[1]) if i != main}
    while left:
        local = {i: rest for i, of in local.items() if (rest := of & left)}
        few = {i: of for i, of in local.items() if len(of) <= max(2, len(blocks) // 2)}
        row = min(few, key=lambda i: (len(few[i]), i), default=None)
        chosen = left if row is None else few[row]
        order += sorted(chosen, key=lambda b: (-value[b], b))
        left = left - chosen
    return order
