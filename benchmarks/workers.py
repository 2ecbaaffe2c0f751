"""Workers: how much sooner ``search`` completes a front with several processes, and what it asks in vain."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from statistics import median

import numpy as np

from benchmarks.cases import case
from models.problem import Problem
from optimizer.apart import Apart
from optimizer.engines.highs import Highs
from optimizer.engines.query import Query
from optimizer.parallel import Pool, Processes, Serial
from optimizer.solver import solve

__all__ = ["Round", "rounds", "table"]


@dataclass(frozen=True)
class Round:
    """One complete front: ``seconds`` by the clock from when the workers are there, ``user_seconds`` of all processes,
    their start counted in."""

    workers: int
    seconds: float
    user_seconds: float
    points: int
    solves: int


def rounds(name: str, workers: Sequence[int], repeat: int, backend: str) -> Iterator[Round]:
    """The case ``name`` to its complete front with each number of ``workers`` in turn, ``repeat`` times.

    Raises ``RuntimeError`` if a front is not complete, or not the one of the round before.
    """
    problem = case(name).problem()
    known: list[list[int]] | None = None
    for _ in range(repeat):
        for count in workers:
            found, points = _solved(problem, count, backend)
            if known is not None and points != known:
                raise RuntimeError(f"{name}: {count} workers found another front")
            known = points
            yield found


def _solved(problem: Problem, workers: int, backend: str) -> tuple[Round, list[list[int]]]:
    with closing(_pool(problem, workers, backend)) as pool:
        anything = Query(np.ones(len(problem.objectives)), np.full(len(problem.objectives), np.inf), gap=1e9)
        for started in [pool.submit(anything) for _ in range(workers)]:
            started.result()
        before, began = _user(), time.perf_counter()
        front = solve(problem, pool=pool)
        seconds = time.perf_counter() - began
    proof = front.certificate
    if proof.status != "COMPLETE":
        raise RuntimeError(f"{problem.name}: {proof.in_words()}")
    return Round(workers, seconds, _user() - before, proof.points, proof.solves), front.counts.tolist()


def _pool(problem: Problem, workers: int, backend: str) -> Pool:
    if backend == "cpsat":
        return Apart(problem, workers)
    return Processes(problem, workers) if workers > 1 else Serial(Highs(problem))


def _user() -> float:
    """User seconds of this process and of those that have ended."""
    times = os.times()
    return times.user + times.children_user


def table(name: str, found: Sequence[Round]) -> str:
    """Markdown, a row for each number of workers: medians, and the median ratio of rounds in turn.

    ``in vain`` are the solves beyond those that the first number of workers needs.
    """
    counts = list(dict.fromkeys(one.workers for one in found))
    runs = {count: [one for one in found if one.workers == count] for count in counts}
    first = runs[counts[0]]
    lines = [
        "| case | workers | s | times as fast | user s | points | solves | in vain |",
        "| --- | --: | --: | --: | --: | --: | --: | --: |",
    ]
    for count in counts:
        own = runs[count]
        solves = median(one.solves for one in own)
        cells = (
            name,
            str(count),
            f"{median(one.seconds for one in own):.3g}",
            f"{median(a.seconds / b.seconds for a, b in zip(first, own, strict=True)):.2f}",
            f"{median(one.user_seconds for one in own):.3g}",
            f"{own[0].points:,}",
            f"{solves:,.0f}",
            f"{solves - median(one.solves for one in first):,.0f}",
        )
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)
