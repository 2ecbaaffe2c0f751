"""Mixed-integer rounding: inequalities that follow from one row and from what its columns can be.

In a row every column is counted from the nearer one of its bounds: whole columns ``y``, others ``t``,

    Σ g_j y_j + Σ c_k t_k <= b        y_j whole, y_j >= 0, t_k >= 0

For any ``δ > 0``, with ``f`` what ``b / δ`` is more than a whole number,

    Σ F(g_j / δ) y_j + Σ_{c_k < 0} c_k / (δ (1 - f)) t_k <= floor(b / δ)
    F(a) = floor(a) + max(0, a - floor(a) - f) / (1 - f)

(Nemhauser & Wolsey 1990, "A recursive procedure to generate all cuts for 0-1 mixed integer programs"). Tried are the
figures of the row, halves of the best, and columns counted from their other ends (Marchand & Wolsey 2001, "Aggregation
and mixed integer rounding to solve MIPs", Oper. Res. 49). Each row is rounded twice: with all whole columns whole, and
with decisions counted from the *auxiliary* that bounds them (:meth:`~optimizer.engines.cliques.Cliques.bounds`), whose
figure is then the sum of all that hangs on it: the town that must be open, the level that must be reached.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from models.problem import Floats, Ints, Problem
from optimizer.engines.cliques import SOME, Cliques
from optimizer.engines.cuts import DEEP, Cuts, joined, safe, stacked
from optimizer.engines.finite import finite_bounds
from optimizer.engines.labels.compiled import compiled

__all__ = ["MixedRounding"]

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
WHOLE = 1e-9
"""A bound of a whole column this near to a whole number is taken for it."""


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
        lower, upper = finite_bounds(problem)
        self._whole = problem.integer
        self._lower = np.where(self._whole, np.ceil(lower - WHOLE), lower)
        self._upper = np.where(self._whole, np.floor(upper + WHOLE), upper)
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
            mine = [slice(begin, end) for begin, end in pairwise(starts)]
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
    seen, sums = np.zeros(len(x), np.bool_), np.zeros(len(x))
    cut_starts, cut_sides = np.zeros(len(rows) + 1, np.int64), np.zeros(len(rows))
    cut_columns, cut_figures = np.zeros(len(rows) * SPARSE, np.int64), np.zeros(len(rows) * SPARSE)
    found = 0
    for row in rows:
        mine, figure = columns[starts[row] : starts[row + 1]], figures[starts[row] : starts[row + 1]]
        turn, base, by, far = _counted(mine, x, lower, upper, whole, above, below)
        # The row in the columns so counted; what bounds one of them is counted with all that hangs on it.
        index, count, most, largest = np.zeros(2 * len(mine), np.int64), 0, sides[row], 0.0
        rest, length = 0.0, 0.0
        for k in range(len(mine)):
            j, a = mine[k], figure[k]
            largest = max(largest, abs(a) * max(abs(lower[j]), abs(upper[j])))
            if not whole[j]:
                most -= a * base[k]
                if a * turn[k] < 0:
                    rest -= a * turn[k] * far[k]
                    length += a * a
                if by[k] < 0:
                    continue
                j, a = by[k] // 2, a if base[k] == 0 else -a
            if not seen[j]:
                seen[j], index[count] = True, j
                count += 1
            sums[j] += a
        g, y, turned = np.zeros(count), np.zeros(count), np.zeros(count, np.bool_)
        for k in range(count):
            j = index[k]
            g[k], y[k] = sums[j], x[j] - lower[j]
            most -= g[k] * lower[j]
            seen[j], sums[j] = False, 0.0
            if upper[j] - x[j] < y[k]:
                most -= g[k] * (upper[j] - lower[j])
                g[k], y[k], turned[k] = -g[k], upper[j] - x[j], True
        span = upper[index[:count]] - lower[index[:count]]
        missed, delta, most = _best(g, y, turned, span, most, rest, length, largest)
        if missed < DEEP:
            continue
        # Back to the columns themselves.
        side = np.floor(most / delta)
        f = most / delta - side
        some = 0
        for k in range(count):
            j, part = index[k], _figure(g[k] / delta, f)
            if part != 0:
                side += part * (-upper[j] if turned[k] else lower[j])
                sums[j], seen[j] = -part if turned[k] else part, True
                index[some] = j  # of those at hand, none is overwritten that is still to come
                some += 1
        for k in range(len(mine)):
            if not whole[mine[k]] and figure[k] * turn[k] < 0:
                part = figure[k] / (delta * (1 - f))
                side += part * base[k]
                for j in (np.int64(mine[k]), by[k] // 2):
                    if j < 0:
                        continue
                    if not seen[j]:
                        seen[j], index[some] = True, j
                        some += 1
                    sums[j] += part if j == mine[k] or base[k] == 1 else -part
        end = cut_starts[found]
        for k in range(some):
            if some <= SPARSE:
                cut_columns[end + k], cut_figures[end + k] = index[k], sums[index[k]]
            seen[index[k]], sums[index[k]] = False, 0.0
        if some <= SPARSE:
            cut_sides[found], cut_starts[found + 1] = side, end + some
            found += 1
    return cut_starts[: found + 1], cut_columns, cut_figures, cut_sides[:found]


@compiled
def _counted(
    columns: Ints, x: Floats, lower: Floats, upper: Floats, whole: NDArray[np.bool_], above: Ints, below: Ints
) -> tuple[Floats, Floats, Ints, Floats]:
    """From where columns that are not whole are counted, the nearest: ``x_j = base + turn t``, and a literal ``by``
    more, or less where ``base`` is 1; -1: there is none. The last is how ``far`` from there ``x`` is."""
    turn, base, far = np.zeros(len(columns)), np.zeros(len(columns)), np.zeros(len(columns))
    by = np.full(len(columns), -1, np.int64)
    for k in range(len(columns)):
        j = columns[k]
        if whole[j]:
            continue
        base[k], turn[k], far[k] = lower[j], 1.0, x[j] - lower[j]
        if upper[j] - x[j] < far[k]:
            base[k], turn[k], far[k] = upper[j], -1.0, upper[j] - x[j]
        for bound, way in ((above[j], -1.0), (below[j], 1.0)):
            if bound < 0:
                continue
            held = x[bound // 2] if bound % 2 else 1 - x[bound // 2]
            distance = x[j] - held if way > 0 else 1 - held - x[j]
            if distance < far[k] - 1e-9 or (way < 0 and distance <= far[k] + 1e-9):
                by[k], turn[k], far[k] = bound, way, distance
                base[k] = 1.0 if (bound % 2 == 1) == (way < 0) else 0.0
        far[k] = max(far[k], 0.0)
    return turn, base, by, far


@compiled
def _best(
    g: Floats,
    y: Floats,
    turned: NDArray[np.bool_],
    span: Floats,
    most: float,
    rest: float,
    length: float,
    largest: float,
) -> tuple[float, float, float]:
    """By how much the best cut is missed, with its ``δ`` and right side; whole columns are ``turned`` where that is
    better."""
    best, delta, tried = -1.0, 0.0, 0
    for k in range(len(g)):
        if y[k] > SOME and abs(g[k]) >= FINE * largest and tried < TRIED:
            tried += 1
            missed = _missed(g, y, most, rest, length, abs(g[k]))
            if missed > best or delta == 0.0:
                best, delta = missed, abs(g[k])
    if delta == 0.0:
        return -1.0, 1.0, most
    for part in (2.0, 4.0, 8.0):
        missed = _missed(g, y, most, rest, length, delta / part) if delta / part >= FINE * largest else -1.0
        if missed > best:
            best, delta = missed, delta / part
    for k in np.argsort(np.abs(y - 0.5)):
        if y[k] > SOME and g[k] != 0:
            most -= g[k] * span[k]
            g[k], y[k], turned[k] = -g[k], span[k] - y[k], not turned[k]
            missed = _missed(g, y, most, rest, length, delta)
            if missed > max(best, 0.0):
                best = missed
            else:
                most -= g[k] * span[k]
                g[k], y[k], turned[k] = -g[k], span[k] - y[k], not turned[k]
    return best, delta, most


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
    return float(missed / np.sqrt(squares)) if squares > 0 else -1.0


@compiled
def _figure(a: float, f: float) -> float:
    """``F(a)``."""
    down = np.floor(a + 1e-12)
    return float(down + max(0.0, a - down - f) / (1 - f))
