"""Reach: how far the *shells* of a pass (:mod:`.outer`) reach into zones of objective space.

A shell ``L`` ``(l,)`` holds every ``y`` with ``λ·y >= L_λ`` in all directions ``λ``. Shells stand in a tree whose nodes
hold the least of each bound: what a node's bounds say is true for all shells below it, only weaker. A branch is left as
soon as it can no longer change the answer, and once a zone has visited its ``share`` of nodes those that are left
answer for their shells. So an answer takes little time however many shells and zones there are, and never claims more
than the shells do.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.problem import Floats, Ints
from optimizer.engines.labels.compiled import compiled
from optimizer.engines.labels.tree import STACK, Tree, first_cover

__all__ = ["closed", "corners", "nearest", "shrunk"]

LEAST = 4
"""Nodes that each zone may visit at least."""
ROUNDED = 1 + 1e-9
"""ε is stated a little larger than reckoned, which outweighs every rounding error."""


def closed(inside: NDArray[np.int32], shells: Tree) -> NDArray[np.bool_]:
    """Which zones no shell reaches into; ``(z,)``. ``inside`` ``(z, l)`` are their largest weighted costs."""
    return _closed(shells.rows, shells.tops, -inside)


def shrunk(most: Floats, top: Floats, slope: Floats, shells: Tree, share: int) -> Floats:
    """By which ε each zone must shrink until no shell reaches into it, or ``most`` ``(z,)`` where that is less.

    ``y < u - ε r`` and ``λ·y >= L`` contradict each other from ``ε = (λ·u - L) / λ·r`` on. ``top`` ``(z, l)`` is
    ``λ·u``, ``slope`` ``(z, l)`` is ``λ·r``; the axes on which a zone is not bounded add nothing to it.
    """
    if not len(shells.rows):
        return np.full(len(most), -np.inf)
    return _shrunk(most, top, slope, shells.rows, shells.tops, max(LEAST, share))


def corners(least: Ints, U: Ints, shells: Tree, weights: Ints, shift: Ints, share: int) -> Ints:
    """The best lower bound ``(z, p)``, axis by axis, of the points of shells below ``U`` ``(z, p)``, or ``least``
    ``(z, p)`` where that is better. Where no shell reaches into a zone it is ``U``.

    ``λ·y >= L`` and ``y <= u - 1`` on the other axes leave ``y_k >= u_k - 1 - (λ·(u - 1) - L) / λ_k``.
    """
    return _corners(least, U, shells.rows, shells.tops, weights, shift, max(LEAST, share))


def nearest(most: Floats, corners: Floats, points: Tree) -> Floats:
    """For each corner the least, over all points, of the largest coordinate of ``point - corner``, or ``most`` ``(c,)``
    where that is less. ``points`` holds them negated."""
    return _nearest(most, corners, points.rows, points.tops)


@compiled
def _closed(rows: NDArray[np.int32], tops: NDArray[np.int32], wanted: NDArray[np.int32]) -> NDArray[np.bool_]:
    out = np.ones(len(wanted), np.bool_)
    hot = np.zeros(1, np.int64)
    stack = np.empty(STACK, np.int64)
    witness = -1
    for z in range(len(wanted)):
        at = first_cover(rows, tops, wanted[z], witness, hot, stack)
        if at >= 0:
            out[z] = False
            witness = at
    return out


@compiled
def _shrunk(
    most: Floats, top: Floats, slope: Floats, rows: NDArray[np.int32], tops: NDArray[np.int32], share: int
) -> Floats:
    n, leaves = len(rows), len(tops) // 2
    out = np.empty(len(top))
    stack = np.empty(STACK, np.int64)
    last = 0
    for z in range(len(top)):
        best = _short(rows[last], top[z], slope[z], -np.inf)
        stack[0] = 1
        size = 1
        left = share
        while size > 0 and best < most[z]:
            size -= 1
            at = stack[size]
            short = _short(tops[at], top[z], slope[z], best)
            left -= 1
            if short <= best:
                continue
            if left <= 0:
                best = short
            elif at < leaves:
                stack[size] = 2 * at + 1
                stack[size + 1] = 2 * at
                size += 2
            else:
                for i in range((at - leaves) * n // leaves, (at - leaves + 1) * n // leaves):
                    short = _short(rows[i], top[z], slope[z], best)
                    if short > best:
                        best = short
                        last = i
        out[z] = min(most[z], best)
    return out


@compiled
def _short(row: NDArray[np.int32], top: Floats, slope: Floats, enough: float) -> float:
    """ε from which on the shell ``-row`` leaves a zone, or anything up to ``enough``."""
    least = np.inf
    for d in range(len(row)):
        if slope[d] > 0:
            least = min(least, (top[d] + row[d]) / slope[d])
        if least <= enough:
            break
    return least * ROUNDED + 1e-12 if least > 0 else least


@compiled
def _corners(
    least: Ints, U: Ints, rows: NDArray[np.int32], tops: NDArray[np.int32], weights: Ints, shift: Ints, share: int
) -> Ints:
    n, leaves = len(rows), len(tops) // 2
    p, directions = U.shape[1], len(weights)
    out = U.copy()
    each = np.full((p, directions), np.inf)  # 1 / λ_k
    for d in range(directions):
        for k in range(p):
            if weights[d, k] > 0:
                each[k, d] = 1.0 / weights[d, k]
    inside = np.empty(directions, np.int64)
    corner = np.empty(p, np.int64)
    stack = np.empty(STACK, np.int64)
    last = 0
    for z in range(len(U) if n else 0):
        for d in range(directions):
            inside[d] = 0
            for k in range(p):
                inside[d] += weights[d, k] * ((U[z, k] - 1) >> shift[k])
        if _corner(rows[last], inside, U[z], each, shift, corner):
            out[z] = np.minimum(out[z], corner)
        stack[0] = 1
        size = 1
        left = share
        while size > 0 and _lower(least[z], out[z]):
            size -= 1
            at = stack[size]
            left -= 1
            if not _corner(tops[at], inside, U[z], each, shift, corner) or not _lower(
                np.maximum(corner, least[z]), out[z]
            ):
                continue
            if left <= 0:
                out[z] = np.minimum(out[z], corner)
            elif at < leaves:
                stack[size] = 2 * at + 1
                stack[size + 1] = 2 * at
                size += 2
            else:
                for i in range((at - leaves) * n // leaves, (at - leaves + 1) * n // leaves):
                    if _corner(rows[i], inside, U[z], each, shift, corner) and _lower(
                        np.maximum(corner, least[z]), out[z]
                    ):
                        out[z] = np.minimum(out[z], corner)
                        last = i
    return np.maximum(out, least)


@compiled
def _corner(row: NDArray[np.int32], inside: Ints, u: Ints, each: Floats, shift: Ints, corner: Ints) -> bool:
    """Write the ``corner`` of the shell ``-row`` below ``u``; does it reach there?"""
    for d in range(len(row)):
        if inside[d] + row[d] < 0:
            return False
    for k in range(len(u)):
        room = np.inf
        for d in range(len(row)):
            if each[k, d] < np.inf:
                room = min(room, (inside[d] + row[d]) * each[k, d])
        top = (u[k] - 1) >> shift[k]
        if room < top:
            corner[k] = (top - np.int64(room * (1 + 1e-15) + 1e-9)) << shift[k]  # rounded down
        else:
            corner[k] = 0
    return True


@compiled
def _lower(a: Ints, b: Ints) -> bool:
    """Is ``a`` less than ``b`` on any axis?"""
    lower = False
    for k in range(len(a)):
        lower |= a[k] < b[k]
    return lower


@compiled
def _nearest(most: Floats, corners: Floats, rows: Floats, tops: Floats) -> Floats:
    n, leaves = len(rows), len(tops) // 2
    out = most.copy()
    stack = np.empty(STACK, np.int64)
    last = 0
    for c in range(len(corners) if n else 0):
        out[c] = min(out[c], _beyond(rows[last], corners[c], out[c]))
        stack[0] = 1
        size = 1
        while size > 0:
            size -= 1
            at = stack[size]
            if _beyond(tops[at], corners[c], out[c]) >= out[c]:
                continue
            if at < leaves:
                stack[size] = 2 * at + 1
                stack[size + 1] = 2 * at
                size += 2
                continue
            for i in range((at - leaves) * n // leaves, (at - leaves + 1) * n // leaves):
                beyond = _beyond(rows[i], corners[c], out[c])
                if beyond < out[c]:
                    out[c] = beyond
                    last = i
    return out


@compiled
def _beyond(row: Floats, corner: Floats, enough: float) -> float:
    """The largest coordinate of ``-row - corner``, or anything from ``enough`` on."""
    most = -np.inf
    for k in range(len(row)):
        most = max(most, -row[k] - corner[k])
        if most >= enough:
            break
    return most
