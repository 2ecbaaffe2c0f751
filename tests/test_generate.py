"""Synthetic regions: the same every time, sound, feasible, and of realistic proportions."""

from __future__ import annotations

import hashlib
from collections import Counter
from decimal import Decimal
from statistics import correlation, median

import pytest

from instances import check_region, generate
from instances.generate import MECHANISMS
from instances.region import Region
from instances.schema import TABLES
from optimizer.verify import evaluate

SIZES = [(n, t, p) for n in (5, 6, 8, 9, 12, 15, 16, 20, 24, 60) for t in (1, 4) for p in (1, 2, 6)]
OWN = {
    "budget": {"budgets"},
    "relations": {"relations"},
    "synergy": {"synergies"},
    "land": {"zones", "footprints"},
    "ecology": {"zones", "footprints", "loads", "capacities"},
    "heritage": {"zones", "footprints", "assets", "impacts"},
    "coverage": {"places", "reach"},
    "timeline": {"assets", "impacts", "timeline"},
    "identity": {"tags", "neighbours"},
    "concentration": {"fair_shares"},
    "endogenous": {"sources", "source_changes", "activations", "industries"},
    "services": {"services", "supply"},
    "time": {"relations"},
    "grants": {"grants", "budgets"},
    "commitments": {"commitments"},
    "network": {"nodes", "links", "trips"},
    "symbiosis": {"byproducts", "exchanges", "zones", "footprints"},
    "scenarios": {"scenarios", "budgets"},
}


@pytest.fixture(scope="module")
def large() -> Region:
    return generate(projects=5000, towns=10, periods=6, seed=3)


def adopted(region: Region) -> dict[str, int]:
    return {p.id: p.adopted for p in region.projects if p.adopted}


def test_the_same_seed_gives_the_same_region() -> None:
    assert generate(30, 3, 2, seed=5) == generate(30, 3, 2, seed=5)
    assert generate(30, 3, 2, seed=5) != generate(30, 3, 2, seed=6)


def test_a_seed_gives_the_same_region_on_every_machine() -> None:
    first = ("budget", "relations", "synergy", "land", "ecology", "heritage", "coverage")
    tables = generate(40, 3, 3, seed=11, mechanisms=first).tables
    text = "\n".join(row.model_dump_json() for rows in tables.values() for row in rows)
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == "7347fa87b29a1cb8"


@pytest.mark.parametrize(("projects", "towns", "periods"), SIZES)
def test_every_region_is_sound_and_its_adopted_plan_is_feasible(projects: int, towns: int, periods: int) -> None:
    for seed in range(2):
        region = generate(projects, towns, periods, seed, objectives=6)
        assert check_region(region) == []
        assert evaluate(region, adopted(region), []).broken == []


@pytest.mark.parametrize("projects", [5, 7, 14, 60])
def test_every_table_of_every_mechanism_is_filled(projects: int) -> None:
    region = generate(projects, towns=2, periods=2)
    assert set(region.tables) == set(TABLES) - {"criteria", "scores"}
    unset = {figure for figure, value in region.settings.policy.model_dump().items() if value is None}
    assert unset == {"overruns_borne", "tail_share"}, (
        "fronts of synthetic regions are no matter of cost ranges and worlds"
    )
    assert {r.kind for r in region.relations} | {"after"} == {
        "requires", "after", "excludes", "exactly_one", "at_least", "at_most", "spend_at_least", "spend_at_most"
    }  # fmt: skip
    assert {z.kind for z in region.zones} == {
        "built", "arable", "green", "water", "red_line", "heritage_core", "heritage_control", "old_quarter", "eco_park"
    }  # fmt: skip
    assert {s.value > 0 for s in region.synergies} == {True, False}
    assert {load.kind for load in region.loads} == {"point", "diffuse"}


def test_periods_grants_and_promises_are_all_of_use() -> None:
    region = generate(60, 4, 3)
    assert "after" in {r.kind for r in region.relations}
    assert {g.kind for g in region.grants} == {"count", "points", "matching"}
    assert {c.binding for c in region.commitments} == {True, False}
    assert any(e.yearly for e in region.effects)
    assert region.goals["growth"].weights["visitors"] == 1
    assert region.goals["livability"].weights["break_charge"] == -1


def test_rules_bite() -> None:
    region = generate(60, 4, 1)
    everything = evaluate(region, {p.id: 1 for p in region.projects}, []).broken
    broken = {line.partition(":")[0] for line in everything}
    assert broken >= {"budget", "relations", "land", "ecology", "heritage"}


