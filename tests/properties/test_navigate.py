"""Whatever navigate answers about small random regions is what enumerating every plan says.

300 regions with all mechanisms on; a normal run tries the first ones, all of them are tried with
``GROWTHRING_REGIONS=300 pytest tests/properties/test_navigate.py``.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from random import Random

import pytest

from instances.generate import generate
from instances.region import Region
from models import formulate
from models.problem import Objective
from optimizer import Guarantee, Status, solve
from optimizer.decide.navigate import Condition, Navigation, Navigator
from optimizer.listing import Listing
from optimizer.verify import Auditor
from tests.brute import plans

REGIONS = int(os.environ.get("GROWTHRING_REGIONS", "20"))
SIZES = {1: (5, 12), 2: (5, 6), 3: (5, 5)}
QUESTIONS = 4
NAMES = ["nimbus", "achievement", "stom", "guess"]

Point = tuple[Fraction, ...]


@dataclass(frozen=True)
class Truth:
    """All feasible plans of a region with their points."""

    objectives: tuple[Objective, ...]
    all: tuple[tuple[Point, dict[str, int]], ...]

    @classmethod
    def of(cls, region: Region, objectives: tuple[Objective, ...]) -> Truth:
        auditor, goals = Auditor(region), [o.name for o in objectives]
        feasible = (plan for plan in plans(region) if next(auditor.broken(plan), None) is None)
        return cls(objectives, tuple((tuple(auditor.values(plan, goals).values()), plan) for plan in feasible))

    def keeping(self, conditions: Iterable[Condition]) -> Truth:
        conditions = tuple(conditions)
        names = [o.name for o in self.objectives]
        kept = (
            (point, plan)
            for point, plan in self.all
            if all(c.kept_by(dict(zip(names, point, strict=True)), plan) for c in conditions)
        )
        return Truth(self.objectives, tuple(kept))

    @cached_property
    def points(self) -> set[Point]:
        return {point for point, _ in self.all}

    def dominates(self, a: Point, b: Point) -> bool:
        gains = [(x - y) * (1 if o.sense == "max" else -1) for o, x, y in zip(self.objectives, a, b, strict=True)]
        return min(gains) >= 0 and max(gains) > 0

    def efficient(self, point: Point) -> bool:
        return not any(self.dominates(other, point) for other in self.points)

    def distance(self, aim: dict[str, Fraction], spans: dict[str, Fraction], point: Point) -> Fraction:
        return max(
            (aim[o.name] - value) * (1 if o.sense == "max" else -1) / spans[o.name]
            for o, value in zip(self.objectives, point, strict=True)
            if o.name in aim
        )


def drawn_region(seed: int) -> Region:
    periods = 1 + seed % 3 if seed % 4 == 3 else 1
    least, most = SIZES[periods]
    return generate(
        projects=least + seed % (most - least + 1),
        towns=1 + seed % 3,
        periods=periods,
        seed=seed,
        objectives=2 + seed % 3,
    )


def lists_of(region: Region, draw: Random) -> list[Listing]:
    """A complete list, a guaranteed one and one that proves nothing."""
    problem = formulate(region)
    complete = Listing.of(solve(problem), region)
    if not len(complete):
        return []
    guaranteed = Listing.of(solve(problem, method="search", stop=Guarantee(0.3)), region)
    rows = sorted(draw.sample(range(len(complete)), max(1, len(complete) // 2)))
    lists = [complete, guaranteed]
    if len(rows) < len(complete):
        lists.append(complete.rows(rows))
        assert lists[-1].certificate.status is Status.HEURISTIC
    return lists


def near(draw: Random, listing: Listing, k: int) -> Fraction:
    """A value of a goal in or somewhat beyond its listed range, with as many digits as it may have."""
    column = listing.column(k)
    low, high = min(column), max(column)
    return low + (high - low + 1) * Fraction(draw.randint(-30, 130), 100)


def assert_true(answer: Navigation, truth: Truth, spans: dict[str, Fraction], *, settled: bool = True) -> None:
    """Everything that an answer claims."""
    part = truth.keeping(answer.conditions)
    if answer.place is None:
        assert not settled or not part.all
        if answer.clash is not None:
            assert_clash(answer, truth, spans, settled)
        return
    point = tuple(answer.place.values[o.name] for o in truth.objectives)
    assert (point, dict(answer.place.plan)) in [(p, dict(plan)) for p, plan in part.all]
    assert answer.efficient or not settled
    assert not answer.efficient or part.efficient(point)
    if answer.whole is not None:
        assert answer.whole == truth.efficient(point)
    elif settled:
        raise AssertionError("what there was time for is open")
    if answer.better is not None:
        assert truth.dominates(tuple(answer.better.values.values()), point)
    if answer.scalarization in ("achievement", "nimbus"):
        aim = dict(answer.aim)
        least = min(truth.distance(aim, spans, p) for p in part.points)
        assert answer.distance == truth.distance(aim, spans, point)
        assert answer.bound is None or answer.bound <= least
        assert not settled or (answer.nearest and answer.distance == least)
    if answer.beaten_by is not None:
        for other in part.points:
            if part.dominates(other, point):
                gains = (abs(a - b) / spans[o.name] for o, a, b in zip(truth.objectives, other, point, strict=True))
                assert max(gains) <= answer.beaten_by


def assert_clash(answer: Navigation, truth: Truth, spans: dict[str, Fraction], settled: bool) -> None:
    clash = answer.clash
    assert clash is not None
    assert not truth.keeping(clash.conditions).all
    assert clash.smallest or not settled
    if clash.smallest:
        for condition in clash.conditions:
            assert truth.keeping(c for c in clash.conditions if c is not condition).all
    for one in clash.possible:
        k = [o.name for o in truth.objectives].index(one.goal)
        reached = [p[k] for p in truth.keeping(c for c in clash.conditions if c.name != one.goal).points]
        if not reached:
            assert one.value is None
            continue
        best = max(reached) if truth.objectives[k].sense == "max" else min(reached)
        assert one.value in (None, *reached)
        assert not settled or one.value == one.limit == best
    if answer.instead is not None:
        assert_true(answer.instead, truth, spans, settled=settled)


@pytest.mark.parametrize("seed", range(REGIONS))
def test_answers_equal_enumeration(seed: int) -> None:
    draw, region = Random(f"navigate {seed}"), drawn_region(seed)
    lists = lists_of(region, draw)
    if not lists:
        return
    truth = Truth.of(region, lists[0].objectives)
    projects = [project.id for project in region.projects]
    for listing in lists:
        navigator = Navigator(region, listing)
        objectives = listing.objectives
        for question in range(QUESTIONS):
            named = draw.sample(range(len(objectives)), draw.randint(1, len(objectives)))
            aim = {objectives[k].name: near(draw, listing, k) for k in named}
            bounded = [k for k in range(len(objectives)) if draw.random() < 0.3]
            at_least = {objectives[k].name: near(draw, listing, k) for k in bounded}
            marked = draw.sample(projects, min(len(projects), 4)) if question % 2 else []
            pin, ban = [p for p in marked[:2] if draw.random() < 0.7], [p for p in marked[2:] if draw.random() < 0.7]
            answer = navigator.ask(aim, at_least=at_least, pin=pin, ban=ban)
            assert_true(answer, truth, navigator.spans)
            hurried = Navigator(region, listing, problem=navigator.problem).ask(
                aim, at_least=at_least, pin=pin, ban=ban, seconds=0
            )
            assert_true(hurried, truth, navigator.spans, settled=False)


@pytest.mark.parametrize("seed", range(REGIONS))
def test_classes_are_kept(seed: int) -> None:
    draw, region = Random(f"classes {seed}"), drawn_region(seed)
    lists = lists_of(region, draw)
    if not lists:
        return
    truth = Truth.of(region, lists[0].objectives)
    for listing in lists:
        navigator = Navigator(region, listing)
        objectives = listing.objectives
        number = draw.choice(listing.numbers)
        here = dict(zip((o.name for o in objectives), listing.values[listing.numbers.index(number)], strict=True))
        order = draw.sample(objectives, len(objectives))
        sign = {o.name: 1 if o.sense == "max" else -1 for o in objectives}
        improve = {order[0].name: draw.choice([None, here[order[0].name] + sign[order[0].name] * draw.randint(1, 9)])}
        free, keep, until = [], [], {}
        for k, o in enumerate(order[1:]):
            kind = draw.choice(["free", "until"] if k == 0 else ["free", "until", "keep"])
            if kind == "free":
                free.append(o.name)
            elif kind == "keep":
                keep.append(o.name)
            else:
                until[o.name] = here[o.name] - sign[o.name] * draw.randint(0, 20)
        answers = navigator.classify(number, improve=improve, keep=keep, may_worsen=until, free=free, answers=4)
        assert [answer.scalarization for answer in answers] in (NAMES, NAMES[:-1])
        for answer in answers:
            assert_true(answer, truth, navigator.spans)
            assert answer.whole is True
        place = answers[0].place
        assert place is not None
        for name in [*improve, *keep]:
            assert (place.values[name] - here[name]) * sign[name] >= 0
        for name, value in until.items():
            assert (place.values[name] - value) * sign[name] >= 0
