"""Cliques: 0/1 columns of which no two can have the values together that a relaxation gives them by halves.

A *literal* says that a 0/1 column has one of its two values. Two literals are in conflict if a row cannot be met with
both, whatever the other columns are, or if one implies what the other excludes, over as many columns between as it
takes (Atamtürk, Nemhauser & Savelsbergh 2000, "Conflict graphs in solving integer programming problems", Eur. J. Oper.
Res. 121). Where any two of some literals are in conflict, at most one of them holds (Padberg 1973):

    Σ_{(j,1) in K} x_j + Σ_{(j,0) in K} (1 - x_j) <= 1

whatever rows the conflicts come from: two projects that need the same land, a level of growth that one of them undoes,
and a town that must be open for each of the three.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from models.problem import Floats, Ints, Problem
from optimizer.engines.cuts import Cuts, joined, safe, stacked
from optimizer.engines.finite import finite_bounds

__all__ = ["SOME", "Cliques"]

DEEP = 1e-3
"""A clique is worth a row if its literals add up to this much more than 1."""
SOME = 1e-5
"""Shares of columns nearer than this to a whole number count as whole."""
CLEAR = 1e-9
"""Two literals are in conflict if a row is missed by more than this share of its figures."""
PAIRS = 1_000_000
"""Conflicts that rows may bring about in all; a row that would bring more is passed over."""
STEPS = 50_000_000
"""Conflicts that are looked through for what follows from two of them, at most."""
SUPPORT = 1500
"""Literals among which cliques are sought, at most: the most fractional ones."""
TIMES = 3
"""A literal from which a clique is sought is in no more than so many others."""
LIFTED = 30
"""Literals that hold nothing yet and are looked at to make a clique larger."""


class Cliques:
    """The conflicts between 0/1 columns of ``problem``, and the inequalities that follow from them.

    >>> zones = Problem.from_arrays([[1, 1, 1], [3, 2, 1]], [[1, 1, 0], [0, 2, 2], [3, 0, 1]], [1, 2, 3])
    >>> cuts = Cliques(zones).missed(np.array([0.5, 0.5, 0.5]))
    >>> cuts.A.toarray().tolist(), cuts.upper.round(6).tolist()
    ([[1.0, 1.0, 1.0]], [1.0])
    """

    def __init__(self, problem: Problem) -> None:
        self._lower, self._upper = finite_bounds(problem)
        binary = problem.integer & (self._lower == 0) & (self._upper == 1)
        size = 2 * len(problem.columns)
        pairs = [np.zeros((2, 0), dtype=np.int64), *_pairs(problem, self._lower, self._upper, binary)]
        one, other = np.concatenate(pairs, axis=1)
        entries = np.append(one, other), np.append(other, one)
        edges = sp.csr_array((np.ones(2 * len(one), dtype=np.int32), entries), shape=(size, size))
        edges.sum_duplicates()
        self._edges = _closed(edges)

    def missed(self, x: Floats) -> Cuts:
        """Cliques whose literals ``x`` ``(n,)`` gives more than 1 in all."""
        held = _held(x)
        fractional = np.repeat(np.minimum(x, 1 - x) > SOME, 2) & (np.diff(self._edges.indptr) > 0)
        support = np.flatnonzero(fractional)
        support = support[np.argsort(np.abs(held[support] - 0.5), kind="stable")[:SUPPORT]]
        near = self._edges[support][:, support].toarray().astype(np.bool_)
        cliques = [self._lifted(support[one]) for one in _greedy(near, held[support])]
        columns, figures, most = [], [], []
        for clique in cliques:
            column, place = np.unique(clique // 2, return_inverse=True)
            figure = np.bincount(place, weights=np.where(clique % 2, 1.0, -1.0))
            columns.append(column[figure != 0])
            figures.append(figure[figure != 0])
            most.append(1.0 - float(np.sum(clique % 2 == 0)))
        return joined([safe(stacked(columns, figures, len(x)), np.array(most), self._lower, self._upper)])

    def bounds(self, x: Floats, among: NDArray[np.bool_]) -> tuple[Ints, Ints]:
        """Which of the literals of columns ``among`` ``(n,)`` bounds each column most, from above and from below,
        ``(n,)`` each: ``x_j + literal <= 1`` and ``x_j >= literal``; -1: none that ``x`` gives anything."""
        edges, held = self._edges, _held(x)
        value = np.where(np.repeat(among, 2)[edges.indices], held[edges.indices], 0.0)
        mine = np.repeat(np.arange(len(held)), np.diff(edges.indptr))
        order = np.lexsort((value, mine))
        last = order[np.flatnonzero(np.diff(mine[order], append=-1))]
        last = last[value[last] > SOME]
        best = np.full(len(held), -1, dtype=np.int64)
        best[mine[last]] = edges.indices[last]
        return best[1::2], best[::2]

    def _lifted(self, clique: Ints) -> Ints:
        """``clique`` with literals more that are in conflict with all of it, one after the other."""
        common = np.asarray(self._edges[clique].sum(axis=0)).ravel() == len(clique)
        others = np.flatnonzero(common)[:LIFTED]
        near = self._edges[others][:, others].toarray().astype(np.bool_)
        left, taken = np.ones(len(others), dtype=np.bool_), []
        for k in range(len(others)):
            if left[k]:
                taken.append(k)
                left &= near[k]
        return np.append(clique, others[taken])


def _held(x: Floats) -> Floats:
    """What ``x`` ``(n,)`` gives each literal ``(2 n,)``: those of a column's 0 and 1 follow each other."""
    return np.column_stack([1 - x, x]).ravel()


