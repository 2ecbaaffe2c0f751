"""Network and symbiosis worked by hand, and judged like the model on random towns."""

from __future__ import annotations

from random import Random

import pytest

from instances.generate import generate
from instances.settings import Policy
from optimizer.verify import Auditor
from optimizer.verify.flow import stranded
from optimizer.verify.network import Network
from optimizer.verify.symbiosis import Symbiosis
from tests.brute import plans
from tests.models import random_links
from tests.models.towns import effects
from tests.models.towns import town as model_town
from tests.verify.tables import chosen, town
from tests.verify.test_agrees_with_models import disagreements, sample

ROADS = town(
    projects="id capital_cost\nbypass 1\nbridge 1\nworks 1\nplant 1",
    nodes="""
        id       trunk people trips
        junction yes   7      9
        North    -     100    4
        South    -     40     -
        isle     -     -      -""",
    links="""
        id    start end      minutes capacity project
        old   North junction 20      9        -
        lane  South North    10      -        -
        fast  North junction 12.5    6        bypass
        span  South junction 15      3        bridge
        ferry isle  South    30      1        bridge""",
    trips="""
        project node     trips
        works   South    6.5
        plant   isle     2
        bypass  junction 50""",
)


@pytest.mark.parametrize(
    ("plan", "expected", "minutes"),
    [
        ("", [], 100 * 20 + 40 * 30),
        ("bypass", [], 1250 + 900),
        ("bridge", [], 2000 + 600),
        (
            "works",
            ["network: 10.5 trips a day start at North and South, the links that lead on from there carry 9"],
            3200,
        ),
        ("works bypass", [], 2150),
        ("works bridge", [], 2600),
        # both directions of a link share its capacity, and what is not built carries nothing
        ("plant", ["network: 2 trips a day start at isle, the links that lead on from there carry 0"], 3200),
        ("plant bridge", ["network: 2 trips a day start at isle, the links that lead on from there carry 1"], 2600),
    ],
)
def test_network(plan, expected, minutes):
    network = Network(ROADS)
    assert list(network.broken(chosen(plan))) == expected
    assert network.indicators(chosen(plan)) == {"travel_time": minutes}


def test_without_capacities_trips_ask_for_nothing():
    region = town(
        projects="id capital_cost\nplant 1",
        nodes="id trunk\njunction yes\nisle -",
        links="id start end minutes project\nferry isle junction 30 plant",
        trips="project node trips\nplant isle 2",
    )
    assert list(Network(region).broken(chosen("plant"))) == []


def test_people_without_a_way_have_no_travel_time():
    region = town(projects="id capital_cost\nplant 1", nodes="id trunk people\njunction yes -\nisle - 2")
    with pytest.raises(ValueError, match="the people of node isle have no way to a trunk node"):
        Network(region).indicators({})


def test_trips_turn_back_where_another_way_is_full():
    links = [("a", "b", 5), ("a", "c", 5), ("b", "c", 9), ("b", "out", 3), ("c", "out", 6)]
    assert stranded({"a": 9}, links, {"out"}) == frozenset()
    assert stranded({"a": 10}, links, {"out"}) == {"a", "b", "c"}
    assert stranded({"a": 4, "c": 6}, links, {"out"}) == {"a", "b", "c"}
    assert stranded({"out": 4}, [], {"out"}) == frozenset()


CHAIN = town(
    policy={"closed_chain": "0.5", "park_only": ["industry"]},
    projects="id category capital_cost\nsalt industry 1\nbrine industry 1\nkiln industry 1\nfarm food 1",
    towns="id\nT",
    zones="id town kind area\npark T eco_park 5\nfield T arable 5",
    footprints="project zone hectares\nsalt park 1\nbrine park 2\nkiln park 0\nkiln field 2",
    byproducts="project material tonnes\nsalt brine 10\nsalt heat 6\nkiln ash 4",
    exchanges="""
        source target material tonnes saving
        salt   brine  brine    7      3
        salt   farm   heat     2.5    0.5
        salt   farm   brine    3      1""",
)


@pytest.mark.parametrize(
    ("plan", "expected", "saving"),
    [
        ("", [], 0),
        ("brine farm", [], 0),
        ("salt", ["symbiosis: closed_chain: 0 of 16 t of by-products find a taker, at least 8 t must"], 0),
        ("salt brine", ["symbiosis: closed_chain: 7 of 16 t of by-products find a taker, at least 8 t must"], 3),
        ("salt farm", ["symbiosis: closed_chain: 5.5 of 16 t of by-products find a taker, at least 8 t must"], 1.5),
        ("salt brine farm", [], 4.5),
        (
            "kiln",
            [
                "symbiosis: park_only: kiln is of category industry and has no land in an eco_park",
                "symbiosis: closed_chain: 0 of 4 t of by-products find a taker, at least 2 t must",
            ],
            0,
        ),
    ],
)
def test_symbiosis(plan, expected, saving):
    symbiosis = Symbiosis(CHAIN)
    assert list(symbiosis.broken(chosen(plan))) == expected
    assert symbiosis.indicators(chosen(plan)) == {"exchange_saving": saving}


@pytest.mark.parametrize("seed", range(60))
def test_every_plan_of_wild_towns(seed):
    draw, ids = Random(seed), [f"P{i}" for i in range(5)]
    parts = [random_links.network, random_links.symbiosis]
    tables, goals, policy = {"effects": effects(**{p: draw.randint(-3, 9) for p in ids})}, {}, Policy()
    for part in parts[seed % 2 :] if seed % 3 else parts:
        drawn = part(draw, ids, ["ovens"], 1)
        goals |= drawn.pop("goals")
        policy = drawn.pop("policy", policy)
        tables |= drawn
    region = model_town(*ids, goals=goals, policy=policy, **tables)
    assert disagreements(region, plans(region)) == []


@pytest.mark.parametrize("seed", range(12))
def test_some_plans_of_generated_regions(seed):
    kept = (["network"], ["symbiosis"], None)[seed % 3]
    region = generate(10, 3, 1 + seed % 2, seed, 6, kept)
    assert disagreements(region, sample(region, 30, seed)) == []


@pytest.mark.parametrize("mechanism", ["network", "symbiosis"])
def test_rules_bite_in_generated_regions(mechanism):
    region = generate(20, 3, 1, 5, mechanisms=[mechanism])
    words = [line for plan in sample(region, 60, 5) for line in Auditor(region).broken(plan)]
    assert any(line.startswith(mechanism) for line in words)
