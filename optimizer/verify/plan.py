"""Plan: is every start allowed, are locks kept, and what do the chosen projects count by themselves?"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from fractions import Fraction
from typing import Protocol

from instances.region import Region
from optimizer.verify.effects import effect_entries
from optimizer.verify.sums import Sums
from optimizer.verify.words import listed_periods

__all__ = ["Choice", "Counts", "Limits", "Plan", "Rules", "Use"]

Plan = Mapping[str, int]
"""Project id to start period, counted from 1. A project that is not in it is not built."""

Use = tuple[Fraction, Fraction]
"""What a plan uses of a limit, and the limit, in the unit of both."""


class Rules(Protocol):
    """The rules of a mechanism, prepared from the raw tables of a region."""

    def broken(self, plan: Plan) -> Iterator[str]:
        """A sentence for each rule that ``plan`` breaks."""
        ...


class Counts(Protocol):
    """The indicators of a mechanism, prepared from the raw tables of a region."""

    @property
    def names(self) -> frozenset[str]:
        """The indicators it adds to."""
        ...

    def indicators(self, plan: Plan) -> dict[str, Fraction]:
        """What ``plan`` adds to each of ``names``."""
        ...


class Limits(Protocol):
    """The limits of a mechanism that can be used up, prepared from the raw tables of a region."""

    def uses(self, plan: Plan) -> dict[str, Use]:
        """Limit to what ``plan`` uses of it; every plan has the same limits in the same order."""
        ...


class Choice:
    """The projects by themselves: starts and locks; effects, scores, costs and the count.

    ``capital_cost = Σ c``, ``public_cost = Σ c·q``, ``operating_cost = Σ o`` (a period), ``projects = Σ 1``; an effect
    adds what it is worth (:mod:`optimizer.verify.effects`), a score adds ``score - 1`` to its criterion.
    """

    def __init__(self, region: Region) -> None:
        self._locked_in = [p.id for p in region.projects if p.locked == "in"]
        self._locked_out = frozenset(p.id for p in region.projects if p.locked == "out")
        self._starts = {p.id: region.starts(p) for p in region.projects}
        entries: list[tuple[Hashable, str, Fraction]] = []
        for p in region.projects:
            capital = Fraction(p.capital_cost)
            entries += [
                (p.id, "capital_cost", capital),
                (p.id, "public_cost", capital * Fraction(p.public_share)),
                (p.id, "operating_cost", Fraction(p.operating_cost)),
                (p.id, "projects", Fraction(1)),
            ]
        entries += effect_entries(region)
        entries += [(s.project, s.criterion, Fraction(s.score - 1)) for s in region.scores]
        self._sums = Sums(entries)
        self.names = frozenset(name for _, name, _ in entries)

    def broken(self, plan: Plan) -> Iterator[str]:
        for project, start in plan.items():
            allowed = self._starts.get(project)
            if allowed is None:
                yield f"plan: {project} is not in the table projects"
            elif start not in allowed:
                may = f"in {listed_periods(allowed)}" if allowed else "in no period"
                yield f"plan: {project} starts in period {start}; it may start {may}"
            if project in self._locked_out:
                yield f"plan: {project} is locked out, but chosen"
        for project in self._locked_in:
            if project not in plan:
                yield f"plan: {project} is locked in, but not chosen"

    def indicators(self, plan: Plan) -> dict[str, Fraction]:
        return self._sums.total((*plan, *plan.items()))
