"""growthring list"""

from __future__ import annotations

import click


@click.command("list")
def command() -> None:
    """The regions that ship with growthring.

    Their names serve wherever a command asks for a REGION.

    \b
    Example:
      growthring list
    """
    from rich.console import Console
    from rich.table import Table

    from instances import catalogue

    table = Table.grid(padding=(0, 3))
    for name, title in catalogue().items():
        table.add_row(name, title)
    Console().print(table)
