"""Rules about the road network: links lead somewhere, people can travel, and trips can arrive."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from instances.facts import Facts
from instances.faults import Fault
from instances.schema import Link

__all__ = ["links_in_a_loop", "stranded_people", "stranded_trips", "trips_without_capacity"]


def links_in_a_loop(facts: Facts) -> Iterator[Fault]:
    """A link leads from one node to another."""
    for position, link in enumerate(facts.region.links):
        if link.start == link.end:
            cause = "a node copied twice: name the node at the other end"
            yield facts.fault("links", position, "end", link.end, "is also the start; a link joins two nodes", cause)


def stranded_people(facts: Facts) -> Iterator[Fault]:
    """People can travel to the trunk network today, so that travel time is known whatever is built."""
    reached = _reached(facts, (link for link in facts.region.links if not link.project))
    for position, node in enumerate(facts.region.nodes):
        if node.people and node.id not in reached:
            rule = "has people, but no existing links lead from there to a trunk node"
            cause = "today's road was left out: enter it as a link without project, or set trunk to yes at its end"
            yield facts.fault("nodes", position, "id", node.id, rule, cause)


def stranded_trips(facts: Facts) -> Iterator[Fault]:
    """Where traffic is measured against capacities, trips start where some links lead to a trunk node."""
    if all(link.capacity is None for link in facts.region.links):
        return
    reached = _reached(facts, facts.region.links)
    nodes = {node.id for node in facts.region.nodes}
    rule = "is a node from which no links lead to a trunk node"
    for position, node in enumerate(facts.region.nodes):
        if node.trips and not node.people and node.id not in reached:
            cause = "a link left out, or trunk was not set to yes at any node it leads to"
            yield facts.fault("nodes", position, "id", node.id, f"{rule}; its trips cannot arrive", cause)
    for position, trip in enumerate(facts.region.trips):
        if trip.trips and trip.node in nodes - reached:
            cause = f"a link left out; as it is, {trip.project} could never be built"
            yield facts.fault("trips", position, "node", trip.node, rule, cause)


def trips_without_capacity(facts: Facts) -> Iterator[Fault]:
    """Trips are measured against the capacity of links."""
    if facts.region.trips and all(link.capacity is None for link in facts.region.links):
        rule = "is not used: no link has a capacity that trips could exceed"
        cause = "the capacities were left out; enter them in links, or remove the table trips"
        yield facts.fault("trips", None, "trips", None, rule, cause)


def _reached(facts: Facts, links: Iterable[Link]) -> set[str]:
    """Nodes from which the links lead to a trunk node."""
    ends: dict[str, list[str]] = defaultdict(list)
    for link in links:
        ends[link.start].append(link.end)
        ends[link.end].append(link.start)
    queue = [node.id for node in facts.region.nodes if node.trunk]
    found = set(queue)
    for node in queue:
        new = [end for end in ends[node] if end not in found]
        found.update(new)
        queue.extend(new)
    return found
