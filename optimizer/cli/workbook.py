"""growthring workbook"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from optimizer.cli.options import language
from optimizer.cli.sections import UserFault
from optimizer.cli.targets import new_target

if TYPE_CHECKING:
    from optimizer.report.strings import Language


@click.command("workbook")
@click.argument("run", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("-o", "--output", "target", required=True, type=click.Path(path_type=Path), help="Workbook (.xlsx).")
@click.option("--portfolio", type=int, metavar="N", help="Number of the portfolio; left out: the compromise.")
@language
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def command(run: Path, target: Path, portfolio: int | None, lang: str, as_json: bool) -> None:
    """A plan in Excel or LibreOffice that an auditor can re-add without growthring.

    Change a start in the yellow column: totals, every limit and the colours follow. Shortlist, portfolios and what is
    proved are in it as well.

    \b
    Examples:
      growthring workbook runs/zigong -o plan.xlsx
      growthring workbook runs/zigong -o plan.xlsx --portfolio 12 --lang zh
    """
    if target.suffix.lower() != ".xlsx":
        raise UserFault(f"{target}: a workbook's name ends with .xlsx")
    target = new_target(target)

    from optimizer.report.plan_book import write_plan_book
    from optimizer.run import read_run

    try:
        write_plan_book(read_run(run), target, portfolio, cast("Language", lang))
    except ValueError as error:
        raise UserFault(f"{run}: {error}") from error
    if as_json:
        import json

        click.echo(json.dumps({"run": str(run), "workbook": str(target)}))
        return
    click.echo(f"Workbook: {target}")
