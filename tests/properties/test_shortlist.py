"""Proved classes against brute force: every plan of a random region, with all plans of equal merit.

Complete fronts and fronts that were stopped early, 1 to 3 periods, 2 to 4 objectives, random subsets of all
mechanisms. A normal run tries the first regions; ``GROWTHRING_REGIONS=300 pytest tests/properties/test_shortlist.py``
tries that many.
"""

from __future__ import annotations

import os
from dataclasses import replace
from decimal import Decimal
from itertools import product
from random import Random

import pytest

from instances.generate import generate
from instances.region import Region
from models import formulate
from models.problem import Problem
from optimizer import SolveLimit, Status, solve
from optimizer.decide.shortlist import Class, Shortlist, shortlist
from optimizer.verify.evaluate import Auditor
from tests.brute import Point, brute_force, nondominated, plans
from tests.properties.test_mechanisms import drawn, loosened

REGIONS = int(os.environ.get("GROWTHRING_REGIONS", "10"))
BATCH = 5
Truth = dict[Point, list[dict[str, int]]]


def drawn_region(seed: int) -> tuple[Region, Problem, Truth]:
    region = loosened(generate(**drawn(seed)), Random(seed))
    problem = formulate(region)
    return region, problem, brute_force(region, [objective.name for objective in problem.objectives])


def true_class(project: str, truth: Truth) -> Class:
    taken = [project in plan for plans in truth.values() for plan in plans]
    if all(taken):
        return Class.CORE
    return Class.BORDERLINE if any(taken) else Class.EXTERIOR


def assert_true(chosen: Shortlist, truth: Truth) -> None:
    """Every verdict, every witness and every share, against the efficient plans; nothing may be open."""
    plans = [plan for point in truth.values() for plan in point]
    assert chosen.proved
    for entry in chosen.entries:
        assert entry.cls is true_class(entry.project, truth), entry
        for side, inside in ((entry.inside, True), (entry.outside, False)):
            if side.plan is not None:
                assert side.plan in plans
                assert (entry.project in side.plan) == inside
        if chosen.equals is not None and chosen.certificate.status is Status.COMPLETE:
            assert (entry.portfolios, chosen.portfolios) == (sum(entry.project in p for p in plans), len(plans))


@pytest.mark.parametrize("first", range(0, REGIONS, BATCH))
def test_classes_equal_brute_force(first: int) -> None:
    for seed in range(first, min(first + BATCH, REGIONS)):
        region, problem, truth = drawn_region(seed)
        if not truth:
            continue
        whole = solve(problem)
        assert whole.certificate.status is Status.COMPLETE
        assert_true(shortlist(region, whole).prove(problem=problem), truth)
        assert_true(shortlist(region, solve(problem, alternatives=True)), truth)
        stopped = solve(problem, method="search", stop=SolveLimit(2 + seed % 9))
        if len(stopped):
            assert_true(shortlist(region, stopped).prove(problem=problem), truth)


def with_intervals(region: Region, draw: Random) -> Region:
    """Up to four effects have an interval around their value, and no others."""
    effects = [effect.model_copy(update={"low": None, "high": None}) for effect in region.effects]
    for i in draw.sample(range(len(effects)), min(len(effects), draw.randint(2, 4))):
        value, steps = effects[i].value, Decimal(1).scaleb(effects[i].value.as_tuple().exponent)
        below, above = draw.choice((0, 1, 3, 8)), draw.choice((0, 1, 3, 8))
        effects[i] = effects[i].model_copy(update={"low": value - below * steps, "high": value + above * steps})
    return replace(region, effects=tuple(effects))


def unbeaten(region: Region, goals: list[str]) -> list[dict[str, int]]:
    """Plans that no other one equals or beats at every corner of the box of values, by the definition."""
    wide = [i for i, effect in enumerate(region.effects) if effect.low is not None and effect.low < effect.high]
    low = [
        effect.model_copy(update={"value": effect.low}) if i in wide else effect
        for i, effect in enumerate(region.effects)
    ]
    worlds = [low, *([*low[:i], low[i].model_copy(update={"value": low[i].high}), *low[i + 1 :]] for i in wide)]
    base, *tops = (Auditor(replace(region, effects=tuple(effects))) for effects in worlds)
    rules = Auditor(region)
    feasible = [plan for plan in plans(region) if next(rules.broken(plan), None) is None]
    signs = [-1 if region.goals[goal].sense == "max" else 1 for goal in goals] * 2 ** len(wide)
    values = []
    for plan in feasible:
        least = [*base.values(plan, goals).values()]
        rises = [[a - b for a, b in zip(top.values(plan, goals).values(), least, strict=True)] for top in tops]
        corners = product((0, 1), repeat=len(wide))
        values.append(
            tuple(
                value + sum(rise[k] for rise, high in zip(rises, corner, strict=True) if high)
                for corner in corners
                for k, value in enumerate(least)
            )
        )
    best = set(nondominated(set(values), signs)) if values else set()
    return [plan for plan, value in zip(feasible, values, strict=True) if value in best]


@pytest.mark.parametrize("first", range(0, REGIONS, BATCH))
def test_robust_classes_equal_brute_force(first: int) -> None:
    for seed in range(first, min(first + BATCH, REGIONS)):
        draw = Random(f"intervals {seed}")
        region = with_intervals(
            loosened(generate(**{**drawn(seed), "projects": 5 if seed % 4 > 1 else 8}), Random(seed)), draw
        )
        problem = formulate(region)
        front = solve(problem)
        if not len(front):
            continue
        try:
            found = shortlist(region, front).over_intervals().intervals
        except ValueError as error:
            assert "no effect" in str(error)  # noqa: PT017
            continue
        assert found is not None
        truth = unbeaten(region, [objective.name for objective in problem.objectives])
        assert not found.open
        for project, robust in found.of.items():
            assert robust.cls is true_class(project, {(): truth}), (seed, project)
            for side, inside in ((robust.inside, True), (robust.outside, False)):
                assert side.plan is None or (side.plan in truth and (project in side.plan) == inside)
