"""search: the complete front of any mixed-integer model, one zone of objective space after the other.

A query takes the open zone ``u`` with the largest ε and asks one of two things about it.

*Constraint query*, for completeness: take an axis ``k`` and minimise ``f_k + ρ Σ f_j`` subject to ``f_j < u_j`` for all
other axes ``j``: the augmented ε-constraint scalarization with an adaptive ``ρ`` (Mavrotas & Florios 2013; Dächert,
Gorski & Klamroth 2012) on local upper bounds (Tamby & Vanderpooten, INFORMS J. Comput. 33, 2021). ``ρ`` is so small
that all augmentation terms together stay below one quantum; then an optimum is nondominated, and its dual bound,
rounded up to whole quanta, bounds ``f_k`` alone. Where rounding errors spoil the augmentation a dominated point may
enter the list; its dominator is found later and takes its place, so the front is exact all the same.

*Achievement query*, for a guarantee or against the clock: maximise ``min_j (u_j - f_j) / r_j`` (Wierzbicki 1986). Its
dual bound is the zone's ε itself, and its point lies in the middle of the zone. It may stop within a share of that ε.

A small front is complete before anything else would pay. Where a guarantee is asked for, and where the front proves to
be no small one, the search is *pressed*: beside the queries, which are achievement queries then, grows one tree of
relaxations that bounds all zones at once, and points come first from its relaxations and from small achievement queries
near them (:mod:`optimizer.engines.relaxations`). Zones whose ε is fine enough get constraint queries again, until the
front is complete.

A known portfolio always satisfies the query, which warms the solver up and makes a false "infeasible" or a false
"optimal" visible.

Queries run side by side without a barrier: each answer is entered when it comes, and the next query is chosen by all
that is known by then. What a query under way still adds after its zone was split or closed is entered all the same.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.problem import Floats, Ints, Problem
from optimizer.engines.finite import activity_bounds
from optimizer.engines.found import Found, Keep, Known
from optimizer.engines.query import INTERRUPT, Outcome, Query, Verdict
from optimizer.engines.relaxations import MIDWAY, TIE_BREAK, Relaxations
from optimizer.engines.zones import Zones
from optimizer.parallel import Pool
from optimizer.stop import Progress, Stop

__all__ = ["arrays", "search"]

ROUGH = 1 / 2
"""Share of a zone's ε within which an achievement query may stop: many cheap answers prove more than few exact ones."""
COARSE = 0.02
"""Zones whose ε is larger than this get achievement queries when pressed,"""
FINE = 2e-3
"""or larger than this where a guarantee is asked for: :data:`TIE_BREAK` blurs what they prove of smaller ones."""
LEAST = 1e-6
"""ε down to which relaxations bound zones where the complete front is asked for."""
PATIENCE = 20.0
"""Seconds that a query may take at first, doubled whenever a zone is tried again. A search that is not complete after
as many is pressed,"""
SLICE = 0.05
"""or after this share of a time limit, if that is less,"""
MANY = 1000
"""and one of more columns than this at once."""
LONG = 2
"""Each objective alone gets the seconds of so many tries of a zone, but no more than :data:`PATIENCE`."""
LATE = 0.5
"""Share of the seconds of a query that must have passed when it says that they are up."""
AHEAD = 4
"""Queries for each worker beside relaxations."""
AMONG = 20
"""Queries of one worker alone among which one is not for a zone, if hurried."""
LOSSES = 3
"""A query that loses its worker this often is given up; so is the search when all queries under way have lost theirs
as many times without an answer in between."""
LOST = "worker lost"


@dataclass(frozen=True, eq=False)
class _Task:
    """A query under way and the zone ``u`` it was asked for; ``axis`` is what it minimises, ``None``: all of them."""

    u: Ints
    corner: Ints
    axis: int | None
    query: Query
    payoff: bool = False
    losses: int = 0


