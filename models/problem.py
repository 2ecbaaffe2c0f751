"""Problem: the compiled arrays that every engine works on."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

__all__ = ["Decision", "Objective", "Problem"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Objective:
    """One objective. A portfolio's value in its own unit is ``offset + quantum * count`` with a whole ``count``."""

    name: str
    sense: Literal["max", "min"]
    unit: str = ""
    label: str = ""
    quantum: Fraction = Fraction(1)
    offset: Fraction = Fraction(0)

    def value(self, count: int) -> Fraction:
        """``count`` quanta in the objective's own unit, exactly.

        >>> Objective("growth", "max", quantum=Fraction(1, 2), offset=Fraction(3)).value(5)
        Fraction(11, 2)
        """
        return self.offset + self.quantum * count

    def count(self, value: Fraction) -> Fraction:
        """The inverse of :meth:`value`: ``value`` in quanta, whole for what a portfolio has.

        >>> Objective("growth", "max", quantum=Fraction(1, 2), offset=Fraction(3)).count(Fraction(11, 2))
        Fraction(5, 1)
        """
        return (value - self.offset) / self.quantum

    def minimised(self, value: Fraction) -> Fraction:
        """``value`` in quanta that are to be minimised.

        >>> Objective("growth", "max", quantum=Fraction(1, 2)).minimised(Fraction(5))
        Fraction(-10, 1)
        """
        return -self.count(value) if self.sense == "max" else self.count(value)


@dataclass(frozen=True)
class Decision:
    """A 0/1 column that means: ``project`` starts in ``period``, counted from 1. ``town`` is empty where the project
    serves the whole region."""

    project: str
    period: int
    column: int
    town: str = ""


@dataclass(frozen=True, eq=False)
class Problem:
    """Choose ``x`` with ``row_lower <= A x <= row_upper``, ``lower <= x <= upper``, some ``x`` whole; weigh ``C x``.

    ``C`` is ``(p, n)``, whole numbers of quanta in each objective's own sense, nonzero on whole columns only. ``A`` is
    ``(m, n)``; infinite bounds are ``±inf``. Columns that are no :class:`Decision` are auxiliaries whose value follows
    from the decisions, or continuous columns that no objective counts.
    """

    name: str
    objectives: tuple[Objective, ...]
    C: Ints
    A: sp.csr_array
    row_lower: Floats
    row_upper: Floats
    lower: Floats
    upper: Floats
    integer: NDArray[np.bool_]
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    decisions: tuple[Decision, ...]
    periods: int = 1

    def __post_init__(self) -> None:
        p, n = self.C.shape
        m = len(self.rows)
        shapes = {
            "objectives": (len(self.objectives), p),
            "columns": (len(self.columns), n),
            "lower": (len(self.lower), n),
            "upper": (len(self.upper), n),
            "integer": (len(self.integer), n),
            "row_lower": (len(self.row_lower), m),
            "row_upper": (len(self.row_upper), m),
            "rows of A": (self.A.shape[0], m),
            "columns of A": (self.A.shape[1], n),
        }
        wrong = [f"{what}: {found}, expected {wanted}" for what, (found, wanted) in shapes.items() if found != wanted]
        if wrong:
            raise ValueError("arrays of a Problem do not fit together: " + "; ".join(wrong))
        if np.any(self.C[:, ~self.integer]):
            raise ValueError("an objective counts a continuous column; objectives count whole quanta of whole columns")
        self.A.sum_duplicates()  # canonical before it is frozen: scipy sorts in place when it needs order
        for array in (self.C, self.row_lower, self.row_upper, self.lower, self.upper, self.integer, self.A.data):
            array.flags.writeable = False

    @classmethod
    def from_arrays(
        cls,
        C: Any,
        A: Any,
        row_upper: Any,
        *,
        row_lower: Any = None,
        sense: Literal["max", "min"] = "max",
        name: str = "problem",
        projects: tuple[str, ...] = (),
    ) -> Problem:
        """A pure 0/1 problem from plain arrays, every column a project of its own.

        >>> knapsack = Problem.from_arrays([[3, 4], [5, 1]], [[2, 3]], [4])
        >>> knapsack.evaluate([[1, 0], [0, 1]]).tolist()
        [[3, 5], [4, 1]]
        """
        C = np.asarray(C, dtype=np.int64)
        A = sp.csr_array(np.asarray(A, dtype=np.float64))
        p, n = C.shape
        m = A.shape[0]
        projects = projects or tuple(f"P{j + 1}" for j in range(n))
        return cls(
            name=name,
            objectives=tuple(Objective(f"f{k + 1}", sense) for k in range(p)),
            C=C,
            A=A,
            row_lower=np.full(m, -np.inf) if row_lower is None else np.asarray(row_lower, dtype=np.float64),
            row_upper=np.asarray(row_upper, dtype=np.float64),
            lower=np.zeros(n),
            upper=np.ones(n),
            integer=np.ones(n, dtype=bool),
            rows=tuple(f"row[{i + 1}]" for i in range(m)),
            columns=tuple(f"start[{project},1]" for project in projects),
            decisions=tuple(Decision(project, 1, j) for j, project in enumerate(projects)),
        )

    @property
    def costs(self) -> Ints:
        """``C`` with every objective turned into a minimisation; ``(p, n)``."""
        signs = np.array([-1 if o.sense == "max" else 1 for o in self.objectives], dtype=np.int64)
        costs: Ints = self.C * signs[:, None]
        return costs

    def evaluate(self, X: Any) -> Ints:
        """Quanta of each objective, in its own sense, for the rows of ``X`` ``(k, n)``; ``(k, p)``.

        Whole columns are rounded to the nearest whole number first, so the result is exact.
        """
        whole = np.rint(np.asarray(X, dtype=np.float64)[:, self.integer]).astype(np.int64)
        counts: Ints = whole @ self.C[:, self.integer].T
        return counts

    def violations(self, X: Any) -> Floats:
        """Largest violation of a row, a bound or wholeness, for the rows of ``X`` ``(k, n)``; ``(k,)``, 0 if none."""
        X = np.asarray(X, dtype=np.float64)
        activity = (self.A @ X.T).T
        excess = [
            np.max(activity - self.row_upper, axis=1, initial=0.0),
            np.max(self.row_lower - activity, axis=1, initial=0.0),
            np.max(X - self.upper, axis=1, initial=0.0),
            np.max(self.lower - X, axis=1, initial=0.0),
            np.max(np.abs(X - np.rint(X))[:, self.integer], axis=1, initial=0.0),
        ]
        worst: Floats = np.max(excess, axis=0)
        return worst
