"""Starts, relations, synergies, coverage and objectives worked by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from instances.settings import Goal
from optimizer.verify import evaluate
from optimizer.verify.coverage import Coverage
from optimizer.verify.evaluate import Auditor
from optimizer.verify.plan import Choice
from optimizer.verify.relations import Relations
from optimizer.verify.synergy import Synergy
from tests.verify.tables import chosen, town

CHOICE = town(
    periods=2,
    projects="""
        id   capital_cost operating_cost duration earliest_start latest_start locked public_share
        road 10           1.5            1        1              1            in     0.25
        park 20           -              1        2              -            -      1
        mill 5            2              2        -              -            -      1
        pier 1            -              3        -              -            -      1
        dam  7            -              -        -              -            out    1""",
    effects="""
        project indicator value
        road    jobs      3
        park    jobs      -0.5
        park    calm      2""",
    criteria="criterion objective weight\nidentity character 2",
    scores="project criterion score\nroad identity 1\npark identity 4",
)


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        ("road", []),
        ("road:1 park:2", []),
        ("road:2", ["plan: road starts in period 2; it may start in period 1"]),
        ("road park:1", ["plan: park starts in period 1; it may start in period 2"]),
        ("road mill:2", ["plan: mill starts in period 2; it may start in period 1"]),
        ("road pier:1", ["plan: pier starts in period 1; it may start in no period"]),
        (
            "road dam:0",
            ["plan: dam starts in period 0; it may start in periods 1 to 2", "plan: dam is locked out, but chosen"],
        ),
        ("road fort", ["plan: fort is not in the table projects"]),
        ("park:2", ["plan: road is locked in, but not chosen"]),
    ],
)
def test_choice(plan, expected):
    assert list(Choice(CHOICE).broken(chosen(plan))) == expected


def test_what_projects_count_by_themselves():
    assert Choice(CHOICE).indicators(chosen("road park:2")) == {
        "capital_cost": 30,
        "public_cost": Fraction(45, 2),
        "operating_cost": Fraction(3, 2),
        "projects": 2,
        "jobs": Fraction(5, 2),
        "calm": 2,
        "identity": 3,
    }
    assert set(Choice(CHOICE).indicators({}).values()) == {0}


def test_objectives_weigh_indicators():
    region = town(
        projects="id capital_cost\nroad 10\npark 20",
        objectives={
            "welfare": Goal(maximize={"jobs": "0.1", "calm": "-3", "unheard_of": 9}),
            "cost": Goal(minimize={"capital_cost": 2, "projects": "0.5"}),
        },
        effects="project indicator value\nroad jobs 3\npark calm 0.2",
        synergies="id members indicator value\nboth all jobs 0.7",
    )
    assert evaluate(region, {"road": 1}, ["welfare", "cost"]).values == {
        "welfare": Fraction(3, 10),
        "cost": Fraction(41, 2),
    }
    both = evaluate(region, {"road": 1, "park": 1}, ["cost", "welfare"])
    assert list(both.values.items()) == [("cost", 61), ("welfare", Fraction(37, 100) - Fraction(6, 10))]
    with pytest.raises(KeyError, match="wealth"):
        evaluate(region, {}, ["wealth"])


def test_criteria_imply_an_objective():
    assert Auditor(CHOICE).values(chosen("road park:2"), ["character"]) == {"character": 6}


RELATIONS = town(
    projects="""
        id     town category capital_cost
        road   T1   road     10
        bridge T1   road     20
        inn    T2   tourism  5
        pier   T2   tourism  2.5""",
    towns="id district\nT1 D1\nT2 D1",
    relations="""
        id     kind           members           amount
        order  requires       bridge|road|inn   -
        rivals excludes       inn|pier          -
        level  exactly_one    category=road     -
        some   at_least       district=D1       1
        few    at_most        all               2
        floor  spend_at_least town=T2           2.5
        roof   spend_at_most  town=T1|road      25""",
)


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        ("road pier", []),
        ("road inn", []),
        (
            "",
            [
                "relations: level: (0 of 2) chosen, exactly 1 wanted",
                "relations: some: (0 of 4) chosen, at least 1 wanted",
                "relations: floor: 0 spent, at least 2.5 wanted",
            ],
        ),
        ("bridge inn", ["relations: order: bridge is chosen without road"]),
        ("bridge pier", ["relations: order: bridge is chosen without road and inn"]),
        (
            "road inn pier",
            [
                "relations: rivals: inn and pier (2 of 2) chosen, at most 1 wanted",
                "relations: few: road, inn and pier (3 of 4) chosen, at most 2 wanted",
            ],
        ),
        (
            "road bridge inn",
            [
                "relations: level: road and bridge (2 of 2) chosen, exactly 1 wanted",
                "relations: few: road, bridge and inn (3 of 4) chosen, at most 2 wanted",
                "relations: roof: 30 spent, at most 25 wanted",
            ],
        ),
    ],
)
def test_relations(plan, expected):
    assert list(Relations(RELATIONS).broken(chosen(plan))) == expected


SYNERGY = town(
    projects="id capital_cost\na 1\nb 1\nc 1",
    synergies="""
        id    members at_least indicator value
        trail a|b|c   2        calm      5
        glut  a|b     -        income    -1.5
        calm2 a       -        calm      1
        never a|b     3        calm      99""",
)


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        ("", {}),
        ("a", {"calm": 1}),
        ("b c", {"calm": 5}),
        ("a b", {"calm": 6, "income": Fraction(-3, 2)}),
        ("a b c", {"calm": 6, "income": Fraction(-3, 2)}),
    ],
)
def test_synergy(plan, expected):
    assert Synergy(SYNERGY).indicators(chosen(plan)) == expected


def test_coverage_counts_every_place_once():
    region = town(
        projects="id capital_cost\nclinic 1\nschool 1\nroad 1",
        places="id people\nP1 100.5\nP2 20\nP3 7",
        reach="project place\nclinic P1\nclinic P2\nschool P2",
    )
    coverage = Coverage(region)
    reached = [coverage.indicators(chosen(plan))["people_reached"] for plan in ["", "road", "clinic", "school clinic"]]
    assert reached == [0, 0, Fraction(241, 2), Fraction(241, 2)]


def test_a_table_without_rows_switches_its_mechanism_off():
    region = town(
        policy={"farmland_quota_ha": 0, "green_cover": 1, "habitat_no_net_loss": True, "heritage_loss_limit": 0},
        projects="id capital_cost\nroad 1",
    )
    auditor = Auditor(region)
    assert auditor.evaluate({"road": 1}, ["nothing"]).broken == []
    counted = {name: value for name, value in auditor.indicators({"road": 1}).items() if value}
    assert counted == {"capital_cost": 1, "public_cost": 1, "projects": 1}
