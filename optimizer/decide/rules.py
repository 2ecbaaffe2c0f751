"""Rules: which rows of a problem are rules that somebody made, and what they are called when people talk of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from instances.region import Region

__all__ = ["in_words", "is_rule"]

MEANINGS = ("define[", "once[", "wish[")
"""Rows that say what a column means, that a project starts once, or what somebody wishes: nobody can repeal them."""


def is_rule(row: str) -> bool:
    """Is the row a rule that could be repealed?

    >>> is_rule("budget[county]"), is_rule("once[school]")
    (True, False)
    """
    return not row.startswith(MEANINGS)


def in_words(region: Region, row: str) -> str:
    """The rule behind a row, in the words of the region's tables.

    >>> from instances import read_region
    >>> in_words(read_region("hamlet"), "budget[county]")
    'budget: county'
    """
    block, _, rest = row.partition("[")
    return f"{block}: {rest.removesuffix(']')}"
