"""Bounds: what the undecided blocks can still save at best, in many directions of objective space.

For weights ``λ`` every completion of a label costs at least ``λ·z + min Σ λ·cost`` over the undecided blocks, within
what remains of the rows. Of these rows the *main* one is kept exactly, by a table over its remaining capacity; the
others are priced (Lagrange) with multipliers ``μ >= 0``:

    L(z, R) = λ·z - μ·R + D[R_main],    D[r] = min Σ (λ·cost + μ·use)  with  Σ use_main <= r.

This holds for any ``μ >= 0``, so that the multipliers may come from a rough ascent: they are rounded to whole numbers,
and everything after that is whole-number arithmetic, with no tolerance. Figures too large for 32 bits are counted in
units of ``2**shift``, rounded down, on both sides of every comparison; that weakens a bound slightly and never
falsifies it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.problem import Floats, Ints
from optimizer.engines.labels.compiled import compiled
from optimizer.engines.labels.stages import Stages
from optimizer.engines.labels.threads import ALONE, Threads

__all__ = ["Bounds", "StageBound"]

Array = NDArray[Any]

COST_BITS = 18
SCALE = 2**25
"""Largest weighted cost of a portfolio."""
PRICED = 2**29
"""Largest priced use; with :data:`SCALE` it keeps every sum below ``2**30``."""
ROW_BITS = 16
SHARED_ROW_BITS = 12
"""Bits of the main row's table where other rows are priced, so that tables are made anew for each stage."""


@dataclass(frozen=True, eq=False)
class StageBound:
    """Bounds after ``k`` blocks. ``table`` ``(r, s * l)`` is ``D``, ``price`` ``(q, s * l)`` is ``μ``, for ``s`` sets
    of multipliers side by side.

    The main row's price is 0. ``shift`` ``(q,)`` are the units of the rows that live; the table begins where ``base``
    units of the main row remain: no label can have less.
    """

    base: int
    table: NDArray[np.int32]
    price: NDArray[np.int32]
    shift: Ints


