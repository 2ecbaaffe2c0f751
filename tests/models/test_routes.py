"""Routes worth taking: held against every set of projects and its shortest path."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import chain, combinations

import pytest

from instances.schema import Link, Node
from models import formulate
from models.routes import routes
from tests.models import naive_links, random_links
from tests.models.towns import rows, town


@pytest.mark.parametrize("seed", range(40))
def test_each_choice_of_projects_has_its_fastest_route(seed):
    ids = ["P1", "P2", "P3", "P4"]
    region = town(*ids, **random_links.network(random.Random(seed), ids, [], 1))
    found = routes(region, ids)
    people = {node.id: Fraction(node.people) for node in region.nodes}
    for plan in map(set, chain.from_iterable(combinations(ids, n) for n in range(5))):
        fastest = {node: min(r.minutes for r in known if r.projects <= plan) for node, known in found.items()}
        naive = sum(value for name, value in naive_links.indicators(region, plan) if name == "travel_time")
        assert sum(people[node] * minutes for node, minutes in fastest.items()) == naive


@pytest.mark.parametrize("seed", range(40))
def test_no_route_is_needless(seed):
    ids = ["P1", "P2", "P3", "P4"]
    region = town(*ids, **random_links.network(random.Random(seed), ids, [], 1))
    for known in routes(region, ids).values():
        assert [r.minutes for r in known] == sorted(r.minutes for r in known)
        assert known[-1].projects == frozenset()
        for n, route in enumerate(known):
            assert not any(faster.projects <= route.projects for faster in known[:n])


def test_a_project_that_cannot_start_builds_no_road():
    nodes = rows(Node, ("junction", "", True), ("home", "", False, 5))
    links = rows(Link, ("old", "home", "junction", 9), ("new", "home", "junction", 4, None, "road"))
    region = town("road", nodes=nodes, links=links)
    assert [r.minutes for r in routes(region, [])["home"]] == [9]
    assert [r.minutes for r in routes(region, ["road"])["home"]] == [4, 9]


def test_what_nobody_gains_by_is_not_searched():
    """Ladders of a thousand routes that lead to a node without people, or that are slower than the old road."""
    ids = [f"P{n}" for n in range(20)]
    nodes = [Node(id="junction", trunk=True), Node(id="home", people=1), *(Node(id=f"N{n}") for n in range(21))]
    links = [
        Link(id="old", start="home", end="junction", minutes=9),
        Link(id="foot", start="N0", end="junction", minutes=5),
    ]
    for n, project in enumerate(ids):
        ends = {"start": f"N{n}", "end": f"N{n + 1}"}
        links += [Link(id=f"old {n}", minutes=2, **ends), Link(id=f"new {n}", minutes=1, project=project, **ends)]
    region = town(*ids, nodes=nodes, links=links)
    assert len(routes(region, ids)["home"]) == 1


def test_too_many_routes_are_an_error():
    ids = [f"P{n}" for n in range(20)]
    nodes = [Node(id="N0", trunk=True), *(Node(id=f"N{n}", people=1) for n in range(1, 21))]
    links = []
    for n, project in enumerate(ids):
        ends = {"start": f"N{n}", "end": f"N{n + 1}"}
        links += [Link(id=f"old {n}", minutes=2, **ends), Link(id=f"new {n}", minutes=1, project=project, **ends)]
    with pytest.raises(ValueError, match=r"network: more than 200 routes from node N\d+ are worth taking; leave out"):
        routes(town(*ids, nodes=nodes, links=links), ids)


def test_people_who_cannot_travel_are_an_error():
    region = town("road", nodes=rows(Node, ("junction", "", True), ("home", "", False, 5)))
    with pytest.raises(ValueError, match="node home has people, but no existing links lead"):
        routes(region, ["road"])


def test_travel_time_that_nobody_asks_for_is_not_written():
    nodes = rows(Node, ("junction", "", True), ("home", "", False, 5))
    links = rows(Link, ("old", "home", "junction", 9), ("new", "home", "junction", 4, None, "road"))
    assert formulate(town("road", nodes=nodes, links=links)).rows == ()
