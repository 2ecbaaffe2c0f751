"""Cover: search zones of the list under half-spaces that hold every feasible point.

All objectives are minimised, in whole quanta. The list's search zones ``{y : y < u}`` (local upper bounds; Klamroth,
Lacour & Vanderpooten, EJOR 245, 2015) hold whatever the list lacks. A half-space ``λ·y >= v`` holds every feasible
point. Both together give ε of a zone: ``y < u - ε r`` and ``λ·y >= v`` contradict each other from

    ε = (λ·u - v) / (λ·r)

on, and the least over all half-spaces counts. A *proof* ``w``, from a MIP solver's dual bound, says that no feasible
point has ``y < w``, and shows ``ε = max_j (u_j - w_j) / r_j``. On an axis where ``u`` is not bounded it equals the
*ceiling*, a strict upper bound of every feasible point, whatever ε is.

Zones are kept in compiled arrays and changed in place: tens of thousands are searched in a fraction of a millisecond.
"""

from __future__ import annotations

import numpy as np

from models.problem import Floats, Ints
from optimizer.engines.found import Box
from optimizer.engines.labels.compiled import compiled
from optimizer.engines.relax.halfspaces import HalfSpace
from optimizer.engines.zones import hypervolume

__all__ = ["Cover"]

EXACT = 5
"""Most objectives whose hypervolume is reckoned with the open zones; above, the box over the ideal point bounds it."""
EVER = np.iinfo(np.int64).max
"""More tries than a zone ever gets."""
ROUNDED = 1 + 1e-9
"""ε is stated a little larger than reckoned, which outweighs every rounding error."""


