"""CSV files as people save them: with or without a byte order mark, separated by commas, semicolons or tabs."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator
from pathlib import Path

from instances.faults import Fault
from instances.sheets import Sheet

__all__ = ["read_csv", "read_text"]

COMMENT = "#"
SAVE_AS = "in Excel: File, Save As, CSV UTF-8 (Comma delimited)"
_EXCEL_HINT = re.compile(r'"?sep=(.)"?\s*')


def read_csv(path: Path, columns: Collection[str]) -> Sheet | Fault | None:
    """The cells of a file, a fault if it cannot be read, or nothing if it is empty.

    Lines that begin with ``#`` are comments. They count as rows, as blank lines do, so that row numbers are those of
    an editor or a spreadsheet; a row whose quoted cells contain line breaks is one row.
    """
    text = read_text(path)
    if isinstance(text, Fault):
        return text
    separator, skip = _separator(text, columns)
    lines = _Lines(text)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    header: list[str] = []
    header_row = 0
    rows: list[tuple[int, list[str]]] = []
    try:
        while (cells := lines.record(reader)) is not None:
            if lines.row <= skip or not any(cell.strip() for cell in cells):
                continue
            if not header:
                header, header_row = [cell.strip() for cell in cells], lines.row
            else:
                rows.append((lines.row, cells))
    except csv.Error as error:
        return Fault(
            path.name,
            lines.row,
            None,
            None,
            f"the quotation marks cannot be followed ({error})",
            'a quotation mark that is not closed, or one inside a cell: write it twice ("") and put the cell in quotes',
        )
    if not header:
        return None
    return Sheet(path.name, header, rows, header_row, decimal_comma=separator != ",")


def read_text(path: Path) -> str | Fault:
    """The text of a UTF-8 file, or a fault that names the encoding it is probably in."""
    data = path.read_bytes()
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _encoding_fault(path, 1, "UTF-16 (Excel's Unicode Text)")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _encoding_fault(path, data.count(b"\n", 0, error.start) + 1, _likely_encoding(data))


def _encoding_fault(path: Path, row: int, encoding: str) -> Fault:
    return Fault(path.name, row, None, None, "the file is not UTF-8", f"it was saved as {encoding}; {SAVE_AS}")


def _likely_encoding(data: bytes) -> str:
    """Chinese characters are pairs of high bytes in GBK; accented letters stand alone in Windows-1252."""
    runs = [len(run) for run in re.findall(rb"[\x80-\xff]+", data)]
    if sum(length > 1 for length in runs) * 2 > len(runs):
        try:
            data.decode("gb18030")
        except UnicodeDecodeError:
            return "an older encoding"
        return "GBK (Chinese Windows)"
    return "Windows-1252 (Western European)"


def _separator(text: str, columns: Collection[str]) -> tuple[str, int]:
    """The separator that finds most known columns in the header; and how many rows Excel's ``sep=;`` takes."""
    for line in io.StringIO(text):
        if hint := _EXCEL_HINT.fullmatch(line):
            return hint[1], 1
        if line.strip() and not line.startswith(COMMENT):
            parts = {mark: [cell.strip(' "\r\n') for cell in line.split(mark)] for mark in ",;\t"}
            return max(parts, key=lambda mark: (sum(c in columns for c in parts[mark]), len(parts[mark]))), 0
    return ",", 0


class _Lines:
    """Lines for ``csv.reader`` that knows which of them begin a row; comments are only looked for there."""

    def __init__(self, text: str) -> None:
        self._lines = iter(io.StringIO(text, newline=""))
        self._fresh = False
        self.row = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        while self._fresh and line.startswith(COMMENT):
            self.row += 1
            line = next(self._lines)
        if self._fresh:
            self.row += 1
        self._fresh = False
        return line

    def record(self, reader: Iterator[list[str]]) -> list[str] | None:
        self._fresh = True
        return next(reader, None)
