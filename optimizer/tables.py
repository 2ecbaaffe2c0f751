"""Tables that people open in a spreadsheet: CSV in which no text is taken for a formula."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["write_table"]

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet takes text that begins so for a formula (OWASP, "CSV injection")."""

FIGURE = re.compile(r"[+-]?[0-9.,/ ]+")


def write_table(frame: pd.DataFrame, path: str | Path) -> None:
    """Write ``frame`` as CSV without its index; text that looks like a formula gets an apostrophe in front."""
    plain = frame.rename(columns=_plain)
    plain.map(_plain).to_csv(path, index=False)


def _plain(cell: Any) -> Any:
    """``cell``, with an apostrophe in front if it is text that looks like a formula and is no figure.

    >>> _plain("=1+1"), _plain("-1/3"), _plain(-2.5)
    ("'=1+1", '-1/3', -2.5)
    """
    formula = isinstance(cell, str) and cell.startswith(DANGEROUS) and not FIGURE.fullmatch(cell)
    return f"'{cell}" if formula else cell
