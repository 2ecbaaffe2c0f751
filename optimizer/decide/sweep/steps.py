"""The steps of a sweep, solved one after the other with what is known from the others.

Portfolios of one step that another allows are known to it from the start. Where a step allows nothing that another step
with a complete front does not allow, and all of that front, then that front is its own: what it lacks of the other's
portfolios is dominated there already. Both are seen from the compiled arrays, not guessed from the figure.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from instances.check import check_region
from instances.figures import with_figure
from models.formulate import formulate
from models.problem import Floats, Problem
from optimizer.certificate import Status
from optimizer.decide.sweep.axis import Axis
from optimizer.decide.sweep.outcome import Setting
from optimizer.engines.found import Known
from optimizer.front import Front

if TYPE_CHECKING:
    from instances.region import Region

__all__ = ["Solver", "follows", "regions", "solve_steps", "within"]

ROW_TOLERANCE = 1e-6
"""Rows hold whole numbers; only continuous columns ever miss one by less."""

Solver = Callable[[Setting, Problem, Known | None], Front]
"""Solves one step, perhaps from known portfolios."""


def settings(axes: Sequence[Axis]) -> list[Setting]:
    """All settings, the last axis quickest."""
    return list(product(*(axis.values for axis in axes)))


def regions(region: Region, axes: Sequence[Axis]) -> dict[Setting, Region]:
    """The region at each setting. Raises ``ValueError`` if a value breaks a rule for the data."""
    found = {}
    for setting in settings(axes):
        changed = region
        for axis, value in zip(axes, setting, strict=True):
            changed = with_figure(changed, axis.figure, value)
        if faults := check_region(changed):
            told = ", ".join(f"{axis.figure} = {value}" for axis, value in zip(axes, setting, strict=True))
            raise ValueError(f"with {told}: " + "; ".join(map(str, faults)))
        found[setting] = changed
    return found


def follows(axes: Sequence[Axis], reached: Sequence[Setting]) -> list[tuple[int, int]]:
    """Pairs of numbers of ``reached`` settings of which the second is the next higher one in one of the figures."""
    pairs = []
    for s, low in enumerate(reached):
        for i in range(len(axes)):
            higher = [t for t, high in enumerate(reached) if _beside(low, high, i)]
            if higher:
                pairs.append((s, min(higher, key=lambda t: reached[t][i])))
    return pairs


def _beside(low: Setting, high: Setting, i: int) -> bool:
    return high[i] > low[i] and (*low[:i], *low[i + 1 :]) == (*high[:i], *high[i + 1 :])


def within(narrow: Problem, wide: Problem) -> bool:
    """Does ``wide`` allow everything that ``narrow`` allows, with the same values? Seen from their arrays, row by row.

    ``False`` may also mean that it cannot be seen: a row of ``wide`` must stand in ``narrow`` with the same
    coefficients and sides that are at least as tight.

    >>> small, large = (Problem.from_arrays([[3, 4]], [[2, 3]], [money]) for money in (4, 5))
    >>> within(small, large), within(large, small)
    (True, False)
    """
    if narrow.columns != wide.columns or narrow.objectives != wide.objectives or np.any(narrow.C != wide.C):
        return False
    if np.any(narrow.integer != wide.integer):
        return False
    if np.any(narrow.lower < wide.lower) or np.any(narrow.upper > wide.upper):
        return False
    place = {row: i for i, row in enumerate(narrow.rows)}
    if any(row not in place for row in wide.rows):
        return False
    rows = [place[row] for row in wide.rows]
    if (narrow.A[rows] != wide.A).nnz:
        return False
    return bool(np.all(narrow.row_lower[rows] >= wide.row_lower) and np.all(narrow.row_upper[rows] <= wide.row_upper))


def solve_steps(
    there: Mapping[Setting, Region],
    goals: Sequence[str],
    solver: Solver,
    done: Collection[Setting] = (),
    interrupted: Callable[[], bool] | None = None,
) -> Iterator[tuple[Setting, Front]]:
    """Fronts of all settings that are not ``done``, the loosest end first where that can be seen.

    Ends early after a front that was interrupted; that one is not handed over.
    """
    todo = [setting for setting in there if setting not in done]
    problems = {setting: formulate(there[setting], goals) for setting in todo}
    if len(todo) > 1 and within(problems[todo[0]], problems[todo[-1]]):
        todo.reverse()
    known: list[Front] = []
    for setting in todo:
        if interrupted is not None and interrupted():
            return
        problem = problems[setting]
        front = _same_front(problem, known) or solver(setting, problem, _start(problem, known))
        if front.certificate.stopped_by == "interrupt":
            return
        known.append(front)
        yield setting, front


def _same_front(problem: Problem, known: Sequence[Front]) -> Front | None:
    """The complete front of a step that allows all that ``problem`` allows, if ``problem`` allows all of that front."""
    for front in reversed(known):
        if front.certificate.status is not Status.COMPLETE or not within(problem, front.problem):
            continue
        if np.all(problem.violations(front.X) <= ROW_TOLERANCE) if len(front) else True:
            proof = replace(front.certificate, solves=0, labels=0, seconds=0.0)
            return Front(problem, front.counts, front.X, proof)
    return None


def _start(problem: Problem, known: Sequence[Front]) -> Known | None:
    """Portfolios of other steps that ``problem`` allows, as far as they have the same columns."""
    X: list[Floats] = [x for front in known if front.problem.columns == problem.columns for x in front.X]
    if not X:
        return None
    signs = np.array([-1 if o.sense == "max" else 1 for o in problem.objectives], dtype=np.int64)
    points = np.unique(np.array(X), axis=0)
    points = points[problem.violations(points) <= ROW_TOLERANCE]
    return Known(points, signs * problem.evaluate(points), {}) if len(points) else None
