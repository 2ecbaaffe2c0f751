"""Services worked by hand."""

from __future__ import annotations

import pytest

from optimizer.verify.services import Services
from tests.verify.tables import chosen, town

TABLES = {
    "projects": "id capital_cost\nannex 1\ncampus 1\nclinic 1\ntent 1",
    "towns": "id population\nNorth 1000\nSouth 500\nCamp 0",
    "services": """
        service town  capacity per_head per_newcomer advance
        school  North 91       0.1      0.2          0.25
        clinic  North 9        0.01     0.01         -
        school  South 40       0.1      -            -
        clinic  South 0        0        0.5          0
        homes   Camp  7        2        1            1""",
    "supply": """
        project service town  capacity
        annex   school  North 12
        campus  school  North 35
        clinic  clinic  North 4
        clinic  school  South 15
        tent    homes   Camp  3
        tent    clinic  South 0""",
}
NORTH = town(policy={"newcomer_step": 10, "newcomer_limit": 125}, **TABLES)


@pytest.mark.parametrize(
    ("plan", "expected", "met", "shortfall", "newcomers"),
    [
        # the schools of South lack 10 of 50: two tenths; Camp has 7 homes, but steps of 10 newcomers are too large
        ("", [], 500, 2, 0),
        # 3 school places beyond the need make room for 15, 3 beds for 300: one step
        ("annex clinic", [], 2500 + 500, 0, 10),
        # clinics of North lack 1 of 10, schools of South still 10 of 50
        ("annex", [], 500 + 1000, 2, 0),
        # schools of North lack 9 of 100: one tenth begun
        ("clinic", [], 500 + 500 + 1000, 1, 0),
        (
            "campus",
            ["school in North is built up from 91 to 126, 125 is the need and its advance"],
            500 + 1000,
            2,
            0,
        ),
        # nobody lives in Camp, so whatever is built there goes too far; 0 is added to the clinics of South
        ("tent", ["homes in Camp is built up from 7 to 10, 0 is the need and its advance"], 500, 2, 10),
    ],
)
def test_services(plan, expected, met, shortfall, newcomers):
    services = Services(NORTH)
    assert list(services.broken(chosen(plan))) == [f"services: advance: {words}" for words in expected]
    values = services.indicators(chosen(plan))
    assert values == {"service_met": met, "worst_shortfall": shortfall, "newcomers": newcomers}


@pytest.mark.parametrize(
    ("policy", "newcomers"),
    [
        ({"newcomer_step": 1, "newcomer_limit": 125}, 7 + 15),  # a step a head: 7 in Camp, 15 in North
        ({"newcomer_step": 1, "newcomer_limit": 9}, 7 + 9),  # no town takes more than 9
        ({"newcomer_step": "2.5", "newcomer_limit": 9}, 5 + 7.5),
        ({}, 0),
    ],
)
def test_newcomers_come_in_whole_steps_up_to_the_limit(policy, newcomers):
    services = Services(town(policy=policy, **TABLES))
    assert services.indicators(chosen("annex clinic"))["newcomers"] == newcomers
