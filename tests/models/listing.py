"""A Problem as text that a reviewer can read, in the manner of an LP file."""

from __future__ import annotations

import numpy as np


def listing(problem):
    """Objectives, rows, bounds and kinds of columns, in their order; the same problem gives the same text."""
    lines = [f"\\ {problem.name}: {problem.periods} period(s), {len(problem.decisions)} decisions"]
    for objective, row in zip(problem.objectives, problem.C, strict=True):
        sense = {"max": "maximize", "min": "minimize"}[objective.sense]
        lines += ["", f"\\ {objective.offset} + {objective.quantum} * count {objective.unit}".rstrip()]
        lines += [f"{sense} {objective.name}:", f"  {_sum(problem, row)}"]
    lines += ["", "subject to"]
    rows = problem.A.toarray()
    for name, row, low, high in zip(problem.rows, rows, problem.row_lower, problem.row_upper, strict=True):
        body = _sum(problem, row)
        relation = {
            low == high: f"{body} = {high:g}",
            np.isneginf(low): f"{body} <= {high:g}",
            np.isposinf(high): f"{body} >= {low:g}",
        }
        lines.append(f"  {name}: {relation.get(True) or f'{low:g} <= {body} <= {high:g}'}")
    lines += ["", "bounds"]
    for name, low, high, whole in zip(problem.columns, problem.lower, problem.upper, problem.integer, strict=True):
        if (low, high, whole) != (0, 1, True):
            lines.append(f"  {low:g} <= {name} <= {high:g}{'' if whole else ' (continuous)'}")
    return "\n".join([*lines, "", "columns", *(f"  {name}" for name in problem.columns), ""])


def _sum(problem, row):
    terms = [f"{'-' if row[j] < 0 else '+'} {abs(row[j]):g} {problem.columns[j]}" for j in np.flatnonzero(row)]
    return " ".join(terms).removeprefix("+ ") or "0"