def search(
    problem: Problem,
    *,
    stop: Stop,
    pool: Pool,
    on_progress: Callable[[Progress], None] | None = None,
    keep: Keep | None = None,
    start: Known | None = None,
    narrow: Problem | None = None,
) -> Found:
    """Find all nondominated points of ``problem``, or as many as ``stop`` allows, with the boxes that remain open.

    ``keep`` is offered what is found after every answer. From that as ``start`` the search goes on; with one
    worker, exactly as if it had not been interrupted. A ``start`` without its arrays is a list of known portfolios.
    ``narrow`` is the same problem with columns held (:mod:`optimizer.engines.tighten`), if ``pool`` answers for that.
    """
    return _Search(problem, stop, pool, on_progress, keep, start, narrow or problem).run()


def arrays(
    zones: Zones, lost: Sequence[int] = (), payoff: Sequence[int] = (), denied: Iterable[int] = ()
) -> dict[str, NDArray[Any]]:
    """Everything that a search goes by: its zones, those ``lost`` among the boxes aside, axes still to be solved alone
    and axes ``denied``. Zones whose worker was lost are told apart: another try may succeed."""
    p = len(zones.ceiling)
    aside = [box for i, box in enumerate(zones.aside) if i not in lost]
    return zones.state() | {
        "aside": np.array(aside, dtype=np.int64).reshape(-1, 2, p),
        "lost": np.array([zones.aside[i][1] for i in lost], dtype=np.int64).reshape(-1, p),
        "payoff": np.array(payoff, dtype=np.int64),
        "denied": np.array(sorted(denied), dtype=np.int64),
    }


