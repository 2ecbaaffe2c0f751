"""Zones: the part of objective space that may still hold unseen nondominated points.

All objectives are minimised here, in whole quanta. The search region of a list of points is a union of *search zones*
``{y : y < u}``, one for each *local upper bound* ``u`` (Klamroth, Lacour & Vanderpooten, "On the representation of the
search region in multi-objective optimization", EJOR 245, 2015). Every answer of a solver is kept as a *proof* ``w``: no
feasible point has ``y < w`` (in every coordinate). So whatever is missing from the list lies in a zone and below no
proof, at any moment, and two figures follow: ε (:meth:`Zones.epsilon`) and the missing hypervolume
(:meth:`Zones.hypervolume_missing`).

A coordinate of ``u`` or ``w`` that is not bounded equals the *ceiling*, a strict upper bound of every feasible point.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import moocore
import numpy as np
from numpy.typing import NDArray

from models.problem import Floats, Ints
from optimizer.engines.found import Box

__all__ = ["Zones", "nondominated"]


STATE = ("U", "W", "tries", "points", "ranges")
"""What zones are made of."""
MOST = {6: 500, 7: 200}
"""Objectives to the number of points whose hypervolume is exact within seconds."""


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
    """Local upper bounds ``U`` ``(z, p)`` over a list of nondominated points ``(k, p)``, with proofs ``W`` ``(w, p)``.

    Args:
        ceiling: ``(p,)`` a strict upper bound of every feasible point.
        floor: ``(p,)`` a lower bound of every feasible point.
    """

    def __init__(self, ceiling: Ints, floor: Ints) -> None:
        p = len(ceiling)
        self.ceiling, self.floor = ceiling.astype(np.int64), floor.astype(np.int64)
        self.U: Ints = self.ceiling[None].copy()
        self.W: Ints = np.zeros((0, p), dtype=np.int64)
        self.tries: Ints = np.zeros(1, dtype=np.int64)
        self.points: Ints = np.zeros((0, p), dtype=np.int64)
        self.ranges: Floats = np.ones(p)
        self.aside: list[tuple[Ints, Ints]] = []
        """Boxes ``(corner, u)`` set aside because a solve for them failed."""
        self._gaps: Floats = np.full(1, np.inf)
        for k in range(p):
            self.prove(np.where(np.arange(p) == k, self.floor, self.ceiling))

    def __len__(self) -> int:
        return len(self.U)

    def add(self, y: Ints) -> bool:
        """Add a feasible point ``(p,)``; split the zones that hold it. Returns whether it was new and not dominated.

        A zone ``u`` with ``y < u`` gives way to the ``p`` zones that have one coordinate of ``u`` replaced by that of
        ``y``; of these only the maximal ones, among all zones, are kept (equation 3 of the paper), and of those only
        the ones that no proof closes.
        """
        if np.any(np.all(self.points <= y, axis=1)):
            return False
        self.points = np.vstack([self.points[~np.all(y <= self.points, axis=1)], y])
        self._split(y)
        return True

    def reopen(self, u: Ints) -> None:
        """Make ``u``, set aside in the meantime, a search zone again, split by the points that were added since."""
        gaps = self._gaps_of(u[None])
        if gaps[0] <= 0:
            return
        self.U, self._gaps = np.vstack([self.U, u]), np.append(self._gaps, gaps)
        self.tries = np.append(self.tries, 0)
        for y in self.points[np.all(self.points < u, axis=1)]:
            self._split(y)

    def _split(self, y: Ints) -> None:
        hit = np.all(y < self.U, axis=1)
        p = len(y)
        U = np.repeat(self.U[hit], p, axis=0)
        axis = np.tile(np.arange(p), int(hit.sum()))
        U[np.arange(len(U)), axis] = y[axis]
        self._keep(~hit)
        U = U[maximal(U, self.U)]
        gaps = self._gaps_of(U)
        U, gaps = U[gaps > 0], gaps[gaps > 0]
        self.U, self._gaps = np.vstack([self.U, U]), np.concatenate([self._gaps, gaps])
        self.tries = np.concatenate([self.tries, np.zeros(len(U), dtype=np.int64)])

    def prove(self, w: Ints) -> bool:
        """Enter a proof that no feasible point has ``y < w`` ``(p,)``. Returns whether it says anything new."""
        if np.any(np.all(self.W >= w, axis=1)):
            return False
        self.W = np.vstack([self.W[~np.all(self.W <= w, axis=1)], w])
        self._gaps = np.minimum(self._gaps, self._gap(self.U, w))
        self._keep(self._gaps > 0)
        return True

    def proof(self, U: Ints, depth: Floats) -> Ints:
        """That no feasible point lies deeper than ``depth`` in zones ``U``, as proofs; ``(..., p)`` all of them."""
        return np.where(self.ceiling > U, not_below(U, depth), self.ceiling)

    def corner(self, u: Ints) -> Ints:
        """The best proven lower bound, axis by axis, of the feasible points below ``u``; ``(p,)``."""
        corner = self.floor.copy()
        for k in range(len(u)):
            others = np.arange(len(u)) != k
            proofs = self.W[np.all(self.W[:, others] >= u[others], axis=1), k]
            corner[k] = max(corner[k], proofs.max(initial=corner[k]))
        return corner

    def stall(self, u: Ints, corner: Ints) -> None:
        """Set the box ``corner <= y < u`` aside for good, because a solve for it failed.

        It stays open, whatever later answers of the same solver claim.
        """
        self.aside.append((corner, u))
        self._keep(~np.all(self.U == u, axis=1))

    def drop(self, closed: NDArray[np.bool_]) -> None:
        """Leave out those zones ``(z,)`` of which it is proved elsewhere that nothing lies in them."""
        self._keep(~closed)

    def measure(self, ranges: Floats) -> None:
        """State the ranges ``(p,)`` by which ε is counted."""
        if not np.array_equal(ranges, self.ranges):
            self.ranges = ranges
            self._gaps = self._gaps_of(self.U)

    def state(self) -> dict[str, NDArray[Any]]:
        """The arrays from which :meth:`restore` makes the same zones again; boxes set aside are not among them."""
        return {name: getattr(self, name).copy() for name in STATE}

    def restore(self, state: Mapping[str, NDArray[Any]]) -> None:
        """Take over the :meth:`state` of other zones of the same problem."""
        for name in STATE:
            setattr(self, name, state[name])
        self._gaps = self._gaps_of(self.U)

    def gaps(self) -> Floats:
        """ε of each active zone ``(z,)``; ``inf`` where nothing bounds it.

        For every feasible ``y`` the list holds a point at most ``ε`` of the ranges ``r`` worse in every objective if
        and only if no zone has a feasible ``y < u - ε r``. A proof ``w`` shows that for ``ε = max_j (u_j - w_j) /
        r_j``; the least over all counts. On an axis where ``u`` is not bounded, ``w`` must not be either.
        """
        return self._gaps

    def epsilon(self) -> float:
        """ε of the list, in shares of the ranges: the largest over all open zones and boxes set aside.

        A box set aside is no longer split by new points; the distance of the list to its corner ``l`` counts there:
        ``min_z max_j (z_j - l_j) / r_j``.
        """
        aside = [self.gap_to_list(corner) for corner, _ in self.aside]
        return float(max(self._gaps.max(initial=0.0), max(aside, default=0.0)))

    def gap_to_list(self, corner: Ints) -> float:
        """ε by which the nearest listed point misses ``corner`` ``(p,)``; ``inf`` as long as the list is empty."""
        if len(self.points) == 0:
            return np.inf
        return float(max(0.0, np.min(np.max((self.points - corner) / self.ranges, axis=1))))

    @property
    def count(self) -> int:
        """How many zones and boxes set aside are open."""
        return len(self) + len(self.aside)

    def boxes(self, most: int | None = None) -> list[Box]:
        """Open zones and boxes set aside, the largest ε first; the first so many at ``most``."""
        boxes = [
            Box(float(self._gaps[i]), self.corner(self.U[i]), self.U[i], "not searched to the end")
            for i in np.argsort(-self._gaps, kind="stable")[:most]
        ]
        boxes += [Box(self.gap_to_list(corner), corner, u, "a solve failed here") for corner, u in self.aside]
        return sorted(boxes, key=lambda box: -box.epsilon)[:most]

    def worst(self, allowed: NDArray[np.bool_]) -> int | None:
        """Index of the allowed zone with the largest ε, halved for every time it was tried in vain; ``None`` if
        none."""
        if not allowed.any():
            return None
        return int(np.where(allowed, self._gaps * 0.5**self.tries, -1.0).argmax())

    def hypervolume_missing(self, reference: Ints) -> float:
        """Upper bound of the share of the complete front's hypervolume, against ``reference``, that the list lacks.

        What the complete front dominates lies in the box from the proven ideal point to the reference and below no
        proof. With the box's volume ``B``, the volume ``P`` of what this excludes and the list's hypervolume ``h`` the
        share is at most ``(B - P - h) / (B - P)``, also with lower bounds of ``P`` and ``h``. Whatever lies above the
        corner of a box set aside is not counted in ``P``.
        """
        ideal = np.min([self.corner(self.ceiling), *(corner for corner, _ in self.aside)], axis=0)
        B = float(np.prod((reference - ideal).astype(np.float64)))
        P = hypervolume(-np.minimum(self.W, reference), -ideal)
        lost = sum(float(np.prod(np.maximum(reference - corner, 0).astype(np.float64))) for corner, _ in self.aside)
        outer = min(B, B - P + lost)
        return min(1.0, max(0.0, 1.0 - hypervolume(self.points, reference) / outer)) if outer > 0 else 0.0

    def _keep(self, mask: NDArray[np.bool_]) -> None:
        self.U, self.tries, self._gaps = self.U[mask], self.tries[mask], self._gaps[mask]

    def _gap(self, U: Ints, w: Ints) -> Floats:
        short = (U - w) / self.ranges
        gap: Floats = np.max(np.where((self.ceiling == U) & (self.ceiling > w), np.inf, short), axis=-1)
        return np.maximum(gap, 0.0)

    def _gaps_of(self, U: Ints) -> Floats:
        gaps: Floats = np.full(len(U), np.inf)
        for start in range(0, len(self.W), 256):
            part = self.W[start : start + 256]
            gaps = np.minimum(gaps, self._gap(U[:, None, :], part[None, :, :]).min(axis=1))
        return gaps


def hypervolume(Y: Ints, reference: Ints) -> float:
    """Hypervolume of the rows of ``Y`` ``(k, p)`` (minimised) against ``reference`` ``(p,)``.

    With 6 or 7 objectives and more than :data:`MOST` rows it is that of the largest single ones: a lower bound.

    >>> hypervolume(np.array([[0, 1], [1, 0]]), np.array([2, 2]))
    3.0
    """
    inside = Y[np.all(Y < reference, axis=1)]
    if len(inside) == 0:
        return 0.0
    if len(inside) > (most := MOST.get(len(reference), len(inside))):
        volumes = np.prod((reference - inside).astype(np.float64), axis=1)
        inside = inside[np.argsort(-volumes, kind="stable")[:most]]
    return float(moocore.hypervolume(inside.astype(np.float64), ref=reference.astype(np.float64)))


def not_below(u: Ints, depth: Floats) -> Ints:
    """A ``w`` ``(p,)`` for which every whole ``y < w`` lies below ``u - depth``; as a rule the largest.

    ``depth`` may be wrong by a share of 1e-12 and by 1e-6 quanta, however large ``u`` is.

    >>> not_below(np.array([10**15, 8]), np.array([2.5, 3.0])).tolist()
    [999999999999998, 5]
    """
    below: Ints = u - np.floor(depth * (1 + 1e-12) + 1e-6).astype(np.int64)
    return below


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
