"""What the rules across tables look at: a region as far as it could be read, and where everything stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from instances.cells import shown
from instances.faults import Fault
from instances.head import Head
from instances.region import Region
from instances.schema import SEPARATOR, TABLES
from instances.tables import Table

__all__ = ["Facts"]


@dataclass(frozen=True)
class Facts:
    """A region and the places of its rows.

    ``wrong`` holds the cells of rows with faults: their names count, so that one slip is not reported many times.
    ``incomplete`` names the tables and settings with faults; ``unread`` the tables whose names are not even known.
    """

    region: Region
    head: Head
    places: Mapping[str, str] = field(default_factory=dict)
    numbers: Mapping[str, Sequence[int]] = field(default_factory=dict)
    wrong: Mapping[str, Sequence[Mapping[str, str]]] = field(default_factory=dict)
    incomplete: frozenset[str] = frozenset()
    unread: frozenset[str] = frozenset()

    @classmethod
    def of(cls, region: Region) -> Facts:
        """A region that was read from nowhere: rows are counted as in a sheet with a header."""
        return cls(region, Head(region.settings))

    @classmethod
    def found(cls, head: Head, tables: Mapping[str, Table]) -> Facts:
        """What was read, right or wrong."""
        rows: dict[str, Any] = {"projects": (), **{name: table.rows for name, table in tables.items()}}
        return cls(
            region=Region(head.settings, **rows),
            head=head,
            places={name: table.place for name, table in tables.items()},
            numbers={name: table.numbers for name, table in tables.items()},
            wrong={name: table.wrong for name, table in tables.items()},
            incomplete=head.wrong | {name for name, table in tables.items() if table.faults},
            unread=frozenset(name for name, table in tables.items() if table.unread),
        )

    def whole(self, *parts: str) -> bool:
        """Whether these tables and settings were read without faults."""
        return self.incomplete.isdisjoint(parts)

    def row(self, table: str, position: int) -> int:
        """The row that a person sees for the row at ``position`` of a table."""
        numbers = self.numbers.get(table)
        return numbers[position] if numbers else position + 2

    def fault(
        self, table: str, position: int | None, column: str | None, value: object, rule: str, cause: str
    ) -> Fault:
        """A fault in a row of a table."""
        row = None if position is None else self.row(table, position)
        text = None if value is None else shown(value)
        return Fault(self.places.get(table, f"table {table}"), row, column, text, rule, cause)

    def head_fault(self, key: str | None, value: str | None, rule: str, cause: str) -> Fault:
        """A fault in the settings."""
        return Fault(self.head.place, self.head.row(key) if key else None, key, value, rule, cause)

    def named(self, table: str, column: str) -> dict[str, None]:
        """All names in a column, those of rows with faults included, in order."""
        names: dict[str, None] = {}
        for row in getattr(self.region, table):
            value = getattr(row, column)
            names.update(dict.fromkeys(value if isinstance(value, tuple) else (value,)))
        for cells in self.wrong.get(table, ()):
            names.update((name, None) for part in cells.get(column, "").split(SEPARATOR) if (name := part.strip()))
        return names

    def absent(self, table: str) -> bool:
        """Whether a table has no rows at all, not even wrong ones."""
        return not getattr(self.region, table) and not self.wrong.get(table) and table not in self.unread

    def key(self, table: str) -> dict[str, None]:
        """The names that other tables may refer to."""
        return self.named(table, TABLES[table].KEY[0])
