"""Preference: in which share of preference space a project is chosen, without anybody stating a preference.

*Weights*: all weightings of the objectives are equally likely, each objective measured by its range in the list; the
best weighted sum is chosen. With 2 and 3 objectives the shares are exact: the weight space is cut into the polygons in
which one listed point is best (the weight set decomposition of Przybylski, Gandibleux & Ehrgott, INFORMS Journal on
Computing 22, 2010), and their areas are added up as fractions. With more objectives they are sampled.

*Aims*: all wishes between the worst and the best value of every objective are equally likely; the portfolio nearest to
the wish by the largest shortfall is chosen (Wierzbicki 1986), so that portfolios which no weighting finds count, too.
These shares are sampled.

Sampled shares come with the interval of Clopper & Pearson (1934), which holds the true share at least 95 times of 100.
Portfolios of equal merit share their point evenly, where they are known. All of it is about the listed points.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import gcd
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import betaincinv

from models.problem import Floats, Ints
from optimizer.decide.shortlist.listed import whole_columns

if TYPE_CHECKING:
    from optimizer.decide.shortlist.table import Equals
    from optimizer.listing import Listing

__all__ = ["Preference", "Share", "areas", "preference"]

DRAWS = 10_000
SEED = 0
DOUBT = 0.05
EXACT = 3
"""The most objectives for which weight space is cut up exactly."""

Corner = tuple[int, ...]


@dataclass(frozen=True)
class Share:
    """A share of preference space; it lies in ``[low, high]`` 95 times of 100, and is exact where both equal it."""

    share: Fraction
    low: float
    high: float


@dataclass(frozen=True)
class Preference:
    """Project to the share of all weightings, and of all aims, for which it is chosen. ``exact``: weights are."""

    weights: Mapping[str, Share]
    aims: Mapping[str, Share]
    exact: bool

    def in_words(self) -> str:
        """How the shares were found."""
        sampled = f"{DRAWS:,} draws of seed {SEED}, 95 % intervals of Clopper and Pearson"
        weights = "exact areas" if self.exact else sampled
        return f"Shares of weights: {weights}. Shares of aims: {sampled}. Both are about the listed portfolios."


def preference(listing: Listing, equals: Equals | None = None) -> Preference:
    """Shares of weights and of aims for every project of ``listing``.

    >>> from instances import read_region
    >>> from models import formulate
    >>> from optimizer import solve
    >>> found = preference(solve(formulate(read_region("hamlet"))).listing)
    >>> str(found.weights["park"].share), found.aims["belt"].share
    ('74322/229585', Fraction(1, 1))
    """
    Y, holds = _minimised(listing), _Holds.of(listing, equals)
    exact = len(listing.objectives) <= EXACT
    draw = np.random.default_rng(SEED)
    if exact:
        weights = [Share(share, float(share), float(share)) for share in holds.total(areas(Y))]
    else:
        weights = _sampled(_best_by_weight(Y, draw), holds)
    aims = _sampled(_best_by_aim(Y, draw), holds)
    names = listing.projects
    return Preference(dict(zip(names, weights, strict=True)), dict(zip(names, aims, strict=True)), exact)


def _minimised(listing: Listing) -> Ints:
    """How much worse than the best value; whole numbers, each objective stretched to the same range; ``(k, p)``.

    Python integers, for the common range may be huge. Weights of these are weights of objectives in shares of ranges.
    """
    columns = []
    for objective, (values, _) in zip(listing.objectives, whole_columns(listing), strict=True):
        columns.append((values.max() - values if objective.sense == "max" else values - values.min()).tolist())
    spans = [max(column) or 1 for column in columns]
    whole = int(np.lcm.reduce(np.array(spans, dtype=object)))
    Y: Ints = np.array(
        [[count * (whole // span) for count in column] for column, span in zip(columns, spans, strict=True)],
        dtype=object,
    ).T
    return Y


@dataclass(frozen=True, eq=False)
class _Holds:
    """How many of each point's portfolios there are, ``ways`` ``(k,)``, and contain each project, ``(k, projects)``."""

    ways: Ints
    inside: Ints

    @classmethod
    def of(cls, listing: Listing, equals: Equals | None) -> _Holds:
        if equals is None:
            return cls(np.ones(len(listing), dtype=np.int64), (listing.starts > 0).astype(np.int64))
        inside = np.zeros(listing.starts.shape, dtype=np.int64)
        np.add.at(inside, equals.of, equals.starts > 0)
        return cls(np.bincount(equals.of, minlength=len(listing)).astype(np.int64), inside)

    def total(self, weights: Mapping[int, Fraction | int]) -> list[Fraction]:
        """For each project, the sum of the ``weights`` of the points, each times its share of portfolios with it."""
        totals = [Fraction(0)] * self.inside.shape[1]
        for row, weight in weights.items():
            each = Fraction(weight) / int(self.ways[row])
            for column, count in enumerate(self.inside[row].tolist()):
                if count:
                    totals[column] += count * each
        return totals


