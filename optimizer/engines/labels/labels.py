"""Labels: portfolios over the blocks decided so far, and how they grow by one block."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.problem import Ints
from optimizer.engines.labels.bounds import StageBound
from optimizer.engines.labels.compiled import compiled
from optimizer.engines.labels.stages import Stages, Step
from optimizer.engines.labels.threads import ALONE, Threads, pieces
from optimizer.engines.labels.tree import EXACT, STACK, Tree, first_cover, grow, spared

__all__ = ["NO_BOUND", "Guard", "Labels", "grown", "joined", "lower_bounds", "undominated"]

Array = NDArray[Any]

SHORT_LOOK = 60
"""Nodes visited for each label where several rows live."""
BOUNDED = 1 << 12
"""Labels whose bounds one thread writes out in one go."""
NO_BOUND = np.iinfo(np.int32).max
"""Stands where a group has no label."""


@dataclass(frozen=True, eq=False)
class Labels:
    """``Z`` ``(N, p)`` costs so far, ``R`` ``(N, q)`` what remains of the live rows, ``near`` ``(N,)`` a zone in reach,
    and where each label came from: its ``parent`` ``(N,)`` one stage before and the ``pick`` ``(N,)`` made since."""

    Z: Array
    R: Array
    near: Array
    parent: Array
    pick: Array

    @classmethod
    def start(cls, stages: Stages, p: int) -> Labels:
        """The one label before any block is decided."""
        left = np.minimum(stages.capacity, stages.use_left[0])[stages.main]
        none = np.zeros(1, np.int32)
        R = np.full((1, 1), left, stages.dtype)
        return cls(np.zeros((1, p), stages.dtype), R, none - 1, none, np.zeros(1, np.uint8))

    def __len__(self) -> int:
        return len(self.Z)

    def take(self, places: Array) -> Labels:
        """The labels at ``places`` (indices or a mask)."""
        return Labels(*(a[places] for a in (self.Z, self.R, self.near, self.parent, self.pick)))

    @property
    def nbytes(self) -> int:
        return sum(a.nbytes for a in (self.Z, self.R, self.near, self.parent, self.pick))


@dataclass(frozen=True, eq=False)
class Guard:
    """What a label must pass. ``tree`` holds, in the directions of ``weights``, either each search zone's largest
    weighted cost (a label lives while its bounds leave one zone in reach), or, with ``points`` set, the listed points'
    least excluded bounds, negated (a label dies when one point dominates all it can become)."""

    tree: Tree
    weights: NDArray[np.int32]
    shift: NDArray[np.int64]
    points: bool

    def no_bounds(self, groups: int) -> NDArray[np.int32]:
        """Least bounds ``(groups, l)`` of no labels."""
        return np.full((groups, len(self.weights)), NO_BOUND, dtype=np.int32)


def grown(
    labels: Labels,
    low: int,
    high: int,
    step: Step,
    bound: StageBound,
    guard: Guard,
    q: int,
    least: NDArray[np.int32] | None = None,
) -> Labels:
    """Children of the labels from ``low`` to ``high`` that fit the rows and pass the guard.

    ``least`` ``(g, l)`` is lowered to their bounds: children that reach for zones close to each other, or that come
    from parents close to each other if there are no zones, share one of the ``g`` groups.
    """
    room = (high - low) * len(step.cost)
    p = labels.Z.shape[1]
    out = Labels(
        np.empty((room, p), labels.Z.dtype),
        np.empty((room, q), labels.R.dtype),
        np.empty(room, np.int32),
        np.empty(room, np.int32),
        np.empty(room, np.uint8),
    )
    kept = _grow(
        labels.Z, labels.R, labels.near, low, high,
        step.cost, step.use, step.source, step.start, step.target, step.limit,
        bound.base, bound.table, bound.price, bound.shift,
        guard.tree.rows, guard.tree.tops, guard.weights, guard.shift, guard.points,
        guard.no_bounds(1) if least is None else least,
        out.Z, out.R, out.near, out.parent, out.pick,
    )  # fmt: skip
    return Labels(*(a[:kept].copy() for a in (out.Z, out.R, out.near, out.parent, out.pick)))


def joined(parts: list[Labels]) -> Labels:
    """All labels of ``parts``, in their order."""
    if len(parts) == 1:
        return parts[0]
    return Labels(
        np.concatenate([part.Z for part in parts]),
        np.concatenate([part.R for part in parts]),
        np.concatenate([part.near for part in parts]),
        np.concatenate([part.parent for part in parts]),
        np.concatenate([part.pick for part in parts]),
    )


def undominated(labels: Labels, threads: Threads) -> Labels:
    """Labels that no other one equals or beats in every cost and in all that remains of every row.

    With several rows few labels are dominated and the tree sorts badly, so that the look is a short one.
    """
    if len(labels) < 2:
        return labels
    rows = np.hstack([labels.Z, labels.R])
    np.negative(rows[:, : labels.Z.shape[1]], out=rows[:, : labels.Z.shape[1]])
    tree = grow(rows, rows, threads)
    del rows
    return labels.take(spared(tree, EXACT if labels.R.shape[1] == 1 else SHORT_LOOK, threads))


def lower_bounds(
    labels: Labels, bound: StageBound, weights: NDArray[np.int32], shift: Ints, threads: Threads = ALONE
) -> NDArray[np.int32]:
    """``L`` ``(N, l)`` of every label in the directions ``weights`` ``(l, p)``, for costs in units of ``2**shift``."""
    out = np.empty((len(labels), len(weights)), np.int32)

    def write(bounds: tuple[int, int]) -> None:
        part = slice(*bounds)
        Z, R = labels.Z[part], labels.R[part]
        _bound_all(Z, R, bound.base, bound.table, bound.price, bound.shift, weights, shift, out[part])

    threads.all(write, pieces(len(labels), BOUNDED))
    return out


@compiled
def _bound_all(
    Z: Array, R: Array, base: int, table: Array, price: Array, units: Array, weights: Array, shift: Array, out: Array
) -> None:
    across = np.ascontiguousarray(weights.T)
    work = np.empty(table.shape[1], np.int32)
    for i in range(len(Z)):
        _bound(Z[i], R[i], base, table, price, units, across, shift, work, out[i])


@compiled
def _bound(
    z: Array, r: Array, base: int, table: Array, price: Array, units: Array, across: Array, shift: Array,
    work: Array, out: Array,
) -> None:  # fmt: skip
    """``L`` ``(l,)``, the best over all sets of multipliers; ``across`` is ``(p, l)``.

    All sets are reckoned in one go, side by side in ``work`` ``(s * l,)``, two rows at a time: long loops are quick.
    """
    directions, wide = len(out), len(work)
    at = max(0, min((np.int64(r[0]) >> units[0]) - base, len(table) - 1))
    line = table[at]
    for e in range(wide):
        work[e] = line[e]
    for j in range(1, len(r) - 1, 2):
        one, other = np.int32(r[j] >> units[j]), np.int32(r[j + 1] >> units[j + 1])
        price_one, price_other = price[j], price[j + 1]
        for e in range(wide):
            work[e] = np.int32(work[e] - price_one[e] * one - price_other[e] * other)
    if len(r) % 2 == 0:
        last, price_last = np.int32(r[-1] >> units[-1]), price[len(r) - 1]
        for e in range(wide):
            work[e] = np.int32(work[e] - price_last[e] * last)
    for d in range(directions):
        out[d] = work[d]
    for s in range(directions, wide, directions):
        same = work[s : s + directions]
        for d in range(directions):
            out[d] = same[d] if same[d] > out[d] else out[d]
    for k in range(len(z)):
        cost = np.int32(z[k] >> shift[k])
        for d in range(directions):
            out[d] = np.int32(out[d] + across[k, d] * cost)


@compiled
def _grow(
    Z: Array, R: Array, near: Array, low: int, high: int,
    cost: Array, use: Array, source: Array, start: Array, target: Array, limit: Array,
    base: int, table: Array, price: Array, units: Array,
    rows: Array, tops: Array, weights: Array, shift: Array, points: bool, least: Array,
    newZ: Array, newR: Array, newNear: Array, parent: Array, pick: Array,
) -> int:  # fmt: skip
    p = Z.shape[1]
    directions = weights.shape[0]
    across = np.ascontiguousarray(weights.T)
    wanted = np.empty(directions, np.int32)
    hot = np.zeros(1, np.int64)
    stack = np.empty(STACK, np.int64)
    work = np.empty(table.shape[1], np.int32)
    kept = 0
    for i in range(low, high):
        for o in range(len(cost)):
            fits = True
            for c in range(len(source)):
                left = (start[c] if source[c] < 0 else R[i, source[c]]) - use[o, c]
                if left < 0:
                    fits = False
                    break
                if target[c] >= 0:
                    newR[kept, target[c]] = min(left, limit[c])
            if not fits:
                continue
            for k in range(p):
                newZ[kept, k] = Z[i, k] + cost[o, k]
            _bound(newZ[kept], newR[kept], base, table, price, units, across, shift, work, wanted)
            if points:
                for d in range(directions):
                    wanted[d] = -wanted[d]
                if first_cover(rows, tops, wanted, near[i], hot, stack) >= 0:
                    continue
                newNear[kept] = -1
                for d in range(directions):
                    wanted[d] = -wanted[d]
                group = i * len(least) // len(Z)
            else:
                zone = first_cover(rows, tops, wanted, near[i], hot, stack)
                if zone < 0:
                    continue
                newNear[kept] = zone
                group = zone * len(least) // len(rows)
            for d in range(directions):
                least[group, d] = min(least[group, d], wanted[d])
            parent[kept] = i
            pick[kept] = o
            kept += 1
    return kept
