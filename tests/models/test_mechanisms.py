"""Every plan of tiny random towns: the model allows what the tables allow, and counts what they count."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from scipy.optimize import linprog

from models import formulate
from models.mechanisms import budget
from tests.models import naive
from tests.models.random_towns import plans, random_town
from tests.models.towns import EXAMPLES


@pytest.mark.parametrize("seed", range(14))
@pytest.mark.parametrize("mechanism", [*EXAMPLES])
def test_random_towns(mechanism, seed):
    check_every_plan(random_town(mechanism, seed))


@pytest.mark.parametrize("mechanism", [*EXAMPLES])
def test_examples(mechanism):
    feasible = check_every_plan(EXAMPLES[mechanism])
    assert 0 < feasible


@pytest.mark.parametrize("seed", range(14))
@pytest.mark.parametrize("mechanism", ["budget", "grants"])
def test_the_transport_problem_allows_what_the_groups_of_funds_allow(mechanism, seed, monkeypatch):
    monkeypatch.setattr(budget, "_transport_size", lambda spending: -1)
    check_every_plan(random_town(mechanism, seed))


def check_every_plan(region):
    """Compare with the naive reading of the tables; return how many plans are feasible."""
    problem, feasible = formulate(region), 0
    define = np.array([name.startswith("define[") for name in problem.rows], dtype=bool)
    for plan in plans(region):
        completions = complete(problem, plan, define)
        assert len(completions) == 1, "auxiliaries must follow from the decisions"
        x = completions[0]
        values = [o.value(int(c)) for o, c in zip(problem.objectives, problem.evaluate([x])[0], strict=True)]
        assert values == [naive.value(region, plan, o.name) for o in problem.objectives]
        broken = naive.broken(region, plan)
        assert (not broken) == allowed(problem, x), (plan, broken)
        feasible += not broken
    return feasible


def complete(problem, plan, define):
    """All values of the 0/1 auxiliaries that the rows ``define`` allow for a plan."""
    x = np.zeros(len(problem.columns))
    for decision in problem.decisions:
        x[decision.column] = plan.get(decision.project) == decision.period
    decided = np.zeros(len(x), dtype=bool)
    decided[[d.column for d in problem.decisions]] = True
    free = np.flatnonzero(~decided & problem.integer & (problem.upper > 0))
    whole_rows = define & (abs(problem.A)[:, ~problem.integer].sum(axis=1) == 0)
    X = np.tile(x, (2 ** len(free), 1))
    X[:, free] = list(product((0, 1), repeat=len(free)))
    activity = (problem.A[whole_rows] @ X.T).T
    fits = (activity >= problem.row_lower[whole_rows]).all(axis=1) & (activity <= problem.row_upper[whole_rows]).all(
        axis=1
    )
    return X[fits]


def allowed(problem, x):
    """Do all rows and bounds hold, for some value of the continuous columns?"""
    if np.all(problem.integer):
        return problem.violations([x])[0] == 0
    lower, upper = (np.where(problem.integer, x, bound) for bound in (problem.lower, problem.upper))
    if np.any(x[problem.integer] < problem.lower[problem.integer]) or np.any(x > problem.upper):
        return False
    A, high, low = problem.A.toarray(), np.isfinite(problem.row_upper), np.isfinite(problem.row_lower)
    rows = np.vstack([A[high], -A[low]])
    sides = np.concatenate([problem.row_upper[high], -problem.row_lower[low]])
    return linprog(np.zeros(len(x)), rows, sides, bounds=list(zip(lower, upper, strict=True))).status == 0
