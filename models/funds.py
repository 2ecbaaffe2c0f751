"""Funds: who may pay, when, and which groups of spending the money within their reach bounds."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from instances.region import Region
from instances.schema import Budget, Project

__all__ = ["Cell", "Demand", "Funds"]

Cell = tuple[str, int]
"""The money of a fund in a period."""

Group = frozenset[Cell]


@dataclass(frozen=True, order=True)
class Demand:
    """The spending in a period of all projects that exactly these funds may pay for."""

    period: int
    payers: tuple[str, ...]


@dataclass(frozen=True)
class Funds:
    """The table ``budgets`` by fund and period; a period without a row has no money and carries nothing over."""

    names: tuple[str, ...]
    periods: int
    rows: Mapping[Cell, Budget]

    @classmethod
    def of(cls, region: Region) -> Funds:
        names = tuple(dict.fromkeys(row.fund for row in region.budgets))
        return cls(names, region.periods, {(row.fund, row.period): row for row in region.budgets})

    @cached_property
    def _categories(self) -> dict[str, frozenset[str]]:
        return {fund: frozenset(row.categories) for (fund, _), row in self.rows.items()}

    def payers(self, project: Project) -> tuple[str, ...]:
        """Funds that may pay for the project: those for all categories and those for one of its own."""
        own = set(project.category)
        return tuple(fund for fund in self.names if not self._categories[fund] or self._categories[fund] & own)

    def run(self, fund: str, period: int) -> range:
        """Periods whose money the fund can spend in ``period``: that period and those that carry over up to it."""
        first = period
        while (row := self.rows.get((fund, first - 1))) and row.carry_over:
            first -= 1
        return range(first, period + 1)

    def reach(self, demand: Demand) -> Group:
        """All the money that could pay for the demand."""
        return frozenset((fund, t) for fund in demand.payers for t in self.run(fund, demand.period))

    def amount(self, cells: Iterable[Cell]) -> Fraction:
        """Money in the cells together."""
        return sum((Fraction(self.rows[cell].amount) for cell in cells if cell in self.rows), Fraction(0))

    def groups(self, demands: Collection[Demand], most: int) -> list[Group] | None:
        """Groups of money that bound the demands within them, none the sum of two others; ``None`` if over ``most``.

        Unions of the reaches of demands, as far as they hang together: a group that falls apart says nothing that its
        parts do not say.
        """
        reaches = list(dict.fromkeys(self.reach(demand) for demand in sorted(demands)))
        found = dict.fromkeys(reaches)
        waiting = list(reaches)
        for group in waiting:
            for reach in reaches:
                union = group | reach
                if group & reach and union not in found:
                    found[union] = None
                    waiting.append(union)
            if len(found) > most:
                return None
        return sorted(found, key=lambda group: (max(t for _, t in group), len(group), self._places(group)))

    def _places(self, group: Group) -> list[tuple[int, int]]:
        return sorted((self.names.index(fund), period) for fund, period in group)

    def words(self, group: Group) -> str:
        """``county,through 3`` or ``county,through 3 + town,in 2``; only the fund's name in a region of one period."""
        pieces = []
        for fund in self.names:
            periods = sorted(t for name, t in group if name == fund)
            ends = [t for t in periods if t + 1 not in periods or len(self.run(fund, t + 1)) == 1]
            pieces += [fund if self.periods == 1 else f"{fund},{self._span(fund, end)}" for end in ends]
        return " + ".join(pieces)

    def _span(self, fund: str, end: int) -> str:
        first = self.run(fund, end).start
        if first == end:
            return f"in {end}"
        return f"through {end}" if first == 1 else f"{first} through {end}"
