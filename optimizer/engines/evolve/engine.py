"""evolve: portfolios by evolution, any mixed-integer model; nothing is proved unless it is asked for.

The decisions are the genes. Everything else is completed (:mod:`optimizer.engines.completion`), so that pymoo's
algorithms (:mod:`.algorithms`) only ever see portfolios that keep the rules, as far as repair can make them
(:mod:`.operators`). Whatever nondominated portfolio was ever evaluated is listed.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from models.problem import Problem
from optimizer.engines.completion import Completion
from optimizer.engines.evolve.algorithms import set_up
from optimizer.engines.evolve.certified import certified, search_share
from optimizer.engines.evolve.relaxations import blind, relaxations
from optimizer.engines.evolve.state import restore, take
from optimizer.engines.evolve.task import Task
from optimizer.engines.evolve.unproved import Unproved
from optimizer.engines.found import Found, Keep, Known
from optimizer.stop import Progress, Stop

__all__ = ["evolve"]

STALE = 200
"""Generations without a new nondominated portfolio after which a run ends by itself."""


def evolve(
    problem: Problem,
    *,
    algorithm: str,
    seed: int,
    stop: Stop,
    on_progress: Callable[[Progress], None] | None = None,
    keep: Keep | None = None,
    start: Known | None = None,
    certify: bool = False,
) -> Found:
    """Search ``problem`` with one of :data:`optimizer.methods.ALGORITHMS` until ``stop`` says so.

    An evaluated portfolio counts as one solve; rules are asked between two generations. The same ``seed`` gives the
    same portfolios. ``keep`` is offered what is found after every generation; a run that goes on from that (``start``)
    finds what one without a break does. That no portfolio was found does not mean that there is none. ``certify`` keeps
    some of the time to prove how much the list lacks at most, which leaves the list as it is.

    Raises:
        ValueError: an unknown algorithm, or more objectives than it can handle.
    """
    share = search_share(stop) if certify else stop
    found = _Run(problem, algorithm, seed, share, on_progress, keep, start).run()
    return certified(problem, found, stop, on_progress, keep) if certify else found


class _Run:
    def __init__(
        self,
        problem: Problem,
        algorithm: str,
        seed: int,
        stop: Stop,
        on_progress: Callable[[Progress], None] | None,
        keep: Keep | None,
        start: Known | None,
    ) -> None:
        self.problem, self.stop, self.on_progress, self.keep, self.start = problem, stop, on_progress, keep, start
        self.name, self.seed = algorithm, seed
        self.began = time.perf_counter()
        self.found = Found(Unproved(problem))
        if start is not None:
            self.found.X, self.found.Y, self.found.arrays = list(start.X), list(start.Y), start.arrays
        self.task: Task | None = None
        self.stale = 0

    def run(self) -> Found:
        try:
            stopped_by = self._loop()
        except KeyboardInterrupt:
            stopped_by = "interrupt"
        return self._so_far(stopped_by)

    def _loop(self) -> str:
        if reason := self.stop(self._progress("relaxations")):
            return reason
        try:
            completion = Completion(self.problem)
        except ValueError:
            return "nothing found"
        if not len(completion.free):
            return self._only(completion)
        known = relaxations(
            completion, np.random.default_rng([self.seed, 1]), lambda: self.stop(self._progress("relaxations"))
        ) or blind(completion)
        self.task = task = Task(completion, known.ideal, known.span)
        method = set_up(self.name, task, known, self.seed)
        earlier = 0
        if self.start is not None and "decisions" in self.start.arrays:
            self.stale = restore(method, task, self.start.arrays)
            task.archive.add(self.start.X, self.start.Y)
            earlier = task.evaluations
        while True:
            points, evaluated = task.archive.Y, task.evaluations
            method.next()
            if method.off is None or task.evaluations == evaluated:
                return "no more children"
            self.stale = self.stale + 1 if task.archive.Y is points else 0
            self.found.arrays = take(method, task, self.stale)
            self.found.solves = task.evaluations - earlier
            progress = self._progress(f"generation {method.n_iter - 1}")
            if self.on_progress:
                self.on_progress(progress)
            if self.keep:
                self.keep(lambda: self._so_far("not finished"))
            if reason := self.stop(progress):
                return reason
            if self.stale >= STALE:
                return f"nothing new in {STALE} generations"

    def _only(self, completion: Completion) -> str:
        """The rows leave no decision open: evaluate the one portfolio that is left."""
        X, Y, broken = completion.decided(np.zeros((1, 0), dtype=bool))
        self.found.X, self.found.Y = list(X[broken == 0]), list(Y[broken == 0])
        self.found.solves = 1
        return "only one portfolio is left"

    def _so_far(self, stopped_by: str) -> Found:
        found = self.found
        X, Y = found.X, found.Y
        if self.task is not None:
            X, Y = list(self.task.archive.X), list(self.task.archive.Y)
        seconds = time.perf_counter() - self.began
        return replace(found, X=X, Y=Y, seconds=seconds, stopped_by=stopped_by)

    def _progress(self, phase: str) -> Progress:
        points = len(self.task.archive) if self.task is not None else 0
        return Progress(time.perf_counter() - self.began, points, self.found.solves, math.inf, 1, phase)