class Cover:
    """Search zones ``U`` ``(z, p)`` with their ε, counted from ``floor``.

    Args:
        ceiling: ``(p,)`` a strict upper bound of every feasible point.
        floor: ``(p,)`` a lower bound of every feasible point.
    """

    def __init__(self, ceiling: Ints, floor: Ints) -> None:
        p = len(ceiling)
        self.floor: Ints = floor.astype(np.int64)
        self.top: Ints = (ceiling - floor).astype(np.int64)
        self.ranges: Floats = np.maximum(self.top.astype(np.float64), 1.0)
        self.points: list[Ints] = []
        self.halfspaces: list[HalfSpace] = []
        self._U: Ints = np.empty((1024, p), dtype=np.int64)
        self._gap: Floats = np.empty(1024)
        self._tries: Ints = np.zeros(1024, dtype=np.int64)
        self._U[0], self._gap[0] = self.top, np.inf
        self._count: Ints = np.ones(1, dtype=np.int64)
        self._weights: Floats = np.empty((256, p))
        self._bound: Floats = np.empty(256)
        self.proofs: Ints = np.empty((0, p), dtype=np.int64)

    def __len__(self) -> int:
        return int(self._count[0])

    @property
    def ceiling(self) -> Ints:
        return self.floor + self.top

    def add(self, y: Ints) -> bool:
        """Add a feasible point ``(p,)`` and split the zones that hold it; was there any?"""
        self.points.append(y)
        while True:
            z, K = len(self), len(self.halfspaces)
            split = _split(
                self._U,
                self._gap,
                self._tries,
                self._count,
                y - self.floor,
                self._weights[:K],
                self._bound[:K],
                self.proofs,
                self.top,
                self.ranges,
            )
            if split >= 0:
                break
            self._U = np.concatenate([self._U, np.empty_like(self._U)])
            self._gap, self._tries = np.tile(self._gap, 2), np.tile(self._tries, 2)
            assert len(self) == z
        if not split:
            self.points.pop()
        return bool(split)

    def cut(self, halfspace: HalfSpace) -> bool:
        """Enter a half-space; does it lower the ε of any zone? One that does not is forgotten."""
        K = len(self.halfspaces)
        if K == len(self._bound):
            self._weights = np.concatenate([self._weights, np.empty_like(self._weights)])
            self._bound = np.tile(self._bound, 2)
        self._weights[K] = halfspace.weights
        self._bound[K] = halfspace.bound - sum(
            int(w) * int(f) for w, f in zip(halfspace.weights, self.floor, strict=True)
        )
        self.halfspaces.append(halfspace)
        helps = _cut(
            self._U, self._gap, self._tries, self._count, self._weights[K], self._bound[K], self.top, self.ranges
        )
        if not helps:
            self.halfspaces.pop()
        return bool(helps)

    def prove(self, w: Ints) -> bool:
        """Enter a proof that no feasible point has ``y < w`` ``(p,)``; does it lower the ε of any zone?"""
        self.proofs = np.vstack([self.proofs, w - self.floor])
        helps = _prove(self._U, self._gap, self._tries, self._count, w - self.floor, self.top, self.ranges)
        if not helps:
            self.proofs = self.proofs[:-1]
        return bool(helps)

    def worst(self, tries: int) -> int | None:
        """The zone with the largest ε among those tried at most ``tries`` times."""
        K = len(self.halfspaces)
        while (index := int(_worst(self._gap, self._tries, len(self), tries))) >= 0:
            if not _settle(
                self._U, self._gap, index, self._weights[:K], self._bound[:K], self.proofs, self.top, self.ranges
            ):
                return index
        return None

    def open(self) -> tuple[Ints, Floats]:
        """Upper bounds ``(z, p)`` of all zones, with their ε ``(z,)``."""
        return self._U[: len(self)] + self.floor, self._gap[: len(self)] * ROUNDED

    def zone(self, index: int) -> tuple[Ints, float]:
        """Upper bounds of a zone ``(p,)`` and its ε."""
        u: Ints = self._U[index] + self.floor
        return u, float(self._gap[index])

    def find(self, u: Ints) -> int | None:
        """Where the zone ``u`` stands now, if it is still open."""
        index = int(_find(self._U, len(self), u - self.floor))
        return index if index >= 0 else None

    def tried(self, index: int) -> None:
        self._tries[index] += 1

    def tries(self, index: int) -> int:
        return int(self._tries[index])

    def measure(self, ranges: Floats) -> None:
        """State the ranges ``(p,)`` by which ε is counted.

        What half-spaces and proofs show grows by no more than the range that shrinks most, so that the largest ε is
        found among a few zones; that of the others is known from above, until they are the :meth:`worst`.
        """
        if np.array_equal(ranges, self.ranges):
            return
        self._gap[: len(self)] *= float((self.ranges / ranges).max()) * (1 + 1e-12)
        self.ranges = ranges
        self.worst(EVER)

    def epsilon(self) -> float:
        """For every feasible point the list holds one at most this share of the ranges worse in every objective."""
        worst = float(self._gap[: len(self)].max(initial=0.0))
        return worst * ROUNDED + 1e-12 if worst > 0 else 0.0

    def hypervolume_missing(self, reference: Ints) -> float:
        """Upper bound of the share of the complete front's hypervolume, against ``reference``, that the list lacks.

        A missing point lies above the corner of an open zone, so that list and corners together dominate at least what
        the complete front dominates.
        """
        if not len(self):
            return 0.0
        points = np.array(self.points, dtype=np.int64).reshape(-1, len(self.top))
        have = hypervolume(points, reference)
        corners = self._corners(self._U[: len(self)]) + self.floor
        if len(self.top) <= EXACT:
            most = hypervolume(np.vstack([points, corners]), reference)
        else:
            least = np.vstack([points, corners]).min(axis=0)
            most = float(np.prod(np.maximum(reference - least, 0).astype(np.float64)))
        return min(1.0, max(0.0, 1.0 - have / most) + 1e-12) if most > 0 else 0.0

    @property
    def count(self) -> int:
        """How many zones are open."""
        return len(self)

    def boxes(self, most: int | None = None) -> list[Box]:
        """Open zones as boxes, the largest ε first; the first so many at ``most``."""
        order = np.argsort(-self._gap[: len(self)], kind="stable")[:most]
        U, corners = self._U[order] + self.floor, self._corners(self._U[order]) + self.floor
        gaps = self._gap[order] * ROUNDED
        return [Box(float(gaps[i]), corners[i], U[i], "not searched to the end") for i in range(len(order))]

    def _corners(self, U: Ints) -> Ints:
        K = len(self.halfspaces)
        return _corners(U, self._weights[:K], self._bound[:K], self.proofs)


