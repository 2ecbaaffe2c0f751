"""Limits: bounds of columns that have none of their own, from the rows that hold them."""

from __future__ import annotations

import numpy as np

from models.problem import Floats, Problem

__all__ = ["limits"]

ROUNDS = 20
OUTWARD = 1e-9
"""Share by which a bound is moved outward, which outweighs every rounding error."""


def limits(problem: Problem) -> tuple[Floats, Floats]:
    """Lower and upper bounds ``(n,)`` that every feasible portfolio keeps, finite wherever the rows imply it.

    A row bounds a column if all its other columns are bounded on the side that counts (activity bounds; Savelsbergh
    1994).
    """
    lower, upper = problem.lower.copy(), problem.upper.copy()
    A = problem.A
    loose = np.isinf(lower) | np.isinf(upper)
    rows = np.flatnonzero(np.diff(A.indptr) > 0)
    rows = rows[[bool(loose[A.indices[A.indptr[i] : A.indptr[i + 1]]].any()) for i in rows]]
    for _ in range(ROUNDS):
        changed = False
        for i in rows:
            part = slice(A.indptr[i], A.indptr[i + 1])
            columns, figures = A.indices[part], A.data[part]
            for sign, side in ((1.0, problem.row_upper[i]), (-1.0, -problem.row_lower[i])):
                if np.isfinite(side):
                    changed |= _bounded(columns, sign * figures, float(side), lower, upper, problem.integer)
        if not changed:
            break
    return lower, upper


def _bounded(
    columns: np.ndarray, figures: Floats, side: float, lower: Floats, upper: Floats, whole: np.ndarray
) -> bool:
    """Bound the columns without a bound in the row ``figures · x <= side``."""
    least = np.where(figures > 0, figures * lower[columns], figures * upper[columns])
    least[figures == 0] = 0.0
    missing = np.flatnonzero(np.isinf(least))
    if len(missing) > 1:
        return False
    changed = False
    for k in missing if len(missing) else range(len(columns)):
        j, a = int(columns[k]), float(figures[k])
        ends = upper if a > 0 else lower
        if a == 0 or np.isfinite(ends[j]):
            continue
        others = np.delete(least, k)
        room = side - float(others.sum())
        room += OUTWARD * (abs(side) + float(np.abs(others).sum()) + 1.0)
        ends[j] = room / a
        changed = True
    return changed
