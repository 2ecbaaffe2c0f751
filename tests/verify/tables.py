"""Regions as a person would jot them down: tables as text, one row a line, ``-`` for an empty cell."""

from __future__ import annotations

from typing import Any

from instances.region import Region
from instances.schema import TABLES, Row
from instances.settings import Goal, Policy, Settings

ANYTHING = {"nothing": Goal(maximize={"nothing": 1})}


def rows(table: str, text: str) -> tuple[Row, ...]:
    """The rows of ``table`` under the header in the first line."""
    header, *lines = (line.split() for line in text.strip().splitlines())
    return tuple(
        TABLES[table](**{column: cell for column, cell in zip(header, line, strict=True) if cell != "-"})
        for line in lines
    )


def town(
    *,
    periods: int = 1,
    policy: dict[str, Any] | None = None,
    objectives: dict[str, Goal] | None = None,
    **tables: str,
) -> Region:
    """A region of these tables."""
    settings = Settings(
        name="jotted", periods=periods, policy=Policy(**(policy or {})), objectives=objectives or ANYTHING
    )
    return Region(settings, **{table: rows(table, text) for table, text in tables.items()})


def chosen(plan: str) -> dict[str, int]:
    """``"road park:2"`` to ``{"road": 1, "park": 2}``."""
    pairs = (name.partition(":") for name in plan.split())
    return {project: int(start or 1) for project, _, start in pairs}
