"""How money that depends on the plan is written down."""

from __future__ import annotations

import pytest

from instances.schema import Budget, Grant, Relation
from models import formulate
from tests.models.test_mechanisms import check_every_plan
from tests.models.towns import effects, rows, town


def matching(count, amount="0.75", rate="0.5"):
    return town(
        "a",
        "b",
        "c",
        effects=effects(a=1, b=2, c=3),
        budgets=rows(Budget, ("county", 1, "0.5")),
        grants=[
            Grant(id=f"G{n}", kind="matching", members="all", rate=rate, fund="county", amount=amount)
            for n in range(count)
        ],
    )


@pytest.mark.parametrize(("count", "columns", "budget"), [(1, 3, 2), (2, 3, 4), (3, 3, 8), (4, 7, 1)])
def test_matching_grants_double_the_row_until_columns_are_fewer(count, columns, budget):
    problem = formulate(matching(count))
    assert len(problem.columns) == columns
    assert sum(name.startswith("budget[") for name in problem.rows) <= budget
    assert bool((~problem.integer).any()) == (columns > 3)
    assert check_every_plan(matching(count)) > 0


def test_an_amount_that_no_plan_uses_up_needs_no_row():
    assert formulate(matching(1, amount=2)).rows == ("budget[county]",)


def test_a_rate_that_pays_for_everything_needs_no_row():
    assert formulate(matching(1, amount=3, rate=1)).rows == ()


@pytest.mark.parametrize(("kind", "missing"), [("matching", "rate"), ("count", "threshold"), ("points", "threshold")])
def test_what_a_grant_needs_is_told(kind, missing):
    region = town(
        "a",
        budgets=rows(Budget, ("county", 1, 0)),
        grants=[Grant(id="G", kind=kind, members="a", indicator="value_added", fund="county", amount=1)],
    )
    with pytest.raises(ValueError, match=f"grants G: a grant of kind {kind} needs a {missing}"):
        formulate(region)


def test_grants_without_budgets_write_nothing():
    region = town("a", effects=effects(a=1), grants=matching(1).grants)
    assert formulate(region).rows == ()


def test_order_in_time_has_no_row_that_the_next_one_implies():
    region = town("a", "b", periods=3, effects=effects(a=1), relations=rows(Relation, ("order", "after", "a | b")))
    late = region.project["b"].model_copy(update={"latest_start": 1})
    waiting = type(region)(region.settings, (region.project["a"], late), region.effects, relations=region.relations)
    assert [name for name in formulate(waiting).rows if name.startswith("relations")] == [
        "relations[order, by 1]",
        "relations[order, by 3]",
    ]
    assert check_every_plan(waiting) == 2 + 2
