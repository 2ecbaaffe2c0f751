"""Equal: what growthring and its peers list within the same processor time, and how much each list lacks at most.

Every list is a set of feasible points, and our run's half-spaces hold every feasible point there is. So the half-spaces
bound what *any* list lacks, just as they bound ours (:mod:`optimizer.engines.relax.cover`): that is *ε at most*. *ε at
least* is what the best points of all lists together show that a list lacks (the additive ε indicator of Zitzler et al.
2003). Both count by the ranges of these best points. Hypervolume is a share of theirs, against their worst values, a
twentieth of the range farther out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

import numpy as np

from benchmarks.cases import LARGE, plan
from benchmarks.clock import Clock
from benchmarks.weighted import WEIGHTS, weighted
from models.problem import Floats, Ints, Problem
from optimizer.decide.compare.indicators import epsilon_additive
from optimizer.engines.relax import relax
from optimizer.engines.relax.cover import Cover
from optimizer.engines.zones import hypervolume, nondominated
from optimizer.stop import SolveLimit

__all__ = ["METHODS", "OURS", "SECONDS", "Row", "compare", "most", "rows", "table", "warm"]

SECONDS = (4.0, 4.0, 10.0, 30.0)
"""Processor seconds for each of :data:`~benchmarks.cases.LARGE`; between them, in proportion."""
OURS = "growthring"
METHODS = (OURS, "nsga2", "nsga3", "weighted")
FINISHED = "weighted, to the end"
WARM = 100
"""Projects of the problem on which code is compiled before a clock starts."""


@dataclass(frozen=True, eq=False)
class Run:
    """The nondominated points ``(k, p)`` that a method listed in minimised quanta, processor seconds, and what to say
    of it; ``cover`` has our half-spaces."""

    points: Ints
    seconds: float
    remark: str = ""
    cover: Cover | None = None


@dataclass(frozen=True)
class Row:
    """Medians of all rounds of a method: ``share`` of the hypervolume of all lists together, and ε of the list:
    ``least`` is what others' points show, ``most`` what our half-spaces prove."""

    projects: int
    method: str
    seconds: float
    points: int
    share: float
    least: float
    most: float
    remark: str

    def figures(self) -> dict[str, Any]:
        """Ready for JSON."""
        return {name: None if figure == np.inf else figure for name, figure in asdict(self).items()}


def warm(methods: Sequence[str] = METHODS) -> None:
    """Compile whatever the ``methods`` need."""
    problem = plan(WARM)
    for method in methods:
        if method == OURS:
            relax(problem, stop=SolveLimit(30))
        else:
            _run(method, problem, 0.2, 0)


def compare(projects: int, seconds: float | None = None, repeat: int = 1, finish: bool = False) -> list[Row]:
    """Run all of :data:`METHODS` in turn, ``repeat`` times, on the town with so many ``projects`` and 3 objectives;
    with ``finish`` also the weighted MIPs until the last one ends, once."""
    problem = plan(projects)
    limit = float(np.interp(projects, LARGE, SECONDS)) if seconds is None else seconds
    runs: dict[str, list[Run]] = {method: [] for method in METHODS}
    for turn in range(repeat):
        for method in METHODS:
            runs[method].append(_run(method, problem, limit, turn))
    if finish:
        runs[FINISHED] = [_run("weighted", problem, np.inf, 0)]
    return rows(projects, runs)


def _run(method: str, problem: Problem, seconds: float, seed: int) -> Run:
    clock = Clock(seconds)
    if method == OURS:
        found = relax(problem, stop=clock)
        took = clock.spent()
        assert isinstance(found.open, Cover)
        Y = np.array(found.Y, dtype=np.int64).reshape(-1, len(problem.objectives))
        return Run(Y[nondominated(Y)], took, f"{len(found.open.halfspaces):,} half-spaces", found.open)
    if method == "weighted":
        Y, done = weighted(problem, clock)
        return Run(Y[nondominated(Y)], clock.spent(), f"{done} of {WEIGHTS} MIPs done")
    from benchmarks.seeded import seeded  # loads pymoo

    listed, generations = seeded(problem, method, seed, clock)
    took = clock.spent()
    parts = np.array_split(listed.X, 1 + len(listed.X) // 200)
    if any(float(problem.violations(part).max(initial=0.0)) > 0 for part in parts):
        raise ValueError(f"{method} lists a portfolio of {problem.name} that breaks a row")
    return Run(listed.Y, took, f"{generations:,} generations")


def rows(projects: int, runs: dict[str, list[Run]]) -> list[Row]:
    """Every method held against the best points of all, each round under the half-spaces of our run of that round.

    Raises ``ValueError`` where these contradict a feasible point.
    """
    union = np.vstack([run.points for turns in runs.values() for run in turns])
    if not len(union):
        raise ValueError("no method has listed a portfolio in that time")
    best = union[nondominated(union)]
    ranges = np.maximum(np.ptp(best, axis=0), 1).astype(np.float64)
    corner = best.max(axis=0) + np.ceil(0.05 * ranges).astype(np.int64) + 1
    whole = hypervolume(best, corner)
    found = []
    for method, turns in runs.items():
        shares, least, at_most = [], [], []
        for ours, run in zip(runs[OURS], turns, strict=False):  # what is finished runs once
            assert ours.cover is not None
            shares.append(hypervolume(run.points, corner) / whole)
            least.append(epsilon_additive(run.points / ranges, best / ranges) if len(run.points) else np.inf)
            at_most.append(most(ours.cover, run.points, ranges))
            if least[-1] > at_most[-1] + 1e-9:
                raise ValueError(f"{method} lacks {least[-1]}, our half-spaces prove at most {at_most[-1]}")
        seconds, points = (median(run.seconds for run in turns), median(len(run.points) for run in turns))
        figures = (seconds, round(points), median(shares), median(least), median(at_most))
        found.append(Row(projects, method, *figures, turns[-1].remark))
    return found


def most(cover: Cover, points: Ints, ranges: Floats) -> float:
    """The most that the list ``points`` ``(k, p)`` lacks by the half-spaces of ``cover``, in shares of the ``ranges``;
    infinite for an empty list."""
    other = Cover(cover.ceiling, cover.floor)
    other.measure(ranges)
    for y in np.random.default_rng(0).permutation(points):
        other.add(y)
    for halfspace in cover.halfspaces:  # after the points: one that lowers no zone's ε is forgotten
        other.cut(halfspace)
    for w in cover.proofs:
        other.prove(w + cover.floor)
    return other.epsilon()


def table(found: Iterable[Row]) -> Iterator[str]:
    """Markdown, line by line."""
    yield "| projects | method | s | points | hypervolume | ε at least | ε at most | remark |"
    yield "| --: | --- | --: | --: | --: | --: | --: | --- |"
    for row in found:
        shares = (_percent(row.share, np.floor), _percent(row.least, np.floor), _percent(row.most, np.ceil))
        cells = (row.method, f"{row.seconds:.1f}", f"{row.points:,}", *shares, row.remark)
        yield f"| {row.projects:,} | {' | '.join(cells)} |"


def _percent(share: float, rounded: Callable[[float], float]) -> str:
    return f"{rounded(10_000 * share) / 100:.2f} %" if share < np.inf else "–"
