"""Random tables of the road network and of by-product chains, for tiny towns."""

from __future__ import annotations

from instances.schema import Byproduct, Exchange, Footprint, Link, Node, Trip, Zone
from instances.settings import Goal, Policy


def network(draw, ids, kinds, periods):
    """Up to three nodes off the trunk network, each with an old road if it has people, and up to five new links."""
    names = [f"N{i}" for i in range(draw.randint(1, 3))]
    nodes = [Node(id="J", trunk=True)]
    if draw.random() < 0.5:
        nodes.append(Node(id="K", trunk=True, people=5, trips=3))
    trunk = [node.id for node in nodes]
    links = []
    for n, name in enumerate(names):
        people = draw.choice((0, 10, "2.5", 7))
        nodes.append(Node(id=name, people=people, trips=draw.choice((0, 0, 0, 2, "1.5"))))
        if people:
            end = draw.choice([*trunk, *(node.id for node in nodes[len(trunk) : -1] if node.people)])
            minutes = draw.choice((20, "12.5", 9, 30))
            links.append(
                Link(id=f"L{n}", start=name, end=end, minutes=minutes, capacity=draw.choice((None, 3, 5, "7.5")))
            )
    everywhere = [node.id for node in nodes]
    for k in range(draw.randint(1, 5)):
        start, end = draw.sample(everywhere, 2)
        links.append(
            Link(
                id=f"X{k}",
                start=start,
                end=end,
                minutes=draw.choice((1, 2, 5, "7.5", 10, 4)),
                capacity=draw.choice((None, 0, 1, 4, 6)),
                project=draw.choice([*ids, *ids, ""]),
            )
        )
    trips = [
        Trip(project=p, node=node, trips=draw.choice((0, 1, "2.5", 4)))
        for p in ids
        for node in everywhere
        if draw.random() < 0.3
    ]
    return {"nodes": nodes, "links": links, "trips": trips, "goals": _goals(draw, "travel_time")}


def symbiosis(draw, ids, kinds, periods):
    """By-products, exchanges whether they can be filled or not, and land in a park and outside."""
    byproducts = [
        Byproduct(project=p, material=m, tonnes=draw.choice((0, 1, "2.5", 4)))
        for p in ids
        for m in ("ash", "heat")
        if draw.random() < 0.5
    ]
    exchanges = [
        Exchange(
            source=p, target=q, material=m, tonnes=draw.choice((0, 1, "0.5", 2)), saving=draw.choice((0, 1, "2.5", 4))
        )
        for p in ids
        for q in ids
        for m in ("ash", "heat")
        if p != q and draw.random() < 0.3
    ]
    zones = [Zone(id="E", town="A", kind="eco_park", area=2), Zone(id="B", town="A", kind="built", area=20)]
    footprints = [
        Footprint(project=p, zone=zone, hectares=draw.choice((0, 1)))
        for p in ids
        for zone in "EB"
        if draw.random() < 0.6
    ]
    return {
        "byproducts": byproducts,
        "exchanges": exchanges,
        "zones": zones,
        "footprints": footprints,
        "policy": Policy(closed_chain=draw.choice((None, "0.5", "0.3")), park_only=draw.choice(((), (kinds[0],)))),
        "goals": _goals(draw, "exchange_saving"),
    }


def _goals(draw, indicator):
    sense = draw.choice(("maximize", "minimize"))
    return {"growth": Goal(maximize={"value_added": 1}), indicator: Goal(**{sense: {indicator: draw.choice((1, 2))}})}
