"""Promises kept, moved and dropped, worked by hand."""

from __future__ import annotations

import pytest

from instances.settings import Goal
from optimizer.verify import evaluate
from optimizer.verify.commitments import Commitments
from tests.verify.tables import chosen, town

PROMISED = town(
    periods=2,
    projects="""
        id     capital_cost adopted
        school 1            2
        road   1            0
        inn    1            1
        well   1            -""",
    commitments="""
        project period binding drop_charge move_charge
        school  2      yes     -           -
        road    1      no      5           1.5
        inn     2      no      2           -""",
    objectives={"trust": Goal(minimize={"break_charge": 2, "changes": "0.5"})},
)


@pytest.mark.parametrize(
    ("plan", "charge", "changes", "broken"),
    [
        ("school:2 inn:1", 5, 0, []),
        ("school:2 inn:2 road:1", 0, 2, []),
        ("school:2 road:2", 3.5, 2, []),
        ("school:2 inn:1 well:1", 5, 1, []),
        ("", 7, 2, ["commitments: school is promised for period 2, but is not chosen"]),
        ("school:1", 7, 2, ["commitments: school is promised for period 2, but starts in period 1"]),
    ],
)
def test_promises(plan, charge, changes, broken):
    found = Commitments(PROMISED)
    assert found.indicators(chosen(plan)) == {"break_charge": charge, "changes": changes}
    assert list(found.broken(chosen(plan))) == broken
    assert evaluate(PROMISED, chosen(plan), ["trust"]).values == {"trust": 2 * charge + changes / 2}


def test_where_nothing_was_adopted_nothing_changes():
    region = town(projects="id capital_cost\nroad 1")
    assert Commitments(region).indicators({"road": 1}) == {"break_charge": 0, "changes": 0}
