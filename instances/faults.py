"""Faults: what is wrong in a region's data, where, by which rule and why it probably happened."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

__all__ = ["Fault", "RegionError", "did_you_mean", "listing"]

_FIGURE = re.compile(r"[+-]?[0-9][0-9.,eE+-]*")
_LONGEST = 60


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong.

    ``row`` is the row that a person sees in the file or sheet (the header is row 1; a line in ``region.toml``),
    ``value`` what stands there, ``rule`` what is wrong with it and ``cause`` what it is usually due to.

    >>> print(Fault("projects.csv", 14, "capital_cost", "-3", "is below 0; cost of building it (money)", "a grant"))
    projects.csv row 14, column capital_cost: -3 is below 0; cost of building it (money). Likely cause: a grant
    """

    place: str
    row: int | None
    column: str | None
    value: str | None
    rule: str
    cause: str

    def __str__(self) -> str:
        toml = self.place.endswith(".toml")
        where = self.place
        if self.row is not None:
            where += f" {'line' if toml else 'row'} {self.row}"
        if self.column is not None:
            where += f", {'key' if toml or self.place == 'sheet region' else 'column'} {self.column}"
        what = self.rule if self.value is None else f"{_shown(self.value)} {self.rule}"
        return f"{where}: {what}. Likely cause: {self.cause}"


class RegionError(ValueError):
    """A region's data break rules; ``faults`` holds every one of them, ``str()`` shows one a line."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(faults)
        super().__init__(self.faults)

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The likely cause of an unknown word: a near one, or what there is.

    >>> did_you_mean("capital cost", ["id", "capital_cost"])
    'did you mean capital_cost?'
    >>> did_you_mean("colour", ["id", "name"])
    'there are id, name'
    """
    words = list(known)
    folded = {w.casefold(): w for w in reversed(words)}
    if near := get_close_matches(word.strip().casefold(), folded, n=1, cutoff=0.7):
        return f"did you mean {folded[near[0]]}?"
    return f"there are {listing(words)}" if words else "there are none"


def listing(words: Sequence[str], longest: int = 8) -> str:
    """Words in a row, cut short where there are many.

    >>> listing(["a", "b", "c", "d"], longest=2)
    'a, b and 2 more'
    """
    more = len(words) - longest
    return ", ".join(words) if more <= 0 else f"{', '.join(words[:longest])} and {more} more"


def _shown(value: str) -> str:
    if value == "":
        return "an empty cell"
    if len(value) <= _LONGEST and _FIGURE.fullmatch(value):
        return value
    flat = " ".join(value.split()) or value
    return f'"{flat if len(flat) <= _LONGEST else flat[: _LONGEST - 1] + "…"}"'
