"""Zones: the part of objective space that may still hold unseen nondominated points.

All objectives are minimised here, in whole quanta. The search region of a list of points is a union of *search zones*
``{y : y < u}``, one for each *local upper bound* ``u`` (Klamroth, Lacour & Vanderpooten, "On the representation of the
search region in multi-objective optimization", EJOR 245, 2015). Every zone also carries a *proven lower corner* ``l``: no
feasible point below ``u`` has ``y_j < l_j`` for any ``j``. So whatever is missing from the list lies in one of the boxes
``l <= y < u``, at any moment, and two figures follow: ε (:meth:`Zones.epsilon`) and the missing hypervolume
(:meth:`Zones.hypervolume_missing`).
"""

from __future__ import annotations

import moocore
import numpy as np
from numpy.typing import NDArray

from models.problem import Floats, Ints

__all__ = ["Zones", "nondominated"]


def nondominated(Y: Ints) -> NDArray[np.intp]:
    """Indices of the nondominated rows of ``Y`` ``(k, p)`` (minimised), one for each distinct point, in their order.

    >>> nondominated(np.array([[1, 3], [2, 2], [2, 3], [1, 3]])).tolist()
    [0, 1]
    """
    if len(Y) == 0:
        return np.zeros(0, dtype=np.intp)
    _, first = np.unique(Y, axis=0, return_index=True)
    first.sort()
    keep = moocore.is_nondominated(Y[first].astype(np.float64), keep_weakly=False)
    chosen: NDArray[np.intp] = first[keep]
    return chosen


