"""The sheets of a workbook, with the cells that the spreadsheet itself could not compute."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from python_calamine import CalamineError, SheetTypeEnum, load_workbook

from instances.cells import Broken, is_empty
from instances.faults import Fault
from instances.sheets import Sheet

__all__ = ["read_workbook"]

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_ERROR = "mend the formula; #REF! and #NAME? usually come from a deleted row or a renamed sheet"
_SUSPECT = re.compile(rb't="e"|<f[ />]')
_NEVER_COMPUTED = "a program wrote the formula: open the workbook in a spreadsheet program and save it once"


def read_workbook(path: Path) -> dict[str, Sheet] | Fault:
    """Every sheet that has content by name, or a fault if the file is no workbook."""
    try:
        broken = {name: dict(cells) for name, cells in _broken_cells(path)}
        with load_workbook(path) as book:
            names = [s.name for s in book.sheets_metadata if s.typ == SheetTypeEnum.WorkSheet]
            grids = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in names}
    except (CalamineError, zipfile.BadZipFile, ElementTree.ParseError, KeyError, OSError) as error:
        rule = f"the workbook cannot be opened ({error or type(error).__name__})"
        cause = "it has a password, is damaged or is another kind of file: save it again as .xlsx without a password"
        return Fault(path.name, None, None, None, rule, cause)
    return {name: sheet for name, grid in grids.items() if (sheet := _sheet(name, grid, broken.get(name, {})))}


def _sheet(name: str, grid: list[list[Any]], broken: Mapping[tuple[int, int], Broken]) -> Sheet | None:
    for (row, column), cell in broken.items():
        while len(grid) <= row:
            grid.append([])
        grid[row] += [""] * (column + 1 - len(grid[row]))
        grid[row][column] = cell
    filled = [(number, cells) for number, cells in enumerate(grid, 1) if not all(is_empty(cell) for cell in cells)]
    if not filled:
        return None
    header_row, header = filled[0]
    return Sheet(f"sheet {name}", [_heading(cell) for cell in header], filled[1:], header_row)


def _heading(cell: object) -> str:
    return cell.text if isinstance(cell, Broken) else str(cell).strip()


def _broken_cells(path: Path) -> Iterator[tuple[str, Iterator[tuple[tuple[int, int], Broken]]]]:
    """Cells with an error or a formula without a result: calamine shows both as empty cells."""
    with zipfile.ZipFile(path) as archive:
        targets = {
            relation.get("Id"): relation.get("Target", "")
            for relation in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
        }
        for sheet in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter():
            target = targets.get(sheet.get(_RELATION), "")
            if sheet.tag.endswith("}sheet") and target:
                data = archive.read(posixpath.join("xl", target).lstrip("/"))
                if _SUSPECT.search(data):
                    yield sheet.get("name", ""), _broken_in(data)


def _broken_in(data: bytes) -> Iterator[tuple[tuple[int, int], Broken]]:
    for cell in ElementTree.fromstring(data).iter():
        if not cell.tag.endswith("}c"):
            continue
        parts = {part.tag.rpartition("}")[2]: part.text or "" for part in cell}
        if cell.get("t") == "e":
            text = parts.get("v", "#ERROR")
            yield _position(cell.get("r", "A1")), Broken(text, "is an error of the spreadsheet", _ERROR)
        elif "f" in parts and not parts.get("v") and cell.get("t") != "str":
            yield _position(cell.get("r", "A1")), Broken(f"={parts['f']}", "has no result", _NEVER_COMPUTED)


def _position(reference: str) -> tuple[int, int]:
    """Row and column of a reference, from 0.

    >>> _position("AB3")
    (2, 27)
    """
    found = re.fullmatch(r"([A-Z]+)([0-9]+)", reference)
    if found is None:
        raise KeyError(f"cell {reference}")
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]) - 1, column - 1
