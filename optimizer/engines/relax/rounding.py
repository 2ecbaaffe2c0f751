"""Rounding: a portfolio near a relaxation's solution, by exchanging the choices of one, two or three blocks.

Of the blocks that the relaxation divides and those whose choice is nearly indifferent, the best exchange is made as
long as one helps: first one that breaks the rows less, then one that lies deeper in the zone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.problem import Floats, Ints
from optimizer.engines.labels.compiled import compiled
from optimizer.engines.relax.blocks import Blocks
from optimizer.engines.relax.halfspaces import HalfSpace

__all__ = ["Relaxed", "rounded"]

NEARLY = 30
EXCHANGES = 40
LEAN = 0.05
"""Weight of the mean of the objectives beside the worst of them."""


@dataclass(frozen=True, eq=False)
class Relaxed:
    """A solved relaxation: whole choices near it ``(nb,)`` with their ``sums`` ``(p + m,)``, the blocks that it
    divides, each block's ``gap`` to its next best choice, the objectives ``y`` ``(p,)`` of the mixture, half-spaces."""

    pick: Ints
    sums: Floats
    divided: Ints
    gap: Floats
    y: Floats
    halfspaces: list[HalfSpace]


def rounded(blocks: Blocks, relaxed: Relaxed, u: Floats, bounded: NDArray[np.bool_], ranges: Floats) -> Ints | None:
    """Choices ``(nb,)`` that keep every row and lie as deep in the zone ``u`` as exchanges get; ``None`` if none do."""
    near = relaxed.gap.copy()
    near[relaxed.divided] = -1.0
    count = min(NEARLY, len(near) - 1)
    candidates = np.argpartition(near, count)[: count + 1].astype(np.int64)
    candidates = candidates[np.argsort(near[candidates], kind="stable")]
    pick = relaxed.pick.copy()
    keeps = _descend(
        blocks.figures, blocks.first, blocks.low, blocks.high, candidates, pick, relaxed.sums.copy(), u, bounded, ranges
    )
    return pick if keeps else None


@compiled
def _descend(
    figures: Floats,
    first: Ints,
    low: Floats,
    high: Floats,
    candidates: Ints,
    pick: Ints,
    sums: Floats,
    u: Floats,
    bounded: NDArray[np.bool_],
    ranges: Floats,
) -> bool:
    p, m = len(u), len(low)
    d = p + m
    total = 0
    for c in range(len(candidates)):
        total += first[candidates[c] + 1] - first[candidates[c]] - 1
    D = np.empty((total, d))
    owner = np.empty(total, np.int64)
    choice = np.empty(total, np.int64)
    part = np.empty(d)
    both = np.empty(d)
    now = _score(sums, u, bounded, ranges)
    broken = _broken(sums, low, high, p)
    for _ in range(EXCHANGES):
        n = 0
        for c in range(len(candidates)):
            b = candidates[c]
            for o in range(first[b], first[b + 1]):
                if o != first[b] + pick[b]:
                    for k in range(d):
                        D[n, k] = figures[o, k] - figures[first[b] + pick[b], k]
                    owner[n], choice[n] = b, o - first[b]
                    n += 1
        best, least = now - 1e-9, broken
        i1 = i2 = i3 = -1
        for i in range(n):
            for k in range(d):
                part[k] = sums[k] + D[i, k]
            score = _score(part, u, bounded, ranges)
            if broken > 0.0 or score < best:
                amount = _broken(part, low, high, p)
                if amount < least or (amount <= least and score < best):
                    best, least, i1, i2, i3 = score, amount, i, -1, -1
            for j in range(i):
                if owner[j] == owner[i]:
                    continue
                worst, mean = -np.inf, 0.0
                for k in range(p):
                    share = (part[k] + D[j, k] - u[k]) / ranges[k]
                    mean += share
                    if bounded[k] and share > worst:
                        worst = share
                if worst == -np.inf:
                    worst = 0.0
                score = worst + LEAN * mean / p
                if least == 0.0 and score >= best:
                    continue
                amount = 0.0
                for k in range(m):
                    activity = part[p + k] + D[j, p + k]
                    if activity > high[k]:
                        amount += (activity - high[k]) / (1.0 + abs(high[k]))
                    if activity < low[k]:
                        amount += (low[k] - activity) / (1.0 + abs(low[k]))
                    if amount > least:
                        break
                if amount < least or (amount <= least and score < best):
                    best, least, i1, i2, i3 = score, amount, i, j, -1
        if i1 < 0 and broken == 0.0:
            i1, i2, i3 = _triple(D, owner, n, sums, low, high, u, bounded, ranges, best, part, both)
            if i1 >= 0:
                best = now - 1e-9
        if i1 < 0:
            break
        for i in (i1, i2, i3):
            if i >= 0:
                pick[owner[i]] = choice[i]
                for k in range(d):
                    sums[k] += D[i, k]
        now = _score(sums, u, bounded, ranges)
        broken = _broken(sums, low, high, p)
    return broken == 0.0


@compiled
def _triple(
    D: Floats,
    owner: Ints,
    n: int,
    sums: Floats,
    low: Floats,
    high: Floats,
    u: Floats,
    bounded: NDArray[np.bool_],
    ranges: Floats,
    best: float,
    part: Floats,
    both: Floats,
) -> tuple[int, int, int]:
    """The first exchange of three blocks that helps."""
    p, m = len(u), len(low)
    for i in range(n):
        for k in range(p + m):
            part[k] = sums[k] + D[i, k]
        for j in range(i):
            if owner[j] == owner[i]:
                continue
            for k in range(p + m):
                both[k] = part[k] + D[j, k]
            for h in range(j):
                if owner[h] == owner[i] or owner[h] == owner[j]:
                    continue
                worst, mean = -np.inf, 0.0
                for k in range(p):
                    share = (both[k] + D[h, k] - u[k]) / ranges[k]
                    mean += share
                    if bounded[k] and share > worst:
                        worst = share
                if worst == -np.inf:
                    worst = 0.0
                if worst + LEAN * mean / p >= best:
                    continue
                keeps = True
                for k in range(m):
                    activity = both[p + k] + D[h, p + k]
                    if activity > high[k] or activity < low[k]:
                        keeps = False
                        break
                if keeps:
                    return i, j, h
    return -1, -1, -1


@compiled
def _score(sums: Floats, u: Floats, bounded: NDArray[np.bool_], ranges: Floats) -> float:
    worst, mean = -np.inf, 0.0
    for k in range(len(u)):
        share = (sums[k] - u[k]) / ranges[k]
        mean += share
        if bounded[k] and share > worst:
            worst = share
    if worst == -np.inf:
        worst = 0.0
    return worst + LEAN * mean / len(u)


@compiled
def _broken(sums: Floats, low: Floats, high: Floats, p: int) -> float:
    amount = 0.0
    for k in range(len(low)):
        if sums[p + k] > high[k]:
            amount += (sums[p + k] - high[k]) / (1.0 + abs(high[k]))
        if sums[p + k] < low[k]:
            amount += (low[k] - sums[p + k]) / (1.0 + abs(low[k]))
    return amount
