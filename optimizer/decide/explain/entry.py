"""Entry: the least number of steps of a change after which an efficient portfolio contains a project.

*Rivals* are the portfolios without the project. Some efficient portfolio contains it after ``s`` steps if and only if
there is a portfolio with it that no rival dominates which is possible by then: this one, or one with the project that
dominates it. The search keeps zones (:mod:`optimizer.engines.zones`) of one more dimension, the steps: a rival
``(y, s)`` shuts out whatever is no better and comes no earlier. Each zone is asked for a portfolio with the project
after the most steps that the zone allows. If there is none, this holds for fewer steps as well. If there is one, a
rival is asked for that dominates it. Either the rival splits the zone, or the portfolio enters and leaves only fewer
steps to be looked at; from then on the zones' steps are halved. Portfolios that tie with a rival are looked for last.

With a cheaper or better project the rivals stay as they are and need no step; with extra money they come with steps of
their own. Where more steps need not be better for the project, each number of them is looked at by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from models.amend import with_projects
from models.problem import Floats, Ints, Problem
from optimizer.decide.explain.supports import Separator, Supports
from optimizer.decide.live import Answer, Clock, Live
from optimizer.engines.finite import activity_bounds
from optimizer.engines.query import Query
from optimizer.engines.zones import Zones

__all__ = ["AsItIs", "Change", "Entry", "Plan", "cheapest_entry", "plan_of"]

SCANNED = 1000
"""Steps that are looked at one by one where more of them need not be better."""

Plan = Mapping[str, int]
"""Project to start period, counted from 1."""


class Change(Protocol):
    """A problem that changes step by step, its objectives always in the same quanta.

    Up to ``most`` steps, each of which leaves the portfolios in question possible and makes them no worse; ``doubt``
    says why not, where that is not sure. ``shared``: rivals become possible with it, too; if not, they never change.
    """

    @property
    def most(self) -> int: ...
    @property
    def shared(self) -> bool: ...
    @property
    def doubt(self) -> str: ...
    def problem(self, steps: int, /) -> Problem: ...


@dataclass(frozen=True, eq=False)
class AsItIs:
    """No change: a search then says whether there is an efficient portfolio of the kind in question at all."""

    unchanged: Problem
    most: int = 0
    shared: bool = False
    doubt: str = ""

    def problem(self, steps: int, /) -> Problem:
        return self.unchanged


@dataclass(frozen=True, eq=False)
class Entry:
    """After ``steps`` no rival dominates ``x`` ``(n,)`` at ``y`` ``(p,)``, as ``plan``; ``None``: one always does.

    ``proved``: fewer steps do not do, or none do. If it is not, ``open`` says why.
    """

    steps: int | None
    plan: Plan
    x: Floats | None
    y: Ints | None
    proved: bool
    open: str = ""

    @property
    def none(self) -> bool:
        """Is it proved that no number of steps does?"""
        return self.proved and self.steps is None


@dataclass
class _Tie:
    """A rival at ``y`` ``(p,)`` from ``since`` steps on; portfolios as good are looked for up to ``most`` steps."""

    y: Ints
    since: int
    most: int


def cheapest_entry(
    change: Change,
    project: str,
    rivals: Ints,
    clock: Clock | None = None,
    *,
    inside: bool = True,
    complete: bool = False,
    outside: bool = False,
) -> Entry:
    """The least number of steps after which some efficient portfolio contains ``project``.

    Args:
        rivals: points ``(k, p)`` of feasible portfolios without it, before the first step, in minimised quanta.
        inside: if not, an efficient portfolio *without* the project is looked for, and rivals are those with it.
        complete: ``rivals`` are the complete front before the first step.
        outside: it is proved that no efficient portfolio is of the kind in question before the first step.

    >>> from models.problem import Problem
    >>> knapsack = Problem.from_arrays([[3, 4, 2], [5, 1, 4]], [[2, 3, 2]], [4])
    >>> none = np.zeros((0, 2), dtype=np.int64)
    >>> cheapest_entry(AsItIs(knapsack), "P2", none).none, cheapest_entry(AsItIs(knapsack), "P1", none).plan
    (True, {'P1': 1, 'P3': 1})
    """
    sides = ("inside", "outside") if inside else ("outside", "inside")
    clock = clock or Clock()
    entry = _Search(change, project, rivals, clock, sides, complete or outside, outside).run()
    if entry.proved or entry.open != change.doubt or change.shared:
        return entry
    return _step_by_step(change, project, rivals, clock, sides, int(outside), entry)


def _step_by_step(
    change: Change, project: str, rivals: Ints, clock: Clock, sides: tuple[str, str], first: int, found: Entry
) -> Entry:
    """The least number of steps where more of them need not be better: each number below ``found`` is looked at."""
    last = change.most if found.steps is None else found.steps - 1
    for steps in range(first, last + 1):
        if steps - first == SCANNED or not clock.left:
            return found
        try:
            problem = change.problem(steps)
        except ValueError:
            return found
        entry = _Search(AsItIs(problem), project, rivals, clock, sides, complete=False, outside=False).run()
        if entry.steps is not None:
            return replace(entry, steps=steps)
        if not entry.proved:
            return found
    return replace(found, proved=True, open="")


def plan_of(problem: Problem, x: Floats) -> dict[str, int]:
    """Project to start period in the portfolio ``x`` ``(n,)``."""
    return {d.project: d.period for d in problem.decisions if x[d.column] > 0.5}


@dataclass
class _Search:
    change: Change
    project: str
    known: Ints
    clock: Clock
    sides: tuple[str, str]
    complete: bool
    outside: bool
    best: int = 0
    x: Floats | None = None
    y: Ints | None = None
    entered: bool = False
    halving: bool = False

    def run(self) -> Entry:
        try:
            self._prepare()
            self._look_everywhere()
        except ValueError as error:  # a figure that got too fine for exact sums
            return self._entry(str(error))
        why = "" if self.clock.left else "the time was up"
        still = len(self.zones) or self.zones.aside or self.ties or self.failed
        return self._entry(why or "a solve failed" if still else "")

    def _entry(self, why: str) -> Entry:
        why = why or self.change.doubt
        if self.entered and self.best == int(self.outside):
            why = ""  # fewer were looked at before
        if self.x is None:
            return Entry(None, {}, None, None, not why, why)
        plan = plan_of(self.change.problem(self.best), self.x)
        return Entry(self.best, plan, self.x, self.y, not why, why)

    def _prepare(self) -> None:
        change = self.change
        ends = [activity_bounds(problem.costs, problem) for problem in (change.problem(0), change.problem(change.most))]
        low, high = (np.array([end[side] for end in ends]) for side in (0, 1))
        self.floor, most = low.min(axis=0), high.max(axis=0)
        self.best = change.most + 1
        self.zones = Zones(np.append(most + 1, self.best), np.append(self.floor, 0))
        self.ranges: Floats = np.maximum(most - self.floor, 1).astype(np.float64)
        if len(self.known):
            self.ranges = np.maximum(np.ptp(self.known, axis=0), 1).astype(np.float64)
        self.zones.measure(np.append(self.ranges, float(self.best)))
        self.supports = Supports.none(len(most))
        self.rivals = np.hstack([self.known, np.zeros((len(self.known), 1), dtype=np.int64)])
        self.ties = [_Tie(y, 0, change.most) for y in self.known]
        self.failed = False
        self._live: dict[tuple[str, int], Live] = {}
        self._separators: dict[int, Separator] = {}
        if self.complete:
            self.zones.prove(np.append(most + 1, 1))

    def _look_everywhere(self) -> None:
        while self.clock.left:
            if len(self.zones):
                self._look(int(self.zones.gaps().argmax()))
            elif self.ties:
                self._tie(self.ties.pop())
            else:
                return

    @property
    def ours(self) -> str:
        return self.sides[0]

    @property
    def theirs(self) -> str:
        return self.sides[1]

    # zones and ties

    def _look(self, zone: int) -> None:
        u = self.zones.U[zone].copy()
        most = int(u[-1]) - 1
        caps = u[:-1] - 1
        if self._closed(caps, most):
            self.zones.prove(u)
            return
        wide = np.where(u[:-1] < self.zones.ceiling[:-1], caps, np.inf)
        if self._separated(wide, caps, most):
            return
        if self.halving:
            most = (int(self.zones.corner(u)[-1]) + most) // 2
        self.halving = self.halving and most < u[-1] - 1
        answer = self._ask(self.ours, most).least(np.ones(len(caps)), wide)
        if answer.none:
            self.zones.prove(np.append(u[:-1], most + 1))
        elif not self._settle(answer, most) or np.any(np.all(self.zones.U == u, axis=1)):
            self.zones.stall(u, self.zones.corner(u))
        else:
            self._drop()

    def _tie(self, tie: _Tie) -> None:
        """Look for a portfolio with the project that is as good as a rival, after fewer steps than the best so far."""
        beaten = self._beaten(tie.y, tie.most)
        tie.most = min(tie.most, self.best - 1, *((beaten - 1,) if beaten is not None else ()))
        first = max(tie.since, 1 if self.outside else 0)
        if tie.most < first or self._closed(tie.y, tie.most):
            return
        if self._separated(tie.y.astype(np.float64), tie.y, tie.most):
            return
        answer = self._ask(self.ours, tie.most).efficient(tie.y)
        if answer.none:
            return
        if self._settle(answer, tie.most) and (self.best <= tie.most or self._beaten(tie.y, tie.most) is not None):
            self.ties.append(tie)
        else:
            self.failed = True

    def _closed(self, caps: Ints, most: int) -> bool:
        return bool(self.supports.close(caps[None], np.array([most]))[0])

    def _separated(self, wide: Floats, caps: Ints, most: int) -> bool:
        """Try to show by weights that no portfolio with the project has ``y <= caps``; close all that this closes."""
        if most not in self._separators:
            self._separators = {most: Separator(self._part(self.ours, most), self.ranges)}
        weights = self._separators[most].weights(wide)
        if weights is None:
            return False
        self.supports.add(self._ask(self.ours, most), weights, most)
        self._drop()
        return self._closed(caps, most)

    def _drop(self) -> None:
        U = self.zones.U
        self.zones.drop(self.supports.close(U[:, :-1] - 1, U[:, -1] - 1))

    # portfolios

    def _settle(self, answer: Answer, steps: int) -> bool:
        """Let a portfolio with the project enter, or let the rival split the zone that shuts it out.

        ``False`` if neither could be settled.
        """
        if answer.x is None or answer.y is None:
            return False
        rival = self._beating(answer.y, steps)
        if rival is None:
            better = self._ask(self.theirs, steps).efficient(answer.y)
            if better.none or (better.proved and better.y is not None and np.array_equal(better.y, answer.y)):
                self._enter(answer, steps)
                return True
            if better.x is None or better.y is None or np.array_equal(better.y, answer.y):
                return False
            since = self._since(plan_of(self.change.problem(steps), better.x), steps)
            rival = np.append(better.y, since)
            self.rivals = np.vstack([self.rivals, rival])
            self.ties.append(_Tie(better.y, since, self.change.most))
        self.zones.add(rival)
        return True

    def _enter(self, answer: Answer, steps: int) -> None:
        self.best, self.x, self.y, self.entered = steps, answer.x, answer.y, True
        self.halving = True
        self.zones.add(np.append(self.floor, steps))

    def _beating(self, y: Ints, steps: int) -> Ints | None:
        """Of the known rivals that dominate ``y`` ``(p,)`` by then, the one that comes first, with its steps."""
        R = self.rivals
        rows = np.flatnonzero(np.all(R[:, :-1] <= y, axis=1) & np.any(R[:, :-1] < y, axis=1) & (R[:, -1] <= steps))
        if not len(rows):
            return None
        depth = np.min((y - R[rows, :-1]) / self.ranges, axis=1)
        first: Ints = R[rows[np.lexsort((-depth, R[rows, -1]))[0]]]
        return first

    def _beaten(self, y: Ints, steps: int) -> int | None:
        """The least steps after which a known rival dominates ``y``; ``None`` if none does up to ``steps``."""
        rival = self._beating(y, steps)
        return None if rival is None else int(rival[-1])

    def _since(self, plan: Plan, most: int) -> int:
        """The least steps after which a rival is possible."""
        if not self.change.shared or self._possible(plan, 0):
            return 0
        low, high = 0, most
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self._possible(plan, middle) else (middle, high)
        return high

    def _possible(self, plan: Plan, steps: int) -> bool:
        part = self._part(self.theirs, steps)
        fixed = np.full(len(part.columns), np.nan)
        for decision in part.decisions:
            fixed[decision.column] = float(plan.get(decision.project) == decision.period)
        p = len(part.objectives)
        return self._ask(self.theirs, steps).ask(Query(np.ones(p), np.full(p, np.inf), fixed=fixed)).x is not None

    def _part(self, side: str, steps: int) -> Problem:
        return with_projects(self.change.problem(steps), **{side: [self.project]})

    def _ask(self, side: str, steps: int) -> Live:
        key = (side, steps)
        if key not in self._live:
            if len(self._live) > 8:
                self._live.pop(next(iter(self._live)))
            self._live[key] = Live(self._part(side, steps), self.clock)
        return self._live[key]
