"""Groups of money, against the theorem that asks for all of them."""

from __future__ import annotations

from itertools import combinations

import pytest

from instances.schema import Budget, Project
from models.funds import Demand, Funds
from tests.models.random_towns import random_town
from tests.models.towns import rows, town

CARRYING = town(
    "a",
    periods=4,
    budgets=rows(Budget, ("county", 1, 5, True), ("county", 2, 5), ("county", 3, 5, True), ("town", 2, 1, True, "x")),
)


def test_money_carries_over_while_every_row_says_so():
    funds = Funds.of(CARRYING)
    assert [funds.run("county", t) for t in (1, 2, 3, 4)] == [range(1, 2), range(1, 3), range(3, 4), range(3, 5)]
    assert funds.amount(("county", t) for t in funds.run("county", 4)) == 5


def test_words():
    funds = Funds.of(CARRYING)
    group = (
        funds.reach(Demand(2, ("county",))) | funds.reach(Demand(4, ("county",))) | funds.reach(Demand(2, ("town",)))
    )
    assert funds.words(group) == "county,through 2 + county,3 through 4 + town,in 2"


def test_payers():
    funds = Funds.of(CARRYING)
    assert funds.payers(Project(id="p", capital_cost=1, category="x")) == ("county", "town")
    assert funds.payers(Project(id="p", capital_cost=1)) == ("county",)


@pytest.mark.parametrize("seed", range(8))
def test_every_other_group_is_a_sum_of_these(seed):
    region = random_town("budget", seed)
    funds = Funds.of(region)
    payers = {funds.payers(p) for p in region.projects} - {()}
    demands = [Demand(t, names) for t in range(1, region.periods + 1) for names in payers]
    groups = funds.groups(demands, most=10_000)
    for size in (1, 2, 3):
        for chosen in combinations(demands, size):
            union = frozenset().union(*map(funds.reach, chosen))
            parts = [g for g in groups if g <= union]
            largest = [g for g in parts if not any(g < other for other in parts)]
            assert frozenset().union(*largest) == union
            assert sum(map(len, largest)) == len(union), "the parts share no money"


def test_too_many_groups_are_not_counted_to_the_end():
    funds = Funds.of(CARRYING)
    demands = [Demand(t, ("county",)) for t in (1, 2, 3, 4)]
    assert len(funds.groups(demands, most=4)) == 4
    assert funds.groups(demands, most=3) is None
