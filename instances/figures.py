"""Figures: a single number of a region by its address, to be read or changed.

An address is ``table/key/column``, the key's columns separated by commas (``budgets/county,1/amount``; parts of the key
that have a default may be left out: ``budgets/county/amount``), or ``policy/figure`` for those of ``region.toml``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from instances.cells import kind_of
from instances.faults import did_you_mean
from instances.region import Region
from instances.schema import TABLES, Row
from instances.settings import Policy
from instances.tables import explain, meaning

__all__ = ["Figure", "figures", "find_figure", "find_figures", "values", "with_figure", "with_figures"]

POLICY = "policy"
ALL = "*"
SELECTORS = ("category=", "town=", "district=", "setting=")


@dataclass(frozen=True)
class Figure:
    """Where a number stands: a column of the row of ``table`` with this ``key``, or a policy figure (no key)."""

    table: str
    key: tuple[str, ...]
    column: str

    def __str__(self) -> str:
        return "/".join([self.table, *([",".join(self.key)] if self.key else []), self.column])

    def value(self, region: Region) -> Decimal | None:
        """What stands there; ``None`` where nothing does. Raises ``KeyError`` if the row does not exist."""
        return values(region, [self])[0]

    @property
    def meaning(self) -> str:
        """What the column means, with its unit."""
        return meaning(self.column, _fields(self.table)[self.column])


def values(region: Region, found: Sequence[Figure]) -> list[Decimal | None]:
    """What stands at each figure; ``None`` where nothing does. Raises ``KeyError`` if a row does not exist."""
    holders = {table: _holders(region, table) for table in {figure.table for figure in found}}
    cells = [getattr(holders[figure.table][figure.key], figure.column) for figure in found]
    return [None if cell is None else Decimal(cell) for cell in cells]


def find_figure(region: Region, address: str) -> Figure:
    """The figure at ``address``.

    Raises ``ValueError`` that names the part which is wrong and what it may be.

    >>> from instances import read_region
    >>> hamlet = read_region("hamlet")
    >>> figure = find_figure(hamlet, "budgets/county/amount")
    >>> str(figure), figure.value(hamlet)
    ('budgets/county,1/amount', Decimal('14'))
    """
    table, _, rest = address.strip().partition("/")
    if table == POLICY:
        return Figure(POLICY, (), _column(POLICY, rest))
    if table not in TABLES:
        raise ValueError(f"{address}: no table is called {table}; {did_you_mean(table, [POLICY, *TABLES])}")
    key, _, column = rest.rpartition("/")
    row_type = TABLES[table]
    usual = [row_type.model_fields[name].default for name in row_type.KEY]
    needed = sum(row_type.model_fields[name].is_required() for name in row_type.KEY)
    if not rest.count("/"):
        raise ValueError(f"{address}: the row is missing; write {_form(table)}")
    keys = {}
    for row in getattr(region, table):
        whole = _key(row)
        for length in range(needed, len(whole) + 1):
            if whole[length:] == tuple(map(str, usual[length:])):
                keys[",".join(whole[:length])] = whole
    if key not in keys:
        near = did_you_mean(key, [",".join(_key(row)) for row in getattr(region, table)])
        raise ValueError(f"{address}: {table} has no row {key}, named by {', '.join(row_type.KEY)}; {near}")
    return Figure(table, keys[key], _column(table, column))


def find_figures(region: Region, address: str) -> tuple[Figure, ...]:
    """The figures at ``address``, where parts of the key may stand for several.

    ``*`` is every value of its column; ``category=…``, ``town=…``, ``district=…``, ``setting=…`` are projects, as in
    the members of relations. Raises ``ValueError`` as :func:`find_figure` does, or if there is no such figure.

    >>> from instances import read_region
    >>> [str(figure) for figure in find_figures(read_region("hamlet"), "projects/category=road/capital_cost")]
    ['projects/road/capital_cost']
    """
    table, _, rest = address.strip().partition("/")
    key, _, column = rest.rpartition("/")
    parts = [part.strip() for part in key.split(",")]
    if table not in TABLES or not any(part == ALL or part.startswith(SELECTORS) for part in parts):
        return (find_figure(region, address),)
    column = _column(table, column)
    row_type = TABLES[table]
    if len(parts) > len(row_type.KEY):
        raise ValueError(f"{address}: the row is named by {', '.join(row_type.KEY)}; write {_form(table)}")
    usual = [str(row_type.model_fields[name].default) for name in row_type.KEY]
    wanted = [frozenset(region.members((part,))) if part.startswith(SELECTORS) else part for part in parts]
    found = tuple(
        Figure(table, whole, column)
        for row in getattr(region, table)
        if all(map(_fits, whole := _key(row), [*wanted, *usual[len(parts) :]])) and getattr(row, column) is not None
    )
    if not found:
        raise ValueError(f"{address}: no row of {table} with a figure in {column} is meant by {key}")
    return found


def _fits(name: str, wanted: str | frozenset[str]) -> bool:
    return name in wanted if isinstance(wanted, frozenset) else wanted in (name, ALL)


def with_figure(region: Region, figure: Figure, value: Decimal) -> Region:
    """``region`` with ``value`` in the place of ``figure``.

    Raises ``ValueError`` if the column does not take it; rules across tables are not looked at.

    >>> from instances import read_region
    >>> hamlet = read_region("hamlet")
    >>> county = find_figure(hamlet, "budgets/county/amount")
    >>> county.value(with_figure(hamlet, county, Decimal(20)))
    Decimal('20')
    """
    return with_figures(region, {figure: value})


def with_figures(region: Region, changes: Mapping[Figure, Decimal]) -> Region:
    """``region`` with a value in the place of each figure; raises as :func:`with_figure`."""
    for table in dict.fromkeys(figure.table for figure in changes):
        holders, anew = _holders(region, table), dict[int, Any]()
        for figure, value in changes.items():
            if figure.table == table:
                holder = holders[figure.key]
                anew[id(holder)] = _changed(anew.get(id(holder), holder), figure, value)
        if table == POLICY:
            region = replace(region, settings=region.settings.model_copy(update={POLICY: anew.popitem()[1]}))
        else:
            rows: dict[str, Any] = {table: tuple(anew.get(id(row), row) for row in getattr(region, table))}
            region = replace(region, **rows)
    return region


def _changed(holder: Any, figure: Figure, value: Decimal) -> Any:
    whole = kind_of(_fields(figure.table)[figure.column]) == "whole"
    try:
        cells = {**holder.model_dump(), figure.column: int(value) if whole and value == int(value) else value}
        return type(holder).model_validate(cells)
    except ValidationError as error:
        _, rule, cause = explain(error.errors(include_url=False)[0], _fields(figure.table)[figure.column])
        raise ValueError(f"{figure}: {value} {rule}; {figure.meaning}. Likely cause: {cause}") from error


def _holders(region: Region, table: str) -> dict[tuple[str, ...], Any]:
    """What holds figures of ``table``, by key: its rows, or the policy."""
    return {(): region.settings.policy} if table == POLICY else {_key(row): row for row in getattr(region, table)}


def figures(region: Region, table: str) -> Iterator[Figure]:
    """Every figure of ``table`` (or ``policy``) that holds a number."""
    columns = _numbers(table)
    if table == POLICY:
        yield from (
            Figure(POLICY, (), column) for column in columns if getattr(region.settings.policy, column) is not None
        )
        return
    for row in getattr(region, table):
        yield from (Figure(table, _key(row), column) for column in columns if getattr(row, column) is not None)


def _key(row: Row) -> tuple[str, ...]:
    return tuple(str(getattr(row, column)) for column in row.KEY)


def _fields(table: str) -> dict[str, Any]:
    return (Policy if table == POLICY else TABLES[table]).model_fields


def _numbers(table: str) -> list[str]:
    key = () if table == POLICY else TABLES[table].KEY
    return [name for name, field in _fields(table).items() if name not in key and kind_of(field) in ("number", "whole")]


def _column(table: str, column: str) -> str:
    numbers = _numbers(table)
    if column not in numbers:
        raise ValueError(f"{table} has no figure {column or 'without a name'}; {did_you_mean(column, numbers)}")
    return column


def _form(table: str) -> str:
    return f"{table}/{','.join(name.upper() for name in TABLES[table].KEY)}/COLUMN"
