"""Query: what engines ask a solver about a :class:`Problem`, and the :class:`Outcome` they may trust.

Nothing that a solver says is believed without evidence (:func:`judge`). A point is rounded, checked against every row
in its own right and weighed anew in whole quanta; ``OPTIMAL`` needs a dual bound that meets the value; an answer that
contradicts a known portfolio is an ``ERROR``. Engines may close a region of objective space on ``OPTIMAL`` and
``INFEASIBLE`` only. Nothing here loads a solver.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from models.problem import Floats, Ints, Problem
from optimizer.engines.cuts import Cuts

__all__ = ["INTERRUPT", "ROW_TOLERANCE", "Gate", "Outcome", "Query", "Verdict", "judge", "weigh"]

INTERRUPT = "Interrupt"
"""Why an outcome has the verdict ``LIMIT`` when somebody ended the solve."""
ROW_TOLERANCE = 1e-6
"""A rounded point may miss a row by this much. Rows hold whole numbers, so that only continuous columns ever do."""


class Verdict(Enum):
    """What a solve proved. Only ``OPTIMAL`` and ``INFEASIBLE`` close a region."""

    OPTIMAL = "optimal"
    INFEASIBLE = "infeasible"
    LIMIT = "limit"
    ERROR = "error"


@dataclass(frozen=True, eq=False)
class Query:
    """Minimise ``weights · y`` over the feasible points with ``y <= caps``; ``y`` are objectives in minimised quanta.

    With ``ranges`` ``r`` it is an achievement scalarization (Wierzbicki 1986): ``max_j (y_j - caps_j) / r_j``, over the
    finite caps, is added to what is minimised.
    ``start`` is a known feasible point ``(n,)`` within the caps; it warms the solver up and bears witness against it.
    A point whose value is at most ``gap`` above the least is good enough; below :attr:`precision` it is exact. So is
    one of at most ``target``, whatever is proved by then. Columns that are not NaN in ``fixed`` ``(n,)`` have that
    value: the answer then speaks of the portfolios that agree with it and of no others. ``lean`` spares the search for
    better points where ``start`` is known to be good and the proof is what is wanted. ``cuts`` asks for nothing but the
    inequalities that the solver separates while it looks for the least ``weights · y``.
    """

    weights: Floats
    caps: Floats
    ranges: Floats | None = None
    start: Floats | None = None
    fixed: Floats | None = None
    gap: float = 0.0
    target: float = -math.inf
    seconds: float = math.inf
    lean: bool = False
    cuts: bool = False

    def values(self, Y: Ints) -> Floats:
        """What is minimised, for the points ``Y`` ``(k, p)``; ``(k,)``."""
        weighted: Floats = Y @ self.weights
        return weighted if self.ranges is None else weighted + np.max((Y - self.caps) / self.ranges, axis=1)

    def value(self, y: Ints) -> float:
        """What is minimised, for one point ``y`` ``(p,)``."""
        return float(self.values(y[None])[0])

    @property
    def precision(self) -> float:
        """The least difference of values that can matter: nearly the smallest weight, at least 1e-6.

        >>> Query(np.array([1.0, 0.0, 0.25]), np.full(3, np.inf)).precision
        0.225
        """
        if self.ranges is not None:
            return 1e-6
        return max(0.9 * float(np.min(self.weights[self.weights > 0])), 1e-6)


@dataclass(frozen=True, eq=False)
class Outcome:
    """The answer to a :class:`Query`; ``bound`` is a valid lower bound of its value, ``-inf`` if none is known."""

    verdict: Verdict
    x: Floats | None = None
    y: Ints | None = None
    bound: float = -math.inf
    seconds: float = 0.0
    why: str = ""
    others: tuple[tuple[Floats, Ints], ...] = ()
    """Further portfolios, with their points, that the solver came by."""
    cuts: Cuts | None = None
    """Inequalities for the model with a column more for each project (:mod:`optimizer.engines.built`)."""


class Gate(Protocol):
    """Whatever answers queries: HiGHS, CP-SAT, or a stand-in that fails on purpose in the tests."""

    def minimize(self, query: Query) -> Outcome: ...


def judge(
    problem: Problem, costs: Ints, query: Query, word: str, x: NDArray[np.float64] | None, bound: float
) -> Outcome:
    """Turn a solver's claim into an :class:`Outcome` that says no more than the evidence does.

    ``word`` is the status as HiGHS words it, ``x`` the point ``(n,)`` or ``None``, ``bound`` the dual bound.
    """
    point = y = None
    value = known = math.inf
    if query.start is not None:
        known = query.value(weigh(problem, costs, query.start))
    if x is not None and not np.all(np.isfinite(x)):
        return Outcome(Verdict.ERROR, why="the solver's point is not a number")
    if x is not None:
        point = np.where(problem.integer, np.rint(x), x)
        y = weigh(problem, costs, point)
        value = query.value(y)
        missed = float(problem.violations(point[None])[0])
        if missed > ROW_TOLERANCE or np.any(y > query.caps):
            return Outcome(Verdict.ERROR, why=f"the solver's point breaks a row by {missed:g}, or a cap")
    if word == "Infeasible":
        if min(value, known) < math.inf:
            return Outcome(Verdict.ERROR, why="called infeasible although a portfolio is known")
        return Outcome(Verdict.INFEASIBLE, bound=math.inf)
    best = min(value, known)
    slack = query.precision + 1e-9 * (abs(best) if best < math.inf else 0.0) + 1e-7
    gap = max(query.gap, slack)
    if math.isnan(bound) or bound > best + slack:
        return Outcome(Verdict.ERROR, why=f"dual bound {bound:g} lies above a known portfolio's {best:g}")
    if word == "Optimal":
        if value > known + gap:
            return Outcome(Verdict.ERROR, why=f"called optimal at {value:g} although {known:g} is known")
        if bound < value - gap - 1e-7:
            return Outcome(Verdict.ERROR, why=f"called optimal at {value:g} with a dual bound of only {bound:g}")
        return Outcome(Verdict.OPTIMAL, point, y, bound)
    if word in {"TimeLimit", INTERRUPT, "SolutionLimit", "ObjectiveTarget"}:
        return Outcome(Verdict.LIMIT, point, y, bound, why=word)
    return Outcome(Verdict.ERROR, why=f"the solver ended with status {word}")


def weigh(problem: Problem, costs: Ints, x: Floats) -> Ints:
    """Objectives of the point ``x`` ``(n,)`` in minimised quanta, exactly; ``(p,)``."""
    y: Ints = costs @ np.where(problem.integer, np.rint(x), 0.0).astype(np.int64)
    return y
