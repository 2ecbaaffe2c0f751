"""Dives: portfolios near the solutions of linear relaxations, by propagation and without a solver.

The decisions are made one after the other as the relaxation has them, the surest first, and each is dropped where the
rows no longer allow it (:mod:`optimizer.engines.propagation`). That takes milliseconds, ends with a portfolio nearly
always, and asks nobody; what a relaxation leaves open is settled in one of three ways in turn, so that many solutions
show many portfolios (rounding with propagation: Achterberg 2007, "Constraint Integer Programming", section 9.1).
"""

from __future__ import annotations

import math
import time
from threading import Thread

import numpy as np

from models.problem import Floats, Ints, Problem
from optimizer.engines.completion import Completion

__all__ = ["Dives"]

WAYS = 3
"""What a relaxation leaves open is settled by its own shares, by reduced costs, or by these among all that fits."""
LIKELY = 0.3
"""What a relaxation has less of than this is not chosen, as long as its own words count."""
USED = 1e-6
"""More of a column than this in a relaxation is some of it."""


class Dives:
    """Finds portfolios of ``problem``, as soon as its rows are read, which goes on in the background: compiling what
    propagates them takes seconds where that was never done before.

    >>> dives = Dives(Problem.from_arrays([[3, 4, 2], [5, 1, 4]], [[2, 3, 2]], [4]))
    >>> dives.wait()
    >>> [(x.tolist(), y.tolist()) for x, y in dives.near(np.array([[1.0, 0.0, 1.0]]), np.zeros((1, 3)), 0.0)]
    [([1.0, 0.0, 1.0], [-5, -9])]
    """

    def __init__(self, problem: Problem) -> None:
        self._made = 0
        self._seconds = 0.0
        self._completion: Completion | None = None
        self._reader = Thread(target=self._read, args=(problem,), daemon=True)
        self._reader.start()

    @property
    def ready(self) -> bool:
        """Are the rows read?"""
        return not self._reader.is_alive()

    def wait(self) -> None:
        """Wait until the rows are read."""
        self._reader.join()

    def _read(self, problem: Problem) -> None:
        try:
            completion = Completion(problem)
        except ValueError:  # the rows contradict each other, which others will prove
            return
        nothing = np.zeros((1, len(completion.free)), dtype=np.bool_)
        completion.repaired(np.arange(nothing.size)[None], nothing)
        self._completion = completion

    def near(self, X: Floats, costs: Floats, seconds: float = math.inf) -> list[tuple[Floats, Ints]]:
        """Portfolios ``(n,)`` with their points ``(p,)`` near the relaxed solutions ``X`` ``(k, n)``; none before the
        rows are read.

        ``costs`` ``(k, n)`` are their reduced costs: the less, the better to choose. Each is settled in one way, and in
        up to :data:`WAYS` if that takes no more than so many ``seconds``, by what it took so far.
        """
        if self._completion is None or not len(X):
            return []
        began = time.perf_counter()
        ways = int(np.clip(seconds / max(len(X) * self._seconds, 1e-9), 1, WAYS))
        free = self._completion.free
        share, loss = np.repeat(X[:, free], ways, axis=0), np.repeat(costs[:, free], ways, axis=0)
        loss = loss / np.maximum(np.abs(loss).max(axis=1, initial=0.0, keepdims=True), 1e-12)
        way = (self._made + np.arange(len(share)))[:, None] % WAYS
        self._made += len(share)
        sure = np.where(way == 0, share, np.where(share > USED, share + 1 - loss, -loss))
        wish = np.where(way == 0, share > LIKELY, np.where(way == 1, share > USED, True))
        made = self._completion.repaired(np.argsort(-sure, axis=1, kind="stable"), wish)
        self._seconds = (time.perf_counter() - began) / len(share)
        return [(made.X[i], made.Y[i]) for i in np.flatnonzero(made.broken == 0)]
