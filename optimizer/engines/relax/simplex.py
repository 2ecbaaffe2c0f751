"""Simplex: small linear programs, solved in compiled code within the time that handing them to a solver would take.

The dual simplex method on a condensed tableau, with bounds kept aside and bound flips (Maros, "Computational Techniques
of the Simplex Method", 2003, chapter 10). Rows count as variables of their own, ``s = A x``, and are the first basis.
That start is dual feasible once every free column has entered the basis and every other one stands at the bound that
its cost prefers; so there is no first phase. Whatever goes wrong, from a tiny pivot to a cycle, ends without an answer:
the caller then asks a solver, and believes neither.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import scipy.sparse as sp

from models.problem import Floats, Ints
from optimizer.engines.labels.compiled import compiled

__all__ = ["OPTIMAL", "OUT_OF_STEPS", "PIVOT", "Program", "minimum", "solved", "started"]

ENTRIES = 40_000
"""Largest tableau; beyond, a solver that spares zeros is quicker."""
TOLERANCE = 1e-9
PIVOT = 1e-8
"""Least size of a pivot."""
STEPS = 20
"""Most steps for each row."""
OPTIMAL, OUT_OF_STEPS = -1, -2


class Program(NamedTuple):
    """``min cost·x`` with ``low <= A x <= high`` and ``lower <= x <= upper``.

    Column ``j`` has the figures ``value[start[j]:start[j + 1]]`` in the rows ``places[start[j]:start[j + 1]]``.
    """

    cost: Floats
    lower: Floats
    upper: Floats
    low: Floats
    high: Floats
    start: Ints
    places: Ints
    value: Floats

    @property
    def A(self) -> sp.csc_array:
        return sp.csc_array((self.value, self.places, self.start), shape=(len(self.low), len(self.cost)))


def minimum(program: Program) -> tuple[Floats, Floats] | None:
    """Values of the columns and duals of the rows; ``None`` where there is no minimum, or none was found.

    A dual is by how much the minimum grows with the side that the row stands at.

    >>> one = np.ones(1)
    >>> minimum(Program(-one, 0 * one, one, -one, 0.5 * one, np.array([0, 1]), np.array([0]), one))
    (array([0.5]), array([-1.]))
    """
    if len(program.low) * len(program.cost) > ENTRIES or np.any(program.low > program.high):
        return None
    x, dual = np.empty(len(program.cost)), np.empty(len(program.low))
    return (x, dual) if _minimise(*program, x, dual) else None


@compiled
def _minimise(
    cost: Floats,
    lower: Floats,
    upper: Floats,
    low: Floats,
    high: Floats,
    start: Ints,
    index: Ints,
    value: Floats,
    x: Floats,
    dual: Floats,
) -> bool:
    m, n = len(low), len(cost)
    T = np.zeros((m, n))
    for j in range(n):
        for e in range(start[j], start[j + 1]):
            T[index[e], j] += value[e]
    least, most = np.concatenate((lower, low)), np.concatenate((upper, high))
    d, at = cost.copy(), np.zeros(n + m)
    out, basis = np.arange(n), np.arange(n, n + m)
    if not started(T, d, out, basis, least, most, at) or solved(T, d, out, basis, least, most, at) != OPTIMAL:
        return False
    x[:] = at[:n]
    dual[:] = 0.0
    for j in range(n):
        if out[j] >= n:
            dual[out[j] - n] = d[j]
    return True


@compiled
def started(T: Floats, d: Floats, out: Ints, basis: Ints, least: Floats, most: Floats, at: Floats) -> bool:
    """Make a tableau of rows ``s = T x`` dual feasible; false where this cannot be done.

    The tableau ``T`` ``(m, n)`` expresses the variables ``basis`` ``(m,)`` by those that are ``out`` ``(n,)`` of the
    basis; ``d`` are their reduced costs. Variables are first the ``n`` columns, then the ``m`` rows, with the bounds
    ``least`` and ``most`` and the values ``at``.
    """
    m, n = T.shape
    for c in range(n):
        if (
            np.isinf(least[c])
            and np.isinf(most[c])
            and np.any(T[:, c] != 0.0)
            and not _entered(T, d, out, basis, least, most, c)
        ):
            return False
    for j in range(n):
        k = out[j]
        at[k] = least[k] if d[j] > 0.0 or np.isinf(most[k]) else most[k]
        if d[j] == 0.0 and not np.isinf(least[k]):
            at[k] = least[k]
        if np.isinf(at[k]):
            if d[j] != 0.0:
                return False
            at[k] = 0.0
        elif (d[j] > TOLERANCE and at[k] != least[k]) or (d[j] < -TOLERANCE and at[k] != most[k]):
            return False
    for i in range(m):
        at[basis[i]] = 0.0
        for j in range(n):
            at[basis[i]] += T[i, j] * at[out[j]]
    return True


@compiled
def _entered(T: Floats, d: Floats, out: Ints, basis: Ints, least: Floats, most: Floats, c: int) -> bool:
    """Bring the free column ``c`` into the basis, for the row that breaks the side which the cost prefers most."""
    best, r = -np.inf, -1
    for i in range(len(basis)):
        if abs(T[i, c]) <= PIVOT:
            continue
        k = basis[i]
        short = least[k] if d[c] / T[i, c] >= 0.0 else -most[k]
        if np.isfinite(short) and short / abs(T[i, c]) > best:
            best, r = short / abs(T[i, c]), i
    if r >= 0:
        _pivot(T, d, out, basis, r, c)
    return r >= 0


@compiled
def solved(T: Floats, d: Floats, out: Ints, basis: Ints, least: Floats, most: Floats, at: Floats) -> int:
    """Go on to the optimum of a dual feasible tableau: :data:`OPTIMAL`, :data:`OUT_OF_STEPS`, or the row that no values
    of the others can mend."""
    m = len(basis)
    for _ in range(STEPS * m + 100):
        worst, r = TOLERANCE, -1
        for i in range(m):
            k = basis[i]
            off = max(least[k] - at[k], at[k] - most[k])
            if off > worst:
                worst, r = off, i
        if r < 0:
            return OPTIMAL
        if not _stepped(T, d, out, basis, least, most, at, r):
            return r
    return OUT_OF_STEPS


@compiled
def _stepped(T: Floats, d: Floats, out: Ints, basis: Ints, least: Floats, most: Floats, at: Floats, r: int) -> bool:
    """Move the basic variable of row ``r`` to the bound that it breaks; false where nothing can."""
    n = len(out)
    leaving = basis[r]
    up = at[leaving] < least[leaving]
    goal = least[leaving] if up else most[leaving]
    rest = abs(goal - at[leaving])
    ratio = np.full(n, np.inf)
    for j in range(n):
        k = out[j]
        a = T[r, j] if up else -T[r, j]
        if abs(a) > PIVOT and least[k] < most[k] and (at[k] < most[k] if a > 0.0 else at[k] > least[k]):
            ratio[j] = abs(d[j] / a)
    while True:
        shortest = ratio.min()
        if np.isinf(shortest):
            return False
        c, size = -1, 0.0
        for j in range(n):
            if ratio[j] <= shortest + 1e-12 and abs(T[r, j]) > size:
                c, size = j, abs(T[r, j])
        k = out[c]
        if size * (most[k] - least[k]) >= rest - TOLERANCE:
            break
        rest -= size * (most[k] - least[k])
        ratio[c] = np.inf
        _moved(T, basis, at, c, k, most[k] if at[k] == least[k] else least[k])
    _moved(T, basis, at, c, out[c], at[out[c]] + (goal - at[leaving]) / T[r, c])
    at[leaving] = goal
    _pivot(T, d, out, basis, r, c)
    return True


@compiled
def _moved(T: Floats, basis: Ints, at: Floats, c: int, k: int, goal: float) -> None:
    """Move the variable ``k`` of column ``c`` to its ``goal``, and the basic ones with it."""
    change = goal - at[k]
    at[k] = goal
    for i in range(len(basis)):
        if T[i, c] != 0.0:
            at[basis[i]] += T[i, c] * change


@compiled
def _pivot(T: Floats, d: Floats, out: Ints, basis: Ints, r: int, c: int) -> None:
    """Exchange the basic variable of row ``r`` for the one of column ``c``."""
    m, n = T.shape
    pivot = T[r, c]
    for j in range(n):
        T[r, j] /= -pivot
    T[r, c] = 1.0 / pivot
    for i in range(m):
        share = T[i, c]
        if i == r or share == 0.0:
            continue
        T[i, c] = 0.0
        for j in range(n):
            T[i, j] += share * T[r, j]
    share = d[c]
    d[c] = 0.0
    for j in range(n):
        d[j] += share * T[r, j]
    out[c], basis[r] = basis[r], out[c]
