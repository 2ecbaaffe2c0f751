"""growthring plot"""

from __future__ import annotations

from pathlib import Path

import click

from optimizer.cli.sections import UserFault
from optimizer.cli.targets import new_target


@click.command("plot")
@click.argument("run", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "-o", "--output", "target", type=click.Path(path_type=Path), required=True, help="Folder to make: a PNG a plot."
)
@click.option(
    "--only",
    metavar="NAMES",
    help="Some of front, scatter, parallel, heat, budgets, map; separated by commas.  [default: all]",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def command(run: Path, target: Path, only: str | None, as_json: bool) -> None:
    """Pictures of a run: the front, all pairs, parallel coordinates, projects, budgets, a map.

    They need no screen and no colour, and stay legible with five portfolios or five thousand.

    \b
    Examples:
      growthring plot runs/zigong -o pictures
      growthring plot runs/zigong -o pictures --only front,heat
    """
    target = new_target(target)

    from optimizer.report.plots import save_all
    from optimizer.run import json_text, read_run

    names = [name.strip() for name in only.split(",") if name.strip()] if only else []
    try:
        files, missing = save_all(read_run(run), target, only=names)
    except ValueError as error:
        raise UserFault(f"{run}: {error}") from error
    if as_json:
        click.echo(
            json_text({"folder": str(target), "files": {n: str(f) for n, f in files.items()}, "not_drawn": missing})
        )
        return
    for name, why in missing.items():
        click.echo(f"No plot {name}: {why}")
    for file in files.values():
        click.echo(str(file))
