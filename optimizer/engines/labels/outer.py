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
from optimizer.engines.labels import reach
from optimizer.engines.labels.regions import weighted
from optimizer.engines.labels.tree import Tree, grow, spared
from optimizer.engines.zones import hypervolume

__all__ = ["Outer", "Shells", "closed", "gathered", "merged", "most_hypervolume"]

GROUPS = 64
"""Shells kept of one set of labels."""
ALONE = 1 << 14
"""Most shells that count as boxes of their own, where no zones are built."""
EFFORT = 1 << 19
"""Nodes visited in the trees of shells for all zones together, about, in each of several turns."""
TURNS, FEWER = 3, 16
"""Each turn looks this many times more closely at this many times fewer zones: those with the largest ε."""
ROWS = {2: 1 << 20, 3: 1 << 18, 4: 10_000, 5: 3_000, 6: 400, 7: 100}
"""Objectives to the number of points whose hypervolume takes a fraction of a second."""


@dataclass(frozen=True, eq=False)
class Shells:
    """Least bounds ``L`` ``(g, l)`` of ``g`` groups of labels in the directions ``weights`` ``(l, p)``, in units of
    ``2**shift`` ``(p,)``; ``tree`` holds them negated."""

    tree: Tree
    weights: Ints
    shift: Ints

    @classmethod
    def of(cls, L: NDArray[np.int32], weights: Ints, shift: Ints) -> Shells:
        return cls(grow(-L, -L), weights, shift)

    @property
    def nbytes(self) -> int:
        return self.tree.rows.nbytes + self.tree.tops.nbytes + self.tree.order.nbytes


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
    return reach.closed(weighted((U - 1) >> shells.shift, shells.weights), shells.tree)


