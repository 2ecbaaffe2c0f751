"""A table as it was found: header, rows with the numbers that a person sees, and where it was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Sheet"]


@dataclass(frozen=True)
class Sheet:
    """Cells before anything has been understood; ``rows`` pairs each row that has content with its number."""

    place: str
    header: Sequence[str]
    rows: Sequence[tuple[int, Sequence[object]]]
    header_row: int = 1
    decimal_comma: bool = False
