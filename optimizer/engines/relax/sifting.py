"""Sifting: linear relaxations over the few blocks that matter, priced over all of them.

The relaxation of a zone asks for the largest shrink of ``u`` that some mixture of choices survives: an achievement
scalarization (Wierzbicki 1986). Its solution differs from those of neighbouring zones in a few blocks only. So a small
linear program frees the blocks in which the nearest known solutions disagree and those whose choice is nearly
indifferent, and leaves the others as they are; pricing all blocks then shows which others want to move (Bixby et al.,
"Very large-scale linear programming", Oper. Res. 40, 1992). Its duals are only proposals: see :mod:`.pricing`.
"""

from __future__ import annotations

import highspy
import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from models.problem import Floats, Ints
from optimizer.engines.labels.compiled import compiled
from optimizer.engines.linear import linear_model, quiet_solver
from optimizer.engines.relax.blocks import Blocks
from optimizer.engines.relax.branching import Answer, below
from optimizer.engines.relax.halfspaces import HalfSpace
from optimizer.engines.relax.pricing import Priced, Pricing
from optimizer.engines.relax.rounding import Relaxed, rounded
from optimizer.engines.relax.simplex import Program, minimum

__all__ = ["Sifting"]

NEAREST = 40
"""Known solutions that propose what to free."""
NEARLY = 30
"""Blocks freed because their choice is nearly indifferent."""
SAMPLE = 600
"""Blocks of the sample that gives the first multipliers."""
FREED = 0.05
"""Share of the blocks beyond which only the most indifferent ones are freed; the others take the choice they prefer."""
LEAST_FREED = 300
ROUNDS = 12
POOL = 4096
POOL_BYTES = 100_000_000
TIE = 1e-4
"""Weight, in shares of the ranges, by which a relaxation prefers a dominating point."""
ELASTIC = 100.0
"""Price of breaking a row, where the fixed blocks alone break it."""


