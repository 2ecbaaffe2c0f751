"""Relaxations: what linear programs tell a search for a guarantee, bounds of all zones at once and points near them.

Beside the queries grows one tree of relaxations with cuts (:mod:`optimizer.engines.tree`), which bounds every zone. The
relaxation of a zone, rounded by a small query about the portfolios near it, gives points. Whatever goes wrong here, the
tree is given up, which is stated as a fault, and the queries go on alone.

What the tree proves rests on the cuts and on arithmetic of its own. Every portfolio that comes by is held against it;
one that the tree rules out shows that a cut was wrong, and then nothing that the tree proved is believed any more.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from functools import cached_property

import numpy as np

from models.problem import Floats, Ints, Problem
from optimizer.engines.built import Built
from optimizer.engines.cuts import Cuts, directions, joined, separate
from optimizer.engines.finite import finite_bounds
from optimizer.engines.found import Found
from optimizer.engines.query import ROW_TOLERANCE, Query, weigh
from optimizer.engines.tree import Tree
from optimizer.engines.zones import Zones

__all__ = ["MIDWAY", "TIE_BREAK", "Relaxations"]

AT_A_TIME = 25
"""Linear relaxations by which the tree grows at a time, unless an answer is waiting."""
AT_ONCE = 1.0
"""Seconds after which looking for cuts makes way for answers of queries."""
TOLD = 0.98
"""A bound is entered if it lowers a zone's ε below this share of what it was."""
TIE_BREAK = 1e-4
"""Weight, in shares of the ranges, by which an achievement query prefers a dominating point."""
MIDWAY = 0.35
"""Share of a zone's ε by which a point must better its corner to end a query, where a tree does the proving."""
NEIGHBOURS = (0, 6, 2, 6)
"""Portfolios near a zone that must agree on a decision to keep it when one is sought between them: one try each."""
AGREED = (1e-6, None, 0.1, 0.1)
"""How far the relaxation of a decision may be from theirs to keep it, for each try; ``None``: it is not asked."""
ROUNDING = 3.0
"""Seconds for rounding one relaxation, under a time limit."""


class Relaxations:
    """The relaxations of a search of ``problem``.

    Args:
        zones: what is bounded; proofs are entered there.
        found: portfolios found so far, and where faults are stated.
        enough: the ε that is good enough; 0: nothing is relaxed.
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
        self._wanted = enough > 0 and all(np.all(np.isfinite(bound)) for bound in finite_bounds(problem))
        self._cuts: list[Cuts] = []
        self._tree: Tree | None = None
        self._rounded: dict[tuple[int, ...], int] = {}
        self._starts = np.array([decision.column for decision in problem.decisions], dtype=np.int64)

    @cached_property
    def _built(self) -> Built:
        """What cuts and tree work on."""
        return Built(self._problem)

    @property
    def prove(self) -> bool:
        """Does a tree do the proving?"""
        return self._tree is not None

    def grow(self, seconds: float, waiting: Callable[[], bool]) -> bool:
        """Let the tree work on the open zones and enter what it proves; whether it has more to do.

        ``seconds`` limits each search for cuts, before the tree is planted. It stops when somebody is ``waiting()``.
        """
        zones = self._zones
        if not self._wanted or not self._found.Y or not len(zones):
            return False
        try:
            if self._tree is None and not self._plant(seconds):
                return True
            assert self._tree is not None
            U, known, ranges = zones.U, zones.gaps(), zones.ranges
            gaps = self._tree.bound(U, ranges, known, self._enough, AT_A_TIME, waiting)
        except RuntimeError as error:
            self._give_up(str(error))
            return False
        for x in self._tree.whole:
            self._list(x[: len(self._problem.columns)])
        if self._tree is None:
            return False
        self._tree.whole.clear()
        told = gaps < TOLD * known
        for u, gap in zip(U[told], gaps[told], strict=True):
            zones.prove(zones.proof(u, gap * ranges))
        return bool(gaps.max() > self._enough)

    def rounding(self, u: Ints, epsilon: float, seconds: float) -> Query | None:
        """A small achievement query near the zone's relaxation, for points and no proof; ``None`` after four of them.

        First the decisions that the relaxation leaves fractional are free (RENS: Berthold 2014, "RENS: the optimal
        rounding"), then those in which the nearest portfolios differ (crossover: Rothberg 2007, "An evolutionary
        algorithm for polishing mixed integer programming solutions"), then those in which it and they differ (RINS:
        Danna, Rothberg & Le Pape 2005).
        """
        step = self._rounded.get(tuple(u.tolist()), 0)
        if self._tree is None or step == len(NEIGHBOURS):
            return None
        self._rounded[tuple(u.tolist())] = step + 1
        ranges, within = self._zones.ranges, AGREED[step]
        far = np.max((np.array(self._found.Y) - u) / ranges, axis=1)
        near = [self._found.X[i] for i in np.argsort(far, kind="stable")[: NEIGHBOURS[step]]]
        if within is not None:
            try:
                x = self._tree.relaxed(u)
            except RuntimeError as error:
                self._give_up(str(error))
                return None
            if x is None:
                return None
            near = [x[: len(self._problem.columns)], *near]
        agree = np.all(np.abs(np.array(near) - np.rint(near[0]))[:, self._starts] < (within or 0.1), axis=0)
        kept, fixed = self._starts[agree], np.full(len(near[0]), np.nan)
        fixed[kept] = np.rint(near[0][kept])
        caps = np.where(u < self._zones.ceiling, u, np.inf)
        seconds = min(ROUNDING, seconds) if seconds < math.inf else seconds
        target = -MIDWAY * min(epsilon, 1.0)
        return Query(TIE_BREAK / ranges, caps, ranges, None, fixed, epsilon / 10, target, seconds)

    def admit(self, x: Floats, y: Ints) -> bool:
        """Is a portfolio ``(n,)`` with its point ``(p,)`` in keeping with the tree? If not, it is given up."""
        if self._tree is None or self._tree.admits(self._built.widened(x), y):
            return True
        self._give_up("it rules a portfolio out")
        return False

    def _plant(self, seconds: float) -> bool:
        """Look for cuts along one direction after the other for a while; after the last one, plant the tree."""
        zones, began = self._zones, time.perf_counter()
        fan = directions(len(zones.ranges)) / zones.ranges
        while len(self._cuts) < len(fan):
            if time.perf_counter() - began > AT_ONCE:
                return False
            self._cuts.append(separate(self._built.problem, fan[[len(self._cuts)]], seconds, self._over))
        tree = Tree(self._built.problem, joined(self._cuts), zones.ceiling, self._over)
        if not all(tree.admits(self._built.widened(x), y) for x, y in zip(self._found.X, self._found.Y, strict=True)):
            raise RuntimeError("a cut rules a known portfolio out")
        self._tree = tree
        return True

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
