"""What changed in the input of two runs: rows by their key, cells, settings and policy figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from instances.region import Region
from instances.schema import TABLES, Row

__all__ = ["Change", "input_changes"]

WORDS = frozenset({"name", "title", "description", "provenance", "label", "compare", "period", "first_period"})
"""Settings and columns that only say something, or choose what is shown."""


@dataclass(frozen=True)
class Change:
    """One difference: a row that came or went, or a cell (``column``) that reads otherwise. ``key`` names the row.

    ``table`` is ``region`` for the settings; ``old`` and ``new`` are the cells as text, ``None`` where there is none.
    """

    table: str
    key: str
    what: str
    column: str = ""
    old: str | None = None
    new: str | None = None

    @property
    def bears(self) -> bool:
        """Whether it can change what portfolios there are and what they are worth; titles and remarks cannot."""
        last = self.key.rpartition(".")[2] if self.table == "region" else self.column
        return last not in WORDS

    def __str__(self) -> str:
        place = f"{self.table} {self.key}".strip()
        if self.what != "changed":
            return f"{place}: {self.what}"
        return f"{place}{f', {self.column}' if self.column else ''}: {_shown(self.old)} → {_shown(self.new)}"


def input_changes(old: Region, new: Region) -> tuple[Change, ...]:
    """All differences from ``old`` to ``new``, settings first, then table by table; notes are not input.

    >>> from dataclasses import replace
    >>> from instances import read_region
    >>> hamlet = read_region("hamlet")
    >>> later = replace(hamlet, projects=hamlet.projects[1:])
    >>> [str(change) for change in input_changes(hamlet, later)][0]
    'projects road: removed'
    """
    found = list(_settings_changes(old.settings, new.settings))
    for table in TABLES:
        found += _table_changes(table, getattr(old, table), getattr(new, table))
    return tuple(found)


def _settings_changes(old: BaseModel, new: BaseModel) -> Iterator[Change]:
    mine, theirs = dict(_leaves(old.model_dump())), dict(_leaves(new.model_dump()))
    for key in {**mine, **theirs}:
        before, after = mine.get(key), theirs.get(key)
        if before != after:
            yield Change("region", key, "changed", "", _text(before), _text(after))


def _leaves(section: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in section.items():
        if isinstance(value, dict):
            yield from _leaves(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def _table_changes(table: str, old: tuple[Row, ...], new: tuple[Row, ...]) -> Iterator[Change]:
    if old == new:
        return
    mine, theirs = _by_key(table, old), _by_key(table, new)
    columns = [column for column in TABLES[table].model_fields if column != "note"]
    for key in {**mine, **theirs}:
        name = ", ".join(key)
        if key not in theirs:
            yield Change(table, name, "removed")
        elif key not in mine:
            yield Change(table, name, "added")
        else:
            for column in columns:
                before, after = getattr(mine[key], column), getattr(theirs[key], column)
                if before != after:
                    yield Change(table, name, "changed", column, _text(before), _text(after))


def _by_key(table: str, rows: tuple[Row, ...]) -> dict[tuple[str, ...], Row]:
    key = TABLES[table].KEY
    return {tuple(str(getattr(row, column)) for column in key): row for row in rows}


def _text(value: Any) -> str | None:
    if value is None or value in ("", ()):
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _shown(text: str | None) -> str:
    return "nothing" if text is None else text if len(text) <= 40 else f"{text[:39]}…"
