"""Robustness: chances against closed forms, regrets and stands by hand, tails against their definition."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from instances import read_region
from instances.region import Region
from instances.schema import Budget, Effect, Project, Scenario
from instances.settings import Goal, Settings
from instances.worlds import World, worlds
from models import formulate
from optimizer import solve
from optimizer.certificate import Status
from optimizer.decide.live import Clock
from optimizer.decide.robust import assess_robustness
from optimizer.decide.robust.costs import REPLICATIONS, uncertain_costs
from optimizer.decide.robust.outlook import outlook
from optimizer.decide.robust.overruns import Chance, overruns
from optimizer.decide.robust.reference import REFERENCE_CLASSES
from optimizer.decide.robust.stands import Solved
from optimizer.listing import Listing
from optimizer.stop import SolveLimit


def town(*projects: Project, money: object, periods: int = 1, **tables: object) -> Region:
    effects = tuple(Effect(project=p.id, indicator="jobs", value=Decimal(n + 1)) for n, p in enumerate(projects))
    goals = {"growth": Goal(maximize={"jobs": Decimal(1)}), "thrift": Goal(minimize={"capital_cost": Decimal(1)})}
    facts: dict[str, object] = {
        "settings": Settings(name="town", objectives=goals, periods=periods),
        "projects": projects,
        "effects": effects,
        "budgets": tuple(Budget(fund="county", period=t + 1, amount=m) for t, m in enumerate([money] * periods)),
    }
    return Region(**{**facts, **tables})  # type: ignore[arg-type]


def chance(region: Region, plan: dict[str, int], **more: object) -> Chance:
    return overruns(region, [plan], uncertain_costs(region, **more))[0].any  # type: ignore[arg-type]


def within(found: Chance, truth: float) -> bool:
    """Six standard errors, and what a float may be off by."""
    return abs(found.value - truth) <= 6 * found.error + 1e-3


class TestChances:
    @pytest.mark.parametrize("money", ["8.5", "9.5", "10", "11", "12.5", "13.5"])
    def test_one_triangle(self, money: str) -> None:
        """From 8 over 10 to 14: P(cost > m) = (14 - m)² / (6 · 4) above the mode."""
        region = town(Project(id="a", capital_cost=10, cost_low=8, cost_high=14), money=money)
        m = float(money)
        truth = (14 - m) ** 2 / 24 if m >= 10 else 1 - (m - 8) ** 2 / 12
        assert within(chance(region, {"a": 1}), truth)

    def test_the_sum_of_two_triangles(self) -> None:
        """Both fall from 1 to 2: x = 2 - √u; P(x + y > 3) = P(√u + √v < 1) = ∫ (1 - s)² 2 s ds = 1 / 6."""
        both = [Project(id=p, capital_cost=1, cost_high=2) for p in "ab"]
        assert within(chance(town(*both, money=3), {"a": 1, "b": 1}), 1 / 6)

    def test_lognormal_percentiles(self) -> None:
        region = town(Project(id="a", capital_cost=10, cost_low=8, cost_high=18), money=18)
        assert within(chance(region, {"a": 1}, distribution="lognormal"), 0.1)
        at_low = replace(region, budgets=(Budget(fund="county", amount=8),))
        assert within(chance(at_low, {"a": 1}, distribution="lognormal"), 0.9)

    @pytest.mark.parametrize("rho", [0.0, 0.5, 1.0])
    def test_correlated_lognormal_costs_multiply(self, rho: float) -> None:
        """The median of a sum of n equal factors; with correlation 1 all factors are one."""
        projects = [Project(id=f"p{n}", capital_cost=1, cost_low="0.5", cost_high=2) for n in range(4)]
        found = chance(town(*projects, money=6), {p.id: 1 for p in projects}, distribution="lognormal", correlation=rho)
        sigma = math.log(4) / (2 * ndtri(0.9))
        rng = np.random.default_rng(1)
        shared, own = rng.normal(size=(400_000, 1)), rng.normal(size=(400_000, 4))
        drawn = np.exp(sigma * (math.sqrt(rho) * shared + math.sqrt(1 - rho) * own)).sum(axis=1)
        truth = float((drawn > 6).mean()) if rho < 1 else 1 - float(ndtr(math.log(1.5) / sigma))
        assert abs(found.value - truth) < 6 * found.error + 0.004

    def test_the_stated_error_is_the_error(self) -> None:
        """The sum of ten costs is nearly normal; of twenty seeds nearly all lie within two standard errors."""
        projects = [Project(id=f"p{n}", capital_cost=10, cost_low=5, cost_high=15) for n in range(10)]
        region = town(*projects, money=105)
        costs, plan = uncertain_costs(region), [{p.id: 1 for p in projects}]
        found = [overruns(region, plan, costs, samples=2048, seed=seed)[0].any for seed in range(20)]
        truth = np.mean([one.value for one in found])
        assert sum(abs(one.value - truth) <= 2 * one.error for one in found) >= 15
        assert abs(truth - (1 - float(ndtr(5 / math.sqrt(10 * 25 / 6))))) < 0.01
        assert all(one.samples == 2048 for one in found)

    def test_money_that_is_just_enough_is_no_overrun(self) -> None:
        region = town(
            Project(id="a", capital_cost="0.1"), Project(id="b", capital_cost="0.2", cost_low="0.1"), money="0.3"
        )
        found = overruns(region, [{"a": 1, "b": 1}], uncertain_costs(region))[0]
        assert (found.any.value, found.any.error) == (0.0, 0.0)
        assert found.any.in_words() == "below 0.1 %"

    def test_a_plan_without_uncertain_costs_is_certain(self) -> None:
        region = town(Project(id="a", capital_cost=2), Project(id="b", capital_cost=1, cost_high=2), money=1)
        (one,) = overruns(region, [{"a": 1}], uncertain_costs(region))[0].budgets
        assert (one.certain, one.chance.value, one.mean, one.safe) == (True, 1.0, 1.0, 2.0)

    def test_cost_falls_in_the_periods_of_building_and_running_cost_does_not_vary(self) -> None:
        """4 over two years, then 1 a year: only the years of building can overrun."""
        project = Project(id="a", capital_cost=4, cost_high=8, duration=2, operating_cost=1)
        found = overruns(region := town(project, money=3, periods=3), [{"a": 1}], uncertain_costs(region))[0]
        first, second, third = found.budgets
        assert (first.planned, second.planned, third.planned) == (2, 2, 1)
        assert within(first.chance, 0.25)
        assert first.chance == second.chance == found.any
        assert third.certain

    def test_funds_that_share_a_project_are_looked_at_together(self) -> None:
        region = town(Project(id="a", capital_cost=4, cost_high=8), money=3)
        both = replace(region, budgets=(*region.budgets, Budget(fund="state", amount=3)))
        (one,) = overruns(both, [{"a": 1}], uncertain_costs(both))[0].budgets
        assert (one.budget, one.money) == ("county + state", 6)
        assert within(one.chance, 0.25)

    def test_reference_classes_meet_their_points(self) -> None:
        for one in REFERENCE_CLASSES.values():
            shares = np.array([*one.points])
            assert np.allclose(one.factor(shares) - 1, [*one.points.values()], atol=1e-9)
            many = one.factor(np.linspace(0.001, 0.999, 500))
            assert (np.diff(many) > 0).all()
        region = town(Project(id="a", category="road", capital_cost=100), money=132)
        assert within(chance(region, {"a": 1}, uplift={"road": "roads"}), 0.2)
        assert within(chance(region, {"a": 1}, uplift={"all": "roads"}), 0.2)

    def test_draws_are_seeded_and_never_from_the_ends(self) -> None:
        region = town(Project(id="a", capital_cost=10, cost_low=1, cost_high=20), money=1)
        costs = uncertain_costs(region, distribution="lognormal")
        drawn = costs.draw(100, 0)
        assert drawn.shape == (REPLICATIONS, 8, 1)
        assert np.isfinite(drawn).all()
        assert (drawn > 0).all()
        assert np.array_equal(drawn, costs.draw(100, 0))
        assert not np.array_equal(drawn, costs.draw(100, 1))

    @pytest.mark.parametrize(
        ("more", "says"),
        [
            ({"uplift": {"road": "trains"}}, "no reference class is called trains"),
            ({"uplift": {"bridge": "roads"}}, "no project is of category bridge"),
            ({"distribution": "normal"}, "no distribution is called normal"),
            ({"correlation": 1.5}, "not between 0 and 1"),
            ({"distribution": "lognormal"}, "cannot begin at 0"),
        ],
    )
    def test_refusals(self, more: dict[str, object], says: str) -> None:
        region = town(Project(id="a", category="road", capital_cost=1, cost_low=0), money=1)
        with pytest.raises(ValueError, match=says):
            uncertain_costs(region, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("sense", ["max", "min"])
def test_the_tail_is_that_of_rockafellar_and_uryasev(seed: int, sense: str) -> None:
    rng = random.Random(seed)
    values = [Fraction(rng.randint(-5, 9)) for _ in range(5)]
    parts = [rng.randint(0, 3) for _ in values]
    chances = [Fraction(part, sum(parts) or 1) for part in parts] if sum(parts) else [Fraction(1, 5)] * 5
    share = Fraction(rng.randint(1, 8), 8)
    sign = 1 if sense == "max" else -1
    here = [sign * v for v in values]
    best = max(
        eta - sum(c * max(Fraction(0), eta - v) for v, c in zip(here, chances, strict=True)) / share for eta in here
    )
    found = outlook(values, chances, sense, share)  # type: ignore[arg-type]
    assert found.tail == sign * best
    assert found.worst == sign * min(v for v, c in zip(here, chances, strict=True) if c)
    assert found.mean == sum(v * c for v, c in zip(values, chances, strict=True))
    assert outlook(values, chances, sense, Fraction(1)).tail == found.mean  # type: ignore[arg-type]


class TestWorlds:
    """Three projects, money for 6: mill (4, 9 jobs), inn (3, 5 jobs), well (2, 4 jobs)."""

    REGION = replace(
        town(*(Project(id=p, capital_cost=c) for p, c in (("mill", 4), ("inn", 3), ("well", 2))), money=6),
        effects=tuple(
            Effect(project=p, indicator="jobs", value=Decimal(n)) for p, n in (("mill", 9), ("inn", 5), ("well", 4))
        ),
        scenarios=(
            Scenario(scenario="cut", figure="budgets/county/amount", value=5),
            Scenario(scenario="no mill jobs", figure="effects/mill,jobs/value", factor=Decimal("0.5")),
        ),
    )

    def solver(self, world: World) -> Solved:
        problem = formulate(world.region)
        return Solved(world, problem, Listing.of(solve(problem), world.region))

    def test_by_hand(self) -> None:
        listing = Listing.of(solve(formulate(self.REGION)), self.REGION)
        plans = [sorted(listing.plan(row)) for row in range(len(listing))]
        assert plans == [["mill", "well"], ["mill"], ["inn"], ["well"], []]
        found = assess_robustness(self.REGION, listing, worlds(self.REGION), self.solver)
        by_plan = {tuple(sorted(one.plan)): one for one in found.portfolios}
        both, mill, other = by_plan["mill", "well"], by_plan["mill",], by_plan["inn", "well"]
        assert [stand.allowed for stand in both.stands] == [True, False, True]
        assert [stand.efficient for stand in both.stands] == [True, False, False]
        assert [stand.efficient for stand in mill.stands] == [True, True, False]
        # Ranges as planned: 13 jobs, 6 of cost. Without half of its jobs the mill (4.5, 4) is beaten by the inn (5, 3).
        assert mill.regret == ((Fraction(1, 26) + Fraction(1, 6)) / 2,) * 2
        assert mill.mean_regret(found.chances) == (mill.regret[0] / 3,) * 2
        # Inn and well (9, 5) are dominated by the mill (9, 4) as planned and in the cut, and best without its jobs.
        assert not other.listed
        assert other.portfolio.startswith("w2.")
        assert [stand.efficient for stand in other.stands] == [False, False, True]
        assert found.steadiest()[0].portfolio == by_plan["inn",].portfolio
        assert mill.outlooks["growth"].worst == Fraction(9, 2)
        assert "of the 5 portfolios listed keep all rules everywhere" in found.in_words()
        assert list(found.to_frame()["efficient"])[:2] == [1, 2]
        assert found.to_dict()["portfolios"][1]["regret"]["max"] == {"at_least": "4/39", "at_most": "4/39"}

    def test_an_unfinished_front_is_asked_live_and_bounds_the_regret(self) -> None:
        listing = Listing.of(solve(formulate(self.REGION)), self.REGION)

        def stopped(world: World) -> Solved:
            problem = formulate(world.region)
            front = solve(problem, method="search", stop=SolveLimit(3))
            assert front.certificate.status is not Status.COMPLETE
            return Solved(world, problem, Listing.of(front, world.region))

        whole = assess_robustness(self.REGION, listing, worlds(self.REGION), self.solver)
        part = assess_robustness(self.REGION, listing, worlds(self.REGION), stopped)
        for true, open_ in zip(whole.listed, part.listed, strict=True):
            for sure, asked in zip(true.stands, open_.stands, strict=True):
                assert asked.efficient is sure.efficient
                if sure.regret is not None:
                    assert asked.regret is not None
                    assert asked.regret[0] <= sure.regret[0]
                    assert asked.regret[1] is None or asked.regret[1] >= sure.regret[0]

    def test_without_time_nothing_is_claimed(self) -> None:
        listing = Listing.of(solve(formulate(self.REGION)), self.REGION)

        def stopped(world: World) -> Solved:
            problem = formulate(world.region)
            front = solve(problem, method="search", stop=SolveLimit(1))
            return Solved(world, problem, Listing.of(front, world.region))

        clocks = iter([Clock(), Clock(), Clock(), Clock(0), Clock(0), Clock(0)])
        found = assess_robustness(self.REGION, listing, worlds(self.REGION), stopped, clock=lambda: next(clocks))
        assert not any(stand.efficient for one in found.portfolios for stand in one.stands)
        assert any(one.open for one in found.portfolios)
        assert "stays open" in found.in_words()

    def test_worlds_for_which_there_is_no_time_are_left_out(self) -> None:
        listing = Listing.of(solve(formulate(self.REGION)), self.REGION)
        clocks = iter([Clock(), Clock(0), Clock()])
        found = assess_robustness(self.REGION, listing, worlds(self.REGION), self.solver, clock=lambda: next(clocks))
        assert found.left_out == ("cut", "no mill jobs")
        assert len(found.worlds) == 1

    def test_costs_alone(self) -> None:
        region = read_region("park")
        listing = Listing.of(solve(formulate(region)), region)
        costs = uncertain_costs(region)
        found = assess_robustness(replace(region, scenarios=()), listing, worlds(region, []), self.solver, costs=costs)
        assert found.worlds == ()
        assert len(found.listed) == len(found.portfolios)
        assert all(one.overruns for one in found.portfolios)
        assert "is least likely to overrun its money" in found.in_words()
