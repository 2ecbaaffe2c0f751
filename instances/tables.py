"""A sheet's cells become rows of a table; what cannot is told, cell by cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from instances.cells import Unusable, choices, convert, is_empty, kind_of, shown
from instances.faults import Fault, did_you_mean, listing
from instances.schema import TABLES, Row
from instances.sheets import Sheet

__all__ = ["Table", "explain", "meaning", "parse"]


@dataclass(frozen=True)
class Table:
    """Rows that are right with their numbers, and the cells of those that are not (they still name things)."""

    place: str
    rows: tuple[Row, ...] = ()
    numbers: tuple[int, ...] = ()
    wrong: tuple[Mapping[str, str], ...] = ()
    faults: tuple[Fault, ...] = ()
    unread: bool = False


def parse(name: str, sheet: Sheet) -> Table:
    """Validate every cell of a sheet against the columns of table ``name``; all faults are found at once."""
    row_type = TABLES[name]
    faults = list(_header_faults(name, sheet))
    columns: dict[int, str] = {}
    for position, column in enumerate(sheet.header):
        if column in row_type.model_fields and column not in columns.values():
            columns[position] = column
    lacking = {c for c, f in row_type.model_fields.items() if f.is_required()} - set(columns.values())
    reader = _RowReader(row_type, sheet, columns, lacking)
    rows: list[Row] = []
    numbers: list[int] = []
    wrong: list[Mapping[str, str]] = []
    for number, cells in sheet.rows:
        row, found = reader.read(number, cells)
        faults += found
        if row is None:
            wrong.append({column: shown(cells[p]) for p, column in columns.items() if p < len(cells)})
        else:
            rows.append(row)
            numbers.append(number)
    unread = bool(lacking & set(row_type.KEY))
    return Table(sheet.place, tuple(rows), tuple(numbers), tuple(wrong), tuple(faults), unread)


def meaning(column: str, field: FieldInfo) -> str:
    """What a column means and its unit, as it ends a message."""
    extra = field.json_schema_extra
    unit = extra.get("unit") if isinstance(extra, dict) else ""
    text = field.description or column
    return f"{text} ({unit})" if unit else text


def _cause(field: FieldInfo) -> str:
    extra = field.json_schema_extra
    return str(extra.get("cause") or "") if isinstance(extra, dict) else ""


def _header_faults(name: str, sheet: Sheet) -> Iterator[Fault]:
    fields = TABLES[name].model_fields
    missing = [column for column, field in fields.items() if field.is_required() and column not in sheet.header]
    free = [column for column in fields if column not in sheet.header]
    for column in sheet.header:
        if column and column not in fields:
            near = did_you_mean(column, free)
            meant = [c for c in missing if near == f"did you mean {c}?"]
            missing = [c for c in missing if c not in meant]
            own = f"a column of one's own: put it into note; the columns of {name} are {listing(list(fields), 20)}"
            rule = f"is not a column of {name}"
            yield Fault(sheet.place, sheet.header_row, column, column, rule, near if near.startswith("did") else own)
    for column, times in Counter(sheet.header).items():
        if column in fields and times > 1:
            rule = f"the column stands in the header {times} times"
            yield Fault(sheet.place, sheet.header_row, column, None, rule, "a column copied twice: delete one of them")
    for column in missing:
        rule = f"the column is missing; {meaning(column, fields[column])}"
        yield Fault(sheet.place, sheet.header_row, column, None, rule, "it was left out, or headed by another word")


class _RowReader:
    def __init__(self, row_type: type[Row], sheet: Sheet, columns: Mapping[int, str], lacking: set[str]) -> None:
        self.row_type, self.sheet, self.columns, self.lacking = row_type, sheet, columns, lacking
        self.fields = row_type.model_fields
        self.kinds = {column: kind_of(self.fields[column]) for column in columns.values()}
        self.nameless = [position for position, column in enumerate(sheet.header) if not column]
        self.mark = ""
        self.mark_row = 0

    def read(self, number: int, cells: Sequence[object]) -> tuple[Row | None, list[Fault]]:
        faults = list(self._stray_cells(number, cells))
        values: dict[str, Any] = {}
        failed = set(self.lacking)
        for position, column in self.columns.items():
            cell = cells[position] if position < len(cells) else None
            field = self.fields[column]
            if is_empty(cell):
                if field.is_required():
                    failed.add(column)
                    rule = f"has no default here; {meaning(column, field)}"
                    cause = _cause(field) or "the figure is not known yet, or the row is not finished"
                    faults.append(Fault(self.sheet.place, number, column, "", rule, cause))
                continue
            try:
                values[column] = convert(cell, self.kinds[column], comma=self.sheet.decimal_comma)
                if self.sheet.decimal_comma and self.kinds[column] in ("number", "whole"):
                    self._one_decimal_mark(number, str(cell))
            except Unusable as error:
                failed.add(column)
                rule = f"{error.rule}; {meaning(column, field)}"
                cause = error.cause or _cause(field) or "a slip of the keyboard"
                faults.append(Fault(self.sheet.place, number, column, error.value, rule, cause))
        try:
            row = self.row_type.model_validate(values)
        except ValidationError as error:
            for problem in error.errors(include_url=False):
                column = str(problem["loc"][0])
                if column not in failed:
                    field = self.fields[column]
                    value, rule, cause = explain(problem, field)
                    rule = f"{rule}; {meaning(column, field)}"
                    faults.append(Fault(self.sheet.place, number, column, value, rule, cause))
            faults.sort(key=lambda fault: self.sheet.header.index(fault.column) if fault.column else -1)
            return None, faults
        return (None if faults else row), faults

    def _stray_cells(self, number: int, cells: Sequence[object]) -> Iterator[Fault]:
        width = len(self.sheet.header)
        if stray := [cell for cell in cells[width:] if not is_empty(cell)]:
            rule = f"the row has {len(cells)} cells, but the header has {width}"
            cause = "a separator inside a cell: put the cell in quotes; or a decimal comma: write 1.5"
            yield Fault(self.sheet.place, number, None, shown(stray[0]), f"is one cell too many: {rule}", cause)
        for position in self.nameless:
            cell = cells[position] if position < len(cells) else None
            if not is_empty(cell):
                rule = "stands under an empty header"
                yield Fault(self.sheet.place, number, None, shown(cell), rule, "free text goes into the column note")

    def _one_decimal_mark(self, number: int, text: str) -> None:
        """A file is written with decimal commas or with decimal points; both together hide thousands separators."""
        mark = "," if "," in text else "." if "." in text else ""
        if not mark:
            return
        if not self.mark:
            self.mark, self.mark_row = mark, number
        elif mark != self.mark:
            names = {",": "a decimal comma", ".": "a decimal point"}
            raise Unusable(
                text,
                f"has {names[mark]}, but row {self.mark_row} has {names[self.mark]}",
                "a thousands separator, or figures from two sources: use one mark in the whole file",
            )


def explain(problem: Mapping[str, Any], field: FieldInfo) -> tuple[str, str, str]:
    """Value, rule and likely cause of one of pydantic's findings, in words."""
    context = problem.get("ctx") or {}
    value = shown(problem["input"])
    cause = _cause(field)
    match problem["type"]:
        case "greater_than_equal":
            return value, f"is below {context['ge']}", cause or "a minus sign too many, or two columns exchanged"
        case "greater_than":
            return value, f"is not above {context['gt']}", cause or "a minus sign too many, or two figures exchanged"
        case "less_than_equal":
            if context["le"] == 1 and not cause:
                cause = "a percentage: 60 % is written 0.6"
            return value, f"is above {context['le']}", cause or "a slip of the keyboard, or two columns exchanged"
        case "literal_error":
            near = did_you_mean(value, choices(field))
            words = cause or f"allowed are {listing(choices(field), 10)}"
            return value, "is not allowed", f"{near} {words}" if near.startswith("did") else words
        case "string_too_short" | "missing":
            return "", "has no default here", cause or "it was left out"
        case "string_too_long":
            rule = f"is longer than {context['max_length']} characters"
            return value, rule, "a description in place of a short name: it goes into name or note"
        case "string_pattern_mismatch":
            return value, "contains |, a tab or a line break", "several names in a column that takes one"
        case "decimal_max_digits" | "decimal_whole_digits":
            return value, f"has more than {context.get('max_digits', 18)} digits", "a figure that was never rounded"
        case "finite_number":
            return value, "is not a finite number", "a figure that is not known yet: enter an estimate"
    return value, f"is not right: {problem['msg']}", cause or "a value of another kind than the column takes"
