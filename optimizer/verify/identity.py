"""Identity: which towns come to look alike, and what do they lead with?"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import combinations_with_replacement
from math import floor

from instances.region import Region
from optimizer.verify.plan import Plan
from optimizer.verify.words import listed

__all__ = ["Identity"]

Tag = tuple[str, str]


class Identity:
    """Pairs of alike projects in different towns; at most one leading industry a town; neighbours lead differently.

    ``alikeness`` = Σ floor(100 s) over pairs of chosen projects in different towns whose similarity s, Σ min / Σ max of
    the weights of their tags, is at least ``alike_from`` (1/2 if not given).
    """

    names = frozenset({"alikeness"})

    def __init__(self, region: Region) -> None:
        towns = {p.id: p.town for p in region.projects if p.town}
        tags: defaultdict[str, dict[Tag, Fraction]] = defaultdict(dict)
        for row in region.tags:
            if row.project in towns:
                tags[row.project][row.kind, row.tag] = Fraction(row.weight)
        # Projects with the same tags have the same pairs, so they are counted by look and town.
        looks: dict[frozenset[tuple[Tag, Fraction]], int] = {}
        self._place = {
            project: (looks.setdefault(frozenset(weights.items()), len(looks)), towns[project])
            for project, weights in tags.items()
        }
        wanted = region.settings.policy.alike_from
        least = Fraction(1, 2) if wanted is None else Fraction(wanted)
        self._points: dict[tuple[int, int], int] = {}
        for (one, first), (other, second) in combinations_with_replacement([(dict(k), i) for k, i in looks.items()], 2):
            if (found := _similarity(one, other)) >= least:
                self._points[first, second] = floor(100 * found)

        self._leading = [
            (row.project, towns[row.project], row.tag)
            for row in region.tags
            if row.kind == "industry" and row.leading and row.project in towns
        ]
        self._one = region.settings.policy.one_leading_industry
        self._neighbours = [(row.town, row.other) for row in region.neighbours]

    def broken(self, plan: Plan) -> Iterator[str]:
        led: defaultdict[str, dict[str, None]] = defaultdict(dict)
        for project, town, industry in self._leading:
            if project in plan:
                led[town][industry] = None
        if self._one:
            for town, industries in led.items():
                if len(industries) > 1:
                    yield f"identity: one_leading_industry: {town} would lead with {listed(industries)}"
        for town, other in self._neighbours:
            for industry in led.get(town, {}):
                if industry in led.get(other, {}):
                    yield f"identity: the neighbours {town} and {other} would both lead with {industry}"

    def indicators(self, plan: Plan) -> dict[str, Fraction]:
        there: defaultdict[int, Counter[str]] = defaultdict(Counter)
        for project in plan:
            if project in self._place:
                look, town = self._place[project]
                there[look][town] += 1
        total = 0
        for (one, other), points in self._points.items():
            if one in there and other in there:
                total += points * _pairs_apart(there[one], there[other], same=one == other)
        return {"alikeness": Fraction(total)}


def _similarity(one: Mapping[Tag, Fraction], other: Mapping[Tag, Fraction]) -> Fraction:
    if one.keys().isdisjoint(other):
        return Fraction(0)
    tags = one.keys() | other.keys()
    least = sum((min(one.get(tag, Fraction(0)), other.get(tag, Fraction(0))) for tag in tags), Fraction(0))
    most = sum((max(one.get(tag, Fraction(0)), other.get(tag, Fraction(0))) for tag in tags), Fraction(0))
    return least / most


def _pairs_apart(one: Counter[str], other: Counter[str], *, same: bool) -> int:
    """How many pairs of one project each lie in different towns; within one group every pair would be seen twice."""
    pairs = one.total() * other.total() - sum(count * other[town] for town, count in one.items())
    return pairs // 2 if same else pairs
