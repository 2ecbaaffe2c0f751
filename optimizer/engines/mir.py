"""Mixed-integer rounding: inequalities that follow from one row and from what its columns can be.

In a row every column is counted from the nearer one of its bounds: whole columns ``y``, others ``t``,

    Σ g_j y_j + Σ c_k t_k <= b        y_j whole, y_j >= 0, t_k >= 0

For any ``δ > 0``, with ``f`` what ``b / δ`` is more than a whole number,

    Σ F(g_j / δ) y_j + Σ_{c_k < 0} c_k / (δ (1 - f)) t_k <= floor(b / δ)        F(a) = floor(a) + max(0, a - floor(a) - f) / (1 - f)

(Nemhauser & Wolsey 1990, "A recursive procedure to generate all cuts for 0-1 mixed integer programs"). Tried are the
figures of the row, halves of the best, and columns counted from their other ends (Marchand & Wolsey 2001, "Aggregation
and mixed integer rounding to solve MIPs", Oper. Res. 49). Each row is rounded twice: with all whole columns whole, and
with decisions counted from the *auxiliary* that bounds them (:meth:`~optimizer.engines.cliques.Cliques.bounds`), whose
figure is then the sum of all that hangs on it: the town that must be open, the level that must be reached.
"""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from models.problem import Floats, Ints, Problem
from optimizer.engines.cliques import Cliques
from optimizer.engines.cuts import Cuts, joined, safe, stacked
from optimizer.engines.finite import finite_bounds
from optimizer.engines.labels.compiled import compiled

__all__ = ["MixedRounding"]

DEEP = 1e-3
"""A cut is worth a row if it is missed by this much for each unit of its figures' Euclidean length."""
NEAR = 0.1
"""Rows are rounded that have less than this share of their right side to spare."""
WIDE = 500
"""Rows of more columns than this are not rounded."""
SPARSE = 120
"""Columns that a cut may count; denser ones make relaxations dearer by more than they tighten them."""
FINE = 1e-3
"""``δ`` is at least this share of what the largest term of the row can be, so that rounding errors stay small."""
CLEAR = 0.01
"""``f`` is at least this far from 0 and from 1."""
TRIED = 40
"""Figures of a row that are tried as ``δ``, at most."""
SOME = 1e-5
"""Shares of columns nearer than this to a whole number count as whole."""


class MixedRounding:
    """Rounds the rows of ``problem``, whose ``conflicts`` tell which column bounds which.

    >>> from optimizer.engines.cuts import none
    >>> problem = Problem.from_arrays([[1, 1], [3, 2]], [[2, 2]], [3])
    >>> cuts = MixedRounding(problem, Cliques(problem)).missed(np.array([1.0, 0.5]), none(problem))
    >>> cuts.A.toarray().tolist(), cuts.upper.round(6).tolist()
    ([[1.0, 1.0]], [1.0])
    """

    def __init__(self, problem: Problem, conflicts: Cliques) -> None:
        self._conflicts = conflicts
        self._lower, self._upper = finite_bounds(problem)
        self._whole = problem.integer
        binary = problem.integer & (self._lower == 0) & (self._upper == 1)
        self._auxiliary = binary & ~_decided(problem)
        sides = np.isfinite(problem.row_upper), np.isfinite(problem.row_lower)
        self._A = sp.csr_array(sp.vstack([problem.A[sides[0]], -problem.A[sides[1]]]))
        self._most = np.append(problem.row_upper[sides[0]], -problem.row_lower[sides[1]])

    def missed(self, x: Floats, cuts: Cuts) -> Cuts:
        """Inequalities that ``x`` ``(n,)`` breaks, from the rows of the problem and from ``cuts``."""
        A, most = sp.csr_array(sp.vstack([self._A, cuts.A])), np.append(self._most, cuts.upper)
        columns = np.diff(A.indptr)
        near = most - A @ x < NEAR * np.maximum(np.abs(most), 1.0)
        rows = np.flatnonzero(near & (columns > 1) & (columns <= WIDE))
        nobody = np.full(len(x), -1, dtype=np.int64)
        found = []
        for whole, bounds in (
            (self._whole, (nobody, nobody)),
            (self._auxiliary, self._conflicts.bounds(x, self._auxiliary)),
        ):
            starts, index, figures, sides = _rounded(
                A.indptr, A.indices, A.data, most, rows, x, self._lower, self._upper, whole, *bounds
            )
            mine = [slice(begin, end) for begin, end in zip(starts, starts[1:], strict=False)]
            cut = stacked([index[one] for one in mine], [figures[one] for one in mine], len(x))
            found.append(safe(cut, sides, self._lower, self._upper))
        return joined(found)


