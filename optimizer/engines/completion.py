"""Completion: from decisions to whole portfolios, auxiliaries and continuous columns included.

Whole auxiliaries follow by propagation, continuous columns by propagation or a small linear program; what that program
teaches about the rows serves all later ones. A portfolio counts as feasible only if the problem itself says so.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.problem import Floats, Ints, Problem
from optimizer.engines.propagation import DONE, OPEN, Root, Rows, complete, dive, root
from optimizer.engines.remainder import Cut, Remainder

__all__ = ["Completed", "Completion"]

MISSED = 1e-6
"""A portfolio may miss a row by this much. Rows hold whole numbers, so that only continuous columns ever do."""
CUTS = 300
"""Most rows that are learnt."""
AGAIN = 4
"""Most dives of one portfolio, each with the rows that the one before has taught."""


class Completed(NamedTuple):
    """Columns ``X`` ``(k, n)``, minimised counts ``Y`` ``(k, p)``, and by how much rows are broken ``(k,)``: 0 if the
    portfolio is feasible."""

    X: Floats
    Y: Ints
    broken: Floats


class Completion:
    """Completes decisions of ``problem``. ``free`` ``(d,)`` are the decisions that the rows leave open from the start.

    Raises ``ValueError`` if propagation leaves nothing at all.
    """

    def __init__(self, problem: Problem) -> None:
        found = root(problem)
        if found is None:
            raise ValueError("the rows contradict each other")
        self.problem = problem
        self.rows: Rows
        self.root: Root
        self.rows, self.root = found
        self.cuts: list[Cut] = []
        columns = np.array([decision.column for decision in problem.decisions], dtype=np.int64)
        self.free: Ints = columns[self.root.lower[columns] < self.root.upper[columns]]
        self.costs: Floats = problem.costs.sum(axis=0).astype(np.float64)
        self._remainder = Remainder(problem, self.root.lower, self.root.upper)
        self._size: Floats = np.maximum(abs(problem.A).max(axis=1).toarray().ravel(), 1.0)

    def learn(self, cuts: list[Cut]) -> bool:
        """Take further rows into account; are there any?"""
        new = cuts[: CUTS - len(self.cuts)]
        found = root(self.problem, [*self.cuts, *new]) if new else None
        if found is None:
            return False
        self.cuts += new
        self.rows, self.root = found
        return True

    def decided(self, D: NDArray[np.bool_]) -> Completed:
        """The portfolios with the decisions ``D`` ``(k, d)``, feasible or not."""
        X, ends = complete(self.rows, self.root, self.free, D, self.costs)
        self._remains(X, ends)
        return self._weighed(X)

    def repaired(self, order: Ints, wish: NDArray[np.bool_]) -> Completed:
        """Portfolios near the decisions ``wish`` ``(k, d)``, made in the ``order`` ``(k, d)``; feasible if possible."""
        X, ends = dive(self.rows, self.root, self.free, order, wish, self.costs)
        cuts = self._remains(X, ends)
        for _ in range(AGAIN):
            again = np.flatnonzero(ends == OPEN)
            if not len(again) or not self.learn(cuts):
                break
            X[again], ends[again] = dive(self.rows, self.root, self.free, order[again], wish[again], self.costs)
            cuts = self._remains(X, ends)
        return self._weighed(X)

    def _remains(self, X: Floats, ends: Ints) -> list[Cut]:
        """Complete in place those whose continuous columns propagation has left open; the rows learnt from failures."""
        cuts: list[Cut] = []
        for k in np.flatnonzero(ends == OPEN):
            if any(cut.figures @ X[k] > cut.high + MISSED for cut in cuts):
                continue
            answer = self._remainder.solve(X[k])
            if isinstance(answer, Cut):
                cuts.append(answer)
            elif answer is not None:
                X[k, self._remainder.columns] = answer
                ends[k] = DONE
        return cuts

    def _weighed(self, X: Floats) -> Completed:
        X = np.where(self.problem.integer, np.rint(X), X) + 0.0  # no negative zeros
        Y: Ints = X.astype(np.int64) @ self.problem.costs.T
        missed = self.problem.violations(X)
        activity = (self.problem.A @ X.T).T
        over = np.maximum(activity - self.problem.row_upper, 0) + np.maximum(self.problem.row_lower - activity, 0)
        broken = np.where(missed > MISSED, (over / self._size).sum(axis=1) + MISSED, 0.0)
        return Completed(X, Y, broken)
