from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from instances.region import Region
from optimizer.decide.adopted import compare_adopted
from tests.decide.village import PLANS, listing, village


def adopting(*plan: str) -> Region:
    region = village()
    projects = tuple(p.model_copy(update={"adopted": int(p.id in plan)}) for p in region.projects)
    return replace(region, projects=projects)


def test_no_adopted_plan() -> None:
    region = adopting()
    assert compare_adopted(region, listing(region)) is None


def test_a_plan_on_the_front() -> None:
    region = adopting(*PLANS[1])
    found = compare_adopted(region, listing(region))
    assert found is not None
    assert (found.epsilon, found.nearest, found.better, found.feasible) == (0.0, 2, (), True)


def test_a_beaten_plan_knows_by_which_and_in_what() -> None:
    """clinic + school gives growth 2 for 7; clinic + road gives 3.5 for 5.5."""
    region = adopting("clinic", "school")
    found = compare_adopted(region, listing(region))
    assert found is not None
    assert found.values == {"growth": Fraction(2), "cost": Fraction(7)}
    assert [better.portfolio for better in found.better] == [3, 2]
    assert found.better[0].gains == {"growth": Fraction(3, 2), "cost": Fraction(3, 2)}
    assert found.epsilon == pytest.approx(-1.5 / 6.5)
    assert found.nearest == 3


def test_a_plan_that_breaks_a_rule_may_lie_beyond_the_front() -> None:
    region = adopting("clinic", "mine")
    found = compare_adopted(region, listing(region))
    assert found is not None
    assert not found.feasible
    assert len(found.broken) == 1
    assert found.epsilon is not None
    assert found.epsilon > 0
    assert found.better == ()


def test_gains_are_never_negative() -> None:
    region = adopting("clinic", "school")
    found = compare_adopted(region, listing(region))
    assert found is not None
    assert all(min(better.gains.values()) >= 0 < max(better.gains.values()) for better in found.better)


def test_no_portfolio_to_compare_with() -> None:
    region = adopting("clinic")
    found = compare_adopted(region, listing(region, plans=()))
    assert found is not None
    assert (found.epsilon, found.nearest, found.better) == (None, None, ())


def test_plain_types() -> None:
    region = adopting("clinic", "school")
    found = compare_adopted(region, listing(region))
    assert found is not None
    assert found.to_dict()["better"][0] == {"portfolio": 3, "gains": {"growth": "1.5", "cost": "1.5"}}
