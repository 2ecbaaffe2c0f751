"""Taking a mechanism away: nothing of it is left, nothing else is touched, and what moves is told."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest

from instances import check_region, read_region
from instances.generate import generate
from instances.region import Region
from instances.schema import TABLES, Budget, Effect, Project, Relation, Synergy
from instances.settings import Goal, Policy, Settings
from models import formulate
from models.mechanisms import MECHANISMS
from optimizer import solve
from optimizer.certificate import OpenRegion, Status
from optimizer.decide.effect import REMOVALS, effect, in_force, without
from optimizer.decide.shortlist import Class
from optimizer.listing import Listing
from optimizer.stop import SolveLimit
from optimizer.verify import Auditor

BASE = {"projects", "effects", "criteria", "scores", "towns", "scenarios"}
SHARED = {"zones", "footprints", "assets", "impacts", "tags"}


def solved(region: Region) -> Listing:
    return Listing.of(solve(formulate(region)), region)


def pair(**more: object) -> Region:
    """Two inns and a road; the budget of 3 pays for two of them."""
    facts = {
        "settings": Settings(
            name="pair",
            objectives={
                "growth": Goal(maximize={"income": Decimal(1)}, unit="million"),
                "thrift": Goal(minimize={"capital_cost": Decimal(1)}),
            },
        ),
        "projects": tuple(
            Project(id=p, category=("any",), capital_cost=Decimal(n))
            for p, n in (("inn", 1), ("hotel", 2), ("road", 1))
        ),
        "effects": tuple(
            Effect(project=p, indicator="income", value=Decimal(n)) for p, n in (("inn", 2), ("hotel", 5), ("road", 1))
        ),
    }
    return Region(**{**facts, **more})  # type: ignore[arg-type]


class TestWithout:
    def test_every_mechanism_of_the_model_can_be_taken_away(self) -> None:
        names = {m.__name__.rpartition(".")[2] for m in MECHANISMS} - {"effects"}  # type: ignore[attr-defined]
        assert set(REMOVALS) == names

    def test_every_table_and_policy_figure_belongs_to_one(self) -> None:
        tables = Counter(table for removal in REMOVALS.values() for table in removal.tables)
        assert set(tables) | BASE | SHARED == set(TABLES)
        assert {table for table, times in tables.items() if times > 1} == {"grants"}
        figures = Counter(figure for removal in REMOVALS.values() for figure in removal.policy)
        scenarios = {"tail_share"}  # says how scenarios are weighed, which no mechanism owns
        assert figures == dict.fromkeys(set(Policy.model_fields) - scenarios, 1)

    @pytest.mark.parametrize("mechanism", REMOVALS)
    @pytest.mark.parametrize("source", ["synthetic", "zigong"])
    def test_nothing_of_it_is_left_and_the_rest_is_sound(self, mechanism: str, source: str) -> None:
        region = read_region("zigong") if source == "zigong" else generate(14, 3, 3, seed=3)
        left = without(region, mechanism)
        assert not any(getattr(left, table) for table in REMOVALS[mechanism].tables)
        assert left == without(left, mechanism)
        assert set(left.project) == set(region.project)
        assert set(left.goals) == set(region.goals)
        said = [
            fault for fault in check_region(left) if "indicator" not in str(fault) and "objective" not in str(fault)
        ]
        assert said == []
        formulate(left)

    @pytest.mark.parametrize("mechanism", REMOVALS)
    def test_no_rule_of_it_can_be_broken_any_more(self, mechanism: str) -> None:
        """Everything is built at once; the auditor finds no sentence of the mechanism."""
        region = generate(14, 3, 3, seed=3)
        plan = {p.id: region.starts(p)[0] for p in region.projects}
        left = without(region, mechanism)
        blocks = {sentence.partition(":")[0] for sentence in Auditor(left).broken(plan)}
        assert mechanism not in blocks - ({"land"} if region.settings.policy.green_cover else set())

    @pytest.mark.parametrize(
        "mechanism", ["land", "heritage", "ecology", "timeline", "identity", "budget", "relations"]
    )
    def test_the_adopted_plan_of_a_synthetic_region_stays_feasible(self, mechanism: str) -> None:
        region = generate(14, 3, 3, seed=3)
        plan = {p.id: p.adopted for p in region.projects if p.adopted}
        assert not list(Auditor(region).broken(plan))
        assert not list(Auditor(without(region, mechanism)).broken(plan))

    def test_assets_stay_for_the_timeline_without_their_protection(self) -> None:
        region = generate(14, 3, 3, seed=3)
        left = without(region, "heritage")
        assert {asset.id for asset in left.assets} == {asset.id for asset in region.assets}
        assert {(asset.grade, asset.value) for asset in left.assets} == {("unlisted", 0)}
        assert without(without(region, "timeline"), "heritage").assets == ()

    def test_industry_tags_stay_for_the_location_quotient(self) -> None:
        region = generate(14, 3, 3, seed=3)
        policy = region.settings.policy.model_copy(update={"location_quotient": ("jobs",)})
        region = replace(region, settings=region.settings.model_copy(update={"policy": policy}))
        left = without(region, "identity")
        assert {tag.kind for tag in left.tags} <= {"industry"}
        assert not any(tag.leading for tag in left.tags)
        assert all(not goal.weights.get("alikeness") for goal in left.goals.values())
        assert without(without(region, "endogenous"), "identity").tags == ()

    def test_unknown(self) -> None:
        with pytest.raises(KeyError):
            without(pair(), "magic")


class TestEffect:
    def test_what_a_budget_costs(self) -> None:
        """Money for 3: inn and hotel (growth 7); without it all three (8), which breaks it. Cheaper ones stay."""
        region = pair(budgets=(Budget(fund="county", amount=Decimal(3), categories=("any",)),))
        found = effect(region, "budget", solved(region), solved)
        growth, thrift = found.changes
        assert (growth.with_it, growth.without_it, growth.gain, growth.proved) == (7, 8, -1, True)
        assert thrift.gain == 0
        assert (found.cost, found.bought) == ((growth,), ())
        assert (found.breaking, sum(found.broken.values())) == (1, 1)
        assert found.portfolios == (4, 5)
        assert found.hypervolume is not None
        assert found.hypervolume < 1
        assert {c.status for c in found.certificates} == {Status.COMPLETE}

    def test_what_a_synergy_buys(self) -> None:
        """Inn and road together earn 9 more: those who ignore it take inn and hotel for 3 and see 7, not 12."""
        together = Synergy(id="way", members=("inn", "road"), indicator="income", value=Decimal(9))
        region = pair(
            synergies=(together,),
            relations=(Relation(id="two", kind="at_most", members=("all",), amount=Decimal(2)),),
        )
        found = effect(region, "synergy", solved(region), solved)
        growth = found.changes[0]
        assert (growth.with_it, growth.without_it, growth.gain) == (12, 7, 5)
        assert found.bought == (growth,)
        assert found.breaking == 0
        assert found.bites

    def test_classes_that_change(self) -> None:
        region = pair(relations=(Relation(id="road first", kind="requires", members=("inn", "road"), amount=None),))
        found = effect(region, "relations", solved(region), solved)
        assert found.moved
        assert {m.project for m in found.moved if m.before is not m.after} <= set(region.project)
        locked = pair(relations=(Relation(id="a road", kind="exactly_one", members=("road",)),))
        moved = {m.project: m for m in effect(locked, "relations", solved(locked), solved).moved}
        assert (moved["road"].before, moved["road"].after) == (Class.BORDERLINE, Class.CORE)

    def test_a_mechanism_that_does_nothing(self) -> None:
        region = pair(budgets=(Budget(fund="county", amount=Decimal(99), categories=("any",)),))
        found = effect(region, "budget", solved(region), solved)
        assert not found.bites
        assert found.hypervolume == 1

    def test_fronts_that_are_not_complete_settle_nothing_about_classes(self) -> None:
        """Stopped after a few solves."""
        region = generate(14, 3, 3, seed=3)

        def hasty(changed: Region) -> Listing:
            return Listing.of(solve(formulate(changed), stop=SolveLimit(4)), changed)

        found = effect(region, "budget", hasty(region), hasty)
        assert all(c.status is not Status.COMPLETE for c in found.certificates)
        assert not found.settled

    def test_a_difference_beyond_what_is_open_is_proved(self) -> None:
        """Growth 7 with the budget, 8 without. While no open region may hold more than 7, the budget surely costs."""
        region = pair(budgets=(Budget(fund="county", amount=Decimal(3), categories=("any",)),))
        complete = solved(region)

        def stopped(best: float) -> Listing:
            left = OpenRegion({"growth": best, "thrift": 1.0}, {"growth": 2.0, "thrift": 3.0}, 0.5)
            facts = {"status": Status.GUARANTEE, "epsilon": 0.5, "open_regions": (left,), "open_regions_total": 1}
            return replace(complete, certificate=replace(complete.certificate, **facts))

        for best, proved in ((6.0, True), (7.0, True), (7.9, True), (8.0, False), (9.0, False)):
            found = effect(region, "budget", stopped(best), solved)
            assert found.changes[0].proved is proved
            assert not found.settled

    def test_nothing_to_compare(self) -> None:
        region = pair(relations=(Relation(id="all", kind="at_least", members=("all",), amount=Decimal(3)),))
        broke = replace(region, budgets=(Budget(fund="county", amount=Decimal(1), categories=("any",)),))
        with pytest.raises(ValueError, match="There is nothing to compare"):
            effect(broke, "budget", solved(broke), solved)

    def test_in_force(self) -> None:
        assert in_force(pair()) == ()
        assert set(in_force(generate(14, 3, 3, seed=3))) == set(REMOVALS)
