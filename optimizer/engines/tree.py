"""Tree: one branch-and-bound tree that bounds the whole front from below, for all zones at once.

A MIP for one zone grows a tree and throws it away; the next zone grows nearly the same one again. Here the tree stays.
Each leaf is a part of the portfolios (some columns fixed) and carries a *bound set*: half-spaces ``λ·y >= v`` that hold
for all of its portfolios (Ehrgott & Gandibleux, "Bound sets for biobjective combinatorial optimization problems",
Comput. Oper. Res. 34, 2007). Its ε of a zone ``u`` with ranges ``r`` is ``min_(λ,v) (λ·u - v) / (λ·r)``; the tree's is
the largest over its leaves, and no portfolio lies below ``u - ε r``. The worst pair of leaf and zone is bounded by the
relaxation ``max t, y <= u - t r``, whose multipliers are the next half-space; a leaf that this helps no more is
branched on, by what branching on the same column gained elsewhere in the tree or, as long as nobody knows, by what it
weighs in the objectives: a single project that is a third of what a county gains makes every relaxation poor until it
is decided. Relaxations differ in bounds only, so that each starts from the last basis of the one before; rows that are
not felt for a while are left out until a solution breaks them, which no bound minds.

``v`` is computed anew from the multipliers alone and the columns' bounds, and is right whatever the solver said. So a
child reckons all the half-spaces of its leaf anew with its own bounds, which costs nearly nothing. A leaf is called
empty only if its multipliers, reckoned in the same way, show it (Neumaier & Shcherbina, "Safe bounds in linear and
mixed-integer linear programming", Math. Program. 99, 2004). So everything rests on the cuts alone.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from typing import Any

import highspy
import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from models.problem import Floats, Ints, Problem
from optimizer.engines.cuts import Cuts, extended
from optimizer.engines.finite import finite_bounds
from optimizer.engines.linear import Relaxed, add_rows, linear_model, quiet_solver
from optimizer.engines.multipliers import HalfSpace, Reduced, Rows, half_space
from optimizer.engines.query import ROW_TOLERANCE

__all__ = ["Tree"]

CANDIDATES = 8
"""Columns that are tried, at most, before one is branched on."""
TRYING = 1.0
"""Seconds after which no further column is tried."""
RELIABLE = 2
"""Trials after which what branching on a column gains is taken from experience (Achterberg, Koch & Martin 2005,
"Branching rules revisited", Oper. Res. Lett. 33)."""
PROGRESS = 1e-3
"""A relaxation that lowers its leaf's ε by less than this share is not worth a further one."""
LEAST_GAIN = 1e-5
"""What a side gains at least, so that the other one counts as well."""
ALIKE = 0.1
"""Relaxations go on with ranges that differ from the true ones by no more than this share: a start from the last basis
is worth more."""
FAR = 10.0
"""Objectives are counted in other units where they have grown or shrunk by more than this factor."""
TRIED = 10
"""Relaxations after which rows that were never felt are left out, until one breaks them."""
STEPS = 3000
"""Steps of the simplex method after which a relaxation is asked whether it is time to end."""
ROUNDS = 2
"""Times that a relaxation is cut off and solved anew, at most."""
FEW = 30
"""Leaves up to which solutions are cut off: near the root cuts serve all that comes after."""
SEPARATING = 0.3
"""Share of the time that may be spent on looking for cuts."""
BEYOND = 100.0
"""Where a zone has no bound, the solver is told one so many ranges beyond what any portfolio has: without any, the last
basis would be of no use."""
PRICE = 1e4
"""What the solver is told that a unit of ``t`` is worth: it perturbs costs by shares of the largest one, and with less
they are lost among its tolerances."""
DEEPEST = 1e7
"""Bound of ``t``, without which the relaxation of a zone that is bounded nowhere would have no end."""


class _Over(Exception):
    """It is time to end, in the middle of a relaxation."""


