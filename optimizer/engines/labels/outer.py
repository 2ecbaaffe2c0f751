"""Outer: where points may still be missing after label setting was stopped or narrowed.

Labels that were not followed to the end are gathered in groups, and of each group the least bound in every direction is
kept: a *shell*. Whatever point is missing lies, for one shell ``L`` of each finished pass, in ``λ·y >= L_λ`` for all
directions ``λ``. Together with the list's search zones that gives ε, the missing hypervolume and the open boxes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.problem import Floats, Ints
from optimizer.engines.found import Box
from optimizer.engines.labels.compiled import compiled
from optimizer.engines.labels.regions import weighted
from optimizer.engines.labels.tree import STACK, first_cover, grow
from optimizer.engines.zones import hypervolume

__all__ = ["Outer", "Shells", "closed", "gathered", "merged"]

GROUPS = 64
"""Shells kept of one set of labels."""


@dataclass(frozen=True, eq=False)
class Shells:
    """``L`` ``(g, l)``: least bounds of ``g`` groups of labels in the directions ``weights`` ``(l, p)``, in units of
    ``2**shift`` ``(p,)``."""

    L: NDArray[np.int32]
    weights: Ints
    shift: Ints


def gathered(L: NDArray[np.int32], near: NDArray[np.int32]) -> NDArray[np.int32]:
    """Shells of labels with bounds ``L`` ``(N, l)``; labels that reach for the same corner go together."""
    if len(L) <= GROUPS:
        return L
    order = np.argsort(near, kind="stable") if len(np.unique(near)) > 1 else np.lexsort(L.T)
    ends = np.linspace(0, len(L), GROUPS + 1).astype(np.int64)[:-1]
    least: NDArray[np.int32] = np.minimum.reduceat(L[order], ends, axis=0)
    return least


def merged(L: NDArray[np.int32]) -> NDArray[np.int32]:
    """Half as many shells ``L`` ``(g, l)``, each the least of two neighbours."""
    least: NDArray[np.int32] = np.minimum.reduceat(L, np.arange(0, len(L), 2), axis=0)
    return least


def closed(U: Ints, shells: Shells) -> NDArray[np.bool_]:
    """Which zones ``U`` ``(z, p)`` no shell reaches into; ``(z,)``."""
    inside = weighted((U - 1) >> shells.shift, shells.weights)
    tree = grow(-shells.L, -shells.L)
    return _closed(tree.rows, tree.tops, np.negative(inside, out=inside))


class Outer:
    """What is open around a list of ``points`` ``(k, p)``, known from the ``shells`` of every pass.

    All figures are costs counted from ``offset``. ``U`` ``(z, p)`` are the list's zones that may be open, or ``None``
    where there are too many to build; then each shell stands for the box above its own corner.
    """

    def __init__(self, points: Ints, U: Ints | None, shells: list[Shells], ceiling: Ints, offset: Ints) -> None:
        self.points, self.shells, self.ceiling, self.offset = points, shells, ceiling, offset
        self.ranges: Floats = np.ones(len(offset))
        self.U = np.zeros((0, len(offset)), dtype=np.int64)
        if U is None:
            self._corners = self._shell_corners() if shells else self.U
            self._bounds = np.repeat(ceiling[None], len(self._corners), axis=0)
        else:
            self._bounds = U if shells else self.U
            self._corners = np.array([self._corner(u) for u in self._bounds]).reshape(self._bounds.shape)
            inside = np.all(self._corners < self._bounds, axis=1)
            self._bounds, self._corners = self._bounds[inside], self._corners[inside]
        self._by_zone = U is not None

    def measure(self, ranges: Floats) -> None:
        """State the ranges ``(p,)`` by which ε is counted."""
        self.ranges = ranges

    def epsilon(self) -> float:
        """ε of the list, in shares of the ranges; ``inf`` where nothing bounds it."""
        return float(self._gaps().max(initial=0.0))

    def hypervolume_missing(self, reference: Ints) -> float:
        """Upper bound of the share of the complete front's hypervolume, against ``reference``, that the list lacks.

        A missing point lies above the corner of an open box, so that list and corners together dominate at least what
        the complete front dominates.
        """
        if not len(self._corners):
            return 0.0
        reference = reference - self.offset
        have = hypervolume(self.points, reference)
        most = hypervolume(np.vstack([self.points, self._corners]), reference)
        return min(1.0, max(0.0, 1.0 - have / most)) if most > 0 else 0.0

    def boxes(self) -> list[Box]:
        """Open boxes, the largest ε first."""
        boxes = [
            Box(float(gap), corner + self.offset, bound + self.offset, "not followed to the end")
            for gap, corner, bound in zip(self._gaps(), self._corners, self._bounds, strict=True)
        ]
        return sorted(boxes, key=lambda box: -box.epsilon)

    def _gaps(self) -> Floats:
        """ε of each open box ``(b,)``: how far the nearest point is from its corner, or, if less, how far the zone must
        shrink to leave every shell of a pass."""
        if not len(self.points):
            return np.full(len(self._corners), np.inf)
        gaps = _distances(self._corners, self.points, self.ranges)
        if self._by_zone:
            for part in self.shells:
                gaps = np.minimum(gaps, self._shrink(part))
        return np.maximum(gaps, 0.0)

    def _shrink(self, part: Shells) -> Floats:
        """ε by which each zone must shrink until no shell of a pass reaches into it.

        ``y < u - ε r`` and ``λ·y >= L`` contradict each other from ``ε = (λ·u - L) / λ·r`` on. Where ``u`` is not
        bounded, ``y`` is below the ceiling whatever ε is.
        """
        weights = part.weights / 2.0**part.shift  # floor(y / unit) <= y / unit
        bounded = self._bounds < self.ceiling
        top = np.where(bounded, self._bounds, self.ceiling - 1) @ weights.T
        slope = np.where(bounded, self.ranges, 0.0) @ weights.T
        return _shrink(top, slope, part.L) * (1 + 1e-9) + 1e-12

    def _corner(self, u: Ints) -> Ints:
        """The best lower bound, axis by axis, of the missing points below ``u`` ``(p,)``."""
        corner = np.zeros_like(u)
        for part in self.shells:
            corner = np.maximum(corner, _corner(u, part.L, part.weights, part.shift))
        return corner

    def _shell_corners(self) -> Ints:
        """Least costs of the points of each shell of the last pass ``(g, p)``; the directions are the axes."""
        part = self.shells[-1]
        weights = np.diag(part.weights)
        corners: Ints = np.maximum(-(-part.L.astype(np.int64) // weights), 0) << part.shift
        return corners


@compiled
def _corner(u: Ints, L: NDArray[np.int32], weights: Ints, shift: Ints) -> Ints:
    """Least ``y`` ``(p,)`` axis by axis with ``y < u`` and ``weights·(y >> shift) >= L`` for one row of ``L``."""
    p = len(u)
    out = u.copy()
    inside = np.zeros(len(weights), np.int64)
    for d in range(len(weights)):
        for k in range(p):
            inside[d] += weights[d, k] * ((u[k] - 1) >> shift[k])
    for g in range(len(L)):
        reached = True
        for d in range(len(weights)):
            if inside[d] < L[g, d]:
                reached = False
                break
        if not reached:
            continue
        for k in range(p):
            least = 0
            for d in range(len(weights)):
                if weights[d, k] > 0:
                    rest = L[g, d] - (inside[d] - weights[d, k] * ((u[k] - 1) >> shift[k]))
                    least = max(least, -((-rest) // weights[d, k]))
            out[k] = min(out[k], least << shift[k])
    return out


@compiled
def _closed(rows: NDArray[np.int32], tops: NDArray[np.int32], wanted: NDArray[np.int32]) -> NDArray[np.bool_]:
    out = np.ones(len(wanted), np.bool_)
    hot = np.zeros(1, np.int64)
    stack = np.empty(STACK, np.int64)
    for z in range(len(wanted)):
        out[z] = first_cover(rows, tops, wanted[z], -1, hot, stack) < 0
    return out


@compiled
def _distances(corners: Ints, points: Ints, ranges: Floats) -> Floats:
    """For each corner the least, over all points, of the largest coordinate of ``(point - corner) / ranges``."""
    out = np.full(len(corners), np.inf)
    for c in range(len(corners)):
        for q in range(len(points)):
            most = -np.inf
            for k in range(points.shape[1]):
                most = max(most, (points[q, k] - corners[c, k]) / ranges[k])
                if most >= out[c]:
                    break
            out[c] = min(out[c], most)
    return out


@compiled
def _shrink(top: Floats, slope: Floats, L: NDArray[np.int32]) -> Floats:
    out = np.full(len(top), -np.inf)
    for z in range(len(top)):
        for g in range(len(L)):
            least = np.inf
            for d in range(L.shape[1]):
                if slope[z, d] > 0:
                    least = min(least, (top[z, d] - L[g, d]) / slope[z, d])
                if least <= out[z]:
                    break
            out[z] = max(out[z], least)
    return out
