"""Random plans of generated regions: the model and the independent re-check of plans agree on rules and figures."""

from __future__ import annotations

import random

import numpy as np
import pytest
from scipy.optimize import LinearConstraint, milp

from instances.generate import generate
from models import formulate
from optimizer.verify import evaluate


@pytest.mark.parametrize(("periods", "seed"), [(1, 1), (1, 2), (3, 3), (2, 4)])
def test_random_plans(periods, seed):
    region, draw = generate(projects=18, towns=2, periods=periods, seed=seed), random.Random(seed)
    problem, verdicts = formulate(region), set()
    for _ in range(25):
        plan = _random_plan(region, problem, draw)
        evaluation = evaluate(region, plan, [o.name for o in problem.objectives])
        x = _complete(problem, plan)
        verdicts.add(x is not None)
        assert (x is not None) == (not evaluation.broken), (plan, evaluation.broken)
        if x is not None:
            counts = problem.evaluate([x])[0].tolist()
            values = {o.name: o.value(c) for o, c in zip(problem.objectives, counts, strict=True)}
            assert values == evaluation.values
    assert verdicts == {True, False}


def _random_plan(region, problem, draw):
    """A plan that the model allows, with up to two projects moved, put in or taken out."""
    wishes = np.array([draw.randint(-9, 3) for _ in problem.columns])
    x = _solve(problem, problem.lower, problem.upper, wishes)
    plan = {d.project: d.period for d in problem.decisions if x[d.column] > 0.5}
    for project in draw.sample([p for p in region.projects if region.starts(p)], draw.randint(0, 2)):
        plan[project.id] = draw.choice([0, *region.starts(project)])
    return {project: start for project, start in plan.items() if start}


def _complete(problem, plan):
    """The columns of a plan, or None if a rule forbids it."""
    lower, upper = problem.lower.copy(), problem.upper.copy()
    for d in problem.decisions:
        value = float(plan.get(d.project) == d.period)
        if not lower[d.column] <= value <= upper[d.column]:
            return None
        lower[d.column] = upper[d.column] = value
    return _solve(problem, lower, upper, np.zeros(len(lower)))


def _solve(problem, lower, upper, costs):
    rows = LinearConstraint(problem.A, problem.row_lower, problem.row_upper)
    return milp(costs, constraints=rows, bounds=(lower, upper), integrality=problem.integer).x
