"""Clash: which conditions contradict each other, and how far the goals among them can get."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction

import numpy as np

from models.problem import Objective, Problem
from optimizer.decide.live import NEARLY, Answer, Clock, Live
from optimizer.decide.navigate.answer import Clash, Possible
from optimizer.decide.navigate.wishes import Condition, part_of

__all__ = ["find_clash"]

ANY = 1e15
"""A gap that every portfolio meets: only whether there is one is asked."""
Kept = Callable[[Sequence[Condition]], bool]


def find_clash(problem: Problem, conditions: Sequence[Condition], kept: Kept, clock: Clock) -> Clash:
    """The conditions, of which no portfolio keeps all, without those that do not matter.

    One condition after the other is left out; if still no portfolio keeps the rest, it stays out (deletion filter:
    Chinneck & Dravnieks, "Locating minimal infeasible constraint sets in linear programs", ORSA Journal on Computing 3,
    1991). ``kept`` says whether a known portfolio keeps some conditions. What could not be settled in the time stays
    in, and then the conditions are not called the smallest.
    """
    core, smallest = list(conditions), True
    for condition in conditions:
        rest = [c for c in core if c is not condition]
        if kept(rest):
            continue
        answer = Live(part_of(problem, rest), clock).least(np.ones(len(problem.objectives)), gap=ANY)
        if answer.none:
            core = rest
        elif answer.x is None:
            smallest = False
    possible = tuple(_possible(problem, c, [o for o in core if o is not c], clock) for c in core if c.kind == "reached")
    return Clash(tuple(core), smallest, possible)


def _possible(problem: Problem, condition: Condition, others: Sequence[Condition], clock: Clock) -> Possible:
    k = [objective.name for objective in problem.objectives].index(condition.name)
    alone = np.where(np.arange(len(problem.objectives)) == k, 1.0, 0.0)
    answer = Live(part_of(problem, others), clock).least(alone)
    objective, wanted = problem.objectives[k], condition.value
    assert wanted is not None
    value = None if answer.y is None else _own(objective, int(answer.y[k]))
    return Possible(condition.name, wanted, value, value if answer.proved else _limit(objective, answer))


def _limit(objective: Objective, answer: Answer) -> Fraction | None:
    """The best whole count of quanta that the dual bound leaves."""
    if not math.isfinite(answer.bound):
        return None
    return _own(objective, math.ceil(answer.bound - NEARLY - 1e-9 * abs(answer.bound)))


def _own(objective: Objective, count: int) -> Fraction:
    return objective.value(-count if objective.sense == "max" else count)
