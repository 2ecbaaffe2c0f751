"""Seeded: NSGA-II and NSGA-III of pymoo as strong as we can make them on 0/1 models whose rows only have upper sides.

Linear relaxations under evenly spread weights (:mod:`benchmarks.spread`) give the first population: each solution is
rounded down, repaired and filled up. Every child is repaired in the same way, by one of the relaxations that it is most
like: while a row is broken, the chosen column goes that brings least for what it takes at the relaxation's multipliers
(Chu & Beasley 1998, "A genetic algorithm for the multidimensional knapsack problem", section 3.3); then whatever fits
comes in, the best first. Repair is compiled, objectives are reckoned for a whole generation at once, and every
nondominated portfolio that was ever met is listed.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pymoo.algorithms.moo.nsga2 import NSGA2
from pymoo.algorithms.moo.nsga3 import NSGA3
from pymoo.core.duplicate import DefaultDuplicateElimination
from pymoo.core.problem import Problem as PymooProblem
from pymoo.core.repair import Repair
from pymoo.core.sampling import Sampling
from pymoo.operators.crossover.pntx import TwoPointCrossover
from pymoo.operators.mutation.bitflip import BitflipMutation
from pymoo.operators.selection.rnd import RandomSelection
from pymoo.util.ref_dirs import get_reference_directions

from benchmarks.clock import Clock
from benchmarks.spread import Relaxed, relaxed
from models.problem import Floats, Ints, Problem
from optimizer.engines.labels.compiled import compiled
from optimizer.engines.zones import nondominated

__all__ = ["ALGORITHMS", "Listed", "Repaired", "seeded"]

ALGORITHMS = ("nsga2", "nsga3")
POPULATION = 800
"""The best of 100, 200, 400 and 800 for lists within seconds; NSGA-III gets as many reference directions as make a
lattice."""
SEEDING = 0.5
"""Most of the time that relaxations take: better than a fifth where they are slow."""
NEAREST = 3
"""A child is repaired by one of this many relaxations, those whose solutions are most like it."""

MATINGS = 4
"""Most rounds of mating to fill a generation; where hardly a child is new, generations are smaller."""

Chosen = NDArray[np.bool_]


class Listed:
    """Every nondominated portfolio that was ever met: ``X`` ``(k, n)`` with minimised counts ``Y`` ``(k, p)``."""

    def __init__(self, n: int, p: int) -> None:
        self.X: Chosen = np.zeros((0, n), dtype=bool)
        self.Y: Ints = np.zeros((0, p), dtype=np.int64)

    def add(self, X: Chosen, Y: Ints) -> None:
        merged = np.vstack([self.Y, Y])
        keep = nondominated(merged)
        old, new = keep[keep < len(self.Y)], keep[keep >= len(self.Y)] - len(self.Y)
        if len(new):
            self.X, self.Y = np.vstack([self.X[old], X[new]]), merged[keep]


def seeded(problem: Problem, algorithm: str, seed: int, clock: Clock) -> tuple[Listed, int]:
    """What one of :data:`ALGORITHMS` lists until the ``clock`` runs out, relaxations included, and how many generations
    that were.

    Raises ``ValueError`` for a model that is not pure 0/1, or in which choosing nothing may break a row.
    """
    if not problem.integer.all() or np.any(problem.row_lower > -np.inf) or np.any(problem.row_upper < 0):
        raise ValueError("seeded takes 0/1 models whose rows have upper sides of 0 or more and no lower ones")
    seeds = relaxed(problem, POPULATION, clock, SEEDING)
    task = _Task(problem, seeds)
    operators: dict[str, Any] = {
        "sampling": _Rounded(seeds),
        "crossover": TwoPointCrossover(),
        "mutation": BitflipMutation(),
        "repair": Repaired(problem, seeds),
        "eliminate_duplicates": DefaultDuplicateElimination(func=_marks),
    }
    if algorithm == "nsga2":
        method = NSGA2(POPULATION, **operators)
    else:
        p = len(problem.objectives)
        divisions = next(d for d in range(POPULATION, 0, -1) if math.comb(d + p - 1, p - 1) <= POPULATION)
        directions = get_reference_directions("das-dennis", p, n_partitions=divisions)
        method = NSGA3(directions, len(directions), selection=RandomSelection(), **operators)
    method.mating.n_max_iterations = MATINGS
    method.setup(task, termination=("n_gen", np.iinfo(np.int64).max), seed=seed)
    generations = 0
    while clock.left() > 0 and method.has_next():
        method.next()
        generations += 1
    return task.listed, generations


def _marks(population: Any) -> Floats:
    """One number for each portfolio, ``(k, 1)``, by which equal ones are told: quicker than all of their columns."""
    X = population.get("X")
    figures = np.random.default_rng(0).integers(1 << 30, size=X.shape[1])
    marks: Floats = (X.astype(np.int64) @ figures)[:, None].astype(np.float64)
    return marks


class _Task(PymooProblem):  # type: ignore[misc]
    """Minimise the counts, in shares of the relaxations' ranges, over feasible portfolios."""

    def __init__(self, problem: Problem, seeds: Relaxed) -> None:
        p, n = problem.C.shape
        super().__init__(n_var=n, n_obj=p, xl=0, xu=1, vtype=bool)
        self.costs, self.span = problem.costs.astype(np.float64), seeds.span
        self.listed = Listed(n, p)

    def _evaluate(self, X: Any, out: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        counts = X.astype(np.float64) @ self.costs.T  # whole numbers far below 2^53: exact
        self.listed.add(X, np.rint(counts).astype(np.int64))
        out["F"] = counts / self.span


class _Rounded(Sampling):  # type: ignore[misc]
    """The solutions of the relaxations, rounded down; where they are few, also mixtures of two of them."""

    def __init__(self, seeds: Relaxed) -> None:
        super().__init__()
        self.solutions = seeds.solutions

    def _do(self, problem: Any, n_samples: int, *args: Any, random_state: Any = None, **kwargs: Any) -> Any:
        rounded = self.solutions > 1 - 1e-6
        pairs = random_state.integers(len(rounded), size=(max(0, n_samples - len(rounded)), 2))
        first = random_state.random((len(pairs), rounded.shape[1])) < 0.5
        mixed = np.where(first, rounded[pairs[:, 0]], rounded[pairs[:, 1]])
        return np.vstack([rounded, mixed])[:n_samples]


class Repaired(Repair):  # type: ignore[misc]
    """Repairs every child by one of the relaxations that it is most like."""

    def __init__(self, problem: Problem, seeds: Relaxed) -> None:
        super().__init__()
        self.seeds = seeds
        self.alike: Floats = (2 * seeds.solutions - 1).T
        self.size: Floats = seeds.solutions.sum(axis=1)
        At = problem.A.T.tocsr()
        self.columns = (At.indptr.astype(np.int64), At.indices.astype(np.int64), At.data.astype(np.float64))
        self.room: Floats = problem.row_upper

    def _do(self, problem: Any, X: Any, random_state: Any = None, **kwargs: Any) -> Chosen:
        chosen: Chosen = X.astype(bool)
        alike = chosen.astype(np.float64) @ self.alike - self.size
        count = min(NEAREST, alike.shape[1])
        nearest = np.argpartition(-alike, count - 1, axis=1)[:, :count]
        which = nearest[np.arange(len(chosen)), random_state.integers(count, size=len(chosen))]
        return self.mended(chosen, which)

    def mended(self, chosen: Chosen, which: Ints) -> Chosen:
        """``chosen`` ``(k, n)``, each repaired in the order of the relaxation ``which`` ``(k,)``."""
        made = chosen.copy()
        _repair(made, which, self.seeds.order, *self.columns, self.room)
        return made


@compiled
def _repair(chosen: Chosen, which: Ints, orders: Ints, start: Ints, rows: Ints, figures: Floats, room: Floats) -> None:
    """Make every row of ``chosen`` ``(k, n)`` feasible in place, by the order ``orders[which]``, best first.

    The rows ``rows[start[j]:start[j + 1]]`` hold column ``j``; at most ``room`` ``(m,)`` is theirs.
    """
    n = chosen.shape[1]
    left = np.empty(len(room))
    for k in range(len(chosen)):
        x, order = chosen[k], orders[which[k]]
        left[:] = room
        for j in range(n):
            if x[j]:
                for e in range(start[j], start[j + 1]):
                    left[rows[e]] -= figures[e]
        broken = 0
        for i in range(len(room)):
            broken += left[i] < 0
        while broken > 0:
            for at in range(n - 1, -1, -1):
                j = order[at]
                if not x[j]:
                    continue
                helps = False
                for e in range(start[j], start[j + 1]):
                    helps |= left[rows[e]] < 0 < figures[e]
                if not helps:
                    continue
                x[j] = False
                for e in range(start[j], start[j + 1]):
                    i = rows[e]
                    before = left[i] < 0
                    left[i] += figures[e]
                    broken += (left[i] < 0) - before
                if broken == 0:
                    break
        for at in range(n):
            j = order[at]
            if x[j]:
                continue
            fits = True
            for e in range(start[j], start[j + 1]):
                if figures[e] > left[rows[e]]:
                    fits = False
                    break
            if fits:
                x[j] = True
                for e in range(start[j], start[j + 1]):
                    left[rows[e]] -= figures[e]
