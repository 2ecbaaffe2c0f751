"""Alternatives: has every portfolio of ``alternatives.csv`` the values of the one that it stands for?"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from optimizer.exact import exact_text
from optimizer.verify.claims import Objective
from optimizer.verify.evaluate import Auditor
from optimizer.verify.table import Listed

__all__ = ["alternative_faults"]

Plan = dict[str, int]


def alternative_faults(
    path: Path,
    stated: int,
    front: Sequence[Listed],
    projects: Sequence[str],
    objectives: Sequence[Objective],
    auditor: Auditor,
) -> Iterator[str]:
    """Everything in the file that is not as it claims; ``stated`` is the number of rows that the manifest gives.

    The first alternative of each portfolio is the one in ``front.csv``; no two are the same; each keeps every rule and
    re-adds to the very values of the front.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            table = list(csv.reader(file, strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        yield f"{path.name} cannot be read: {getattr(error, 'strerror', None) or error}"
        return
    header, body = table[0] if table else [], table[1:]
    if header[:2] != ["portfolio", "alternative"] or sorted(header[2:]) != sorted(projects):
        yield f"{path.name}, header: expected portfolio, alternative and each project of region/projects.csv once"
        return
    if len(body) != stated:
        yield f"{path.name}: {len(body)} rows, manifest.json states {stated}"
    seen: dict[int, list[Plan]] = {k: [] for k in range(1, len(front) + 1)}
    for line, cells in enumerate(body, start=2):
        place = f"{path.name} row {line}"
        if len(cells) != len(header) or not all(re.fullmatch(r"\d{1,9}", cell) for cell in cells):
            yield f"{place}: whole numbers are expected, one for each of the {len(header)} columns"
            continue
        k, number = int(cells[0]), int(cells[1])
        if k not in seen:
            yield f"{place}: there is no portfolio {k} in front.csv"
            continue
        plan = {project: int(cell) for project, cell in zip(header[2:], cells[2:], strict=True) if cell != "0"}
        yield from _row_faults(place, number, plan, front[k - 1], seen[k], objectives, auditor)
        seen[k].append(plan)
    yield from (f"{path.name}: portfolio {k} is missing" for k, plans in seen.items() if not plans)


def _row_faults(
    place: str,
    number: int,
    plan: Plan,
    listed: Listed,
    before: list[Plan],
    objectives: Sequence[Objective],
    auditor: Auditor,
) -> Iterator[str]:
    if number != len(before) + 1:
        yield f"{place}, column alternative: {number} is printed, expected {len(before) + 1}"
    if not before and plan != listed.plan:
        yield f"{place}: not the portfolio of {listed.place}, though it comes first"
    if plan in before:
        yield f"{place}: the same portfolio as alternative {before.index(plan) + 1}"
    audit = auditor.evaluate(plan, [o.name for o in objectives])
    yield from (f"{place}: {broken}" for broken in audit.broken)
    for objective, value in zip(objectives, listed.values, strict=True):
        true = audit.values[objective.name]
        if true != value:
            yield (
                f"{place}, objective {objective.name}: the tables give {exact_text(true)}, {listed.place} has "
                f"{exact_text(value)}"
            )
