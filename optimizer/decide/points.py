"""Points: the values of listed portfolios as a problem counts them."""

from __future__ import annotations

import numpy as np

from models.problem import Ints, Problem
from optimizer.listing import Listing

__all__ = ["points"]


def points(problem: Problem, listing: Listing) -> Ints:
    """The listed values in minimised quanta of ``problem``; ``(k, p)``.

    Raises ``ValueError`` if they are not whole: the list belongs to another region.
    """
    Y = np.zeros((len(listing), len(problem.objectives)), dtype=np.int64)
    for k, objective in enumerate(problem.objectives):
        for row, value in enumerate(listing.column(k)):
            count = objective.minimised(value)
            if count.denominator != 1:
                raise ValueError(
                    f"portfolio {listing.numbers[row]}: {objective.name} {value} is no value that this region can "
                    "have; was the run made from another state of it?"
                )
            Y[row, k] = int(count)
    return Y
