"""Ranking listed portfolios by the methods of multi-criteria decision making.

A ranking is advice and not a proof: figures are floats, and every method answers another question. All work on what a
portfolio gives up: 0 the best listed value of an objective, 1 the worst, so that units do not matter.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from instances.faults import did_you_mean
from optimizer.choose import objective_place
from optimizer.listing import Listing

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["METHODS", "rank"]

Floats = NDArray[np.float64]
TIE = 1e-6
"""Weight of the sum that breaks ties of an achievement function."""
STEPS = 40
MOST_WEIGHTS = 2000
"""Weights over which knees are averaged: as fine a lattice as fits, at most 1 / STEPS."""


def rank(listing: Listing, method: str, weights: Mapping[str, float] | None = None) -> pd.DataFrame:
    """Portfolios (index: their numbers) in the order of ``method``, best first, with the ``score`` that decides.

    ``weights`` say how much each objective matters (those left out: not at all); without them all matter alike.

    ``knee``
        What would be missed most: over evenly spread weights, how much worse the next best portfolio is where this one
        is best (expected marginal utility; Branke, Deb, Dierolf & Osswald, PPSN 2004). More is better. Takes no
        weights. Portfolios that no weights prefer score 0.
    ``high_tradeoff``
        Only portfolios that stand out: to gain in one objective, neighbours give up much in others (pymoo's
        HighTradeoffPoints; Rachmawati & Srinivasan 2009). There may be none. Takes no weights.
    ``pseudo_weights``
        How near what a portfolio is good at comes to ``weights`` (pymoo's PseudoWeights; Deb 2001). Less is better.
    ``compromise``
        The weighted largest sacrifice (Wierzbicki's achievement function, 1980; pymoo's ASF): ``max_k w_k f_k``, ties
        by the weighted sum. Less is better.
    ``topsis``
        Nearness to the best and distance from the worst at once (Hwang & Yoon 1981), by the package pymcdm. More is
        better.

    Raises ``ValueError`` for an unknown method or objective and for weights that are negative or all 0,
    ``ModuleNotFoundError`` if ``topsis`` is asked for without pymcdm.

    >>> from instances import read_region
    >>> from models import formulate
    >>> from optimizer import solve
    >>> front = solve(formulate(read_region("hamlet")))
    >>> best_growth = front.rank("compromise", {"growth": 1}).index[0]
    >>> bool(front.listing.best(0) + 1 == best_growth)
    True
    """
    import pandas as pd

    if method not in METHODS:
        raise ValueError(f"no method of ranking is called {method}; {did_you_mean(method, METHODS)}")
    if weights is not None and method in UNWEIGHTED:
        raise ValueError(f"{method} takes no weights")
    shares = _given_up(listing)
    scores, best_is_least = METHODS[method](shares, _weights(listing, weights)), method in LESS_IS_BETTER
    rows = np.flatnonzero(~np.isnan(scores))
    order = rows[np.argsort(scores[rows] if best_is_least else -scores[rows], kind="stable")]
    index = pd.Index([listing.numbers[row] for row in order], name="portfolio", dtype="int64")
    return pd.DataFrame({"score": scores[order]}, index=index)


def _given_up(listing: Listing) -> Floats:
    """Distance from the best listed value as a share of the listed range; ``(k, p)``."""
    columns = []
    for k in range(len(listing.objectives)):
        column = listing.column(k)
        best = column[listing.best(k)] if column else 0
        span = max(map(abs, (value - best for value in column)), default=0) or 1
        columns.append([float(abs(value - best) / span) for value in column])
    return np.array(columns, dtype=np.float64).T.reshape(len(listing), len(listing.objectives))


def _weights(listing: Listing, weights: Mapping[str, float] | None) -> Floats:
    p = len(listing.objectives)
    if weights is None:
        return np.full(p, 1 / p)
    array = np.zeros(p)
    for name, weight in weights.items():
        array[objective_place(listing, name)] = float(weight)
    if (array < 0).any() or not array.any() or not np.isfinite(array).all():
        raise ValueError(f"weights are at least 0 and not all 0, not {dict(weights)}")
    shares: Floats = array / array.sum()
    return shares


def _knee(shares: Floats, _: Floats) -> Floats:
    scores = np.zeros(len(shares))
    if len(shares) < 2:
        return scores
    lattice = _lattice(shares.shape[1])
    for weights in lattice:
        values = shares @ weights
        first, second = np.argpartition(values, 1)[:2]
        scores[first] += values[second] - values[first]
    return scores / len(lattice)


def _lattice(p: int) -> Floats:
    """Evenly spread weights that add up to 1 (Das & Dennis 1998); ``(w, p)``."""
    steps = max(h for h in range(1, STEPS + 1) if h == 1 or _count(h, p) <= MOST_WEIGHTS)
    bars = np.array(list(combinations(range(steps + p - 1), p - 1)), dtype=np.int64).reshape(-1, p - 1)
    ends = np.hstack([np.full((len(bars), 1), -1), bars, np.full((len(bars), 1), steps + p - 1)])
    return (np.diff(ends, axis=1) - 1) / steps


def _count(steps: int, p: int) -> int:
    from math import comb

    return comb(steps + p - 1, p - 1)


def _high_tradeoff(shares: Floats, _: Floats) -> Floats:
    """Scores 1 for the portfolios that stand out, NaN for the others."""
    scores = np.full(len(shares), np.nan)
    if len(shares) > 2:
        with warnings.catch_warnings():  # pymoo divides by 0, and imports what scipy has moved
            warnings.simplefilter("ignore")
            from pymoo.mcdm.high_tradeoff import HighTradeoffPoints

            found = HighTradeoffPoints().do(shares)
        scores[np.array([] if found is None else found, dtype=np.int64)] = 1.0
    return scores


def _pseudo_weights(shares: Floats, weights: Floats) -> Floats:
    if len(shares) < 2:
        return np.zeros(len(shares))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pymoo.mcdm.pseudo_weights import PseudoWeights

        _, found = PseudoWeights(weights, ideal=np.zeros(len(weights)), nadir=np.ones(len(weights))).do(
            shares, return_pseudo_weights=True
        )
    distances: Floats = np.abs(found - weights).sum(axis=1)
    distances[np.isnan(distances)] = 2.0  # worst in every objective: good at nothing
    return distances


def _compromise(shares: Floats, weights: Floats) -> Floats:
    if not len(shares):
        return np.zeros(0)
    weighted = shares * weights
    found: Floats = weighted.max(axis=1) + TIE * weighted.sum(axis=1) + TIE**2 * shares.sum(axis=1)
    return found


def _topsis(shares: Floats, weights: Floats) -> Floats:
    try:
        from pymcdm.methods import TOPSIS
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError("topsis needs the package pymcdm: pip install growthring[topsis]") from error
    if len(shares) < 2:
        return np.ones(len(shares))
    with np.errstate(invalid="ignore"):  # portfolios of equal values are as near to the best as to the worst
        found: Floats = TOPSIS(normalization_function=_as_it_is)(1 - shares, weights, np.ones(len(weights)))
    found[np.isnan(found)] = 1.0
    return found


def _as_it_is(column: Floats, cost: bool) -> Floats:
    return column


METHODS: Mapping[str, Callable[[Floats, Floats], Floats]] = {
    "knee": _knee,
    "high_tradeoff": _high_tradeoff,
    "pseudo_weights": _pseudo_weights,
    "compromise": _compromise,
    "topsis": _topsis,
}
UNWEIGHTED = frozenset({"knee", "high_tradeoff"})
LESS_IS_BETTER = frozenset({"pseudo_weights", "compromise"})
