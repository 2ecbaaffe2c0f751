"""Copies in many towns, and assets that heritage and the timeline share."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from instances.schema import Asset, Impact, Project, Tag, TimelineStep
from instances.settings import Goal, Policy
from models import formulate
from models.mechanisms.identity import similarity
from optimizer.verify import Auditor
from tests.models import naive
from tests.models.random_towns import plans, random_town
from tests.models.test_mechanisms import check_every_plan
from tests.models.towns import rows, town

LOOKS = ((("style", "old"), ("typology", "street")), (("style", "old"),), (("industry", "salt"), ("style", "old")))


@pytest.mark.parametrize("seed", range(12))
def test_copies_in_many_towns_count_as_pairs(seed):
    draw = random.Random(seed)
    projects = [Project(id=f"P{n}", town=draw.choice("ABCDE"), capital_cost=1) for n in range(5)]
    projects.append(Project(id="P5", capital_cost=1, town=draw.choice(("", "A"))))
    tags = [(p.id, *tag) for p in projects for tag in draw.choices(LOOKS, (5, 1, 1))[0]]
    sense = draw.choice(("maximize", "minimize"))
    check_every_plan(
        town(*projects, goals={"alike": Goal(**{sense: {"alikeness": 1}})}, tags=rows(Tag, *tags), policy=Policy())
    )


def test_copies_of_many_take_few_columns():
    projects = [Project(id=f"P{n}", town=f"T{n % 20}", capital_cost=1) for n in range(40)]
    tags = rows(Tag, *((p.id, "style", "old") for p in projects))
    problem = formulate(town(*projects, goals={"alike": Goal(minimize={"alikeness": 1})}, tags=tags))
    assert len(problem.columns) == 40 + 40 + 20


def test_heritage_and_timeline_share_their_columns():
    goals = {"loss": Goal(minimize={"heritage_loss": 1})}
    tables = {
        "assets": rows(Asset, ("well", "T", "", "past", "tangible", "unlisted", 4, True)),
        "impacts": rows(Impact, ("mall", "well", -4), ("fund", "well", 2), ("guild", "well", 1)),
        "timeline": rows(TimelineStep, (1, 5)),
    }
    alone = formulate(town("mall", "fund", "guild", goals=goals, **tables))
    goals |= {"memory": Goal(maximize={"memory": 1})}
    both = town("mall", "fund", "guild", goals=goals, policy=Policy(eras_minimum=1), **tables)
    assert formulate(both).columns == alone.columns
    check_every_plan(both)


def test_similarity():
    old, park, half = ("style", "old"), ("typology", "park"), Fraction(1, 2)
    assert similarity({old: half}, {old: half}) == 1
    assert similarity({old: half}, {old: Fraction(1)}) == half
    assert similarity({old: half, park: half}, {park: half}) == half
    assert similarity({old: half}, {park: half}) == similarity({}, {}) == 0


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("mechanism", ["timeline", "identity", "concentration"])
def test_the_auditor_reads_the_same(mechanism, seed):
    region = random_town(mechanism, seed)
    auditor = Auditor(region)
    for plan in plans(region):
        audit = auditor.evaluate(plan, list(region.goals))
        assert bool(audit.broken) == bool(naive.broken(region, plan)), (plan, audit.broken)
        assert audit.values == {goal: naive.value(region, plan, goal) for goal in region.goals}
