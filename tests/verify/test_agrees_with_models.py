"""The auditor and the model, written independently of each other, judge every plan alike."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

import highspy
import numpy as np
import pytest

from instances.generate import MECHANISMS, generate
from instances.region import Region
from models.formulate import formulate
from models.problem import Problem
from optimizer.verify import Auditor
from tests.brute import plans
from tests.verify.wild import wild_region


class Completion:
    """A problem whose decisions are given; HiGHS finds the auxiliaries that go with them."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        matrix = problem.A.tocsc()
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(problem.columns), len(problem.rows)
        lp.col_cost_ = np.zeros(lp.num_col_)
        lp.col_lower_, lp.col_upper_ = problem.lower, problem.upper
        lp.row_lower_, lp.row_upper_ = problem.row_lower, problem.row_upper
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[int(whole)] for whole in problem.integer]
        self.solver = highspy.Highs()
        self.solver.silent()
        self.solver.passModel(lp)

    def values(self, plan: dict[str, int]) -> dict[str, object] | None:
        """The objectives of ``plan``, or None if no auxiliaries make it feasible."""
        problem = self.problem
        for decision in problem.decisions:
            built = float(plan.get(decision.project) == decision.period)
            if not problem.lower[decision.column] <= built <= problem.upper[decision.column]:
                return None
            self.solver.changeColBounds(decision.column, built, built)
        self.solver.run()
        status = self.solver.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        # A problem without rows, or without columns that are left to choose, may be called empty.
        assert status in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kModelEmpty), status
        counts = problem.evaluate([self.solver.getSolution().col_value])[0]
        return {o.name: o.value(int(count)) for o, count in zip(problem.objectives, counts, strict=True)}


def disagreements(region: Region, tried: Iterable[dict[str, int]]) -> list[str]:
    goals = list(region.goals)
    auditor = Auditor(region)
    completion = Completion(formulate(region, goals))
    found = []
    for plan in tried:
        audit, model = auditor.evaluate(plan, goals), completion.values(plan)
        if (model is None) != bool(audit.broken):
            found.append(f"{region.name} {plan}: broken {audit.broken}, model {'in' * (model is None)}feasible")
        elif model is not None and model != audit.values:
            found.append(f"{region.name} {plan}: audit {audit.values}, model {model}")
    return found


def sample(region: Region, count: int, seed: int) -> list[dict[str, int]]:
    """Plans of all sizes: the adopted one with a few changes, and any others."""
    draw = Random(seed)
    adopted = {p.id: p.adopted for p in region.projects if p.adopted}
    tried = [{}, adopted]
    while len(tried) < count:
        density = draw.random()
        changed = dict(adopted) if len(tried) % 2 else {}
        for project in region.projects:
            if (starts := region.starts(project)) and draw.random() < (0.15 if changed else density):
                if project.id in changed:
                    del changed[project.id]
                else:
                    changed[project.id] = draw.choice(starts)
        tried.append(changed)
    return tried


@pytest.mark.parametrize("seed", range(40))
def test_every_plan_of_wild_regions(seed):
    periods = 1 + seed % 2
    region = wild_region(seed, projects=6 if periods == 1 else 4, periods=periods)
    assert disagreements(region, plans(region)) == []


@pytest.mark.parametrize("seed", range(20))
def test_some_plans_of_generated_regions(seed):
    periods = 1 + seed % 2
    kept = [*MECHANISMS, None][seed % (len(MECHANISMS) + 1)]
    region = generate(10, 2, periods, seed, 6, None if kept is None else [kept])
    assert disagreements(region, sample(region, 30, seed)) == []
