"""Covers: inequalities that follow from a few rows alone and cut off what a relaxation takes by halves.

Every side of a row is a demand ``Σ a_j y_j >= D`` with ``a_j > 0``, where ``y_j`` is a column counted from its lower
end or from its upper one. What a set ``A`` of its columns leaves to be met, others must meet, and none of them counts
more than that (Carr, Fleischer, Leung & Phillips 2000, "Strengthening integrality gaps for capacitated network design
and covering problems"; Wolsey 1975):

    Σ_{j not in A} min(a_j, D(A)) y_j >= D(A)        D(A) = D - Σ_{j in A} a_j > 0

A *condition* ``z``, which says that a 0/1 column has one of its two values, brings rows about that say nothing without
it: the stocks that a level of growth takes, the land of a town that is opened. Where ``z = 1`` all of them hold, also
those that the next column brings about which ``z`` implies; so any sum ``d·x >= b`` of them holds, too, and multiplied
by ``z`` it gives, whatever ``x`` is,

    Σ_{d_j > 0} d_j min(y_j, z) + Σ_{d_j < 0} d_j max(0, y_j + z - 1) >= b z

of which each choice of one side of every min and max is linear (the hull of both values of ``z``: Balas, Ceria &
Cornuéjols 1993, "A lift-and-project cutting plane algorithm for mixed 0-1 programs", Math. Program. 58). A project that
costs a town one stock to win it another counts once, not by halves for each.

All follow from the rows by sums of whole figures; their right sides leave room for rounding errors. Nobody is asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from models.problem import Floats, Ints, Problem
from optimizer.engines.cuts import DEEP, Cuts, safe, stacked
from optimizer.engines.finite import finite_bounds
from optimizer.engines.labels.compiled import compiled

__all__ = ["Covers"]

SOME = 1e-4
"""Shares of columns nearer than this to a whole number count as whole."""
LEFT = 1e-5
"""Less than this share of all that a demand counts is not told from nothing, after thousands of sums in floats."""
TOGETHER = 8
"""Rows of one condition that are added up, at most: those that are missed most when ``z`` is multiplied in."""
STEPS = 4
"""Rows that are added to the first one, at most."""
WIDE = 200
"""Rows of more columns than this are not added up: what they bring about is seldom felt."""
FAR = -0.1
"""Sums are not looked at where each row alone has more than this to spare, in the unit of :data:`DEEP`."""


class _Demand(NamedTuple):
    """``figures · x >= least`` over ``columns``."""

    columns: Ints
    figures: Floats
    least: float


class _Brought(NamedTuple):
    """Rows ``figures · y >= least`` ``(k, c)`` that a condition brings about: that 0/1 ``column`` has the ``value``.

    ``y`` are the shares of ``columns`` ``(c,)``, counted from their lower ends; the largest figure of a row is 1.
    """

    column: int
    value: int
    columns: Ints
    figures: Floats
    least: Floats


Condition = tuple[int, int]
"""A 0/1 column and the value that it has."""


class Covers:
    """Inequalities for ``problem``, every column of which has finite bounds, also by its rows (:func:`finite_bounds`).

    >>> park = Problem.from_arrays([[1, 1, 1], [3, 2, 1]], [[2, 2, 2]], [3])
    >>> cuts = Covers(park).missed(np.array([1.0, 0.5, 0.0]))
    >>> cuts.A.toarray().tolist(), cuts.upper.round(6).tolist()
    ([[1.0, 1.0, 0.0]], [1.0])
    """

    def __init__(self, problem: Problem) -> None:
        self._n = len(problem.columns)
        self._lower, self._upper = finite_bounds(problem)
        self._span = self._upper - self._lower
        self._binary = problem.integer & (self._lower == 0) & (self._upper == 1)
        self._demands = self._all_demands(problem)
        self._flat = self._all_flat()
        self._brought = [one for found in self._conditions() if (one := self._rows(*found))]

    def missed(self, x: Floats) -> Cuts:
        """Inequalities that ``x`` ``(n,)`` breaks, the worst of each row and of each condition."""
        fractional = (x - self._lower > SOME * self._span) & (self._upper - x > SOME * self._span)
        lifted = (self._lifted(one, x) for one in self._brought if fractional[one.column])
        return self._cuts([*self._covers(x), *(cut for cut in lifted if cut is not None)])

    def _all_demands(self, problem: Problem) -> list[_Demand]:
        """Both sides of all rows that count a free 0/1 column and that the bounds alone do not meet."""
        A, demands = problem.A, []
        for i, (begin, end) in enumerate(pairwise(A.indptr)):
            columns, figures = A.indices[begin:end].astype(np.int64), A.data[begin:end].astype(np.float64)
            held = (self._span[columns] <= 0) | (figures == 0)
            given = float(figures[held] @ self._lower[columns[held]])
            columns, figures = columns[~held], figures[~held]
            if len(columns) < 2 or not self._binary[columns].any():
                continue
            for sign, side in ((1.0, problem.row_lower[i]), (-1.0, -problem.row_upper[i])):
                demand = _Demand(columns, sign * figures, float(side - sign * given))
                if np.isfinite(side) and self._short(demand) > 0:
                    demands.append(demand)
        return demands

    def _short(self, demand: _Demand) -> float:
        """How much more a demand asks for than it gets by the bounds of its columns alone."""
        columns, figures, least = demand
        return least - float(figures @ np.where(figures > 0, self._lower[columns], self._upper[columns]))

    def _covers(self, x: Floats) -> Iterator[_Demand]:
        """What others must meet of each demand, for the set that is missed most among those with the largest shares."""
        starts, columns, size, up, short = self._flat
        share = np.clip((x[columns] - self._lower[columns]) / self._span[columns], 0.0, 1.0)
        share = np.where(up, share, 1 - share)
        order = np.lexsort((-share, np.repeat(np.arange(len(short)), np.diff(starts))))
        whole = self._binary[columns]
        missed, sets = _worst_sets(starts, size[order], whole[order], share[order], short)
        for i in np.flatnonzero(missed >= DEEP):
            kept = order[starts[i] + sets[i] : starts[i + 1]]
            left = short[i] - float(size[order[starts[i] : starts[i] + sets[i]]].sum())
            counted = np.where(whole[kept], np.minimum(size[kept], left), size[kept]) / left
            mine, span = columns[kept], self._span[columns[kept]]
            coefficients = np.where(up[kept], counted, -counted) / span
            ends = np.where(up[kept], self._lower[mine], self._upper[mine])
            yield _Demand(mine, coefficients, 1 + float(coefficients @ ends))

    def _all_flat(self) -> tuple[Ints, Ints, Floats, NDArray[np.bool_], Floats]:
        """Where each demand starts, its columns, the most that each adds, if from its lower end up, what is short."""
        A = self._stacked(self._demands)
        short = np.array([self._short(demand) for demand in self._demands], dtype=np.float64)
        columns = A.indices.astype(np.int64)
        return A.indptr.astype(np.int64), columns, np.abs(A.data) * self._span[columns], A.data > 0, short

    def _stacked(self, rows: list[_Demand]) -> sp.csr_array:
        return stacked([row.columns for row in rows], [row.figures for row in rows], self._n)

    def _conditions(self) -> Iterator[tuple[Condition, dict[int, int], list[int]]]:
        """Each condition with all that it implies, and the places of several demands that these bring about."""
        own: dict[Condition, list[int]] = defaultdict(list)
        implied: dict[Condition, set[Condition]] = defaultdict(set)
        for place, (demand, short) in enumerate(zip(self._demands, self._flat[-1], strict=True)):
            enough = self._binary[demand.columns] & (np.abs(demand.figures) >= short)
            if 2 < len(demand.columns) <= WIDE:
                for column, figure in zip(demand.columns[enough], demand.figures[enough], strict=True):
                    own[int(column), int(figure < 0)].append(place)
            elif len(demand.columns) == 2 and enough.all():
                (one, a), (two, b) = zip(demand.columns.tolist(), demand.figures.tolist(), strict=True)
                implied[one, int(a < 0)].add((two, int(b > 0)))
                implied[two, int(b < 0)].add((one, int(a > 0)))
        for condition in sorted({*own, *implied}):
            seen = _implied(condition, implied)
            rows = sorted({place for one in seen for place in own.get(one, ())})
            if len(rows) > 1 and len(values := dict(seen)) == len(seen):  # or it can never be
                yield condition, values, rows

    def _rows(self, condition: Condition, values: dict[int, int], places: list[int]) -> _Brought | None:
        """Those demands as they are where columns have the ``values`` that follow from the ``condition``; ``None``
        if other columns meet them always."""
        held = np.array(sorted(values), dtype=np.int64)
        columns = np.setdiff1d(np.concatenate([self._demands[i].columns for i in places]), held)
        D, least = np.zeros((len(places), len(columns))), np.zeros(len(places))
        for k, i in enumerate(places):
            demand, known = self._demands[i], np.isin(self._demands[i].columns, held)
            D[k, np.searchsorted(columns, demand.columns[~known])] = demand.figures[~known]
            given = np.array([values[j] for j in demand.columns[known].tolist()], dtype=np.float64)
            least[k] = demand.least - float(demand.figures[known] @ given)
        least, D = least - D @ self._lower[columns], D * self._span[columns]
        needed = (least > np.minimum(D, 0.0).sum(axis=1)) & D.any(axis=1)  # without a column left, it cannot be met
        if needed.sum() < 2:
            return None
        size = np.abs(D[needed]).max(axis=1)
        return _Brought(*condition, columns, D[needed] / size[:, None], least[needed] / size)

    def _lifted(self, brought: _Brought, x: Floats) -> _Demand | None:
        """The inequality that ``x`` misses most among sums of the rows that a condition brings about."""
        column, value, columns = brought.column, brought.value, brought.columns
        z = float(x[column]) if value else 1 - float(x[column])
        share = (x[columns] - self._lower[columns]) / self._span[columns]
        high, low = np.minimum(share, z), np.maximum(share + z - 1, 0.0)
        d, b, missed = _sum(brought.figures, brought.least, high, low, z)
        if missed < DEEP:
            return None
        own_side = np.where(d > 0, share < z, share + z > 1)  # y or z of min(y, z); y + z - 1 or 0 of the max
        both = (d < 0) & own_side
        of_z = float(d[(d > 0) & ~own_side].sum() + d[both].sum()) - b
        used = np.flatnonzero(own_side & (d != 0))
        coefficients = d[used] / self._span[columns[used]]
        bound = float(d[both].sum()) + float(coefficients @ self._lower[columns[used]])
        if not value:  # z is 1 less the column
            bound, of_z = bound - of_z, -of_z
        return _Demand(np.append(columns[used], column), np.append(coefficients, of_z), bound)

    def _cuts(self, found: list[_Demand]) -> Cuts:
        return safe(-self._stacked(found), -np.array([cut.least for cut in found]), self._lower, self._upper)


@compiled
def _worst_sets(
    starts: Ints, size: Floats, whole: NDArray[np.bool_], share: Floats, short: Floats
) -> tuple[Floats, Ints]:
    """By how much the worst cover of each demand is missed for each unit of its length, and how many columns its set
    has; those of a demand come by falling shares."""
    missed, sets = np.zeros(len(short)), np.zeros(len(short), np.int64)
    for i in range(len(short)):
        left, total = short[i], 0.0
        for j in range(starts[i], starts[i + 1]):
            total += size[j]
        for k in range(starts[i], starts[i + 1]):
            if left <= LEFT * total or share[k] <= SOME:
                break
            met, length = 0.0, 0.0
            for j in range(k, starts[i + 1]):
                counted = min(size[j], left) if whole[j] else size[j]
                met += counted * share[j]
                length += counted * counted
            by = (left - met) / np.sqrt(length) if length > 0 else 0.0
            if by > missed[i]:
                missed[i], sets[i] = by, k - starts[i]
            left -= size[k]
    return missed, sets


def _implied(condition: Condition, implied: dict[Condition, set[Condition]]) -> set[Condition]:
    """A condition with all that follow from it."""
    seen, open_ones = {condition}, [condition]
    while open_ones:
        new = implied.get(open_ones.pop(), set()) - seen
        seen |= new
        open_ones += new
    return seen


def _sum(D: Floats, least: Floats, high: Floats, low: Floats, z: float) -> tuple[Floats, float, float]:
    """``d`` ``(c,)`` and ``b`` of a sum of rows ``D x >= least``, and how much is missed for each unit of its length.

    Rows are taken in one after the other with the weight that makes the most of it: the loss is concave in the
    weights and bends where a figure of the sum is 0.
    """

    def missed(d: Floats, b: NDArray[np.float64]) -> Floats:
        by = b * z - np.maximum(d, 0) @ high + np.maximum(-d, 0) @ low
        each: Floats = by / np.maximum(np.sqrt((d**2).sum(axis=-1)), 1e-9)
        return each

    single = missed(D, least)
    first = np.argsort(-single, kind="stable")[:TOGETHER]
    d, b, best = D[first[0]], float(least[first[0]]), float(single[first[0]])
    for _ in range(min(STEPS, len(first) - 1) if best >= FAR else 0):
        before = best
        for k in first:
            opposed = d * D[k] < 0
            t = np.abs(D[k, opposed]) / (np.abs(d[opposed]) + np.abs(D[k, opposed]))
            t = np.unique(np.append(t, 0.5))
            sums, sides = t[:, None] * d + (1 - t)[:, None] * D[k], t * b + (1 - t) * least[k]
            by = missed(sums, sides)
            at = int(by.argmax())
            if by[at] > best + DEEP / 10:
                d, b, best = sums[at], float(sides[at]), float(by[at])
        if best <= before:
            break
    return d, b, best
