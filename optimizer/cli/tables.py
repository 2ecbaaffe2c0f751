"""Tables for a terminal 80 columns wide."""

from __future__ import annotations

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

__all__ = ["new_table", "print_table", "stdout"]


def stdout() -> Console:
    """Standard output; what is printed is plain text, never markup."""
    return Console(highlight=False, emoji=False, markup=False)


def new_table(left: Sequence[str] = (), right: Sequence[str] = (), text: str | None = None) -> Table:
    """Columns with words (``left``), columns with figures (``right``), perhaps a last one with a longer ``text``."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    for heading in left:
        table.add_column(heading)
    for heading in right:
        table.add_column(heading, justify="right", no_wrap=True)
    if text is not None:
        table.add_column(text)
    return table


def print_table(console: Console, title: str, table: Table) -> None:
    """``table`` under a title that may be wider than the table."""
    console.print(Text(title, style="bold"), table)