class Bounds:
    """Makes the bounds of one stage after the other.

    Args:
        stages: the model in deciding order.
        lattice: ``(l, p)`` directions; each objective is scaled by its range.
        ranges: ``(p,)`` largest cost of each objective.
        memory: bytes that tables may fill; coarser ones are weaker, and never false.
    """

    def __init__(self, stages: Stages, lattice: Ints, ranges: Ints, memory: int = 2**62) -> None:
        self.stages = stages
        n, m = len(stages), len(stages.capacity)
        self._stride = max(1, round((n + 1) ** 0.5))
        self.shift = np.array([max(0, int(r).bit_length() - COST_BITS) for r in ranges], dtype=np.int64)
        coarse = np.maximum(ranges >> self.shift, 1)
        unit = SCALE / lattice.sum(axis=1, keepdims=True) / coarse
        self.weights = np.where(lattice > 0, np.maximum(np.rint(lattice * unit * 0.999), 1), 0).astype(np.int32)
        reach = np.minimum(stages.capacity, stages.use_left[0])
        bits = np.full(m, ROW_BITS)
        bits[stages.main] = _table_bits(stages, self._stride, len(lattice), memory) if m == 1 else SHARED_ROW_BITS
        self.row_shift = np.array([max(0, int(r).bit_length() - b) for r, b in zip(reach, bits, strict=True)])
        self.cost = [(b.cost >> self.shift) @ self.weights.T.astype(np.int64) for b in stages.blocks]
        self.use = [b.use >> self.row_shift for b in stages.blocks]
        self.capacity = reach >> self.row_shift
        self.first = np.concatenate([[0], np.cumsum([len(c) for c in self.cost])]).astype(np.int64)
        self.all_costs = np.ascontiguousarray(np.vstack([*self.cost, np.zeros((0, len(lattice)))]).T, dtype=np.float64)
        uses = np.vstack([*self.use, np.zeros((0, m), dtype=np.int64)])
        self.used_row = np.nonzero(uses)[1]
        self.whole_used = uses[np.nonzero(uses)].astype(np.int32)
        self.used = self.whole_used.astype(np.float64)
        self.used_first = np.concatenate([[0], np.cumsum((uses > 0).sum(axis=1))]).astype(np.int64)
        self.most = np.sum([u.max(axis=0) for u in self.use], axis=0) if n else np.zeros(m)
        self.mu: list[Floats] = [np.zeros((len(lattice), m))]
        self.single = m == 1
        self.coarse_costs = np.ascontiguousarray(self.all_costs.T, dtype=np.int32)
        self.main_use = np.ascontiguousarray(uses[:, stages.main])
        self.bases = np.array([self._base(k) for k in range(n + 1)])
        self.ends = np.array([self._end(k) for k in range(n + 1)])
        self._tables: dict[int, NDArray[np.int32]] = {}
        self._marks: dict[int, NDArray[np.int32]] = {}

    @property
    def nbytes(self) -> int:
        """Bytes of what is kept between stages; the tables between two marks at their most."""
        marks = sorted((table.nbytes for table in self._marks.values()), reverse=True)
        between = self._stride * marks[0] if marks else 0
        return sum(marks) + between + self.all_costs.nbytes + self.used.nbytes

    def at(self, k: int, remaining: Floats, rounds: int, late: int = 0, threads: Threads = ALONE) -> StageBound:
        """Bounds after ``k`` blocks, with one set of multipliers fitted to each row of ``remaining`` ``(s, m)``.

        Each set begins its ascent where it stood a stage before; its steps are as short as after ``late`` rounds. With
        one row no multipliers are needed.
        """
        if self.single:
            price = np.zeros((1, len(self.weights)), np.int32)
            return StageBound(self.bases[k], self._table(k), price, self._live_shift(k))
        left = np.minimum(remaining, self.stages.use_left[k]) / 2.0**self.row_shift

        def fit(at: int) -> tuple[Floats, NDArray[np.int32], NDArray[np.int32]]:
            start = self.mu[at] if at < len(self.mu) else self.mu[0]
            mu = _ascend(
                self.all_costs, self.first, self.used_first, self.used_row, self.used, k, left[at], start, rounds, late
            )
            return mu, *self._priced(k, mu)

        mu, tables, prices = zip(*threads.map(fit, range(len(left))), strict=True)
        self.mu = list(mu)
        return StageBound(self.bases[k], np.hstack(tables), np.hstack(prices), self._live_shift(k))

    def _live_shift(self, k: int) -> Ints:
        shift: Ints = self.row_shift[list(self.stages.live[k])]
        return shift

    def _priced(self, k: int, mu: Floats) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """The table over the main row with all other rows priced at ``mu`` ``(l, m)``, from the end back to stage
        ``k``."""
        whole = mu.copy()
        whole[:, self.stages.main] = 0
        whole *= np.minimum(1.0, PRICED / np.maximum(whole @ np.maximum(self.most, self.capacity), 1.0))[:, None]
        price = np.ascontiguousarray(np.floor(whole).T, dtype=np.int32)
        table = _suffix(
            self.coarse_costs, self.first, self.used_first, self.used_row, self.whole_used, price,
            self.main_use, self.bases, self.ends, k,
        )  # fmt: skip
        live = list(self.stages.live[k])
        away = np.setdiff1d(np.arange(len(self.capacity)), live)
        away = away[self.stages.use_left[k, away] > 0]
        table -= (self.capacity[away] @ price[away].astype(np.int64)).astype(np.int32)
        return table, price[live]

    def _base(self, k: int) -> int:
        """The least that a label after ``k`` blocks can have left of the main row, in its units."""
        main = self.stages.main
        use_left = self.stages.use_left[:, main]
        reach = min(int(self.stages.capacity[main]), int(use_left[0]))
        return int(min(max(0, reach - int(use_left[0] - use_left[k])), int(use_left[k])) >> self.row_shift[main])

    def _end(self, k: int) -> int:
        """One more than the main row can be used after ``k`` blocks, in its units."""
        main = self.stages.main
        return int(min(self.capacity[main], self.stages.use_left[k, main] >> self.row_shift[main])) + 1

    def _before(self, b: int, table: NDArray[np.int32]) -> NDArray[np.int32]:
        own = slice(self.first[b], self.first[b + 1])
        return _extend(
            table, self.bases[b + 1], self.main_use[own], self.coarse_costs[own], self.bases[b], self.ends[b]
        )

    def _table(self, k: int) -> NDArray[np.int32]:
        """The exact table after ``k`` blocks where one row is all there is.

        Only every ``stride``-th table is kept, and the ones between two of these while they are in use.
        """
        n = len(self.stages)
        if not self._marks:
            table = np.zeros((1, len(self.weights)), dtype=np.int32)
            self._marks[n] = table
            for b in range(n - 1, -1, -1):
                table = self._before(b, table)
                if b % self._stride == 0:
                    self._marks[b] = table
        if k in self._marks:
            return self._marks[k]
        if k not in self._tables:
            end = min(n, (k // self._stride + 1) * self._stride)
            self._tables = {}
            table = self._marks[end]
            for b in range(end - 1, k - 1, -1):
                table = self._before(b, table)
                self._tables[b] = table
        return self._tables[k]


def _table_bits(stages: Stages, stride: int, directions: int, memory: int) -> int:
    """Bits of the one row's units such that all its tables that are kept at a time fill at most ``memory`` bytes."""
    left = stages.use_left[:, stages.main]
    reach = min(int(stages.capacity[stages.main]), int(left[0]))
    spans = np.minimum(reach, left) - np.minimum(np.maximum(0, reach - (left[0] - left)), left)
    marks = spans[::stride]
    for bits in range(ROW_BITS, 8, -1):
        shift = max(0, reach.bit_length() - bits)
        rows = int(((marks >> shift) + 2).sum()) + stride * int((marks.max() >> shift) + 2)
        if rows * directions * 4 <= memory:
            return bits
    return 8


@compiled
def _suffix(
    costs: NDArray[np.int32],
    first: Ints,
    used_first: Ints,
    used_row: Ints,
    used: NDArray[np.int32],
    price: NDArray[np.int32],
    main_use: Ints,
    bases: Ints,
    ends: Ints,
    k: int,
) -> NDArray[np.int32]:
    """The table of the blocks from ``k`` on, their costs ``(c, l)`` raised by the ``price`` ``(m, l)`` of their use."""
    directions = costs.shape[1]
    table = np.zeros((1, directions), np.int32)
    for b in range(len(first) - 2, k - 1, -1):
        value = costs[first[b] : first[b + 1]].copy()
        for c in range(first[b], first[b + 1]):
            for e in range(used_first[c], used_first[c + 1]):
                for d in range(directions):
                    value[c - first[b], d] += np.int32(price[used_row[e], d] * used[e])
        table = _extend(table, bases[b + 1], main_use[first[b] : first[b + 1]], value, bases[b], ends[b])
    return table


@compiled
def _extend(
    table: NDArray[np.int32], table_base: int, use: Ints, value: NDArray[np.int32], base: int, end: int
) -> NDArray[np.int32]:
    """One block more: ``out[r] = min over choices of table[r - use] + value``, ``r`` from ``base`` to before ``end``.

    A table is constant beyond its end.
    """
    rows, directions = table.shape
    out = np.empty((end - base, directions), np.int32)
    for r in range(base, end):
        fresh = True
        line = out[r - base]
        for o in range(len(use)):
            if r < use[o]:
                continue
            after = table[max(0, min(r - use[o] - table_base, rows - 1))]
            if fresh:
                for d in range(directions):
                    line[d] = np.int32(after[d] + value[o, d])
                fresh = False
            else:
                for d in range(directions):
                    other = np.int32(after[d] + value[o, d])
                    line[d] = other if other < line[d] else line[d]
    return out


@compiled
def _ascend(
    costs: Floats,
    first: Ints,
    used_first: Ints,
    used_row: Ints,
    used: Floats,
    k: int,
    remaining: Floats,
    start: Floats,
    rounds: int,
    late: int,
) -> Floats:
    """Multipliers ``(l, m)`` by subgradient ascent of ``min Σ (λ·cost + μ·use) - μ·remaining`` over the blocks from
    ``k`` on; the first step is as short as the one after ``late`` rounds."""
    directions, m = start.shape
    best = start.copy()
    mu = np.empty(m)
    slope = np.empty(m)
    n = len(first) - 1
    for d in range(directions):
        top = -np.inf
        mu[:] = start[d]
        reach = 0.0
        for b in range(k, n):
            most = 0.0
            for c in range(first[b], first[b + 1]):
                most = max(most, costs[d, c])
            reach += most
        for turn in range(rounds):
            value = 0.0
            for i in range(m):
                slope[i] = -remaining[i]
                value -= mu[i] * remaining[i]
            for b in range(k, n):
                least, pick = np.inf, 0
                for c in range(first[b], first[b + 1]):
                    price = costs[d, c]
                    for e in range(used_first[c], used_first[c + 1]):
                        price += mu[used_row[e]] * used[e]
                    if price < least:
                        least, pick = price, c
                value += least
                for e in range(used_first[pick], used_first[pick + 1]):
                    slope[used_row[e]] += used[e]
            if value > top:
                top = value
                best[d] = mu
            norm = 0.0
            for i in range(m):
                if mu[i] <= 0.0 and slope[i] < 0.0:
                    slope[i] = 0.0
                norm += slope[i] * slope[i]
            if norm < 1e-9:
                break
            step = 0.03 * reach / (1.0 + 0.2 * (turn + late)) / norm
            for i in range(m):
                mu[i] = max(0.0, mu[i] + step * slope[i])
    return best
