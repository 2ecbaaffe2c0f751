"""Tree: which of many vectors is at least as large as a given one, in every coordinate?

Label setting asks this question all the time: which search zone can a label still reach (zones by weighted values),
which label dominates it (labels by objectives and remaining resources), which listed point dominates its bounds. The
vectors are sorted into a balanced k-d tree whose nodes hold the largest value of each coordinate; a branch is left as
soon as one coordinate of its node is too small.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimizer.engines.labels.compiled import compiled
from optimizer.engines.labels.threads import ALONE, Threads, pieces

__all__ = ["EXACT", "Tree", "first_cover", "grow", "spared"]

LEAF = 8
"""Vectors of a leaf, about."""
STACK = 128
EXACT = 2**62
"""Effort that finds all that is dominated."""
LOOKED = 1 << 12
"""Rows that one thread looks at in one go."""
DIVIDED = 1 << 14
"""Rows that one thread sorts into a tree in one go."""

Array = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Tree:
    """``rows`` ``(n, d)`` in tree order, taken from the places ``order``; ``tops`` ``(2 * leaves, d)`` from node 1 on.

    Leaf ``j`` is node ``leaves + j`` and holds the rows from ``j * n // leaves`` on.
    """

    rows: Array
    tops: Array
    order: NDArray[np.int64]


def grow(rows: Array, keys: Array, threads: Threads = ALONE) -> Tree:
    """A tree of ``rows`` ``(n, d)``, divided by the coordinates of ``keys`` ``(n, e)``."""
    leaves = 1
    while leaves * LEAF < len(rows):
        leaves *= 2
    order = np.arange(len(rows))
    width = leaves
    while width > 1:
        below = 1 if width * len(rows) <= DIVIDED * leaves else width // 2
        threads.all(partial(_divide, keys, order, leaves, width, below), range(0, leaves, width))
        width = below
    threads.look()
    rows = np.ascontiguousarray(rows[order])
    threads.look()
    return Tree(rows, _tops(rows, leaves), order)


def spared(tree: Tree, effort: int = EXACT, threads: Threads = ALONE) -> NDArray[np.bool_]:
    """Which rows, in the order in which they came, no other one equals or exceeds everywhere; of equal ones one is.

    At most ``effort`` nodes are visited for each row, after that it is spared.
    """
    n = len(tree.rows)
    keep = np.empty(n, dtype=np.bool_)

    def look(bounds: tuple[int, int]) -> None:
        keep[tree.order[slice(*bounds)]] = ~_dominated(tree.rows, tree.tops, effort, *bounds)

    threads.all(look, pieces(n, LOOKED))
    return keep


@compiled
def _divide(keys: Array, order: Array, leaves: int, width: int, below: int, start: int) -> None:
    """Sort ``order`` so that each node's rows lie together, split at the middle of their widest key: the node of
    ``width`` leaves from leaf ``start`` on, and all of its nodes of more than ``below`` leaves."""
    n, e = keys.shape
    end = start + width
    while width > below:
        for first in range(start, end, width):
            low, high = first * n // leaves, (first + width) * n // leaves
            middle = (first + width // 2) * n // leaves
            axis, widest = 0, -1.0
            for c in range(e):
                least = most = keys[order[low], c]
                for i in range(low + 1, high):
                    value = keys[order[i], c]
                    least, most = min(least, value), max(most, value)
                if float(most) - float(least) > widest:
                    axis, widest = c, float(most) - float(least)
            _select(keys, order, low, high - 1, middle, axis)
        width //= 2


@compiled
def _select(keys: Array, order: Array, low: int, high: int, middle: int, axis: int) -> None:
    """Hoare's selection: afterwards no key before ``middle`` is larger and none from it on is smaller."""
    while low < high:
        pivot = keys[order[(low + high) // 2], axis]
        i, j = low, high
        while i <= j:
            while keys[order[i], axis] < pivot:
                i += 1
            while keys[order[j], axis] > pivot:
                j -= 1
            if i <= j:
                order[i], order[j] = order[j], order[i]
                i += 1
                j -= 1
        if middle <= j:
            high = j
        elif middle >= i:
            low = i
        else:
            return


@compiled
def _tops(rows: Array, leaves: int) -> Array:
    n, d = rows.shape
    tops = np.zeros((2 * leaves, d), rows.dtype)
    if n == 0:
        return tops
    for j in range(leaves):
        low, high = j * n // leaves, (j + 1) * n // leaves
        for c in range(d):
            most = rows[low, c]
            for i in range(low + 1, high):
                most = max(most, rows[i, c])
            tops[leaves + j, c] = most
    for node in range(leaves - 1, 0, -1):
        for c in range(d):
            tops[node, c] = max(tops[2 * node, c], tops[2 * node + 1, c])
    return tops


@compiled
def first_cover(rows: Array, tops: Array, wanted: Array, near: int, hot: Array, stack: Array) -> int:
    """A row that is at least ``wanted`` ``(d,)`` everywhere, looked for near row ``near`` first; -1 if there is none.

    ``near`` -1 starts at the root. ``hot`` ``(1,)`` keeps the coordinate that failed last and is tried first: most
    vectors that fail, fail for the same reason.
    """
    n = len(rows)
    leaves = len(tops) // 2
    if n == 0:
        return -1
    node = 1
    if near >= 0:
        if _covers(rows, near, wanted, hot):
            return near
        node = leaves + ((near + 1) * leaves - 1) // n
    branch = node
    while True:
        stack[0] = branch
        size = 1
        while size > 0:
            size -= 1
            at = stack[size]
            if not _covers(tops, at, wanted, hot):
                continue
            if at < leaves:
                stack[size] = 2 * at + 1
                stack[size + 1] = 2 * at
                size += 2
                continue
            for i in range((at - leaves) * n // leaves, (at - leaves + 1) * n // leaves):
                if _covers(rows, i, wanted, hot):
                    return i
        if node <= 1:
            return -1
        branch = node ^ 1
        node //= 2


@compiled
def _covers(rows: Array, at: int, wanted: Array, hot: Array) -> bool:
    h = hot[0]
    if rows[at, h] < wanted[h]:
        return False
    lacks = rows[at, h] < wanted[h]
    for c in range(len(wanted)):  # without a way out it is done for many coordinates at a time
        lacks |= rows[at, c] < wanted[c]
    if lacks:
        for c in range(len(wanted)):
            if rows[at, c] < wanted[c]:
                hot[0] = c
                return False
    return True


@compiled
def _dominated(rows: Array, tops: Array, effort: int, low: int, high: int) -> NDArray[np.bool_]:
    """Which of the rows from ``low`` to ``high`` of a tree another row equals or exceeds everywhere; ``(high - low,)``.

    Of equal rows the first is spared. At most ``effort`` nodes are visited for each row, after that it is spared.
    """
    n, d = rows.shape
    leaves = len(tops) // 2
    out = np.zeros(high - low, np.bool_)
    stack = np.empty(STACK, np.int64)
    hot = np.zeros(1, np.int64)
    wanted = np.empty(d, rows.dtype)
    for me in range(low, high):
        for c in range(d):
            wanted[c] = rows[me, c]
        node = leaves + ((me + 1) * leaves - 1) // n
        branch = node
        found = False
        left = effort
        while not found and left > 0:
            stack[0] = branch
            size = 1
            while size > 0 and not found and left > 0:
                left -= 1
                size -= 1
                at = stack[size]
                if not _covers(tops, at, wanted, hot):
                    continue
                if at < leaves:
                    stack[size] = 2 * at + 1
                    stack[size + 1] = 2 * at
                    size += 2
                    continue
                for i in range((at - leaves) * n // leaves, (at - leaves + 1) * n // leaves):
                    if i == me or not _covers(rows, i, wanted, hot):
                        continue
                    if i < me:
                        found = True
                        break
                    for c in range(d):
                        if rows[i, c] > wanted[c]:
                            found = True
                            break
                    if found:
                        break
            if node <= 1:
                break
            branch = node ^ 1
            node //= 2
        out[me - low] = found
    return out