@compiled
def _gap_of(u: Ints, weights: Floats, bound: float, top: Ints, ranges: Floats) -> float:
    """ε of the zone ``u`` under one half-space; negative if no whole point of the half-space lies below ``u``."""
    above = -bound
    inside = -bound
    slope = 0.0
    for k in range(len(u)):
        if u[k] < top[k]:
            above += weights[k] * u[k]
            slope += weights[k] * ranges[k]
        else:
            above += weights[k] * (u[k] - 1)
        inside += weights[k] * (u[k] - 1)
    if inside < 0.0:
        return -1.0
    if slope <= 0.0:
        return np.inf
    return above / slope


@compiled
def _settle(
    U: Ints, gaps: Floats, i: int, weights: Floats, bound: Floats, proofs: Ints, top: Ints, ranges: Floats
) -> bool:
    """Reckon the ε of zone ``i`` anew, by all half-spaces and proofs; was less known of it?"""
    least = gaps[i]
    for h in range(len(bound)):
        least = min(least, _gap_of(U[i], weights[h], bound[h], top, ranges))
    for h in range(len(proofs)):
        least = min(least, _short(U[i], proofs[h], top, ranges))
    known, gaps[i] = gaps[i], least
    return bool(least < known)


@compiled
def _short(u: Ints, w: Ints, top: Ints, ranges: Floats) -> float:
    """ε of the zone ``u`` under a proof that no feasible point has ``y < w``; negative if ``u`` lies below ``w``."""
    most = -1.0
    for k in range(len(u)):
        if u[k] > w[k]:
            if u[k] >= top[k]:
                return np.inf
            most = max(most, (u[k] - w[k]) / ranges[k])
    return most


@compiled
def _split(
    U: Ints,
    gaps: Floats,
    tries: Ints,
    count: Ints,
    y: Ints,
    weights: Floats,
    bound: Floats,
    proofs: Ints,
    top: Ints,
    ranges: Floats,
) -> int:
    """Enter the point ``y``: how many zones held it, or -1, and nothing done, where the arrays are too small.

    A zone that holds ``y`` gives way to the zones with one coordinate replaced by that of ``y``, of which only the
    maximal ones are kept (equation 3 of the paper). Only zones whose boundary ``y`` touches can hold one of these.
    """
    n = count[0]
    p = len(y)
    hits = touches = 0
    for i in range(n):
        equal = 0
        inside = True
        for k in range(p):
            if U[i, k] <= y[k]:
                if U[i, k] < y[k] or equal == 1:
                    inside = False
                    break
                equal = 1
        if inside:
            hits += 1 - equal
            touches += equal
    if hits == 0:
        return 0
    if n + (p - 1) * hits > len(U):
        return -1
    hit = np.empty((hits, p), np.int64)
    above = np.empty(hits)
    touched = np.empty((touches, p), np.int64)
    along = np.empty(touches, np.int64)
    hits = touches = kept = 0
    for i in range(n):
        equal, axis = 0, -1
        inside = True
        for k in range(p):
            if U[i, k] <= y[k]:
                if U[i, k] < y[k] or equal == 1:
                    inside = False
                    break
                equal, axis = 1, k
        if inside and equal == 0:
            hit[hits] = U[i]
            above[hits] = gaps[i]
            hits += 1
            continue
        if inside:
            touched[touches] = U[i]
            along[touches] = axis
            touches += 1
        if kept != i:
            U[kept] = U[i]
            gaps[kept] = gaps[i]
            tries[kept] = tries[i]
        kept += 1
    n = kept
    u = np.empty(p, np.int64)
    for k in range(p):
        for a in range(hits):
            spare = False
            for b in range(hits):
                if a != b and _within(hit[a], hit[b], k, b < a):
                    spare = True
                    break
            for t in range(touches):
                if spare:
                    break
                spare = along[t] == k and _within(hit[a], touched[t], k, True)
            if spare:
                continue
            u[:] = hit[a]
            u[k] = y[k]
            gap = above[a]
            for h in range(len(bound)):
                gap = min(gap, _gap_of(u, weights[h], bound[h], top, ranges))
                if gap < 0.0:
                    break
            for h in range(len(proofs)):
                gap = min(gap, _short(u, proofs[h], top, ranges))
                if gap < 0.0:
                    break
            if gap < 0.0:
                continue
            U[n] = u
            gaps[n] = gap
            tries[n] = 0
            n += 1
    count[0] = n
    return hits


