"""The enumeration that other methods are measured against, itself measured against a front made by hand."""

from __future__ import annotations

from fractions import Fraction

from instances.settings import Goal
from tests.brute import brute_force, nondominated, plans
from tests.verify.tables import town

GOALS = {"growth": Goal(maximize={"jobs": 1}), "cost": Goal(minimize={"capital_cost": 1})}


def test_plans_keep_locks_and_starts():
    region = town(
        periods=2,
        projects="""
            id   capital_cost earliest_start locked
            road 1            1              in
            park 1            2              -
            dam  1            1              out""",
    )
    assert list(plans(region)) == [
        {"road": 1},
        {"road": 1, "park": 2},
        {"road": 2},
        {"road": 2, "park": 2},
    ]


def test_front_by_hand():
    region = town(
        objectives=GOALS,
        projects="id capital_cost\nroad 3\npark 3\nwell 2\nfort 2",
        effects="project indicator value\nroad jobs 5\npark jobs 5\nwell jobs 1.5\nfort jobs 1",
        budgets="fund amount\ncounty 5",
    )
    assert brute_force(region, ["growth", "cost"]) == {
        (Fraction(13, 2), 5): [{"park": 1, "well": 1}, {"road": 1, "well": 1}],
        (5, 3): [{"park": 1}, {"road": 1}],
        (Fraction(3, 2), 2): [{"well": 1}],
        (0, 0): [{}],
    }
    assert list(brute_force(region, ["cost", "growth"])) == [(0, 0), (2, Fraction(3, 2)), (3, 5), (5, Fraction(13, 2))]


def test_nothing_feasible():
    region = town(
        objectives=GOALS,
        projects="id capital_cost\nroad 3",
        relations="id kind members amount\nmany at_least all 2",
    )
    assert brute_force(region, ["growth", "cost"]) == {}


def test_nondominated_keeps_senses_apart():
    points = [(Fraction(1, 3), Fraction(2)), (Fraction(1, 2), Fraction(3)), (Fraction(1, 3), Fraction(3))]
    assert nondominated(points, [-1, 1]) == [points[1], points[0]]
    assert nondominated(points, [1, 1]) == [points[0]]
