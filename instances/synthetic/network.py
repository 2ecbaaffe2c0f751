"""The road network of a synthetic region: an old road from town to town, and what projects would build beside it."""

from __future__ import annotations

from decimal import Decimal

from instances import schema
from instances.synthetic.draft import Draft, Drawn, group, limit, percents, root, stream

__all__ = ["network"]

CHAIN = 3
"""Towns on one road to the trunk network."""
BUILDERS = 2
"""Projects of a town that build a link, at most: with more, ways to the trunk network multiply."""


def network(draft: Draft) -> Drawn:
    """Old roads of three towns each to a trunk road, wide enough for today's traffic and for what the plan brings.

    Up to two projects of a town build a faster road to the next town, and one of its own to the trunk road.
    """
    rng = stream(draft.seed, "network")
    draws = percents(rng, len(draft.towns), 4)
    nodes: list[schema.Row] = []
    links: list[schema.Row] = []
    today: dict[str, Decimal] = {}
    for g, (town, (travelling, long, _, _)) in enumerate(zip(draft.towns, draws, strict=True)):
        if g % CHAIN == 0:
            nodes.append(schema.Node(id=_trunk(g), trunk=True))
        people = Decimal(int(town.population) * (2 + travelling % 4) // 1000 * 10)
        today[_node(draft, g)] = Decimal(int(people) * (20 + long) // 100)
        nodes.append(schema.Node(id=_node(draft, g), town=town.id, people=people, trips=today[_node(draft, g)]))
    brought = _brought(draft)
    for g, (_, long, faster, wide) in enumerate(draws):
        behind = [_node(draft, k) for k in range(g, min(len(draws), g - g % CHAIN + CHAIN))]
        uses = [(t.project, t.trips) for t in brought if t.node in behind]
        capacity = sum((today[node] for node in behind), Decimal(0)) + limit(draft, uses, 10)
        minutes = Decimal(12 + long // 3)
        links.append(
            schema.Link(id=f"old road {g + 1}", start=_node(draft, g), end=_next(draft, g), minutes=minutes,
                        capacity=capacity)
        )  # fmt: skip
        for turn, project in enumerate(_builders(draft, draft.towns[g].id)):
            straight = turn == 1 or g % CHAIN == 0
            share = 40 + (faster if turn == 0 else wide) * 2 // 5
            links.append(
                schema.Link(
                    id=f"{'ring' if turn else 'new'} road {g + 1}",
                    start=_node(draft, g),
                    end=_trunk(g) if straight else _next(draft, g),
                    minutes=minutes * (1 + g % CHAIN if turn else 1) * share / 100,
                    capacity=None if wide < 20 else Decimal(int(capacity) * (20 + wide) // 100),
                    project=project.id,
                )
            )
    return Drawn(
        {"nodes": nodes, "links": links, "trips": list(brought)},
        weights={"livability": {"travel_time": Decimal("-0.01")}},
    )


def _node(draft: Draft, g: int) -> str:
    return f"{draft.towns[g].id} square"


def _trunk(g: int) -> str:
    return f"junction {g // CHAIN + 1}"


def _next(draft: Draft, g: int) -> str:
    """Where the old road of a town leads: to the town before it in the chain, or to the trunk road."""
    return _node(draft, g - 1) if g % CHAIN else _trunk(g)


def _builders(draft: Draft, town: str) -> list[schema.Project]:
    """Road projects of the town, or, where there are few projects, any that are for growth."""
    here = [p for p in draft.projects if p.town == town]
    roads = [p for p in here if "roads" in p.category]
    if len(roads) < BUILDERS and draft.small:
        roads += [p for p in here if group(p) == "growth" and p not in roads]
    return (roads or here)[:BUILDERS]


def _brought(draft: Draft) -> list[schema.Trip]:
    """Traffic to what is built for growth and care."""
    square = {town.id: _node(draft, g) for g, town in enumerate(draft.towns)}
    return [
        schema.Trip(project=p.id, node=square[p.town], trips=Decimal(5 + root(p) * 2))
        for p in draft.projects
        if p.town and (group(p) in ("growth", "care") or draft.small)
    ]
