"""The price of a stable list: the best sequence of portfolios in which a project, once in, stays in.

``max Σ_s value(x_s)`` over portfolios ``x_s`` of all steps ``s`` at once, with ``built_s(j) <= built_t(j)`` for every
project where step ``t`` follows step ``s``: one whole-number model, against the sum of what each step reaches alone. It
is the incremental knapsack of Hartline & Sharp (2006, "An incremental model for combinatorial maximization problems")
for any rules: the best portfolios of the steps are in general not nested, and taking the best addition step by step is
in general not the best sequence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import inf
from typing import Any

import numpy as np
import scipy.sparse as sp

from models.amend import Wish, built, with_rows
from models.linear import LARGEST, common_quantum
from models.problem import Floats, Objective, Problem
from optimizer.decide.live import Clock, Live
from optimizer.exact import decimals, exact_text, figure

__all__ = ["Stable", "stable_list"]

Weights = Mapping[str, Fraction]
"""Objective to what a unit of it counts; more is better for what is maximised, less for what is minimised."""


@dataclass(frozen=True)
class Stable:
    """The best nested sequence for ``weights``, step by step, beside what each step reaches by itself.

    ``values`` and ``free`` are what the objectives come to under the weights, gains positive. ``proved``: no nested
    sequence is better in sum and no portfolio of a step is better than its ``free``. Otherwise ``price_at_most`` and
    ``price_at_least`` enclose what the best nested sequence costs.
    """

    weights: Weights
    plans: tuple[Mapping[str, int], ...]
    values: tuple[Fraction, ...]
    free: tuple[Fraction, ...]
    proved: bool
    price_at_most: Fraction | None
    price_at_least: Fraction

    @property
    def name(self) -> str:
        """``growth``, or ``2 growth + 1 livability``."""
        if list(self.weights.values()) == [1]:
            return next(iter(self.weights))
        return " + ".join(f"{exact_text(weight)} {name}" for name, weight in self.weights.items())

    @property
    def price(self) -> Fraction:
        """What the list gives up over all steps for being stable; exact if ``proved``."""
        return sum(self.free, Fraction(0)) - sum(self.values, Fraction(0))

    def in_words(self) -> str:
        """The price in one sentence."""
        places = decimals([*self.values, *self.free])
        total = sum(self.free, Fraction(0))
        head = "A list that only grows"
        if self.proved:
            of_all = f" of {figure(abs(total), places)}" if total else ""
            return f"{head} costs {figure(self.price, places)}{of_all} ({self.name}, all steps added up); proved."
        most = "" if self.price_at_most is None else f" and at most {figure(self.price_at_most, places)}"
        least = figure(self.price_at_least, places)
        return f"{head} costs at least {least}{most} ({self.name}, all steps added up); not proved closer."

    def to_dict(self) -> dict[str, Any]:
        return {
            "weights": {name: exact_text(weight) for name, weight in self.weights.items()},
            "sequence": [
                {"portfolio": dict(plan), "value": float(value), "free": float(free)}
                for plan, value, free in zip(self.plans, self.values, self.free, strict=True)
            ],
            "price": float(self.price),
            "proved": self.proved,
            "price_at_least": float(self.price_at_least),
            "price_at_most": None if self.price_at_most is None else float(self.price_at_most),
        }


def stable_list(
    problems: Sequence[Problem], follows: Sequence[tuple[int, int]], weights: Weights, clock: Clock | None = None
) -> Stable | None:
    """The best portfolios of all ``problems`` with each project of ``s`` in ``t``, for each ``(s, t)`` of ``follows``.

    ``None`` if there is no such sequence, or none was found in time. Raises ``ValueError`` if figures are too far
    apart.

    >>> small = Problem.from_arrays([[5, 4, 3]], [[3, 2, 2]], [3])
    >>> large = Problem.from_arrays([[5, 4, 3]], [[3, 2, 2]], [4])
    >>> found = stable_list([small, large], [(0, 1)], {"f1": Fraction(1)})
    >>> found.proved, [sorted(plan) for plan in found.plans], int(found.price)
    (True, [['P2'], ['P2', 'P3']], 1)
    """
    clock = clock or Clock()
    alone = [_best([problem], [], weights, clock) for problem in problems]
    together = _best(problems, follows, weights, clock)
    if together is None or any(one is None for one in alone):
        return None
    singles = [one for one in alone if one is not None]
    free = tuple(one.values[0] for one in singles)
    total, best = sum(together.values, Fraction(0)), sum(free, Fraction(0))
    bounds = [one.at_most for one in singles]
    return Stable(
        weights,
        together.plans,
        together.values,
        free,
        together.proved and all(one.proved for one in singles),
        None if None in bounds else sum((bound for bound in bounds if bound is not None), -total),
        Fraction(0) if together.at_most is None else max(Fraction(0), best - together.at_most),
    )


@dataclass(frozen=True)
class _Best:
    plans: tuple[dict[str, int], ...]
    values: tuple[Fraction, ...]
    at_most: Fraction | None
    proved: bool


def _best(
    problems: Sequence[Problem], follows: Sequence[tuple[int, int]], weights: Weights, clock: Clock
) -> _Best | None:
    gains = [_gains(problem, weights) for problem in problems]
    constant = sum((_constant(problem, weights) for problem in problems), Fraction(0))
    quantum = common_quantum(amount for step in gains for amount in step) or Fraction(1)
    counts = [[int(amount / quantum) for amount in step] for step in gains]
    if sum(abs(count) for step in counts for count in step) >= LARGEST:
        raise ValueError("the weighted objectives span more than 2^53 of their common step; give simpler weights")
    joint = _joint(problems, follows, counts)
    answer = Live(joint, clock).least(np.ones(1))
    if answer.x is None:
        return None
    at_most = constant - quantum * Fraction(answer.bound) if answer.bound > -inf else None
    values, plans, first = [], [], 0
    for problem, step in zip(problems, counts, strict=True):
        x = answer.x[first : first + len(step)]
        first += len(step)
        values.append(_constant(problem, weights) + quantum * _total(problem, step, x))
        plans.append({d.project: d.period for d in problem.decisions if x[d.column] > 0.5})
    found = sum(values, Fraction(0))
    if answer.proved or (at_most is not None and at_most < found):
        at_most = found
    return _Best(tuple(plans), tuple(values), at_most, answer.proved)


def _gains(problem: Problem, weights: Weights) -> list[Fraction]:
    """What each column adds to the weighted objectives, gains positive."""
    total = [Fraction(0)] * len(problem.columns)
    for objective, row in zip(problem.objectives, problem.C, strict=True):
        step = weights.get(objective.name, Fraction(0)) * objective.quantum * (1 if objective.sense == "max" else -1)
        for j in np.flatnonzero(row) if step else ():
            total[j] += step * int(row[j])
    return total


def _constant(problem: Problem, weights: Weights) -> Fraction:
    return sum(
        (weights.get(o.name, Fraction(0)) * o.offset * (1 if o.sense == "max" else -1) for o in problem.objectives),
        Fraction(0),
    )


def _total(problem: Problem, counts: Sequence[int], x: Floats) -> int:
    return sum(count * round(float(x[j])) for j, count in enumerate(counts) if count)


def _joint(problems: Sequence[Problem], follows: Sequence[tuple[int, int]], counts: Sequence[Sequence[int]]) -> Problem:
    """All problems side by side, with a row for each project that has to stay in."""
    first = np.cumsum([0, *(len(problem.columns) for problem in problems)])
    joint = Problem(
        name="steps",
        objectives=(Objective("sum", "min"),),
        C=np.array([[-count for step in counts for count in step]], dtype=np.int64),
        A=sp.csr_array(sp.block_diag([problem.A for problem in problems])),
        row_lower=np.concatenate([problem.row_lower for problem in problems]),
        row_upper=np.concatenate([problem.row_upper for problem in problems]),
        lower=np.concatenate([problem.lower for problem in problems]),
        upper=np.concatenate([problem.upper for problem in problems]),
        integer=np.concatenate([problem.integer for problem in problems]),
        rows=tuple(f"{s}: {row}" for s, problem in enumerate(problems) for row in problem.rows),
        columns=tuple(f"{s}: {column}" for s, problem in enumerate(problems) for column in problem.columns),
        decisions=tuple(
            replace(d, project=f"{s}: {d.project}", column=int(first[s]) + d.column)
            for s, problem in enumerate(problems)
            for d in problem.decisions
        ),
    )
    rows = []
    for s, t in follows:
        for project in dict.fromkeys(decision.project for decision in problems[s].decisions):
            stays = {int(first[t]) + j: 1.0 for j in built(problems[t], project)}
            stays |= {int(first[s]) + j: -1.0 for j in built(problems[s], project)}
            rows.append(Wish(f"wish[{project} stays]", stays, 0.0))
    return with_rows(joint, rows)
