"""relax: a list of portfolios with a guarantee, the worst zone of objective space first.

The zone with the largest ε is relaxed (:mod:`.sifting`, and :mod:`.mixed` for models with continuous columns or too
many rows). Its dual multipliers give a half-space (:mod:`.pricing`), which lowers the ε of this zone and its
neighbours; if that is not enough, a small branch and bound may show it (:mod:`.branching`), or a portfolio is rounded
from the relaxation's solution (:mod:`.rounding`) and splits the zone. A zone where none of these helps has stalled: it
keeps its ε, and the list's ε is the largest of all (:mod:`.cover`).

The scheme is the one of outer and inner approximation (Benson 1998; Ehrgott, Löhne & Shao 2012; Klamroth, Tind &
Wiecek 2003), with the zones of a discrete front in between.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.problem import Floats, Ints, Problem
from optimizer.engines.finite import activity_bounds
from optimizer.engines.found import Found, Keep
from optimizer.engines.highs import Highs
from optimizer.engines.query import Gate, Query, Verdict, weigh
from optimizer.engines.relax.blocks import blocks
from optimizer.engines.relax.cover import Cover
from optimizer.engines.relax.mixed import Mixed
from optimizer.engines.relax.pricing import Pricing
from optimizer.engines.relax.sifting import Sifting
from optimizer.engines.zones import nondominated
from optimizer.proof import UNIT, Proof
from optimizer.stop import Progress, Stop

__all__ = ["Search", "relax"]

ROW_TOLERANCE = 1e-6
LOOK = 0.1
"""Seconds between two looks at the progress."""
MOVED = 0.02
"""Share by which ranges may move before ε is counted anew."""
GROWN = 1.05
"""Times by which the list grows before its ranges are looked at."""
SHY = 1e-6
"""Share by which zones are brought below what is asked for."""
FINEST = 1e-5
TIE = 1e-4
"""Weight, in shares of the ranges, by which a MIP prefers a dominating point."""
SLICE = 1.0
"""Seconds of the first MIP that a zone gets; doubled with every further one."""
TRIES = 6
"""Most attempts at a zone."""
FREE, FEW = 60, 1_000_000
"""Columns and work of the search of a zone before a portfolio is rounded (:func:`.branching.below`)."""
MOST_FREE, MANY = 150, 7_000_000
"""Columns and work where rounding found none; four times as much work with every further attempt."""
NEAR, NEAR_MANY, NEAR_DEPTHS = 30, 700_000, (0.35, 0.15)
"""Columns and work of the search for a portfolio near a relaxation, twice as much with every further attempt, and the
shares of ε by which it must lie in the zone."""
MOST = 60_000_000
"""Most work of a search, which cannot be interrupted: about half a second."""
PATIENCE = 3
"""Attempts without a MIP solver."""


def relax(
    problem: Problem,
    *,
    stop: Stop,
    on_progress: Callable[[Progress], None] | None = None,
    keep: Keep | None = None,
) -> Found:
    """Portfolios of ``problem`` with half-spaces that bound what they lack, as tight as ``stop`` asks for.

    ``keep`` is offered what is found so far several times a second.
    """
    return Search(problem, stop, on_progress, keep).run()


class Search:
    """One search of ``problem``; :mod:`.given` leaves its list as it is."""

    close = 4
    """A MIP may stop within this part of a zone's ε."""

    def __init__(
        self, problem: Problem, stop: Stop, on_progress: Callable[[Progress], None] | None, keep: Keep | None = None
    ) -> None:
        self.problem, self.stop, self.on_progress, self.keep = problem, stop, on_progress, keep
        self.began = time.perf_counter()
        low, high = activity_bounds(problem.costs, problem)
        self.cover = Cover(high + 1, low)
        self.found = Found(self.cover)
        self.looked = 0.0
        self.ranges: Floats = np.ones(len(low))
        self.measured = 0
        self.searched: dict[tuple[int, ...], None] = {}
        self.phase = "ends"
        self.gate: Gate | None = None
        self.relaxation: Any = None

    def run(self) -> Found:
        try:
            stopped_by = self._loop()
        except KeyboardInterrupt:
            stopped_by = "interrupt"
        return self._found(stopped_by)

    @property
    def enough(self) -> float:
        """The ε of a zone that is not looked at any more: a little less than what is asked for, as ε is stated a little
        larger than reckoned."""
        return self.stop.enough * (1 - SHY)

    def _so_far(self) -> Found:
        return self._found("not finished")

    def _found(self, stopped_by: str) -> Found:
        seconds = time.perf_counter() - self.began
        return replace(self.found, stopped_by=stopped_by, proof=self._proof(), seconds=seconds)

    def _proof(self) -> Proof | None:
        """What the half-spaces rest on; ``None`` where there are none."""
        if self.relaxation is None or not self.cover.halfspaces:
            return None
        told = [w for w in self.cover.proofs.tolist() if tuple(w) not in self.searched]
        floor = self.cover.floor
        return Proof(
            size=(len(self.problem.columns), len(self.problem.rows)),
            rows=self.relaxation.rows.tolist(),
            blocks=self.relaxation.tied,
            weights=[halfspace.weights.tolist() for halfspace in self.cover.halfspaces],
            bounds=[halfspace.bound for halfspace in self.cover.halfspaces],
            prices=[[int(price * UNIT) for price in halfspace.prices.tolist()] for halfspace in self.cover.halfspaces],
            told=[(np.array(w) + floor).tolist() for w in told],
            searched=[(np.array(w) + floor).tolist() for w in self.searched],
        )

    def _loop(self) -> str:
        if reason := self.stop(self._progress()):
            return reason
        parts = blocks(self.problem)
        span = self.cover.top
        self.relaxation = (
            Mixed(self.problem, span, self._over) if parts is None else Sifting(parts, Pricing(parts, span))
        )
        if reason := self._ends():
            return reason
        self.phase = "zones"
        while True:
            if reason := self._look():
                return reason
            index = self._next()
            if index is None:
                self._measure(0.0)
                if reason := self.stop(self._progress()):
                    return reason
                index = self._next()
                if index is None:
                    return "stalled" if len(self.cover) else "complete"
            if self.cover.tries(index) == 0:
                self._zone(index)
            else:
                self._stubborn(index)

    def _next(self) -> int | None:
        """The worst zone beyond the guarantee; where relaxing is quick, first those that were never tried."""
        for tries in (0, TRIES) if self.relaxation.quick else (TRIES,):
            index = self.cover.worst(tries)
            if index is not None and self.cover.zone(index)[1] > self.enough:
                return index
        return None

    def _ends(self) -> str | None:
        """Get the ranges, first half-spaces and first portfolios from the :meth:`_payoff` of the objectives."""
        solved, reason = self._payoff()
        if reason:
            return reason
        p = len(self.cover.top)
        Y = np.array([relaxed.y for _, relaxed in solved]).reshape(-1, p)
        if len(Y):
            self.ranges = np.maximum(np.ptp(Y, axis=0), 1.0)
        self.cover.measure(self.ranges)
        for axis, relaxed in solved:
            bounded = np.arange(p) == axis
            for x in self.relaxation.portfolios(relaxed, None, bounded, self.ranges, self._seconds_left()):
                self._enter(x)
        if not self.found.Y:
            self._enter(self._any_portfolio())
        self._measure(0.0)
        return None

    def _payoff(self) -> tuple[list[tuple[int, Any]], str | None]:
        """Relax each objective alone, and with a little of the others; a reason to stop."""
        p = len(self.cover.top)
        solved: list[tuple[int, Any]] = []
        size = 1.0 / np.maximum(self.cover.top, 1)
        for axis in range(p):
            alone = np.where(np.arange(p) == axis, 1.0, 0.0) * size
            for weights in (alone, np.where(np.arange(p) == axis, 1.0, 1e-3) * size):
                if reason := self._look():
                    return solved, reason
                relaxed = self.relaxation.weighted(weights, self._seconds_left())
                if relaxed is not None:
                    for halfspace in relaxed.halfspaces:
                        self.cover.cut(halfspace)
                    solved.append((axis, relaxed))
        return solved, None

    def _any_portfolio(self) -> Floats | None:
        """Whatever portfolio a MIP solver finds, where rounding found none."""
        weights = 1.0 / np.maximum(self.cover.top, 1)
        query = Query(weights, np.full(len(weights), np.inf), gap=float(len(weights)), seconds=self._seconds_left())
        return self._gate().minimize(query).x

    def _zone(self, index: int) -> None:
        """Work on the zone at ``index``: a half-space, and a portfolio where that is not enough."""
        u, epsilon = self.cover.zone(index)
        bounded = u < self.cover.ceiling
        if not bounded.any() or not self.relaxation.known:
            self.cover.tried(index)
            return
        upper = u.astype(np.float64)
        aim = max(self.enough, FINEST)
        tolerance = 0.1 * max(aim, min(epsilon, 1.0) / 10)
        self.found.solves += 1
        relaxed = self.relaxation.achieve(upper, bounded, self.ranges, tolerance, self._seconds_left())
        if relaxed is not None:
            for halfspace in relaxed.halfspaces:
                self.cover.cut(halfspace)
            if not self._undecided(u):
                return
            if self.relaxation.quick and self._search(relaxed, u, bounded, FEW, FREE):
                return
            self._round(relaxed, upper, bounded)
        here = self.cover.find(u)
        if here is not None:
            self.cover.tried(here)

    def _undecided(self, u: Ints) -> bool:
        """Is the zone ``u`` still there, and beyond the guarantee?"""
        here = self.cover.find(u)
        return here is not None and self.cover.zone(here)[1] > self.enough

    def _search(self, relaxed: Any, u: Ints, bounded: NDArray[np.bool_], work: int, free: int) -> bool:
        """Look for a portfolio deep in the zone ``u``, or for the proof that there is none; is the zone done with?"""
        here = self.cover.find(u)
        assert here is not None
        aim = max(self.enough, self.cover.zone(here)[1] / 2)
        w = self._corner(u, bounded, aim)
        pick, none = self.relaxation.below(relaxed, u, w, bounded, self.ranges, work, free, False)
        if none and self.cover.prove(w):
            self.searched[tuple((w - self.cover.floor).tolist())] = None
        if pick is not None:
            self._enter(self.relaxation.blocks.portfolio(pick))
        return not self._undecided(u)

    def _search_near(self, relaxed: Any, u: Ints, bounded: NDArray[np.bool_], depth: float, work: int) -> None:
        """Look for a portfolio in the zone ``u`` among the choices that are nearly indifferent."""
        w = self._corner(u, bounded, depth)
        pick, _ = self.relaxation.below(relaxed, u, w, bounded, self.ranges, work, NEAR, True)
        if pick is not None:
            self._enter(self.relaxation.blocks.portfolio(pick))

    def _corner(self, u: Ints, bounded: NDArray[np.bool_], epsilon: float) -> Ints:
        """The corner below which all portfolios lie that make the ε of the zone ``u`` reach ``epsilon``."""
        depth = np.floor(min(epsilon, 1.0) * self.ranges).astype(np.int64)
        return np.where(bounded, u - depth, self.cover.ceiling)

    def _round(self, relaxed: Any, upper: Floats, bounded: NDArray[np.bool_]) -> None:
        """List portfolios near the relaxation of the zone ``upper`` ``(p,)``, of which some axes are ``bounded``."""
        for x in self.relaxation.portfolios(relaxed, upper, bounded, self.ranges, self._seconds_left()):
            self._enter(x)

    def _stubborn(self, index: int) -> None:
        """Ask a MIP solver about a zone where relaxing and rounding got no further.

        The dual bound of the achievement query proves that no feasible point lies below some ``w``.
        """
        u, epsilon = self.cover.zone(index)
        bounded = u < self.cover.ceiling
        self.cover.tried(index)
        if not self.found.Y:
            return
        tries = self.cover.tries(index)
        if self.relaxation.quick and bounded.any() and self._search_more(u, bounded, epsilon, tries - 2):
            return
        seconds = min(self._seconds_left(), SLICE * 2.0**tries)
        caps, gap = np.where(bounded, u, np.inf), max(self.enough, epsilon) / self.close
        query = Query(TIE / self.ranges, caps, self.ranges, gap=gap, seconds=seconds)
        self.found.solves += 1
        outcome = self._gate().minimize(replace(query, start=self._witness(u)))
        if outcome.verdict is Verdict.ERROR:
            self.found.faults.append(outcome.why)
            return
        for x in (outcome.x, *(x for x, _ in outcome.others)):
            self._enter(x)
        if bounded.any() and math.isfinite(outcome.bound):
            slack = 1e-6 + 1e-9 * abs(outcome.bound)
            least = min(0.0, outcome.bound - float(query.weights @ (u - 1)) - slack)
            below = np.ceil(u + least * self.ranges - 1e-6).astype(np.int64)
            self.cover.prove(np.where(bounded, below, self.cover.ceiling))

    def _search_more(self, u: Ints, bounded: NDArray[np.bool_], epsilon: float, tries: int) -> bool:
        """Search the zone ``u`` at length, the more so after so many ``tries``; no need to ask a MIP solver?"""
        if not self.relaxation.known:
            return False
        self.found.solves += 1
        upper, tolerance = u.astype(np.float64), 0.01 * min(epsilon, 1.0)
        relaxed = self.relaxation.achieve(upper, bounded, self.ranges, tolerance, self._seconds_left())
        if relaxed is None:
            return False
        for halfspace in relaxed.halfspaces:
            self.cover.cut(halfspace)
        for depth in NEAR_DEPTHS:
            if not self._undecided(u):
                return True
            self._search_near(relaxed, u, bounded, depth * epsilon, min(NEAR_MANY * 2**tries, MOST))
        if not self._undecided(u) or self._search(relaxed, u, bounded, min(MANY * 4**tries, MOST), MOST_FREE):
            return True
        return tries < PATIENCE

    def _gate(self) -> Gate:
        if self.gate is None:
            self.gate = Highs(self.problem, interrupted=self._over)
        return self.gate

    def _witness(self, u: Ints) -> Floats | None:
        """A listed portfolio within ``u``, the deepest one."""
        Y = np.array(self.found.Y)
        depth = np.max((Y - u) / self.ranges, axis=1)
        depth[np.any(Y > u, axis=1)] = np.inf
        best = int(np.argmin(depth))
        return self.found.X[best].astype(np.float64) if math.isfinite(depth[best]) else None

    def _enter(self, x: Floats | None) -> None:
        """Check a portfolio against the problem itself, and list it."""
        if x is None or float(self.problem.violations(x[None])[0]) > ROW_TOLERANCE:
            return
        y = weigh(self.problem, self.problem.costs, x)
        small = self.problem.integer.all() and np.abs(x).max(initial=0.0) < 128
        self.found.X.append(np.rint(x).astype(np.int8) if small else x)
        self.found.Y.append(y)
        if not self.cover.add(y):
            self.found.X.pop()
            self.found.Y.pop()

    def _seconds_left(self) -> float:
        return self.stop.seconds_left(self._progress())

    def _over(self) -> bool:
        return self._seconds_left() <= 0

    def _measure(self, moved: float) -> None:
        """Count ε by the ranges of the list, if they moved."""
        if len(self.found.Y) < (GROWN if moved else 1.0) * max(self.measured, 1):
            return
        self.measured = len(self.found.Y)
        points = np.array(self.found.Y)
        ranges = np.maximum(np.ptp(points[nondominated(points)], axis=0), 1).astype(np.float64)
        if np.any(np.abs(ranges - self.ranges) > moved * self.ranges):
            self.ranges = ranges
            self.cover.measure(ranges)

    def _look(self) -> str | None:
        """Now and then: tell the progress; a reason to stop, by the ranges of the list as it is now."""
        seconds = time.perf_counter() - self.began
        self._measure(MOVED)
        if seconds - self.looked >= LOOK:
            self.looked = seconds
            if self.on_progress:
                self.on_progress(self._progress())
            if self.keep:
                self.keep(self._so_far)
                self.cover.measure(self.ranges)  # a certificate counts by the ranges of its list
        if self.stop(self._progress()) is None:
            return None
        self._measure(0.0)
        return self.stop(self._progress())

    def _progress(self) -> Progress:
        return Progress(
            seconds=time.perf_counter() - self.began,
            points=len(self.found.Y),
            solves=self.found.solves,
            epsilon=self.cover.epsilon() if self.found.Y else math.inf,
            open_regions=len(self.cover),
            phase=self.phase,
        )
