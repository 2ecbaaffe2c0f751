"""Ledger: every rule and objective of a region as a sum of starts in the figures of its tables, for people to re-add.

The model turns rules into whole numbers and writes some with columns of its own. Here they are before that: exact, in
money, hectares, points. What depends on more than who starts when (a synergy, a threshold) is left as a column.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from instances.region import Region
from instances.settings import Goal
from models.draft import START, Draft
from models.linear import Exact, Key, Linear
from models.portfolio import draft_portfolio

__all__ = ["Entry", "Ledger", "ledger"]


@dataclass(frozen=True)
class Entry:
    """``lower <= linear <= upper``; ``None`` is no bound. ``block`` and ``name`` are those of the rule's row."""

    block: str
    name: str
    linear: Linear
    lower: Fraction | None
    upper: Fraction | None

    @property
    def starts(self) -> Mapping[tuple[str, int], Fraction]:
        """What each start (project, period) adds."""
        return {(str(key[1]), int(key[2])): figure for key, figure in self.linear.terms.items() if key[0] == START}

    @property
    def others(self) -> Mapping[Key, Fraction]:
        """What columns other than starts add."""
        return {key: figure for key, figure in self.linear.terms.items() if key[0] != START}


@dataclass(frozen=True)
class Ledger:
    """The rules, the objectives as sums in their own unit, and the columns in the order of the compiled problem."""

    rules: tuple[Entry, ...]
    objectives: Mapping[str, Linear]
    columns: tuple[Key, ...]


class _Book(Draft):
    """Keeps what each rule said; groups of funds stand for the ways to pay as long as they can be counted."""

    most_groups = 2000

    def __init__(self, region: Region, goals: Mapping[str, Goal]) -> None:
        self.entries: list[Entry] = []
        super().__init__(region, goals)

    def rule(
        self, block: str, name: str, linear: Linear, lower: Exact | None = None, upper: Exact | None = None
    ) -> None:
        if block != "define" and linear.terms:
            sides = [None if side is None else Fraction(side) for side in (lower, upper)]
            self.entries.append(Entry(block, name, linear, *sides))
        super().rule(block, name, linear, lower, upper)


def ledger(region: Region, objectives: Sequence[str] | None = None) -> Ledger:
    """The rules and objectives of ``region``.

    >>> from instances import read_region
    >>> found = ledger(read_region("hamlet"))
    >>> entry = found.rules[0]
    >>> entry.block, entry.name, entry.starts["road", 1], entry.upper
    ('budget', 'county', Fraction(3, 1), Fraction(14, 1))
    """
    book = draft_portfolio(region, objectives, draft=_Book)
    assert isinstance(book, _Book)
    sums = {
        name: Linear.sum(book.indicator(indicator) * weight for indicator, weight in goal.weights.items() if weight)
        for name, goal in book.goals.items()
    }
    return Ledger(tuple(book.entries), sums, tuple(book.columns))
