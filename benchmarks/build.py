"""How long building a model takes: synthetic regions with every mechanism on, drawn, written in Pyomo and compiled."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata

from instances.generate import generate

__all__ = ["PERIODS", "SIZES", "TOWNS", "Build", "builds", "machine", "table"]

SIZES = (50, 300, 1000)
PERIODS, TOWNS = 5, 20


@dataclass(frozen=True)
class Build:
    """One region: seconds of one processor to draw its facts and to formulate it, and the size of what comes out."""

    projects: int
    generate: float
    formulate: float
    columns: int
    rows: int
    nonzeros: int


def builds(
    sizes: Sequence[int] = SIZES, repeats: int = 1, periods: int = PERIODS, towns: int = TOWNS
) -> Iterator[Build]:
    """Regions of these many projects; the least of ``repeats`` times, in seconds of one processor."""
    from models import formulate  # loads Pyomo

    formulate(generate(10, 2, 1, seed=1))  # loads Pyomo, so that the first row is not charged for it
    for size in sizes:
        drawn, written = [], []
        for _ in range(repeats):
            clock = [time.process_time()]
            region = generate(size, min(towns, size), periods, seed=1)
            clock.append(time.process_time())
            problem = formulate(region)
            clock.append(time.process_time())
            drawn.append(clock[1] - clock[0])
            written.append(clock[2] - clock[1])
        yield Build(size, min(drawn), min(written), len(problem.columns), len(problem.rows), int(problem.A.nnz))


def table(found: Sequence[Build]) -> str:
    """The builds as a table in Markdown; growth is against the row before."""
    lines = ["| projects | generate, s | formulate, s | growth | columns | rows | nonzeros |", "| --: " * 7 + "|"]
    before: Build | None = None
    for one in found:
        growth = (
            f"{one.formulate / before.formulate:.1f} × for {one.projects / before.projects:.1f} ×" if before else "–"
        )
        lines.append(
            f"| {one.projects:,} | {one.generate:.2f} | {one.formulate:.2f} | {growth} | {one.columns:,} | "
            f"{one.rows:,} | {one.nonzeros:,} |"
        )
        before = one
    return "\n".join(lines)


def machine(names: Sequence[str] = ("pyomo", "numpy", "scipy")) -> str:
    """Where and with what it was measured, in general terms, with the versions of the packages ``names``."""
    packages = ", ".join(f"{name} {metadata.version(name)}" for name in (*names, "growthring"))
    cores = f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}"
    return f"{datetime.now(UTC):%Y-%m-%d}; {cores}; Python {platform.python_version()}, {packages}"
