"""Rules that hold for all tables alike: names are given once, and what is named exists."""

from __future__ import annotations

from collections.abc import Iterator

from instances.cells import shown
from instances.facts import Facts
from instances.faults import Fault, did_you_mean
from instances.schema import TABLES

__all__ = ["dangling_references", "duplicate_keys", "no_projects"]

#: Tables that others may name without their being there: towns are only needed by rules about towns.
OPTIONAL = frozenset({"towns"})
JOIN = " + "


def duplicate_keys(facts: Facts) -> Iterator[Fault]:
    """The key columns of a table name a row once."""
    for table, row_type in TABLES.items():
        first: dict[tuple[object, ...], int] = {}
        for position, row in enumerate(getattr(facts.region, table)):
            key = tuple(getattr(row, column) for column in row_type.KEY)
            if key in first:
                rule = f"stands in row {facts.row(table, first[key])} already; {' and '.join(row_type.KEY)} "
                rule += "names a row once" if len(key) == 1 else "together name a row once"
                cause = "a row copied twice: delete one, or give the second a name of its own"
                if len(key) > 1:
                    cause = "a row copied twice: delete one, or enter their sum in one row"
                columns, value = JOIN.join(row_type.KEY), JOIN.join(shown(part) for part in key)
                yield facts.fault(table, position, columns, value, rule, cause)
            first.setdefault(key, position)


def dangling_references(facts: Facts) -> Iterator[Fault]:
    """What a row names must stand in the table that lists it."""
    for table, row_type in TABLES.items():
        for column, target in row_type.REFERS.items():
            rows = getattr(facts.region, table)
            if not rows or target in facts.unread or (target in OPTIONAL and facts.absent(target)):
                continue
            if target != "projects" and facts.absent(target):
                rule = f"the table {target} is missing, which {table} refers to"
                cause = f"a file or sheet left out or misnamed: add {target}, or remove {table} to do without both"
                yield facts.fault(table, None, column, None, rule, cause)
                continue
            known = facts.key(target)
            for position, row in enumerate(rows):
                name = getattr(row, column)
                if name and name not in known:
                    cause = did_you_mean(name, known)
                    yield facts.fault(table, position, column, name, f"is not in the table {target}", cause)


def no_projects(facts: Facts) -> Iterator[Fault]:
    """There is something to choose from."""
    if facts.absent("projects"):
        place = facts.places.get("projects")
        rule = "there are no projects"
        cause = "the table projects is missing or empty: it is the only one that every region needs"
        yield Fault(place or "projects", None, None, None, rule, cause)
