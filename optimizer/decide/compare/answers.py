"""Answers: what one list offers somebody who likes a portfolio of another. Everything here is decided exactly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimizer.decide.compare.scale import Point, Scale
from optimizer.exact import exact_text
from optimizer.listing import Listing

__all__ = ["Answer", "Kind", "Place", "attained", "nearest", "points_of", "typical"]

NEAR = 1e-9
"""Candidates whose float distance is so near to the least are compared as fractions; floats are right to 1e-15."""


@dataclass(frozen=True, order=True)
class Place:
    """A portfolio: which of the repeated runs (from 0), and its number there (from 1)."""

    run: int
    portfolio: int


class Kind(StrEnum):
    """What the other list has instead of a portfolio."""

    SAME = "same"  # a portfolio with the very same values
    BEATEN = "beaten"  # one at least as good in every objective and better in some
    LOST = "lost"  # none that is as good in every objective


@dataclass(frozen=True)
class Answer:
    """The best answer ``by`` to a portfolio: ``gains`` over it in own units, below 0 where the answer is worse.

    ``epsilon`` is by how much, as an exact share of the common range, the answer is worse in its worst objective; 0 or
    less: it is as good in every objective. Of repeated runs, half do at least as well. ``None``: nothing is listed.
    """

    portfolio: Place
    values: Point
    by: Place | None
    gains: Point
    epsilon: Fraction | None

    @property
    def kind(self) -> Kind:
        if self.epsilon is None or self.epsilon > 0:
            return Kind.LOST
        return Kind.BEATEN if any(self.gains) else Kind.SAME

    def to_dict(self, names: Sequence[str]) -> dict[str, Any]:
        """Plain types, exact figures as text."""

        def texts(point: Point) -> Mapping[str, str]:
            return {name: exact_text(value) for name, value in zip(names, point, strict=False)}

        return {
            "run": self.portfolio.run,
            "portfolio": self.portfolio.portfolio,
            "kind": self.kind.value,
            "values": texts(self.values),
            "answered_by": {"run": self.by.run, "portfolio": self.by.portfolio} if self.by else None,
            "gains": texts(self.gains),
            "epsilon": None if self.epsilon is None else float(self.epsilon),
        }


def nearest(
    wanted: Sequence[Point], offered: Sequence[Point], scale: Scale, units: Point | None = None
) -> list[tuple[int, Fraction]]:
    """For each of ``wanted`` the row of ``offered`` that is least worse in its worst objective, and by how much.

    Formula: ``min over o of max over k of (w_k - o_k) / unit_k``, signed so that positive means: ``w`` is better;
    ``unit_k`` is the common range unless ``units`` are given. Floats choose the candidates, fractions decide. Ties go
    to the largest sum of gains, then to the first.
    """
    spans = units or scale.ranges
    stretch = np.array([float(own / span) for own, span in zip(scale.ranges, spans, strict=True)])
    mine, theirs = scale.shares(wanted) * stretch, np.ascontiguousarray((scale.shares(offered) * stretch).T)
    near = NEAR * max(1.0, float(stretch.max()))
    rows = {point: j for j, point in reversed(list(enumerate(offered)))}
    found = []
    for point, row in zip(wanted, mine, strict=True):
        if point in rows and point in scale.front:  # nothing beats it, and anything else is worse somewhere
            found.append((rows[point], Fraction(0)))
            continue
        worst, total = _worse(theirs, row)
        best: tuple[Fraction, float, int] | None = None
        for j in map(int, np.flatnonzero(worst <= worst.min() + near)):
            gains = scale.gains(offered[j], point)
            loss = max(-gain / span for gain, span in zip(gains, spans, strict=True))
            key = (loss, float(total[j]), j)
            best = key if best is None or key < best else best
        assert best is not None
        found.append((best[2], best[0]))
    return found


def _worse(columns: NDArray[np.float64], row: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """By how much each of ``columns`` ``(p, m)`` is worse than ``row`` ``(p,)``: in its worst objective, and in sum."""
    worst = columns[0] - row[0]
    total = worst.copy()
    for column, value in zip(columns[1:], row[1:], strict=True):
        step = column - value
        total += step
        np.maximum(worst, step, out=worst)
    return worst, total


def points_of(listing: Listing) -> list[tuple[int, Point]]:
    """Portfolio number and point of each portfolio."""
    return list(zip(listing.numbers, listing.values, strict=True))


def attained(points: NDArray[np.int64], run: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which of ``points`` a run matches or beats; both as ranks ``(k, p)``."""
    columns = np.ascontiguousarray(run.T)
    return np.array([_matched(columns, row) for row in points], dtype=np.bool_)


def _matched(columns: NDArray[np.int64], row: NDArray[np.int64]) -> bool:
    below = columns[0] <= row[0]
    for column, value in zip(columns[1:], row[1:], strict=True):
        below &= column <= value
    return bool(below.any())


def typical(listings: Sequence[Listing], scale: Scale, share: Fraction = Fraction(1, 2)) -> list[tuple[Place, Point]]:
    """What can be expected of repeated runs: the best portfolios that at least ``share`` of the runs match or beat.

    They are portfolios that were found, so that they can be named. Of one run they are its portfolios. With ``share``
    1/2 they lie on the median attainment surface (Grunert da Fonseca & Fonseca, EMO 2001) and span it in part.
    """
    found = [(Place(r, number), point) for r, listing in enumerate(listings) for number, point in points_of(listing)]
    if len(listings) == 1:
        return found
    once: dict[Point, Place] = {}
    for place, point in found:
        once.setdefault(point, place)
    points = list(once)
    if not points:
        return []
    ranks = scale.ranks(points)
    runs = np.sum([attained(ranks, scale.ranks(listing.values)) for listing in listings], axis=0)
    often = np.flatnonzero(runs >= -(-share * len(listings) // 1))
    import moocore

    kept = moocore.is_nondominated(ranks[often].astype(np.float64)) if len(often) else []
    return [(once[points[i]], points[i]) for i, keep in zip(often, kept, strict=True) if keep]
