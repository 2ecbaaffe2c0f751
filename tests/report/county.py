"""Three towns, six projects: small enough to reckon every report by hand.

Ay has salt (LQ 15/8), Be has food; Ce is new. `well` and `mill` grow from within; `mall`, `copy` and `exit` come from
outside.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from instances.region import Region
from instances.schema import (
    Asset,
    Effect,
    Impact,
    Industry,
    Project,
    Service,
    Source,
    SourceChange,
    Supply,
    Tag,
    TimelineStep,
    Town,
)
from instances.settings import Goal, Policy, Settings


def county(**policy: Any) -> Region:
    projects = (
        Project(id="well", town="ay", category=("craft",), capital_cost=Decimal(4), adopted=1),
        Project(id="mall", town="ay", category=("shops",), capital_cost=Decimal(4)),
        Project(id="copy", town="be", category=("shops",), capital_cost=Decimal(8), adopted=1),
        Project(id="mill", town="be", category=("works",), capital_cost=Decimal(8), adopted=1),
        Project(id="school", town="ay", category=("school",), capital_cost=Decimal(2), adopted=1),
        Project(id="exit", capital_cost=Decimal(3)),
    )
    effects = (
        ("well", "income", 1, "internal"),
        ("mall", "income", 9, "external"),
        ("copy", "income", 7, "external"),
        ("mill", "income", 2, "internal"),
        ("exit", "income", 4, "external"),
        ("well", "charm", 6, ""),
        ("mall", "charm", -3, ""),
        ("copy", "charm", -3, ""),
        ("mill", "jobs", 20, ""),
    )
    tags = (
        ("well", "industry", "salt", 1, True),
        ("mall", "typology", "shopping street", 1, False),
        ("copy", "typology", "shopping street", 1, False),
        ("mill", "industry", "food", 1, True),
        ("mill", "style", "sheds", "0.5", False),
    )
    return Region(
        settings=Settings(
            name="county",
            title="Three towns",
            objectives={
                "growth": Goal(maximize={"income": Decimal(1)}, unit="million"),
                "character": Goal(maximize={"charm": Decimal(1)}, unit="points"),
            },
            policy=Policy(**{"newcomer_step": 50, "newcomer_limit": 1000, **policy}),
        ),
        projects=projects,
        effects=tuple(Effect(project=p, indicator=i, value=Decimal(v), source=s) for p, i, v, s in effects),
        towns=(
            Town(id="ay", name="盐镇 Ay", population=Decimal(500)),
            Town(id="be", name="Be", population=Decimal(1000)),
            Town(id="ce", name="新镇", population=Decimal(0)),
        ),
        tags=tuple(Tag(project=p, kind=k, tag=t, weight=Decimal(w), leading=lead) for p, k, t, w, lead in tags),
        industries=tuple(
            Industry(town=t, industry=i, jobs=Decimal(n))
            for t, i, n in (("ay", "salt", 30), ("ay", "food", 10), ("be", "salt", 10), ("be", "food", 50))
        ),
        sources=(
            Source(town="ay", source="craft", form="soft", stock=Decimal(10)),
            Source(town="ay", source="brine", form="hard", stock=Decimal(5)),
            Source(town="ay", source="exit", form="location", stock=Decimal(4)),
            Source(town="be", source="grants", form="policy", stock=Decimal(2)),
        ),
        source_changes=(
            SourceChange(project="well", town="ay", source="craft", change=Decimal(3)),
            SourceChange(project="mall", town="ay", source="craft", change=Decimal(-2)),
            SourceChange(project="exit", town="ay", source="exit", change=Decimal(1)),
        ),
        assets=(
            Asset(
                id="a1",
                town="ay",
                name="古井 Old well",
                era="past",
                kind="industrial",
                value=Decimal(8),
                threatened=True,
            ),
            Asset(id="a2", town="ay", era="past", kind="tangible", value=Decimal(4)),
            Asset(id="a3", town="ay", era="present", kind="intangible", value=Decimal(4)),
            Asset(id="b1", town="be", era="past", kind="tangible", value=Decimal(4), threatened=True),
        ),
        impacts=(
            Impact(project="well", asset="a1", impact=3),
            Impact(project="mall", asset="a2", impact=-4),
            Impact(project="mall", asset="a3", impact=-3),
        ),
        timeline=(
            TimelineStep(count=1, points=Decimal(5)),
            TimelineStep(count=2, points=Decimal(2)),
        ),
        services=(
            Service(service="school", town="ay", capacity=48, per_head="0.1", per_newcomer="0.15"),
            Service(service="homes", town="ay", capacity=310, per_head="0.5", per_newcomer="0.5"),
            Service(service="homes", town="be", capacity=2000, per_head="0.5", per_newcomer="0.5"),
        ),
        supply=(Supply(project="school", service="school", town="ay", capacity=20),),
    )
