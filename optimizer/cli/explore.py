"""growthring explore"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from optimizer.cli.options import language, time_limit
from optimizer.cli.sections import UserFault

if TYPE_CHECKING:
    from optimizer.report.strings import Language


@click.command("explore")
@click.argument("source", metavar="RUN_OR_REGION")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port on this machine; 0: any free one.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at; others can reach it then.")
@time_limit(10.0, "For the first solve of a region.")
@click.option(
    "--runs",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("runs"),
    show_default=True,
    help="Folder for the runs that are saved from the page.",
)
@language
@click.option("--open", "show", is_flag=True, help="Open the page in the browser.")
def command(source: str, port: int, host: str, time_limit: float, runs: Path, lang: str, show: bool) -> None:
    """The report as a live page: change figures, solve again, keep scenarios side by side, save runs.

    The page is served on this machine alone, at an address with a secret in it; Ctrl-C ends it.

    \b
    Examples:
      growthring explore runs/zigong --open
      growthring explore park --time-limit 5
    """
    from optimizer.explore.serve import MissingServer, serve

    def ready(address: str) -> None:
        click.echo(f"Live page: {address}\nCtrl-C ends it.")
        if show:
            click.launch(address)

    try:
        serve(source, host=host, port=port, seconds=time_limit, runs=runs, language=cast("Language", lang), ready=ready)
    except (MissingServer, FileNotFoundError, ValueError) as error:
        raise UserFault(str(error)) from error
