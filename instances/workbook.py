"""A region as one workbook that explains itself: meanings and units as comments of the headers."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xlsxwriter

from instances.cells import SPREADSHEET_DIGITS, plain, shown
from instances.explain import explanation, offered
from instances.head import dotted
from instances.schema import TABLES
from instances.write import columns_in_use, settings_of

if TYPE_CHECKING:
    from instances.region import Region

__all__ = ["new_workbook", "write_head", "write_table", "write_text", "write_workbook"]

#: Fixed, so that the same region gives the same bytes.
CREATED = datetime.datetime(2000, 1, 1)
WIDEST, NARROWEST = 60, 9
#: Rows below the last that offer the allowed words of a column too.
SPARE_ROWS = 500


def write_workbook(region: Region, path: Path) -> None:
    """Write the settings and every table of ``region``, one sheet each."""
    with new_workbook(path) as book:
        write_head(book, [(key, value, "") for key, value in _keys((), settings_of(region))])
        for name, rows in region.tables.items():
            write_table(book, name, columns_in_use(TABLES[name], rows), [row.model_dump() for row in rows])


@contextmanager
def new_workbook(path: Path) -> Iterator[Any]:
    """A workbook in which text stays text: no formulas, no links, no numbers made of digits in a text."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(str(path), options)
    book.set_properties({"created": CREATED, "title": "", "author": ""})
    try:
        yield book
    finally:
        book.close()


def write_head(book: Any, keys: Sequence[tuple[str, object, str]]) -> None:
    """The sheet ``region``: key, value and what the key means."""
    sheet = book.add_worksheet("region")
    _header(book, sheet, ["key", "value", "meaning"] if any(text for _, _, text in keys) else ["key", "value"])
    for row, (key, value, text) in enumerate(keys, 1):
        _cell(sheet, row, 0, key)
        _cell(sheet, row, 1, value)
        _cell(sheet, row, 2, text)
    _widths(sheet, [[key, shown(value), text] for key, value, text in keys])


def write_text(book: Any, name: str, lines: Sequence[str]) -> None:
    """A sheet of plain lines, for people only."""
    sheet = book.add_worksheet(name)
    for row, line in enumerate(lines):
        _cell(sheet, row, 0, line)
    sheet.set_column(0, 0, WIDEST * 2)


def write_table(
    book: Any, name: str, columns: Sequence[str], rows: Sequence[dict[str, Any]], comment: str = ""
) -> None:
    """A sheet with a frozen header, a filter and a comment on each column: meaning, unit, default, choices."""
    sheet = book.add_worksheet(name)
    _header(book, sheet, columns)
    row_type = TABLES[name]
    for position, column in enumerate(columns):
        text = explanation(row_type, column)
        if position == 0:
            text = f"{name}: {row_type.TITLE}\n\n{text}{comment}"
        if words := offered(row_type, column):
            below = {"validate": "list", "source": list(words), "error_type": "warning"}
            sheet.data_validation(1, position, len(rows) + SPARE_ROWS, position, below)
        sheet.write_comment(0, position, text, {"x_scale": 2, "y_scale": 1 + text.count("\n") / 4})
    for number, row in enumerate(rows, 1):
        for position, column in enumerate(columns):
            _cell(sheet, number, position, row[column])
    sheet.autofilter(0, 0, len(rows), len(columns) - 1)
    _widths(sheet, [list(columns), *([shown(row[column]) for column in columns] for row in rows)])


def _keys(path: tuple[str, ...], section: dict[str, Any]) -> Iterator[tuple[str, object]]:
    for name, value in section.items():
        if isinstance(value, dict):
            yield from _keys((*path, name), value)
        else:
            yield dotted((*path, name)), value


def _header(book: Any, sheet: Any, columns: Sequence[str]) -> None:
    bold = book.add_format({"bold": True, "bottom": 1})
    sheet.write_row(0, 0, columns, bold)
    sheet.freeze_panes(1, 1)


def _cell(sheet: Any, row: int, column: int, value: object) -> None:
    if value is None or value == "":
        return
    if isinstance(value, (Decimal, int)) and not isinstance(value, bool):
        exact = _exact(Decimal(value))
        code = sheet.write_string(row, column, plain(Decimal(value))) if exact is None else 0
        code = sheet.write_number(row, column, exact) if exact is not None else code
    else:
        code = sheet.write_string(row, column, value if isinstance(value, str) else shown(value))
    if code == -2:
        raise ValueError(
            f"sheet {sheet.name} row {row + 1}: a text of {len(str(value))} characters; a cell of a workbook holds "
            "32767. Shorten it, or write a folder: it has no limit"
        )
    if code:
        raise ValueError(
            f"sheet {sheet.name} row {row + 1}: a sheet holds 1048576 rows. Write a folder: it has no limit"
        )


def _exact(number: Decimal) -> float | None:
    """The float that a spreadsheet shows as exactly this number, if there is one; else it is written as text."""
    if len(number.normalize().as_tuple().digits) > SPREADSHEET_DIGITS:
        return None
    value = float(number)
    return value if Decimal(repr(float(f"{value:.16G}"))) == number else None


def _widths(sheet: Any, rows: Sequence[Sequence[str]]) -> None:
    for position in range(max(len(row) for row in rows)):
        longest = max(_width(row[position]) for row in rows if position < len(row))
        sheet.set_column(position, position, min(max(longest + 2, NARROWEST), WIDEST))


def _width(text: str) -> int:
    """Columns that a text takes; Chinese characters take two."""
    return sum(2 if ord(letter) >= 0x1100 else 1 for letter in text)
