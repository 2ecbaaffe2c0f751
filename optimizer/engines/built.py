"""Built: a model that also says whether a project is built at all, whenever that may be.

A project that can start in several periods has a 0/1 column for each of them, and nearly every row counts all of them
alike: what is built takes its land and does its good in whatever year it began. One more column ``built = Σ_t start_t``
for each such project takes the place of its starts wherever a row or an objective counts them alike. The portfolios
and the linear relaxation stay the same, but the model has half the figures, and solvers find covers, cliques and
implications between projects that they do not find between starts; to decide first if, and then when, parts the
portfolios more evenly, too (Beale & Tomlin 1970, "Special facilities in a general mathematical programming system for
non-convex problems using ordered sets of variables").
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from models.problem import Floats, Ints, Problem

__all__ = ["Built"]


class Built:
    """``problem`` ``(n,)`` with ``g`` columns more, one for each project of which a row lets one start be chosen.

    >>> one = Problem.from_arrays([[3, 3, 1]], [[1, 1, 0], [2, 2, 1]], [1, 4], projects=("road", "road", "park"))
    >>> wide = Built(one)
    >>> wide.problem.C.tolist(), wide.problem.A.toarray().tolist()
    ([[0, 0, 1, 3]], [[0.0, 0.0, 1.0, 2.0], [1.0, 1.0, 0.0, -1.0]])
    >>> wide.widened(np.array([0.0, 1.0, 1.0])).tolist()
    [0.0, 1.0, 1.0, 1.0]
    """

    def __init__(self, problem: Problem) -> None:
        groups = _groups(problem)
        n, g = len(problem.columns), len(groups)
        ends = np.cumsum([0, *map(len, groups)])
        members = np.concatenate([np.zeros(0, dtype=np.int64), *groups])
        self.sums = sp.csr_array((np.ones(len(members)), members, ends), shape=(g, n))
        """``(g, n)``: the starts of each project."""
        self.problem = _widened(problem, self.sums) if g else problem
        """``(n + g,)``: the columns of the problem, then whether each project is built."""

    def widened(self, x: Floats) -> Floats:
        """A point ``(n,)`` of the problem with the columns more."""
        return np.append(x, self.sums @ x)


def _groups(problem: Problem) -> list[Ints]:
    """Columns of each project with several starts of which a row lets at most one be chosen."""
    starts: dict[str, list[int]] = defaultdict(list)
    for decision in problem.decisions:
        starts[decision.project].append(decision.column)
    several = [np.array(columns) for columns in starts.values() if len(columns) > 1]
    if not several:
        return []
    A = problem.A
    negative = (A.data < 0) | (problem.lower[A.indices] < 0)
    rows = np.unique(np.repeat(np.arange(A.shape[0]), np.diff(A.indptr))[negative])
    packs = np.setdiff1d(np.flatnonzero(problem.row_upper == 1), rows)
    ones = sp.csc_array(A[packs] == 1)
    return [columns for columns in several if np.any(ones[:, columns].sum(axis=1) == len(columns))]


def _widened(problem: Problem, sums: sp.csr_array) -> Problem:
    g, n = sums.shape
    group = np.full(n, -1, dtype=np.int64)
    group[sums.indices] = np.repeat(np.arange(g), np.diff(sums.indptr))
    A, said = _gathered(problem.A, sums, group)
    alone = (np.diff(A.indptr) == 1) & said & (problem.row_lower <= 0) & (problem.row_upper == 1)
    kept = np.flatnonzero(~alone)
    C, _ = _gathered(sp.csr_array(problem.C), sums, group)
    names = {decision.column: decision.project for decision in problem.decisions}
    built = tuple(f"built[{names[column]}]" for column in sums.indices[sums.indptr[:-1]])
    return replace(
        problem,
        C=C.toarray(),
        A=sp.csr_array(sp.vstack([A[kept], sp.hstack([sums, -sp.eye_array(g)])])),
        row_lower=np.append(problem.row_lower[kept], np.zeros(g)),
        row_upper=np.append(problem.row_upper[kept], np.zeros(g)),
        lower=np.append(problem.lower, np.zeros(g)),
        upper=np.append(problem.upper, np.ones(g)),
        integer=np.append(problem.integer, np.ones(g, dtype=np.bool_)),
        rows=(*(problem.rows[i] for i in kept), *built),
        columns=problem.columns + built,
    )


def _gathered(M: sp.csr_array, sums: sp.csr_array, group: Ints) -> tuple[sp.csr_array, NDArray[np.bool_]]:
    """``M`` ``(m, n)`` as ``(m, n + g)`` with the same sums, and which rows hold nothing but what is built.

    What most starts of a project have in a row goes to its column; the others keep what they have more.
    """
    base = _most(M, group, np.diff(sums.indptr))
    rest = sp.csr_array(M - base @ sums.astype(M.dtype))
    rest.eliminate_zeros()
    return sp.csr_array(sp.hstack([rest, base])), np.diff(rest.indptr) == 0


def _most(M: sp.csr_array, group: Ints, sizes: Ints) -> sp.csr_array:
    """What more than one column of a group has in a row, and more than have any other figure there; ``(m, g)``."""
    g, entries = len(sizes), sp.coo_array(M)
    mine = (group[entries.col] >= 0) & (entries.data != 0)
    pair, figure = entries.row[mine].astype(np.int64) * g + group[entries.col[mine]], entries.data[mine]
    order = np.lexsort((figure, pair))
    pair, figure = pair[order], figure[order]
    first = np.flatnonzero((np.diff(pair, prepend=-1) != 0) | (np.diff(figure, prepend=0) != 0))
    count = np.diff(np.append(first, len(pair)))
    pairs, place = np.unique(pair[first], return_inverse=True)
    missing = sizes[pairs % g] - np.bincount(place, weights=count, minlength=len(pairs))
    order = np.lexsort((-count, place))
    leads = order[np.unique(place[order], return_index=True)[1]]
    leads = leads[count[leads] > np.maximum(missing[place[leads]], 1)]
    pair, figure = pair[first[leads]], figure[first[leads]]
    return sp.csr_array((figure, (pair // g, pair % g)), shape=(M.shape[0], g))
