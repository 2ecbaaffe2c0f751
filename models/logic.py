"""Or, and, at least, reaches: 0/1 auxiliaries that are exact functions of 0/1 expressions or of an exact sum of them.

The side that an objective presses against is written tightly, a row for each part, which together with the row on the
other side describes the convex hull (Glover & Woolsey 1974, "Converting the 0-1 polynomial programming problem to a 0-1
linear program"); a side that nothing presses against is one aggregated row, right for whole values and no more.
``pull`` says which way the auxiliary is drawn: 1 up, -1 down, both or neither.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from fractions import Fraction
from itertools import pairwise
from math import ceil

from models.draft import START, Draft
from models.linear import ZERO, Exact, Key, Linear, column_name, common_quantum

__all__ = ["all_of", "any_of", "at_least", "climb", "how_many", "reaches"]

Parts = Mapping[str, Linear]
"""Words for each part, and the part: a 0/1 expression."""

WIDEST = 2**20
"""Quanta between the least and the largest amount up to which :func:`reaches` looks at all sums."""


def any_of(draft: Draft, key: Key, parts: Parts, pull: Set[int]) -> Linear:
    """``z = max(parts)``: ``z <= Σ parts`` and ``z >= part`` for each part."""
    if len(parts) <= 1:
        return Linear.sum(parts.values())
    z, words, total = draft.binary(*key), _words(key), Linear.sum(parts.values())
    draft.rule("define", f"{words} only if any", total - z, lower=0)
    if -1 in pull:
        for part, expression in parts.items():
            draft.rule("define", f"{words} if {part}", z - expression, lower=0)
    else:
        draft.rule("define", f"{words} if any", len(parts) * z - total, lower=0)
    return z


def all_of(draft: Draft, key: Key, parts: Parts, pull: Set[int]) -> Linear:
    """``z = min(parts)``: ``z >= Σ parts - (n - 1)`` and ``z <= part`` for each part (Fortet 1960)."""
    if len(parts) <= 1:
        return Linear.sum(parts.values())
    z, words, total = draft.binary(*key), _words(key), Linear.sum(parts.values())
    draft.rule("define", f"{words} if all", z - total, lower=1 - len(parts))
    if 1 in pull:
        for part, expression in parts.items():
            draft.rule("define", f"{words} only if {part}", expression - z, lower=0)
    else:
        draft.rule("define", f"{words} only if all", total - len(parts) * z, lower=0)
    return z


def at_least(draft: Draft, count: int, key: Key, parts: Parts, pull: Set[int]) -> Linear:
    """``z = 1`` if and only if ``Σ parts >= count``: ``count z <= Σ parts <= (count - 1) + (n - count + 1) z``."""
    n = len(parts)
    if count > n:
        return ZERO
    if count == n:
        return all_of(draft, key, parts, pull)
    if count == 1:
        return any_of(draft, key, parts, pull)
    z, words, total = draft.binary(*key), _words(key), Linear.sum(parts.values())
    draft.rule("define", f"{words} only if {count}", total - count * z, lower=0)
    draft.rule("define", f"{words} if {count}", (n - count + 1) * z - total, lower=1 - count)
    return z


def reaches(draft: Draft, key: Key, amount: Linear, least: Exact, pull: Set[int]) -> Linear:
    """``z = 1`` if and only if ``amount >= least``; without a column where no plan could change the answer.

    ``following``, the next amount that any choice comes to, takes the place of ``least``; ``last`` is the one before.
    Counted from either end of its range the amount is a sum of positive parts, and a part that is larger than what is
    to be made up is cut down to that: no choice notices, and the rows become tight (Savelsbergh 1994, "Preprocessing
    and probing techniques for mixed integer programming problems"). Where one part is enough, or none may be missing,
    they are the rows of an or or an and. The column is called by ``key`` and ``following``: figures that no choice can
    tell apart share one, so ``key`` must say what is measured.
    """
    low, high = draft.range(amount)
    if low >= least:
        return Linear(constant=Fraction(1))
    if high < least:
        return ZERO
    groups = _groups(amount)
    last, following = _neighbours(amount, groups, low, high, Fraction(least))
    key = (*key, f"from {following}")
    return draft.share(key, lambda: _reached(draft, key, groups, following - low, high - last, pull))


def climb(draft: Draft, words: str, amount: Linear, steps: Sequence[tuple[Fraction, Linear]]) -> None:
    """Tight rows for thresholds ``least_1 < least_2 < ...`` of one ``amount``: ``z_l = 1`` if ``least_l`` is reached.

    ``base + Σ_l (least_l - least_{l-1}) z_l <= amount`` with ``least_0 = base``: what one threshold takes, the next
    does not get again. It holds once with the least that the amount can come to as ``base``; and once, without the
    choices that lower the amount, with what there is if nothing is chosen, also for each threshold alone. Every plan
    keeps these rows by what ``z_l`` means; they cut fractional ones off (mixing; Günlük & Pochet 2001, "Mixing
    mixed-integer inequalities").
    """
    steps = sorted(steps, key=lambda step: step[0])
    raising = Linear({key: figure for key, figure in amount.terms.items() if figure > 0}, amount.constant)
    _climbed(draft, f"{words} in all", amount, draft.range(amount)[0], steps)
    if len(raising.terms) < len(amount.terms):
        _climbed(draft, f"{words} by what raises it", raising, amount.constant, steps)
        for step in steps if len(steps) > 1 else []:
            _climbed(draft, f"{words} from {step[0]} by what raises it", raising, amount.constant, [step])


def _climbed(draft: Draft, name: str, amount: Linear, base: Fraction, steps: Sequence[tuple[Fraction, Linear]]) -> None:
    """``base + Σ_l (least_l - least_{l-1}) z_l <= amount``, with parts that would be enough alone cut down to that."""
    above = [step for step in steps if step[0] > base]
    if not above:
        return
    ends = [base, *(least for least, _ in above)]
    taken = Linear.sum(z * (end - start) for (start, end), (_, z) in zip(pairwise(ends), above, strict=True))
    needed = ends[-1] - base
    cut = Linear({key: min(figure, needed) for key, figure in amount.terms.items()}, amount.constant)
    draft.rule("define", name, cut - taken, lower=base)


def _reached(
    draft: Draft, key: Key, groups: Mapping[str, Linear], rise: Fraction, fall: Fraction, pull: Set[int]
) -> Linear:
    """``z = 1`` if the groups are ``rise`` above their least amount, 0 if they are ``fall`` below their largest."""
    figures = [set(group.terms.values()) for group in groups.values()]
    if all(len(values) == 1 for values in figures):
        smallest = min(abs(next(iter(values))) for values in figures)
        sums = {words: Linear.sum(map(Linear.of, group.terms)) for words, group in groups.items()}
        parts = {w: sums[w] if min(group.terms.values()) > 0 else 1 - sums[w] for w, group in groups.items()}
        if smallest >= rise:
            return any_of(draft, key, parts, pull)
        if smallest >= fall:
            return all_of(draft, key, parts, pull)
    z, words = draft.binary(*key), _words(key)
    risen = Linear.sum(_cut(group, rise) for group in groups.values())
    fallen = Linear.sum(_cut(-group, fall) for group in groups.values())
    draft.rule("define", f"{words} only if reached", risen - z * rise, lower=0)
    draft.rule("define", f"{words} if reached", fallen + z * fall, lower=fall)
    return z


def _groups(amount: Linear) -> dict[str, Linear]:
    """The terms by what at most one can be taken of: the starts of a project, or a column."""
    terms: dict[str, dict[Key, Fraction]] = {}
    for key, coefficient in amount.terms.items():
        terms.setdefault(str(key[1]) if key[0] == START else column_name(key), {})[key] = coefficient
    return {words: Linear(columns) for words, columns in terms.items()}


def _cut(group: Linear, most: Fraction) -> Linear:
    """What a group adds to the least that it can come to, cut down to ``most``."""
    least = min(Fraction(0), *group.terms.values())
    none = min(-least, most)
    return Linear({key: min(figure - least, most) - none for key, figure in group.terms.items()}, none)


def _neighbours(
    amount: Linear, groups: Mapping[str, Linear], low: Fraction, high: Fraction, least: Fraction
) -> tuple[Fraction, Fraction]:
    """The largest amount below ``least`` and the smallest from it up, among those that a choice could come to."""
    quantum = common_quantum(amount.terms.values())
    below = ceil((least - low) / quantum)
    if (high - low) / quantum > WIDEST:
        return low + (below - 1) * quantum, low + below * quantum
    sums = 1  # bit n: n quanta above the least amount can be had
    for group in groups.values():
        base = min(Fraction(0), *group.terms.values())
        steps = {int((figure - base) / quantum) for figure in (Fraction(0), *group.terms.values())}
        had, sums = sums, 0
        for step in steps:
            sums |= had << step
    last = (sums & ((1 << below) - 1)).bit_length() - 1
    rest = sums >> below
    following = below + (rest & -rest).bit_length() - 1
    return low + last * quantum, low + following * quantum


def how_many(draft: Draft, key: Key, parts: Parts, most: int, pull: Set[int]) -> list[Linear]:
    """``z_i = 1`` if and only if ``Σ parts >= i``, i = 1 to ``most``: a count in unary, for what is not linear in it.

    ``z_1 >= z_2 >= ...`` and ``Σ z <= Σ parts <= Σ z + (n - most) z_most``, an equation if ``most`` is ``n``: of a
    convex cost or a concave gain of the count it is the convex hull (Markowitz & Manne 1957, incremental form).
    """
    n = len(parts)
    if n == 1:
        return list(parts.values())
    if most == 1:
        return [any_of(draft, (*key, 1), parts, pull)]
    levels, words = [draft.binary(*key, i) for i in range(1, most + 1)], _words(key)
    for i, (lower, upper) in enumerate(pairwise(levels), 2):
        draft.rule("define", f"{words} {i} only if {i - 1}", lower - upper, lower=0)
    total, counted = Linear.sum(parts.values()), Linear.sum(levels)
    if most == n:
        draft.rule("define", f"{words} in all", total - counted, lower=0, upper=0)
    else:
        draft.rule("define", f"{words} only if so many", total - counted, lower=0)
        draft.rule("define", f"{words} if so many", counted + (n - most) * levels[-1] - total, lower=0)
    return levels


def _words(key: Key) -> str:
    return " ".join(map(str, key))
