"""Exchange: portfolios that differ from listed ones in one or two blocks and that no listed one equals or beats.

A narrow pass misses good portfolios next to those that it finds; looking there costs far less than a wider pass (Pareto
local search; Paquete, Chiarandini & Stuetzle 2004). Nothing is proved by it: it shortens the passes that prove.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.problem import Ints
from optimizer.engines.labels.compiled import compiled
from optimizer.engines.labels.stages import Stages
from optimizer.engines.labels.threads import Threads, pieces
from optimizer.engines.labels.tree import STACK, Tree, first_cover, grow

__all__ = ["Exchange"]

FOUND = 1 << 16
"""Portfolios that one look returns, about, at most."""
PIECE = 1 << 20
"""Neighbours that one thread looks at in one go."""
MOST = 1 << 12
"""Most portfolios that one thread returns of these."""


class Exchange:
    """Neighbours of portfolios over the blocks of ``stages``."""

    def __init__(self, stages: Stages) -> None:
        blocks = stages.blocks
        self.capacity = stages.capacity
        self.first = np.concatenate([[0], np.cumsum([len(b.cost) for b in blocks])]).astype(np.int64)
        self.cost = np.vstack([b.cost for b in blocks])
        self.use = np.ascontiguousarray(np.vstack([b.use for b in blocks]))
        changes = self.first[-1] - len(blocks)
        self.pairs = int(changes * (changes + 1) // 2)
        """Neighbours of one portfolio, feasible or not (about)."""

    def look(self, picks: NDArray[np.uint8], listed: Ints, threads: Threads) -> tuple[Ints, NDArray[np.uint8]]:
        """Costs ``(k, p)`` and picks ``(k, blocks)`` of neighbours of ``picks`` that no row of ``listed`` dominates."""
        tree: Tree = grow(-listed, listed, threads)

        def near(bounds: tuple[int, int]) -> tuple[Ints, NDArray[np.uint8]]:
            some = picks[slice(*bounds)]
            costs, out = np.empty((MOST, listed.shape[1]), np.int64), np.empty((MOST, picks.shape[1]), np.uint8)
            found = _look(some, self.capacity, self.first, self.cost, self.use, tree.rows, tree.tops, costs, out)
            return costs[:found].copy(), out[:found].copy()

        found = [(np.zeros((0, listed.shape[1]), np.int64), picks[:0])]
        for part in threads.map(near, pieces(len(picks), max(1, PIECE // self.pairs))):
            found.append(part)
            if sum(len(costs) for costs, _ in found) > FOUND:
                break
        costs, out = zip(*found, strict=True)
        return np.vstack(costs), np.vstack(out)


@compiled
def _look(
    picks: NDArray[np.uint8],
    capacity: Ints,
    first: Ints,
    cost: Ints,
    use: Ints,
    rows: NDArray[Any],
    tops: NDArray[Any],
    costs: Ints,
    out: NDArray[np.uint8],
) -> int:
    blocks = len(first) - 1
    p, m = cost.shape[1], use.shape[1]
    z, one, wanted = np.empty(p, np.int64), np.empty(p, np.int64), np.empty(p, np.int64)
    left, rest = np.empty(m, np.int64), np.empty(m, np.int64)
    hot, stack = np.zeros(1, np.int64), np.empty(STACK, np.int64)
    found = 0
    for i in range(len(picks)):
        z[:] = 0
        left[:] = capacity
        for b in range(blocks):
            z += cost[first[b] + picks[i, b]]
            left -= use[first[b] + picks[i, b]]
        for a in range(blocks):
            old = first[a] + picks[i, a]
            for c in range(first[a], first[a + 1]):
                if c == old:
                    continue
                for k in range(p):
                    one[k] = z[k] + cost[c, k] - cost[old, k]
                for r in range(m):
                    rest[r] = left[r] + use[old, r] - use[c, r]
                for b in range(a, blocks):
                    was = first[b] + picks[i, b]
                    for e in range(first[b], first[b + 1]):
                        if (e == was) != (b == a):
                            continue
                        better = False
                        for k in range(p):
                            wanted[k] = -(one[k] + cost[e, k] - cost[was, k])
                            better |= wanted[k] > -z[k]
                        if not better:
                            continue
                        fits = True
                        for r in range(m):
                            if rest[r] + use[was, r] < use[e, r]:
                                fits = False
                                break
                        if not fits or first_cover(rows, tops, wanted, -1, hot, stack) >= 0:
                            continue
                        if found == len(out):
                            return found
                        for k in range(p):
                            costs[found, k] = -wanted[k]
                        out[found] = picks[i]
                        out[found, a] = c - first[a]
                        if b != a:
                            out[found, b] = e - first[b]
                        found += 1
    return found
