"""NSGA-II and NSGA-III of pymoo, given what a knowledgeable user would give them.

The first population comes from linear relaxations under random weights, rounded at random. Every child is repaired: as
long as a row is broken the flip that mends most of it is made, then columns are added by falling efficiency (weighted
benefit to the price of what a column uses, at the duals of one of the relaxations), perturbed at random, as long as all
rows hold. Whatever feasible point was ever met counts, not the last population alone.
"""

from __future__ import annotations

import time
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray
from pymoo.algorithms.moo.nsga2 import NSGA2
from pymoo.algorithms.moo.nsga3 import NSGA3
from pymoo.core.problem import Problem as PymooProblem
from pymoo.core.repair import Repair
from pymoo.operators.crossover.ux import UniformCrossover
from pymoo.operators.mutation.bitflip import BitflipMutation
from pymoo.util.ref_dirs import get_reference_directions

from models.problem import Floats, Ints, Problem
from optimizer.engines.zones import nondominated

__all__ = ["evolve"]

GENERATIONS, POPULATION = 300, 200
WEIGHTS = 50
"""Linear relaxations solved for seeds and efficiencies."""
NOISE = 0.3
"""Standard deviation of the logarithm by which efficiencies are perturbed."""
PARTITIONS = {2: 99, 3: 16, 4: 8, 5: 6, 6: 4, 7: 4}
"""Objectives to the divisions of NSGA-III's reference directions: some 100 to 210 of them."""


def evolve(problem: Problem, algorithm: str, limit: float, seed: int = 1) -> tuple[Ints, int]:
    """Points ``(k, p)``, minimised, that ``algorithm`` (``"nsga2"`` or ``"nsga3"``) found in ``limit`` seconds at most,
    and the generations that it took."""
    ends = time.perf_counter() + limit
    rng = np.random.default_rng(seed)
    repair = _Repair(problem, rng)
    setup = {
        "sampling": repair.seeds(POPULATION),
        "crossover": UniformCrossover(),
        "mutation": BitflipMutation(),
        "repair": repair,
        "eliminate_duplicates": True,
    }
    p = len(problem.objectives)
    if algorithm == "nsga2":
        method = NSGA2(pop_size=POPULATION, **setup)
    else:
        method = NSGA3(get_reference_directions("das-dennis", p, n_partitions=PARTITIONS[p]), POPULATION + 10, **setup)
    task = _Task(problem)
    method.setup(task, termination=("n_gen", GENERATIONS), seed=seed)
    while method.has_next() and time.perf_counter() < ends:
        method.next()
    return task.met, method.n_gen - 1


class _Task(PymooProblem):  # type: ignore[misc]
    """The problem in pymoo's terms; ``met`` ``(k, p)`` are the best points so far, to be minimised."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        p, n = problem.C.shape
        super().__init__(n_var=n, n_obj=p, n_ieq_constr=1, xl=0, xu=1, vtype=bool)
        self.met: Ints = np.zeros((0, p), dtype=np.int64)

    def _evaluate(self, x: Any, out: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        costs: Ints = x.astype(np.int64) @ self.problem.costs.T
        broken = self.problem.violations(x.astype(np.float64))
        met = np.vstack([self.met, costs[broken == 0]])
        self.met = met[nondominated(met)]
        out["F"], out["G"] = costs.astype(np.float64), broken[:, None]


class _Repair(Repair):  # type: ignore[misc]
    def __init__(self, problem: Problem, rng: np.random.Generator) -> None:
        super().__init__()
        self.rng = rng
        self.A: Floats = problem.A.toarray()
        size = np.maximum(np.abs(self.A).max(axis=1, initial=0), 1)
        self.A, self.low, self.high = self.A / size[:, None], problem.row_lower / size, problem.row_upper / size
        self.costs = problem.costs
        self.relaxed, self.efficiency = self._relax(problem)

    def seeds(self, k: int) -> NDArray[np.bool_]:
        """``k`` relaxations, rounded at random and repaired; ``(k, n)``."""
        chosen = self.relaxed[self.rng.integers(len(self.relaxed), size=k)]
        return self._mend(self.rng.random(chosen.shape) < chosen)

    def _do(self, problem: Any, X: Any, **kwargs: Any) -> NDArray[np.bool_]:
        return self._mend(X.astype(bool))

    def _relax(self, problem: Problem) -> tuple[Floats, Floats]:
        """Solutions ``(w, n)`` of linear relaxations under random weights, and each column's efficiency ``(w, n)``."""
        n = len(problem.columns)
        solver = highspy.Highs()
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("threads", 1)
        solver.addVars(n, np.zeros(n), np.ones(n))
        inside = ~(np.isinf(self.low) & np.isinf(self.high))
        for row, low, high in zip(self.A[inside], self.low[inside], self.high[inside], strict=True):
            at = np.flatnonzero(row)
            solver.addRow(float(low), float(high), len(at), at.astype(np.int32), row[at])
        spans = np.maximum(np.abs(self.costs).sum(axis=1), 1)
        relaxed, efficiency = [], []
        for weights in self.rng.dirichlet(np.ones(len(spans)), WEIGHTS):
            costs = (weights / spans) @ self.costs
            solver.changeColsCost(n, np.arange(n, dtype=np.int32), costs)
            solver.run()
            solution = solver.getSolution()
            duals = np.zeros(len(self.A))
            duals[inside] = solution.row_dual
            price = np.maximum(-(duals @ self.A), 0) + np.abs(costs).max() * 1e-3
            relaxed.append(np.clip(solution.col_value, 0, 1))
            efficiency.append(-costs / price)
        return np.array(relaxed), np.array(efficiency)

    def _mend(self, X: NDArray[np.bool_]) -> NDArray[np.bool_]:
        X = X.copy()
        use = X @ self.A.T
        self._flip(X, use)
        noise = np.exp(NOISE * self.rng.standard_normal(X.shape))
        worth = self.efficiency[self.rng.integers(len(self.efficiency), size=len(X))] * noise
        order, everyone = np.argsort(-worth, axis=1), np.arange(len(X))
        for column in order.T:
            after = use + self.A.T[column]
            fits = ~X[everyone, column] & (worth[everyone, column] > 0) & (self._broken(after) == 0)
            X[everyone[fits], column[fits]] = True
            use[fits] = after[fits]
        return X

    def _flip(self, X: NDArray[np.bool_], use: Floats) -> None:
        """Mend broken rows in place, one flip after the other, as long as a flip helps."""
        bad = np.flatnonzero(self._broken(use) > 0)
        for _ in range(X.shape[1]):
            going = []
            for i in bad:
                steps = self.A.T * np.where(X[i], -1, 1)[:, None]
                broken = self._broken(use[i] + steps)
                j = int(np.argmin(broken * (1 + 0.1 * self.rng.random(len(broken)))))
                if broken[j] >= self._broken(use[i][None])[0]:
                    continue
                X[i, j] = ~X[i, j]
                use[i] = use[i] + steps[j]
                if broken[j] > 0:
                    going.append(i)
            if not going:
                return
            bad = np.array(going)

    def _broken(self, use: Floats) -> Floats:
        """By how much rows are broken in all, for each row of ``use`` ``(k, m)``; ``(k,)``."""
        over = np.maximum(use - self.high, 0) + np.maximum(self.low - use, 0)
        broken: Floats = np.where(over > 1e-9, over, 0).sum(axis=1)
        return broken
