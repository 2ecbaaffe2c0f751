"""Flow: can all trips get through? A largest flow in whole numbers over links that are used both ways."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

__all__ = ["stranded"]

ENDS = ""
"""All ends taken together; no node has an empty name."""

Spare = defaultdict[str, dict[str, int]]


def stranded(trips: Mapping[str, int], links: Iterable[tuple[str, str, int]], ends: Collection[str]) -> frozenset[str]:
    """Nodes whose trips are more than the links that lead out of them can carry; none if all trips reach an end.

    The trips of one node after the other are sent along shortest paths that have room, where traffic in the opposite
    direction counts as room (Edmonds & Karp 1972). What can still be reached from a node that is left with trips is one
    side of a cut that is full (Ford & Fulkerson 1956).

    >>> sorted(stranded({"a": 5, "b": 5}, [("a", "b", 9), ("b", "road", 7)], {"road"}))
    ['a', 'b']
    >>> stranded({"a": 5, "b": 2}, [("a", "b", 9), ("b", "road", 7)], {"road"})
    frozenset()
    """
    spare: Spare = defaultdict(lambda: defaultdict(int))
    for start, end, capacity in links:
        start, end = (ENDS if node in ends else node for node in (start, end))
        if start != end:
            spare[start][end] += capacity
            spare[end][start] += capacity
    found: set[str] = set()
    for node, left in trips.items():
        while node not in ends and left:
            reached = _reach(spare, node)
            if ENDS not in reached:
                found |= reached.keys()
                break
            left -= _send(spare, _path(reached), left)
    return frozenset(found)


def _reach(spare: Spare, start: str) -> dict[str, str]:
    """Nodes that have room from ``start``, each with the one before it."""
    before = {start: start}
    queue = [start]
    for node in queue:
        for other, room in spare[node].items():
            if room and other not in before:
                before[other] = node
                queue.append(other)
    return before


def _path(before: Mapping[str, str]) -> list[tuple[str, str]]:
    """The steps from the start to the ends, backwards."""
    steps, node = [], ENDS
    while before[node] != node:
        steps.append((before[node], node))
        node = before[node]
    return steps


def _send(spare: Spare, path: list[tuple[str, str]], left: int) -> int:
    part = min(left, *(spare[start][end] for start, end in path))
    for start, end in path:
        spare[start][end] -= part
        spare[end][start] += part
    return part