class Sifting:
    """Relaxations of ``blocks``, each started from the solutions of earlier ones."""

    quick = True

    def __init__(self, blocks: Blocks, pricing: Pricing) -> None:
        self.blocks, self.pricing = blocks, pricing
        self.rows, self.tied = blocks.rows, blocks.tied
        self.solves = 0
        self._most = max(LEAST_FREED, int(FREED * len(blocks)))
        m = len(blocks.rows)
        self._row_scale = 1.0 / np.maximum(np.abs(blocks.figures[:, blocks.p :]).max(axis=0, initial=1.0), 1.0)
        cap = min(POOL, max(16, POOL_BYTES // len(blocks)))
        self._picks = np.empty((cap, len(blocks)), dtype=np.uint8)
        self._sums = np.empty((cap, blocks.p + m))
        self._Y = np.empty((cap, blocks.p))
        self._weights = np.empty((cap, blocks.p))
        self._prices = np.empty((cap, m))
        self._divided: list[Ints] = [np.zeros(0, dtype=np.int64)] * cap
        self.known = self._next = 0
        self._solver = quiet_solver(presolve="off")

    def weighted(self, weights: Floats, seconds: float) -> Relaxed | None:
        """The relaxation that minimises ``weights · y``, from nothing but a sample of blocks."""
        weights = weights / max(float(np.abs(self.blocks.figures[:, : self.blocks.p] @ weights).mean()), 1e-300)
        start = self._sampled(weights)
        if (priced := self.pricing(weights, start)) is None:
            return None
        free, pick, sums = self._rebased(priced)
        return self._sift(free, pick, sums, weights, None, None, 1e-4, [priced.halfspace], rounds=40)

    def achieve(
        self, u: Floats, bounded: NDArray[np.bool_], ranges: Floats, tolerance: float, seconds: float
    ) -> Relaxed | None:
        """The relaxation of the zone ``u`` ``(p,)``, of which only the ``bounded`` axes shrink."""
        near, share = self._mixture(u, bounded, ranges)
        weights = np.where(bounded, share @ self._weights[near], 0.0)
        priced = self.pricing(weights, share @ self._prices[near])
        halfspaces = [] if priced is None else [priced.halfspace]
        free = _disagreeing(self._picks, near)
        for i in near:
            free[self._divided[i]] = True
        pick, sums = self._picks[near[0]].astype(np.int64), self._sums[near[0]]
        if priced is not None:
            free[_smallest(priced.gap, NEARLY)] = True
            if int(free.sum()) > self._most:
                free, pick, sums = self._rebased(priced)
        return self._sift(free, pick, sums, TIE / ranges, u, (bounded, ranges), tolerance, halfspaces, rounds=ROUNDS)

    def portfolios(
        self, relaxed: Relaxed, u: Floats | None, bounded: NDArray[np.bool_], ranges: Floats, seconds: float
    ) -> list[Floats]:
        """Columns of a portfolio near the relaxation's, deep in the zone ``u``; without one, good in the ``bounded``
        objectives."""
        pick = rounded(self.blocks, relaxed, relaxed.y if u is None else u, bounded, ranges)
        return [] if pick is None else [self.blocks.portfolio(pick)]

    def below(
        self,
        relaxed: Relaxed,
        u: Ints,
        w: Ints,
        bounded: NDArray[np.bool_],
        ranges: Floats,
        work: int,
        free: int,
        near: bool,
    ) -> Answer:
        """Is there a portfolio with ``y < w``? ``relaxed`` is the relaxation of the zone ``u`` (:func:`.below`)."""
        own = np.where(bounded, ranges, 0.0)
        bounds = [
            float(half.weights.astype(np.float64) @ u - float(half.bound)) / max(float(half.weights @ own), 1e-9)
            for half in relaxed.halfspaces
        ]
        best = relaxed.halfspaces[int(np.argmin(bounds))]
        multipliers = best.weights.astype(np.float64), best.prices
        return below(self.blocks, self.pricing.most, w, bounded, ranges, *multipliers, work, free, near)

    def _sampled(self, weights: Floats) -> Floats:
        """Multipliers of a sample of blocks whose rows have their share of the sides."""
        b = self.blocks
        n = min(len(b), SAMPLE)
        sample = np.sort(np.random.default_rng(0).permutation(len(b))[:n])
        share = n / len(b)
        free = np.zeros(len(b), dtype=np.bool_)
        free[sample] = True
        pick = np.zeros(len(b), dtype=np.int64)
        sums = b.figures[b.first[sample]].sum(axis=0)
        solved = self._solve(free, pick, sums, weights, None, None, share)
        return np.zeros(len(b.rows)) if solved is None else solved[2]

    def _mixture(self, u: Floats, bounded: NDArray[np.bool_], ranges: Floats) -> tuple[Ints, Floats]:
        """Known solutions and their shares whose mixture survives the largest shrink of the zone ``u``."""
        near, shift = _nearest(self._Y[: self.known], u, bounded, ranges)
        k, axes = shift.shape
        program = Program(
            cost=np.append(np.zeros(k), 1.0),
            lower=np.append(np.zeros(k), -np.inf),
            upper=np.append(np.ones(k), np.inf),
            low=np.append(np.full(axes, -np.inf), 1.0),
            high=np.append(np.zeros(axes), 1.0),
            start=np.arange(k + 2) * (axes + 1),
            places=np.tile(np.arange(axes + 1), k + 1),
            value=np.vstack([np.column_stack([shift, np.ones(k)]), np.append(np.full(axes, -1.0), 0.0)]).ravel(),
        )
        answer = self._run(program)
        share = np.zeros(k) if answer is None else np.clip(answer[0][:k], 0.0, 1.0)
        if share.max() <= 1e-6:
            share[0] = 1.0
        order = np.argsort(-share, kind="stable")
        order = order[share[order] > 1e-6]
        return near[order], share[order] / share[order].sum()

    def _rebased(self, priced: Priced) -> tuple[NDArray[np.bool_], Ints, Floats]:
        """The most indifferent blocks, the choice that every block prefers, and the sums of these."""
        free = np.zeros(len(self.blocks), dtype=np.bool_)
        free[_smallest(priced.gap, self._most)] = True
        return free, priced.pick, _sum(self.blocks.figures, self.blocks.first, priced.pick)

    def _sift(
        self,
        free: NDArray[np.bool_],
        pick: Ints,
        sums: Floats,
        cost: Floats,
        u: Floats | None,
        shrink: tuple[NDArray[np.bool_], Floats] | None,
        tolerance: float,
        halfspaces: list[HalfSpace],
        rounds: int,
    ) -> Relaxed | None:
        b = self.blocks
        y, weights, prices, whole, divided = (
            np.zeros(b.p),
            cost,
            np.zeros(len(b.rows)),
            pick,
            np.zeros(0, dtype=np.int64),
        )
        gap = np.zeros(len(b))
        for _ in range(rounds):
            solved = self._solve(free, pick, sums, cost, u, shrink, 1.0)
            if solved is None:
                return None
            y, weights, prices, whole, divided = solved
            priced = self.pricing(weights, prices)
            if priced is None:
                return None
            gap = priced.gap
            halfspaces.append(priced.halfspace)
            if shrink is not None and not shrink[0].all():
                narrowed = self.pricing(np.where(shrink[0], weights, 0.0), prices)
                halfspaces += [] if narrowed is None else [narrowed.halfspace]
            lam = priced.halfspace.weights.astype(np.float64)
            scale = (
                float(lam @ shrink[1]) if shrink else max(abs(float(lam @ y)), abs(float(priced.halfspace.bound)), 1.0)
            )
            wanting = (priced.pick != pick) & ~free
            if (float(lam @ y) - priced.halfspace.bound) / scale <= tolerance or not wanting.any():
                break
            free = free | wanting
        final = _replaced(b.figures, b.first, pick, whole, sums)
        result = Relaxed(whole, final, divided, gap, y, halfspaces)
        self._remember(result, weights, prices, shrink[1] if shrink else None)
        return result

    def _remember(self, result: Relaxed, weights: Floats, prices: Floats, ranges: Floats | None) -> None:
        at = self._next
        size = float(weights @ ranges) if ranges is not None else float(weights.sum())
        self._picks[at], self._sums[at], self._Y[at] = result.pick, result.sums, result.y
        self._weights[at], self._prices[at], self._divided[at] = weights / size, prices / size, result.divided
        self._next = (at + 1) % len(self._picks)
        self.known = max(self.known, at + 1)

    def _solve(
        self,
        free: NDArray[np.bool_],
        pick: Ints,
        sums: Floats,
        cost: Floats,
        u: Floats | None,
        shrink: tuple[NDArray[np.bool_], Floats] | None,
        share: float,
    ) -> tuple[Floats, Floats, Floats, Ints, Ints] | None:
        """The linear program over the ``free`` blocks: objectives, weights, prices, whole choices, divided blocks."""
        b = self.blocks
        p, m = b.p, len(b.rows)
        bounded, ranges = shrink if shrink is not None else (np.zeros(p, dtype=np.bool_), np.ones(p))
        scale = np.concatenate([1.0 / ranges, self._row_scale])
        low, high = np.full(p + m, -np.inf), np.full(p + m, np.inf)
        low[p:] = (b.low * share - sums[p:]) * self._row_scale
        high[p:] = (b.high * share - sums[p:]) * self._row_scale
        if u is not None:
            high[:p] = np.where(bounded, (u - sums[:p]) / ranges, np.inf)
        chosen, owner, multiple = _free_choices(b.first, free, pick)
        program = Program(*_program(b.figures, b.first, pick, chosen, owner, multiple, cost, scale, low, high, bounded))
        answer = self._run(program)
        if answer is None:
            return None
        w, dual = answer
        w = np.clip(w[: len(chosen)], 0.0, 1.0)
        weights = cost + np.maximum(-dual[:p], 0.0) / ranges
        prices = dual[p : p + m] * self._row_scale
        whole, divided, y = _rounded(b.figures, b.first, pick, chosen, owner, w, sums[:p])
        return y, weights, prices, whole, divided

    def _run(self, program: Program) -> tuple[Floats, Floats] | None:
        """Values of the columns and duals of the rows; ``None`` where the solver fails."""
        self.solves += 1
        try:
            answer = self._ask(program)
        except Exception:
            return None
        return answer if answer is not None and all(np.isfinite(part).all() for part in answer) else None

    def _ask(self, program: Program) -> tuple[Floats, Floats] | None:
        return minimum(program) or self._told(program)

    def _told(self, program: Program) -> tuple[Floats, Floats] | None:
        """What HiGHS answers."""
        _, lower, upper, low, high = program[:5]
        A = sp.csr_array(program.A)
        self._solver.passModel(linear_model(A, low, high, lower, upper, cost=program.cost))
        self._solver.run()
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        solution = self._solver.getSolution()
        return np.array(solution.col_value), np.array(solution.row_dual)


@compiled
def _nearest(Y: Floats, u: Floats, bounded: NDArray[np.bool_], ranges: Floats) -> tuple[Ints, Floats]:
    """The rows of ``Y`` ``(known, p)`` that lie nearest to the diagonal through ``u``, up to :data:`NEAREST` of them,
    and how far they are from it, in the ``bounded`` objectives."""
    axes = np.flatnonzero(bounded)
    spread = np.empty(len(Y))
    for i in range(len(Y)):
        least, most = np.inf, -np.inf
        for k in axes:
            off = (Y[i, k] - u[k]) / ranges[k]
            least, most = min(least, off), max(most, off)
        spread[i] = most - least
    count = min(NEAREST, len(Y))
    near = np.empty(count, np.int64)
    held = 0
    for i in range(len(Y)):
        if held == count and spread[i] >= spread[near[count - 1]]:
            continue
        held = min(held + 1, count)
        at = held - 1
        while at > 0 and spread[near[at - 1]] > spread[i]:
            near[at] = near[at - 1]
            at -= 1
        near[at] = i
    shift = np.empty((count, len(axes)))
    for i in range(count):
        for a in range(len(axes)):
            shift[i, a] = (Y[near[i], axes[a]] - u[axes[a]]) / ranges[axes[a]]
    return near, shift


def _smallest(gap: Floats, count: int) -> Ints:
    if count >= len(gap):
        return np.arange(len(gap))
    return np.argpartition(gap, count)[:count]


@compiled
def _sum(figures: Floats, first: Ints, pick: Ints) -> Floats:
    sums = np.zeros(figures.shape[1])
    for b in range(len(pick)):
        for k in range(len(sums)):
            sums[k] += figures[first[b] + pick[b], k]
    return sums


@compiled
def _replaced(figures: Floats, first: Ints, old: Ints, new: Ints, sums: Floats) -> Floats:
    """Sums of the choices ``new``, from those of ``old``."""
    out = sums.copy()
    for b in range(len(old)):
        if old[b] != new[b]:
            for k in range(len(out)):
                out[k] += figures[first[b] + new[b], k] - figures[first[b] + old[b], k]
    return out


@compiled
def _disagreeing(picks: NDArray[np.uint8], near: Ints) -> NDArray[np.bool_]:
    out = np.zeros(picks.shape[1], np.bool_)
    for i in range(1, len(near)):
        for b in range(len(out)):
            out[b] |= picks[near[i], b] != picks[near[0], b]
    return out


@compiled
def _free_choices(first: Ints, free: NDArray[np.bool_], pick: Ints) -> tuple[Ints, Ints, Ints]:
    """Choices of free blocks other than their pick, the blocks that own them, and the number of the block's own row,
    -1 where one choice is all there is."""
    count = 0
    for b in range(len(pick)):
        if free[b]:
            count += first[b + 1] - first[b] - 1
    chosen, owner, multiple = np.empty(count, np.int64), np.empty(count, np.int64), np.empty(count, np.int64)
    at = rows = 0
    for b in range(len(pick)):
        if not free[b]:
            continue
        several = first[b + 1] - first[b] > 2
        for o in range(first[b], first[b + 1]):
            if o == first[b] + pick[b]:
                continue
            chosen[at], owner[at] = o, b
            multiple[at] = rows if several else -1
            at += 1
        rows += several
    return chosen, owner, multiple


@compiled
def _program(
    figures: Floats,
    first: Ints,
    pick: Ints,
    chosen: Ints,
    owner: Ints,
    multiple: Ints,
    cost: Floats,
    scale: Floats,
    low: Floats,
    high: Floats,
    bounded: NDArray[np.bool_],
) -> tuple[Floats, Floats, Floats, Floats, Floats, Ints, Ints, Floats]:
    """Columns for the ``chosen`` choices, for the shrink, and for each row that is broken without them; rows for
    objectives, rows across blocks, and blocks of several free choices."""
    p, d, nv = len(cost), len(scale), len(chosen)
    broken = np.flatnonzero((low > 0) | (high < 0))
    broken = broken[broken >= p]
    nc, nr = nv + 1 + len(broken), d
    for c in range(nv):
        nr = max(nr, d + multiple[c] + 1)
    price, upper = np.zeros(nc), np.ones(nc)
    start = np.zeros(nc + 1, np.int64)
    index = np.empty(nv * (d + 1) + p + len(broken), np.int64)
    value = np.empty(len(index))
    at = 0
    for c in range(nv):
        a, b = chosen[c], first[owner[c]] + pick[owner[c]]
        for k in range(d):
            change = figures[a, k] - figures[b, k]
            if k < p:
                price[c] += change * cost[k]
            if change != 0.0:
                index[at], value[at] = k, change * scale[k]
                at += 1
        if multiple[c] >= 0:
            index[at], value[at] = d + multiple[c], 1.0
            at += 1
        start[c + 1] = at
    lower = np.zeros(nc)
    price[nv], upper[nv] = 1.0, 0.0
    for k in range(p):
        if bounded[k]:
            lower[nv], upper[nv] = -np.inf, np.inf
            index[at], value[at] = k, -1.0
            at += 1
    start[nv + 1] = at
    for e in range(len(broken)):
        price[nv + 1 + e], upper[nv + 1 + e] = ELASTIC, np.inf
        index[at], value[at] = broken[e], 1.0 if low[broken[e]] > 0 else -1.0
        at += 1
        start[nv + 2 + e] = at
    sides = np.ones((2, nr))
    sides[0], sides[0, :d], sides[1, :d] = -np.inf, low, high
    return price, lower, upper, sides[0], sides[1], start, index[:at], value[:at]


@compiled
def _rounded(
    figures: Floats, first: Ints, pick: Ints, chosen: Ints, owner: Ints, w: Floats, y: Floats
) -> tuple[Ints, Ints, Floats]:
    """The choice with the largest share of each block, the blocks that are divided, and the mixture's objectives;
    ``y`` are those of ``pick``."""
    whole = pick.copy()
    mixed = y.copy()
    divided = np.empty(len(owner), np.int64)
    count = i = 0
    while i < len(owner):
        b = owner[i]
        rest, most, best, parts = 1.0, 0.0, -1, False
        while i < len(owner) and owner[i] == b:
            rest -= w[i]
            parts |= w[i] > 1e-7 and w[i] < 1 - 1e-7
            for k in range(len(y)):
                mixed[k] += w[i] * (figures[chosen[i], k] - figures[first[b] + pick[b], k])
            if w[i] > most:
                most, best = w[i], chosen[i] - first[b]
            i += 1
        if most > rest:
            whole[b] = best
        if parts:
            divided[count] = b
            count += 1
    return whole, divided[:count], mixed
