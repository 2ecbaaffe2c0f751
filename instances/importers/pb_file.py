"""The ``.pb`` format: blocks META, PROJECTS and VOTES in one file separated by semicolons, with their line numbers."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from instances.csv_sheets import read_text
from instances.faults import Fault, RegionError
from instances.importers.figures import clean

__all__ = ["Block", "PbFile", "read_pb"]

BLOCKS = ("META", "PROJECTS", "VOTES")
_STRAY = "a semicolon inside a cell: put the cell in quotes"


@dataclass(frozen=True)
class Block:
    """A header and the rows that have a cell for each of its columns, with their line numbers."""

    header: tuple[str, ...] = ()
    header_row: int = 1
    rows: tuple[tuple[int, Mapping[str, str]], ...] = ()


@dataclass(frozen=True)
class PbFile:
    """What a file holds, stripped of blanks around cells, and the faults of its structure."""

    place: str
    meta: Mapping[str, str]
    lines: Mapping[str, int]  # of the keys of META
    projects: Block
    votes: Block | None
    faults: tuple[Fault, ...]

    def meta_list(self, key: str) -> list[str]:
        """A cell of META that holds several values, separated by commas."""
        return [part for raw in self.meta.get(key, "").split(",") if (part := clean(raw))]


def read_pb(path: Path) -> PbFile:
    """Read the blocks of a file.

    Raises:
        RegionError: if the text cannot be read, or META or PROJECTS is missing, so that there is nothing to go on with.
    """
    text = read_text(path)
    if isinstance(text, Fault):
        raise RegionError([text])
    found: dict[str, list[tuple[int, list[str]]]] = {}
    line = 0
    try:
        for line, cells in _records(text):
            title = cells[0].upper() if len(list(filter(None, cells))) == 1 else ""
            if title in BLOCKS and title not in found:
                found[title] = rows = []
            elif found:
                rows.append((line, cells))
    except csv.Error as error:
        rule = f"the quotation marks after this row cannot be followed ({error})"
        cause = 'one that is not closed, or one inside a cell: write it twice ("") and put the cell in quotes'
        raise RegionError([Fault(path.name, line, None, None, rule, cause)]) from error
    if missing := [Fault(path.name, None, None, None, *_missing(b, text)) for b in BLOCKS[:2] if not found.get(b)]:
        raise RegionError(missing)
    faults: list[Fault] = []
    meta: dict[str, str] = {}
    lines: dict[str, int] = {}
    for line, cells in found["META"][1:]:
        if cells[0] in meta:
            rule = f"is a second value, after line {lines[cells[0]]}"
            faults.append(Fault(path.name, line, cells[0], ";".join(cells[1:]), rule, "a line copied twice"))
        meta.setdefault(cells[0], ";".join(cells[1:]).rstrip("; "))
        lines.setdefault(cells[0], line)
    projects = _block(path.name, found["PROJECTS"], faults)
    votes = _block(path.name, found["VOTES"], faults) if found.get("VOTES") else None
    return PbFile(path.name, meta, lines, projects, votes, tuple(faults))


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not empty, with the line on which they begin."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)
    begins = 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield begins, [cell.strip() for cell in cells]
        begins = reader.line_num + 1


def _missing(block: str, text: str) -> tuple[str, str]:
    first = text.split("\n", 1)[0].strip()
    cause = f'the file begins with "{first[:40]}": is it a .pb file?' if block == "META" else "the file was cut short"
    return f"the block {block} is missing", cause


def _block(place: str, rows: list[tuple[int, list[str]]], faults: list[Fault]) -> Block:
    header_row, header = rows[0]
    kept = []
    for line, cells in rows[1:]:
        if len(cells) == len(header):
            kept.append((line, dict(zip(header, cells, strict=True))))
        else:
            rule = f"the row has {len(cells)} cells, but its header has {len(header)}"
            faults.append(Fault(place, line, None, None, rule, _STRAY))
    return Block(tuple(header), header_row, tuple(kept))
