"""labels: the complete front of a 0/1 problem by label setting with dominance and bound sets.

Blocks of projects are decided one after the other (:mod:`.stages`). A label is a portfolio over the blocks so far:
its costs and what it leaves of each row. A label is dropped when another one is at least as good in all of these
(dominance; Bazgan, Hugot & Vanderpooten 2009), or when its bounds (:mod:`.bounds`) show that whatever it can become
is already dominated by a listed point (bound sets; Ehrgott & Gandibleux 2007; Gadegaard, Nielsen & Ehrgott 2019): for
up to four objectives every search zone of the list must be out of reach in one weighted direction, for five and more
one point must dominate the label's bounds, for zones would be too many.

Narrow passes come first. Each keeps the best labels in every direction, and its portfolios, with the best of their
neighbours (:mod:`.exchange`), make the list that prunes the next and wider pass. Later passes keep every label, and
narrow only when they have kept many times more than the pass before. What a pass did not follow is remembered by its
bounds (:mod:`.outer`), so that the list has a true ε at any moment. The last pass follows everything; with four and
more objectives labels from both ends that meet in the middle (:mod:`.middle`) take its place, as soon as they are no
more than those of the next pass.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from models.problem import Floats, Ints, Problem
from optimizer.engines.found import Found, Keep, Known
from optimizer.engines.labels.bounds import Bounds
from optimizer.engines.labels.exchange import Exchange
from optimizer.engines.labels.labels import Guard, Labels, lower_bounds
from optimizer.engines.labels.middle import Halves, worth_coupling
from optimizer.engines.labels.model import Model, model
from optimizer.engines.labels.outer import Outer, Shells, closed
from optimizer.engines.labels.passes import Pass, Width, run_pass
from optimizer.engines.labels.regions import coarser, weighted, zones
from optimizer.engines.labels.room import Room
from optimizer.engines.labels.rows import refusal
from optimizer.engines.labels.stages import Stages, stages
from optimizer.engines.labels.threads import ALONE, Ended, Threads
from optimizer.engines.labels.tree import grow, spared
from optimizer.engines.labels.weights import directions
from optimizer.stop import Progress, Stop

__all__ = ["labels"]

ROOT_ROUNDS = 300
WIDTHS = (16, 64, 256)
"""Labels that the first passes keep in each direction. Each later pass keeps four times as many."""
SAMPLES, MORE_SAMPLES = 2, 8
"""Sets of multipliers at each stage of a first pass, and of a later one."""
FREE = 6
"""The first later pass keeps all labels until they are this many times those of the pass before; the next one twice as
many times, and so on."""
EXCHANGES = 30
"""Neighbours of listed portfolios looked at after a pass, for each label that it kept."""
ZONES_UP_TO = 4
"""Most objectives for which search zones are built."""
TABLES = 6
ZONES = 8
"""Shares of the memory limit, as divisors, for the tables of bounds and for the zones that labels must reach."""


def labels(
    problem: Problem,
    *,
    stop: Stop,
    memory: int,
    workers: int = 1,
    on_progress: Callable[[Progress], None] | None = None,
    keep: Keep | None = None,
    start: Known | None = None,
) -> Found:
    """Find all nondominated points of ``problem``, or as many as ``stop`` and ``memory`` bytes of labels allow.

    Each part of a stage of a pass counts as one solve. Up to ``workers`` threads share a stage; their number changes
    nothing in what is found. ``keep`` is offered what is found after every pass; labels are too many to be kept. The
    portfolios of ``start`` that are feasible prune from the first pass on.

    Raises:
        ValueError: the problem is not a 0/1 problem in whole numbers.
    """
    if why := refusal(problem):
        raise ValueError(f"labels takes 0/1 problems in whole numbers only: {why}; method 'search' takes any")
    began = time.perf_counter()
    reduced = model(problem)
    if reduced is None:
        found = Found(_nothing_open(len(problem.objectives)), infeasible=True)
    elif not reduced.blocks:
        found = Found(_nothing_open(len(problem.objectives)), X=[reduced.x], Y=[reduced.offset])
    else:
        with Threads(workers) as threads:
            run = _Search(reduced, stop, memory, threads, on_progress, began, keep)
            found = run.run(_feasible(problem, start) if start else None)
    found.seconds = time.perf_counter() - began
    found.reductions = reduced.reductions if reduced else None
    return found


def _feasible(problem: Problem, start: Known) -> Floats:
    """Those portfolios ``(k, n)`` of ``start`` that keep every row and bound."""
    X = np.rint(start.X)
    return X[problem.violations(X) == 0] if X.shape[1:] == (len(problem.columns),) else X[:0]


def _nothing_open(p: int) -> Outer:
    nothing = np.zeros((0, p), dtype=np.int64)
    return Outer(nothing, nothing, [], np.zeros(p, dtype=np.int64), np.zeros(p, dtype=np.int64))


class _Search:
    def __init__(
        self,
        model: Model,
        stop: Stop,
        memory: int,
        threads: Threads,
        on_progress: Callable[[Progress], None] | None,
        began: float,
        keep: Keep | None = None,
    ) -> None:
        self.model, self.stop, self.memory, self.on_progress, self.began = model, stop, memory, on_progress, began
        self.threads, self.keep = threads, keep
        self.threads.look = self._or_end
        p = len(model.offset)
        self.by_zone = p <= ZONES_UP_TO
        self.ceiling: Ints = model.ranges + 1
        self.stages: Stages = stages(model, 1.0 / np.maximum(model.ranges, 1))
        self.model = Model(self.stages.blocks, model.capacity, model.offset, model.x)
        tables = memory // TABLES
        lattice = directions(p) if self.by_zone else np.eye(p, dtype=np.int64)
        self.aim = Bounds(self.stages, directions(p), model.ranges, tables)
        self.bounds = self.aim if self.by_zone else Bounds(self.stages, lattice, model.ranges, tables)
        self.halves = None
        if worth_coupling(self.stages, p):
            self.halves = Halves(self.stages, self.bounds, lattice, model.ranges, tables)
        self.points: Ints = np.zeros((0, p), dtype=np.int64)
        self.U: Ints = self.ceiling[None]
        self.picks: NDArray[np.uint8] = np.zeros((0, len(self.stages)), dtype=np.uint8)
        self.shells: list[Shells] = [self._root()]
        self.neighbours = Exchange(self.stages)
        self.solves = self.labels = 0
        self.epsilon = math.inf
        self.phase = ""

    def run(self, start: Floats | None = None) -> Found:
        """Search with the portfolios ``start`` ``(k, n)``, all feasible, listed from the beginning."""
        try:
            if start is not None:
                self._list(start)
            stopped_by = self._widen()
        except KeyboardInterrupt:
            stopped_by = "interrupt"
        except Ended as ended:
            stopped_by = ended.reason
        return self._found(stopped_by)

    def _so_far(self) -> Found:
        found = self._found("not finished")
        found.seconds = time.perf_counter() - self.began
        return found

    def _found(self, stopped_by: str) -> Found:
        complete = stopped_by == "complete"
        outer = Outer(self.points, None, [], self.ceiling, self.model.offset) if complete else self._outer()
        return Found(
            outer,
            X=list(self.model.portfolios(self.picks)),
            Y=list(self.points + self.model.offset),
            solves=self.solves,
            labels=self.labels,
            stopped_by=stopped_by,
            infeasible=complete and not len(self.points),
        )

    def _list(self, X: Floats) -> None:
        """List what the model still has of the portfolios ``X`` ``(k, n)``."""
        self.phase = "start"
        picks = self.model.nearest(X)
        blocks = list(enumerate(self.stages.blocks))
        costs: Ints = np.sum([block.cost[picks[:, at]] for at, block in blocks], axis=0, dtype=np.int64)
        use: Ints = np.sum([block.use[picks[:, at]] for at, block in blocks], axis=0, dtype=np.int64)
        fits = np.all(use <= self.stages.capacity, axis=1)
        self._enter(costs[fits], picks[fits].__getitem__, self.threads)
        if self.by_zone:
            self._divide()

    def _widen(self) -> str:
        """Passes of growing width until one has followed everything; why it ended."""
        narrow = list(WIDTHS)
        width, followed = Width(0, SAMPLES), 0
        times = FREE if self.by_zone else 2**40  # against points a better list spares few labels
        while True:
            if narrow:
                width = Width(narrow.pop(0), SAMPLES)
            else:
                width, times = Width(4 * width.best, MORE_SAMPLES, times * followed), 2 * times
            if reason := self.stop(self._progress(0)):
                return reason
            guard = self._guard()
            result: Pass | Halves | None = self._coupled(guard, width)
            if result is None:
                self.phase = "all labels" if width.free else f"width {width.best}"
                room = self._room(guard)
                result = run_pass(self.stages, self.bounds, self.aim, guard, width, room, self._look, self.threads)
                followed = result.followed
                self.labels += followed
            fresh = self._enter(result.costs, result.picks, ALONE if result.stopped_by else self.threads)
            if not result.dropped:
                return "complete"
            weights = self.bounds.weights.astype(np.int64)
            self.shells.append(Shells.of(np.vstack(result.dropped), weights, self.bounds.shift))
            if self.by_zone:
                self.U = self.U[~closed(self.U, self.shells[-1])]
                if not len(self.U):
                    return "complete"
            if result.stopped_by:
                return result.stopped_by
            self._exchange(fresh, EXCHANGES * followed)
            if self.by_zone:
                self._divide()
                if not len(self.U):
                    return "complete"
            if result.narrowed and width.free:
                return "memory limit"
            if reason := self.stop(self._progress(0)):
                return reason
            if self.stop.enough > 0 or self.on_progress:
                self.epsilon = self._proved()
            if self.keep:
                self.keep(self._so_far)

    def _coupled(self, guard: Guard, width: Width) -> Halves | None:
        """What labels from both ends bring, if they are no more than those of a pass of this ``width``."""
        if self.halves is None or not len(self.points):
            return None
        self.phase = "from both ends"
        room = self._room(guard).less(self.memory // 2)  # the join takes as much again as the labels
        before = self.halves.grown
        met = self.halves.meet(guard, self.points, self._most(width), room, self._look, self.threads)
        self.labels += self.halves.grown - before
        if met:
            return self.halves
        if self.halves.narrowed:
            self.halves = None
        return None

    def _most(self, width: Width) -> float:
        """Labels that a pass of this ``width`` would follow, over all stages."""
        return max(width.free, width.best * len(self.aim.weights) * len(self.stages))

    def _root(self) -> Shells:
        """The bounds of the whole problem."""
        bound = self.bounds.at(0, self.stages.capacity[None].astype(np.float64), ROOT_ROUNDS)
        start = Labels.start(self.stages, len(self.ceiling))
        weights, shift = self.bounds.weights, self.bounds.shift
        return Shells.of(lower_bounds(start, bound, weights, shift), weights.astype(np.int64), shift)

    def _guard(self) -> Guard:
        """What labels must pass now."""
        weights, shift = self.bounds.weights.astype(np.int64), self.bounds.shift
        if self.by_zone:
            U = coarser(self.U, self.memory // ZONES // (8 * len(weights)))
            tree = grow(weighted((U - 1) >> shift, weights), U, self.threads)
        else:
            diagonal = np.diag(weights)
            excluded = diagonal * (-(-self.points >> shift) - 1) + 1
            tree = grow((-excluded).astype(np.int32), -self.points)
        return Guard(tree, self.bounds.weights, shift, not self.by_zone)

    def _room(self, guard: Guard) -> Room:
        """What is left for labels."""
        bounds = {self.aim, self.bounds, *(self.halves.bounds if self.halves else ())}
        room = Room.beside(self.memory, guard, bounds, self.points, self.U, self.picks)
        room = room.less(sum(part.nbytes for part in self.shells))
        return room.less(self.halves.nbytes) if self.halves else room

    def _enter(self, costs: Ints, picks: Callable[[Ints], NDArray[np.uint8]], threads: Threads) -> Ints:
        """Add portfolios of these ``costs`` ``(k, p)`` to the list; the places there of those that are new."""
        old = len(self.points)
        if not len(costs):
            return np.arange(0)
        points = np.vstack([self.points, costs])
        keep = np.flatnonzero(spared(grow(-points, points, threads), threads=threads))
        new = keep[keep >= old] - old
        self.points, self.picks = points[keep], np.vstack([self.picks[keep[keep < old]], picks(new)])
        return np.arange(len(keep) - len(new), len(keep))

    def _exchange(self, fresh: Ints, effort: int) -> None:
        """Enter what differs little from the portfolios at ``fresh``, and from what that brings, for some effort."""
        left = effort // self.neighbours.pairs
        while len(fresh) and left > 0:
            some = fresh[np.linspace(0, len(fresh) - 1, min(left, len(fresh))).astype(np.int64)]
            costs, picks = self.neighbours.look(self.picks[some], self.points, self.threads)
            fresh = self._enter(costs, picks.__getitem__, self.threads)
            left -= len(some)

    def _divide(self) -> None:
        """Zones of the list as it is now that some shell of every pass reaches into."""
        U = zones(self.points, self.ceiling, self.threads)
        for shells in self.shells:
            U = U[~closed(U, shells)]
        self.U = U

    def _proved(self) -> float:
        """ε of the list as it is now."""
        if not len(self.points):
            return math.inf
        outer = self._outer()
        outer.measure(np.maximum(np.ptp(self.points, axis=0), 1).astype(np.float64))
        return outer.epsilon()

    def _outer(self) -> Outer:
        return Outer(self.points, self.U if self.by_zone else None, self.shells, self.ceiling, self.model.offset)

    def _or_end(self) -> None:
        if reason := self.stop(self._progress(0)):
            raise Ended(reason)

    def _look(self, stage: int, width: int) -> str | None:
        if reason := self.stop(self._progress(width)):
            return reason
        self.solves += 1
        if self.on_progress:
            self.on_progress(self._progress(width))
        return None

    def _progress(self, width: int) -> Progress:
        return Progress(
            seconds=time.perf_counter() - self.began,
            points=len(self.points),
            solves=self.solves,
            epsilon=self.epsilon,
            open_regions=width,
            phase=self.phase,
        )
