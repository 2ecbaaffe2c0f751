"""Published fronts: every file, computed in a process of its own and compared point by point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.cases import Published
from benchmarks.measure import Measure, in_new_process

__all__ = ["Row", "against_published", "table"]


@dataclass(frozen=True)
class Row:
    """A file and what it took; ``matches`` is ``None`` where no front was published or none was completed."""

    found: Measure
    objectives: int
    matches: bool | None


def against_published(one: Published, method: str, limit: float) -> Row:
    """Compute the front of a published file."""
    found, points = in_new_process(one.name, method, limit)
    expected = one.points()
    objectives = len(one.problem().objectives)
    if expected is None or points is None or not found.complete:
        return Row(found, objectives, None)
    return Row(found, objectives, sorted((-points).tolist()) == sorted(expected.tolist()))


def table(rows: Sequence[Row]) -> str:
    """Markdown, a row for each file."""
    lines = [
        "| file | n | p | points | s | user s | MB | labels | published front |",
        "| --- |" + " --: |" * 7 + " --- |",
    ]
    words = {True: "equal", False: "DIFFERENT", None: "–"}
    for row in rows:
        found = row.found
        verdict = words[row.matches] if found.complete or row.matches else found.status
        lines.append(
            f"| {found.case} | {found.columns} | {row.objectives} | {found.points:,} | {found.seconds:.2f} | "
            f"{found.user_seconds:.2f} | {found.peak_mb} | {found.labels:,} | {verdict} |"
        )
    return "\n".join(lines)
