"""Finite: how far columns and objectives can go, by the columns' own bounds or by what rows leave them."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from models.problem import Floats, Ints, Problem

__all__ = ["activity_bounds", "finite_bounds"]


def finite_bounds(problem: Problem) -> tuple[Floats, Floats]:
    """The columns' bounds; an infinite upper one is replaced by what a row allows, if one does."""
    lower, upper = problem.lower.copy(), problem.upper.copy()
    by_column = sp.csc_array(problem.A)
    for _ in range(3):
        for j in np.flatnonzero(~np.isfinite(upper)):
            for i in by_column.indices[by_column.indptr[j] : by_column.indptr[j + 1]]:
                span = slice(problem.A.indptr[i], problem.A.indptr[i + 1])
                columns, figures = problem.A.indices[span], problem.A.data[span]
                own = float(figures[columns == j][0])
                side = problem.row_upper[i] if own > 0 else -problem.row_lower[i]
                figures = figures if own > 0 else -figures
                others = columns != j
                with np.errstate(invalid="ignore"):
                    ends = np.where(figures > 0, figures * lower[columns], figures * upper[columns])[others]
                if np.isfinite(side) and np.all(np.isfinite(ends)):
                    upper[j] = min(upper[j], (side - float(ends.sum())) / abs(own) * (1 + 1e-9) + 1e-9)
    return lower, upper


def activity_bounds(costs: Ints, problem: Problem) -> tuple[Ints, Ints]:
    """Bounds of each objective from the columns' bounds alone, proved without a solver; ``(p,)`` and ``(p,)``."""
    lower = np.where(problem.integer, problem.lower, 0.0).astype(np.int64)
    upper = np.where(problem.integer, problem.upper, 0.0).astype(np.int64)
    ends = costs * lower, costs * upper
    return np.minimum(*ends).sum(axis=1), np.maximum(*ends).sum(axis=1)
