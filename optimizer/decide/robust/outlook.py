"""Outlook: an objective over all worlds: its mean, its worst value and its mean over the worst of them, exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

__all__ = ["Outlook", "outlook"]


@dataclass(frozen=True)
class Outlook:
    """``mean`` over the worlds, the ``worst`` of them, and ``tail``: the mean over the worst share of them (CVaR)."""

    mean: Fraction
    worst: Fraction
    tail: Fraction


def outlook(
    values: Sequence[Fraction], chances: Sequence[Fraction], sense: Literal["max", "min"], share: Fraction
) -> Outlook:
    """What an objective with these ``values`` in worlds of these ``chances`` (they add up to 1) promises.

    Formula: ``tail = max_η (η - Σ_w chance_w max(0, η - value_w) / share)`` for an objective to be maximised
    (Rockafellar & Uryasev 2000): the worst worlds are taken in turn until their chances make up ``share``, the last one
    in part. Worlds that cannot come (chance 0) do not count. Raises ``ValueError`` unless ``0 < share <= 1``.

    >>> outlook([Fraction(8), Fraction(2), Fraction(5)], [Fraction(1, 2), Fraction(1, 4), Fraction(1, 4)], "max",
    ...     Fraction(1, 2)).tail
    Fraction(7, 2)
    """
    if not 0 < share <= 1:
        raise ValueError(f"the worst share is {float(share):g}; it must lie above 0 and up to 1")
    rows = sorted(((v, c) for v, c in zip(values, chances, strict=True) if c), reverse=sense == "min")
    left, total = share, Fraction(0)
    for value, chance in rows:
        part = min(left, chance)
        total += part * value
        left -= part
    return Outlook(sum((v * c for v, c in rows), Fraction(0)), rows[0][0], total / share)
