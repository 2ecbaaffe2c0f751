"""Random subsets of all mechanisms: the front of small regions equals that of enumerating every plan with the auditor.

500 regions of 1 to 3 periods with 2 to 5 objectives. A normal run tries the first of them; all of them are tried with
``GROWTHRING_REGIONS=500 pytest -n 2 tests/properties/test_mechanisms.py``, or any other number of them.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from instances.generate import MECHANISMS, generate
from instances.region import Region
from instances.settings import Policy
from models import formulate
from optimizer import Status, solve
from tests.brute import brute_force

REGIONS = int(os.environ.get("GROWTHRING_REGIONS", "60"))
BATCH = 5
PERIODS = (1, 1, 2, 3)
PROJECTS = {1: (13, 12, 11, 8), 2: (8, 8, 7, 6), 3: (7, 7, 6, 5)}
"""Periods to the largest number of projects that enumeration bears, with 2, 3, 4 and 5 objectives."""

INDICATORS = {"alike_from", "location_quotient", "newcomer_step", "newcomer_limit", "industry_categories"}
"""Figures of the policy that say what is counted; the others are rules."""
RULES = ("relations", "capacities", "fair_shares", "neighbours")
"""Tables whose rows forbid, and count nothing."""
LOOSER: dict[str, Callable[[Any], dict[str, Any]]] = {
    "budgets": lambda row: {"amount": row.amount * 2},
    "zones": lambda row: {"area": row.area * 2, "one_project": False},
    "sources": lambda row: {"floor": None},
    "services": lambda row: {"advance": None},
    "commitments": lambda row: {"binding": False},
}
"""Tables whose rows count something and forbid something, and how they forbid less."""


def drawn(seed: int) -> dict[str, Any]:
    """What to generate: periods and objectives go through their ranges, the subset is a matter of chance."""
    draw, periods, objectives = Random(seed), PERIODS[seed % 4], 2 + seed // 4 % 4
    most, often = PROJECTS[periods][objectives - 2], draw.choice((0.2, 0.35, 0.5))
    kept = [name for name in MECHANISMS if draw.random() < often]
    return {
        "projects": draw.randint(max(5, most - 2), most),
        "towns": draw.randint(1, 3),
        "periods": periods,
        "seed": seed,
        "objectives": objectives,
        "mechanisms": list(MECHANISMS) if seed % 10 == 0 else kept or [draw.choice(list(MECHANISMS))],
    }


def loosened(region: Region, draw: Random) -> Region:
    """About half of the rules: all of them together leave little to choose from where there are few projects."""

    def perhaps() -> bool:
        return draw.random() < 0.5

    tables: dict[str, Any] = {name: [row for row in getattr(region, name) if perhaps()] for name in RULES}
    for name, looser in LOOSER.items():
        rows = getattr(region, name)
        tables[name] = [row.model_copy(update=looser(row)) if perhaps() else row for row in rows]
    off = {name: f.default for name, f in Policy.model_fields.items() if name not in INDICATORS and perhaps()}
    policy = region.settings.policy.model_copy(update=off)
    settings = region.settings.model_copy(update={"policy": policy})
    return replace(region, settings=settings, **{name: tuple(rows) for name, rows in tables.items()})


@pytest.mark.parametrize("first", range(0, REGIONS, BATCH))
def test_front_equals_enumeration(first: int) -> None:
    for seed in range(first, min(first + BATCH, REGIONS)):
        what = drawn(seed)
        region = loosened(generate(**what), Random(seed))
        problem = formulate(region)
        front = solve(problem)
        truth = brute_force(region, [objective.name for objective in problem.objectives])
        assert front.certificate.status is Status.COMPLETE, what
        assert [tuple(point) for point in front.values] == list(truth), what
        for point, starts in zip(front.values, front.starts, strict=True):
            plan = {project: int(start) for project, start in zip(front.projects, starts, strict=True) if start}
            assert plan in truth[tuple(point)], what


def test_every_mechanism_is_tried_with_and_without_every_other() -> None:
    subsets = [set(drawn(seed)["mechanisms"]) for seed in range(500)]
    for name in MECHANISMS:
        together = [kept for kept in subsets if name in kept]
        for other in set(MECHANISMS) - {name}:
            assert {other in kept for kept in together} == {True, False}
