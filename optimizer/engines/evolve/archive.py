"""Archive: every nondominated portfolio that was ever evaluated, not those of the last population alone."""

from __future__ import annotations

import numpy as np

from models.problem import Floats, Ints
from optimizer.engines.zones import nondominated

__all__ = ["Archive"]


class Archive:
    """Feasible portfolios ``X`` ``(k, n)`` with their minimised counts ``Y`` ``(k, p)``, one for each point.

    >>> archive = Archive(1, 2)
    >>> archive.add(np.array([[0.0], [1.0]]), np.array([[3, 3], [2, 3]]))
    True
    >>> archive.add(np.array([[0.5]]), np.array([[2, 3]]))
    False
    >>> archive.Y.tolist()
    [[2, 3]]
    """

    def __init__(self, n: int, p: int) -> None:
        self.X: Floats = np.zeros((0, n))
        self.Y: Ints = np.zeros((0, p), dtype=np.int64)

    def __len__(self) -> int:
        return len(self.Y)

    def add(self, X: Floats, Y: Ints) -> bool:
        """Add feasible portfolios; is there a new point among them that nothing dominates?"""
        merged = np.vstack([self.Y, Y])
        keep = nondominated(merged)
        new = keep[keep >= len(self)] - len(self)
        if not len(new):
            return False
        old = keep[keep < len(self)]
        self.X, self.Y = np.vstack([self.X[old], X[new]]), merged[keep]
        return True
