"""What a column means, in words: for comments of headers and lines of the template."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from instances.cells import choices, kind_of, shown
from instances.schema import Row
from instances.tables import meaning

__all__ = ["explanation", "offered", "words_of"]


def explanation(row_type: type[Row], column: str) -> str:
    """What a column means, its unit, what it allows and what an empty cell stands for.

    >>> from instances.schema import Load
    >>> print(explanation(Load, "load"))
    load: load; what a project removes is negative (tonnes a year)
    required
    """
    field = row_type.model_fields[column]
    lines = [f"{column}: {meaning(column, field)}"]
    if words := offered(row_type, column):
        lines.append(f"one of {' / '.join(words)}")
    if field.is_required():
        lines.append("required")
    elif field.default not in ("", None, ()):
        lines.append(f"empty: {shown(field.default)}")
    return "\n".join(lines)


def offered(row_type: type[Row], column: str) -> tuple[str, ...]:
    """The words to choose from, if a column does not take any other."""
    field = row_type.model_fields[column]
    return ("yes", "no") if kind_of(field) == "yes_no" else choices(field)


def words_of(row: Mapping[str, Any]) -> str:
    """A row as column = value.

    >>> words_of({"id": "road", "capital_cost": 900})
    'id = road, capital_cost = 900'
    """
    return ", ".join(f"{column} = {shown(value)}" for column, value in row.items())
