"""Random 0/1 models of up to 18 columns with rows of every kind, and their fronts by enumeration."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from models.problem import Problem

__all__ = ["KINDS", "enumerated", "random_model"]

Ints = NDArray[np.int64]


@dataclass
class Draft:
    """A model that grows row by row. Sides are set around the portfolio ``x`` ``(n,)``, so that it is feasible; but for
    one in eight models, whose sides take no heed of it."""

    rng: np.random.Generator
    x: Ints
    free: list[int]
    rows: list[tuple[Ints, float, float]]

    def columns(self, most: int = 6) -> Ints:
        n = len(self.x)
        return self.rng.permutation(n)[: self.rng.integers(2, min(n, most) + 1)]

    def row(self, columns: Ints, figures: object, low: float, high: float) -> None:
        a = np.zeros(len(self.x), dtype=np.int64)
        a[columns] = figures
        self.rows.append((a, low, high))

    def at(self, columns: Ints, figures: Ints) -> int:
        return int(figures @ self.x[columns])


def budget(d: Draft) -> None:
    n = len(d.x)
    cost = d.rng.integers(1, 40, n)
    d.row(np.arange(n), cost, -np.inf, max(int(cost.sum() * d.rng.uniform(0.3, 0.6)), d.at(np.arange(n), cost)))


def land(d: Draft) -> None:
    """Some projects give land back: a row with negative figures, and at times a lower side."""
    n = len(d.x)
    area = d.rng.integers(-15, 25, n)
    used = d.at(np.arange(n), area)
    low = used - int(d.rng.integers(0, 30)) if d.rng.random() < 0.4 else -np.inf
    d.row(np.arange(n), area, low, used + int(d.rng.integers(0, 30)))


def at_least(d: Draft) -> None:
    columns = d.columns()
    worth = d.rng.integers(0, 12, len(columns))
    d.row(columns, worth, d.at(columns, worth) - int(d.rng.integers(0, 5)), np.inf)


def two_sided(d: Draft) -> None:
    columns = d.columns(9)
    figures = d.rng.integers(-6, 12, len(columns))
    used = d.at(columns, figures)
    d.row(columns, figures, used - int(d.rng.integers(0, 6)), used + int(d.rng.integers(0, 6)))


def equality(d: Draft) -> None:
    columns = d.columns(5)
    figures = d.rng.integers(-2, 5, len(columns))
    used = d.at(columns, figures)
    d.row(columns, figures, used, used)


def precedence(d: Draft) -> None:
    a, b = sorted(d.columns(2), key=lambda j: d.x[j])
    d.row(np.array([a, b]), [1, -1], -np.inf, 0)


def incompatible(d: Draft) -> None:
    columns = d.columns(2)
    if d.x[columns].sum() < 2:
        d.row(columns, 1, -np.inf, 1)


def exclusive(d: Draft) -> None:
    columns = d.columns()
    taken = columns[d.x[columns] == 1]
    d.row(np.setdiff1d(columns, taken[1:]), 1, -np.inf, 1)


def exactly_one(d: Draft) -> None:
    columns = d.columns()
    taken = columns[d.x[columns] == 1]
    if len(taken):
        d.row(np.setdiff1d(columns, taken[1:]), 1, 1, 1)


def count(d: Draft) -> None:
    """At least, at most, or both."""
    columns = d.columns(8)
    taken = int(d.x[columns].sum())
    low, high = max(0, taken - int(d.rng.integers(0, 2))), taken + int(d.rng.integers(0, 2))
    side = d.rng.integers(3)
    d.row(columns, 1, -np.inf if side == 0 else low, np.inf if side == 1 else high)


def synergy(d: Draft) -> None:
    """A column that is the product of others."""
    if len(d.free) > 4:
        z, columns = d.free.pop(), np.array(d.free)[: d.rng.integers(2, 4)]
        d.x[z] = d.x[columns].min()
        for j in columns:
            d.row(np.array([z, j]), [1, -1], -np.inf, 0)
        d.row(np.append(columns, z), [1] * len(columns) + [-1], -np.inf, len(columns) - 1)


def coverage(d: Draft) -> None:
    """A column that is 1 only where one of others is, and, in half of the models, then always."""
    if len(d.free) > 4:
        u, columns = d.free.pop(), np.array(d.free)[-int(d.rng.integers(2, 4)) :]
        d.x[u] = d.x[columns].max()
        d.row(np.append(columns, u), [-1] * len(columns) + [1], -np.inf, 0)
        if d.rng.random() < 0.5:
            for j in columns:
                d.row(np.array([j, u]), [1, -1], -np.inf, 0)


KINDS: tuple[Callable[[Draft], None], ...] = (
    *(budget, land, at_least, two_sided, equality, precedence, incompatible, exclusive, exactly_one, count),
    *(synergy, coverage),
)
"""Kinds of rows; auxiliaries come before the sides of other rows are set."""


def random_model(seed: int) -> Problem:
    """2 to 6 objectives of mixed senses over 6 to 18 columns; one to seven kinds of rows, some of them twice.

    In a third of the models some projects equal others; in one of ten the figures are large.
    """
    rng = np.random.default_rng([4, seed])
    p, n = 2 + seed % 5, int(rng.integers(6, 19))
    draft = Draft(rng, (rng.random(n) < 0.45).astype(np.int64), list(rng.permutation(n)), [])
    kinds = list(rng.choice(len(KINDS), size=int(rng.integers(1, 8)), replace=rng.random() < 0.3))
    for kind in sorted(kinds, reverse=True):
        KINDS[kind](draft)
    if not draft.rows or n > 14:  # without a budget, the fronts of many columns are endless
        budget(draft)
    C = rng.integers(-9, 30, (p, n)) * (10 ** int(rng.integers(6, 12)) if seed % 10 == 9 else 1)
    A = np.array([row for row, _, _ in draft.rows])
    if seed % 3 == 0:
        for twin, of in rng.permutation(n)[:4].reshape(2, 2):
            C[:, twin] = C[:, of]
            if rng.random() < 0.5:
                A[:, twin] = A[:, of]
    low, high = [low for _, low, _ in draft.rows], [high for _, _, high in draft.rows]
    if seed % 8 == 7:
        low = [side + int(rng.integers(-1, 3)) for side in low]
    problem = Problem.from_arrays(C, A, high, row_lower=low, name=f"model {seed}")
    senses = rng.choice(["max", "min"], p)
    return replace(
        problem, objectives=tuple(replace(o, sense=s) for o, s in zip(problem.objectives, senses, strict=True))
    )


@lru_cache(maxsize=4)
def enumerated(problem: Problem) -> Ints:
    """All nondominated points in minimised quanta, in lexicographic order; ``(k, p)``.

    Every portfolio is a lower half and an upper half of the columns, whose sums are made once.
    """
    n = len(problem.columns)
    A = np.rint(problem.A.toarray()).astype(np.int64)
    feasible = np.ones(2**n, dtype=bool)
    for row, low, high in zip(A, problem.row_lower, problem.row_upper, strict=True):
        used = _sums(row)
        feasible &= (used >= low) & (used <= high)
    for j in np.flatnonzero(problem.lower == problem.upper):
        feasible &= (np.arange(2**n) >> j & 1) == problem.lower[j]
    Y = np.stack([_sums(row)[feasible] for row in problem.costs], axis=1)
    Y = Y[np.argsort(Y.sum(axis=1), kind="stable")]  # what dominates a point has a smaller sum
    front = []
    while len(Y):
        front.append(Y[0].copy())
        Y = Y[np.any(Y < Y[0], axis=1)]
    points = np.array(front, dtype=np.int64).reshape(-1, len(problem.costs))
    return np.unique(points, axis=0)


def _sums(row: Ints) -> Ints:
    """``row · x`` for every portfolio ``x``, column ``j`` being bit ``j`` of its place; ``(2**n,)``."""
    half = len(row) // 2
    low, high = (((np.arange(2 ** len(a))[:, None] >> np.arange(len(a))) & 1) @ a for a in (row[:half], row[half:]))
    return (high[:, None] + low[None, :]).ravel()
