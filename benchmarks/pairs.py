"""Methods run in turn (A B C A B C …) on the same case, and what they took beside each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from benchmarks.measure import Measure, in_new_process
from benchmarks.peers import EXACT, HOME
from models.problem import Ints
from optimizer.engines.zones import hypervolume

__all__ = ["Compared", "compare", "table"]

Runner = Callable[[str, str, float, Ints | None, Path], tuple[Measure, Ints | None]]


@dataclass(frozen=True)
class Compared:
    """All runs of one method on one case. ``ratio`` is the median, over the rounds, of its seconds to those of the
    first method; ``verdict`` says how its front compares with the first one's."""

    runs: tuple[Measure, ...]
    ratio: float | None
    verdict: str
    differs: bool = False

    def row(self) -> dict[str, Any]:
        """Medians and the rest, ready for JSON."""
        last = self.runs[-1]
        medians = {name: median(getattr(run, name) for run in self.runs) for name in ("seconds", "user_seconds")}
        peak = max(run.peak_mb for run in self.runs)
        return asdict(last) | medians | {"peak_mb": peak, "ratio": self.ratio, "verdict": self.verdict}


def compare(
    name: str,
    methods: Sequence[str],
    repeat: int = 1,
    limit: float = 300.0,
    home: Path = HOME,
    run: Runner = in_new_process,
) -> list[Compared]:
    """Run ``methods`` in turn on the case ``name``, ``repeat`` times; the first one is what the others are held
    against."""
    runs: dict[str, list[Measure]] = {method: [] for method in methods}
    fronts: dict[str, Ints | None] = {}
    for _ in range(repeat):
        known: Ints | None = None
        for method in methods:
            found, points = run(name, method, limit, known, home)
            runs[method].append(found)
            fronts[method] = points
            if found.complete and points is not None and known is None:
                known = points
    first = methods[0]
    reference = fronts[first] if runs[first][-1].complete else None
    compared = []
    for method in methods:
        measures = tuple(runs[method])
        verdict, differs = _verdict(measures[-1], fronts[method], None if method == first else reference)
        compared.append(Compared(measures, _ratio(runs[first], measures), verdict, differs))
    return compared


def _ratio(first: Sequence[Measure], other: Sequence[Measure]) -> float | None:
    """Nothing where a run has failed; of a run that was stopped it is a lower bound."""
    if any(run.seconds == 0 for run in [*first, *other]) or not all(run.complete for run in first):
        return None
    return median(b.seconds / a.seconds for a, b in zip(first, other, strict=True))


def _verdict(found: Measure, points: Ints | None, reference: Ints | None) -> tuple[str, bool]:
    proved = f", ε {100 * found.epsilon:.2g} %" if found.epsilon else ""
    if reference is None or points is None or not len(points):
        return found.status + proved, False
    same = {tuple(y) for y in points.tolist()} & {tuple(y) for y in reference.tolist()}
    if found.complete and found.method in EXACT:
        equal = len(same) == len(reference) == len(points)
        return ("equal front", False) if equal else (f"DIFFERENT FRONT, {len(same)} points in common", True)
    share = f"; {_hypervolume_share(points, reference):.4f} of the hypervolume" if reference.shape[1] <= 4 else ""
    return f"{found.status}{proved}; {len(same)} of {len(reference)} points{share}", False


def _hypervolume_share(points: Ints, reference: Ints) -> float:
    """What ``points`` have of the hypervolume of the complete front ``reference``, below its worst values."""
    worst = reference.max(axis=0) + 1
    inside = points[np.all(points < worst, axis=1)]
    return hypervolume(inside, worst) / hypervolume(reference, worst)


def table(compared: Sequence[Compared]) -> str:
    """Markdown, a row for each method and case."""
    head = ("case", "columns × rows", "method", "s", "×", "user s", "points", "solves", "labels", "MB", "result")
    lines = ["| " + " | ".join(head) + " |", "| --- | --: | --- |" + " --: |" * 7 + " --- |"]
    for one in compared:
        row = one.row()
        ended = one.runs[-1].status in ("complete", "heuristic")
        ratio = "–" if one.ratio is None else f"{'' if ended else '≥ '}{one.ratio:,.3g}"
        size = f"{row['columns']} × {row['rows']}" if row["columns"] else "–"
        cells = (row["case"], size, row["method"], f"{row['seconds']:.3g}", ratio, f"{row['user_seconds']:.3g}")
        counts = (f"{row['points']:,}", f"{row['solves']:,}", f"{row['labels']:,}", str(row["peak_mb"]), one.verdict)
        lines.append("| " + " | ".join((*cells, *counts)) + " |")
    return "\n".join(lines)
