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
        starts = _starts(problem)
        n, g = len(problem.columns), len(starts)
        ends = np.cumsum([0, *map(len, starts.values())])
        members = np.concatenate([np.zeros(0, dtype=np.int64), *starts.values()])
        self.sums = sp.csr_array((np.ones(len(members)), members, ends), shape=(g, n))
        """``(g, n)``: the starts of each project."""
        self.problem = _widened(problem, tuple(starts), self.sums) if g else problem
        """``(n + g,)``: the columns of the problem, then whether each project is built."""

    def widened(self, x: Floats) -> Floats:
        """A point ``(n,)`` of the problem with the columns more."""
        return np.append(x, self.sums @ x)


def _starts(problem: Problem) -> dict[str, Ints]:
    """Columns of each project with several starts of which a row lets at most one be chosen."""
    columns: dict[str, list[int]] = defaultdict(list)
    for decision in problem.decisions:
        columns[decision.project].append(decision.column)
    several = {project: np.array(starts) for project, starts in columns.items() if len(starts) > 1}
    if not several:
        return {}
    A = problem.A
    negative = (A.data < 0) | (problem.lower[A.indices] < 0)
    rows = np.unique(np.repeat(np.arange(A.shape[0]), np.diff(A.indptr))[negative])
    packs = np.setdiff1d(np.flatnonzero(problem.row_upper == 1), rows)
    ones = sp.csc_array(A[packs] == 1)
    return {
        project: starts for project, starts in several.items() if np.any(ones[:, starts].sum(axis=1) == len(starts))
    }


def _widened(problem: Problem, projects: tuple[str, ...], sums: sp.csr_array) -> Problem:
    g, n = sums.shape
    group = np.full(n, -1, dtype=np.int64)
    group[sums.indices] = np.repeat(np.arange(g), np.diff(sums.indptr))
    A = _gathered(problem.A, sums, group)
    kept = np.flatnonzero(~_at_most_built(A, problem.row_lower, problem.row_upper, n))
    built = tuple(f"built[{project}]" for project in projects)
    return replace(
        problem,
        C=_gathered(sp.csr_array(problem.C), sums, group).toarray(),
        A=sp.csr_array(sp.vstack([A[kept], sp.hstack([sums, -sp.eye_array(g)])])),
        row_lower=np.append(problem.row_lower[kept], np.zeros(g)),
        row_upper=np.append(problem.row_upper[kept], np.zeros(g)),
        lower=np.append(problem.lower, np.zeros(g)),
        upper=np.append(problem.upper, np.ones(g)),
        integer=np.append(problem.integer, np.ones(g, dtype=np.bool_)),
        rows=(*(problem.rows[i] for i in kept), *built),
        columns=problem.columns + built,
    )


def _at_most_built(A: sp.csr_array, low: Floats, high: Floats, n: int) -> NDArray[np.bool_]:
    """Rows ``(m,)`` that say no more than a column from ``n`` on says by its bounds: that it is at most 1."""
    ones = sp.csr_array(A[:, n:] == 1)
    said: NDArray[np.bool_] = (np.diff(A.indptr) == 1) & (np.diff(ones.indptr) == 1) & (low <= 0) & (high >= 1)
    return said


def _gathered(M: sp.csr_array, sums: sp.csr_array, group: Ints) -> sp.csr_array:
    """``M`` ``(m, n)`` as ``(m, n + g)`` with the same sums.

    What most starts of a project have in a row goes to its column; the others keep what they have more.
    """
    base = _most(M, group, np.diff(sums.indptr))
    rest = sp.csr_array(M - base @ sums.astype(M.dtype))
    rest.eliminate_zeros()
    return sp.csr_array(sp.hstack([rest, base]))


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
