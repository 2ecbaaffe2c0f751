"""Worlds: scenarios change the figures they name and nothing else; what cannot be is told."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from instances import check_region, generate, read_region
from instances.figures import find_figures
from instances.region import Region
from instances.schema import Scenario
from instances.worlds import AS_PLANNED, applicable, probabilities, worlds

COVER = "policy/green_cover"


def row(figure: str, name: str = "cut", **more: object) -> Scenario:
    return Scenario(scenario=name, figure=figure, **{"factor": Decimal(2), **more})


def with_rows(*rows: Scenario) -> Region:
    return replace(read_region("zigong"), scenarios=rows)


def test_all_rows_of_a_scenario_apply_and_nothing_else_changes() -> None:
    region = read_region("hamlet")
    rows = [
        row("budgets/*,*/amount", factor=Decimal("0.5")),
        row("projects/category=heritage/capital_cost"),
        row("policy/farmland_quota_ha", factor=None, value=Decimal(1)),
    ]
    planned, cut = worlds(region, rows)
    assert planned.region == region
    assert (planned.changed, cut.changed) == (0, 2 + 2 + 1)
    assert [b.amount for b in cut.region.budgets] == [b.amount / 2 for b in region.budgets]
    dear = {p.id for p, q in zip(region.projects, cut.region.projects, strict=True) if q.capital_cost != p.capital_cost}
    assert dear == {"wharf", "street"}
    assert cut.region.settings.policy.farmland_quota_ha == 1
    same = {"budgets", "projects", "settings", "scenarios"}
    assert all(getattr(cut.region, t) == getattr(region, t) for t in region.tables if t not in same)


def test_rows_apply_one_after_the_other() -> None:
    region = read_region("hamlet")
    twice = worlds(region, [row("budgets/county/amount"), row("budgets/county/amount")])[1]
    assert twice.region.budgets[0].amount == 4 * region.budgets[0].amount


def test_addresses_with_several_figures() -> None:
    region = read_region("zigong")
    jobs = find_figures(region, "effects/*,jobs/value")
    assert {figure.key[1] for figure in jobs} == {"jobs"}
    assert len(jobs) == sum(e.indicator == "jobs" for e in region.effects)
    roads = find_figures(region, "effects/category=road,*/value")
    assert {figure.key[0] for figure in roads} <= set(region.members(("category=road",)))
    assert len(find_figures(region, "budgets/construction,*/amount")) == 5
    with pytest.raises(ValueError, match="no row of effects"):
        find_figures(region, "effects/*,joy/value")
    with pytest.raises(ValueError, match="named by fund, period"):
        find_figures(region, "budgets/*,*,*/amount")


@pytest.mark.parametrize(
    ("stated", "chances"),
    [
        ({"a": None, "b": None}, {AS_PLANNED: "1/3", "a": "1/3", "b": "1/3"}),
        ({"a": "0.25", "b": "0.5"}, {AS_PLANNED: "1/4", "a": "1/4", "b": "1/2"}),
        ({"a": "1"}, {AS_PLANNED: "0", "a": "1"}),
        ({}, {AS_PLANNED: "1"}),
    ],
)
def test_probabilities(stated: dict[str, str | None], chances: dict[str, str]) -> None:
    rows = [row("policy/green_cover", name, probability=p) for name, p in stated.items()]
    assert probabilities(rows) == {name: Fraction(chance) for name, chance in chances.items()}


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([row("budgets/nobody/amount")], "scenarios has no row nobody"),
        ([row("budgets/construction,1/amount", value=Decimal(3))], "is given, and value as well"),
        ([row("budgets/construction,1/amount", factor=None)], "is to be given, or else value"),
        ([row("policy/green_cover", factor=None, value=Decimal(7))], "is above 1"),
        ([row("policy/eras_minimum", factor=Decimal("0.37"))], "eras_minimum"),
        ([row(COVER, probability="0.7"), row(COVER, "b", probability="0.7")], "more than 1"),
        ([row("policy/green_cover", probability="0.7"), row("policy/green_cover", "b")], "has no probability"),
        ([row("policy/green_cover", AS_PLANNED)], "no scenario can be called"),
    ],
)
def test_what_cannot_be_is_a_fault(rows: list[Scenario], says: str) -> None:
    faults = check_region(with_rows(*rows))
    assert len(faults) == 1
    assert says.replace("scenarios has", "budgets has") in str(faults[0])


def test_rows_of_what_is_not_there_any_more_are_left_out() -> None:
    region = generate(12, 2, 2, seed=3)
    assert applicable(region) == region.scenarios
    assert len(applicable(replace(region, budgets=()))) == len(region.scenarios) - 1


def test_ranges_hold_the_stated_cost() -> None:
    region = read_region("hamlet")
    first, *others = region.projects
    wrong = first.model_copy(update={"cost_low": first.capital_cost + 1, "cost_high": first.capital_cost - 1})
    faults = [str(f) for f in check_region(replace(region, projects=(wrong, *others)))]
    assert len(faults) == 2
    assert "column cost_low: 4 is above the stated cost, which is 3" in faults[0]
    assert "column cost_high: 2 is below the stated cost, which is 3" in faults[1]


def test_the_cautious_indicator_belongs_to_the_ranges() -> None:
    region = read_region("zigong")
    assert set(region.cautious_and_hopeful) == {"value_added_low", "value_added_high"}
    own = region.effects[0].model_copy(update={"indicator": "value_added_low"})
    faults = check_region(replace(region, effects=(*region.effects, own)))
    assert any("is computed from the tables" in str(fault) for fault in faults)
