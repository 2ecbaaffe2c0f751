"""Classes of projects, and what is known about the efficient portfolios with and without each of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

__all__ = ["Class", "Entry", "Side", "Verdict", "classed"]


class Class(StrEnum):
    """Where a project stands among the efficient portfolios."""

    CORE = "core"
    BORDERLINE = "borderline"
    EXTERIOR = "exterior"


class Verdict(StrEnum):
    """Is the class a fact about all efficient portfolios, or is it that of the listed ones only?"""

    PROVED = "proved"
    OPEN = "open"


@dataclass(frozen=True)
class Side:
    """Is there an efficient portfolio with a project, or, on the other side, without it?

    ``exists``: ``True`` with a witness, which is the ``plan`` (project to start period) and, if it is listed, the
    ``portfolio`` of that number; ``False``: proved that there is none; ``None``: open. Where it is open, ``epsilon``
    says what is left: whatever portfolio there is on this side, the list holds one on the other side that is at most
    this share of the range worse in every objective. ``None``: no such bound is known.
    """

    exists: bool | None = None
    plan: Mapping[str, int] | None = None
    portfolio: int | None = None
    epsilon: float | None = None


@dataclass(frozen=True)
class Entry:
    """A project of the shortlist.

    ``portfolios`` is the number of efficient portfolios that contain it, among the :attr:`Shortlist.portfolios` that
    are known, ``share`` their exact share. ``start`` holds the most frequent start periods (several if equally
    frequent), counted from 1. ``difference`` is, for borderline projects, the mean of each objective over the
    portfolios with the project less the mean over those without. ``inside`` and ``outside`` say what is proved about
    efficient portfolios with and without it.
    """

    project: str
    name: str
    town: str
    category: tuple[str, ...]
    cls: Class
    portfolios: int
    share: Fraction
    capital_cost: Decimal
    start: tuple[int, ...]
    difference: Mapping[str, Fraction]
    why: str
    inside: Side = field(default_factory=Side)
    outside: Side = field(default_factory=Side)

    @property
    def verdict(self) -> Verdict:
        """``PROVED`` if both sides are settled: by a witness, or by the proof that there is none."""
        open_end = self.inside.exists is None or self.outside.exists is None
        return Verdict.OPEN if open_end else Verdict.PROVED


def classed(inside: Side, outside: Side, listed_inside: bool, listed_outside: bool) -> Class:
    """The class by what is proved, and where nothing is, by what is listed."""
    with_it = listed_inside if inside.exists is None else inside.exists
    without = listed_outside if outside.exists is None else outside.exists
    if with_it and without:
        return Class.BORDERLINE
    return Class.CORE if with_it else Class.EXTERIOR
