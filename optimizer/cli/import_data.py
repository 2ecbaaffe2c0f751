"""growthring import"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from optimizer.cli.targets import new_target
from optimizer.exact import counted

if TYPE_CHECKING:
    from instances.region import Region

SOURCE = click.Path(exists=True, dir_okay=False, path_type=Path)
target_option = click.option(
    "-o", "--output", "target", type=click.Path(path_type=Path), required=True, help="Folder or .xlsx to make."
)


@click.group("import")
def command() -> None:
    """Turn project lists of others into a region.

    \b
    Examples:
      growthring import pabulib vote.pb -o my-town
      growthring import table list.csv --map columns.toml -o my-town
    """


@command.command("pabulib")
@click.argument("file", type=SOURCE)
@target_option
def pabulib(file: Path, target: Path) -> None:
    """A participatory-budgeting election in Pabulib's .pb format.

    \b
    Example:
      growthring import pabulib vote.pb -o my-town
    """
    target = new_target(target)

    from instances.importers.pabulib import read_pabulib

    _write(read_pabulib(file), target)


@command.command("table")
@click.argument("file", type=SOURCE)
@click.option("--map", "mapping", type=SOURCE, required=True, help="TOML file: which column means what.")
@target_option
def table(file: Path, mapping: Path, target: Path) -> None:
    """Any project list, by a map of its columns.

    \b
    Example:
      growthring import table list.csv --map columns.toml -o my-town
    """
    target = new_target(target)

    from instances.importers.table import read_table

    _write(read_table(file, mapping), target)


def _write(region: Region, target: Path) -> None:
    from instances import write_region

    write_region(region, target)
    click.echo(f"{target} is ready: {counted(len(region.projects), 'project')}, objectives {', '.join(region.goals)}.")
    click.echo(f"Next: growthring solve {target}")
