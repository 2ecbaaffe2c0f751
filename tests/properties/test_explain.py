"""Explanations of random regions against the enumeration of every plan: classes, prices, swaps, regrets, rules lifted.

A normal run tries the first regions; ``GROWTHRING_REGIONS=300 pytest tests/properties/test_explain.py`` tries 300.
"""

from __future__ import annotations

import os
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import combinations, product
from random import Random

import numpy as np
import pytest

from instances.figures import find_figure, with_figure
from instances.generate import generate
from instances.region import Region
from models import formulate
from models.amend import without_rows
from models.problem import Problem
from optimizer import solve
from optimizer.decide.explain import Explanation, Price, explain
from optimizer.decide.explain.explain import points
from optimizer.decide.explain.lifted import lifted
from optimizer.decide.explain.offers import without_quanta
from optimizer.decide.rules import is_rule
from optimizer.decide.shortlist import Class
from optimizer.listing import Listing
from optimizer.verify import Auditor
from tests.brute import Point, brute_force, plans
from tests.properties.test_mechanisms import loosened

REGIONS = int(os.environ.get("GROWTHRING_REGIONS", "6"))
BATCH = 3
OTHERS = ("relations", "synergy", "land", "time", "coverage", "concentration", "ecology", "grants", "identity")
PROJECTS = {1: 7, 2: 6, 3: 5}
SCANNED = 4
"""Lower prices that are tried, beside the next lower one."""


def drawn(seed: int) -> Region:
    """A budget and up to two other mechanisms, some rules loosened; odd regions have money in tenths."""
    draw, periods = Random(seed), (1, 1, 2, 3)[seed % 4]
    names = ["budget", *draw.sample(OTHERS, seed % 3)]
    region = generate(
        PROJECTS[periods], draw.randint(1, 3), periods, seed, objectives=2 + seed // 4 % 3, mechanisms=names
    )
    region = without_quanta(loosened(region, draw))
    if seed % 2:
        region = replace(
            region,
            projects=tuple(
                p.model_copy(update={"capital_cost": p.capital_cost + Decimal(draw.randrange(10)) / 10})
                for p in region.projects
            ),
        )
    return region


def takes(region: Region, goals: list[str], project: str) -> bool:
    return any(project in plan for plans in brute_force(region, goals).values() for plan in plans)


def feasible(region: Region, goals: list[str]) -> list[tuple[dict[str, int], Point]]:
    auditor = Auditor(region)
    kept = [plan for plan in plans(region) if next(auditor.broken(plan), None) is None]
    return [(plan, tuple(auditor.values(plan, goals).values())) for plan in kept]


@pytest.mark.parametrize("first", range(0, REGIONS, BATCH))
def test_explanations_equal_enumeration(first: int) -> None:
    for seed in range(first, min(first + BATCH, REGIONS)):
        region = drawn(seed)
        goals = list(region.compared)
        listing = Listing.of(solve(formulate(region)), region)
        truth = brute_force(region, goals)
        everything = feasible(region, goals)
        priced = 0
        for project in region.project:
            efficient = [plan for plans in truth.values() for plan in plans]
            inside, outside = (any((project in plan) == side for plan in efficient) for side in (True, False))
            cls = Class.BORDERLINE if inside and outside else Class.CORE if inside else Class.EXTERIOR
            if cls is Class.EXTERIOR and priced == 2:
                continue
            priced += cls is Class.EXTERIOR
            told = explain(region, listing, project)
            where = (seed, project)
            assert told.cls is cls, where
            if not region.starts(region.project[project]):
                continue
            check_the_other_kind(told, listing, everything, where)
            for price in told.prices:
                check_price(region, goals, project, price, (*where, price.figure))


