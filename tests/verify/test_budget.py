"""Budgets worked by hand: durations, tails, shares, several funds, carry-over."""

from __future__ import annotations

from fractions import Fraction

import networkx as nx
import numpy as np
import pytest

from optimizer.verify.budget import Budget
from optimizer.verify.transport import shortfalls
from tests.verify.tables import chosen, town

ONE_FUND = town(
    projects="""
        id   capital_cost
        road 700
        park 620
        well 500""",
    budgets="""
        fund   amount
        county 1200""",
)
PHASED = town(
    periods=3,
    projects="""
        id   capital_cost operating_cost duration public_share
        road 600          0              2        0.5
        park 100          30             1        1
        hall 10           -              3        1""",
    budgets="""
        fund   period amount
        county 1      150
        county 2      180
        county 3      60""",
)
SAVED = town(
    periods=3,
    projects="""
        id   capital_cost
        road 250
        park 100""",
    budgets="""
        fund   period amount carry_over
        county 1      100    yes
        county 2      100    no
        county 3      120    yes""",
)
GAP = town(
    periods=3,
    projects="""
        id   capital_cost
        road 100""",
    budgets="""
        fund   period amount carry_over
        county 1      100    yes
        county 3      0      yes""",
)
SHARED = town(
    projects="""
        id     category capital_cost
        road   road     60
        bridge road     40
        wharf  heritage 50
        inn    tourism  5
        mixed  road|heritage 30""",
    budgets="""
        fund     amount categories
        county   80     road
        culture  30     heritage
        province 40     road|heritage""",
)
SHIFTED = town(
    periods=2,
    projects="""
        id     category capital_cost
        road   road     50
        wharf  heritage 50""",
    budgets="""
        fund     period amount carry_over categories
        county   1      50     yes        road|heritage
        culture  1      0      no         heritage
        culture  2      50     no         heritage""",
)
CASES = [
    (ONE_FUND, "road", []),
    (ONE_FUND, "road well", []),
    (ONE_FUND, "road park", ["budget: fund county, period 1: 1,320 needed, 1,200 available (120 too much)"]),
    # 600 · 0.5 / 2 = 150 in each of two periods; the park's 30 run from period 2 on.
    (PHASED, "road:1", []),
    (PHASED, "road:1 park:3", ["budget: fund county, period 3: 100 needed, 60 available (40 too much)"]),
    (PHASED, "road:1 park:1", ["budget: fund county, period 1: 250 needed, 150 available (100 too much)"]),
    (PHASED, "park:1", []),
    (PHASED, "road:2", ["budget: fund county, period 3: 150 needed, 60 available (90 too much)"]),
    (PHASED, "road:1 hall:1", ["budget: fund county, period 1: 460/3 needed, 150 available (10/3 too much)"]),
    # What is left of period 1 passes to period 2, but not to period 3.
    (SAVED, "park:2", []),
    (SAVED, "road:2", ["budget: fund county, period 2: 250 needed, 200 available (50 too much)"]),
    (SAVED, "park:1 road:2", ["budget: fund county, periods 1 to 2: 350 needed, 200 available (150 too much)"]),
    (SAVED, "road:3", ["budget: fund county, period 3: 250 needed, 120 available (130 too much)"]),
    (GAP, "road:1", []),
    (GAP, "road:2", []),
    # There is no row for period 2, so nothing passes from it to period 3.
    (GAP, "road:3", ["budget: fund county, period 3: 100 needed, 0 available (100 too much)"]),
    (SHARED, "road wharf", []),
    (SHARED, "road bridge", []),
    (
        SHARED,
        "road bridge wharf",
        [],
    ),
    (
        SHARED,
        "road bridge wharf mixed",
        ["budget: funds county, culture and province, period 1: 180 needed, 150 available (30 too much)"],
    ),
    (SHARED, "inn", ["budget: no fund may pay, period 1: 5 needed, 0 available (5 too much)"]),
    # County money of period 1 can wait for either project, culture's of period 2 pays for the wharf only.
    (SHIFTED, "road:2 wharf:2", []),
    (SHIFTED, "road:1 wharf:2", []),
    (
        SHIFTED,
        "road:1 wharf:1",
        ["budget: funds county and culture, period 1: 100 needed, 50 available (50 too much)"],
    ),
]


@pytest.mark.parametrize(("region", "plan", "expected"), CASES)
def test_money(region, plan, expected):
    assert list(Budget(region).broken(chosen(plan))) == expected


def test_without_budgets_everything_can_be_paid():
    free = town(projects="id capital_cost\nroad 700")
    assert list(Budget(free).broken({"road": 1})) == []


def test_two_separate_shortages_are_two_sentences():
    region = town(
        projects="id category capital_cost\nroad road 9\ninn tourism 8",
        budgets="fund amount categories\ncounty 7 road\nculture 7 tourism",
    )
    assert list(Budget(region).broken(chosen("road inn"))) == [
        "budget: fund county, period 1: 9 needed, 7 available (2 too much)",
        "budget: fund culture, period 1: 8 needed, 7 available (1 too much)",
    ]


@pytest.mark.parametrize("seed", range(200))
def test_transport_against_network_flow(seed):
    random = np.random.default_rng(seed)
    needs = random.integers(0, 12, random.integers(1, 7)).tolist()
    money = random.integers(0, 12, random.integers(1, 6)).tolist()
    may_pay = [np.flatnonzero(random.random(len(money)) < 0.45).tolist() for _ in needs]
    network = nx.DiGraph()
    network.add_nodes_from(["source", "sink"])
    for i, need in enumerate(needs):
        network.add_edge("source", ("need", i), capacity=need)
        for j in may_pay[i]:
            network.add_edge(("need", i), ("money", j))
    for j, amount in enumerate(money):
        network.add_edge(("money", j), "sink", capacity=amount)
    paid = nx.maximum_flow_value(network, "source", "sink")
    found = shortfalls(needs, money, may_pay)
    lacking = [sum(needs[i] for i in s.needs) - sum(money[j] for j in s.money) for s in found]
    assert all(lack > 0 for lack in lacking)
    assert all({j for i in s.needs for j in may_pay[i]} == set(s.money) for s in found)
    assert bool(found) == (paid < sum(needs))
    pots = {j for s in found for j in s.money}
    everyone = {i for s in found for i in s.needs}
    assert sum(needs[i] for i in everyone) - sum(money[j] for j in pots) == sum(needs) - paid


def test_figures_are_not_rounded():
    region = town(
        projects="id capital_cost duration\nroad 100 3", periods=3, budgets="fund amount\ncounty 33.333333333333333"
    )
    (sentence,) = (s for s in Budget(region).broken({"road": 1}) if "period 1" in s)
    assert "100/3 needed" in sentence
    assert Fraction(100, 3) > Fraction("33.333333333333333")
