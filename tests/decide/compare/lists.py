"""Listings made from plain numbers."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from models.problem import Objective
from optimizer.certificate import Certificate, Status
from optimizer.listing import Listing

GOALS = (Objective("growth", "max", "million"), Objective("cost", "min", "million"))


def listing(
    points: Sequence[Sequence[float | str]],
    status: Status = Status.HEURISTIC,
    *,
    objectives: Sequence[Objective] = GOALS,
    epsilon: float | None = None,
    ranges: dict[str, tuple[float, float]] | None = None,
) -> Listing:
    """A list of points; portfolio ``i`` holds the ``i`` first of ten projects."""
    values = tuple(tuple(Fraction(str(value)) for value in point) for point in points)
    starts = np.array([[int(j <= i) for j in range(10)] for i in range(len(points))], dtype=np.int64)
    if status is Status.COMPLETE:
        epsilon = 0.0
    proof = Certificate(status, epsilon, None, None, len(points), 1, 1.0, "search", "complete", ranges or {})
    names = tuple(f"P{j}" for j in range(10))
    return Listing(tuple(objectives), names, values, starts.reshape(len(points), 10), proof)
