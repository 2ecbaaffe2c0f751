"""Each mechanism writes exactly the rows and columns of its golden file.

After a wanted change run ``GROWTHRING_GOLDEN=write pytest tests/models/test_golden.py`` and review the difference.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from instances.schema import Budget, Project
from instances.settings import Policy
from models import formulate
from models.mechanisms import MECHANISMS
from tests.models.listing import listing
from tests.models.towns import EXAMPLES, effects, rows, town

GOLDEN = Path(__file__).parent / "golden"
FUNDS = {"county": "works", "ministry": "schools"}
PLAIN = town("mill", "inn", effects=effects(mill=2, inn=1))
SHARED = town(
    Project(id="bridge", capital_cost=4, category="works"),
    Project(id="school", capital_cost=3, operating_cost="0.5", category="works | schools"),
    Project(id="desks", capital_cost=2, category="schools"),
    periods=4,
    effects=effects(bridge=4, school=3, desks=1),
    budgets=rows(Budget, *((fund, t, 1, True, kind) for fund, kind in FUNDS.items() for t in (1, 2, 3, 4))),
)
BORNE = town(
    Project(id="road", capital_cost=3, cost_high=5),
    Project(id="school", capital_cost=4, cost_high=5, public_share="0.5"),
    Project(id="park", capital_cost=1),
    effects=effects(road=7, school=3, park=1),
    budgets=rows(Budget, ("county", 1, 6)),
    policy=Policy(overruns_borne=1),
)
TOWNS = {**EXAMPLES, "plain": PLAIN, "budget_shared": SHARED, "budget_borne": BORNE}


@pytest.mark.parametrize("name", TOWNS)
def test_golden(name):
    text = listing(formulate(TOWNS[name]))
    file = GOLDEN / f"{name}.lp"
    if os.environ.get("GROWTHRING_GOLDEN") == "write":
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")


def test_every_mechanism_has_a_golden_file():
    names = {mechanism.__name__.rpartition(".")[2] for mechanism in MECHANISMS}
    assert names == set(EXAMPLES)
    assert {file.stem for file in GOLDEN.glob("*.lp")} == set(TOWNS)


def test_projects_and_effects_alone_make_no_rows():
    problem = formulate(PLAIN)
    assert problem.rows == ()
    assert problem.columns == ("start[mill,1]", "start[inn,1]")