def _decided(problem: Problem) -> NDArray[np.bool_]:
    """Decisions, and columns ``(n,)`` that a row says to be the sum of some."""
    decided = np.zeros(len(problem.columns), dtype=np.bool_)
    decided[[decision.column for decision in problem.decisions]] = True
    A = problem.A[(problem.row_lower == 0) & (problem.row_upper == 0)]
    others = np.diff(A.indptr) - (A != 0) @ decided.astype(np.int64)
    decided[A[others == 1].indices] = True
    return decided


@compiled
def _rounded(
    starts: Ints,
    columns: Ints,
    figures: Floats,
    sides: Floats,
    rows: Ints,
    x: Floats,
    lower: Floats,
    upper: Floats,
    whole: NDArray[np.bool_],
    above: Ints,
    below: Ints,
) -> tuple[Ints, Ints, Floats, Floats]:
    """The cut of each row that ``x`` misses most, if it does: where each starts, columns, figures, right sides."""
    n = len(x)
    seen, sums, place = np.zeros(n, np.bool_), np.zeros(n), np.zeros(n, np.int64)
    cut_starts, cut_sides = np.zeros(len(rows) + 1, np.int64), np.zeros(len(rows))
    cut_columns, cut_figures = np.zeros(len(rows) * SPARSE, np.int64), np.zeros(len(rows) * SPARSE)
    found = 0
    for row in rows:
        first, last = starts[row], starts[row + 1]
        # Count columns that are not whole from a bound: x = base + turn t, and base may count a 0/1 column.
        most, largest, count = sides[row], 0.0, 0
        own, turn, base, by = np.zeros(last - first), np.zeros(last - first), np.zeros(last - first), place[: last - first]
        rest, length = 0.0, 0.0
        touched = np.zeros(2 * (last - first), np.int64)
        for k in range(first, last):
            j, a = columns[k], figures[k]
            largest = max(largest, abs(a) * max(abs(lower[j]), abs(upper[j])))
            i = k - first
            own[i], by[i] = 0.0, -1
            z = j
            if not whole[j]:
                base[i], turn[i], far = lower[j], 1.0, x[j] - lower[j]
                if upper[j] - x[j] < far:
                    base[i], turn[i], far = upper[j], -1.0, upper[j] - x[j]
                if above[j] >= 0:
                    at = x[above[j] // 2] if above[j] % 2 else 1 - x[above[j] // 2]
                    if 1 - at - x[j] <= far + 1e-9:
                        by[i], turn[i], far = above[j], -1.0, 1 - at - x[j]
                        base[i] = 0.0 if above[j] % 2 == 0 else 1.0
                if below[j] >= 0:
                    at = x[below[j] // 2] if below[j] % 2 else 1 - x[below[j] // 2]
                    if x[j] - at < far - 1e-9:
                        by[i], turn[i], far = below[j], 1.0, x[j] - at
                        base[i] = 0.0 if below[j] % 2 else 1.0
                own[i] = a * turn[i]
                most -= a * base[i]
                if own[i] < 0:
                    rest -= own[i] * max(far, 0.0)
                    length += own[i] * own[i]
                if by[i] < 0:
                    continue
                z = by[i] // 2
                a = a if base[i] == 0.0 else -a
            if not seen[z]:
                seen[z] = True
                touched[count] = z
                count += 1
            sums[z] += a
        # Whole columns from their nearer ends.
        index = touched[:count].copy()
        g, y, turned = np.zeros(count), np.zeros(count), np.zeros(count, np.bool_)
        for k in range(count):
            j = index[k]
            g[k], y[k] = sums[j], x[j] - lower[j]
            most -= g[k] * lower[j]
            seen[j], sums[j] = False, 0.0
            if upper[j] - x[j] < y[k]:
                turned[k], y[k] = True, upper[j] - x[j]
                most -= g[k] * (upper[j] - lower[j])
                g[k] = -g[k]
        best, delta, tried = 0.0, 0.0, 0
        for k in range(count):
            if y[k] > SOME and abs(g[k]) >= FINE * largest and tried < TRIED:
                tried += 1
                missed = _missed(g, y, most, rest, length, abs(g[k]))
                if missed > best or delta == 0.0:
                    best, delta = max(missed, 0.0), abs(g[k])
        if tried == 0:
            continue
        for part in (2.0, 4.0, 8.0):
            missed = _missed(g, y, most, rest, length, delta / part) if delta / part >= FINE * largest else -1.0
            if missed > best:
                best, delta = missed, delta / part
        for k in np.argsort(np.abs(y - 0.5)):
            span = upper[index[k]] - lower[index[k]]
            if y[k] > SOME and g[k] != 0:
                g[k], y[k], most, turned[k] = -g[k], span - y[k], most - g[k] * span, not turned[k]
                missed = _missed(g, y, most, rest, length, delta)
                if missed > best:
                    best = missed
                else:
                    g[k], y[k], most, turned[k] = -g[k], span - y[k], most - g[k] * span, not turned[k]
        if best < DEEP:
            continue
        # Back to the columns themselves.
        side = np.floor(most / delta)
        f = most / delta - side
        count_all = 0
        for k in range(count):
            j, figure = index[k], _figure(g[k] / delta, f)
            if figure != 0:
                side += figure * (-upper[j] if turned[k] else lower[j])
                sums[j] = -figure if turned[k] else figure
                seen[j], touched[count_all] = True, j
                count_all += 1
        for k in range(first, last):
            i = k - first
            if own[i] < 0:
                figure = own[i] / (delta * (1 - f)) * turn[i]
                side += figure * base[i]
                for part in range(2):
                    j = columns[k] if part == 0 else by[i] // 2
                    if part == 1 and by[i] < 0:
                        continue
                    if not seen[j]:
                        seen[j], touched[count_all] = True, j
                        count_all += 1
                    sums[j] += figure if part == 0 or base[i] == 1.0 else -figure
        end = cut_starts[found]
        for k in range(count_all):
            j = touched[k]
            if count_all <= SPARSE:
                cut_columns[end + k], cut_figures[end + k] = j, sums[j]
            seen[j], sums[j] = False, 0.0
        if count_all <= SPARSE:
            cut_sides[found], cut_starts[found + 1] = side, end + count_all
            found += 1
    return cut_starts[: found + 1], cut_columns, cut_figures, cut_sides[:found]


@compiled
def _missed(g: Floats, y: Floats, most: float, rest: float, length: float, delta: float) -> float:
    """By how much a cut is missed for each unit of its length; below 0 if ``f`` is not clear."""
    side = np.floor(most / delta)
    f = most / delta - side
    if f < CLEAR or f > 1 - CLEAR:
        return -1.0
    slope = 1 / (delta * (1 - f))
    missed, squares = -rest * slope - side, length * slope * slope
    for k in range(len(g)):
        figure = _figure(g[k] / delta, f)
        missed += figure * y[k]
        squares += figure * figure
    return missed / np.sqrt(squares) if squares > 0 else -1.0


@compiled
def _figure(a: float, f: float) -> float:
    """``F(a)``."""
    down = np.floor(a + 1e-12)
    return down + max(0.0, a - down - f) / (1 - f)
