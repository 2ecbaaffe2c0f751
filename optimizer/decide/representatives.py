"""A few portfolios that stand for a long front: the best of each objective, the compromise, and an even spread."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from optimizer.listing import Listing

__all__ = ["compromise", "regret", "representatives"]


def regret(listing: Listing, portfolio: int) -> tuple[Fraction, ...]:
    """What ``portfolio`` (a row) gives up: distance to the best listed value of each objective, in its own unit.

    Formula: ``r_k = |best_k - value_k|``, never negative.
    """
    return tuple(
        listing.gain(k, listing.values[listing.best(k)][k], value) for k, value in enumerate(listing.values[portfolio])
    )


def compromise(listing: Listing) -> int:
    """The row of the portfolio with the smallest largest regret, as a share of the range; ties: the smallest sum."""
    shares = _regret_shares(listing)
    return int(np.lexsort((shares.sum(axis=1), shares.max(axis=1)))[0])


def representatives(listing: Listing, limit: int = 12) -> dict[int, str]:
    """At most ``limit`` rows of ``listing`` in its own order, each with what it stands for (``""``: the spread).

    First the best of each objective, then the compromise (smallest largest regret, as a share of the range), then, one
    by one, the portfolio farthest from those already taken (largest smallest Chebyshev distance). Values only decide
    what is shown, so they are floats here.
    """
    if not len(listing):
        return {}
    shares = _regret_shares(listing)
    said: dict[int, list[str]] = {}
    for k, objective in enumerate(listing.objectives):
        said.setdefault(listing.best(k), []).append(f"best {objective.name}")
    said.setdefault(compromise(listing), []).append("compromise")
    near = np.full(len(listing), np.inf)
    for row in said:
        near = np.minimum(near, np.abs(shares - shares[row]).max(axis=1))
    while len(said) < min(limit, len(listing)) and near.max() > 0:
        row = int(near.argmax())
        said[row] = []
        near = np.minimum(near, np.abs(shares - shares[row]).max(axis=1))
    return {row: ", ".join(said[row]) for row in sorted(said)}


def _regret_shares(listing: Listing) -> NDArray[np.float64]:
    """Regret as a share of the range; ``(k, p)``."""
    columns = []
    for k in range(len(listing.objectives)):
        column = np.array([float(value) for value in listing.column(k)])
        columns.append(np.abs(column[listing.best(k)] - column) / float(listing.range(k)))
    return np.column_stack(columns)
