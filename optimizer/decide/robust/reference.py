"""Reference classes: by how much projects of a kind came to cost more than was said when they were decided.

The outside view of Kahneman & Tversky (1979), made a procedure by Flyvbjerg & COWI (2004), "Procedures for dealing with
optimism bias in transport planning", Department for Transport, London: not what could go wrong with this project, but
what became of others like it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.special import ndtri

from models.problem import Floats

__all__ = ["REFERENCE_CLASSES", "ReferenceClass"]

TRANSPORT = "Flyvbjerg & COWI (2004), capital expenditure uplifts by acceptable chance of overrun"
WORKS = (
    "Mott MacDonald (2002) as in HM Treasury (2003), Supplementary Green Book guidance: optimism bias; its lower and "
    "upper guideline, read here as the 10th and the 90th percentile"
)


@dataclass(frozen=True)
class ReferenceClass:
    """``points``: share of projects, and the overrun that so many of them stayed within (0.15: 15 % above the cost)."""

    name: str
    points: Mapping[float, float]
    source: str

    def factor(self, shares: Floats) -> Floats:
        """Cost over stated cost at each quantile of ``shares``.

        The published points are met exactly. Between them and beyond, the logarithm of the factor is linear in the
        normal score, so that a class of two points is lognormal.
        """
        scores, logs = self._line
        z = ndtri(shares)
        inside = np.interp(z, scores, logs)
        first, last = (np.diff(logs) / np.diff(scores))[[0, -1]]
        beyond = np.where(
            z < scores[0], first * (z - scores[0]), np.where(z > scores[-1], last * (z - scores[-1]), 0.0)
        )
        factors: Floats = np.exp(inside + beyond)
        return factors

    @cached_property
    def _line(self) -> tuple[Floats, Floats]:
        return ndtri(np.array([*self.points])), np.log1p(np.array([*self.points.values()]))


def _class(name: str, source: str, *overruns: float) -> ReferenceClass:
    shares = (0.5, 0.6, 0.7, 0.8, 0.9) if len(overruns) == 5 else (0.1, 0.9)
    return ReferenceClass(name, dict(zip(shares, overruns, strict=True)), source)


REFERENCE_CLASSES: Mapping[str, ReferenceClass] = {
    one.name: one
    for one in (
        _class("roads", TRANSPORT, 0.15, 0.24, 0.27, 0.32, 0.45),
        _class("rail", TRANSPORT, 0.40, 0.45, 0.51, 0.57, 0.68),
        _class("fixed-links", TRANSPORT, 0.23, 0.26, 0.34, 0.43, 0.55),
        _class("standard-buildings", WORKS, 0.02, 0.24),
        _class("non-standard-buildings", WORKS, 0.04, 0.51),
        _class("standard-civil", WORKS, 0.03, 0.44),
        _class("non-standard-civil", WORKS, 0.06, 0.66),
        _class("equipment", WORKS, 0.10, 2.00),
    )
}
"""Classes by name. Fixed links are bridges and tunnels."""