class _Leaf:
    """Columns within ``lower``, ``upper`` ``(n,)``, with half-spaces ``weights`` ``(h, p)``, ``v`` ``(h,)``."""

    def __init__(self, lower: Floats, upper: Floats, p: int) -> None:
        self.lower, self.upper = lower, upper
        self.weights: Floats = np.zeros((0, p))
        self.v: Floats = np.zeros(0)
        self._proofs: list[Reduced] = []
        self.parts: list[_Leaf] | None = None
        """What has become of it, if it is no leaf any more."""

    def give_way(self, parts: list[_Leaf]) -> None:
        """Be no leaf any more: the ``parts`` hold all its portfolios, and have what they need of its half-spaces."""
        self.parts = parts
        self.weights, self.v, self._proofs = np.zeros((0, self.weights.shape[1])), np.zeros(0), []

    def holds(self, x: Floats, whole: NDArray[np.bool_]) -> bool:
        """Does it hold the portfolio ``x`` ``(n,)``, by its ``whole`` columns?"""
        return bool(np.all((x >= self.lower - 0.5) & (x <= self.upper + 0.5) | ~whole))

    def add(self, half: HalfSpace) -> None:
        self.weights = np.vstack([self.weights, half.weights])
        self.v = np.append(self.v, half.proof.least(self.lower, self.upper))
        self._proofs.append(half.proof)

    def inherit(self, leaf: _Leaf, kept: Ints) -> None:
        """Take over the ``kept`` half-spaces of the leaf that this is a part of, reckoned anew."""
        proofs = [leaf._proofs[i] for i in kept]
        anew = [proof.least(self.lower, self.upper) for proof in proofs]
        self.weights = np.vstack([leaf.weights[kept], self.weights])
        self.v = np.append(np.maximum(leaf.v[kept], anew), self.v)
        self._proofs = [*proofs, *self._proofs]

    def gaps(self, U: Floats, shares: Floats) -> Floats:
        """ε of each zone ``(z,)``; ``shares`` are the ranges ``(z, p)``, 0 where the zone is not bounded."""
        least: Floats = _gaps(self.weights, self.v, U, shares).min(axis=1, initial=np.inf)
        return least


def _gaps(weights: Floats, v: Floats, U: Floats, shares: Floats) -> Floats:
    """ε ``(z, h)`` that each half-space alone leaves of each zone."""
    short, per = U @ weights.T - v, shares @ weights.T
    with np.errstate(divide="ignore", invalid="ignore"):
        gaps: Floats = np.where(
            (short <= 0) & (weights.sum(axis=1) > 0), 0.0, np.where(per > 1e-12, short / per, np.inf)
        )
    return gaps


