"""Sifting: linear relaxations over the few blocks that matter, priced over all of them.

The relaxation of a zone asks for the largest shrink of ``u`` that some mixture of choices survives: an achievement
scalarization (Wierzbicki 1986). Its solution differs from those of neighbouring zones in a few blocks only. So a small
linear program frees the blocks in which the nearest known solutions disagree and those whose choice is nearly
indifferent, and leaves the others as they are; pricing all blocks then shows which others want to move (Bixby et al.,
"Very large-scale linear programming", Oper. Res. 40, 1992). Its duals are only proposals: see :mod:`.pricing`.
"""

from __future__ import annotations

from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from models.problem import Floats, Ints
from optimizer.engines.labels.compiled import compiled
from optimizer.engines.linear import quiet_solver
from optimizer.engines.relax.blocks import Blocks
from optimizer.engines.relax.halfspaces import HalfSpace
from optimizer.engines.relax.pricing import Priced, Pricing
from optimizer.engines.relax.rounding import Relaxed, rounded

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
        near, share = self._mixture(((self._Y[: self.known] - u) / ranges)[:, bounded])
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

    def _mixture(self, shift: Floats) -> tuple[Ints, Floats]:
        """Known solutions and their shares whose mixture survives the largest shrink; ``shift`` ``(known, b)`` are
        their objectives, from the zone's corner."""
        spread = shift.max(axis=1) - shift.min(axis=1)
        near = np.argsort(spread, kind="stable")[:NEAREST]
        lp = highspy.HighsLp()
        k, axes = len(near), shift.shape[1]
        lp.num_col_, lp.num_row_ = k + 1, axes + 1
        lp.col_cost_ = np.append(np.zeros(k), 1.0)
        lp.col_lower_ = np.append(np.zeros(k), -highspy.kHighsInf)
        lp.col_upper_ = np.full(k + 1, highspy.kHighsInf)
        lp.row_lower_ = np.append(np.full(axes, -highspy.kHighsInf), 1.0)
        lp.row_upper_ = np.append(np.zeros(axes), 1.0)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = (np.arange(axes + 2) * (k + 1)).astype(np.int32)
        lp.a_matrix_.index_ = np.tile(np.arange(k + 1, dtype=np.int32), axes + 1)
        rows = np.vstack([np.column_stack([shift[near].T, np.full(axes, -1.0)]), np.append(np.ones(k), 0.0)])
        lp.a_matrix_.value_ = rows.ravel()
        answer = self._run(lp)
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
        chosen, owner, multiple = _free_choices(b.first, free, pick)
        D = b.figures[chosen] - b.figures[b.first[owner] + pick[owner]]
        nv, nm = len(chosen), int(multiple.max(initial=-1)) + 1
        bounded, ranges = shrink if shrink is not None else (np.zeros(p, dtype=np.bool_), np.ones(p))
        row_scale = np.concatenate([1.0 / ranges, self._row_scale])
        low = np.concatenate([np.full(p, -np.inf), (b.low * share - sums[p:]) * self._row_scale])
        high = np.concatenate([np.full(p, np.inf), (b.high * share - sums[p:]) * self._row_scale])
        if u is not None:
            high[:p] = np.where(bounded, (u - sums[:p]) / ranges, np.inf)
        broken = np.flatnonzero((low > 0) | (high < 0))
        broken = broken[broken >= p]
        scaled = (D * row_scale).T
        row, col = np.nonzero(scaled)
        value = scaled[row, col]
        tied = np.flatnonzero(multiple >= 0)
        axes = np.flatnonzero(bounded)
        row = np.concatenate([row, axes, broken, p + m + multiple[tied]])
        col = np.concatenate([col, np.full(len(axes), nv), nv + 1 + np.arange(len(broken)), tied])
        value = np.concatenate(
            [value, np.full(len(axes), -1.0), np.where(low[broken] > 0, 1.0, -1.0), np.ones(len(tied))]
        )
        order = np.argsort(row, kind="stable")
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = nv + 1 + len(broken), p + m + nm
        infinite = highspy.kHighsInf
        lp.col_cost_ = np.concatenate([D[:, :p] @ cost, [1.0], np.full(len(broken), ELASTIC)])
        lp.col_lower_ = np.concatenate([np.zeros(nv), [-infinite if len(axes) else 0.0], np.zeros(len(broken))])
        upper = np.concatenate([np.ones(nv), [infinite if len(axes) else 0.0], np.full(len(broken), infinite)])
        lp.col_upper_ = upper
        lp.row_lower_ = np.concatenate([low, np.full(nm, -np.inf)])
        lp.row_upper_ = np.concatenate([high, np.ones(nm)])
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=p + m + nm))]).astype(np.int32)
        lp.a_matrix_.index_ = col[order].astype(np.int32)
        lp.a_matrix_.value_ = value[order]
        answer = self._run(lp)
        if answer is None:
            return None
        w, dual = answer
        w = np.clip(w[:nv], 0.0, 1.0)
        weights = cost + np.maximum(-dual[:p], 0.0) / ranges
        prices = dual[p : p + m] * self._row_scale
        whole, divided = _rounded(pick, owner, chosen - b.first[owner], w)
        return sums[:p] + w @ D[:, :p], weights, prices, whole, divided

    def _run(self, lp: Any) -> tuple[Floats, Floats] | None:
        """Values of the columns and duals of the rows; ``None`` where the solver fails."""
        self.solves += 1
        try:
            answer = self._ask(lp)
        except Exception:
            return None
        return answer if answer is not None and all(np.isfinite(part).all() for part in answer) else None

    def _ask(self, lp: Any) -> tuple[Floats, Floats] | None:
        self._solver.passModel(lp)
        self._solver.run()
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        solution = self._solver.getSolution()
        return np.array(solution.col_value), np.array(solution.row_dual)


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
def _rounded(pick: Ints, owner: Ints, choice: Ints, w: Floats) -> tuple[Ints, Ints]:
    """The choice with the largest share of each block, and the blocks that are divided."""
    whole = pick.copy()
    divided = np.empty(len(owner), np.int64)
    count = i = 0
    while i < len(owner):
        b = owner[i]
        rest, most, best, parts = 1.0, 0.0, -1, False
        while i < len(owner) and owner[i] == b:
            rest -= w[i]
            parts |= w[i] > 1e-7 and w[i] < 1 - 1e-7
            if w[i] > most:
                most, best = w[i], choice[i]
            i += 1
        if most > rest:
            whole[b] = best
        if parts:
            divided[count] = b
            count += 1
    return whole, divided[:count]
