"""Table: read ``front.csv`` cell by cell, exactly."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, InstanceOf

__all__ = ["EXACT", "Listed", "exact", "read_front"]

FIGURE = re.compile(r"-?\d{1,400}(\.\d{1,400}|/0*[1-9]\d{0,400})?")


def exact(text: object) -> Fraction:
    """``"12.5"`` or ``"1/3"`` as a number; ValueError if it is neither.

    >>> exact("-12.5"), exact("1/3")
    (Fraction(-25, 2), Fraction(1, 3))
    """
    if not isinstance(text, str) or not FIGURE.fullmatch(text):
        raise ValueError(f"{text!r} is no exact number")
    return Fraction(text)


EXACT = Annotated[InstanceOf[Fraction], BeforeValidator(exact)]
"""A figure that stands in a file as exact text."""


@dataclass(frozen=True)
class Listed:
    """A row of the front. ``place`` is where a person finds it: the header is row 1."""

    place: str
    values: tuple[Fraction, ...]
    plan: dict[str, int]


def read_front(path: Path, goals: Sequence[str], projects: Sequence[str]) -> tuple[list[Listed], int, list[str]]:
    """The rows that can be read, the number of all rows, and what is wrong with the file.

    Columns are told apart by their place (portfolio, the goals, the projects), as a project may be called like a goal.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            table = list(csv.reader(file, strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        return [], 0, [f"{path.name} cannot be read: {getattr(error, 'strerror', None) or error}"]
    header, body = table[0] if table else [], table[1:]
    if faults := list(_header_faults(path.name, header, goals, projects)):
        return [], len(body), faults
    rows = []
    for number, cells in enumerate(body, start=1):
        place = f"{path.name} row {number + 1}"
        if len(cells) != len(header):
            faults.append(f"{place}: {len(cells)} cells under {len(header)} columns")
            continue
        wrong = list(_cell_faults(header, cells, number, len(goals)))
        faults += (f"{place}, {fault}" for fault in wrong)
        if not wrong:
            rows.append(_listed(place, header, cells, len(goals)))
    return rows, len(body), faults


def _listed(place: str, header: Sequence[str], cells: Sequence[str], goals: int) -> Listed:
    first = 1 + goals
    starts = {project: int(cell) for project, cell in zip(header[first:], cells[first:], strict=True)}
    return Listed(
        place, tuple(map(exact, cells[1:first])), {project: start for project, start in starts.items() if start}
    )


def _header_faults(name: str, header: list[str], goals: Sequence[str], projects: Sequence[str]) -> Iterator[str]:
    first = 1 + len(goals)
    if header[:first] != ["portfolio", *goals]:
        there = ", ".join(header[:first]) or "nothing"
        yield f"{name}, header: starts with {there}; expected portfolio, {', '.join(goals)}"
        return
    listed = header[first:]
    for project in dict.fromkeys(listed):
        if project not in projects:
            yield f"{name}, column {project}: no such project in region/projects.csv"
        elif listed.count(project) > 1:
            yield f"{name}, column {project}: {listed.count(project)} columns for one project"
    yield from (f"{name}: there is no column for project {project}" for project in projects if project not in listed)


def _cell_faults(header: Sequence[str], cells: Sequence[str], number: int, goals: int) -> Iterator[str]:
    if cells[0] != str(number):
        yield f"column portfolio: {cells[0]} is printed, expected {number}"
    for goal, cell in zip(header[1 : 1 + goals], cells[1 : 1 + goals], strict=True):
        if not FIGURE.fullmatch(cell):
            yield f"objective {goal}: {cell!r} is no exact number"
    for project, cell in zip(header[1 + goals :], cells[1 + goals :], strict=True):
        if not re.fullmatch(r"\d{1,2}", cell):
            yield f"project {project}: {cell!r} is no period; 0 stands for not chosen"
