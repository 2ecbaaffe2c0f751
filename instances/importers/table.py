"""Any project list as a region of one period, by a mapping that says which column is what.

A mapping is a TOML file. ``[columns]`` and ``[objectives]`` must be there, all the rest may be left out::

    encoding = "cp1252"            # of the list; left out: UTF-8
    delimiter = ";"                # left out: a comma
    decimal = ","                  # left out: a point
    thousands = "."                # stands between thousands; left out: nothing does
    zero = ["-", "n/a", ""]        # what stands for 0 in a column of figures, blanks around it aside
    category_separator = ","       # where a cell names several categories

    [region]                       # the plain settings of region.toml
    name = "hamlet"
    provenance = "List of the county council, 2026"

    [columns]                      # column of our table projects = header in the list
    id = "Ref"
    name = "Project title"
    capital_cost = "Cost (EUR)"
    town = "Parish"                # makes the table towns
    category = "Department"

    [money]                        # one fund: an amount, or a share of what all projects cost
    unit = "EUR"
    fund = "council"
    budget = 500000                # or: budget_share = 0.3, rounded down to a hundredth

    [effects]                      # indicator = header in the list
    jobs = "Jobs created"
    trees = "Trees planted"

    [scale]                        # indicator = what its figures are multiplied by; left out: 1
    trees = 0.001

    [adopted]                      # what is in a plan adopted elsewhere
    column = "Council decision"
    values = ["approved"]

    [objectives.growth]            # objectives and policy as in region.toml
    label = "Growth"
    maximize = { jobs = 1 }

    [objectives.cost]
    minimize = { capital_cost = 1 }

Figures are read exactly and nothing is guessed: a cell that is no figure is a fault, with its row and column.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from decimal import ROUND_DOWN, Decimal
from pathlib import Path

from instances import head as heads
from instances.cells import kind_of
from instances.csv_sheets import read_text
from instances.faults import Fault, RegionError, did_you_mean
from instances.importers.figures import LONGEST, clean, figure
from instances.importers.mapping import Mapping, read_mapping
from instances.read import assemble
from instances.region import Region
from instances.schema import Budget, Effect, Project, Row, Town
from instances.sheets import Sheet
from instances.tables import Table, parse

__all__ = ["read_table"]

_Rows = list[tuple[int, dict[str, str]]]


def read_table(path: str | Path, mapping: str | Path) -> Region:
    r"""Read a project list (CSV) by a mapping (TOML, see the head of this module).

    Rows are counted as a spreadsheet shows them, the header being row 1. ``|`` in ids, towns and categories becomes
    ``/``; nothing else is changed.

    Raises:
        RegionError: with every fault of the mapping; if it has none, with every fault of the list.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "list.csv").write_text('Ref,Cost,Jobs\nmill,"1,200",30\nwell,90, - \n')
    ...     _ = Path(folder, "map.toml").write_text('thousands = ","\nzero = ["-"]\n'
    ...         'columns = {id = "Ref", capital_cost = "Cost"}\neffects = {jobs = "Jobs"}\nmoney = {budget = 1200}\n'
    ...         'objectives = {growth = {maximize = {jobs = 1}}, cost = {minimize = {capital_cost = 1}}}\n')
    ...     region = read_table(Path(folder, "list.csv"), Path(folder, "map.toml"))
    >>> [(p.id, int(p.capital_cost)) for p in region.projects], [(e.project, int(e.value)) for e in region.effects]
    ([('mill', 1200), ('well', 90)], [('mill', 30), ('well', 0)])
    """
    path, mapping_path = Path(path), Path(mapping)
    how = read_mapping(mapping_path)
    faults: list[Fault] = []
    rows = _rows(path, how, mapping_path.name, faults)
    data = {"name": clean(path.stem)[:LONGEST], **how.region, "objectives": how.objectives, "policy": how.policy}
    head = heads.from_mapping({"money": how.money.unit, **data}, mapping_path.name)
    projects = _projects(path.name, how, rows)
    derived: dict[str, list[Row]] = {
        "towns": list(_towns(how, rows)),
        "budgets": list(_budgets(how, projects)),
    }
    tables = {name: Table(f"{path.name}, {name}", tuple(found)) for name, found in derived.items() if found}
    if how.effects:
        tables["effects"] = _effects(path.name, how, rows, set(projects.numbers))
    try:
        return assemble(head, {"projects": projects, **tables}, tuple(faults))
    except RegionError as error:
        theirs = how.columns
        raise RegionError(
            replace(f, column=theirs.get(f.column or "", f.column)) if f.place == path.name else f for f in error.faults
        ) from None


def _rows(path: Path, how: Mapping, mapping_name: str, faults: list[Fault]) -> _Rows:
    """The rows of the list by header; those with too many or too few cells are faults.

    Raises:
        RegionError: if the text cannot be decoded or a column that the mapping names is not there.
    """
    records: list[tuple[int, list[str]]] = []
    reader = csv.reader(io.StringIO(_text(path, how, mapping_name), newline=""), delimiter=how.delimiter, strict=True)
    try:
        for row, cells in enumerate(reader, 1):
            if any(cell.strip() for cell in cells):
                records.append((row, [cell.strip() for cell in cells]))
    except csv.Error as error:
        last = records[-1][0] if records else 1
        rule = f"the quotation marks after this row cannot be followed ({error})"
        cause = 'one that is not closed, or one inside a cell: write it twice ("") and put the cell in quotes'
        raise RegionError([Fault(path.name, last, None, None, rule, cause)]) from None
    header_row, header = records[0] if records else (1, [])
    missing = [
        Fault(path.name, header_row, None, name, "is not a column of the list", did_you_mean(name, header))
        for name in how.headers
        if name not in header
    ]
    twice = [
        Fault(path.name, header_row, None, name, "heads several columns", "rename all of them but one")
        for name in how.headers
        if header.count(name) > 1
    ]
    if missing or twice:
        raise RegionError([*missing, *twice])
    rows: _Rows = []
    for row, cells in records[1:]:
        if len(cells) == len(header):
            rows.append((row, dict(zip(header, cells, strict=True))))
        else:
            rule = f"the row has {len(cells)} cells, but the header has {len(header)}"
            cause = f"a {how.delimiter} inside a cell: put the cell in quotes"
            faults.append(Fault(path.name, row, None, None, rule, cause))
    return rows


def _text(path: Path, how: Mapping, mapping_name: str) -> str:
    if not how.encoding:
        text = read_text(path)
        if isinstance(text, Fault):
            advice = f'{text.cause.partition(";")[0]}: write encoding = "cp1252" (or what it is) into {mapping_name}'
            raise RegionError([replace(text, cause=advice)])
        return text
    try:
        return path.read_bytes().decode(how.encoding)
    except LookupError:
        fault = Fault(
            mapping_name, None, "encoding", how.encoding, "is not an encoding", "there are utf-8, cp1252, gbk …"
        )
    except UnicodeDecodeError as error:
        rule = f"the file is not {how.encoding} ({error.reason} at byte {error.start})"
        fault = Fault(path.name, None, None, None, rule, f"another encoding than {mapping_name} says")
    raise RegionError([fault])


def _projects(place: str, how: Mapping, rows: _Rows) -> Table:
    """The rows as the rows of a sheet with our columns."""
    figures = {c for c in how.columns if kind_of(Project.model_fields[c]) in ("number", "whole")}
    ours = [*how.columns, *(["adopted"] if how.adopted else [])]
    found = []
    for row, cells in rows:
        values: dict[str, object] = {}
        for column, name in how.columns.items():
            values[column] = _plain(cells[name], how) if column in figures else cells[name]
        values["id"] = clean(cells[how.columns["id"]])
        if "town" in values:
            values["town"] = clean(str(values["town"]))
        if "category" in values:
            text, mark = str(values["category"]), how.category_separator
            values["category"] = tuple(filter(None, map(clean, text.split(mark) if mark else [text])))
        if how.adopted:
            values["adopted"] = str(int(cells[how.adopted.column] in how.adopted.values))
        found.append((row, [values[c] for c in ours]))
    return parse("projects", Sheet(place, ours, found, decimal_comma=how.decimal == ","))


def _effects(place: str, how: Mapping, rows: _Rows, sound: Collection[int]) -> Table:
    """An effect for every cell; those of rows whose project is not ``sound`` are only named."""
    effects: list[Effect] = []
    numbers: list[int] = []
    wrong: list[dict[str, str]] = []
    faults: list[Fault] = []
    for row, cells in rows:
        project = clean(cells[how.columns["id"]])
        for indicator, name in how.effects.items():
            scale = how.scale.get(indicator, Decimal(1))
            text = _plain(cells[name], how)
            value = figure(text, (place, row, name), faults, comma=how.decimal == ",", scale=scale)
            if value is None or row not in sound:
                wrong.append({"project": project, "indicator": indicator})
            else:
                effects.append(Effect(project=project, indicator=indicator, value=value))
                numbers.append(row)
    return Table(place, tuple(effects), tuple(numbers), tuple(wrong), tuple(faults))


def _towns(how: Mapping, rows: _Rows) -> Iterator[Town]:
    if name := how.columns.get("town"):
        for town in dict.fromkeys(clean(cells[name]) for _, cells in rows):
            if 0 < len(town) <= LONGEST:
                yield Town(id=town, name=town)


def _budgets(how: Mapping, projects: Table) -> Iterator[Budget]:
    amount = how.money.budget
    if how.money.budget_share is not None:
        asked = sum((row.capital_cost for row in projects.rows if isinstance(row, Project)), Decimal(0))
        amount = (asked * how.money.budget_share).quantize(Decimal("0.01"), ROUND_DOWN)
    if amount is not None:
        yield Budget(fund=how.money.fund, amount=amount)


def _plain(cell: str, how: Mapping) -> str:
    """A figure without its thousands separators, where they stand between thousands, and 0 for what stands for it."""
    if cell in how.zero:
        return "0"
    if how.thousands:
        mark, point = re.escape(how.thousands), re.escape(how.decimal)
        if re.fullmatch(rf"[+-]?[0-9]{{1,3}}({mark}[0-9]{{3}})+({point}[0-9]+)?", cell):
            return cell.replace(how.thousands, "")
    return cell
