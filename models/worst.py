"""The worst of several sums: the least over worlds, and the mean over the worst share of them, as exact expressions.

The mean over the worst share α of worlds with the chances ``p`` is the least of ``Σ_s (w_s/α) f_s`` over all weights
``0 <= w <= p`` that add up to α (Rockafellar & Uryasev 2000, "Optimization of conditional value-at-risk"; as a risk
envelope, Artzner et al. 1999, "Coherent measures of risk"). A linear function is least at a vertex: some worlds in
full, one in part, the others not. So both are the least of finitely many sums.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations

from models.draft import Draft
from models.linear import Linear, common_quantum

__all__ = ["DIGITS", "least_of", "tails"]

DIGITS = "worst"
"""Block of the columns that are the binary digits of such a least."""

MOST = 100
"""Sums among which the least is looked for."""
MOST_WORLDS = 10
"""Different worlds whose tails are formed."""


def tails(worlds: Sequence[tuple[Fraction, Linear]], share: Fraction) -> list[Linear]:
    """The sums whose least is the mean over the worst ``share`` of ``worlds``, given as chance and sum.

    Raises ``ValueError`` beyond :data:`MOST_WORLDS` different worlds.

    >>> half, a, b = Fraction(1, 2), Linear.of(("start", "a", 1)), Linear.of(("start", "b", 1))
    >>> tails([(half, a), (half, b)], half) == [a, b], tails([(half, a), (half, b)], Fraction(1)) == [(a + b) * half]
    (True, True)
    """
    chances: list[tuple[Fraction, Linear]] = []
    for chance, value in worlds:
        at = next((i for i, (_, other) in enumerate(chances) if other == value), len(chances))
        chances[at:] = [(chance + (chances[at][0] if at < len(chances) else 0), value), *chances[at + 1 :]]
    chances = [(chance, value) for chance, value in chances if chance]
    if len(chances) > MOST_WORLDS:
        raise ValueError(f"tail_share: effects differ in {len(chances)} worlds; tails of {MOST_WORLDS} can be formed")
    return list(_vertices(chances, share))


def _vertices(worlds: Sequence[tuple[Fraction, Linear]], share: Fraction) -> Iterator[Linear]:
    for count in range(len(worlds)):
        for full in combinations(range(len(worlds)), count):
            rest = share - sum((worlds[s][0] for s in full), Fraction(0))
            for part in range(len(worlds)) if rest > 0 else ():
                chance = worlds[part][0]
                if part not in full and rest <= chance and not (rest == chance and full and part < full[-1]):
                    whole = Linear.sum(worlds[s][1] * worlds[s][0] for s in full)
                    yield (whole + worlds[part][1] * rest) * (1 / share)


def least_of(draft: Draft, name: str, sums: Sequence[Linear]) -> Linear:
    """``w = min(sums)``: ``w`` in binary, ``w <= sum`` for each, ``w = sum`` for the first that is least.

    With ``q_i`` 1 for that one, ``sum_i >= w + quantum * Σ_{j > i} q_j`` and ``sum_i <= w + most_i (1 - q_i)``, so that
    every column follows from the decisions. A sum that is never below another one is left out.

    Raises ``ValueError`` beyond :data:`MOST` sums.
    """
    if len(sums) > MOST:
        raise ValueError(f"{name}: it is the least of {len(sums)} sums, of {MOST} at most; give fewer worlds")
    sums = _needed(draft, sums)
    if len(sums) == 1:
        return sums[0]
    ranges = [draft.range(value) for value in sums]
    base, high = min(least for least, _ in ranges), min(most for _, most in ranges)
    figures = [figure for value in sums for figure in (*value.terms.values(), value.constant - base)]
    quantum = common_quantum(figures)
    bits = int((high - base) / quantum).bit_length()
    w = base + Linear.sum(draft.binary(DIGITS, name, bit) * (quantum * 2**bit) for bit in range(bits))
    first = [draft.binary("least", name, i) for i in range(1, len(sums) + 1)]
    draft.rule("define", f"{name} is one of them", Linear.sum(first), lower=1, upper=1)
    for i, value in enumerate(sums):
        later = Linear.sum(first[i + 1 :])
        most = max(draft.range(value - other)[1] for other in sums)
        draft.rule("define", f"{name} at most {i + 1}", value - w - later * quantum, lower=0)
        draft.rule("define", f"{name} at least {i + 1}", value - w + first[i] * most, upper=most)
    return w


def _needed(draft: Draft, sums: Sequence[Linear]) -> list[Linear]:
    """Those that are below every other one for some choice of columns; of equal ones the first."""
    kept: list[Linear] = []
    for value in sums:
        if not any(draft.range(value - other)[0] >= 0 for other in kept):
            kept = [other for other in kept if draft.range(other - value)[0] < 0]
            kept.append(value)
    return kept
