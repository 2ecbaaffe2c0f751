"""Blocks: a problem in whole columns as blocks of choices, with the rows that still run across blocks.

Columns tied by small rows (a precedence, an exclusive group) become one block whose choices are listed once. The rows
inside a block then vanish, and every bound treats them exactly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from models.problem import Floats, Ints, Problem
from optimizer.engines.labels.compiled import compiled

__all__ = ["Blocks", "blocks"]

CHOICES = 64
"""Most choices of a block."""
JOINED = 4096
"""Most combinations looked at while blocks are joined."""
SMALL = 12
"""Most columns of a row that may tie blocks."""
ACROSS = 160
"""Most rows across blocks: their figures are kept for every choice."""


@dataclass(frozen=True, eq=False)
class Blocks:
    """``nb`` blocks with ``O`` choices in all; block ``b`` has the choices from ``first[b]`` on.

    ``figures`` ``(O, p + m)`` are what each choice adds to the objectives (minimised) and to the rows across blocks,
    whose places in the problem are ``rows`` ``(m,)`` and whose sides are ``low`` and ``high``. Block ``b`` holds the
    columns ``columns[start[b]:start[b + 1]]``; choice ``o`` gives them ``values[at[o]:]``.
    """

    p: int
    first: Ints
    figures: Floats
    rows: Ints
    low: Floats
    high: Floats
    start: Ints
    columns: Ints
    at: Ints
    values: Ints

    def __len__(self) -> int:
        return len(self.first) - 1

    @property
    def tied(self) -> list[list[int]]:
        """Columns of each block of several."""
        several = np.flatnonzero(np.diff(self.start) > 1)
        return [self.columns[self.start[b] : self.start[b + 1]].tolist() for b in several]

    def portfolio(self, pick: Ints) -> Floats:
        """Columns ``(n,)`` for the choice picked in each block ``(nb,)``."""
        return _portfolio(self.first, self.start, self.columns, self.at, self.values, pick)


def blocks(problem: Problem) -> Blocks | None:
    """The blocks of ``problem``; ``None`` if it has continuous columns, wide ones, rows in fractions, or too many rows
    across blocks."""
    lower, upper = np.ceil(problem.lower), np.floor(problem.upper)
    if not problem.integer.all() or np.any(upper - lower >= CHOICES) or np.any(lower > upper):
        return None
    A = problem.A
    width = np.diff(A.indptr)
    if np.any(A.data != np.rint(A.data)) or int((width > SMALL).sum()) > ACROSS:
        return None
    home, multiple, across = _tied(problem, lower.astype(np.int64), upper.astype(np.int64))
    if across is None or len(across) > ACROSS:
        return None
    return _flat(problem, home, multiple, across, lower.astype(np.int64), upper.astype(np.int64))


def _tied(
    problem: Problem, lower: Ints, upper: Ints
) -> tuple[Ints, dict[int, tuple[list[int], Ints]], list[int] | None]:
    """The block of each column ``(n,)``, the columns and choices of blocks of several columns, rows across blocks."""
    A, n = problem.A, len(problem.columns)
    home = np.arange(n)
    multiple: dict[int, tuple[list[int], Ints]] = {}
    across = []
    width = np.diff(A.indptr)
    for i in np.argsort(width, kind="stable"):
        part = slice(A.indptr[i], A.indptr[i + 1])
        columns, figures = A.indices[part], A.data[part]
        if len(columns) == 0:
            if not problem.row_lower[i] <= 0 <= problem.row_upper[i]:
                return home, multiple, None
            continue
        if len(columns) > SMALL:
            across.append(int(i))
            continue
        parts = list(dict.fromkeys(home[columns].tolist()))
        members: list[int] = []
        choices = np.zeros((1, 0), dtype=np.int64)
        for b in parts:
            own, options = multiple.get(b) or ([b], np.arange(lower[b], upper[b] + 1)[:, None])
            if len(choices) * len(options) > JOINED:
                break
            choices = np.hstack([np.repeat(choices, len(options), axis=0), np.tile(options, (len(choices), 1))])
            members += own
        else:
            place = {j: k for k, j in enumerate(members)}
            activity = choices[:, [place[int(j)] for j in columns]] @ figures
            choices = choices[(activity >= problem.row_lower[i]) & (activity <= problem.row_upper[i])]
            if len(parts) == 1 or len(choices) <= CHOICES:
                if not len(choices):
                    return home, multiple, None
                for b in parts:
                    multiple.pop(b, None)
                home[members] = members[0]
                multiple[members[0]] = members, choices
                continue
        across.append(int(i))
    return home, multiple, across


def _flat(
    problem: Problem,
    home: Ints,
    multiple: dict[int, tuple[list[int], Ints]],
    across: list[int],
    lower: Ints,
    upper: Ints,
) -> Blocks:
    heads = np.unique(home)
    singles = np.array([j for j in heads.tolist() if j not in multiple], dtype=np.int64)
    spread = upper[singles] - lower[singles] + 1
    several = list(multiple.values())
    counts = np.concatenate([spread, [len(choices) for _, choices in several]]).astype(np.int64)
    first = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    width = np.concatenate([np.ones(len(singles)), [len(members) for members, _ in several]]).astype(np.int64)
    start = np.concatenate([[0], np.cumsum(width)]).astype(np.int64)
    columns = np.concatenate([singles, *(members for members, _ in several)]).astype(np.int64)
    steps = np.arange(int(spread.sum())) - np.repeat(first[: len(singles)], spread) + np.repeat(lower[singles], spread)
    values = np.concatenate([steps, *(choices.ravel() for _, choices in several)]).astype(np.int64)
    at = np.concatenate([[0], np.cumsum(np.repeat(width, counts))])[:-1].astype(np.int64)
    owner = np.repeat(np.arange(int(first[-1])), np.repeat(width, counts))
    column = _owned(first, start, columns)
    chosen = sp.csr_array((values, (owner, column)), shape=(int(first[-1]), len(problem.columns)))
    figures = (
        np.hstack([chosen @ problem.costs.T, (chosen @ problem.A[across].T).toarray()])
        if across
        else (chosen @ problem.costs.T)
    )
    return Blocks(
        p=len(problem.objectives),
        first=first,
        figures=np.ascontiguousarray(figures, dtype=np.float64),
        rows=np.array(across, dtype=np.int64),
        low=problem.row_lower[across],
        high=problem.row_upper[across],
        start=start,
        columns=columns,
        at=at,
        values=values,
    )


@compiled
def _owned(first: Ints, start: Ints, columns: Ints) -> Ints:
    """The column of each entry of ``values``."""
    total = 0
    for b in range(len(first) - 1):
        total += (first[b + 1] - first[b]) * (start[b + 1] - start[b])
    out = np.empty(total, np.int64)
    total = 0
    for b in range(len(first) - 1):
        for _ in range(first[b], first[b + 1]):
            for c in range(start[b], start[b + 1]):
                out[total] = columns[c]
                total += 1
    return out


@compiled
def _portfolio(first: Ints, start: Ints, columns: Ints, at: Ints, values: Ints, pick: Ints) -> Floats:
    x = np.zeros(len(columns))
    for b in range(len(first) - 1):
        o = first[b] + pick[b]
        for c in range(start[b], start[b + 1]):
            x[columns[c]] = values[at[o] + c - start[b]]
    return x