class Tree:
    """Bounds zones of ``problem`` by linear relaxations, tightened by ``cuts``.

    Args:
        problem: every column with finite bounds, also those that follow from rows (:func:`finite_bounds`).
        cuts: valid inequalities for all relaxations,
        known: and half-spaces that hold for all portfolios.
        ceiling: ``(p,)`` what an unbounded coordinate of a zone equals.
        over: is it time to end? Asked before each relaxation that can be spared.
        separate: what else cuts a solution of a relaxation off; it is told the solution, the weights ``(p,)`` along
            which it is the least, all rows and their prices.
        felt: rows ``(m,)`` of the problem that relaxations need not start without.
    """

    def __init__(
        self,
        problem: Problem,
        cuts: Cuts,
        ceiling: Ints,
        over: Callable[[], bool] = lambda: False,
        known: Sequence[HalfSpace] = (),
        separate: Callable[[Floats, Floats, sp.csr_array, Floats], Cuts] | None = None,
        felt: NDArray[np.bool_] | None = None,
    ) -> None:
        self._problem, self._ceiling, self._over, self._separate = problem, ceiling, over, separate
        self._began, self._separating = time.perf_counter(), 0.0
        n, p = len(problem.columns), len(problem.objectives)
        self._costs = problem.costs.astype(np.float64)
        lower, upper = finite_bounds(problem)
        self._whole = problem.integer
        self._gains, self._trials = np.zeros((2, n)), np.zeros((2, n))
        self._lower, self._upper = lower, upper
        self._reach = np.maximum(np.abs(lower), np.abs(upper))
        self._ranges = self._reached = self._unit = np.ones(p)
        self._A, self._low, self._high = problem.A, problem.row_lower, problem.row_upper
        self._felt = np.zeros(len(self._low), dtype=np.bool_)
        self._extend(cuts)
        own = np.ones(len(problem.row_lower), dtype=np.bool_) if felt is None else felt
        self._active = np.flatnonzero(np.append(own, np.ones(len(cuts), dtype=np.bool_)))
        self._solver = self._load()
        self._root = _Leaf(lower, upper, p)
        for half in known:
            self._root.add(half)
        self._leaves = [self._root]
        self._zones: Ints = np.zeros((0, p), dtype=np.int64)
        self._gaps: Floats = np.full((1, 0), np.inf)
        self.relaxations = 0
        self.whole: list[Floats] = []
        """Whole solutions of relaxations, to be checked by whoever takes them."""
        self._enough = 0.0
        self.solved: list[Relaxed] = []
        """Solutions of relaxations that lie deep enough in their zones to matter, for whoever takes them."""

    def __len__(self) -> int:
        return len(self._leaves)

    def bound(
        self,
        U: Ints,
        ranges: Floats,
        known: Floats,
        enough: float,
        relaxations: int,
        waiting: Callable[[], bool] = lambda: False,
    ) -> Floats:
        """ε of each zone ``(z,)`` after at most about so many ``relaxations``, fewer if somebody is ``waiting()``.

        It works on the zones where it, and what is ``known`` ``(z,)`` without it, leave more than ``enough``.
        """
        self._measure(ranges)
        self._enough = enough
        zones, shares = U.astype(np.float64), np.where(self._ceiling > U, ranges, 0.0)
        self._recall(U, zones, shares)
        worst: Floats = self._gaps[: len(self)].max(axis=0, initial=0.0)
        end = self.relaxations + relaxations
        while self.relaxations < end and len(self) and len(U) and not self.whole:
            if self._since >= TRIED and not self._felt[self._active].all():
                self._leave_out()
            k = int(np.minimum(worst, known).argmax())
            if min(worst[k], known[k]) <= enough:
                break
            i = int(self._gaps[: len(self), k].argmax())
            before = self._gaps[i].copy()
            leaf = self._leaves[i]
            try:
                grown = self._work(leaf, U[k], float(before[k]), (zones, shares))
            except _Over:
                break
            if grown != [leaf]:
                leaf.give_way(grown)
            after = [leaf.gaps(zones, shares) for leaf in grown]
            self._replace(i, grown, after)
            held = (before >= worst) | np.any([gaps > worst for gaps in after], axis=0)
            worst[held] = self._gaps[: len(self), held].max(axis=0, initial=0.0)
            if waiting() or self._over():
                break
        return worst

    def tighten(self, cuts: Cuts) -> None:
        """Know further valid inequalities from now on."""
        self._extend(cuts)
        self._since = 0

    def _replace(self, i: int, grown: list[_Leaf], gaps: list[Floats]) -> None:
        """Put what became of leaf ``i``, with its ``gaps`` ``(z,)`` each, in its place and at the end."""
        if not grown:
            last = self._leaves.pop()
            if i < len(self):
                self._leaves[i], self._gaps[i] = last, self._gaps[len(self)]
            return
        self._leaves[i], self._gaps[i] = grown[0], gaps[0]
        for leaf, row in zip(grown[1:], gaps[1:], strict=True):
            if len(self) == len(self._gaps):
                self._gaps = np.vstack([self._gaps, np.empty_like(self._gaps)])
            self._gaps[len(self)] = row
            self._leaves.append(leaf)

    def _recall(self, U: Ints, zones: Floats, shares: Floats) -> None:
        """Set the ε of each leaf and zone ``(leaves or more, z)``; those of the zones of the last time are known."""
        if np.array_equal(U, self._zones):
            return
        known = {u.tobytes(): i for i, u in enumerate(self._zones)}
        place = np.array([known.get(u.tobytes(), -1) for u in U], dtype=np.int64)
        gaps = self._gaps[:, place] if len(known) else np.empty((len(self._gaps), len(U)))
        new = place < 0
        if new.any() and self._leaves:
            ends = np.cumsum([0, *(len(leaf.v) for leaf in self._leaves)])
            weights = np.concatenate([leaf.weights for leaf in self._leaves])
            each = _gaps(weights, np.concatenate([leaf.v for leaf in self._leaves]), zones[new], shares[new])
            each = np.pad(each, ((0, 0), (0, 1)), constant_values=np.inf)
            least = np.minimum.reduceat(each, ends[:-1], axis=1)
            gaps[: len(self), new] = np.where(np.diff(ends) > 0, least, np.inf).T
        self._zones, self._gaps = U.copy(), gaps

    def relaxed(self, u: Ints) -> Floats | None:
        """The relaxation's solution ``(n,)`` that lies deepest in the zone, in the leaf that leaves it the largest ε:
        nearer to a portfolio the further the tree has grown. ``None`` if there is no such leaf."""
        if not self._leaves:
            return None
        place = np.flatnonzero(np.all(self._zones == u, axis=1))
        gaps = self._gaps[: len(self), place[0]] if len(place) else [self._gap(leaf, u) for leaf in self._leaves]
        leaf = self._leaves[int(np.argmax(gaps))]
        try:
            answer = self._relax(leaf.lower, leaf.upper, u)
        except _Over:
            return None
        return None if answer is None else answer[0]

    def admits(self, x: Floats, y: Ints) -> bool:
        """Does a known portfolio obey every cut, lie in a leaf and above all of its half-spaces, as it must?"""
        own = len(self._problem.row_upper)
        if np.any((self._A @ x > self._high + self._slack)[own:]):
            return False
        leaf: _Leaf | None = self._root
        while leaf is not None and leaf.parts is not None:
            leaf = next((part for part in leaf.parts if part.holds(x, self._whole)), None)
        return leaf is not None and bool(np.all(leaf.weights @ y >= leaf.v - 1e-6 * (1 + np.abs(leaf.v))))

    def _work(self, leaf: _Leaf, u: Ints, gap: float, zones: tuple[Floats, Floats]) -> list[_Leaf]:
        """The leaf with one more half-space, or its children; without any if it holds no portfolio."""
        answer = self._relax(leaf.lower, leaf.upper, u, ROUNDS)
        if answer is None:
            return []
        x, half = answer
        leaf.add(half)
        if self._gap(leaf, u) < gap * (1 - PROGRESS):
            return [leaf]
        parts = self._branch(leaf, x, u, half.weights)
        if parts is None:
            self.whole.append(x)
            return [leaf]
        used = np.unique(self._least(leaf, zones))
        for part in parts:
            part.inherit(leaf, used)
        return parts

    def _gap(self, leaf: _Leaf, u: Ints) -> float:
        shares = np.where(self._ceiling > u, self._ranges, 0.0)
        return float(leaf.gaps(u[None].astype(np.float64), shares[None])[0])

    def _least(self, leaf: _Leaf, zones: tuple[Floats, Floats]) -> Any:
        """The half-space that counts, for each zone."""
        U, shares = zones
        per = np.maximum(shares @ leaf.weights.T, 1e-12)
        return ((U @ leaf.weights.T - leaf.v) / per).argmin(axis=1)

    def _branch(self, leaf: _Leaf, x: Floats, u: Ints, weights: Floats) -> list[_Leaf] | None:
        """Both sides, with bounds, of the column whose sides are bounded best, by the product of what they gain;
        ``None`` if all columns are whole."""
        part = np.where(self._whole & (leaf.lower < leaf.upper), x - np.floor(x), 0.0)
        broken = np.flatnonzero(np.minimum(part, 1 - part) > 1e-6)
        if not len(broken):
            return None
        tried: dict[int, list[_Leaf]] = {}
        end = time.perf_counter() + TRYING
        expected = self._expected(broken, part[broken], weights)
        for place in np.argsort(-expected, kind="stable"):
            column = int(broken[place])
            if tried and (self._over() or time.perf_counter() > end):
                break
            if self._trials[:, column].min() < RELIABLE and len(tried) < CANDIDATES:
                tried[column], expected[place] = self._tried(leaf, column, float(x[column]), u)
        column = int(broken[expected.argmax()])
        return tried[column] if column in tried else self._tried(leaf, column, float(x[column]), u)[0]

    def _expected(self, columns: Ints, parts: Floats, weights: Floats) -> Floats:
        """Product of what both sides gain, from experience with the columns; of those without any, the one that counts
        most in the ``weights`` ``(p,)`` of the objectives is thought to gain as much as the best."""
        gains, trials = self._gains[:, columns], self._trials[:, columns]
        each = np.where(trials > 0, gains / np.maximum(trials, 1.0), 0.0)
        known: Floats = np.prod(np.maximum(each * np.array([parts, 1 - parts]), LEAST_GAIN), axis=0)
        counts = np.abs(weights @ self._costs[:, columns]) * np.minimum(parts, 1 - parts)
        share = counts / max(float(counts.max()), 1e-12)
        expected: Floats = np.where(trials.min(axis=0) > 0, known, share * known.max(initial=LEAST_GAIN))
        return expected

    def _tried(self, leaf: _Leaf, column: int, value: float, u: Ints) -> tuple[list[_Leaf], float]:
        """The sides of a column with their bounds, and the product of what they gain in the zone ``u``."""
        before, score = self._gap(leaf, u), 1.0
        sides: list[_Leaf] = []
        for way, (lower, upper) in enumerate(_halves(leaf, column, value)):
            answer = self._relax(lower, upper, u)
            gain = before
            if answer is not None:
                side = _Leaf(lower, upper, len(u))
                side.add(answer[1])
                sides.append(side)
                gain = max(0.0, before - self._gap(side, u))
            score *= max(gain, LEAST_GAIN)
            self._gains[way, column] += min(gain, 1.0) / max(way + (1 - 2 * way) * (value - math.floor(value)), 1e-3)
            self._trials[way, column] += 1
        return sides, score

    def _measure(self, ranges: Floats) -> None:
        if np.array_equal(ranges, self._ranges):
            return
        self._ranges, self._zones, self._gaps = ranges, self._zones[:0], self._gaps[:, :0]
        if np.any(np.abs(ranges - self._reached) > ALIKE * self._reached):
            self._reached = ranges
            if np.any(np.abs(np.log(ranges / self._unit)) > np.log(FAR)):
                self._unit = ranges
                self._solver = self._load()
            for k, share in enumerate(ranges / self._unit):
                self._solver.changeCoeff(k, len(self._lower), float(share))

    def _relax(self, lower: Floats, upper: Floats, u: Ints, rounds: int = 0) -> tuple[Floats, HalfSpace] | None:
        """``max t, y <= u - t r`` over a leaf: its solution and half-space; ``None`` if the leaf is empty.

        The ranges ``r`` are about those that ε is counted by. Solutions are cut off in so many ``rounds`` at most.
        """
        self.relaxations += 1
        self._since += 1
        solver = self._solver
        changed = np.flatnonzero((lower != self._lower) | (upper != self._upper)).astype(np.int32)
        if len(changed):
            solver.changeColsBounds(len(changed), changed, lower[changed], upper[changed])
            self._lower, self._upper = lower, upper
        for k, most in enumerate(np.where(u < self._ceiling, u, self._ceiling + BEYOND * self._reached) / self._unit):
            solver.changeRowBounds(k, -highspy.kHighsInf, float(most))
        while True:
            word = self._run()
            if word == "kInfeasible":
                if not self._is_empty(lower, upper):
                    raise RuntimeError("a relaxation was called infeasible without a proof")
                return None
            if word != "kOptimal":
                raise RuntimeError(f"a relaxation ended with status {word}")
            solution = solver.getSolution()
            values, duals = np.array(solution.col_value), np.array(solution.row_dual) / PRICE
            x, depth = values[:-1], float(values[-1])
            if not (np.all(np.isfinite(x)) and np.all(np.isfinite(duals))):
                raise RuntimeError("a relaxation ended without a solution")
            self._felt[self._active[duals[len(self._costs) :] != 0]] = True
            missed = self._missed(x)
            if not len(missed) and rounds > 0:
                missed, rounds = self._cut_off(x, duals), rounds - 1
            if not len(missed):
                break
            self._activate(missed)
        half = self._half_space(duals)
        if depth > self._enough:
            self.solved.append(Relaxed(x, half.proof.costs))
        return x, half

    def _run(self) -> str:
        word = self._stepped()
        if word not in {"kOptimal", "kInfeasible"}:  # HiGHS refuses a run now and then, or loses its way
            self._solver.clearSolver()
            word = self._stepped()
        return word

    def _stepped(self) -> str:
        """Run the solver, asking after every so many steps whether it is time to end."""
        while True:
            self._solver.run()
            word: str = self._solver.getModelStatus().name
            if word != "kIterationLimit":
                return word
            if self._over():
                raise _Over

    def _extend(self, cuts: Cuts) -> None:
        """Know rows more, without that the solver is told."""
        self._A, self._low, self._high = extended(self._A, self._low, self._high, cuts)
        self._felt = np.append(self._felt, np.zeros(len(cuts), dtype=np.bool_))
        self._slack = ROW_TOLERANCE * np.maximum(abs(self._A).max(axis=1).toarray().ravel(), 1e-3)
        self._rows = Rows(self._A, self._low, self._high)

    def _leave_out(self) -> None:
        """Go on without the rows that were not felt lately, from the same basis if the solver has one."""
        basis, p = self._solver.getBasis(), len(self._costs)
        objectives, rows = basis.row_status[:p], basis.row_status[p:]
        kept, goes_on = self._felt[self._active], basis.valid and len(rows) == len(self._active)
        if goes_on:
            kept |= np.array([status != highspy.HighsBasisStatus.kBasic for status in rows], dtype=np.bool_)
            basis.row_status = [*objectives, *(status for status, keep in zip(rows, kept, strict=True) if keep)]
        self._felt, self._since = np.zeros_like(self._felt), 0
        if kept.all():
            return
        self._active = self._active[kept]
        self._solver = self._load()
        if goes_on:
            self._solver.setBasis(basis)

    def _missed(self, x: Floats) -> Ints:
        """Rows left out that a solution breaks."""
        activity = self._A @ x
        broken = (activity > self._high + ROW_TOLERANCE) | (activity < self._low - ROW_TOLERANCE)
        broken[self._active] = False
        return np.flatnonzero(broken)

    def _cut_off(self, x: Floats, duals: Floats) -> Ints:
        """New rows that a solution breaks, as long as looking for them does not take too much of the time."""
        now = time.perf_counter()
        if self._separate is None or len(self) > FEW or self._separating > SEPARATING * (now - self._began):
            return np.zeros(0, dtype=np.int64)
        known, (weights, prices) = len(self._low), self._weighed(duals)
        self._extend(self._separate(x, weights, self._A, prices))
        self._separating += time.perf_counter() - now
        return np.arange(known, len(self._low))

    def _activate(self, rows: Ints) -> None:
        add_rows(self._solver, self._A[rows], self._low[rows], self._high[rows])
        self._active = np.append(self._active, rows)

    def _is_empty(self, lower: Floats, upper: Floats) -> bool:
        """Do the multipliers that HiGHS gives for an infeasible relaxation prove that the leaf holds no portfolio?

        They do if ``0·y >= v`` with a ``v`` above 0 (Farkas).
        """
        _, has_ray, ray = self._solver.getDualRay()
        if not has_ray or not np.all(np.isfinite(ray)):
            return False
        ray = np.array(ray)
        ray[: len(self._costs)] = 0.0
        return any(self._half_space(sign * ray).proof.least(lower, upper) > 0 for sign in (1.0, -1.0))

    def _half_space(self, duals: Floats) -> HalfSpace:
        """``λ·y >= v`` from multipliers of the objectives and of the active rows."""
        weights, prices = self._weighed(duals)
        return half_space(self._rows, self._costs, weights, prices, self._reach)

    def _weighed(self, duals: Floats) -> tuple[Floats, Floats]:
        """``λ`` ``(p,)`` and the prices of all rows ``(m,)``, from multipliers as above."""
        p = len(self._costs)
        prices = np.zeros(len(self._low))
        prices[self._active] = duals[p:]
        return np.maximum(-duals[:p], 0.0) / self._unit, prices

    def _load(self) -> Any:
        self._since = 0
        n, p, rows = len(self._lower), len(self._costs), self._active
        costs = sp.csr_array(self._costs / self._unit[:, None])
        reach = sp.csr_array(np.append(self._reached / self._unit, np.zeros(len(rows)))[:, None])
        solver = quiet_solver(presolve="off", simplex_iteration_limit=STEPS)
        lp = linear_model(
            sp.csr_array(sp.hstack([sp.vstack([costs, self._A[rows]]), reach])),
            np.append(np.full(p, -highspy.kHighsInf), self._low[rows]),
            np.append(np.full(p, highspy.kHighsInf), self._high[rows]),
            np.append(self._lower, -highspy.kHighsInf),
            np.append(self._upper, DEEPEST),
            cost=np.append(np.zeros(n), -PRICE),
        )
        if solver.passModel(lp) == highspy.HighsStatus.kError:
            raise RuntimeError(f"HiGHS refused the relaxation of {self._problem.name}")
        return solver


def _halves(leaf: _Leaf, column: int, value: float) -> list[tuple[Floats, Floats]]:
    upper, lower = leaf.upper.copy(), leaf.lower.copy()
    upper[column] = min(math.floor(value), upper[column] - 1)
    lower[column] = upper[column] + 1
    return [(leaf.lower, upper), (lower, leaf.upper)]
