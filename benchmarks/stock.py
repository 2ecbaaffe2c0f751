"""Stock: our sampling and repair against pymoo's stock operators, on the same number of evaluated portfolios.

Both are NSGA-II with 200 portfolios and the same completion of auxiliaries; the stock run samples decisions at random,
crosses over at two points, flips bits, and leaves it to constraint domination to find what keeps the rules. What counts
is the hypervolume of all nondominated feasible portfolios that were evaluated, as a share of that of the complete front
where label setting gives it, and of all that any of the runs found elsewhere, against the worst value of each objective
in that reference front, a twentieth of the range farther out.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from pymoo.algorithms.moo.nsga2 import NSGA2
from pymoo.operators.crossover.pntx import TwoPointCrossover
from pymoo.operators.mutation.bitflip import BitflipMutation
from pymoo.operators.sampling.rnd import BinaryRandomSampling

from instances import generate
from models import formulate
from models.problem import Floats, Ints, Problem
from optimizer.certificate import Status
from optimizer.engines.completion import Completion
from optimizer.engines.evolve import evolve
from optimizer.engines.evolve.task import Task
from optimizer.engines.zones import hypervolume, nondominated
from optimizer.solver import solve
from optimizer.stop import SolveLimit

__all__ = ["CASES", "QUICK", "SEEDS", "Case", "Row", "compare", "table"]

SEEDS = 11
POPULATION = 200
PURE = ("budget", "relations", "synergy", "land", "ecology", "heritage", "coverage", "identity", "timeline")
"""Mechanisms whose models are pure 0/1, so that label setting may know the complete front."""
LABELLED = 40
"""Most projects of a region whose complete front label setting lists within seconds."""


@dataclass(frozen=True)
class Case:
    """A synthetic region of one period with 3 objectives; ``pure``: only with mechanisms of pure 0/1 models."""

    projects: int
    pure: bool
    evaluations: int

    def problem(self) -> Problem:
        mechanisms = PURE if self.pure else None
        towns = max(2, self.projects // 10)
        return formulate(generate(self.projects, towns, 1, 1, objectives=3, mechanisms=mechanisms))


CASES = (Case(40, True, 4000), Case(80, True, 4000), Case(300, False, 1000), Case(1000, True, 600))
"""Evaluations are as many as let all of it end within five minutes of one processor."""
QUICK = (Case(20, True, 600),)


@dataclass(frozen=True, eq=False)
class Row:
    """Shares of the reference hypervolume for each seed ``(s,)``, points of the front, seconds of a run on average."""

    case: Case
    columns: int
    operators: str
    shares: Floats
    points: Floats
    seconds: float
    reference: str


def compare(cases: tuple[Case, ...], seeds: int) -> Iterator[Row]:
    """Run both in turn on each case, once for every seed."""
    for case in cases:
        problem = case.problem()
        runs: dict[str, list[Ints]] = {"ours": [], "stock": []}
        took = dict.fromkeys(runs, 0.0)
        for seed in range(seeds):
            for operators, run in (("ours", _ours), ("stock", _stock)):
                began = time.process_time()
                runs[operators].append(run(problem, case.evaluations, seed))
                took[operators] += time.process_time() - began
        front, name = _reference(problem, case, [points for found in runs.values() for points in found])
        corner = front.max(axis=0) + np.ceil(0.05 * np.ptp(front, axis=0)).astype(np.int64) + 1
        whole = hypervolume(front, corner)
        for operators, found in runs.items():
            shares = np.array([hypervolume(points, corner) / whole for points in found])
            points = np.array([len(points) for points in found], dtype=np.float64)
            yield Row(case, len(problem.columns), operators, shares, points, took[operators] / seeds, name)


def table(rows: Iterable[Row]) -> Iterator[str]:
    """Medians and quartiles as a Markdown table, line by line."""
    yield "| projects | columns | evaluations | operators | hypervolume: median (quartiles) | points | s | against |"
    yield "| --: | --: | --: | --- | --: | --: | --: | --- |"
    for row in rows:
        low, middle, high = (f"{100 * share:.1f}" for share in np.quantile(row.shares, (0.25, 0.5, 0.75)))
        yield (
            f"| {row.case.projects:,} | {row.columns:,} | {row.case.evaluations:,} | {row.operators} "
            f"| {middle} % ({low} to {high}) | {np.median(row.points):.0f} | {row.seconds:.1f} | {row.reference} |"
        )


def _ours(problem: Problem, evaluations: int, seed: int) -> Ints:
    found = evolve(problem, algorithm="nsga2", seed=seed, stop=SolveLimit(evaluations))
    return np.array(found.Y, dtype=np.int64).reshape(-1, len(problem.objectives))


def _stock(problem: Problem, evaluations: int, seed: int) -> Ints:
    p = len(problem.objectives)
    task = Task(Completion(problem), np.zeros(p), np.ones(p))
    method = NSGA2(
        POPULATION,
        sampling=BinaryRandomSampling(),
        crossover=TwoPointCrossover(),
        mutation=BitflipMutation(),
        eliminate_duplicates=True,
    )
    method.setup(task, termination=("n_gen", 10**9), seed=seed)
    while task.evaluations < evaluations and method.has_next():
        method.next()
    return task.archive.Y


def _reference(problem: Problem, case: Case, found: list[Ints]) -> tuple[Ints, str]:
    if case.pure and case.projects <= LABELLED:
        front = solve(problem, method="labels")
        if front.certificate.status is Status.COMPLETE:
            signs = np.array([-1 if o.sense == "max" else 1 for o in problem.objectives])
            return front.counts * signs, f"the complete front, {len(front):,} points"
    points = np.vstack(found)
    best: Ints = points[nondominated(points)]
    return best, f"all runs together, {len(best):,} points"
