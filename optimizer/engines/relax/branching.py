"""Branching: is there a portfolio below a corner of objective space? A small branch and bound, in compiled code.

Most choices are ruled out by their price before anything is branched on: a portfolio that made them would exceed the
corner in the weighted sum of the relaxation (reduced-cost fixing; Crowder, Johnson & Padberg, Oper. Res. 31, 1983).
What is left are some dozens of columns, whose relaxations take a few dual simplex steps each (:mod:`.simplex`), from
the tableau of the node above. The column with the largest penalties is branched on (Tomlin, Oper. Res. 19, 1971).

A node is closed only by multipliers, whatever the simplex method made of it: if with the choices that it has left

    Σ_blocks min_choice (λ·cost - μ·use) + Σ_{μ>0} μ·low + Σ_{μ<0} μ·high  >  λ·(w - 1),

less a bound of all rounding errors, then no portfolio of the node has ``y < w``. With ``λ = 0`` the node is empty.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.problem import Floats, Ints
from optimizer.engines.labels.compiled import compiled
from optimizer.engines.relax.blocks import Blocks
from optimizer.engines.relax.pricing import sides
from optimizer.engines.relax.simplex import OPTIMAL, OUT_OF_STEPS, PIVOT, solved, started

__all__ = ["Answer", "below"]

WHOLE = 1e-6
ROUNDING = 2.0**-50
"""Four times the largest error of one rounding."""
FOUND, NONE, OPEN = 1, 0, -1


class Answer(NamedTuple):
    """A portfolio as the choices ``pick`` ``(nb,)``, where one was found; is it proved that there is ``none``?"""

    pick: Ints | None
    none: bool


def below(
    blocks: Blocks,
    most: Floats,
    w: Ints,
    bounded: NDArray[np.bool_],
    ranges: Floats,
    weights: Floats,
    prices: Floats,
    work: int,
    free: int,
    near: bool = False,
) -> Answer:
    """A portfolio with ``y < w`` on the ``bounded`` axes, or the proof that there is none.

    ``weights`` ``(p,)`` and ``prices`` ``(m,)`` are any multipliers, the nearer to the relaxation's the better; where
    they leave more than ``free`` columns to decide on, nothing is tried, or, with ``near``, only the ``free`` most
    indifferent ones are decided on, for a portfolio and no proof. ``work`` limits the nodes, each counted by the size
    of its tableau. ``most`` ``(p + m,)`` bounds the sizes of all sums and sides. The portfolio is a proposal.
    """
    pick = np.empty(len(blocks), dtype=np.int64)
    factors = np.concatenate([np.where(bounded, np.maximum(weights, 0.0), 0.0), -prices])
    goal = np.where(bounded, w - 1, 0).astype(np.float64)
    sizes = ROUNDING * (len(blocks) + 3 * len(factors) + 10) * (most + np.append(np.abs(goal), np.zeros(len(prices))))
    b = blocks
    verdict = _below(b.figures, b.first, b.low, b.high, goal, bounded, ranges, sizes, factors, work, free, near, pick)
    return Answer(pick if verdict == FOUND else None, verdict == NONE)


@compiled
def _below(
    figures: Floats,
    first: Ints,
    low: Floats,
    high: Floats,
    goal: Floats,
    bounded: NDArray[np.bool_],
    ranges: Floats,
    sizes: Floats,
    factors: Floats,
    work: int,
    free: int,
    near: bool,
    pick: Ints,
) -> int:
    p, d = len(goal), len(factors)
    dearer = np.empty(len(figures))
    room = _dearer(figures, first, low, high, goal, sizes, factors, pick, dearer)
    if room < 0.0:
        return NONE
    ruled_out = dearer > room
    part = len(figures) - len(pick) - int(ruled_out.sum()) > free
    if part and not near:
        return OPEN
    if part:
        ruled_out = dearer > np.sort(dearer)[len(pick) + free - 1]
    own, begin, choice, rest = _left(figures, first, pick, ruled_out)
    n = len(choice)
    scale = np.ones(d)
    scale[:p] = ranges
    for k in range(p, d):
        for o in choice:
            scale[k] = max(scale[k], abs(figures[o, k]))
    T, least, most = _tableau(figures, first, low, high, goal, bounded, pick, own, begin, choice, rest, scale)
    rows, columns = T.shape
    cost, at = np.zeros(columns), np.zeros(columns + rows)
    cost[n] = 1.0
    out, basis = np.arange(columns), np.arange(columns, columns + rows)
    if not started(T, cost, out, basis, least, most, at):
        return OPEN
    kept_T, kept_cost = np.empty((n + 1, rows, columns)), np.empty((n + 1, columns))
    kept_out, kept_basis = np.empty((n + 1, columns), np.int64), np.empty((n + 1, rows), np.int64)
    kept = np.empty((n + 1, 3, columns + rows))
    worth, base = np.empty(n), np.empty(len(own))
    depth = 0
    for _ in range(work // T.size):
        r = solved(T, cost, out, basis, least, most, at)
        if r == OUT_OF_STEPS:
            return OPEN
        _multipliers(T, cost, out, basis, least, at, scale, p, r, factors)
        room = _room(
            figures, first, low, high, goal, sizes, factors, pick, own, begin, choice, rest, least, most, worth, base
        )
        if room < 0.0:
            if depth == 0:
                return OPEN if part else NONE
            depth -= 1
            T[:], cost[:], out[:], basis[:] = kept_T[depth], kept_cost[depth], kept_out[depth], kept_basis[depth]
            at[:], least[:], most[:] = kept[depth]
            continue
        if r != OPTIMAL:
            return OPEN
        _narrow(room, begin, worth, base, least, most, at)
        column = _branching(T, cost, out, basis, at, n)
        if column < 0:
            for a in range(len(own)):
                for j in range(begin[a], begin[a + 1]):
                    if at[j] > 0.5:
                        pick[own[a]] = choice[j] - first[own[a]]
            return FOUND
        kept_T[depth], kept_cost[depth], kept_out[depth], kept_basis[depth] = T, cost, out, basis
        kept[depth, 0], kept[depth, 1], kept[depth, 2] = at, least, most
        if at[column] > 0.5:
            least[column], kept[depth, 2, column] = 1.0, 0.0
        else:
            most[column], kept[depth, 1, column] = 0.0, 1.0
        depth += 1
    return OPEN


@compiled
def _dearer(
    figures: Floats,
    first: Ints,
    low: Floats,
    high: Floats,
    goal: Floats,
    sizes: Floats,
    factors: Floats,
    pick: Ints,
    dearer: Floats,
) -> float:
    """The cheapest choice of each block, by how much each choice is ``dearer``, and the room that the multipliers leave
    below the goal; where it is negative, nothing lies there."""
    p, d = len(goal), len(factors)
    total = sides(factors[p:], low, high)
    for b in range(len(pick)):
        least = np.inf
        pick[b] = 0
        for o in range(first[b], first[b + 1]):
            dearer[o] = 0.0
            for k in range(d):
                dearer[o] += figures[o, k] * factors[k]
            if dearer[o] < least:
                least, pick[b] = dearer[o], o - first[b]
        total += least
        dearer[first[b] : first[b + 1]] -= least
    room = -total
    for k in range(d):
        room += sizes[k] * abs(factors[k])
    for k in range(p):
        room += factors[k] * goal[k]
    return room


@compiled
def _left(figures: Floats, first: Ints, pick: Ints, ruled_out: NDArray[np.bool_]) -> tuple[Ints, Ints, Ints, Floats]:
    """Blocks with anything to decide, where their other choices begin, these, and the sums of all other blocks."""
    own, begin = np.empty(len(pick), np.int64), np.zeros(len(pick) + 1, np.int64)
    choice = np.empty(len(figures), np.int64)
    rest = np.zeros(figures.shape[1])
    blocks = n = 0
    for b in range(len(pick)):
        base = first[b] + pick[b]
        before = n
        for o in range(first[b], first[b + 1]):
            if not ruled_out[o] and o != base:
                choice[n] = o
                n += 1
        if n > before:
            own[blocks] = b
            blocks += 1
            begin[blocks] = n
        else:
            for k in range(len(rest)):
                rest[k] += figures[base, k]
    return own[:blocks], begin[: blocks + 1], choice[:n], rest


@compiled
def _tableau(
    figures: Floats,
    first: Ints,
    low: Floats,
    high: Floats,
    goal: Floats,
    bounded: NDArray[np.bool_],
    pick: Ints,
    own: Ints,
    begin: Ints,
    choice: Ints,
    rest: Floats,
    scale: Floats,
) -> tuple[Floats, Floats, Floats]:
    """Columns for the choices left and, last, for how far all objectives may lie above the ``goal``; their bounds and
    those of the rows."""
    p, d, n = len(goal), len(scale), len(choice)
    several = 0
    for a in range(len(own)):
        several += begin[a + 1] - begin[a] > 1
    T = np.zeros((d + several, n + 1))
    least, most = np.zeros(n + 1 + len(T)), np.ones(n + 1 + len(T))
    least[n], most[n] = -np.inf, np.inf
    sums = rest.copy()
    row = d
    for a in range(len(own)):
        base = first[own[a]] + pick[own[a]]
        tied = begin[a + 1] - begin[a] > 1
        for k in range(d):
            sums[k] += figures[base, k]
        for j in range(begin[a], begin[a + 1]):
            for k in range(d):
                T[k, j] = (figures[choice[j], k] - figures[base, k]) / scale[k]
            if tied:
                T[row, j] = 1.0
        row += tied
    for k in range(d):
        if k >= p:
            least[n + 1 + k] = (low[k - p] - sums[k]) / scale[k]
            most[n + 1 + k] = (high[k - p] - sums[k]) / scale[k]
            continue
        least[n + 1 + k], most[n + 1 + k] = -np.inf, np.inf
        if bounded[k]:
            most[n + 1 + k] = (goal[k] - sums[k]) / scale[k]
            T[k, n] = -1.0
    return T, least, most


@compiled
def _multipliers(
    T: Floats,
    cost: Floats,
    out: Ints,
    basis: Ints,
    least: Floats,
    at: Floats,
    scale: Floats,
    p: int,
    r: int,
    factors: Floats,
) -> None:
    """Weights and negated prices ``(p + m,)`` that the optimum gives, or those by which row ``r`` cannot be mended."""
    columns, d = len(out), len(scale)
    factors[:] = 0.0
    sign = 0.0
    if r >= 0:
        sign = 1.0 if at[basis[r]] < least[basis[r]] else -1.0
        if columns <= basis[r] < columns + d:
            factors[basis[r] - columns] = -sign / scale[basis[r] - columns]
    for j in range(columns):
        k = out[j] - columns
        if 0 <= k < d:
            factors[k] = (sign * T[r, j] if r >= 0 else -cost[j]) / scale[k]
    for k in range(p):
        factors[k] = max(factors[k], 0.0)


@compiled
def _room(
    figures: Floats,
    first: Ints,
    low: Floats,
    high: Floats,
    goal: Floats,
    sizes: Floats,
    factors: Floats,
    pick: Ints,
    own: Ints,
    begin: Ints,
    choice: Ints,
    rest: Floats,
    least: Floats,
    most: Floats,
    worth: Floats,
    base: Floats,
) -> float:
    """The room that the multipliers leave a node below the goal; what its choices are worth by them."""
    p, d = len(goal), len(factors)
    total = sides(factors[p:], low, high)
    room = 0.0
    for k in range(d):
        total += factors[k] * rest[k]
        room += sizes[k] * abs(factors[k])
    for k in range(p):
        room += factors[k] * goal[k]
    for a in range(len(own)):
        base[a] = 0.0
        for k in range(d):
            base[a] += figures[first[own[a]] + pick[own[a]], k] * factors[k]
        lowest, forced = base[a], np.inf
        for j in range(begin[a], begin[a + 1]):
            worth[j] = 0.0
            for k in range(d):
                worth[j] += figures[choice[j], k] * factors[k]
            if most[j] > 0.5:
                lowest = min(lowest, worth[j])
            if least[j] > 0.5:
                forced = worth[j]
        total += lowest if np.isinf(forced) else forced
    return room - total


@compiled
def _narrow(room: float, begin: Ints, worth: Floats, base: Floats, least: Floats, most: Floats, at: Floats) -> None:
    """Rule out choices that cost more than the room left; columns stay where they stand."""
    for a in range(len(base)):
        lowest, forced = base[a], False
        for j in range(begin[a], begin[a + 1]):
            if most[j] > 0.5:
                lowest = min(lowest, worth[j])
                forced |= least[j] > 0.5
        if forced:
            continue
        left, last = 0, -1
        for j in range(begin[a], begin[a + 1]):
            if most[j] > 0.5 and at[j] == 0.0 and worth[j] - lowest > room:
                most[j] = 0.0
            elif most[j] > 0.5:
                left, last = left + 1, j
        if left == 1 and at[last] == 1.0 and base[a] - lowest > room:
            least[last] = 1.0


@compiled
def _branching(T: Floats, cost: Floats, out: Ints, basis: Ints, at: Floats, n: int) -> int:
    """The fractional column with the largest product of penalties, what one step costs at least; -1 if all are
    whole."""
    best, column = -1.0, -1
    for i in range(len(basis)):
        if basis[i] >= n or at[basis[i]] < WHOLE or at[basis[i]] > 1 - WHOLE:
            continue
        down = up = 1e6
        for j in range(len(out)):
            if abs(T[i, j]) > PIVOT:
                if (T[i, j] > 0.0) == (cost[j] >= 0.0):
                    up = min(up, abs(cost[j] / T[i, j]))
                else:
                    down = min(down, abs(cost[j] / T[i, j]))
        part = at[basis[i]]
        score = max(down * part, 1e-7) * max(up * (1 - part), 1e-7)
        if score > best:
            best, column = score, basis[i]
    return column
