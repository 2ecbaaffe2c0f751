"""Unproved: all of objective space is open, but for what the bounds of the columns themselves rule out."""

from __future__ import annotations

import math

import numpy as np

from models.problem import Floats, Ints, Problem
from optimizer.engines.finite import activity_bounds
from optimizer.engines.found import Box

__all__ = ["Unproved"]


class Unproved:
    """What a list leaves open about which nothing was proved: no ε, and perhaps all of the hypervolume."""

    def __init__(self, problem: Problem) -> None:
        self._low, self._high = activity_bounds(problem.costs, problem)
        self._ranges: Floats = np.maximum(self._high - self._low, 1).astype(np.float64)

    @property
    def ranges(self) -> Floats:
        return self._ranges

    def measure(self, ranges: Floats) -> None:
        self._ranges = ranges

    def epsilon(self) -> float:
        return math.inf

    def hypervolume_missing(self, reference: Ints) -> float:
        return 1.0

    @property
    def count(self) -> int:
        return 1

    def boxes(self, most: int | None = None) -> list[Box]:
        return [Box(math.inf, self._low, self._high + 1, "nothing is proved")][:most]
