"""Or, and, at least: 0/1 auxiliaries that are exact functions of 0/1 expressions.

The side that an objective presses against is written tightly, a row for each part, which together with the row on the
other side describes the convex hull (Glover & Woolsey 1974, "Converting the 0-1 polynomial programming problem to a 0-1
linear program"); a side that nothing presses against is one aggregated row, right for whole values and no more.
``pull`` says which way the auxiliary is drawn: 1 up, -1 down, both or neither.
"""

from __future__ import annotations

from collections.abc import Mapping, Set

from models.draft import Draft
from models.linear import ZERO, Key, Linear

__all__ = ["all_of", "any_of", "at_least"]

Parts = Mapping[str, Linear]
"""Words for each part, and the part: a 0/1 expression."""


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


def _words(key: Key) -> str:
    return " ".join(map(str, key))
