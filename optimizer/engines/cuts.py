"""Cuts: inequalities that every portfolio satisfies and that cut fractional solutions off, and directions to seek them
along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np
import scipy.sparse as sp

from models.problem import Floats, Ints, Problem

__all__ = ["DEEP", "DUST", "Cuts", "apart", "directions", "extended", "joined", "none", "safe", "stacked"]

DEEP = 1e-3
"""A cut is worth a row if it is missed by this much for each unit of its figures' Euclidean length."""
PARALLEL = 0.7
"""Cosine of the angle between two cuts of which the less deep one is left out."""
LOOSE = 1e-7
"""Every right side is loosened by this share of what the terms of the row can add up to, for rounding errors."""
DUST = 1e-4
"""Figures smaller than this share of a cut's largest are left out."""


@dataclass(frozen=True, eq=False)
class Cuts:
    """``A x <= upper`` for every feasible ``x``; ``A`` is ``(c, n)``, ``upper`` ``(c,)``."""

    A: sp.csr_array
    upper: Floats

    def __len__(self) -> int:
        return len(self.upper)


def none(problem: Problem) -> Cuts:
    """No cuts of ``problem``."""
    return Cuts(sp.csr_array((0, len(problem.columns))), np.zeros(0))


def directions(p: int) -> Floats:
    """Weights ``(d, p)``: all objectives, all with one of them tripled, each alone, and each pair."""
    eye = np.eye(p)
    pairs = [eye[i] + eye[j] for i, j in combinations(range(p), 2)] if p > 2 else []
    fan: Floats = np.array([np.ones(p), *(np.ones(p) + 2 * eye), *eye, *pairs])
    return np.maximum(fan, 1e-3)


def extended(A: sp.csr_array, low: Floats, high: Floats, cuts: Cuts) -> tuple[sp.csr_array, Floats, Floats]:
    """The rows ``low <= A x <= high`` with the cuts below them."""
    low = np.append(low, np.full(len(cuts), -np.inf))
    return sp.csr_array(sp.vstack([A, cuts.A])), low, np.append(high, cuts.upper)


def stacked(columns: Sequence[Ints], figures: Sequence[Floats], n: int) -> sp.csr_array:
    """Rows ``(k, n)`` with these ``figures`` in these ``columns`` each, in this order."""
    starts = np.cumsum([0, *map(len, columns)])
    index = np.concatenate([np.zeros(0, dtype=np.int64), *columns])
    return sp.csr_array((np.concatenate([np.zeros(0), *figures]), index, starts), shape=(len(columns), n))


def apart(cuts: Cuts, x: Floats) -> Cuts:
    """Those of the ``cuts``, all of which ``x`` ``(n,)`` breaks, that are not nearly parallel to a deeper one."""
    length = np.sqrt(cuts.A.multiply(cuts.A).sum(axis=1))
    unit = sp.csr_array(sp.diags_array(1 / length) @ cuts.A)
    alike = sp.csr_array(unit @ unit.T)
    kept, left = [], np.ones(len(cuts), dtype=np.bool_)
    for i in np.argsort((cuts.upper - cuts.A @ x) / length, kind="stable"):
        if left[i]:
            kept.append(i)
            begin, end = alike.indptr[i], alike.indptr[i + 1]
            left[alike.indices[begin:end][alike.data[begin:end] > PARALLEL]] = False
    return Cuts(sp.csr_array(cuts.A[kept]), cuts.upper[kept])


def safe(A: sp.csr_array, most: Floats, lower: Floats, upper: Floats) -> Cuts:
    """``A x <= most``, reckoned in floats for ``lower <= x <= upper``, with room for rounding errors.

    Figures that solvers choke on are left out, each as small as it may be.
    """
    A = A.copy()
    mine = np.repeat(np.arange(A.shape[0]), np.diff(A.indptr))
    largest = np.zeros(A.shape[0])
    np.maximum.at(largest, mine, np.abs(A.data))
    dust = np.abs(A.data) < DUST * largest[mine]
    least = np.minimum(A.data * lower[A.indices], A.data * upper[A.indices])
    most = most - np.bincount(mine[dust], weights=least[dust], minlength=len(most))
    A.data[dust] = 0.0
    A.eliminate_zeros()
    A.sort_indices()
    return Cuts(A, most + LOOSE * (abs(A) @ np.maximum(np.maximum(np.abs(lower), np.abs(upper)), 1.0)))


def joined(parts: Sequence[Cuts]) -> Cuts:
    """All cuts of ``parts``, each once; at least one part."""
    A, upper = sp.csr_array(sp.vstack([cuts.A for cuts in parts])), np.concatenate([cuts.upper for cuts in parts])
    first: dict[tuple[bytes, bytes], int] = {}
    for i, (begin, end) in enumerate(pairwise(A.indptr)):
        same = first.setdefault((A.indices[begin:end].tobytes(), A.data[begin:end].tobytes()), i)
        upper[same] = min(upper[same], upper[i])
    kept = list(first.values())
    return Cuts(sp.csr_array(A[kept]), upper[kept])
