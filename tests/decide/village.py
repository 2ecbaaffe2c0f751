"""A village of seven projects and a front of it made by hand."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np

from instances.region import Region
from instances.schema import Budget, Effect, Footprint, Project, Town, Zone
from instances.settings import Goal, Settings
from models.problem import Objective, Problem
from optimizer.certificate import Certificate, OpenRegion, Status
from optimizer.front import Front
from optimizer.listing import Listing
from optimizer.verify import evaluate


def village(periods: int = 1, **settings: object) -> Region:
    """Two objectives; `mine` lies in a red line, `tower` is dearer than all money, `casino` is locked out."""
    head = {
        "name": "village",
        "title": "盐场村 (village of the salt works)",
        "money": "million CNY",
        "periods": periods,
        "first_period": 2026,
        "provenance": "made up",
        "objectives": {
            "growth": Goal(maximize={"income": Decimal("0.5")}, unit="million CNY a year", label="Growth"),
            "cost": Goal(minimize={"capital_cost": Decimal(1)}, unit="million CNY"),
        },
    }
    projects = (
        Project(
            id="road", name="盐场路改造工程", town="T1", category=("road",), capital_cost=Decimal("2.5"), adopted=1
        ),
        Project(id="school", name="=SUM(A1:A9)", town="T1", capital_cost=Decimal(4), adopted=1),
        Project(id="park", name="https://example.org", town="T1", capital_cost=Decimal(1)),
        Project(id="clinic", name="Clinic", capital_cost=Decimal(3), locked="in"),
        Project(id="mine", name="Mine", capital_cost=Decimal(1)),
        Project(id="tower", name="Tower", capital_cost=Decimal(99)),
        Project(id="casino", name="Casino", capital_cost=Decimal(1), locked="out"),
    )
    income = {"road": 6, "school": 3, "park": 2, "clinic": 1, "mine": 50, "tower": 90, "casino": 9}
    return Region(
        settings=Settings(**{**head, **settings}),
        projects=projects,
        effects=tuple(Effect(project=p, indicator="income", value=Decimal(v)) for p, v in income.items()),
        towns=(Town(id="T1", name="盐场镇"),),
        budgets=(Budget(fund="county", amount=Decimal(20)),),
        zones=(Zone(id="R1", town="T1", kind="red_line", area=Decimal(5)),),
        footprints=(Footprint(project="mine", zone="R1", hectares=Decimal(1)),),
    )


PLANS = (("clinic", "road", "park", "school"), ("clinic", "road", "park"), ("clinic", "road"), ("clinic", "park"))


def certificate(status: Status = Status.COMPLETE, points: int = len(PLANS), **more: object) -> Certificate:
    facts: dict[str, object] = {
        "status": status,
        "epsilon": 0.0,
        "epsilon_in_units": {"growth": 0.0, "cost": 0.0},
        "hypervolume_missing": 0.0,
        "points": points,
        "solves": 9,
        "seconds": 1.25,
        "engine": "search",
        "stopped_by": "complete",
        "ranges": {"growth": (1.5, 6.0), "cost": (10.5, 4.0)},
    }
    if status is not Status.COMPLETE:
        region = OpenRegion({"growth": 6.0, "cost": 4.0}, {"growth": 1.5, "cost": 10.5}, None)
        facts |= {
            "epsilon": 0.03,
            "epsilon_in_units": {"growth": 0.135, "cost": 0.195},
            "hypervolume_missing": 0.01,
            "stopped_by": "time limit",
            "open_regions": (region,),
            "open_regions_total": 1,
        }
    return Certificate(**{**facts, **more})


def listing(region: Region, status: Status = Status.COMPLETE, plans: tuple[tuple[str, ...], ...] = PLANS) -> Listing:
    goals = region.compared
    projects = tuple(region.project)
    values = [evaluate(region, dict.fromkeys(plan, 1), goals).values for plan in plans]
    return Listing(
        objectives=tuple(
            Objective(g, region.goals[g].sense, region.goals[g].unit, region.goals[g].label) for g in goals
        ),
        projects=projects,
        values=tuple(tuple(value[g] for g in goals) for value in values),
        starts=np.array([[int(p in plan) for p in projects] for plan in plans], dtype=np.int64).reshape(
            -1, len(projects)
        ),
        certificate=certificate(status, len(plans)),
    )


def front(status: Status = Status.COMPLETE, plans: tuple[tuple[str, ...], ...] = PLANS) -> Front:
    """The same as an engine would return it, with the projects in another order and without the casino."""
    projects = ("tower", "mine", "clinic", "park", "school", "road")
    halves = {"tower": 90, "mine": 50, "clinic": 1, "park": 2, "school": 3, "road": 6}
    costs = {"tower": 198, "mine": 2, "clinic": 6, "park": 2, "school": 8, "road": 5}
    half = Fraction(1, 2)
    plain = Problem.from_arrays([[halves[p] for p in projects], [costs[p] for p in projects]], [[1] * 6], [9])
    problem = Problem(
        **{
            **plain.__dict__,
            "objectives": (
                Objective("growth", "max", "million CNY a year", "Growth", half),
                Objective("cost", "min", "million CNY", "", half),
            ),
            "decisions": tuple(
                type(d)(project, 1, d.column) for d, project in zip(plain.decisions, projects, strict=True)
            ),
        }
    )
    X = np.array([[float(p in plan) for p in projects] for plan in plans]).reshape(-1, 6)
    return Front(problem, problem.evaluate(X), X, certificate(status, len(plans)))
