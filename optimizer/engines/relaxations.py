"""Relaxations: what linear programs tell a search for a guarantee, bounds of all zones at once and points near them.

First come relaxations along a fan of directions, with cuts of our own (:mod:`optimizer.engines.rounds`), while those
who answer queries separate others along the same directions (:mod:`optimizer.engines.separation`). Then, beside the
queries, grows one tree of relaxations with all these cuts (:mod:`optimizer.engines.tree`), which bounds every zone and
cuts its own solutions off as long as it is small, also town by town (:mod:`optimizer.engines.hulls`). Each relaxation
shows portfolios near it at once (:mod:`optimizer.engines.dives`); small queries between portfolios near a zone and its
relaxation give others. Whatever goes wrong here, the tree is given up, which is stated as a fault, and the queries go
on alone.

What the tree proves rests on the cuts and on arithmetic of its own. Every portfolio that comes by is held against it;
one that the tree rules out shows that a cut was wrong, and then nothing that the tree proved is believed any more.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import cached_property

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from models.problem import Floats, Ints, Problem
from optimizer.engines.built import Built
from optimizer.engines.cuts import Cuts, directions, joined, none
from optimizer.engines.dives import Dives
from optimizer.engines.finite import finite_bounds
from optimizer.engines.found import Found
from optimizer.engines.hulls import Hulls
from optimizer.engines.linear import Relaxed
from optimizer.engines.query import ROW_TOLERANCE, Query, weigh
from optimizer.engines.rounds import Rounds
from optimizer.engines.tree import Tree
from optimizer.engines.zones import Zones

__all__ = ["MIDWAY", "TIE_BREAK", "Relaxations"]

AT_A_TIME = 25
"""Linear relaxations by which the tree grows at a time, unless an answer is waiting."""
SHARE = 0.4
"""Relaxations are dived from in several ways if that takes less than this share of their own time."""
LOOKING = 10
"""After so many times the seconds for one direction no further one is looked along."""
AT_ONCE = 1.0
"""Seconds after which looking for cuts makes way for answers of queries."""
TOLD = 0.98
"""A bound is entered if it lowers a zone's ε below this share of what it was; in the end, of all zones' largest."""
TIE_BREAK = 1e-4
"""Weight, in shares of the ranges, by which an achievement query prefers a dominating point."""
MIDWAY = 0.35
"""Share of a zone's ε by which a point must better its corner to end a query, where a tree does the proving."""
NEIGHBOURS = (6, 0, 2, 6)
"""Portfolios near a zone that must agree on a decision to keep it when one is sought between them: one try each."""
FREE = 250
"""Fewer are asked, but no less than two, as long as they leave more decisions free than this."""
AGREED = (None, 1e-6, 0.1, 0.1)
"""How far the relaxation of a decision may be from theirs to keep it, for each try; ``None``: it is not asked."""
ROUNDING = 3.0
"""Seconds for rounding one relaxation."""


