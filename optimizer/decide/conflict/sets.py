"""Smallest conflicts: the minimal sets of rules that no portfolio can keep together, all of them, smallest first.

A set of rules that cannot be kept together is a conflict; it is minimal if it can be kept once any one of its rules is
given up. What is left out of a set that *can* be kept is a correction: every conflict contains one of its rules. Hence
a least set of rules that meets all known corrections and contains no known conflict is either the next smallest minimal
conflict, or can be kept and gives a new correction, and when there is none, all minimal conflicts are known (Reiter
1987, "A theory of diagnosis from first principles"; the hitting sets are those of Ignatiev, Previti, Liffiton &
Marques-Silva 2015, "Smallest MUS extraction with minimal hitting set dualization", the enumeration from both sides is
MARCO's: Liffiton, Previti, Malik & Marques-Silva 2016, "Fast, flexible MUS enumeration"). Whether a set can be kept is
asked of the whole-number model: a relaxation would overlook conflicts.

Before that a deletion filter (Chinneck & Dravnieks 1991) finds one minimal conflict, so that there is one to show if
time runs out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

import numpy as np

from models.problem import Problem
from optimizer.decide.live import Clock, Live

__all__ = ["Kept", "Members", "Sets", "Undecided", "smallest_conflicts", "smallest_corrections"]

Members = frozenset[int]

Kept = Callable[[Members], Members | None]
"""A set of rules to a set that contains it and can be kept, ``None`` if none can; raises :class:`Undecided`."""


class Undecided(Exception):
    """A question stayed open, for want of time or because a solver failed."""


@dataclass
class Sets:
    """``conflicts`` are minimal, smallest first; ``corrections`` are rules of which at least one must be given up.

    ``complete``: there are no other minimal conflicts. ``all_up_to``: no other one has at most so many rules.
    ``rest`` is a conflict that may not be minimal, where nothing better was found; ``why`` is what stopped the search.
    """

    conflicts: list[Members] = field(default_factory=list)
    corrections: list[Members] = field(default_factory=list)
    complete: bool = False
    all_up_to: int = 0
    rest: Members | None = None
    why: str = ""


def smallest_conflicts(rules: int, kept: Kept, most: int, clock: Clock) -> Sets:
    """The ``most`` smallest minimal conflicts among the rules 0 to ``rules`` - 1; none if all can be kept together.

    Raises :class:`Undecided` if not even that could be settled.

    >>> def kept(asked):  # 0 contradicts 1
    ...     return None if {0, 1} <= asked else frozenset({2, 3}) | asked
    >>> found = smallest_conflicts(4, kept, 9, Clock())
    >>> found.conflicts, found.complete
    ([frozenset({0, 1})], True)
    """
    everything = frozenset(range(rules))
    if kept(everything) is not None:
        return Sets(complete=True, all_up_to=rules)
    search = _Search(everything, kept, most, clock)
    try:
        search.run()
    except Undecided as error:
        search.sets.why = str(error)
    return search.result()


class _Search:
    def __init__(self, everything: Members, kept: Kept, most: int, clock: Clock) -> None:
        self.everything, self.kept, self.most, self.clock = everything, kept, most, clock
        self.sets = Sets(rest=everything)

    def run(self) -> None:
        """Raises :class:`Undecided` where it has to stop."""
        self._filter()
        sets = self.sets
        while sum(len(conflict) <= sets.all_up_to + 1 for conflict in sets.conflicts) < self.most:
            candidate = least_hitting_set(len(self.everything), sets.corrections, sets.conflicts, self.clock)
            if candidate is None:
                sets.complete, sets.all_up_to = True, len(self.everything)
                return
            sets.all_up_to = len(candidate) - 1
            answer = self.kept(candidate)
            if answer is None:
                sets.conflicts.append(candidate)
            else:
                self._correct(self._grown(answer))

    def result(self) -> Sets:
        sets = self.sets
        sets.conflicts.sort(key=lambda conflict: (len(conflict), sorted(conflict)))
        sets.complete = sets.complete and len(sets.conflicts) <= self.most
        del sets.conflicts[self.most :]
        return sets

    def _filter(self) -> None:
        """Give up one rule after the other, as long as the rest is a conflict still."""
        rest = self.everything
        for rule in sorted(self.everything, reverse=True):
            if rule in rest:
                answer = self.kept(rest - {rule})
                if answer is None:
                    self.sets.rest = rest = rest - {rule}
                else:
                    self._correct(answer)
        self.sets.conflicts.append(rest)
        self.sets.rest = None

    def _grown(self, kept: Members) -> Members:
        """``kept`` with further rules, until none can be added."""
        for rule in sorted(self.everything - kept):
            if rule not in kept and not any(conflict <= kept | {rule} for conflict in self.sets.conflicts):
                kept = self.kept(kept | {rule}) or kept
        return kept

    def _correct(self, kept: Members) -> None:
        correction = self.everything - kept
        if not any(other <= correction for other in self.sets.corrections):
            others = [other for other in self.sets.corrections if not correction <= other]
            self.sets.corrections = [*others, correction]


def least_hitting_set(rules: int, meet: Sequence[Members], avoid: Collection[Members], clock: Clock) -> Members | None:
    """A smallest set of 0 to ``rules`` - 1 that meets each of ``meet`` and contains none of ``avoid``; else ``None``.

    Raises :class:`Undecided` if that stayed open.
    """
    if any(not members for members in (*meet, *avoid)):
        return None
    rows = [*meet, *avoid]
    A = np.zeros((len(rows), rules))
    for i, members in enumerate(rows):
        A[i, list(members)] = 1
    lower = np.array([1.0 if i < len(meet) else -np.inf for i in range(len(rows))])
    upper = np.array([np.inf if i < len(meet) else len(rows[i]) - 1.0 for i in range(len(rows))])
    model = Problem.from_arrays([[1] * rules], A, upper, row_lower=lower, sense="min")
    answer = Live(model, clock).least(np.ones(1))
    if not answer.proved:
        raise Undecided(answer.why)
    return None if answer.x is None else frozenset(map(int, np.flatnonzero(answer.x > 0.5)))


def smallest_corrections(
    rules: int, kept: Kept, conflicts: Sequence[Members], most: int, clock: Clock
) -> tuple[list[Members], bool]:
    """Up to ``most`` smallest sets of rules without which the others can be kept; and whether that is all of them.

    A least set that meets all known conflicts is one, or what it leaves is a conflict again.

    >>> def kept(asked):
    ...     return None if {0, 1} <= asked or {1, 2} <= asked else asked
    >>> found, complete = smallest_corrections(3, kept, [frozenset({0, 1})], 9, Clock())
    >>> [sorted(members) for members in found], complete
    ([[1], [0, 2]], True)
    """
    everything, known, found = frozenset(range(rules)), list(conflicts), list[Members]()
    try:
        while len(found) < most:
            candidate = least_hitting_set(rules, known, found, clock)
            if candidate is None:
                return found, True
            if kept(everything - candidate) is not None:
                found.append(candidate)
            else:
                known.append(_filtered(everything - candidate, kept))
    except Undecided:
        pass
    return found, False


def _filtered(conflict: Members, kept: Kept) -> Members:
    """A minimal conflict within ``conflict``."""
    for rule in sorted(conflict, reverse=True):
        if kept(conflict - {rule}) is None:
            conflict = conflict - {rule}
    return conflict
