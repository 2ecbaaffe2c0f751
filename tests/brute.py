"""Every plan of a small region, one by one: what other methods are measured against."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from fractions import Fraction
from itertools import product
from math import lcm

from instances.region import Region
from optimizer.verify.evaluate import Auditor

__all__ = ["brute_force", "nondominated", "plans"]

Point = tuple[Fraction, ...]


def plans(region: Region) -> Iterator[dict[str, int]]:
    """All plans with allowed starts that keep the locks, feasible or not."""
    ids, options = [], []
    for project in region.projects:
        if project.locked != "out":
            ids.append(project.id)
            options.append([*region.starts(project)] if project.locked == "in" else [0, *region.starts(project)])
    for starts in product(*options):
        yield {project: start for project, start in zip(ids, starts, strict=True) if start}


def brute_force(region: Region, goals: Sequence[str]) -> dict[Point, list[dict[str, int]]]:
    """The nondominated points, in the order of ``goals`` and their own senses, with all plans that reach each.

    Best first by the first goal, ties by the next.
    """
    auditor = Auditor(region)
    reached: defaultdict[Point, list[dict[str, int]]] = defaultdict(list)
    for plan in plans(region):
        if next(auditor.broken(plan), None) is None:
            reached[tuple(auditor.values(plan, goals).values())].append(plan)
    signs = [-1 if region.goals[goal].sense == "max" else 1 for goal in goals]
    return {point: reached[point] for point in nondominated(reached, signs)}


def nondominated(points: Collection[Point], signs: Sequence[int]) -> list[Point]:
    """Those of the different ``points`` that no other one dominates; ``signs`` are 1 to minimise, -1 to maximise."""
    scales = [lcm(*(figure.denominator for figure in column)) for column in zip(*points, strict=True)]
    whole = {
        tuple(int(sign * scale * figure) for sign, scale, figure in zip(signs, scales, point, strict=True)): point
        for point in points
    }
    kept: list[tuple[int, ...]] = []
    for candidate in sorted(whole):
        if not any(all(a <= b for a, b in zip(other, candidate, strict=True)) for other in kept):
            kept.append(candidate)
    return [whole[point] for point in kept]
