"""The gate: effort that may not grow unnoticed. Points, labels kept and solves are counted, never seconds.

Recorded figures lie in ``gate.json``. Other processors round and break ties otherwise, hence :data:`SLACK`; the number
of points has none.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.cases import case
from optimizer.solver import solve

__all__ = ["QUICK", "RECORD", "SLACK", "WATCHED", "Effort", "differences", "effort", "read_record", "write_record"]

RECORD = Path(__file__).with_name("gate.json")
SLACK = 0.02
WATCHED = (
    *(("labels", f"knapsack-{size}") for size in ("60-2", "40-3", "100-3", "30-4", "50-4", "30-5", "20-6", "20-7")),
    *(("labels", f"plan-{size}") for size in ("40-2", "20-3", "30-3", "40-3", "20-4", "30-4", "20-5")),
    *(("labels", f"town01-{size}") for size in ("20-3", "20-4", "20-5")),
    *(("search", name) for name in ("knapsack-20-3", "plan-16-3", "town01-10-3", "town-12-3")),
)
"""Methods and cases that the gate looks at."""
QUICK = (("labels", "knapsack-40-3"), ("labels", "plan-20-3"), ("labels", "knapsack-20-6"), ("search", "knapsack-20-3"))
"""Those that take next to no time."""


@dataclass(frozen=True)
class Effort:
    """What a complete front took."""

    points: int
    labels: int
    solves: int


def effort(method: str, name: str) -> Effort:
    """Solve the case ``name`` to the end."""
    proof = solve(case(name).problem(), method=method).certificate
    return Effort(proof.points, proof.labels, proof.solves)


def differences(name: str, recorded: Effort | None, found: Effort) -> Iterator[str]:
    """Why ``found`` may not pass, in words."""
    if recorded is None:
        yield f"{name}: nothing is recorded; python -m benchmarks gate --write records it"
        return
    if found.points != recorded.points:
        yield f"{name}: {found.points:,} points, recorded are {recorded.points:,}: one of the two fronts is wrong"
    for what, old, new in (("labels", recorded.labels, found.labels), ("solves", recorded.solves, found.solves)):
        if new > old * (1 + SLACK):
            grown = f"{100 * (new / old - 1):.1f} % more" if old else "there were none"
            yield f"{name}: {new:,} {what}, recorded are {old:,} ({grown})"


def read_record(path: Path = RECORD) -> dict[str, Effort]:
    """Method and case, as in ``"labels knapsack-40-3"``, to what was recorded."""
    return {name: Effort(**figures) for name, figures in json.loads(path.read_text(encoding="utf-8")).items()}


def write_record(found: Iterable[tuple[str, Effort]], path: Path = RECORD) -> None:
    """Record ``found``, one line a case."""
    lines = [f"  {json.dumps(name)}: {json.dumps(asdict(figures))}" for name, figures in sorted(found)]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
