"""Lifted: the smallest sets of rules without which some efficient portfolio contains a project.

If a set ``S`` of rules is lifted and an efficient portfolio then contains the project, this portfolio breaks some
rules ``V`` of ``S``, and lifting ``V`` alone is enough: fewer rivals are possible then. So every portfolio that is
found names a set that is enough, and sets are looked at from the smallest size on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from models.amend import built, without_rows
from models.problem import Ints, Problem
from optimizer.decide.explain.entry import AsItIs, Entry, cheapest_entry
from optimizer.decide.live import Clock
from optimizer.decide.rules import is_rule

__all__ = ["Lifted", "lifted"]

LARGEST = 2
"""Rules up to which all sets are tried."""


@dataclass(frozen=True)
class Lifted:
    """``sets``: each of these sets of rules, if it is lifted, lets the project into an efficient portfolio.

    ``proved``: they are all the smallest ones, or, where there are none, no lifting of rules does: rivals are better
    whatever is allowed. ``open`` says what was not settled.
    """

    sets: tuple[tuple[str, ...], ...] = ()
    proved: bool = False
    open: str = ""

    @property
    def rivals_alone(self) -> bool:
        """Is it proved that no rule keeps the project out?"""
        return self.proved and not self.sets


def lifted(
    problem: Problem, project: str, forbidden: Sequence[str], rivals: Ints, clock: Clock | None = None
) -> Lifted:
    """The smallest sets of rows of ``problem`` to be lifted for ``project``, which no efficient portfolio contains.

    ``forbidden`` are rules that hold by a bound of the project's columns; ``rivals`` are points ``(k, p)`` of known
    portfolios without the project.
    """
    return _Lifting(problem, project, tuple(forbidden), rivals, clock or Clock()).run()


@dataclass
class _Lifting:
    problem: Problem
    project: str
    forbidden: tuple[str, ...]
    rivals: Ints
    clock: Clock

    def run(self) -> Lifted:
        rules = [*self.forbidden, *dict.fromkeys(filter(is_rule, self.problem.rows))]
        everything = self._without(rules)
        if everything.steps is None:
            return Lifted(proved=everything.proved, open=everything.open)
        enough = self._broken(everything)
        order = [*enough, *(rule for rule in rules if rule not in enough)]
        open_sets = 0
        for size in range(1, LARGEST + 1):
            found = []
            for chosen in combinations(order, size):
                entry = self._without(chosen)
                if entry.steps is not None:
                    found.append(chosen)
                open_sets += entry.steps is None and not entry.proved
                if not self.clock.left:
                    return self._so_far(found, enough, "the time was up before all sets of rules were tried")
            if found:
                return self._so_far(found, enough, f"{open_sets} sets of rules were not settled" if open_sets else "")
        return self._so_far([], self._shrunk(enough), "larger sets of rules were not all tried")

    def _so_far(self, found: list[tuple[str, ...]], enough: tuple[str, ...], why: str) -> Lifted:
        return Lifted(tuple(found) or (enough,), not why, why)

    def _shrunk(self, rules: tuple[str, ...]) -> tuple[str, ...]:
        """Rules of which none can be left out, if the clock allows."""
        for rule in rules:
            fewer = tuple(other for other in rules if other != rule)
            entry = self._without(fewer)
            if entry.steps is not None:
                return self._shrunk(self._broken(entry))
        return rules

    def _without(self, rules: Sequence[str]) -> Entry:
        problem = without_rows(self.problem, set(rules))
        if self.forbidden and set(self.forbidden) <= set(rules):
            upper = problem.upper.copy()
            upper[list(built(problem, self.project))] = 1.0
            problem = replace(problem, upper=upper)
        return cheapest_entry(AsItIs(problem), self.project, self.rivals, self.clock)

    def _broken(self, entry: Entry) -> tuple[str, ...]:
        """The rules that a portfolio breaks."""
        return self.forbidden + entry_breaks(self.problem, entry)


def entry_breaks(problem: Problem, entry: Entry) -> tuple[str, ...]:
    """The rules among the rows of ``problem`` that the portfolio of ``entry`` breaks."""
    if entry.x is None:
        return ()
    activity = problem.A @ entry.x
    broken = (activity > problem.row_upper + 1e-6) | (activity < problem.row_lower - 1e-6)
    return tuple(dict.fromkeys(problem.rows[i] for i in np.flatnonzero(broken) if is_rule(problem.rows[i])))