class _Search:
    def __init__(
        self,
        problem: Problem,
        stop: Stop,
        pool: Pool,
        on_progress: Callable[[Progress], None] | None,
        keep: Keep | None,
        start: Known | None,
        narrow: Problem,
    ) -> None:
        self.problem, self.stop, self.pool, self.on_progress, self.narrow = problem, stop, pool, on_progress, narrow
        self.keep = keep
        self.costs = problem.costs
        low, high = activity_bounds(self.costs, problem)
        self.zones = Zones(high + 1, low)
        self.found = Found(self.zones)
        self.running: dict[Future[Outcome], _Task] = {}
        self.payoff = list(range(len(self.costs)))
        self.denied: set[int] = set()
        self.lost_zones: list[int] = []
        self.lost_in_a_row = 0
        self.enough, self.fine = stop.enough or LEAST, FINE if stop.enough else COARSE
        self.relaxations = Relaxations(
            narrow, self.zones, self.found, self.enough, self._enter, lambda: self._seconds_left() <= 0
        )
        self.blurred: set[bytes] = set()
        """Zones of which an achievement query proved nothing."""
        self.began = time.perf_counter()
        self.before = start.seconds if start is not None else 0.0
        self.pressed: float | None = None
        if start is not None and start.arrays:
            self._go_on(start)
        elif start is not None:
            for x, y in zip(start.X, start.Y, strict=True):
                self._enter(x, y)

    def run(self) -> Found:
        try:
            self.found.stopped_by = self._loop()
            self.relaxations.settle()
        except KeyboardInterrupt:
            self.found.stopped_by = "interrupt"
        self.found.seconds = time.perf_counter() - self.began
        if self.found.stopped_by != "complete":
            self.found.arrays = self._arrays()
        return self.found

    def _loop(self) -> str:
        while True:
            while len(self.running) < self._at_once():
                if reason := self.stop(self._progress()):
                    return reason
                if (task := self._next()) is None:
                    break
                self._submit(task)
            if not self.running:
                break
            grown = self._is_pressed() and self.relaxations.grow(self._slice(0) / 3, self._answered)
            done, _ = wait(self.running, timeout=0.0 if grown else 0.2, return_when=FIRST_COMPLETED)
            for future in done:
                self._took(self.running.pop(future), future)
            if self.found.infeasible:
                return "complete"
            if self.lost_in_a_row >= LOSSES * self._at_once() or not (done or self.pool.alive()):
                self.found.faults.append(f"{LOST}: all of them")
                return "solver error"
            if self.keep:
                self.keep(self._so_far)
            progress = self._progress()
            if self.on_progress:
                self.on_progress(progress)
            if reason := self.stop(progress):
                return reason
        return "solver error" if self.found.faults else "complete"

    def _at_once(self) -> int:
        """Queries under way: workers find the next small one ready while relaxations are busy."""
        workers = self.pool.workers
        return workers * AHEAD if workers > 1 and self.relaxations.wanted and self.found.Y else workers

    def _answered(self) -> bool:
        return any(future.done() for future in self.running)

    def _submit(self, task: _Task) -> None:
        self.found.solves += 1
        try:
            future = self.pool.submit(task.query)
        except self.pool.lost as error:
            future = Future()
            future.set_exception(error)
        self.running[future] = task

    def _took(self, task: _Task, future: Future[Outcome]) -> None:
        """Enter what came of a query; ask it again if its worker was lost, but not for ever."""
        try:
            outcome = future.result()
            self.lost_in_a_row = 0
        except self.pool.lost as error:
            self.lost_in_a_row += 1
            if task.losses + 1 < LOSSES:
                self._submit(replace(task, losses=task.losses + 1))
                return
            outcome = Outcome(Verdict.ERROR, why=f"{LOST}: {type(error).__name__}")
        except Exception as error:
            outcome = Outcome(Verdict.ERROR, why=f"{LOST}: {type(error).__name__}")
        self._take(task, outcome)

    def _so_far(self) -> Found:
        """What is found, with everything the search goes by."""
        seconds = time.perf_counter() - self.began
        return replace(self.found, seconds=seconds, stopped_by="not finished", arrays=self._arrays())

    def _arrays(self) -> dict[str, NDArray[Any]]:
        return arrays(self.zones, self.lost_zones, self.payoff, self.denied)

    def _go_on(self, start: Known) -> None:
        """Take up where an earlier search ended."""
        self.found.X, self.found.Y = list(start.X), list(start.Y)
        self.found.faults = [fault for fault in start.faults if not fault.startswith(LOST)]
        self.zones.restore(start.arrays)
        self.zones.aside = [(corner, u) for corner, u in start.arrays["aside"]]
        for u in start.arrays["lost"]:
            self.zones.reopen(u)
        self.payoff, self.denied = start.arrays["payoff"].tolist(), set(start.arrays["denied"].tolist())

    def _progress(self) -> Progress:
        seconds = time.perf_counter() - self.began
        return Progress(
            seconds=seconds,
            points=len(self.zones.points),
            solves=self.found.solves,
            epsilon=self.zones.epsilon(),
            open_regions=self.zones.count,
            phase="payoff" if self.payoff and self.pressed is None else "search",
        )

    def _next(self) -> _Task | None:
        """The next query: first cuts, if pressed, and each objective alone (the payoff table), then the worst zone
        that is free. If hurried, half of the workers go on to zones, and one alone with most of its queries."""
        anywhere = self.zones.ceiling
        aside = [task for task in self.running.values() if task.query.cuts or task.payoff]
        hurried = self._hurried()
        alone = self.pool.workers == 1
        due = self.found.solves % AMONG == AMONG - 1 if alone else 2 * len(aside) < self.pool.workers
        if not hurried or due:
            if (query := self._separation()) is not None:
                return _Task(anywhere, self.zones.corner(anywhere), None, query)
            busy = {task.axis for task in aside}
            axis = next((axis for axis in self.payoff if axis not in busy), None)
            if axis is not None:
                return replace(self._constraint(anywhere, axis, min(self._slice(LONG), PATIENCE)), payoff=True)
        if not hurried and (self.payoff or (not self.found.Y and self.running)):
            return None
        index = self.zones.worst(self._free())
        if index is None:
            return None
        u, tries = self.zones.U[index].copy(), int(self.zones.tries[index])
        epsilon = float(self.zones.gaps()[index])
        if hurried and epsilon > self.fine and u.tobytes() not in self.blurred:
            query = self.relaxations.rounding(u, epsilon, self._seconds_left())
            return _Task(u, self.zones.corner(u), None, query) if query else self._achievement(u, epsilon, tries)
        return self._constraint(u, self._axis(u), self._slice(tries))

    def _separation(self) -> Query | None:
        """Where to look for cuts, soon after the search is pressed."""
        if self.pressed is None or self._elapsed() - self.pressed > self._slice(0):
            return None
        return self.relaxations.separation(self._slice(0))

    def _is_pressed(self) -> bool:
        """Is a guarantee worth more now than the exact points of a complete front?"""
        many = len(self.problem.columns) > MANY
        if self.pressed is None and (self.stop.enough > 0 or many or self._elapsed() > self._patience()):
            self.pressed = self._elapsed()
            self.relaxations.begin()
        return self.pressed is not None

    def _hurried(self) -> bool:
        """Is it pressed, with portfolios known, as long as there are zones that are not fine enough?"""
        return self._is_pressed() and bool(self.found.Y) and self.zones.gaps().max(initial=0.0) > self.fine

    def _achievement(self, u: Ints, epsilon: float, tries: int) -> _Task:
        ranges = self.zones.ranges
        caps = np.where(u < self.zones.ceiling, u, np.inf)
        weights = TIE_BREAK / ranges
        gap = max(self.enough / 2, ROUGH * min(epsilon, 1.0))
        target = -MIDWAY * min(epsilon, 1.0) if self.relaxations.prove else -math.inf
        query = Query(weights, caps, ranges, gap=gap, target=target, seconds=self._slice(tries))
        return _Task(u, self.zones.corner(u), None, replace(query, start=self._witness(query)))

    def _constraint(self, u: Ints, axis: int, seconds: float) -> _Task:
        others = np.arange(len(u)) != axis
        caps = np.where(others & (u < self.zones.ceiling), u - 1.0, np.inf)
        room = float(np.sum((u - 1 - self.zones.corner(self.zones.ceiling))[others]))
        weights = np.where(others, 0.5 / max(room, 1.0), 1.0)
        query = Query(weights, caps, seconds=seconds)
        return _Task(u, self.zones.corner(u), axis, replace(query, start=self._witness(query)))

    def _seconds_left(self) -> float:
        return self.stop.seconds_left(self._progress())

    def _elapsed(self) -> float:
        """Seconds since the search began, those of a search counted in that it goes on from."""
        return self.before + time.perf_counter() - self.began

    def _patience(self) -> float:
        """Seconds of a first query, and after which the search is pressed."""
        return min(PATIENCE, max(1.0, SLICE * (self._seconds_left() + self._elapsed())))

    def _slice(self, tries: int) -> float:
        """Seconds for a query, doubled each time the zone is tried again."""
        return min(self._seconds_left(), self._patience() * 2.0**tries)

    def _free(self) -> NDArray[np.bool_]:
        """Zones whose query would neither contain nor be contained in one that is under way; those among them, if any,
        near which portfolios can still be sought."""
        free = np.ones(len(self.zones), dtype=bool)
        for task in self.running.values():
            if task.query.cuts or task.payoff:
                continue
            shared = np.arange(len(task.u)) != task.axis
            U, u = self.zones.U[:, shared], task.u[shared]
            free &= ~(np.all(u <= U, axis=1) | np.all(u >= U, axis=1))
        fresh = free & ~self.relaxations.exhausted()
        return fresh if fresh.any() else free

    def _axis(self, u: Ints) -> int:
        """Axis with the widest proven interval among those for which a known portfolio satisfies the query."""
        width = (u - self.zones.corner(u)) / self.zones.ranges
        below = self.zones.points < u
        witnessed = [k for k in range(len(u)) if np.any(np.all(np.delete(below, k, axis=1), axis=1))]
        axes = witnessed or [k for k in range(len(u)) if k not in self.denied]
        return max(axes, key=lambda k: float(width[k]))

    def _witness(self, query: Query) -> Floats | None:
        """The best known portfolio that satisfies ``query``."""
        if not self.found.Y:
            return None
        Y = np.array(self.found.Y)
        values = np.where(np.all(query.caps >= Y, axis=1), query.values(Y), np.inf)
        best = int(values.argmin())
        return self.found.X[best] if values[best] < np.inf else None

    def _take(self, task: _Task, outcome: Outcome) -> None:
        """Enter an answer: its point, its proof, or its failure."""
        if task.payoff and task.axis is not None:
            self.payoff.remove(task.axis)
        new = False
        if outcome.x is not None and outcome.y is not None:
            new = self._enter(outcome.x, outcome.y)
        for x, y in outcome.others if self.pressed is not None else ():
            self._enter(x, y)
        if outcome.cuts is not None:
            self.relaxations.take(outcome.cuts)
        if task.query.cuts or task.query.fixed is not None:
            return
        if outcome.verdict is Verdict.INFEASIBLE:
            self._deny(task)
        elif outcome.verdict is Verdict.ERROR or not _may_end(task.query, outcome):
            self._fail(task, outcome.why)
        elif math.isfinite(outcome.bound):
            told = self.zones.prove(self._proof(task, outcome.bound))
            if outcome.verdict is Verdict.OPTIMAL and not new and not told and self._is_open(task.u):
                if task.axis is None and self.relaxations.prove:  # which have proved as much in the meantime
                    self._put_off(task.u)
                elif task.axis is None:
                    self.blurred.add(task.u.tobytes())
                else:
                    self._fail(task, "an optimum that proves nothing: figures too large for the solver's precision")
        if outcome.verdict is not Verdict.OPTIMAL:
            self._put_off(task.u)

    def _put_off(self, u: Ints) -> None:
        self.zones.tries[np.all(self.zones.U == u, axis=1)] += 1

    def _enter(self, x: Floats, y: Ints) -> bool:
        if not self.zones.add(y):
            return False
        if self.denied and not self.found.Y:
            self._distrust("called infeasible although a portfolio exists")
        self.found.X.append(x)
        self.found.Y.append(y)
        if not self.relaxations.admit(x, y):
            self._distrust("a bound of all zones ruled a portfolio out")
        if np.any((x < self.narrow.lower - 0.5) | (x > self.narrow.upper + 0.5), where=self.problem.integer):
            self._distrust("a column was held at one value although a portfolio has it at another")
        points = self.zones.points
        self.zones.measure(np.maximum(points.max(axis=0) - points.min(axis=0), 1).astype(np.float64))
        return True

    def _proof(self, task: _Task, bound: float) -> Ints:
        """What a dual bound proves: no feasible point lies below the returned ``w`` ``(p,)``.

        Points below ``u`` have ``weights · y <= weights · (u - 1)``, so that the other terms of the sum are at least
        the bound less this. ``y`` is whole, so that ``y < w`` and ``y < ceil(w)`` are the same.
        """
        weights, u = task.query.weights, task.u
        slack = 1e-6 + 1e-9 * abs(bound)
        if task.query.ranges is not None:
            least = min(0.0, bound - float(weights @ (u - 1)) - slack)
            return self.zones.proof(u, -least * task.query.ranges)
        assert task.axis is not None
        others = np.arange(len(u)) != task.axis
        w = u.copy()
        w[task.axis] = math.ceil(bound - float(weights[others] @ (u - 1)[others]) - slack)
        return w

    def _deny(self, task: _Task) -> None:
        """Believe that nothing is feasible only when every axis says so and no point is known."""
        self.denied |= set() if task.axis is None else {task.axis}
        if self.found.Y or (len(self.denied) == len(self.costs) and self.found.faults):
            self._fail(task, "called infeasible although a portfolio is known or another call failed")
        elif len(self.denied) == len(self.costs):
            self.found.infeasible = True

    def _fail(self, task: _Task, why: str) -> None:
        self.found.faults.append(why)
        if why.startswith(LOST):
            self.lost_zones.append(len(self.zones.aside))
        self.zones.stall(task.u, task.corner)

    def _distrust(self, why: str) -> None:
        """Keep the whole of objective space open: a proof about all of it turned out to be false."""
        self.found.faults.append(why)
        self.zones.stall(self.zones.ceiling, self.zones.floor)

    def _is_open(self, u: Ints) -> bool:
        return bool(np.any(np.all(self.zones.U == u, axis=1)))


def _may_end(query: Query, outcome: Outcome) -> bool:
    """May the query end early: by its time limit or an interrupt, or because its point is good enough?"""
    reached = outcome.y is not None and query.value(outcome.y) <= query.target + 1e-6
    late = outcome.seconds >= LATE * query.seconds or outcome.why == INTERRUPT
    return reached or late or outcome.verdict is not Verdict.LIMIT
