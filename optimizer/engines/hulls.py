"""Hulls: inequalities that follow from all rows of one town together.

Most of what makes relaxations poor happens within a town: a level of growth that half of its projects would reach by
halves, roads that are worth something only together. Rows *across* towns, a fund or a ceiling of the county, are few
and have prices in every relaxation; what they take at these prices put into the objective ``d``, each town ``b`` is a
small model of its own whose least ``z_b`` a MIP finds in no time, and

    Σ_{j in b} d_j x_j >= z_b

holds for all portfolios. Once none of these is missed, a relaxation is as good as the Lagrangian bound that keeps all
towns whole (Geoffrion 1974, "Lagrangean relaxation for integer programming"), and unlike the bound itself they serve
every other relaxation as well. They are as trustworthy as the dual bounds of the solver. A plan of the town that is
already known to be no dearer than what the relaxation has there spares asking.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import highspy
import numpy as np
import scipy.sparse as sp

from models.problem import Floats, Ints
from optimizer.engines.built import Built
from optimizer.engines.cuts import DUST, Cuts, joined, safe, stacked
from optimizer.engines.finite import finite_bounds
from optimizer.engines.linear import linear_model, quiet_solver, run, scale

__all__ = ["Hulls"]

WORTH = 2e-4
"""Towns are exact to this, and less is not worth a row: in units of the objective, where ranges are about 1 long."""
SECONDS = 1.0
"""Seconds for one town."""
LOOSE = 1e-6
"""The least is lowered by this share of the largest price, for rounding errors of the solver."""
PLANS = 50
"""Plans of a town that are remembered."""
ANYWHERE = -2
"""The town of a column that has no place yet."""


@dataclass(eq=False)
class _Town:
    """Its ``columns`` ``(c,)``, a solver with the rows that hold no others, and ``plans`` ``(c,)`` known of it."""

    columns: Ints
    solver: Any
    plans: deque[Floats] = field(default_factory=lambda: deque(maxlen=PLANS))


class Hulls:
    """The towns of the model of ``built``; there are none if all projects lie in one.

    >>> from dataclasses import replace
    >>> from models.problem import Problem
    >>> two = Problem.from_arrays([[3, 3, 2], [1, 1, 1]], [[2, 2, 0], [1, 1, 1]], [3, 2])
    >>> decisions = [replace(d, town=town) for d, town in zip(two.decisions, ["hill", "hill", "dale"])]
    >>> hulls = Hulls(Built(replace(two, decisions=tuple(decisions))))
    >>> cuts = hulls.missed(np.array([0.75, 0.75, 0.5]), -two.C[0], two.A, np.array([-0.5, -2.0]), lambda: False)
    >>> cuts.A.toarray().tolist(), cuts.upper.round(4).tolist()  # of the two on the hill, no more than one
    ([[1.0, 1.0, 0.0]], [1.0])
    """

    def __init__(self, built: Built) -> None:
        self._problem, self._home = built.problem, _homes(built)
        self._lower, self._upper = finite_bounds(built.problem)
        self._row_home = _town_of_rows(built.problem.A, self._home)
        towns = range(self._home.max(initial=-1) + 1)
        self._towns = [self._town(b) for b in towns] if len(towns) > 1 else []

    def missed(self, x: Floats, cost: Floats | Ints, A: sp.csr_array, prices: Floats, over: Callable[[], bool]) -> Cuts:
        """Inequalities that ``x`` ``(n,)`` breaks, a solution of a relaxation that minimises ``cost`` ``(n,)``.

        ``A`` ``(m, n)`` are its rows with their ``prices`` ``(m,)``. No further town is asked when it is ``over()``.
        """
        across = np.where(_town_of_rows(A, self._home) < 0, prices, 0.0)
        reduced = cost - A.T @ across
        columns, figures, sides = list[Ints](), list[Floats](), list[float]()
        for town in self._towns:
            if over():
                break
            own = reduced[town.columns]
            largest = float(np.abs(own).max())
            own = np.where(np.abs(own) < DUST * largest, 0.0, own)  # which cuts do without
            least = self._least(town, own, float(own @ x[town.columns]), over) if largest > 0 else None
            if least is not None:
                columns.append(town.columns[own != 0])
                figures.append(-own[own != 0] / largest)
                sides.append(LOOSE - least / largest)
        return joined([safe(stacked(columns, figures, len(x)), np.array(sides), self._lower, self._upper)])

    def _least(self, town: _Town, costs: Floats, value: float, over: Callable[[], bool]) -> float | None:
        """A lower bound of the town at these ``costs`` ``(c,)`` if it is worth more than the ``value`` of now."""
        if any(plan @ costs <= value + WORTH for plan in town.plans):
            return None
        solver, times = town.solver, scale(costs)
        solver.changeColsCost(len(costs), np.arange(len(costs), dtype=np.int32), costs * times)
        solver.setOptionValue("mip_abs_gap", WORTH * times)
        run(solver, over)
        if solver.getModelStatus().name not in {"kOptimal", "kTimeLimit"}:
            return None
        info = solver.getInfo()
        if info.primal_solution_status == 2:  # kSolutionStatusFeasible
            town.plans.append(np.array(solver.getSolution().col_value))
        least = float(info.mip_dual_bound) / times
        return least if value + WORTH < least < np.inf else None

    def _town(self, b: int) -> _Town:
        problem, columns, rows = self._problem, np.flatnonzero(self._home == b), self._row_home == b
        solver = quiet_solver(mip_rel_gap=0.0, time_limit=SECONDS)
        solver.HandleUserInterrupt = True
        lp = linear_model(
            sp.csr_array(problem.A[rows][:, columns]),
            problem.row_lower[rows],
            problem.row_upper[rows],
            self._lower[columns],
            self._upper[columns],
            whole=problem.integer[columns],
        )
        if solver.passModel(lp) == highspy.HighsStatus.kError:
            raise RuntimeError(f"HiGHS refused a town of {problem.name}")
        return _Town(columns, solver)


def _homes(built: Built) -> Ints:
    """The town of each column ``(n + g,)``, counted from 0; -1: of none, or of several.

    What decides nothing belongs to the town of most of the rows that hold no other towns' columns: first what rows say
    of a single column that has no place yet, then what they say of several.
    """
    problem = built.problem
    towns = {town: b for b, town in enumerate(sorted({d.town for d in problem.decisions if d.town}))}
    n = len(problem.columns)
    home = np.full(n, ANYWHERE, dtype=np.int64)
    home[[d.column for d in problem.decisions]] = [towns.get(d.town, -1) for d in problem.decisions]
    home[n - built.sums.shape[0] :] = home[built.sums.indices[built.sums.indptr[:-1]]]
    A = problem.A
    rows, alone = np.repeat(np.arange(A.shape[0]), np.diff(A.indptr)), True
    while True:
        town, open_ = _town_of_rows(A, home), home[A.indices] == ANYWHERE
        told = (town >= 0)[rows] & open_
        if alone:
            told &= (np.bincount(rows[open_], minlength=len(town)) == 1)[rows]
        votes = np.zeros((n, max(1, len(towns))), dtype=np.int64)
        np.add.at(votes, (A.indices[told], town[rows[told]]), 1)
        new = 2 * votes.max(axis=1) > votes.sum(axis=1)
        home[new] = votes.argmax(axis=1)[new]
        if not alone and not new.any():
            return np.maximum(home, -1)
        alone = bool(new.any())


def _town_of_rows(A: sp.csr_array, home: Ints) -> Ints:
    """The town of all columns of each row ``(m,)`` that have a place; -1 if there is no such town."""
    least, most = np.full(A.shape[0], np.iinfo(np.int64).max), np.full(A.shape[0], -1, dtype=np.int64)
    mine, rows = home[A.indices], np.repeat(np.arange(A.shape[0]), np.diff(A.indptr))
    placed = mine != ANYWHERE
    np.minimum.at(least, rows[placed], mine[placed])
    np.maximum.at(most, rows[placed], mine[placed])
    return np.where(least == most, most, -1)
