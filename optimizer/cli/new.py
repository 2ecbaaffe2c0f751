"""growthring new"""

from __future__ import annotations

from pathlib import Path

import click

from optimizer.cli.targets import new_target


@click.command("new")
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--xlsx", is_flag=True, help="One workbook instead of a folder of tables.")
@click.option("--scores", is_flag=True, help="Scores from 1 to 5 on criteria instead of figures.")
def command(target: Path, xlsx: bool, scores: bool) -> None:
    """A commented template of a region, to fill in.

    TARGET is the folder to make; with --xlsx, or if it ends with .xlsx, a workbook.

    \b
    Examples:
      growthring new my-town
      growthring new my-town.xlsx --scores
    """
    if xlsx and target.suffix.lower() != ".xlsx":
        target = target.with_name(f"{target.name}.xlsx")
    target = new_target(target)

    from instances import new_region

    new_region(target, scores=scores)
    where = "the sheets" if target.suffix.lower() == ".xlsx" else "the tables in it"
    click.echo(f"{target} is ready. Fill in {where}, then: growthring validate {target}")
