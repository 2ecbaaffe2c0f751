"""Weights: the directions of objective space in which labels are bounded."""

from __future__ import annotations

import itertools

import numpy as np

from models.problem import Ints

__all__ = ["directions", "lattice"]

STEPS = {2: 32, 3: 10, 4: 6, 5: 4, 6: 3, 7: 3}
"""Steps of the lattice of weights for each number of objectives: some 30 to 80 directions."""


def lattice(p: int, steps: int) -> Ints:
    """All vectors of ``p`` whole numbers from 0 on whose sum is ``steps``.

    >>> lattice(2, 2).tolist()
    [[0, 2], [1, 1], [2, 0]]
    """
    bars = np.array(list(itertools.combinations(range(steps + p - 1), p - 1)), dtype=np.int64)
    edges = np.hstack([np.full((len(bars), 1), -1), bars, np.full((len(bars), 1), steps + p - 1)])
    parts: Ints = np.diff(edges, axis=1) - 1
    return parts


def directions(p: int) -> Ints:
    """Weights ``(l, p)`` for bounds against search zones."""
    return lattice(p, STEPS[p])
