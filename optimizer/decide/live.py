"""Live: questions to a problem that are solved when they are asked; every answer says what was proved."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from models.problem import Floats, Ints, Problem
from optimizer.engines.highs import Highs
from optimizer.engines.query import Gate, Outcome, Query, Verdict

__all__ = ["NEARLY", "NO_TIME", "Answer", "Clock", "Live"]

NO_TIME = "no time left"

NEARLY = 1e-6
"""Dual bounds may be wrong by this much and by a share of 1e-9."""


class Clock:
    """What is left of ``seconds`` since this was made; nothing, once ``interrupted()`` is true."""

    def __init__(self, seconds: float = math.inf, interrupted: Callable[[], bool] | None = None) -> None:
        self._end = time.perf_counter() + seconds
        self.interrupted = interrupted

    @property
    def left(self) -> float:
        if self.interrupted is not None and self.interrupted():
            return 0.0
        return max(0.0, self._end - time.perf_counter())

    def part(self, seconds: float) -> Clock:
        """A clock for a part of the work: at most ``seconds`` and never more than is left of this one."""
        return Clock(min(self.left, seconds), self.interrupted)


@dataclass(frozen=True, eq=False)
class Answer:
    """A feasible portfolio ``x`` ``(n,)`` with its objectives ``y`` ``(p,)`` in minimised quanta, ``None`` if none.

    ``proved``: it is what was asked for, or there is none. ``bound``: nothing feasible has a lesser value.
    """

    x: Floats | None = None
    y: Ints | None = None
    proved: bool = False
    bound: float = -math.inf
    why: str = ""

    @property
    def none(self) -> bool:
        """Is it proved that no portfolio satisfies what was asked?"""
        return self.proved and self.x is None


class Live:
    """Questions about one problem, all to be answered while ``clock`` runs.

    >>> knapsack = Problem.from_arrays([[3, 4, 2], [5, 1, 4]], [[2, 3, 2]], [4])
    >>> live = Live(knapsack)
    >>> answer = live.efficient(np.array([-4, -1]))
    >>> answer.y.tolist(), answer.proved
    ([-5, -9], True)
    """

    def __init__(self, problem: Problem, clock: Clock | None = None, gate: Gate | None = None) -> None:
        self.problem = problem
        self.clock = clock or Clock()
        self._gate = gate or Highs(problem, interrupted=self.clock.interrupted)
        self.solves = 0

    def least(
        self,
        weights: Floats,
        caps: Floats | Ints | None = None,
        start: Floats | None = None,
        gap: float = 0.0,
        *,
        lean: bool = False,
    ) -> Answer:
        """A portfolio with the least ``weights · y`` among those with ``y <= caps`` ``(p,)``; ``weights`` ``(p,)`` > 0.

        With ``gap`` one that is at most that much above the least is ``proved`` enough. ``start`` is a known portfolio
        within the caps; ``lean``: it is known to be good, so that the proof is what takes time.
        """
        room = np.full(len(weights), np.inf) if caps is None else np.asarray(caps, dtype=np.float64)
        return self.ask(Query(weights, room, start=start, gap=gap, lean=lean))

    def efficient(self, caps: Ints, start: Floats | None = None) -> Answer:
        """An efficient portfolio with ``y <= caps`` ``(p,)``, found by the least sum of quanta (Benson 1978).

        If it is ``proved``, no feasible portfolio dominates it; ``none``: no portfolio satisfies the caps.
        """
        return self.least(np.ones(len(caps)), caps, start)

    def ask(self, query: Query) -> Answer:
        """The answer to ``query``, within what is left of the clock.

        With whole weights and no gap it is ``proved`` if the dual bound is less than one quantum below the value.
        """
        left = min(self.clock.left, query.seconds)
        if left <= 0:
            return Answer(why=NO_TIME)
        self.solves += 1
        return _judged(query, self._gate.minimize(replace(query, seconds=left)))


def _judged(query: Query, outcome: Outcome) -> Answer:
    if outcome.verdict is Verdict.INFEASIBLE:
        return Answer(proved=True, bound=math.inf)
    if outcome.x is None or outcome.y is None:
        return Answer(bound=outcome.bound, why=outcome.why)
    proved = outcome.verdict is Verdict.OPTIMAL
    if query.gap == 0 and query.ranges is None and np.array_equal(query.weights, np.rint(query.weights)):
        value = query.value(outcome.y)
        proved = value - outcome.bound < 1 - NEARLY - 1e-9 * abs(value)
    return Answer(outcome.x, outcome.y, proved, outcome.bound, outcome.why)
