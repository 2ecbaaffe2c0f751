"""Attainment: what share of repeated runs reaches how far, and where two methods differ in that.

Grunert da Fonseca, Fonseca & Hall, "Inferential performance assessment of stochastic optimisers and the attainment
function", EMO 2001; computed by moocore (Fonseca, Guerreiro, López-Ibáñez & Paquete, EMO 2011). Only the order of
values matters to it, so it is fed with ranks, and its corners are turned back into exact values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from optimizer.decide.compare.answers import Place, attained, points_of, typical
from optimizer.decide.compare.scale import Point, Scale
from optimizer.decide.compare.sides import Side
from optimizer.listing import Listing

__all__ = ["QUARTILES", "Difference", "Surface", "differences", "rectangles", "surfaces"]

Floats = NDArray[np.float64]
QUARTILES = (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4))
DRAWN = (2, 3)
"""Numbers of objectives for which the corners of a surface can be worked out."""


@dataclass(frozen=True)
class Surface:
    """What at least ``share`` of the runs of a side attain.

    With two and three objectives ``corners`` are all corners of the surface, otherwise (``sampled``) only those that a
    run has found as a portfolio.
    """

    side: str
    share: Fraction
    corners: tuple[Point, ...]
    sampled: bool


@dataclass(frozen=True)
class Difference:
    """A portfolio of either side, and the share of the runs of each side that match or beat it."""

    side: str
    portfolio: Place
    values: Point
    base: Fraction
    other: Fraction

    @property
    def gap(self) -> Fraction:
        """Above 0: the base attains it more often."""
        return self.base - self.other


def surfaces(side: Side, scale: Scale, shares: Sequence[Fraction] = QUARTILES) -> tuple[Surface, ...]:
    """The attainment surfaces of a side's repeated runs; of a single run there is one, its front.

    By hand, more being better: one run has found (1, 3), another one (3, 1). Half of the runs attain what either point
    matches or beats; three quarters are both runs, and both attain (1, 1) and nothing better.

    >>> from models import Problem
    >>> from optimizer import solve
    >>> from optimizer.decide.compare import compare
    >>> def run(a: int, b: int):
    ...     return solve(Problem.from_arrays([[a], [b]], [[1]], [1], row_lower=[1]))
    >>> found = compare([run(1, 3), run(3, 1)], run(2, 2))
    >>> for surface in surfaces(found.sides[0], found.scale):
    ...     print(surface.share, sorted(tuple(map(int, corner)) for corner in surface.corners))
    1/4 [(1, 3), (3, 1)]
    1/2 [(1, 3), (3, 1)]
    3/4 [(1, 1)]
    """
    if len(side.listings) == 1:
        return (Surface(side.name, Fraction(1), side.listings[0].values, sampled=False),)
    if len(scale.objectives) not in DRAWN:
        return tuple(
            Surface(side.name, share, tuple(point for _, point in typical(side.listings, scale, share)), sampled=True)
            for share in shares
        )
    import moocore

    points, sets = _stacked(side.listings, scale)
    if not len(points):
        return ()
    # Runs without a portfolio attain nothing, and moocore does not know of them. Levels are halfway between two counts
    # of runs, so that no rounding can move them to the next.
    runs, filled = len(side.listings), sum(1 for listing in side.listings if len(listing))
    found = []
    for share in shares:
        count = max(1, -(-share * runs // 1))
        if count > filled:
            found.append(Surface(side.name, share, (), sampled=False))
            continue
        rows = moocore.eaf(points, sets, percentiles=[float(100 * (count - Fraction(1, 2)) / filled)])
        corners = dict.fromkeys(_exact(scale, row[:-1]) for row in rows)
        found.append(Surface(side.name, share, tuple(corners), sampled=False))
    return tuple(found)


def differences(base: Side, other: Side, scale: Scale) -> list[Difference]:
    """Every point that either side has found, with the share of runs of each side that attain it; exact.

    By hand, more being better: of two runs, one has found (1, 3) and matches it, half of them; (2, 2) is attained by
    neither.

    >>> from models import Problem
    >>> from optimizer import solve
    >>> from optimizer.decide.compare import compare
    >>> def run(a: int, b: int):
    ...     return solve(Problem.from_arrays([[a], [b]], [[1]], [1], row_lower=[1]))
    >>> found = compare([run(1, 3), run(3, 1)], run(2, 2))
    >>> for one in differences(*found.sides, found.scale):
    ...     print(tuple(map(int, one.values)), one.base, one.other)
    (1, 3) 1/2 0
    (3, 1) 1/2 0
    (2, 2) 0 1
    """
    found: dict[Point, tuple[str, Place]] = {}
    for side in (base, other):
        for r, listing in enumerate(side.listings):
            for number, point in points_of(listing):
                found.setdefault(point, (side.name, Place(r, number)))
    ranks = scale.ranks(list(found))
    one, two = (
        sum((attained(ranks, scale.ranks(x.values)).astype(np.int64) for x in side.listings), np.zeros(len(ranks)))
        for side in (base, other)
    )
    n, m = len(base.listings), len(other.listings)
    return [
        Difference(side, place, point, Fraction(int(a), n), Fraction(int(b), m))
        for (point, (side, place)), a, b in zip(found.items(), one, two, strict=True)
    ]


def rectangles(base: Side, other: Side, scale: Scale) -> list[tuple[tuple[Fraction | None, ...], Fraction]]:
    """Two objectives only: rectangles (two corners, best first; ``None``: without end) with the difference in shares.

    Above 0: the base attains the rectangle more often. Needs as many runs on both sides and no empty one, as moocore
    counts sets.
    """
    listings = (*base.listings, *other.listings)
    if len(scale.objectives) != 2 or len(base.listings) != len(other.listings) or not all(map(len, listings)):
        return []
    import moocore

    stacks = [_stacked(side.listings, scale) for side in (base, other)]
    x, y = (np.column_stack([points, sets]) for points, sets in stacks)
    rows = moocore.eafdiff(x, y, rectangles=True)
    runs = len(base.listings)
    return [((*scale.at(row[:2]), *scale.at(row[2:4])), Fraction(round(float(row[4])), runs)) for row in rows if row[4]]


def _stacked(listings: Sequence[Listing], scale: Scale) -> tuple[Floats, Floats]:
    ranks = [scale.ranks(listing.values).astype(np.float64) for listing in listings]
    sets = [np.full(len(rows), number, dtype=np.float64) for number, rows in enumerate(ranks, start=1)]
    return np.vstack(ranks), np.concatenate(sets)


def _exact(scale: Scale, ranks: Floats) -> Point:
    corner = scale.at(ranks)
    assert None not in corner
    return tuple(value for value in corner if value is not None)
