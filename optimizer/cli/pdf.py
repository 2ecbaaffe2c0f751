"""growthring pdf"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from optimizer.cli.options import language
from optimizer.cli.sections import UserFault
from optimizer.cli.targets import new_target

if TYPE_CHECKING:
    from optimizer.report.strings import Language


@click.command("pdf")
@click.argument("run", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("-o", "--output", "target", required=True, type=click.Path(path_type=Path), help="File (.pdf) to make.")
@language
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def command(run: Path, target: Path, lang: str, as_json: bool) -> None:
    """The officer's summary on four pages: shortlist, trade-off, money, growth alone and what is proved.

    The PDF is tagged for screen readers. It needs: pip install 'growthring[pdf]'

    \b
    Examples:
      growthring pdf runs/zigong -o summary.pdf
      growthring pdf runs/zigong -o 摘要.pdf --lang zh
    """
    if target.suffix.lower() != ".pdf":
        raise UserFault(f"{target}: a summary's name ends with .pdf")
    target = new_target(target)

    from optimizer.report.summary_pdf import MissingTypst, write_summary
    from optimizer.run import read_run

    try:
        write_summary(read_run(run), target, cast("Language", lang))
    except (MissingTypst, ValueError) as error:
        raise UserFault(f"{run}: {error}") from error
    if as_json:
        import json

        click.echo(json.dumps({"run": str(run), "pdf": str(target)}))
        return
    click.echo(f"Summary: {target}")