def _pairs(problem: Problem, lower: Floats, upper: Floats, binary: NDArray[np.bool_]) -> Iterator[Ints]:
    """The literals ``(2, k)`` that are in conflict by each side of each row."""
    A, left = problem.A, PAIRS
    for i, (begin, end) in enumerate(pairwise(A.indptr)):
        columns, figures = A.indices[begin:end].astype(np.int64), A.data[begin:end]
        free = binary[columns] & (figures != 0)
        if free.sum() < 2:
            continue
        for sign, most in ((1.0, problem.row_upper[i]), (-1.0, -problem.row_lower[i])):
            if not np.isfinite(most):
                continue
            least = np.where(sign * figures > 0, lower[columns], upper[columns])
            room = most - float(sign * figures @ least)
            room += CLEAR * (abs(most) + float(np.abs(figures) @ np.abs(least)) + float(np.abs(figures).max()))
            size, literal = np.abs(figures[free]), 2 * columns[free] + (sign * figures[free] > 0)
            order = np.argsort(-size, kind="stable")
            size, literal = size[order], literal[order]
            larger = np.minimum(np.searchsorted(-size, size - room), np.arange(len(size)))
            pairs = int(larger.sum())
            if 0 < pairs <= left:
                left -= pairs
                first = np.repeat(np.cumsum(larger) - larger, larger)
                yield np.array([np.repeat(literal, larger), literal[np.arange(pairs) - first]])


def _closed(edges: sp.csr_array) -> sp.csr_array:
    """``edges`` with the conflicts that follow: of two literals one of which implies what the other excludes."""
    opposite = np.arange(edges.shape[0]) ^ 1
    while True:
        edges = sp.csr_array((np.ones(edges.nnz, dtype=np.int32), edges.indices, edges.indptr), edges.shape)
        degrees = np.diff(edges.indptr).astype(np.int64)
        if int(degrees @ degrees[opposite]) > STEPS:
            return edges
        more = sp.csr_array(edges + edges @ edges[opposite])
        more.setdiag(0)
        more.eliminate_zeros()
        if more.nnz == edges.nnz:
            return edges
        edges = more


def _greedy(near: NDArray[np.bool_], held: Floats) -> list[Ints]:
    """Cliques of the literals ``near`` each other ``(k, k)`` of which more than one is ``held`` ``(k,)``: from each
    literal on, the one that is held most is taken in as long as there is one."""
    k = len(held)
    members, total, left, growing = np.eye(k, dtype=np.bool_), held.copy(), near.copy(), np.arange(k)
    while len(growing):
        worth = np.where(left[growing], held, 0.0)
        best = worth.argmax(axis=1)
        gained = worth[np.arange(len(growing)), best]
        growing, best = growing[gained > 0], best[gained > 0]
        members[growing, best] = True
        total[growing] += held[best]
        left[growing] &= near[best]
    found, times = [], np.zeros(k, dtype=np.int64)
    for seed in np.argsort(-held, kind="stable"):
        if total[seed] > 1 + DEEP and times[seed] < TIMES:
            times += members[seed]
            found.append(np.flatnonzero(members[seed]))
    return found
