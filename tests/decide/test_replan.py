"""Replan: what was begun binds, what was adopted is promised, and the money that is left is there."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from instances import check_region, generate
from instances.region import Region
from instances.schema import (
    Budget,
    Commitment,
    Effect,
    FairShare,
    Footprint,
    Grant,
    Project,
    Relation,
    Scenario,
    Town,
    Zone,
)
from instances.settings import Goal, Policy, Settings
from models import formulate
from optimizer import solve
from optimizer.decide.replan import STABILITY, progress, replanned, successor
from optimizer.decide.replan.progress import rounded
from optimizer.listing import Listing
from optimizer.verify import Auditor

GOALS = {
    "growth": Goal(maximize={"jobs": Decimal(1)}, unit="jobs"),
    "thrift": Goal(minimize={"capital_cost": Decimal(1)}),
}
PLAN = {"road": 1, "school": 1, "park": 2, "mill": 3}


def town(**more: object) -> Region:
    """Three years of 10 each, what is left is carried over; the plan: road, school (two years), park, mill."""
    facts: dict[str, object] = {
        "settings": Settings(name="town", periods=3, first_period=2026, objectives=GOALS),
        "projects": (
            Project(id="road", capital_cost=4, operating_cost=1, cost_low=3, cost_high=6),
            Project(id="school", capital_cost=6, duration=2, cost_low=5, cost_high=9),
            Project(id="park", capital_cost=5, latest_start=2),
            Project(id="mill", capital_cost=8),
            Project(id="inn", capital_cost=3, latest_start=1),
        ),
        "effects": tuple(
            Effect(project=p, indicator="jobs", value=Decimal(n))
            for p, n in (("road", 3), ("school", 4), ("park", 2), ("mill", 9), ("inn", 5))
        ),
        "budgets": tuple(Budget(fund="county", period=t, amount=10, carry_over=t < 3) for t in (1, 2, 3)),
    }
    return Region(**{**facts, **more})  # type: ignore[arg-type]


class TestProgress:
    def test_as_planned(self) -> None:
        made = progress(town(), PLAN, 1)
        road, school = made.started["road"], made.started["school"]
        assert (road.spent, road.remaining, road.periods, road.completed) == (4, 0, 0, True)
        assert (school.spent, school.remaining, school.periods, school.completed) == (3, 3, 1, False)
        assert made.waiting == {"park": 1, "mill": 2}
        assert made.left == {"county": 3}

    def test_what_was_spent_counts(self) -> None:
        made = progress(town(), PLAN, 1, {"road": Decimal(5), "school": Decimal("1.5")})
        assert made.started["school"].remaining == Decimal("4.5")
        assert made.left == {"county": Fraction(7, 2)}

    def test_overspending_is_taken_from_the_next_period(self) -> None:
        made = progress(town(), PLAN, 1, {"road": Decimal(9)})
        assert made.left == {"county": -2}
        assert successor(town(), made).region.budgets[0].amount == 8

    def test_money_that_lapses_is_gone(self) -> None:
        lapsing = tuple(row.model_copy(update={"carry_over": False}) for row in town().budgets)
        assert progress(town(budgets=lapsing), PLAN, 1).left == {}

    def test_running_cost_and_two_years(self) -> None:
        """Year 1: 4 + 3; year 2: 1 to run the road, 3 for the school, 5 for the park; 20 - 16 are left."""
        made = progress(town(), PLAN, 2)
        assert made.left == {"county": 4}
        assert {p for p, one in made.started.items() if one.completed} == {"road", "school", "park"}

    @pytest.mark.parametrize(
        ("done", "spent", "says"),
        [
            (3, {}, "3 periods are done of 3"),
            (1, {"mill": Decimal(1)}, "money was spent on mill"),
            (1, {"inn": Decimal(1)}, "money was spent on inn"),
            (1, {"school": Decimal(6)}, "is not finished: give its new cost"),
        ],
    )
    def test_refusals(self, done: int, spent: dict[str, Decimal], says: str) -> None:
        with pytest.raises(ValueError, match=says):
            progress(town(), PLAN, done, spent)


class TestSuccessor:
    def test_the_next_region(self) -> None:
        after = successor(town(), progress(town(), PLAN, 1), charge=Decimal("0.5"))
        region = after.region
        assert check_region(region) == []
        assert (region.periods, region.settings.first_period) == (2, 2027)
        assert [(row.period, row.amount) for row in region.budgets] == [(1, 13), (2, 10)]
        road, school, park = (region.project[p] for p in ("road", "school", "park"))
        assert (road.capital_cost, road.duration, road.cost_high) == (1, 1, None)
        assert (school.capital_cost, school.cost_low, school.cost_high, school.duration) == (3, 2, 6, 1)
        assert (park.earliest_start, park.latest_start, park.adopted) == (1, 1, 1)
        promises = {row.project: (row.period, row.binding, row.drop_charge) for row in region.commitments}
        assert promises == {
            "road": (1, True, 0),
            "school": (1, True, 0),
            "park": (1, False, Decimal("0.5")),
            "mill": (2, False, Decimal("0.5")),
        }
        assert after.passed == ("inn",)
        assert region.project["inn"].locked == "out"
        assert region.compared == ("growth", "thrift", STABILITY)

    def test_charges_that_are_counted_already_add_no_objective(self) -> None:
        goals = {**GOALS, "calm": Goal(minimize={"break_charge": Decimal(1)})}
        region = town(settings=Settings(name="town", periods=3, objectives=goals))
        assert successor(region, progress(region, PLAN, 1)).region.compared == ("growth", "thrift", "calm")

    def test_old_promises_keep_their_charges_and_their_force(self) -> None:
        rows = (Commitment(project="mill", period=3, binding=True), Commitment(project="park", period=2, drop_charge=7))
        region = town(commitments=rows)
        after = {row.project: row for row in successor(region, progress(region, PLAN, 1)).region.commitments}
        assert (after["mill"].period, after["mill"].binding) == (2, True)
        assert (after["park"].period, after["park"].drop_charge, after["park"].move_charge) == (1, 7, 0)

    def test_no_charge_no_promise(self) -> None:
        region = successor(town(), progress(town(), PLAN, 1), charge=Decimal(0)).region
        assert {row.project for row in region.commitments} == {"road", "school"}
        assert STABILITY not in region.compared

    def test_rules_look_at_what_is_left(self) -> None:
        rules = (
            Relation(id="works", kind="spend_at_most", members=("road", "school", "mill"), amount=Decimal(20)),
            Relation(id="order", kind="after", members=("mill", "road", "school")),
            Relation(id="done", kind="after", members=("park", "road")),
        )
        shares = (FairShare(id="roads", members=("road",), at_most=Decimal("0.5")),)
        region = town(relations=rules, fair_shares=shares)
        after = successor(region, progress(region, PLAN, 1)).region
        works, order = after.relations
        assert (works.members, works.amount) == (("school", "mill"), 13)
        assert order.members == ("mill", "school")
        # 4 were spent on the road, which now costs 1 a year to run; 7 in all.
        assert (after.fair_shares[0].spent, after.fair_shares[0].spent_in_all) == (3, 6)

    def test_who_waits_too_long_is_out(self) -> None:
        region = town(
            projects=(*town().projects, Project(id="tower", capital_cost=1, latest_start=3)),
            relations=(Relation(id="order", kind="after", members=("tower", "mill")),),
        )
        late = progress(region, {"road": 1}, 2)
        after = successor(region, late)
        assert set(after.passed) == {"school", "park", "inn", "tower"}
        assert after.region.relations == ()
        assert check_region(after.region) == []

    def test_demolition_that_has_happened_is_no_part_of_the_first_period(self) -> None:
        head = Settings(name="town", periods=3, objectives=GOALS, policy=Policy(demolition_share=Decimal("0.1")))
        region = town(
            settings=head,
            towns=(Town(id="T"),),
            zones=(Zone(id="quarter", town="T", kind="old_quarter", area=10),),
            footprints=tuple(Footprint(project=p, zone="quarter", hectares=1) for p in ("road", "park")),
        )
        after = successor(region, progress(region, PLAN, 1)).region
        assert {row.project for row in after.footprints} == {"park"}

    def test_grants_come_in_their_new_period_and_pay_for_what_was_spent(self) -> None:
        grants = (
            Grant(id="old", kind="count", members=("road",), threshold=1, fund="county", period=1, amount=5),
            Grant(id="match", kind="matching", members=("road", "mill"), rate="0.5", fund="county", period=3, amount=5),
            Grant(id="count", kind="count", members=("road", "mill"), threshold=2, fund="county", period=3, amount=2),
        )
        region = town(grants=grants)
        made = progress(region, PLAN, 1)
        assert made.left == {"county": 8}
        match, count = successor(region, made).region.grants
        # Half of the road's 4 is certain by now; of the 5 there are 3 left for the mill.
        assert (match.members, match.period, match.amount) == (("mill",), 2, 3)
        assert (count.members, count.period) == (("road", "mill"), 2)
        assert [row.amount for row in successor(region, made).region.budgets] == [18, 12]

    def test_scenarios_of_periods_that_are_over_go(self) -> None:
        figures = (
            "budgets/county,1/amount",
            "budgets/county,3/amount",
            "budgets/*,*/amount",
            "projects/mill/capital_cost",
        )
        rows = tuple(Scenario(scenario=f"s{n}", figure=f, factor=Decimal("0.9")) for n, f in enumerate(figures))
        region = town(scenarios=rows)
        after = successor(region, progress(region, PLAN, 1)).region
        assert [row.figure for row in after.scenarios] == ["budgets/county,2/amount", *figures[2:]]
        assert check_region(after) == []

    def test_facts_of_the_next_round(self) -> None:
        facts = town(
            settings=Settings(name="town", periods=2, first_period=2027, objectives=GOALS),
            projects=(*town().projects[:3], Project(id="pool", capital_cost=2)),
            effects=tuple(e for e in town().effects if e.project not in ("inn", "mill")),
            budgets=tuple(Budget(fund="county", period=t, amount=6) for t in (1, 2)),
        )
        after = successor(town(), progress(town(), PLAN, 1), facts=facts)
        assert after.gone == ("mill",)
        assert check_region(after.region) == []
        assert [row.amount for row in after.region.budgets] == [6, 6]
        assert after.region.project["school"].capital_cost == 3
        assert {row.project for row in after.region.commitments} == {"road", "school", "park"}
        lacking = replace(facts, projects=facts.projects[1:])
        with pytest.raises(ValueError, match="road was begun, but is not among"):
            successor(town(), progress(town(), PLAN, 1), facts=lacking)


def test_rounded() -> None:
    assert rounded(Fraction(10, 3), Decimal("5.0"), up=True) == Decimal("3.34")
    assert rounded(Fraction(10, 3), Decimal("0.25"), up=False) == Decimal("3.3333")
    assert rounded(Fraction(0), Decimal(5), up=True) == 0


class TestReplanned:
    def answer(self, region: Region, **spent: str) -> tuple[object, str]:
        made = progress(region, PLAN, 1, {p: Decimal(m) for p, m in spent.items()})
        after = successor(region, made)
        found = replanned(made, after, Listing.of(solve(formulate(after.region)), after.region))
        return found, found.in_words()

    def test_going_on_is_efficient(self) -> None:
        found, words = self.answer(town())
        assert "road is completed and school is being built" in words
        assert "park and mill wait for a later start" in words
        assert "The fund county takes along 3." in words
        assert "Going on as adopted is efficient." in words
        assert "The window of inn is over." in words
        least = min(found.changes, key=lambda one: one.count)  # type: ignore[attr-defined]
        assert (least.kept, least.count) == (("park", "mill"), 0)
        assert found.to_dict()["portfolios"]  # type: ignore[attr-defined]
        assert found.to_frame()["changes"].min() == 0  # type: ignore[attr-defined]

    def test_going_on_is_too_dear(self) -> None:
        """The road cost 16: the county begins with 10 - 9 = 1, which does not even finish the school."""
        _, words = self.answer(town(), road="16")
        assert "has overspent 9" in words
        assert "Going on as adopted breaks 1 rule: budget" in words
        assert "No portfolio satisfies all rules" in words

    def test_going_on_is_beaten(self) -> None:
        region = town(projects=tuple(p.model_copy(update={"latest_start": None}) for p in town().projects))
        made = progress(region, {"road": 1, "park": 3}, 1)
        after = successor(region, made, charge=Decimal(0))
        found = replanned(made, after, Listing.of(solve(formulate(after.region)), after.region))
        assert found.adopted is not None
        assert found.adopted.better
        assert "nowhere worse and gains" in found.in_words()
        assert "takes in inn" in found.in_words()

    def test_a_large_region(self) -> None:
        region = generate(12, 2, 3, seed=2)
        plan = {p.id: p.adopted for p in region.projects if p.adopted}
        made = progress(region, plan, 1)
        after = successor(region, made)
        assert check_region(after.region) == []
        going_on = {**dict.fromkeys(made.started, 1), **made.waiting}
        assert list(Auditor(after.region).broken(going_on)) == []
