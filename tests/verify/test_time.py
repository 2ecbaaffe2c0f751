"""Years of service, order in time and running cost, worked by hand."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from instances.settings import Settings
from optimizer.verify import evaluate
from optimizer.verify.effects import places_of
from optimizer.verify.plan import Choice
from optimizer.verify.relations import Relations
from optimizer.verify.time import Time
from tests.verify.tables import chosen, town

SERVING = town(
    periods=3,
    projects="""
        id     capital_cost duration
        road   1            1
        bridge 1            3
        park   1            1""",
    effects="""
        project indicator value yearly
        road    visitors  100   yes
        bridge  visitors  2.50  yes
        park    visitors  7     no
        road    noise     -0.25 yes""",
)


def discounted(rate, tail):
    settings = SERVING.settings.model_dump() | {"discount_rate": rate, "tail_periods": tail}
    return type(SERVING)(Settings.model_validate(settings), **SERVING.tables)


@pytest.mark.parametrize(
    ("rate", "tail", "plan", "visitors"),
    [
        # The road of period 1 serves in 2 and 3, the park counts once.
        (0, 0, "road park", 207),
        (0, 0, "road:3", 0),
        (0, 2, "road:3", 200),
        (0, 0, "bridge", 0),
        (0, 1, "bridge", Fraction(5, 2)),
        # 100 / 1.1 + 100 / 1.21 = 173.55
        ("0.1", 0, "road", 174),
        ("0.1", 0, "road:2", 83),
        # 2.5 / 1.331 + 2.5 / 1.4641 = 3.586, with the one decimal of 2.50
        ("0.1", 2, "bridge", Fraction(36, 10)),
        # 100 / 8 = 12.5 is rounded up
        (1, 1, "road:3", 13),
        (1, 0, "road:2", 25),
    ],
)
def test_what_comes_each_year(rate, tail, plan, visitors):
    assert Choice(discounted(rate, tail)).indicators(chosen(plan))["visitors"] == visitors


def test_a_half_is_rounded_away_from_zero_and_each_effect_by_itself():
    # -0.25 / 2 - 0.25 / 4 = -0.1875 is -0.19; -0.25 / 4 = -0.0625 is -0.06.
    region = discounted(1, 0)
    assert Choice(region).indicators({"road": 1})["noise"] == Fraction(-19, 100)
    assert Choice(region).indicators({"road": 2})["noise"] == Fraction(-6, 100)
    half = town(
        periods=2,
        projects="id capital_cost\na 1\nb 1",
        effects="project indicator value yearly\na x -1 yes\nb x -1 yes",
    )
    settings = half.settings.model_copy(update={"discount_rate": Decimal(1)})
    assert Choice(type(half)(settings, **half.tables)).indicators({"a": 1, "b": 1})["x"] == -2


def test_decimals():
    assert [places_of(e.value) for e in SERVING.effects] == [0, 1, 0, 2]


AFTER = town(
    periods=4,
    projects="""
        id     capital_cost duration
        mall   1            1
        road   1            2
        bus    1            1""",
    relations="""
        id    kind  members
        order after mall|road|bus""",
)


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        ("", []),
        ("road:3", []),
        ("mall:3 road:1 bus:2", []),
        ("mall:4 road:1 bus:1", []),
        ("mall:3 road:1", ["relations: order: mall is chosen without bus"]),
        ("mall:3 road:1 bus:3", ["relations: order: mall starts in period 3, but bus can be used from 4 on"]),
        ("mall:2 road:2 bus:2", ["relations: order: mall starts in period 2, but road and bus can be used from 4 on"]),
    ],
)
def test_order_in_time(plan, expected):
    assert list(Relations(AFTER).broken(chosen(plan))) == expected


def test_what_runs_after_the_last_period():
    region = town(
        periods=2,
        policy={"operating_tail_limit": "1.5"},
        projects="""
            id   capital_cost operating_cost public_share
            road 1            1              1
            park 1            1              0.5
            pool 1            0.25           1""",
    )
    assert list(Time(region).broken(chosen("road:2 park:1"))) == []
    assert evaluate(region, chosen("road:2 park:1 pool:1"), []).broken == [
        "time: operating_tail_limit: 1.75 a period after the last one, 1.5 allowed"
    ]
