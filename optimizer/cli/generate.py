"""growthring generate"""

from __future__ import annotations

from pathlib import Path

import click

from optimizer.cli.targets import new_target
from optimizer.exact import counted


@click.command("generate")
@click.option("--projects", metavar="N", type=click.IntRange(min=1), default=60, show_default=True)
@click.option("--towns", metavar="N", type=click.IntRange(min=1), default=4, show_default=True)
@click.option("--periods", metavar="N", type=click.IntRange(1, 50), default=1, show_default=True)
@click.option("--objectives", metavar="N", type=click.IntRange(2, 6), default=3, show_default=True)
@click.option(
    "--seed", metavar="N", type=int, default=0, show_default=True, help="The same seed gives the same region."
)
@click.option(
    "-o", "--output", "target", type=click.Path(path_type=Path), required=True, help="Folder or .xlsx to make."
)
def command(projects: int, towns: int, periods: int, objectives: int, seed: int, target: Path) -> None:
    """A synthetic region of any size, for trials and benchmarks.

    \b
    Example:
      growthring generate --projects 60 --towns 4 --periods 1 --seed 1 -o g60
    """
    target = new_target(target)

    from instances import write_region
    from instances.generate import generate

    write_region(generate(projects, towns, periods, seed, objectives=objectives), target)
    click.echo(f"{target} is ready: {counted(projects, 'project')}. Next: growthring solve {target}")
