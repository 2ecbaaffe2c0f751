"""Grants worked by hand: counts, points, matching money, and the rules of the fund that they go into."""

from __future__ import annotations

import pytest

from optimizer.verify import evaluate
from tests.verify.tables import chosen, town

PROJECTS = """
    id     category capital_cost
    street culture  40
    temple culture  30
    road   works    100"""
EFFECTS = "project indicator value\nstreet charm 3\ntemple charm 2.5\nroad charm -2"
COUNT = town(
    projects=PROJECTS,
    budgets="fund amount\ncounty 60",
    grants="id kind members threshold fund amount\ntwo count category=culture 2 county 10",
)
POINTS = town(
    projects=PROJECTS,
    effects=EFFECTS,
    budgets="fund amount\ncounty 130",
    grants="id kind indicator threshold fund amount\ncharming points charm 3.5 county 40",
)
MATCHING = town(
    projects=PROJECTS,
    budgets="fund amount\ncounty 45",
    grants="id kind members rate fund amount\nhalf matching category=culture 0.5 county 30",
)
PHASED = town(
    periods=3,
    projects=PROJECTS,
    budgets="""
        fund   period amount carry_over categories
        county 1      100    no         works
        house  1      10     yes        culture""",
    grants="""
        id    kind  members threshold fund  period amount
        early count road    1         house 1      30
        late  count road    1         house 3      40
        lost  count road    1         state 1      900""",
)


@pytest.mark.parametrize(
    ("region", "plan", "short"),
    [
        (COUNT, "street", ""),
        (COUNT, "street temple", ""),
        (COUNT, "road", "100 needed, 60 available"),
        (COUNT, "street temple road", "170 needed, 70 available"),
        # 3 + 2.5 - 2 = 3.5 points are enough
        (POINTS, "street temple road", ""),
        (POINTS, "street road", "140 needed, 130 available"),
        # Half of 40 is 20, half of 70 is more than 30.
        (MATCHING, "street", ""),
        (MATCHING, "street temple", ""),
        (MATCHING, "road", "100 needed, 45 available"),
        (MATCHING, "street temple road", "170 needed, 75 available"),
        # What comes in period 1 waits for period 2, as the row of period 1 carries over; period 2 has no row.
        (PHASED, "road:1 street:1", ""),
        (PHASED, "road:1 street:2", ""),
        (PHASED, "road:1 street:3", ""),
        (PHASED, "road:1 temple:1 street:3", ""),
        (PHASED, "road:1 temple:2 street:2", "70 needed, 40 available"),
        (PHASED, "street:3", "40 needed, 0 available"),
    ],
)
def test_money_that_is_unlocked(region, plan, short):
    broken = evaluate(region, chosen(plan), []).broken
    assert len(broken) == bool(short)
    assert all(short in sentence for sentence in broken)


def test_without_budgets_grants_change_nothing():
    region = town(projects=PROJECTS, grants="id kind members threshold fund amount\ntwo count all 1 county 10")
    assert evaluate(region, chosen("road"), []).broken == []
