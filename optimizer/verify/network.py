"""Network: do all trips reach the trunk network, and how long do people travel there?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from heapq import heapify, heappop, heappush
from math import lcm

from instances.region import Region
from instances.schema import Link
from optimizer.verify.flow import stranded
from optimizer.verify.plan import Plan
from optimizer.verify.sums import Sums
from optimizer.verify.words import figure, listed

__all__ = ["Network"]


class Network:
    """A link can be used if it exists or its project is chosen; links are used both ways.

    If any link has a capacity, all trips must reach a trunk node, both directions of a link within its capacity.
    ``travel_time`` = Σ people · minutes of the fastest way to a trunk node.
    """

    names = frozenset({"travel_time"})

    def __init__(self, region: Region) -> None:
        self._links = region.links
        self._trunk = frozenset(n.id for n in region.nodes if n.trunk)
        self._people = [(n.id, Fraction(n.people)) for n in region.nodes if n.people and not n.trunk]
        self._capped = any(link.capacity is not None for link in region.links)
        capacities = [Fraction(link.capacity) for link in region.links if link.capacity is not None]
        off = {n.id: Fraction(n.trips) for n in region.nodes if not n.trunk}
        brought = [(t.project, t.node, Fraction(t.trips)) for t in region.trips if t.node in off]
        self._trips = Sums(brought, base=off, also=capacities)
        self._per_minute = lcm(*(Fraction(link.minutes).denominator for link in region.links))
        builders = {link.project for link in region.links}
        # what is found for a choice among the few projects that matter is kept for all plans that make it
        self._builders = frozenset(builders)
        self._moving = frozenset(builders | {project for project, _, trips in brought if trips})
        self._times: dict[frozenset[str], Fraction] = {}
        self._stranded: dict[frozenset[str], list[str]] = {}

    def broken(self, plan: Plan) -> Iterator[str]:
        if self._capped:
            chosen = self._moving.intersection(plan)
            if chosen not in self._stranded:
                self._stranded[chosen] = list(self._stuck(chosen))
            yield from self._stranded[chosen]

    def indicators(self, plan: Plan) -> dict[str, Fraction]:
        """Raises ``ValueError`` if people have no way to a trunk node."""
        chosen = self._builders.intersection(plan)
        if chosen not in self._times:
            self._times[chosen] = self._travel_time(chosen)
        return {"travel_time": self._times[chosen]}

    def _usable(self, chosen: frozenset[str]) -> list[Link]:
        return [link for link in self._links if not link.project or link.project in chosen]

    def _stuck(self, chosen: frozenset[str]) -> Iterator[str]:
        trips = self._trips(chosen)
        total = sum(trips.values())
        carried = [
            (x.start, x.end, total if x.capacity is None else self._trips.whole(Fraction(x.capacity)))
            for x in self._usable(chosen)
        ]
        cut = stranded(trips, carried, self._trunk)
        if cut:
            asked = self._trips.exact(sum(trips[node] for node in cut))
            out = self._trips.exact(sum(most for start, end, most in carried if (start in cut) != (end in cut)))
            nodes = listed(node for node in trips if node in cut and trips[node])
            yield (
                f"network: {figure(asked)} trips a day start at {nodes}, the links that lead on from there carry "
                f"{figure(out)}"
            )

    def _travel_time(self, chosen: frozenset[str]) -> Fraction:
        minutes = self._minutes(chosen)
        for node, _ in self._people:
            if node not in minutes:
                raise ValueError(f"network: the people of node {node} have no way to a trunk node")
        return sum((people * minutes[node] for node, people in self._people), Fraction(0)) / self._per_minute

    def _minutes(self, chosen: frozenset[str]) -> dict[str, int]:
        """Shortest ways from the trunk nodes outwards (Dijkstra 1959), in whole parts of a minute."""
        ways: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
        for link in self._usable(chosen):
            long = int(Fraction(link.minutes) * self._per_minute)
            ways[link.start].append((link.end, long))
            ways[link.end].append((link.start, long))
        heap = [(0, node) for node in self._trunk]
        heapify(heap)
        found: dict[str, int] = {}
        while heap:
            far, node = heappop(heap)
            if node not in found:
                found[node] = far
                for other, long in ways[node]:
                    heappush(heap, (far + long, other))
        return found