def most_hypervolume(Y: Ints, reference: Ints) -> float:
    """Hypervolume of the rows of ``Y`` ``(k, p)`` (minimised) against ``reference`` ``(p,)``, or more.

    Where an exact figure would take long, neighbours count as the one point at their corner.

    >>> most_hypervolume(np.array([[0, 1], [1, 0]]), np.array([2, 2]))
    3.0
    """
    Y = Y[np.all(Y < reference, axis=1)]
    if len(Y) > (most := ROWS[len(reference)]):
        tree = grow(-Y, -Y)
        rows = Y[tree.order[spared(tree)[tree.order]]]
        together = -(-len(rows) // most)
        Y = np.minimum.reduceat(rows, np.arange(0, len(rows), together), axis=0)
    return hypervolume(Y, reference)


class Outer:
    """What is open around a list of ``points`` ``(k, p)``, known from the ``shells`` of every pass.

    All figures are costs counted from ``offset``. ``U`` ``(z, p)`` are the list's zones that may be open, or ``None``
    where there are too many to build; then each shell stands for the box above its own corner.
    """

    def __init__(self, points: Ints, U: Ints | None, shells: list[Shells], ceiling: Ints, offset: Ints) -> None:
        self.points, self.shells, self.ceiling, self.offset = points, shells, ceiling, offset
        self.ranges: Floats = np.ones(len(offset))
        self._U = U
        self._known: tuple[Floats, Ints, Ints] | None = None

    def measure(self, ranges: Floats) -> None:
        """State the ranges ``(p,)`` by which ε is counted."""
        self.ranges, self._known = ranges, None

    def epsilon(self) -> float:
        """ε of the list, in shares of the ranges; ``inf`` where nothing bounds it."""
        gaps, _, _ = self._open()
        return float(gaps.max(initial=0.0))

    def hypervolume_missing(self, reference: Ints) -> float:
        """Upper bound of the share of the complete front's hypervolume, against ``reference``, that the list lacks.

        A missing point lies above the corner of an open box, so that list and corners together dominate at least what
        the complete front dominates.
        """
        _, corners, _ = self._open()
        if not len(corners):
            return 0.0
        reference = reference - self.offset
        have = hypervolume(_largest(self.points, reference), reference)
        most = most_hypervolume(np.vstack([self.points, corners]), reference)
        return min(1.0, max(0.0, 1.0 - have / most) + 1e-12) if most > 0 else 0.0

    @property
    def count(self) -> int:
        """How many boxes are open."""
        return len(self._open()[0])

    def boxes(self, most: int | None = None) -> list[Box]:
        """Open boxes, the largest ε first; the first so many at ``most``."""
        gaps, corners, bounds = self._open()
        corners, bounds = corners + self.offset, bounds + self.offset
        order = np.argsort(-gaps, kind="stable")[:most].tolist()
        return [Box(float(gaps[b]), corners[b], bounds[b], "not followed to the end") for b in order]

    def _open(self) -> tuple[Floats, Ints, Ints]:
        """ε ``(b,)``, corner and upper bound ``(b, p)`` of every open box."""
        if self._known is None:
            if not self.shells:
                none = np.zeros((0, len(self.offset)), dtype=np.int64)
                self._known = np.zeros(0), none, none
            elif self._U is None:
                corners = self._shell_corners()
                gaps = self._beyond(np.full(len(corners), np.inf), corners)
                self._known = gaps, corners, np.repeat(self.ceiling[None], len(corners), axis=0)
            else:
                self._known = self._open_zones(self._U)
        return self._known

    def _open_zones(self, U: Ints) -> tuple[Floats, Ints, Ints]:
        """ε of a zone ``(b,)`` is how far the nearest point is from its corner, or, if less, how far it must shrink to
        leave every shell of a pass."""
        gaps, corners = np.full(len(U), np.inf), np.zeros_like(U)
        some = np.arange(len(U))
        share = EFFORT // max(1, len(U)) // len(self.shells)
        for _ in range(TURNS):
            near, below, zones = gaps[some], corners[some], U[some]
            for part in reversed(self.shells):
                below = reach.corners(below, zones, part.tree, part.weights, part.shift, share)
                if len(self.points):
                    near = self._shrunk(near, zones, part, share)
            gaps[some], corners[some] = self._beyond(near, below), below
            some = np.sort(np.argsort(-gaps, kind="stable")[: len(some) // FEWER])
            share *= FEWER
        inside = np.all(corners < U, axis=1)
        return gaps[inside], corners[inside], U[inside]

    def _beyond(self, gaps: Floats, corners: Ints) -> Floats:
        """The least of ``gaps`` ``(b,)`` and of how far the nearest point is beyond each corner, from 0 on."""
        points = -self.points / self.ranges
        gaps = np.maximum(reach.nearest(gaps, corners / self.ranges, grow(points, points)), 0.0)
        rounding = 4 * np.finfo(np.float64).eps * np.abs(points).max(initial=0.0)
        return np.where(gaps > 0, gaps + rounding, 0.0)

    def _shrunk(self, most: Floats, bounds: Ints, part: Shells, share: int) -> Floats:
        """ε ``(b,)`` by which each zone must shrink until no shell of a pass reaches into it, or ``most`` ``(b,)``.

        Where a zone is not bounded, its points are below the ceiling whatever ε is.
        """
        weights = part.weights / 2.0**part.shift  # floor(y / unit) <= y / unit
        bounded = bounds < self.ceiling
        top = np.where(bounded, bounds, self.ceiling - 1) @ weights.T
        slope = np.where(bounded, self.ranges, 0.0) @ weights.T
        return reach.shrunk(most, top, slope, part.tree, share)

    def _shell_corners(self) -> Ints:
        """Least costs of the points of each shell of the last pass ``(g, p)``; the directions are the axes."""
        part = self.shells[-1]
        L = -part.tree.rows
        while len(L) > ALONE:
            L = merged(L)
        weights = np.diag(part.weights)
        corners: Ints = np.maximum(-(-L.astype(np.int64) // weights), 0) << part.shift
        return corners


def _largest(Y: Ints, reference: Ints) -> Ints:
    """Those rows of ``Y`` ``(k, p)`` that dominate the most, few enough for their hypervolume."""
    volumes = np.prod(np.maximum(reference - Y, 0).astype(np.float64), axis=1)
    return Y[np.argsort(-volumes, kind="stable")[: ROWS[len(reference)]]]
