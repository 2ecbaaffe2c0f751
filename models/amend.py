"""Amend: a problem with wishes added to it or rules taken away; objectives and columns stay."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor, inf

import numpy as np
import scipy.sparse as sp

from models.problem import Problem

__all__ = ["Wish", "built", "reaching", "with_projects", "with_rows", "without_rows"]


@dataclass(frozen=True)
class Wish:
    """A row to add: ``lower <= Σ coefficients[column] * x[column] <= upper``, in whole numbers."""

    name: str
    coefficients: Mapping[int, float]
    lower: float = -inf
    upper: float = inf


def with_rows(problem: Problem, rows: Sequence[Wish]) -> Problem:
    """``problem`` with further rows at its end.

    >>> knapsack = Problem.from_arrays([[3, 4]], [[2, 3]], [4])
    >>> with_rows(knapsack, [Wish("wish[both or none]", {0: 1, 1: -1}, 0, 0)]).rows
    ('row[1]', 'wish[both or none]')
    """
    if not rows:
        return problem
    added = sp.lil_array((len(rows), len(problem.columns)))
    for i, row in enumerate(rows):
        for column, coefficient in row.coefficients.items():
            added[i, column] = coefficient
    return replace(
        problem,
        A=sp.csr_array(sp.vstack([problem.A, added.tocsr()])),
        row_lower=np.concatenate([problem.row_lower, [row.lower for row in rows]]),
        row_upper=np.concatenate([problem.row_upper, [row.upper for row in rows]]),
        rows=(*problem.rows, *(row.name for row in rows)),
    )


def without_rows(problem: Problem, names: Collection[str]) -> Problem:
    """``problem`` without the rows of these names."""
    kept = [i for i, name in enumerate(problem.rows) if name not in names]
    return replace(
        problem,
        A=problem.A[kept],
        row_lower=problem.row_lower[kept],
        row_upper=problem.row_upper[kept],
        rows=tuple(problem.rows[i] for i in kept),
    )


def built(problem: Problem, project: str) -> dict[int, float]:
    """The columns whose sum is 1 if ``project`` is chosen and 0 if not; empty if it has no period to start in."""
    return {decision.column: 1.0 for decision in problem.decisions if decision.project == project}


def with_projects(problem: Problem, *, inside: Iterable[str] = (), outside: Iterable[str] = ()) -> Problem:
    """``problem`` for those portfolios that contain all projects of ``inside`` and none of ``outside``.

    >>> knapsack = Problem.from_arrays([[3, 4]], [[2, 3]], [4])
    >>> with_projects(knapsack, inside=["P1"], outside=["P2"]).lower.tolist()
    [1.0, 0.0]
    """
    lower, upper = problem.lower.copy(), problem.upper.copy()
    rows = []
    for project in dict.fromkeys(inside):
        columns = built(problem, project)
        if len(columns) == 1:
            lower[list(columns)] = 1.0
        else:  # one of its periods; without any the row cannot hold
            rows.append(Wish(f"wish[{project} inside]", columns, 1.0))
    for project in outside:
        upper[list(built(problem, project))] = 0.0
    crossed = np.flatnonzero(lower > upper)
    if len(crossed):
        rows.append(Wish("wish[inside and forbidden]", {int(j): 1.0 for j in crossed}, len(crossed)))
        lower[crossed] = 0.0
    return with_rows(replace(problem, lower=lower, upper=upper), rows)


def reaching(problem: Problem, bounds: Mapping[str, tuple[Fraction | None, Fraction | None]]) -> Problem:
    """``problem`` for those portfolios whose objectives lie within ``bounds`` (least, most), in their own units.

    >>> knapsack = Problem.from_arrays([[3, 4]], [[2, 3]], [4])
    >>> reaching(knapsack, {"f1": (Fraction(7, 2), None)}).row_lower.tolist()
    [-inf, 4.0]
    """
    rows = []
    for k, objective in enumerate(problem.objectives):
        if objective.name in bounds:
            least, most = bounds[objective.name]
            lower = -inf if least is None else ceil(objective.count(least))
            upper = inf if most is None else floor(objective.count(most))
            coefficients = {int(j): float(problem.C[k, j]) for j in np.flatnonzero(problem.C[k])}
            rows.append(Wish(f"wish[{objective.name}]", coefficients, lower, upper))
    return with_rows(problem, rows)
