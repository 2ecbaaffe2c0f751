"""Propagation: what the rows leave of a column's bounds once other columns are decided (activity bounds; Savelsbergh
1994, "Preprocessing and probing techniques for mixed integer programming problems", section 1.2).

A row ``low <= Σ a_j x_j <= high`` leaves column ``j`` at most what is left when all others take as little as they can.
Auxiliaries that rows define from both sides are thereby completed in closed form as soon as the decisions are made. A
*dive* decides one column after the other and takes a decision back where it leads to a contradiction, so that
prerequisites, exclusive groups, auxiliaries and full budgets are all met in the same way. All of it is compiled.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from models.problem import Floats, Ints, Problem
from optimizer.engines.labels.compiled import compiled
from optimizer.engines.remainder import Cut

__all__ = ["DEAD", "DONE", "OPEN", "Root", "Rows", "complete", "dive", "root"]

FAR = 1e9
"""Bound given to a column that has none of its own nor any from the rows."""
WHOLE = 1e-6
"""How near to a whole number counts as whole."""
JUMPS = 40
"""Most times that a dive goes back to decide earlier where it got stuck (in the manner of the last conflict; Lecoutre,
Saïs, Tabary & Vidal 2009, "Reasoning from last conflict(s) in constraint programming")."""
STEP = 1e-3
"""Share of its span by which a bound of a continuous column must move."""
DONE, OPEN, DEAD = 0, 1, 2
"""How a dive ends: every column is decided; continuous ones are not; the rows contradict the decisions."""


class Rows(NamedTuple):
    """The matrix by rows (``first``, ``column``, ``figure``) and by columns (``start``, ``row``, ``entry``), the rows'
    sides, their tolerances and the most that a single column changes them ``(m,)``, and which columns are whole."""

    first: Ints
    column: Ints
    figure: Floats
    start: Ints
    row: Ints
    entry: Floats
    low: Floats
    high: Floats
    tolerance: Floats
    largest: Floats
    whole: NDArray[np.bool_]


class Root(NamedTuple):
    """Bounds ``(n,)`` before any decision, and the least and most of each row ``(m,)`` under them."""

    lower: Floats
    upper: Floats
    least: Floats
    most: Floats


class _State(NamedTuple):
    lower: Floats
    upper: Floats
    least: Floats
    most: Floats
    largest: Floats
    queue: Ints
    queued: NDArray[np.bool_]
    trail: Ints
    before: Floats
    size: Ints


def root(problem: Problem, cuts: Sequence[Cut] = ()) -> tuple[Rows, Root] | None:
    """The rows of ``problem`` and further ones, and what they leave before any decision; ``None`` if nothing."""
    A, low, high = problem.A, problem.row_lower, problem.row_upper
    if cuts:
        A = sp.csr_array(sp.vstack([A, sp.csr_array(np.array([cut.figures for cut in cuts]))]))
        low = np.append(low, np.full(len(cuts), -np.inf))
        high = np.append(high, [cut.high for cut in cuts])
    by_column = A.tocsc()
    lower, upper = np.maximum(problem.lower, -FAR), np.minimum(problem.upper, FAR)
    whole = problem.integer
    lower = np.where(whole, np.ceil(lower - WHOLE), lower)
    upper = np.where(whole, np.floor(upper + WHOLE), upper)
    while True:
        reach = np.maximum(np.abs(lower), np.abs(upper))
        above, below = A.maximum(0), A.minimum(0)
        spread = A.copy()
        spread.data = np.abs(A.data) * (upper - lower)[A.indices]
        rows = Rows(
            A.indptr.astype(np.int64),
            A.indices.astype(np.int64),
            A.data,
            by_column.indptr.astype(np.int64),
            by_column.indices.astype(np.int64),
            by_column.data,
            low,
            high,
            1e-9 + 1e-14 * (abs(A) @ reach),
            spread.max(axis=1).toarray().ravel() if A.nnz else np.zeros(A.shape[0]),
            whole,
        )
        found = Root(lower, upper, above @ lower + below @ upper, above @ upper + below @ lower)
        state = _started(rows, found)
        if np.any(lower > upper) or not _everything(rows, state):
            return None
        moved = np.any(state.lower > lower + STEP) or np.any(state.upper < upper - STEP)
        lower, upper = state.lower, state.upper
        if not moved:
            return rows, found


@compiled
def _started(rows: Rows, root: Root) -> _State:
    n, m = len(root.lower), len(rows.low)
    return _State(
        root.lower.copy(),
        root.upper.copy(),
        root.least.copy(),
        root.most.copy(),
        rows.largest.copy(),
        np.empty(m + 1, np.int64),
        np.zeros(m, np.bool_),
        np.empty(8 * n + 64, np.int64),
        np.empty(8 * n + 64, np.float64),
        np.zeros(3, np.int64),
    )


@compiled
def _everything(rows: Rows, state: _State) -> bool:
    """Propagate every row, if its largest figure says so or not."""
    for i in range(len(rows.low)):
        state.queue[state.size[1]] = i
        state.queued[i] = True
        state.size[1] += 1
    return _propagate(rows, state)


@compiled
def _set(rows: Rows, state: _State, j: int, upward: bool, value: float) -> None:
    """Let the lower bound of ``j``, or its upper one, be ``value``, in what the rows have of it, too."""
    if upward:
        change = value - state.lower[j]
        state.lower[j] = value
    else:
        change = value - state.upper[j]
        state.upper[j] = value
    for e in range(rows.start[j], rows.start[j + 1]):
        i, a = rows.row[e], rows.entry[e]
        if (a > 0) == upward:
            state.least[i] += a * change
        else:
            state.most[i] += a * change


@compiled
def _move(rows: Rows, state: _State, j: int, upward: bool, value: float) -> None:
    """Raise the lower bound of ``j``, or lower its upper one, to ``value``."""
    at = state.size[0]
    if at >= len(state.trail):
        return
    state.trail[at] = j if upward else -j - 1
    state.before[at] = state.lower[j] if upward else state.upper[j]
    state.size[0] = at + 1
    _set(rows, state, j, upward, value)
    for e in range(rows.start[j], rows.start[j + 1]):
        i = rows.row[e]
        if not state.queued[i]:
            state.queued[i] = True
            state.queue[state.size[1]] = i
            state.size[1] += 1


@compiled
def _back(rows: Rows, state: _State, mark: int) -> None:
    """Take back all moves since the trail had the length ``mark``."""
    while state.size[0] > mark:
        state.size[0] -= 1
        at = state.size[0]
        upward = state.trail[at] >= 0
        j = state.trail[at] if upward else -state.trail[at] - 1
        _set(rows, state, j, upward, state.before[at])
        span = state.upper[j] - state.lower[j]
        for e in range(rows.start[j], rows.start[j + 1]):
            i = rows.row[e]
            state.largest[i] = max(state.largest[i], abs(rows.entry[e]) * span)


@compiled
def _propagate(rows: Rows, state: _State) -> bool:
    """Move bounds as long as a row in the queue asks for it; do the rows still agree?"""
    agree = True
    while state.size[1] > 0:
        state.size[1] -= 1
        i = state.queue[state.size[1]]
        state.queued[i] = False
        if not agree:
            continue
        tolerance = rows.tolerance[i]
        if state.least[i] > rows.high[i] + tolerance or state.most[i] < rows.low[i] - tolerance:
            agree = False
            continue
        if (
            rows.high[i] - state.least[i] >= state.largest[i] - tolerance
            and state.most[i] - rows.low[i] >= state.largest[i] - tolerance
        ):
            continue
        largest = 0.0
        for e in range(rows.first[i], rows.first[i + 1]):
            j, a = rows.column[e], rows.figure[e]
            if not rows.whole[j] and state.size[2] == 0:
                continue
            for side in range(2):
                span = state.upper[j] - state.lower[j]
                room = rows.high[i] - state.least[i] if side == 0 else state.most[i] - rows.low[i]
                if span <= 0 or abs(a) * span <= room + tolerance:
                    continue
                reach = max(room, 0.0) / abs(a)
                upward = (a > 0) == (side == 1)
                value = state.upper[j] - reach if upward else state.lower[j] + reach
                if rows.whole[j]:
                    value = np.ceil(value - WHOLE) if upward else np.floor(value + WHOLE)
                    if (upward and value <= state.lower[j]) or (not upward and value >= state.upper[j]):
                        continue
                elif span - reach < STEP * span and reach > tolerance:
                    continue
                _move(rows, state, j, upward, value)
            largest = max(largest, abs(a) * (state.upper[j] - state.lower[j]))
        state.largest[i] = largest
    return agree


@compiled
def _decide(rows: Rows, state: _State, j: int, value: float, other: float) -> bool:
    """Give ``j`` the ``value``, or where that contradicts the rows the ``other`` one; is one of them possible?"""
    for chosen in (value, other):
        if chosen < state.lower[j] or chosen > state.upper[j]:
            continue
        if _clashes(rows, state, j, chosen):
            continue
        mark = state.size[0]
        if chosen > state.lower[j]:
            _move(rows, state, j, True, chosen)
        if chosen < state.upper[j]:
            _move(rows, state, j, False, chosen)
        if _propagate(rows, state):
            return True
        _back(rows, state, mark)
    return False


@compiled
def _clashes(rows: Rows, state: _State, j: int, value: float) -> bool:
    """Does ``value`` contradict a row all by itself?"""
    rise, fall = value - state.lower[j], state.upper[j] - value
    for e in range(rows.start[j], rows.start[j + 1]):
        i, a = rows.row[e], rows.entry[e]
        up, down = (a * rise, a * fall) if a > 0 else (-a * fall, -a * rise)
        if (
            state.least[i] + up > rows.high[i] + rows.tolerance[i]
            or state.most[i] - down < rows.low[i] - rows.tolerance[i]
        ):
            return True
    return False


@compiled
def _rest(rows: Rows, state: _State, costs: Floats) -> int:
    """Decide all columns that are no decisions: whole ones at their better end, then continuous ones, the first as
    large as it may be."""
    for j in range(len(costs)):
        if rows.whole[j]:
            while state.upper[j] > state.lower[j]:
                better, other = state.lower[j], state.upper[j]
                if costs[j] < 0:
                    better, other = other, better
                if not _decide(rows, state, j, better, other):
                    return OPEN
    state.size[2] = 1
    mark = state.size[0]
    for upward in (True, False):
        done = _everything(rows, state)
        for j in range(len(costs)):
            if done and not rows.whole[j] and state.upper[j] > state.lower[j]:
                first, other = state.upper[j], state.lower[j]
                if not upward:
                    first, other = other, first
                if not _decide(rows, state, j, first, other):
                    done = False
                    break
        if done:
            return DONE
        _back(rows, state, mark)
    return OPEN


@compiled
def complete(rows: Rows, root: Root, decisions: Ints, D: NDArray[np.bool_], costs: Floats) -> tuple[Floats, Ints]:
    """All columns ``(k, n)`` for the ``decisions`` ``D`` ``(k, d)``, and how each ended ``(k,)``.

    Where the rows contradict the decisions, the other columns are what was reached until then.
    """
    k = len(D)
    X = np.empty((k, len(root.lower)))
    ends = np.empty(k, np.int64)
    for row in range(k):
        state = _started(rows, root)
        ends[row] = DONE
        for at in range(len(decisions)):
            value = 1.0 if D[row, at] else 0.0
            if not _decide(rows, state, decisions[at], value, value):
                ends[row] = DEAD
        if ends[row] == DONE:
            ends[row] = _rest(rows, state, costs)
        X[row] = state.lower
        for at in range(len(decisions)):
            X[row, decisions[at]] = 1.0 if D[row, at] else 0.0
    return X, ends


@compiled
def dive(
    rows: Rows, root: Root, decisions: Ints, order: Ints, wish: NDArray[np.bool_], costs: Floats
) -> tuple[Floats, Ints]:
    """Decide columns one after the other in the ``order`` ``(k, d)`` (places in ``decisions``), each as ``wish``
    ``(k, d)`` has it unless that contradicts the rows; all columns ``(k, n)``, and how each ended ``(k,)``."""
    k, n = len(wish), len(root.lower)
    X = np.empty((k, n))
    ends = np.empty(k, np.int64)
    for row in range(k):
        state = _started(rows, root)
        decided = _descend(rows, state, decisions, order[row].copy(), wish[row])
        ends[row] = _rest(rows, state, costs) if decided else DEAD
        X[row] = state.lower
    return X, ends


@compiled
def _descend(rows: Rows, state: _State, decisions: Ints, sequence: Ints, wish: NDArray[np.bool_]) -> bool:
    """Decide in ``sequence``; a column that can be decided neither way any more is decided earlier instead."""
    marks = np.empty(len(sequence), np.int64)
    at = jumps = 0
    while at < len(sequence):
        marks[at] = state.size[0]
        place = sequence[at]
        j, value = decisions[place], 1.0 if wish[place] else 0.0
        if state.upper[j] == state.lower[j] or _decide(rows, state, j, value, 1.0 - value):
            at += 1
            continue
        jumps += 1
        back = at // (1 + jumps)
        _back(rows, state, marks[back])
        while not _decide(rows, state, j, value, 1.0 - value):
            if back == 0 or jumps > JUMPS:
                return False
            back //= 2
            _back(rows, state, marks[back])
        for later in range(at, back, -1):
            sequence[later] = sequence[later - 1]
        sequence[back] = place
        at = back + 1
        if jumps > JUMPS:
            return False
    return True