def check_the_other_kind(
    told: Explanation, listing: Listing, everything: list[tuple[dict[str, int], Point]], where: object
) -> None:
    """The swap, the regret, and what breaks."""
    other = [point for plan, point in everything if (told.project in plan) != told.inside]
    assert told.impossible == (not other), where
    if not other:
        return
    spans = [
        max(column) - min(column) or o.quantum for column, o in zip(listing._columns, listing.objectives, strict=True)
    ]

    def far(point: Point, target: Point) -> Fraction:
        return max(listing.gain(k, t, v) / spans[k] for k, (v, t) in enumerate(zip(point, target, strict=True)))

    mine = listing.values[listing.numbers.index(told.portfolio)]
    assert told.swap is not None
    assert told.swap.proved, where
    assert told.swap.epsilon == min(far(point, mine) for point in other), where
    assert tuple(told.swap.values.values()) in other, where
    missed = max(Fraction(0), max(min(far(point, target) for point in other) for target in listing.values))
    assert told.forced == (missed, missed), where


def check_price(region: Region, goals: list[str], project: str, price: Price, where: object) -> None:
    """The price brings the project in, and less does not; where none will do, none that is tried does."""
    figure, draw = find_figure(region, price.figure), Random(str(where))
    sign = -1 if price.kind == "cost cut" or (price.after is not None and price.after < price.now) else 1
    steps = int((price.limit if price.amount is None else price.amount) / price.step)

    def brought(step: int) -> bool:
        return takes(with_figure(region, figure, price.now + sign * price.step * step), goals, project)

    if price.amount is not None:
        assert brought(steps), where
    if price.proved:
        lower = {steps - 1, *(draw.randrange(steps) for _ in range(SCANNED))} if steps > 0 else set()
        if price.amount is None:
            lower.add(steps)
        assert not any(brought(step) for step in lower), where


def test_the_smallest_sets_of_rules_to_lift() -> None:
    """Against all sets of up to two rules, on problems whose columns are all decisions."""
    tried = 0
    for seed in range(0, 4 * REGIONS, 2):
        region = drawn(seed)
        problem = formulate(region)
        if len(problem.decisions) < len(problem.columns) or len(problem.columns) > 10:
            continue
        listing = Listing.of(solve(problem), region)
        rivals = points(problem, listing)
        rules = [row for row in problem.rows if is_rule(row)]
        for project in dict.fromkeys(d.project for d in problem.decisions):
            if region.project[project].locked or any(map(problem_takes(problem, project), [()])):
                continue
            tried += 1
            enough = problem_takes(problem, project)
            found = lifted(problem, project, (), rivals[listing.starts[:, listing.projects.index(project)] == 0])
            smallest = next((s for size in (1, 2) if (s := [c for c in combinations(rules, size) if enough(c)])), [])
            if smallest:
                assert {frozenset(s) for s in found.sets} == {frozenset(s) for s in smallest}, (seed, project)
                assert found.proved
            elif found.sets:
                assert all(len(s) > 2 and enough(s) for s in found.sets), (seed, project)
            else:
                assert found.rivals_alone, (seed, project)
                assert not enough(tuple(rules)), (seed, project)
    assert tried


class problem_takes:
    """Does an efficient portfolio of a problem without some rules contain a project?"""

    def __init__(self, problem: Problem, project: str) -> None:
        self.problem = problem
        self.columns = [d.column for d in problem.decisions if d.project == project]
        self.X = np.array(list(product((0, 1), repeat=len(problem.columns))))

    def __call__(self, rules: tuple[str, ...]) -> bool:
        left = without_rows(self.problem, set(rules))
        X = self.X[left.violations(self.X) <= 0]
        Y = X @ left.costs.T
        mine = X[:, self.columns].sum(axis=1) > 0
        return any(not beaten(Y, y) for y in Y[mine])


def beaten(Y: np.typing.NDArray[np.int64], y: np.typing.NDArray[np.int64]) -> bool:
    return bool(np.any(np.all(Y <= y, axis=1) & np.any(Y < y, axis=1)))
