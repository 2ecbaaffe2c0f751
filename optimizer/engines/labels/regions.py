"""Search zones of a list of points, built in one go: local upper bounds (Klamroth, Lacour & Vanderpooten 2015)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.problem import Ints
from optimizer.engines.labels.compiled import compiled
from optimizer.engines.labels.threads import ALONE, Threads, pieces
from optimizer.engines.labels.tree import grow

__all__ = ["coarser", "weighted", "zones"]

PIECE = 1 << 14
"""Zones that are weighted in one go."""
SWEPT = 1 << 9
"""Points that are swept in one go."""


def zones(points: Ints, ceiling: Ints, threads: Threads = ALONE) -> Ints:
    """Zones ``U`` ``(z, p)`` of ``points`` ``(k, p)``, none of which dominates another, as local upper bounds.

    A point strictly below ``ceiling`` ``(p,)`` that no point of the list dominates lies strictly below one of them.

    The points are swept along the last axis: where the sweep stands, the zones of the points behind it are known in the
    other ``p - 1`` dimensions. Each of them ends at the next point that lies in it and is then one zone of all ``p``.

    >>> zones(np.array([[1, 2], [2, 1]]), np.array([9, 9])).tolist()
    [[9, 1], [2, 2], [1, 9]]
    """
    points = points[np.argsort(points[:, -1], kind="stable")]
    U = np.append(ceiling[:-1], -1)[None]
    done = []
    for low, high in pieces(len(points), SWEPT):
        threads.look()
        U, ended = _sweep(points[low:high], U)
        done.append(ended)
    U[:, -1] = ceiling[-1]
    return np.vstack([*done, U])


def coarser(U: Ints, most: int) -> Ints:
    """At most about ``most`` zones that hold all of ``U`` ``(z, p)``: neighbours are merged, so that less is excluded.

    >>> coarser(np.array([[1, 9], [2, 8], [8, 2], [9, 1]]), 2).tolist()
    [[2, 9], [9, 2]]
    """
    if len(U) <= max(1, most):
        return U
    together = -(-len(U) // max(1, most))
    inside: Ints = np.maximum.reduceat(grow(U, U).rows, np.arange(0, len(U), together), axis=0)
    return inside


def weighted(rows: Ints, weights: Ints) -> NDArray[np.int32]:
    """``rows`` ``(z, p)`` in the directions ``weights`` ``(l, p)``; ``(z, l)``."""
    out = np.empty((len(rows), len(weights)), dtype=np.int32)
    for low in range(0, len(rows), PIECE):
        out[low : low + PIECE] = rows[low : low + PIECE] @ weights.T
    return out


@compiled
def _sweep(points: Ints, begun: Ints) -> tuple[Ints, Ints]:
    """Point by point: zones that hold it end there and are split along each axis, less those inside others (eq. 3).

    Only zones whose boundary the point touches can hold a part of a split one, and only along that axis. ``begun`` are
    the zones where the sweep stands, with where each began in the last column; what they become, and those that ended.
    """
    n, p = begun.shape
    U = np.empty((n + 1024, p), np.int64)
    U[:n] = begun
    done = np.empty((1024, p), np.int64)
    ended = 0
    hit = np.empty((1024, p), np.int64)
    touched = np.empty((1024, p), np.int64)
    along = np.empty(1024, np.int64)
    for q in range(len(points)):
        height = points[q, p - 1]
        hits = touches = kept = 0
        for i in range(n):
            equal, axis = 0, -1
            inside = True
            for k in range(p - 1):
                if U[i, k] <= points[q, k]:
                    if U[i, k] < points[q, k] or equal == 1:
                        inside = False
                        break
                    equal, axis = 1, k
            if inside and equal == 0:
                if hits == len(hit):
                    hit = _twice(hit)
                hit[hits] = U[i]
                hits += 1
                if U[i, p - 1] < height:
                    if ended == len(done):
                        done = _twice(done)
                    done[ended] = U[i]
                    done[ended, p - 1] = height
                    ended += 1
                continue
            if inside:
                if touches == len(touched):
                    touched = _twice(touched)
                    along = np.concatenate((along, np.empty_like(along)))
                touched[touches] = U[i]
                along[touches] = axis
                touches += 1
            if kept != i:
                U[kept] = U[i]
            kept += 1
        n = kept
        for k in range(p - 1):
            for a in range(hits):
                spare = False
                for b in range(hits):
                    if a != b and _within(hit, a, hit, b, k, b < a):
                        spare = True
                        break
                for t in range(touches):
                    if spare:
                        break
                    spare = along[t] == k and _within(hit, a, touched, t, k, True)
                if spare:
                    continue
                if n == len(U):
                    U = _twice(U)
                U[n] = hit[a]
                U[n, k] = points[q, k]
                U[n, p - 1] = height
                n += 1
    return U[:n].copy(), done[:ended].copy()


@compiled
def _within(A: Ints, a: int, B: Ints, b: int, axis: int, also_equal: bool) -> bool:
    """Is ``A[a]`` at most ``B[b]`` on all axes but ``axis`` and the last (and less on one, unless equality counts)?"""
    less = also_equal
    for k in range(A.shape[1] - 1):
        if k == axis:
            continue
        if A[a, k] > B[b, k]:
            return False
        if A[a, k] < B[b, k]:
            less = True
    return less


@compiled
def _twice(rows: Ints) -> Ints:
    return np.concatenate((rows, np.empty_like(rows)))