class Relaxations:
    """The relaxations of a search of ``problem``.

    Args:
        zones: what is bounded; proofs are entered there.
        found: portfolios found so far, and where faults are stated.
        enough: the ε that is good enough.
        enter: takes a portfolio ``(n,)`` with its point ``(p,)``.
        over: is it time to end?
    """

    def __init__(
        self,
        problem: Problem,
        zones: Zones,
        found: Found,
        enough: float,
        enter: Callable[[Floats, Ints], object],
        over: Callable[[], bool],
    ) -> None:
        self._problem, self._zones, self._found, self._enough, self._enter = problem, zones, found, enough, enter
        self._over = over
        self._wanted = False
        self._cuts: list[Cuts] = []
        self._looked, self._asked, self._seconds = 0, 0, 0.0
        self._sought = False
        self._dives: Dives | None = None
        self._tree: Tree | None = None
        self._rounded: dict[tuple[int, ...], int] = {}
        self._starts = np.array([decision.column for decision in problem.decisions], dtype=np.int64)

    @cached_property
    def _built(self) -> Built:
        """What cuts and tree work on."""
        return Built(self._problem)

    @cached_property
    def _rounds(self) -> Rounds:
        return Rounds(self._built.problem)

    @cached_property
    def _ends(self) -> list[Relaxed]:
        """The relaxation of each objective alone, as far as the solver finds it."""
        found = [self._rounds.least(weights) for weights in np.maximum(np.eye(len(self._zones.ceiling)), TIE_BREAK)]
        return [end for end in found if end is not None]

    @cached_property
    def _hulls(self) -> Hulls:
        return Hulls(self._built)

    def begin(self) -> None:
        """Relax from now on, unless some column has no end."""
        self._wanted = all(np.all(np.isfinite(bound)) for bound in finite_bounds(self._problem))
        self._dives = Dives(self._problem) if self._wanted else None

    @property
    def wanted(self) -> bool:
        """Are there relaxations, or will there be?"""
        return self._wanted

    @property
    def prove(self) -> bool:
        """Does a tree do the proving?"""
        return self._tree is not None

    def grow(self, seconds: float, waiting: Callable[[], bool]) -> bool:
        """Let the tree work on the open zones and enter what it proves; whether it has more to do.

        ``seconds`` limits each search for cuts, before the tree is planted, and some times that all of them. It stops
        when somebody is ``waiting()``.
        """
        zones = self._zones
        if not self._wanted or zones.gaps().max(initial=0.0) <= self._enough:
            return False
        if not (self._found.Y or self._seeded()):
            return False
        try:
            if self._tree is None and not self._plant(seconds):
                return True
        except RuntimeError as error:
            self._give_up(str(error))
        U, known, ranges, began = zones.U, zones.gaps(), zones.ranges, time.perf_counter()
        tree, gaps = self._tree, self._bound(AT_A_TIME, waiting)
        if tree is None or gaps is None:
            return False
        for x in tree.whole:
            self._list(x[: len(self._problem.columns)])
        self._dive(tree.solved, time.perf_counter() - began)
        if self._tree is None:
            return False
        tree.whole.clear()
        tree.solved.clear()
        self._tell(U, gaps, ranges, gaps < TOLD * known)
        return bool(gaps.max() > self._enough)

    def settle(self) -> None:
        """Enter in the end what the tree has proved of the worst zones, by however little it betters what is known."""
        zones = self._zones
        gaps = self._bound(0) if len(zones) else None
        if gaps is not None:
            known = zones.gaps()
            self._tell(zones.U, gaps, zones.ranges, (gaps < known) & (known > TOLD * known.max()))

    def _bound(self, relaxations: int, waiting: Callable[[], bool] = lambda: False) -> Floats | None:
        """ε ``(z,)`` of the zones by the tree after so many ``relaxations`` more; ``None`` if there is no tree."""
        if self._tree is None:
            return None
        zones = self._zones
        try:
            return self._tree.bound(zones.U, zones.ranges, zones.gaps(), self._enough, relaxations, waiting)
        except RuntimeError as error:
            self._give_up(str(error))
            return None

    def _tell(self, U: Ints, gaps: Floats, ranges: Floats, told: NDArray[np.bool_]) -> None:
        """Enter the ε ``gaps`` ``(z,)``, counted in ``ranges`` ``(p,)``, of the zones ``U`` ``(z, p)`` to be ``told``.

        The zones may be split by now, and the list's ranges may be other ones.
        """
        for u, gap in zip(U[told], gaps[told], strict=True):
            self._zones.prove(self._zones.proof(u, gap * ranges))

    def separation(self, seconds: float) -> Query | None:
        """The next direction to separate cuts along, for so many ``seconds``; ``None`` if there is none."""
        fan = directions(len(self._zones.ceiling))
        if not self._wanted or self._asked == len(fan) or not self._ends:
            return None
        ranges = self._zones.ranges
        if not self._found.Y:
            ranges = np.maximum(np.ptp([self._built.problem.costs @ end.x for end in self._ends], axis=0), 1.0)
        self._asked += 1
        anything = np.full(len(ranges), np.inf)
        return Query(fan[self._asked - 1] / ranges, anything, seconds=seconds, cuts=True)

    def take(self, cuts: Cuts) -> None:
        """Know ``cuts`` that were separated along a direction."""
        if self._tree is None:
            self._cuts.append(cuts)
            if self._wanted:
                self._rounds.add(cuts)
            return
        self._tree.tighten(cuts)
        self._check()

    def rounding(self, u: Ints, epsilon: float, seconds: float) -> Query | None:
        """A small achievement query near what is known of the zone, for points and no proof; ``None`` after four.

        First those decisions are free in which the nearest portfolios differ (crossover: Rothberg 2007, "An
        evolutionary algorithm for polishing mixed integer programming solutions"), then, once the tree stands, those
        that its relaxation leaves fractional (RENS: Berthold 2014, "RENS: the optimal rounding"), then those in which
        it and they differ (RINS: Danna, Rothberg & Le Pape 2005).
        """
        step = self._rounded.get(tuple(u.tolist()), 0)
        if not self._wanted or step == len(NEIGHBOURS) or len(self._found.Y) < NEIGHBOURS[step]:
            return None
        ranges, within = self._zones.ranges, AGREED[step]
        far = np.max((np.array(self._found.Y) - u) / ranges, axis=1)
        near = [self._found.X[i] for i in np.argsort(far, kind="stable")[: NEIGHBOURS[step]]]
        if within is not None:
            try:
                x = self._tree.relaxed(u) if self._tree else None
            except RuntimeError as error:
                self._give_up(str(error))
                return None
            if x is None:
                return None
            near = [x[: len(self._problem.columns)], *near]
        self._rounded[tuple(u.tolist())] = step + 1
        fixed = self._agreed(near, within or 0.1)
        while len(near) > 2 and np.isnan(fixed[self._starts]).sum() > FREE:
            near = near[:-1]
            fixed = self._agreed(near, within or 0.1)
        caps = np.where(u < self._zones.ceiling, u, np.inf)
        target = -MIDWAY * min(epsilon, 1.0)
        return Query(TIE_BREAK / ranges, caps, ranges, None, fixed, epsilon / 10, target, min(ROUNDING, seconds))

    def _agreed(self, near: Sequence[Floats], within: float) -> Floats:
        """The decisions on which the points ``near`` agree ``(n,)``, to ``within`` this; NaN: it is free."""
        agree = np.all(np.abs(np.array(near) - np.rint(near[0]))[:, self._starts] < within, axis=0)
        kept, fixed = self._starts[agree], np.full(len(near[0]), np.nan)
        fixed[kept] = np.rint(near[0][kept])
        return fixed

    def exhausted(self) -> NDArray[np.bool_]:
        """Zones ``(z,)`` that the tree proves and near which portfolios were sought in all ways."""
        if self._tree is None:
            return np.zeros(len(self._zones), dtype=np.bool_)
        U = self._zones.U.tolist()
        return np.array([self._rounded.get(tuple(u), 0) == len(NEIGHBOURS) for u in U], dtype=np.bool_)

    def admit(self, x: Floats, y: Ints) -> bool:
        """Is a portfolio ``(n,)`` with its point ``(p,)`` in keeping with the tree? If not, it is given up."""
        if self._tree is None or self._tree.admits(self._built.widened(x), y):
            return True
        self._give_up("it rules a portfolio out")
        return False

    def _seeded(self) -> bool:
        """Find the first portfolios, near the relaxation of each objective alone, once; are there any now?"""
        if self._dives is None or self._sought or not self._dives.ready:
            return False
        self._sought, began = True, time.perf_counter()
        self._dive(self._ends, time.perf_counter() - began)
        return bool(self._found.Y)

    def _plant(self, seconds: float) -> bool:
        """Look for cuts along one direction after the other for a while; after the last one, plant the tree."""
        zones, began = self._zones, time.perf_counter()
        fan = directions(len(zones.ranges))
        while self._looked < len(fan) and self._seconds < LOOKING * seconds:
            now = time.perf_counter()
            if now - began > AT_ONCE:
                return False
            weights = fan[self._looked] / zones.ranges
            self._looked += 1
            solved, cuts = self._rounds.tightened(weights, self._over)
            self._cuts.append(cuts)
            self._dive(solved, time.perf_counter() - now)
            self._seconds += time.perf_counter() - now
        if self._over():
            return False
        cuts = joined([none(self._built.problem), *self._cuts])
        rounds = self._rounds
        self._tree = Tree(
            self._built.problem, cuts, zones.ceiling, self._over, rounds.proved, self._missed, rounds.felt
        )
        return self._check()

    def _missed(self, x: Floats, weights: Floats, A: sp.csr_array, prices: Floats) -> Cuts:
        """Cuts that a solution ``x`` ``(n,)`` of a relaxation along ``weights`` ``(p,)`` breaks, whose rows ``A``
        ``(m, n)`` have these ``prices`` ``(m,)``."""
        cost = weights @ self._built.problem.costs
        return joined([self._rounds.missed(x), self._hulls.missed(x, cost, A, prices, self._over)])

    def _check(self) -> bool:
        """Does the tree admit every known portfolio? If not, it is given up."""
        return all(self.admit(x, y) for x, y in zip(self._found.X, self._found.Y, strict=True))

    def _dive(self, solved: Sequence[Relaxed], seconds: float) -> None:
        """Enter the portfolios near solutions of relaxations that took so many ``seconds``."""
        if self._dives is None or not solved:
            return
        n = len(self._problem.columns)
        X, costs = np.array([one.x[:n] for one in solved]), np.array([one.costs[:n] for one in solved])
        for x, y in self._dives.near(X, costs, SHARE * seconds):
            self._enter(x, y)

    def _list(self, x: Floats) -> None:
        """Enter the whole solution of a relaxation, or give the tree up, which would find it again and again."""
        point = np.where(self._problem.integer, np.rint(x), x)
        if np.all(np.isfinite(x)) and float(self._problem.violations(point[None])[0]) <= ROW_TOLERANCE:
            self._enter(point, weigh(self._problem, self._problem.costs, point))
        else:
            self._give_up("a whole solution of a relaxation breaks a row")

    def _give_up(self, why: str) -> None:
        self._found.faults.append(f"tree of bounds given up: {why}")
        self._tree, self._wanted = None, False