@pytest.mark.parametrize("left_out", MECHANISMS)
def test_a_mechanism_left_out_has_no_tables_and_leaves_the_others_as_they_are(left_out: str) -> None:
    whole, kept = generate(20, 2, 2), [name for name in MECHANISMS if name != left_out]
    region = generate(20, 2, 2, objectives=6, mechanisms=kept)
    gone = OWN[left_out].difference(*(OWN[name] for name in kept))
    assert not gone & set(region.tables)
    assert region.projects == whole.projects
    for table, rows in region.tables.items():
        assert set(rows) <= set(getattr(whole, table))
    assert check_region(region) == []


@pytest.mark.parametrize("only", MECHANISMS)
def test_one_mechanism_alone(only: str) -> None:
    region = generate(20, 2, 2, objectives=6, mechanisms=[only])
    assert set(region.tables) == OWN[only] | {"projects", "effects", "towns"}
    assert check_region(region) == []
    assert len(region.compared) == 6


@pytest.mark.parametrize("count", range(2, 7))
def test_objectives_come_in_turn(count: int) -> None:
    names = ("growth", "character", "livability", "jobs", "cost", "coverage")
    assert generate(10, 2, objectives=count).compared == names[:count]


def test_character_counts_heritage_memory_and_copies() -> None:
    weights = generate(10, 2).goals["character"].weights
    assert weights == {"identity": 1, "heritage_gain": 1, "heritage_loss": -1, "memory": 1, "alikeness": -1}
    assert generate(10, 2, mechanisms=["budget"]).goals["character"].weights == {"identity": 1}


def test_costs_are_whole_thousands_and_effects_whole_points(large: Region) -> None:
    assert all(p.capital_cost == int(p.capital_cost) for p in large.projects)
    assert all(e.value == int(e.value) for e in large.effects)
    assert large.settings.money == "thousand CNY"


def test_the_top_tenth_holds_most_of_the_money(large: Region) -> None:
    costs = sorted((p.capital_cost for p in large.projects), reverse=True)
    assert Decimal("0.56") <= sum(costs[:500]) / sum(costs) <= Decimal("0.76")


def test_requests_are_about_2_7_times_the_money(large: Region) -> None:
    asked = sum(p.capital_cost * p.public_share for p in large.projects)
    assert Decimal("2.4") < asked / sum(b.amount for b in large.budgets) < Decimal("2.8")


def test_funds_and_durations_are_spread_as_in_real_programmes(large: Region) -> None:
    kinds = {b.fund: set(b.categories) for b in large.budgets}
    funds = Counter(sum(bool(set(p.category) & served) for served in kinds.values()) for p in large.projects)
    assert [round(funds[k] / 50) for k in (1, 2, 3)] == [78, 19, 3]
    durations = Counter(p.duration for p in large.projects)
    assert durations[1] / 5000 == pytest.approx(0.32, abs=0.03)
    assert durations[2] / 5000 == pytest.approx(0.23, abs=0.03)
    assert durations[6] / 5000 > 0.23 - 0.03
    assert {b.carry_over for b in large.budgets} == {True, False}


@pytest.mark.parametrize("seed", range(5))
def test_growth_and_character_pull_apart(seed: int) -> None:
    region = generate(400, seed=seed)
    value = {(e.project, e.indicator): float(e.value) for e in region.effects}
    growth = [value.get((p.id, "value_added"), 0.0) for p in region.projects]
    identity = [value.get((p.id, "identity"), 0.0) for p in region.projects]
    assert correlation(growth, identity) < -0.2


def test_large_projects_do_more_but_less_for_the_money(large: Region) -> None:
    value = {e.project: e.value for e in large.effects if e.indicator == "value_added"}
    ranked = sorted(large.projects, key=lambda p: p.capital_cost)
    small, big = (
        [value.get(p.id, Decimal(0)) / p.capital_cost for p in part] for part in (ranked[:500], ranked[-500:])
    )
    assert median(small) > median(big) > 0
    assert sum(value.get(p.id, 0) for p in ranked[-500:]) > sum(value.get(p.id, 0) for p in ranked[:500])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"projects": 4}, "projects is 4"),
        ({"projects": 5, "towns": 6}, "towns is 6"),
        ({"periods": 0}, "periods is 0"),
        ({"objectives": 7}, "objectives is 7"),
        ({"mechanisms": ["trains"]}, "no such mechanism: trains"),
    ],
)
def test_what_cannot_be_generated_is_told(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        generate(**arguments)  # type: ignore[arg-type]
