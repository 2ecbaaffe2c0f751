"""labels: the complete front of a 0/1 problem by label setting with dominance and bound sets.

Blocks of projects are decided one after the other (:mod:`.stages`). A label is a portfolio over the blocks so far:
its costs and what it leaves of each row. A label is dropped when another one is at least as good in all of these
(dominance; Bazgan, Hugot & Vanderpooten 2009), or when its bounds (:mod:`.bounds`) show that whatever it can become
is already dominated by a listed point (bound sets; Ehrgott & Gandibleux 2007; Gadegaard, Nielsen & Ehrgott 2019): for
up to four objectives every search zone of the list must be out of reach in one weighted direction, for five and more
one point must dominate the label's bounds, for zones would be too many.

Narrow passes come first. Each keeps the best labels in every direction, and its portfolios make the list that prunes
the next and wider pass. What a pass did not follow is remembered by its bounds (:mod:`.outer`), so that the list has a
true ε at any moment. The last pass follows everything.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from models.problem import Ints, Problem
from optimizer.engines.found import Found, Keep
from optimizer.engines.labels.bounds import Bounds
from optimizer.engines.labels.labels import Guard, Labels, lower_bounds
from optimizer.engines.labels.model import Model, model
from optimizer.engines.labels.outer import Outer, Shells, closed
from optimizer.engines.labels.passes import Pass, run_pass
from optimizer.engines.labels.regions import split
from optimizer.engines.labels.rows import refusal
from optimizer.engines.labels.stages import Stages, stages
from optimizer.engines.labels.tree import EXACT, dominated, grow
from optimizer.engines.labels.weights import directions
from optimizer.stop import Progress, Stop

__all__ = ["labels"]

ROOT_ROUNDS = 300
WIDTHS = (16, 64, 256, None)
ZONES_UP_TO = 4
"""Most objectives for which search zones are built."""


def labels(
    problem: Problem,
    *,
    stop: Stop,
    memory: int,
    on_progress: Callable[[Progress], None] | None = None,
    keep: Keep | None = None,
) -> Found:
    """Find all nondominated points of ``problem``, or as many as ``stop`` and ``memory`` bytes of labels allow.

    A stage of a pass counts as one solve. ``keep`` is offered what is found after every pass; labels are too many to
    be kept.

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
        found = _Search(reduced, stop, memory, on_progress, began, keep).run()
    found.seconds = time.perf_counter() - began
    return found


def _nothing_open(p: int) -> Outer:
    nothing = np.zeros((0, p), dtype=np.int64)
    return Outer(nothing, nothing, [], np.zeros(p, dtype=np.int64), np.zeros(p, dtype=np.int64))


class _Search:
    def __init__(
        self,
        model: Model,
        stop: Stop,
        memory: int,
        on_progress: Callable[[Progress], None] | None,
        began: float,
        keep: Keep | None = None,
    ) -> None:
        self.model, self.stop, self.memory, self.on_progress, self.began = model, stop, memory, on_progress, began
        self.keep = keep
        p = len(model.offset)
        self.by_zone = p <= ZONES_UP_TO
        self.ceiling: Ints = model.ranges + 1
        self.stages: Stages = stages(model, 1.0 / np.maximum(model.ranges, 1))
        self.model = Model(self.stages.blocks, model.capacity, model.offset, model.x)
        self.aim = Bounds(self.stages, directions(p), model.ranges)
        self.bounds = self.aim if self.by_zone else Bounds(self.stages, np.eye(p, dtype=np.int64), model.ranges)
        self.points: Ints = np.zeros((0, p), dtype=np.int64)
        self.U: Ints = self.ceiling[None]
        self.picks: NDArray[np.uint8] = np.zeros((0, len(self.stages)), dtype=np.uint8)
        self.shells: list[Shells] = [self._root()]
        self.solves = 0
        self.epsilon = math.inf
        self.phase = ""

    def run(self) -> Found:
        try:
            stopped_by = self._widen()
        except KeyboardInterrupt:
            stopped_by = "interrupt"
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
            stopped_by=stopped_by,
            infeasible=complete and not len(self.points),
        )

    def _widen(self) -> str:
        """Passes of growing width until one has followed everything; why it ended."""
        for width in WIDTHS:
            if reason := self.stop(self._progress(0)):
                return reason
            guard = self._guard()
            self.phase = "all labels" if width is None else f"width {width}"
            result = run_pass(self.stages, self.bounds, self.aim, guard, width, self.memory, self._look)
            fresh = self._enter(result)
            if not result.dropped:
                return "complete"
            if self.by_zone:
                self.U = split(self.U, fresh)
            weights = self.bounds.weights.astype(np.int64)
            self.shells.append(Shells(np.vstack(result.dropped), weights, self.bounds.shift))
            if self.by_zone:
                self.U = self.U[~closed(self.U, self.shells[-1])]
                if not len(self.U):
                    return "complete"
            if result.stopped_by:
                return result.stopped_by
            if self.stop.enough > 0 or self.on_progress:
                self.epsilon = self._proved()
            if self.keep:
                self.keep(self._so_far)
        return "memory limit"

    def _root(self) -> Shells:
        """The bounds of the whole problem."""
        bound = self.bounds.at(0, self.stages.capacity[None].astype(np.float64), ROOT_ROUNDS)
        start = Labels.start(self.stages, len(self.ceiling))
        weights, shift = self.bounds.weights, self.bounds.shift
        return Shells(lower_bounds(start, bound, weights, shift), weights.astype(np.int64), shift)

    def _guard(self) -> Guard:
        """What labels must pass now."""
        weights, shift = self.bounds.weights.astype(np.int64), self.bounds.shift
        if self.by_zone:
            tree = grow((((self.U - 1) >> shift) @ weights.T).astype(np.int32), self.U)
        else:
            diagonal = np.diag(weights)
            excluded = diagonal * (-(-self.points >> shift) - 1) + 1
            tree = grow((-excluded).astype(np.int32), -self.points)
        return Guard(tree, self.bounds.weights, shift, not self.by_zone)

    def _enter(self, result: Pass) -> Ints:
        """Add what a pass found to the list; the points that are new."""
        old = len(self.points)
        if not len(result.costs):
            return self.points[old:]
        points = np.vstack([self.points, result.costs])
        tree = grow(-points, points)
        keep = np.sort(tree.order[~dominated(tree.rows, tree.tops, EXACT)])
        new = keep[keep >= old] - old
        self.points, self.picks = points[keep], np.vstack([self.picks[keep[keep < old]], result.picks(new)])
        return self.points[len(keep) - len(new) :]

    def _proved(self) -> float:
        """ε of the list as it is now."""
        if not len(self.points):
            return math.inf
        outer = self._outer()
        outer.measure(np.maximum(np.ptp(self.points, axis=0), 1).astype(np.float64))
        return outer.epsilon()

    def _outer(self) -> Outer:
        return Outer(self.points, self.U if self.by_zone else None, self.shells, self.ceiling, self.model.offset)

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
