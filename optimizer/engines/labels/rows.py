"""Rows of a 0/1 problem in whole numbers, and what they force before any search."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from models.problem import Problem

__all__ = ["Row", "free_of", "reduce_rows", "refusal", "tightened", "whole_rows"]

LARGEST = 2**60
"""Largest sum of absolute figures in one row or objective that 64-bit arithmetic is trusted with."""


@dataclass(frozen=True)
class Row:
    """``sum(coefficients[j] * x[j]) <= capacity`` over the columns ``j`` that it names, all figures whole.

    ``name`` is that of the problem's row that it is a side of; ``tighter`` if a figure was made smaller.
    """

    coefficients: dict[int, int]
    capacity: int
    name: str = ""
    tighter: bool = False

    @property
    def least(self) -> int:
        return sum(a for a in self.coefficients.values() if a < 0)

    @property
    def most(self) -> int:
        return sum(a for a in self.coefficients.values() if a > 0)


def refusal(problem: Problem) -> str | None:
    """Why label setting cannot take ``problem``; ``None`` if it can.

    >>> refusal(Problem.from_arrays([[3, 4], [5, 1]], [[2, 3]], [4]))
    >>> refusal(Problem.from_arrays([[3, 4], [5, 1]], [[0.1, 3]], [4]))
    'the row row[1] has figures that are no whole numbers'
    """
    lower, upper = np.ceil(problem.lower), np.floor(problem.upper)
    for j in np.flatnonzero(lower < upper):
        if not problem.integer[j]:
            return f"the column {problem.columns[j]} is continuous"
        if lower[j] < 0 or upper[j] > 1:
            return f"the column {problem.columns[j]} is not 0/1"
    if not problem.integer.all():
        return f"the column {problem.columns[int(np.argmin(problem.integer))]} is continuous"
    A = problem.A
    for i, name in enumerate(problem.rows):
        figures = A.data[A.indptr[i] : A.indptr[i + 1]]
        if np.any(figures != np.rint(figures)):
            return f"the row {name} has figures that are no whole numbers"
        if np.abs(figures).sum() > LARGEST:
            return f"the figures of the row {name} are too large"
    reach = np.maximum(np.abs(problem.lower), np.abs(problem.upper))
    for objective, weights in zip(problem.objectives, problem.C, strict=True):
        if float(np.abs(weights) @ reach) > LARGEST:
            return f"the figures of the objective {objective.name} are too large"
    return None


def whole_rows(problem: Problem) -> list[Row]:
    """The problem's rows as ``<=`` rows; an equality and a row with two sides give two."""
    A = problem.A
    rows = []
    for i, (low, high) in enumerate(zip(problem.row_lower, problem.row_upper, strict=True)):
        part = slice(A.indptr[i], A.indptr[i + 1])
        entries = {int(j): int(a) for j, a in zip(A.indices[part], A.data[part], strict=True) if a}
        for sign, side in ((1, high), (-1, -low)):
            if side < math.inf:
                capacity = math.floor(side) if side > -math.inf else -LARGEST
                rows.append(Row({j: sign * a for j, a in entries.items()}, capacity, problem.rows[i]))
    return rows


def free_of(row: Row, fixed: dict[int, int]) -> Row:
    """``row`` with the ``fixed`` columns moved to its right side, divided by what its figures have in common."""
    left = {j: a for j, a in row.coefficients.items() if j not in fixed}
    capacity = row.capacity - sum(a * fixed[j] for j, a in row.coefficients.items() if j in fixed)
    divisor = math.gcd(*left.values()) or 1
    return Row({j: a // divisor for j, a in left.items()}, capacity // divisor, row.name, row.tighter)


def tightened(row: Row) -> Row:
    """``row`` with figures no larger than they need to be; the same choices satisfy it (Savelsbergh 1994, section 1.2).

    All choices together exceed the capacity by ``e``: a single one that takes more may as well take ``e``.

    >>> tightened(Row({0: 3, 1: 2}, 4)).coefficients
    {0: 1, 1: 1}
    """
    excess = row.most - row.capacity
    if excess <= 0 or all(abs(a) <= excess for a in row.coefficients.values()):
        return row
    lowered = Row({j: max(-excess, min(a, excess)) for j, a in row.coefficients.items()}, 0, row.name, True)
    return replace(lowered, capacity=lowered.most - excess)


def reduce_rows(rows: list[Row], fixed: dict[int, int]) -> tuple[list[Row], dict[int, int]] | None:
    """Rows that may still bind and the columns they force, to a fixed point; ``None`` if no choice satisfies them.

    A row that holds for every choice is dropped. A column whose one value would take its row beyond the capacity, with
    every other column at its best, takes the other value. Figures that are larger than they need to be are lowered.
    """
    fixed = dict(fixed)
    while True:
        kept: dict[tuple[tuple[int, int], ...], Row] = {}
        forced: dict[int, int] = {}
        for row in rows:
            row = free_of(row, fixed)
            least = row.least
            if least > row.capacity:
                return None
            if row.most <= row.capacity:
                continue
            for j, a in row.coefficients.items():
                if least + abs(a) > row.capacity:
                    if forced.get(j, int(a < 0)) != int(a < 0):
                        return None
                    forced[j] = int(a < 0)
            row = tightened(row)
            key = tuple(sorted(row.coefficients.items()))
            if key not in kept or row.capacity < kept[key].capacity:
                kept[key] = row
        rows = list(kept.values())
        if not forced:
            return rows, fixed
        fixed |= forced
