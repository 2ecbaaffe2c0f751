"""Explanations of a village by hand, on fronts of every status, under clocks that run out and gates that fail."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from instances import read_region
from instances.region import Region
from instances.schema import Budget, Effect, Project, Relation
from instances.settings import Goal, Settings
from models import formulate
from models.problem import Problem
from optimizer import Status, solve
from optimizer.decide.explain import Explanation, explain
from optimizer.decide.explain.entry import AsItIs, cheapest_entry
from optimizer.decide.explain.forced import forced
from optimizer.decide.explain.nearest import nearest
from optimizer.decide.live import Clock, Live
from optimizer.decide.shortlist import Class
from optimizer.listing import Listing
from optimizer.stop import TimeLimit

NONE = np.zeros((0, 2), dtype=np.int64)


def village(**changes: object) -> Region:
    """10 of money. The hall costs 6 and does less than the school, which costs 4 and does 5 and 5; three others cost 2,
    3 and 1. Whatever the hall does is better done without it."""
    figures = {"school": (4, 5, 5), "well": (2, 3, 1), "road": (3, 1, 4), "park": (1, 2, 2), "hall": (6, 4, 3)}
    region = Region(
        settings=Settings(
            name="village",
            money="thousand",
            objectives={"work": Goal(maximize={"jobs": 1}, unit="jobs"), "life": Goal(maximize={"joy": 1})},
        ),
        projects=tuple(Project(id=p, capital_cost=cost) for p, (cost, _, _) in figures.items()),
        effects=tuple(
            Effect(project=p, indicator=indicator, value=value)
            for p, (_, *values) in figures.items()
            for indicator, value in zip(("jobs", "joy"), values, strict=True)
        ),
        budgets=(Budget(fund="county", amount=10),),
    )
    return replace(region, **changes)


def told(region: Region, project: str, portfolio: int | None = None, **options: object) -> Explanation:
    return explain(region, solve(formulate(region)), project, portfolio, **options)


def test_why_out_by_hand() -> None:
    """All but the hall cost 10 and are the only efficient portfolio (11, 12). With the hall, 4 are left."""
    found = told(village(), "hall")
    assert (found.inside, found.efficient, found.cls) == (False, True, Class.EXTERIOR)
    assert found.broken == ("budget: fund county, period 1: 16 needed, 10 available (6 too much)",)
    assert found.swap is not None
    assert found.swap.proved
    assert found.swap.efficient is False
    assert found.rules is not None
    assert (found.rules.sets, found.rules.proved) == ((("fund county has 10 thousand",),), True)
    prices = {price.figure: price for price in found.prices}
    assert all(price.proved for price in prices.values())
    cut, money = prices["projects/hall/capital_cost"], prices["budgets/county,1/amount"]
    # At 4 it takes the place of road and park and gives (12, 9); at 5 school, hall and park come to (11, 10) only.
    assert (cut.amount, cut.after) == (Decimal(2), Decimal(4))
    # 12 buy the same three at the hall's own cost, 11 school, hall and park.
    assert (money.amount, money.after) == (Decimal(2), Decimal(12))
    words = found.in_words()
    assert "No efficient portfolio contains it (exterior): proved." in words
    assert "With its capital cost at 4 thousand instead of 6 thousand, some efficient portfolio takes it" in words


def test_why_in_by_hand() -> None:
    found = told(village(), "school")
    assert (found.inside, found.cls, found.broken) == (True, Class.CORE, ())
    assert found.change == {"work": Fraction(-5), "life": Fraction(-5)}
    assert found.swap is not None
    assert (found.swap.leaves, found.swap.joins) == (("school", "well"), ("hall",))
    assert found.swap.worse == {"work": Fraction(4), "life": Fraction(3)}
    assert (found.swap.proved, found.swap.efficient) == (True, False)
    assert (found.prices, found.rules) == ((), None)


def test_what_depends_on_it_breaks() -> None:
    needs = Relation(id="the road needs the well", kind="requires", members=("road", "well"))
    found = told(village(relations=(needs,)), "well")
    assert found.broken == ("relations: the road needs the well: road is chosen without well",)


def test_a_lock_is_said_and_lifted() -> None:
    region = village()
    locked = tuple(p.model_copy(update={"locked": "in"}) if p.id == "hall" else p for p in region.projects)
    found = told(replace(region, projects=locked), "hall")
    assert (found.inside, found.locked, found.cls) == (True, "in", Class.EXTERIOR)
    assert "It is locked in; what follows says what would be without this lock." in found.in_words()
    assert "plan: hall is locked in, but not chosen" in found.broken


def test_rivals_alone_keep_a_project_out() -> None:
    """It costs nothing to speak of, but does harm."""
    region = village()
    harm = (Project(id="dump", capital_cost=1), Effect(project="dump", indicator="jobs", value=-1))
    found = told(replace(region, projects=(*region.projects, harm[0]), effects=(*region.effects, harm[1])), "dump")
    assert found.rules is not None
    assert (found.rules.sets, found.rules.proved) == ((), True)
    assert "even with all rules lifted, rivals do better: proved" in found.in_words()
    jobs = next(price for price in found.prices if price.figure == "effects/dump,jobs/value")
    assert jobs.proved
    assert jobs.after is not None


def test_no_period_to_start_in() -> None:
    region = village()
    late = tuple(p.model_copy(update={"duration": 2}) if p.id == "hall" else p for p in region.projects)
    found = told(replace(region, projects=late), "hall")
    assert found.cls is Class.EXTERIOR
    assert "It cannot be completed within the periods." in found.in_words()


def test_two_rules_that_must_fall_together() -> None:
    found = told(read_region("park"), "oldpans")
    assert found.cls is Class.EXTERIOR
    assert found.impossible
    assert found.rules is not None
    assert found.rules.proved
    assert [len(chosen) for chosen in found.rules.sets] == [2]
    assert all(price.proved and price.amount is None for price in found.prices)


def test_without_time_nothing_is_claimed() -> None:
    found = told(village(), "hall", clock=Clock(0.0))
    assert (found.cls, found.efficient, found.swap, found.impossible) == (None, None, None, False)
    assert not any(price.proved or price.amount is not None for price in found.prices)
    assert found.rules is not None
    assert not found.rules.proved
    assert "is not settled" in found.in_words()


def test_a_front_that_is_not_complete_says_so_and_the_proofs_hold() -> None:
    region = read_region("hamlet")
    whole = Listing.of(solve(formulate(region)), region)
    some = whole.rows([3, 4])
    assert some.certificate.status is Status.HEURISTIC
    for project in region.project:
        found, sure = explain(region, some, project, 5), explain(region, whole, project, 5)
        assert found.cls is sure.cls
        assert found.swap is not None
        assert "The front has status HEURISTIC" in found.in_words()


def test_a_dominated_portfolio_is_called_so() -> None:
    region = village()
    front = solve(formulate(region))
    listing = Listing.of(front, region)
    worse = replace(listing, values=((Fraction(6), Fraction(7)),), starts=np.array([[1, 0, 0, 0, 0]]))
    worse = replace(worse, values=((Fraction(5), Fraction(5)),)).rows([0])
    found = explain(region, replace(worse, certificate=replace(front.certificate, status=Status.HEURISTIC)), "hall")
    assert found.efficient is False


def test_unknown_names_are_refused() -> None:
    region = village()
    front = solve(formulate(region))
    with pytest.raises(ValueError, match="no project is called hal; did you mean hall"):
        explain(region, front, "hal")
    with pytest.raises(ValueError, match="there is no portfolio 7"):
        explain(region, front, "hall", 7)


def test_an_unfinished_run_is_explained() -> None:
    region = read_region("zigong")
    front = solve(formulate(region), stop=TimeLimit(1.0), workers=1)
    project = front.projects[0]
    found = explain(region, front, project, clock=Clock(1.0))
    assert found.certificate.status is not Status.COMPLETE
    assert found.to_dict()["project"] == project


def test_nearest_and_forced_by_hand() -> None:
    """Points (minimised): (-3, -5), (-4, -1), (-5, -9)."""
    knapsack = Problem.from_arrays([[3, 4, 2], [5, 1, 4]], [[2, 3, 2]], [4])
    found = nearest(Live(knapsack), np.array([-6, -9]), np.array([2, 3]))
    assert (found.epsilon, found.proved) == (Fraction(1, 2), True)
    missed = forced(Live(knapsack), np.array([[-6, -9], [-5, -12]]), np.array([2, 3]), NONE)
    assert (missed.epsilon, missed.worst, missed.proved) == (Fraction(1), 1, True)
    late = forced(Live(knapsack, Clock(0.0)), np.array([[-6, -9]]), np.array([2, 3]), np.array([[-3, -5]]))
    assert (late.epsilon, late.bound, late.proved) == (Fraction(0), Fraction(3, 2), False)


def test_ties_are_entries() -> None:
    """P1 and P2 are the same: each is in an efficient portfolio."""
    twins = Problem.from_arrays([[3, 3, 1], [2, 2, 4]], [[1, 1, 1]], [2])
    for project in ("P1", "P2"):
        for complete, known in ((False, NONE), (True, np.array([[-4, -6], [-6, -4]]))):
            entry = cheapest_entry(AsItIs(twins), project, known, complete=complete)
            assert entry.steps == 0
            assert project in entry.plan
