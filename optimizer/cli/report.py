"""growthring report"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from optimizer.cli.options import language
from optimizer.cli.sections import UserFault
from optimizer.cli.targets import new_target

if TYPE_CHECKING:
    from optimizer.report.strings import Language


@click.command("report")
@click.argument("run", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("-o", "--output", "target", required=True, type=click.Path(path_type=Path), help="Page (.html) to make.")
@language
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def command(run: Path, target: Path, lang: str, as_json: bool) -> None:
    """One page with everything behind a front, to send by mail and open by a double click.

    It needs no network and no Python: brush the axes, pin and ban projects, say what you wish for, and the efficient
    portfolio nearest to the wish is solved inside the page.

    \b
    Examples:
      growthring report runs/zigong -o report.html
      growthring report runs/zigong -o 报告.html --lang zh
    """
    if target.suffix.lower() not in {".html", ".htm"}:
        raise UserFault(f"{target}: a report is a page; give a name that ends with .html")
    target = new_target(target)

    from optimizer.report.page import MissingPrograms, write_report
    from optimizer.run import read_run

    found = read_run(run)
    if not len(found.listing):
        raise UserFault(f"{run}: {found.certificate.in_words()} There is nothing to report.")
    try:
        write_report(found, target, cast("Language", lang))
    except MissingPrograms as error:
        raise UserFault(str(error)) from error
    if as_json:
        import json

        click.echo(json.dumps({"run": str(run), "report": str(target), "bytes": target.stat().st_size}))
        return
    click.echo(f"Report: {target} ({target.stat().st_size / 1e6:.1f} MB); open it by a double click.")
