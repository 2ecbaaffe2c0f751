"""Join: which forward and backward labels together make points that the list lacks?

All pairs would be too many. Labels of either side are sorted by what they have left of the main row, and the pairs that
fit it are taken apart into *tasks* ``F x B`` in which either every pair fits, or that are small: halve the forward
labels at a median; the upper half fits together with all backward labels that the lower half's end can just not take,
and the two remaining corners are halved in the same way. Within a task that fits as a whole the main row no longer
matters, so that all but the labels with nondominated costs are left out of it: that is most of them.

The pairs of a task are then found by descending two k-d trees at once: a pair of nodes is left when its greatest
remainders do not fit, or when a listed point dominates the sum of its least costs. New points join the list as they
come, so that they prune what is left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.problem import Ints
from optimizer.engines.labels.compiled import compiled
from optimizer.engines.labels.labels import Labels
from optimizer.engines.labels.threads import Ended, Threads
from optimizer.engines.labels.tree import LEAF, STACK, Tree, first_cover, grow, spared

__all__ = ["Join"]

Array = NDArray[Any]

SMALL = 1 << 15
"""Pairs of a task that is not taken apart further."""
BUDGET = 1 << 19
"""Nodes and pairs looked at between two looks at the clock."""
ROOM = 1 << 12
"""Fewest candidates held before they join the list."""
FINE = 1 << 12
"""Steps of each coordinate when labels are divided into a tree."""


class _Task(NamedTuple):
    """The forward labels from ``f`` to ``f_end`` with the backward ones from ``b`` to ``b_end``, sorted by what they
    have left of the main row; ``fits``: all of these pairs fit the main row."""

    f: int
    f_end: int
    b: int
    b_end: int
    fits: bool


class Join:
    """Joins ``front`` and ``back`` labels.

    Args:
        need: ``(q,)`` what a pair must have left of every live row in sum, the main row first.
        points: ``(k, p)`` the list.
    """

    def __init__(self, front: Labels, back: Labels, need: Ints, points: Ints, threads: Threads) -> None:
        self.threads = threads
        self.dtype = front.Z.dtype
        self.order = [np.argsort(side.R[:, 0], kind="stable") for side in (front, back)]
        self.sides = [side.take(order) for side, order in zip((front, back), self.order, strict=True)]
        self.need = need.astype(self.dtype)
        self.scale = 1.0 / np.maximum(front.Z.max(axis=0) + back.Z.max(axis=0), 1).astype(np.float64)
        main, back_main = (side.R[:, 0].astype(np.int64) for side in self.sides)
        self.tasks = list(_tasks(main, back_main, int(need[0])))
        self.done = 0
        listed = np.full((len(points), 2), -1)
        self.list: tuple[Array, Ints] = (points.astype(self.dtype), listed)
        self.tree = grow(points[:0], points[:0])
        self.fresh: list[tuple[Array, Ints]] = []

    @property
    def open(self) -> int:
        """Tasks not yet finished."""
        return len(self.tasks) - self.done

    def run(self, look: Callable[[], str | None]) -> str | None:
        """Go through the tasks until all are finished or ``look`` gives a reason to stop; the reason."""
        try:
            self._grow_list()
            while self.done < len(self.tasks):
                if reason := self._finish(self.tasks[self.done], look):
                    return reason
                self.done += 1
            self._enter()
        except KeyboardInterrupt:
            return "interrupt"
        except Ended as ended:
            return ended.reason
        return None

    def found(self) -> tuple[Ints, Ints]:
        """Costs ``(N, p)`` and the labels' places ``(N, 2)`` of all points that the list lacked; where :meth:`run` was
        stopped, some of them may be dominated."""
        costs = np.vstack([self.list[0], *(new for new, _ in self.fresh)])
        pairs = np.vstack([self.list[1], *(new for _, new in self.fresh)])
        new = pairs[:, 0] >= 0
        places = np.column_stack([order[pairs[new, side]] for side, order in enumerate(self.order)])
        return costs[new].astype(np.int64), places

    def _finish(self, task: _Task, look: Callable[[], str | None]) -> str | None:
        p = len(self.scale)
        rows = slice(int(task.fits), None)
        need = self.need[rows]
        front, front_at = self._side(0, task.f, task.f_end, rows)
        back, back_at = self._side(1, task.b, task.b_end, rows)
        work = np.ones((STACK, 2), dtype=np.int64)
        size = 1
        while size:
            if reason := look():
                return reason
            room = max(ROOM, len(self.tree.rows) // 4)
            costs, pairs = np.empty((room, p), self.dtype), np.empty((room, 2), np.int64)
            size, found = _descend(
                front.rows, front.tops, back.rows, back.tops, need, self.scale, self.tree.rows, self.tree.tops,
                work, size, BUDGET, costs, pairs,
            )  # fmt: skip
            if found:
                pairs = np.column_stack([front_at[pairs[:found, 0]], back_at[pairs[:found, 1]]])
                self.fresh.append((costs[:found].copy(), pairs))
            if 4 * sum(len(new) for new, _ in self.fresh) > max(ROOM, len(self.tree.rows)):
                self._enter()
        return None

    def _side(self, side: int, low: int, high: int, rows: slice) -> tuple[Tree, Ints]:
        """The labels of a task that no other one of it makes needless, as a tree, and their places in order.

        A row of the tree holds ``-Z``, what remains of ``rows``, and ``Z``, so that a node's largest values give the
        least and the largest costs.
        """
        labels = self.sides[side]
        Z, R = labels.Z[low:high], labels.R[low:high, rows]
        keep = _needed(np.hstack([-Z, R]), self.threads) if rows.start else np.arange(high - low)
        values = np.hstack([-Z[keep], R[keep], Z[keep]])
        keys = np.hstack([Z[keep] * self.scale, R[keep] / (self.need[rows] + 1.0)])
        tree = grow(values, (keys * FINE).astype(values.dtype), self.threads)
        return tree, low + keep[tree.order]

    def _enter(self) -> None:
        """Candidates join the list."""
        if not self.fresh:
            return
        costs = np.vstack([self.list[0], *(new for new, _ in self.fresh)])
        pairs = np.vstack([self.list[1], *(new for _, new in self.fresh)])
        keep = _needed(-costs, self.threads)
        self.list, self.fresh = (costs[keep], pairs[keep]), []
        self._grow_list()

    def _grow_list(self) -> None:
        rows = -self.list[0]
        self.tree = grow(rows, rows, self.threads)


def _needed(rows: Array, threads: Threads) -> Ints:
    """Places of the rows that no other one equals or exceeds everywhere."""
    return np.flatnonzero(spared(grow(rows, rows, threads), threads=threads))


def _tasks(front: Ints, back: Ints, need: int) -> Iterator[_Task]:
    """Tasks that hold every pair with ``front + back >= need`` once; both ``(n,)`` and ``(m,)`` sorted."""
    n, m = len(front), len(back)
    free = int(np.searchsorted(back, need - front[0]))
    if free < m:
        yield _Task(0, n, free, m, True)
    stack = [(0, n, 0, free)]
    while stack:
        f, f_end, b, b_end = stack.pop()
        b = max(b, int(np.searchsorted(back, need - front[f_end - 1])))
        if b >= b_end:
            continue
        middle = int(np.searchsorted(front, front[(f + f_end) // 2], "right"))
        if middle == f_end:
            middle = int(np.searchsorted(front, front[f_end - 1]))
        if (f_end - f) * (b_end - b) <= SMALL or middle <= f:
            yield _Task(f, f_end, b, b_end, False)
            continue
        fits = max(b, int(np.searchsorted(back, need - front[middle])))
        if fits < b_end:
            yield _Task(middle, f_end, fits, b_end, True)
        stack += [(f, middle, fits, b_end), (middle, f_end, b, fits)]


@compiled
def _descend(
    front: Array, front_tops: Array, back: Array, back_tops: Array, need: Array, scale: Array,
    rows: Array, tops: Array, work: Array, size: int, budget: int, costs: Array, pairs: Array,
) -> tuple[int, int]:  # fmt: skip
    """Look at the ``size`` pairs of nodes of ``work`` until none is left, ``budget`` is spent or ``costs`` is full;
    what is left of ``size`` and the number of pairs found.

    ``rows`` and ``tops`` are the list's tree, negated.
    """
    p, q = costs.shape[1], len(need)
    leaves, back_leaves = len(front_tops) // 2, len(back_tops) // 2
    least = np.empty(p, rows.dtype)
    hot = np.zeros(1, np.int64)
    stack = np.empty(STACK, np.int64)
    found = 0
    witness = -1
    while size > 0 and budget > 0 and found + LEAF * LEAF <= len(costs):
        size -= 1
        budget -= 1
        f, b = work[size]
        if not _fits(front_tops, f, back_tops, b, need, p):
            continue
        for k in range(p):
            least[k] = front_tops[f, k] + back_tops[b, k]
        at = first_cover(rows, tops, least, witness, hot, stack)
        if at >= 0:
            witness = at
            continue
        if f >= leaves and b >= back_leaves:
            low, high = (b - back_leaves) * len(back) // back_leaves, (b - back_leaves + 1) * len(back) // back_leaves
            for i in range((f - leaves) * len(front) // leaves, (f - leaves + 1) * len(front) // leaves):
                for j in range(low, high):
                    if not _fits(front, i, back, j, need, p):
                        continue
                    budget -= 1
                    for k in range(p):
                        least[k] = front[i, k] + back[j, k]
                    at = first_cover(rows, tops, least, witness, hot, stack)
                    if at >= 0:
                        witness = at
                        continue
                    for k in range(p):
                        costs[found, k] = -least[k]
                    pairs[found, 0], pairs[found, 1] = i, j
                    found += 1
            continue
        halve_front = b >= back_leaves
        if f < leaves and b < back_leaves:
            wide = back_wide = 0.0
            for k in range(p):
                wide = max(wide, scale[k] * (front_tops[f, p + q + k] + front_tops[f, k]))
                back_wide = max(back_wide, scale[k] * (back_tops[b, p + q + k] + back_tops[b, k]))
            halve_front = wide >= back_wide
        for side in range(2):
            work[size, 0] = 2 * f + side if halve_front else f
            work[size, 1] = b if halve_front else 2 * b + side
            size += 1
    return size, found


@compiled
def _fits(front: Array, i: int, back: Array, j: int, need: Array, p: int) -> bool:
    fits = True
    for c in range(len(need)):
        fits = fits and front[i, p + c] + back[j, p + c] >= need[c]
    return fits