@compiled
def _within(a: Ints, b: Ints, axis: int, also_equal: bool) -> bool:
    """Is ``a`` at most ``b`` on all other axes (and less on one of them, unless equality counts)?"""
    less = also_equal
    for k in range(len(a)):
        if k == axis:
            continue
        if a[k] > b[k]:
            return False
        if a[k] < b[k]:
            less = True
    return less


@compiled
def _cut(
    U: Ints, gaps: Floats, tries: Ints, count: Ints, weights: Floats, bound: float, top: Ints, ranges: Floats
) -> int:
    """Lower the ε of all zones to what one half-space shows, drop those it closes; how many it changed."""
    shown = np.empty(count[0])
    for i in range(count[0]):
        shown[i] = _gap_of(U[i], weights, bound, top, ranges)
    return _lowered(U, gaps, tries, count, shown)


@compiled
def _prove(U: Ints, gaps: Floats, tries: Ints, count: Ints, w: Ints, top: Ints, ranges: Floats) -> int:
    """Lower the ε of all zones to what a proof shows, drop those it closes; how many it changed."""
    shown = np.empty(count[0])
    for i in range(count[0]):
        shown[i] = _short(U[i], w, top, ranges)
    return _lowered(U, gaps, tries, count, shown)


@compiled
def _lowered(U: Ints, gaps: Floats, tries: Ints, count: Ints, shown: Floats) -> int:
    """Lower the ε of every zone to that ``shown``, drop those where it is negative; how many changed."""
    kept = changed = 0
    for i in range(count[0]):
        changed += shown[i] < gaps[i]
        if shown[i] < 0.0:
            continue
        if kept != i:
            U[kept] = U[i]
            tries[kept] = tries[i]
        gaps[kept] = min(shown[i], gaps[i])
        kept += 1
    count[0] = kept
    return changed


@compiled
def _worst(gaps: Floats, tries: Ints, n: int, most: int) -> int:
    worst, index = -1.0, -1
    for i in range(n):
        if gaps[i] > worst and tries[i] <= most:
            worst, index = gaps[i], i
    return index


@compiled
def _find(U: Ints, n: int, u: Ints) -> int:
    for i in range(n):
        same = True
        for k in range(len(u)):
            if U[i, k] != u[k]:
                same = False
                break
        if same:
            return i
    return -1


@compiled
def _corners(U: Ints, weights: Floats, bound: Floats, proofs: Ints) -> Ints:
    """Least whole ``y`` axis by axis with ``y < u`` and ``0 <= y`` under all half-spaces and proofs; ``(z, p)``."""
    z, p = U.shape
    corners = np.zeros((z, p), np.int64)
    for i in range(z):
        for h in range(len(bound)):
            inside = -bound[h]
            for k in range(p):
                inside += weights[h, k] * (U[i, k] - 1)
            for k in range(p):
                if weights[h, k] > 0.0:
                    least = U[i, k] - 1 - np.floor(inside / weights[h, k] * (1 + 1e-12))
                    corners[i, k] = max(corners[i, k], min(np.int64(least), U[i, k] - 1))
        for h in range(len(proofs)):
            above, axis = 0, -1
            for k in range(p):
                if U[i, k] > proofs[h, k]:
                    above, axis = above + 1, k
            if above == 1:
                corners[i, axis] = max(corners[i, axis], proofs[h, axis])
    return corners
