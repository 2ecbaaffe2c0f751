"""Cuts: inequalities that every portfolio satisfies and that cut fractional solutions off, and directions to seek them
along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np
import scipy.sparse as sp

from models.problem import Floats, Ints, Problem

__all__ = ["Cuts", "directions", "extended", "joined", "none", "stacked"]


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


def joined(parts: Sequence[Cuts]) -> Cuts:
    """All cuts of ``parts``, each once; at least one part."""
    A, upper = sp.csr_array(sp.vstack([cuts.A for cuts in parts])), np.concatenate([cuts.upper for cuts in parts])
    first: dict[tuple[bytes, bytes], int] = {}
    for i, (begin, end) in enumerate(pairwise(A.indptr)):
        same = first.setdefault((A.indices[begin:end].tobytes(), A.data[begin:end].tobytes()), i)
        upper[same] = min(upper[same], upper[i])
    kept = list(first.values())
    return Cuts(sp.csr_array(A[kept]), upper[kept])