def areas(Y: Ints) -> dict[int, Fraction]:
    """Row of ``Y`` ``(k, p)`` (minimised, ``p`` at most 3) to the share of the weight simplex in which it is best.

    The cells of the points found are cut whenever one of their corners has a better point. When no corner has one, no
    inner weighting has either, for weighted sums are linear. Corners are whole numbers: only their ratios count.

    >>> {row: str(area) for row, area in areas(np.array([[0, 3], [1, 1], [3, 0]], dtype=object)).items()}
    {0: '1/3', 1: '1/3', 2: '1/3'}
    """
    p = Y.shape[1]
    simplex: list[Corner] = [tuple(int(i == k) for i in range(p)) for k in range(p)]
    rows = [tuple(y) for y in Y.tolist()]
    scaled = Y.astype(np.float64) / max(1.0, float(Y.max()))
    cells: dict[int, list[Corner]] = {}
    sure: set[Corner] = set()
    waiting = list(simplex)
    while waiting:
        corner = waiting.pop()
        if corner in sure:
            continue
        sure.add(corner)
        best = _best(rows, scaled, corner)
        if best in cells:
            continue
        own = simplex
        for row, cell in cells.items():
            edge = tuple(a - b for a, b in zip(rows[row], rows[best], strict=True))
            cells[row] = _clipped(cell, edge)
            own = _clipped(own, tuple(-e for e in edge))
            waiting += [at for at in cells[row] if at not in sure]
        cells[best] = own
        waiting += [at for at in own if at not in sure]
    sizes = {row: _area(cell) for row, cell in sorted(cells.items())}
    return {row: size for row, size in sizes.items() if size}


def _best(rows: list[tuple[int, ...]], scaled: Floats, weights: Corner) -> int:
    """The row with the least weighted sum, exactly: of those that are least in floating point."""
    total = sum(weights)
    sums = scaled @ [w / total for w in weights]
    near = np.flatnonzero(sums <= sums.min() + 1e-9).tolist()
    return int(min(near, key=lambda row: _dot(rows[row], weights)))


def _dot(a: Corner, b: Corner) -> int:
    return sum(x * y for x, y in zip(a, b, strict=True))


def _clipped(polygon: list[Corner], edge: Corner) -> list[Corner]:
    """The part of a convex polygon (or of a segment) in which the weighted sum of ``edge`` is at most 0."""
    gains = [_dot(edge, at) for at in polygon]
    if max(gains, default=0) <= 0:
        return polygon
    kept: list[Corner] = []
    closed = len(polygon) > 2
    for i, (at, gain) in enumerate(zip(polygon, gains, strict=True)):
        if gain <= 0:
            kept.append(at)
        after = (i + 1) % len(polygon)
        if (closed or after) and gain * gains[after] < 0:
            cut = [abs(gains[after]) * a + abs(gain) * b for a, b in zip(at, polygon[after], strict=True)]
            common = gcd(*cut)
            kept.append(tuple(c // common for c in cut))
    return kept


def _area(polygon: list[Corner]) -> Fraction:
    """The share of the simplex that a cell takes."""
    at = [[Fraction(w, sum(corner)) for w in corner] for corner in polygon]
    if not at or len(at[0]) == 1:
        return Fraction(len(at))
    if len(at[0]) == 2:
        return abs(at[0][0] - at[-1][0])
    turns = zip(at, [*at[1:], at[0]], strict=True)
    return abs(sum((a[0] * b[1] - a[1] * b[0] for a, b in turns), Fraction(0)))


def _best_by_weight(Y: Ints, draw: np.random.Generator) -> Ints:
    """The best row for each of :data:`DRAWS` weightings drawn evenly."""
    weights = draw.dirichlet(np.ones(Y.shape[1]), DRAWS)
    share = Y.astype(np.float64) / max(1.0, float(Y.max()))
    rows: Ints = np.concatenate([(part @ share.T).argmin(axis=1) for part in np.array_split(weights, 100)])
    return rows


def _best_by_aim(Y: Ints, draw: np.random.Generator) -> Ints:
    """The row with the least largest shortfall from each of :data:`DRAWS` wishes; of equals, that of the least sum."""
    aims = draw.random((DRAWS, Y.shape[1]))
    share = Y.astype(np.float64) / max(1.0, float(Y.max()))
    rows = []
    for part in np.array_split(aims, 100):
        short = share[None] - part[:, None]
        rows.append((short.max(axis=2) + 1e-6 * short.sum(axis=2)).argmin(axis=1))
    best: Ints = np.concatenate(rows)
    return best


def _sampled(rows: Ints, holds: _Holds) -> list[Share]:
    counts = np.bincount(rows)
    hits = holds.total({row: int(counts[row]) for row in np.flatnonzero(counts).tolist()})
    return [_interval(hit, len(rows)) for hit in hits]


def _interval(hits: Fraction, draws: int) -> Share:
    """The bounds are those of the whole numbers of hits around, where equals share a hit."""
    low, high = int(hits), -int(-hits // 1)
    lowest = 0.0 if low == 0 else float(betaincinv(low, draws - low + 1, DOUBT / 2))
    highest = 1.0 if high == draws else float(betaincinv(high + 1, draws - high, 1 - DOUBT / 2))
    return Share(hits / draws, lowest, highest)
