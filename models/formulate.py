"""Pyomo model to Problem: the only reader of Pyomo's standard form."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy.sparse as sp
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler

from instances.region import Region
from models.draft import Draft
from models.linear import column_name
from models.portfolio import draft_portfolio
from models.problem import Problem

__all__ = ["formulate"]


def formulate(region: Region, objectives: Sequence[str] | None = None) -> Problem:
    """The arrays that every engine works on; ``objectives`` names goals of the region, by default those it compares.

    Columns are the decisions in the order of the projects and their periods, then the auxiliaries. All coefficients
    and finite row bounds are whole numbers below 2^53. Rows called ``define[...]`` and ``once[...]`` say what a column
    means; all others are rules that somebody made and could repeal.

    Raises ``ValueError`` if a figure is too fine for exact arithmetic or does not fit a declared quantum.

    >>> from instances.schema import Budget, Effect, Project
    >>> from instances.settings import Goal, Settings
    >>> jobs = {"mill": 9, "inn": 6}
    >>> problem = formulate(
    ...     Region(
    ...         settings=Settings(name="hamlet", objectives={"work": Goal(maximize={"jobs": 1})}),
    ...         projects=(Project(id="mill", capital_cost=3), Project(id="inn", capital_cost=2)),
    ...         effects=tuple(Effect(project=p, indicator="jobs", value=n) for p, n in jobs.items()),
    ...         budgets=(Budget(fund="county", amount=4),),
    ...     )
    ... )
    >>> problem.rows, problem.A.toarray().tolist(), problem.row_upper.tolist()
    (('budget[county]',), [[3.0, 2.0]], [4.0])
    >>> problem.C.tolist(), problem.objectives[0].quantum
    ([[3, 2]], Fraction(3, 1))
    """
    return compile_draft(draft_portfolio(region, objectives))


def compile_draft(draft: Draft) -> Problem:
    """Pyomo's standard form, its columns and rows put back into the draft's order.

    Pyomo leaves out columns that no row or objective counts and writes a range as two rows; here every column stays,
    because a plan is read from them, and a rule is one row.
    """
    model, n, m = draft.model, len(draft.columns), len(draft.rows)
    info = LinearStandardFormCompiler().write(model, mixed_form=True, set_sense=None)
    place = {id(var): j for j, var in enumerate(draft.columns.values())}
    spread = sp.csr_array(
        (np.ones(len(info.columns)), (range(len(info.columns)), [place[id(var)] for var in info.columns])),
        shape=(len(info.columns), n),
    )

    counts = {id(objective): k for k, objective in enumerate(info.objectives)}
    order = [counts[id(objective)] for objective in model.objective.values()]
    C = np.rint((info.c @ spread).toarray()[order]).astype(np.int64)

    number = {id(row): i for i, row in enumerate(draft.rows.values())}
    row_lower, row_upper = np.full(m, -np.inf), np.full(m, np.inf)
    first = np.full(m, -1)
    for entry, (row, side) in enumerate(info.rows):
        i = number[id(row)]
        first[i] = entry
        if side <= 0:
            row_lower[i] = info.rhs[entry]
        if side >= 0:
            row_upper[i] = info.rhs[entry]

    return Problem(
        name=draft.region.name,
        objectives=draft.objectives,
        C=C,
        A=sp.csr_array(info.A.tocsr()[first] @ spread),
        row_lower=row_lower,
        row_upper=row_upper,
        lower=np.array([var.lb for var in draft.columns.values()], dtype=np.float64),
        upper=np.array([np.inf if var.ub is None else var.ub for var in draft.columns.values()], dtype=np.float64),
        integer=np.array([var.is_integer() for var in draft.columns.values()], dtype=bool),
        rows=tuple(draft.rows),
        columns=tuple(map(column_name, draft.columns)),
        decisions=tuple(draft.decisions),
        periods=draft.region.periods,
    )