class Zones:
    """Local upper bounds ``U`` ``(z, p)`` with proven lower corners ``L`` ``(z, p)`` over a growing list of points.

    Args:
        ceiling: ``(p,)`` a strict upper bound of every feasible point.
        floor: ``(p,)`` a lower bound of every feasible point.
    """

    def __init__(self, ceiling: Ints, floor: Ints) -> None:
        self.ceiling = ceiling.astype(np.int64)
        self.U: Ints = self.ceiling[None].copy()
        self.L: Ints = floor.astype(np.int64)[None].copy()
        self.tries: Ints = np.zeros(1, dtype=np.int64)
        self.stalled_U: Ints = np.zeros((0, len(ceiling)), dtype=np.int64)
        self.stalled_L: Ints = np.zeros((0, len(ceiling)), dtype=np.int64)
        self.points: Ints = np.zeros((0, len(ceiling)), dtype=np.int64)
        self.ranges: Floats = np.ones(len(ceiling))
        self._proofs: list[tuple[Ints, int, int]] = []
        self._gaps: Floats = np.full(1, np.inf)
        self._fresh = np.zeros(1, dtype=bool)

    def __len__(self) -> int:
        return len(self.U)

    def add(self, y: Ints) -> bool:
        """Add a feasible point ``(p,)``; split the zones that hold it. Returns whether it was new and not dominated.

        A zone ``u`` with ``y < u`` gives way to the ``p`` zones that have one coordinate of ``u`` replaced by that of
        ``y``; of these only the maximal ones, among all zones, are kept (equation 3 of the paper). Earlier proofs are
        applied to them, so that a part of a zone that was closed does not come back.
        """
        if np.any(np.all(self.points <= y, axis=1)):
            return False
        self.points = np.vstack([self.points, y])
        self._gaps = np.minimum(self._gaps, self._gap(y, self.L))
        hit = np.all(y < self.U, axis=1)
        if not hit.any():
            return True
        p = len(y)
        U, L = np.repeat(self.U[hit], p, axis=0), np.repeat(self.L[hit], p, axis=0)
        axis = np.tile(np.arange(p), int(hit.sum()))
        U[np.arange(len(U)), axis] = y[axis]
        self._keep(~hit)
        for u, k, bound in self._proofs:
            others = np.arange(p) != k
            inside = np.all(U[:, others] <= u[others], axis=1)
            L[inside, k] = np.maximum(L[inside, k], bound)
        alive = np.all(L < U, axis=1)
        U, L = U[alive], L[alive]
        keep = maximal(U, self.U)
        self.U, self.L = np.vstack([self.U, U[keep]]), np.vstack([self.L, L[keep]])
        born = int(keep.sum())
        self.tries = np.concatenate([self.tries, np.zeros(born, dtype=np.int64)])
        self._gaps = np.concatenate([self._gaps, np.full(born, np.inf)])
        self._fresh = np.concatenate([self._fresh, np.zeros(born, dtype=bool)])
        return True

    def raise_floor(self, u: Ints, axis: int, bound: int) -> int:
        """Enter a proof: no feasible point with ``y_j < u_j`` for all ``j != axis`` has ``y_axis < bound``.

        Raises the corners of all zones that this concerns, drops those that become empty, and returns how many rose.
        """
        self._proofs.append((u, axis, bound))
        others = np.arange(len(u)) != axis
        inside = np.all(self.U[:, others] <= u[others], axis=1) & (self.L[:, axis] < bound)
        self.L[inside, axis] = bound
        self._fresh[inside] = False
        self._keep(~(inside & (self.U[:, axis] <= bound)))
        return int(inside.sum())

    def stall(self, u: Ints, corner: Ints) -> None:
        """Set the box ``corner <= y < u`` aside for good, because a solve for it failed.

        It stays open, whatever later answers of the same solver claim.
        """
        self.stalled_U = np.vstack([self.stalled_U, u])
        self.stalled_L = np.vstack([self.stalled_L, corner])
        self._keep(~np.all(self.U == u, axis=1))

    def measure(self, points: Ints, ranges: Floats) -> None:
        """Count ε from here on by these ``points`` ``(k, p)`` and ``ranges`` ``(p,)``: the final list."""
        self.points, self.ranges = points, ranges
        self._gaps[:] = np.inf
        self._fresh[:] = False

    def widen(self, ranges: Floats) -> None:
        """State the ranges ``(p,)`` by which ε is counted; they never shrink."""
        self.ranges = np.maximum(self.ranges, ranges)
        self._fresh[:] = False

    def worst(self, allowed: NDArray[np.bool_]) -> int | None:
        """Index of the allowed zone with the largest ε, halved for every time it was tried in vain; ``None`` if none."""
        if not allowed.any():
            return None
        while True:
            weight = np.where(allowed, self._gaps * 0.5**self.tries, -1.0)
            index = int(weight.argmax())
            if self._fresh[index]:
                return index
            self._refresh(index)

    def epsilon(self) -> float:
        """ε of the list: the largest over all open zones, 0 if none is open, ``inf`` as long as the list is empty.

        For a box with lower corner ``l`` it is ``min over points z of max_j (z_j - l_j) / range_j``, at least 0 (additive
        ε indicator of Zitzler et al. 2003 against the box, in shares of the range).
        """
        while len(self._gaps) and not self._fresh[index := int(self._gaps.argmax())]:
            self._refresh(index)
        stalled = [self._gap_to_list(corner) for corner in self.stalled_L]
        return float(max(self._gaps.max(initial=0.0), max(stalled, default=0.0)))

    def boxes(self) -> tuple[Ints, Ints, Floats, NDArray[np.bool_]]:
        """All open boxes: lower corners, upper bounds, ε, and whether each was set aside by a failed solve."""
        L, U = np.vstack([self.L, self.stalled_L]), np.vstack([self.U, self.stalled_U])
        gaps = np.array([self._gap_to_list(corner) for corner in L], dtype=np.float64)
        return L, U, gaps, np.arange(len(L)) >= len(self.L)

    def hypervolume_missing(self, reference: Ints) -> float:
        """Upper bound of the share of the complete front's hypervolume that the list lacks, against ``reference`` ``(p,)``.

        Every missing point is weakly dominated by some box's lower corner, so the list with these corners has at least
        the hypervolume ``H`` of the complete front; the share is ``(H - h) / H`` with ``h`` that of the list alone.
        """
        L = self.boxes()[0]
        if len(L) == 0:
            return 0.0
        L = L[nondominated(L)]
        h = hypervolume(self.points, reference)
        H = hypervolume(np.vstack([self.points, L]), reference)
        return min(1.0, max(0.0, (H - h) / H)) if H > 0 else 0.0

    def _keep(self, mask: NDArray[np.bool_]) -> None:
        self.U, self.L, self.tries = self.U[mask], self.L[mask], self.tries[mask]
        self._gaps, self._fresh = self._gaps[mask], self._fresh[mask]

    def _refresh(self, index: int) -> None:
        self._gaps[index] = self._gap_to_list(self.L[index])
        self._fresh[index] = True

    def _gap(self, y: Ints, L: Ints) -> Floats:
        gap: Floats = np.max((y - L) / self.ranges, axis=1, initial=0.0)
        return gap

    def _gap_to_list(self, corner: Ints) -> float:
        if len(self.points) == 0:
            return np.inf
        return float(max(0.0, np.min(np.max((self.points - corner) / self.ranges, axis=1))))


def hypervolume(Y: Ints, reference: Ints) -> float:
    """Hypervolume of the rows of ``Y`` ``(k, p)`` (minimised) against ``reference`` ``(p,)``.

    >>> hypervolume(np.array([[0, 1], [1, 0]]), np.array([2, 2]))
    3.0
    """
    inside = Y[np.all(Y < reference, axis=1)]
    if len(inside) == 0:
        return 0.0
    return float(moocore.hypervolume(inside.astype(np.float64), ref=reference.astype(np.float64)))


def maximal(U: Ints, rest: Ints) -> NDArray[np.bool_]:
    """Which rows of ``U`` ``(k, p)`` lie below no other row of ``U`` or ``rest`` (of equal rows the first is kept)."""
    if len(U) == 0:
        return np.zeros(0, dtype=bool)
    covered = np.zeros(len(U), dtype=bool)
    for start in range(0, len(rest), 4096):
        part = rest[start : start + 4096]
        covered |= np.any(np.all(U[:, None, :] <= part[None, :, :], axis=2), axis=1)
    below = np.all(U[:, None, :] <= U[None, :, :], axis=2)
    equal = below & below.T
    earlier = equal & (np.arange(len(U))[None, :] < np.arange(len(U))[:, None])
    covered |= np.any(below & ~equal, axis=1) | np.any(earlier, axis=1)
    keep: NDArray[np.bool_] = ~covered
    return keep
