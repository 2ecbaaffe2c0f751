"""Routes: which ways from a node to the trunk network are worth taking, and which projects each of them needs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from heapq import heapify, heappop, heappush

from instances.region import Region
from instances.schema import Link

__all__ = ["MOST", "Route", "routes"]

MOST = 200
"""Routes a node may have; a network with more has links that hardly save time."""

Network = Mapping[str, list[tuple[str, Fraction, str]]]
"""Node to the links there: the other end, minutes, and the project that builds it, if any."""


@dataclass(frozen=True)
class Route:
    """A way to the trunk network: its minutes, and the projects that must be built to take it."""

    minutes: Fraction
    projects: frozenset[str]


def routes(region: Region, possible: Collection[str]) -> dict[str, list[Route]]:
    """For each node with people, the routes worth taking, fastest first; the last one needs no project.

    A route is worth taking if every route that is as fast needs a project that it does without. They are found from
    the trunk nodes outwards in order of their minutes (Dijkstra 1959, with a set of labels at each node as in Martins
    1984, "On a multicriteria shortest path problem"), as far as some node with people could still gain by them.
    ``possible`` are the projects that may be built at all.

    Raises ``ValueError`` if a node with people has no route over existing links, or more than :data:`MOST` routes.
    """
    trunk = frozenset(node.id for node in region.nodes if node.trunk)
    travelling = [node.id for node in region.nodes if node.people and not node.trunk]
    today = _spread(_network(link for link in region.links if not link.project), dict.fromkeys(trunk, Fraction(0)))
    for node in travelling:
        if node not in today:
            raise ValueError(f"network: node {node} has people, but no existing links lead from there to a trunk node")
    network = _network(link for link in region.links if not link.project or link.project in possible)
    # what a traveller who is at a node must not exceed from there on, lest the existing route be as good for all
    bound = _spread(network, {node: -today[node] for node in travelling})
    found: dict[str, list[Route]] = defaultdict(list)
    heap: list[tuple[Fraction, int, tuple[str, ...], str]] = [(Fraction(0), 0, (), node) for node in sorted(trunk)]
    while heap:
        minutes, _, needed, node = heappop(heap)
        projects = frozenset(needed)
        if any(known.projects <= projects for known in found[node]):
            continue
        found[node].append(Route(minutes, projects))
        if len(found[node]) > MOST:
            raise ValueError(
                f"network: more than {MOST} routes from node {node} are worth taking; leave out links that hardly save "
                f"time, or let one project build several of them"
            )
        for other, more, project in network[node]:
            if other not in trunk and other in bound and minutes + more <= -bound[other]:
                union = tuple(sorted(projects | {project})) if project else needed
                heappush(heap, (minutes + more, len(union), union, other))
    return {node: found[node] for node in travelling}


def _network(links: Iterator[Link]) -> Network:
    network: dict[str, list[tuple[str, Fraction, str]]] = defaultdict(list)
    for link in links:
        network[link.start].append((link.end, Fraction(link.minutes), link.project))
        network[link.end].append((link.start, Fraction(link.minutes), link.project))
    return network


def _spread(network: Network, start: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """``min_v (start[v] + minutes from v)`` for each node that can be reached."""
    heap = [(minutes, node) for node, minutes in start.items()]
    heapify(heap)
    found: dict[str, Fraction] = {}
    while heap:
        minutes, node = heappop(heap)
        if node not in found:
            found[node] = minutes
            for other, more, _ in network.get(node, ()):
                heappush(heap, (minutes + more, other))
    return found
