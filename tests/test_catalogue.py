"""The regions that ship: they read without faults, are balanced as real programmes are, and say nothing untrue."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest

from instances import Region, check_region, read_region
from instances.rules_goals import BUILT_IN
from instances.schema import TABLES, Project
from optimizer.verify import Auditor
from tests.brute import brute_force

DOC = Path(__file__).parents[1] / "docs" / "hamlet.md"
GOALS = ("growth", "character", "livability")
SCALE = {"CNY": Decimal("0.0001"), "thousand CNY": Decimal("0.1"), "million CNY": Decimal(100)}
NOTE = re.compile(r"^([\d,]+) .+? at ([\d.]+) (CNY|thousand CNY|million CNY) (?:an? |each)")
NEVER = re.compile("is a red line|may not build there|destroys|has no land in an eco_park")

Point = tuple[Fraction, ...]
Front = dict[Point, list[dict[str, int]]]


@pytest.fixture(scope="module")
def hamlet() -> Region:
    return read_region("hamlet")


@pytest.fixture(scope="module")
def zigong() -> Region:
    return read_region("zigong")


@pytest.fixture(params=["hamlet", "park", "twins", "zigong"])
def region(request: pytest.FixtureRequest) -> Region:
    return read_region(request.param)


def requests(region: Region) -> Decimal:
    return sum((p.capital_cost * p.public_share for p in region.projects), Decimal(0))


def payers(region: Region, project: Project) -> int:
    funds = {b.fund: set(b.categories) for b in region.budgets}
    return sum(not categories or not categories.isdisjoint(project.category) for categories in funds.values())


def test_a_shipped_region_has_no_faults(region: Region) -> None:
    assert check_region(region) == []


def test_every_indicator_is_counted_by_some_objective(region: Region) -> None:
    made = {e.indicator for e in region.effects} | {s.indicator for s in region.synergies}
    made |= {c.criterion for c in region.criteria}
    used = {indicator for goal in region.goals.values() for indicator in goal.weights}
    assert made <= used
    assert used <= made | {*BUILT_IN}


def test_requests_exceed_the_money_as_in_real_programmes(region: Region) -> None:
    assert Decimal("1.9") <= requests(region) / sum(b.amount for b in region.budgets) <= Decimal("3.9")


def test_every_footprint_fits_its_zone(region: Region) -> None:
    area = {z.id: z.area for z in region.zones}
    assert [f for f in region.footprints if f.hectares > area[f.zone]] == []


def test_hamlet_uses_the_tables_that_a_pencil_can_follow(hamlet: Region) -> None:
    assert set(hamlet.tables) == {*list(TABLES)[: list(TABLES).index("timeline")]} - {"criteria", "scores"}
    assert len(hamlet.projects) == 10
    assert hamlet.starts(hamlet.projects[0]) == range(1, 2)


def test_zigong_uses_all_tables_and_policies(zigong: Region) -> None:
    assert set(zigong.tables) == set(TABLES)
    policy = zigong.settings.policy.model_dump()
    assert {figure for figure, value in policy.items() if not value} == {"overruns_borne", "tail_share"}
    assert (len(zigong.towns), len(zigong.projects), zigong.periods) == (10, 90, 5)
    assert {r.kind for r in zigong.relations} == {
        "requires",
        "after",
        "excludes",
        "exactly_one",
        "at_least",
        "at_most",
        "spend_at_least",
        "spend_at_most",
    }
    assert zigong.compared == GOALS


def test_zigong_has_projects_in_every_town(zigong: Region) -> None:
    assert {p.town for p in zigong.projects} == set(zigong.town)


def test_zigong_funds_overlap_as_in_real_programmes(zigong: Region) -> None:
    payable = Counter(payers(zigong, p) for p in zigong.projects)
    shares = [payable[k] / len(zigong.projects) for k in (1, 2, 3)]
    assert shares == pytest.approx([0.78, 0.19, 0.03], abs=0.02)


def test_zigong_leaves_two_starts_a_project_on_average(zigong: Region) -> None:
    starts = [len(zigong.starts(p)) for p in zigong.projects]
    assert min(starts) >= 1
    assert sum(starts) / len(starts) <= 2


def test_zigong_costs_are_quantity_times_unit_cost(zigong: Region) -> None:
    for project in zigong.projects:
        found = NOTE.match(project.note)
        assert found, project
        quantity, price, scale = found.groups()
        assert Decimal(quantity.replace(",", "")) * Decimal(price) * SCALE[scale] == project.capital_cost, project.id


def test_zigong_money_is_whole_in_every_period(zigong: Region) -> None:
    for project in zigong.projects:
        assert (project.capital_cost * project.public_share / project.duration) % 1 == 0, project.id
        assert (project.operating_cost * project.public_share) % 1 == 0, project.id


def test_zigong_adopted_plan_keeps_every_rule(zigong: Region) -> None:
    plan = {p.id: p.adopted for p in zigong.projects if p.adopted}
    assert len(plan) > 20
    assert Auditor(zigong).evaluate(plan, GOALS).broken == []


def test_zigong_lines_and_listings_forbid_five_tempting_wishes(zigong: Region) -> None:
    auditor = Auditor(zigong)
    plans = ({p.id: zigong.starts(p)[0]} for p in zigong.projects)
    shut_out = {name for plan in plans for name in plan if any(NEVER.search(s) for s in auditor.broken(plan))}
    assert shut_out == {"xs_hotel", "sz_hotel", "nf_villas", "zh_mall", "hd_plating"}


@pytest.fixture(scope="module")
def twins_front() -> Front:
    return brute_force(read_region("twins"), GOALS)


@pytest.fixture(scope="module")
def park_front() -> Front:
    return brute_force(read_region("park"), GOALS)


def test_twins_grow_most_as_copies_and_have_most_character_as_themselves(twins_front: Front) -> None:
    points = list(twins_front)
    auditor = Auditor(read_region("twins"))
    copies, themselves = twins_front[points[0]], twins_front[max(points, key=lambda point: point[1])]
    assert copies == [dict.fromkeys(("s_mock", "s_resort", "s_walk", "s_wharf", "t_mock", "t_walk"), 1)]
    assert themselves == [dict.fromkeys(("s_gentle", "s_salt", "s_wharf", "t_gentle", "t_tea", "t_mill"), 1)]
    assert [auditor.values(plan, ("copies",))["copies"] for plan in (*copies, *themselves)] == [200, 0]
    for point, plans in twins_front.items():
        assert point[0] > 32 or not any({"s_mock", "t_mock"} <= plan.keys() for plan in plans)


def test_park_closes_its_chain_with_the_right_third_tenant_only(park_front: Front) -> None:
    auditor = Auditor(read_region("park"))
    tenants = ("soil", "feed", "blocks", "box", "lantern")
    closed = [t for t in tenants if not [*auditor.broken(dict.fromkeys(("site", "salt", "still", t), 1))]]
    assert closed == ["soil"]
    chain = {point for point, plans in park_front.items() for plan in plans if {"salt", "still", "soil"} <= plan.keys()}
    others = park_front.keys() - chain
    assert sorted(point[0] for point in chain) == [36, 37]
    assert max(point[0] for point in others) == 25
    assert not any({"salt", "still"} & plan.keys() for point in others for plan in park_front[point])


@pytest.mark.parametrize("name", ["twins", "park"])
def test_the_readme_of_a_story_shows_the_points_it_speaks_of(name: str, request: pytest.FixtureRequest) -> None:
    front: Front = request.getfixturevalue(f"{name}_front")
    text = (Path(__file__).parents[1] / "instances" / "catalogue" / name / "README.md").read_text(encoding="utf-8")
    region = read_region(name)
    assert f"{sum(p.capital_cost for p in region.projects)}\nmillion CNY; there are {region.budgets[0].amount}." in text
    if name == "twins":
        assert f"The front has {len(front)} points" in text
        for point, plans in front.items():
            if point in {next(iter(front)), max(front, key=lambda p: p[1])}:
                cells = " | ".join(str(figure).replace("-", "−") for figure in point)
                assert f"| {cells} | {', '.join(plans[0])} |" in text


def cells(heading: str) -> list[list[str]]:
    """The rows of the first table after ``heading`` in the page about the hamlet."""
    text = DOC.read_text(encoding="utf-8").split(f"## {heading}\n", 1)[1]
    rows = [line for line in text.split("\n## ", 1)[0].splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[2:]]


@pytest.fixture(scope="module")
def kept(hamlet: Region) -> list[tuple[Point, tuple[str, ...]]]:
    """Every portfolio of the hamlet that keeps the rules, with its point."""
    auditor, found = Auditor(hamlet), []
    for bits in product((0, 1), repeat=len(hamlet.projects)):
        chosen = tuple(p.id for p, bit in zip(hamlet.projects, bits, strict=True) if bit)
        evaluation = auditor.evaluate(dict.fromkeys(chosen, 1), GOALS)
        if not evaluation.broken:
            found.append((tuple(evaluation.values[goal] for goal in GOALS), chosen))
    return found


def test_hamlet_page_shows_the_complete_front(hamlet: Region, kept: list[tuple[Point, tuple[str, ...]]]) -> None:
    points = {point for point, _ in kept}
    best = {y for y in points if not any(z != y and all(a >= b for a, b in zip(z, y, strict=True)) for z in points)}
    front = {(point, chosen) for point, chosen in kept if point in best}
    shown = cells("The complete front")
    assert {(tuple(map(Fraction, row[:3])), tuple(row[4].split(", "))) for row in shown} == front
    assert len(shown) == len(front)
    for row in shown:
        assert Decimal(row[3]) == sum(hamlet.project[name].capital_cost for name in row[4].split(", "))
    assert f"{len(kept)} of them keep every rule, {len(front)} of those are efficient" in DOC.read_text("utf-8")
    assert f"they reach {len(best)} different points" in DOC.read_text("utf-8")


def test_hamlet_page_lists_the_projects_as_they_are(hamlet: Region) -> None:
    effects = {(e.project, e.indicator): e.value for e in hamlet.effects}
    for row, project in zip(cells("Projects"), hamlet.projects, strict=True):
        assert row[:4] == [project.id, project.name, str(project.capital_cost), project.category[0]]
        for cell, indicator in zip(row[4:], ("income", "identity", "comfort"), strict=True):
            assert Decimal(cell.replace("−", "-") or 0) == effects.get((project.id, indicator), 0)


def test_hamlet_page_shuts_out_what_the_farmland_quota_shuts_out(hamlet: Region) -> None:
    plan = dict.fromkeys(("road", "school", "belt", "wharf", "block"), 1)
    found = Auditor(hamlet).evaluate(plan, GOALS)
    assert [str(found.values[goal]) for goal in GOALS] == ["7", "2", "11"]
    assert len(found.broken) == 1
    assert "farmland" in found.broken[0]
