"""Forced: by how much the front misses what it has if a project must be in every portfolio, or in none.

Formula: ``ε = max over listed points of min over portfolios of the part of max_k (y_k - t_k) / r_k``, the additive ε of
Zitzler et al. (2003) in shares of the ranges. A known portfolio of the part bounds the inner minimum from above for
every listed point, so that few points have to be asked about: always the one that is farthest from all known ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from models.problem import Floats, Ints
from optimizer.decide.explain.nearest import farness, nearest
from optimizer.decide.live import Live

__all__ = ["Forced", "forced"]

DOUBT = 1e-9
"""Floats that differ by less are compared as fractions."""


@dataclass(frozen=True)
class Forced:
    """The front of the part misses the listed points by ``epsilon`` of the ranges, that in the row ``worst`` most.

    If it is not ``proved``, it is at least ``epsilon`` and at most ``bound`` (``None``: nothing bounds it). ``none``:
    it is proved that the part has no portfolio at all.
    """

    epsilon: Fraction = Fraction(0)
    worst: int | None = None
    bound: Fraction | None = None
    proved: bool = False
    none: bool = False


def forced(live: Live, targets: Ints, ranges: Ints, known: Ints) -> Forced:
    """How far the front of ``live.problem`` is from ``targets`` ``(k, p)``, k > 0; ``known`` ``(m, p)`` lie in it."""
    points = list(known)
    reach = np.full(len(targets), np.inf)
    for y in points:
        reach = np.minimum(reach, _far(y, targets, ranges))
    least = np.zeros(len(targets), dtype=np.bool_)
    epsilon, worst = Fraction(0), None
    while True:
        rows = np.flatnonzero(~least & (reach > float(epsilon) - DOUBT))
        rows = rows[np.argsort(-reach[rows], kind="stable")]
        row = next((int(i) for i in rows if not points or _exact(points, targets[i], ranges) > epsilon), None)
        if row is None:
            return Forced(epsilon, worst, epsilon, proved=True)
        found = nearest(live, targets[row], ranges)
        if found.y is not None:
            points.append(found.y)
            reach = np.minimum(reach, _far(found.y, targets, ranges))
        if found.y is None or not found.proved:
            bound = max(_exact(points, targets[i], ranges) for i in rows) if points else None
            return Forced(epsilon, worst, bound, none=found.proved)
        least[row] = True
        if (share := farness(found.y, targets[row], ranges)) > epsilon:
            epsilon, worst = share, row


def _far(y: Ints, targets: Ints, ranges: Ints) -> Floats:
    far: Floats = np.max((y - targets) / ranges, axis=1)
    return far


def _exact(points: list[Ints], target: Ints, ranges: Ints) -> Fraction:
    """The least share by which a known point is worse, looked up among the floats and then taken exactly."""
    shares = np.max((np.array(points) - target) / ranges, axis=1)
    near = np.flatnonzero(shares <= shares.min() + DOUBT)
    return min(farness(points[i], target, ranges) for i in near)
