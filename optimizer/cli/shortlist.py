"""growthring shortlist"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from optimizer.cli.sections import UserFault
from optimizer.cli.targets import new_target

if TYPE_CHECKING:
    from rich.console import Console

    from optimizer.decide.shortlist import Entry, Shortlist

PROJECT_WIDTH = 28
FIGURES_FIT = 3


@click.command("shortlist")
@click.argument("run", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("-o", "--output", "target", type=click.Path(path_type=Path), help="Workbook (.xlsx) to make.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def command(run: Path, target: Path | None, as_json: bool) -> None:
    """Which projects are core, borderline or exterior, and why.

    Core: in all listed portfolios. Exterior: in none. Borderline: in some of them.

    \b
    Examples:
      growthring shortlist runs/zigong
      growthring shortlist runs/zigong -o shortlist.xlsx
    """
    if target is not None:
        if target.suffix.lower() != ".xlsx":
            raise UserFault(f"{target}: a shortlist is written as a workbook; give a name that ends with .xlsx")
        target = new_target(target)

    from optimizer.decide.shortlist import shortlist
    from optimizer.run import read_run

    found = read_run(run)
    if not len(found.listing):
        raise UserFault(f"{run}: {found.certificate.in_words()} There is no shortlist.")
    chosen = shortlist(found.region, found.listing)
    if target is not None:
        chosen.to_excel(target)
    if as_json:
        import json

        click.echo(json.dumps(_plain(chosen, run, target), ensure_ascii=False))
        return
    _show(chosen)
    if target is not None:
        click.echo(f"Workbook: {target}")


def _plain(chosen: Shortlist, run: Path, target: Path | None) -> dict[str, Any]:
    return {
        "run": str(run),
        "workbook": str(target) if target else None,
        "basis": chosen.basis,
        "portfolios": len(chosen.listing),
        "projects": [
            {
                "project": entry.project,
                "name": entry.name,
                "town": entry.town,
                "category": list(entry.category),
                "class": entry.cls,
                "portfolios": entry.portfolios,
                "share": str(entry.share),
                "capital_cost": str(entry.capital_cost),
                "start": list(entry.start),
                "difference": {name: float(amount) for name, amount in entry.difference.items()},
                "why": entry.why,
            }
            for entry in chosen.entries
        ],
    }


def _show(chosen: Shortlist) -> None:
    """A table for each class, at most 80 columns wide where the terminal is."""
    from optimizer.cli.tables import stdout
    from optimizer.decide.shortlist import Class

    console = stdout()
    for cls in Class:
        if entries := chosen.of_class(cls):
            _show_class(console, chosen, entries)
    console.print(chosen.basis_in_words)


def _show_class(console: Console, chosen: Shortlist, entries: tuple[Entry, ...]) -> None:
    from decimal import Decimal
    from fractions import Fraction

    from optimizer.cli.tables import new_table, print_table
    from optimizer.exact import coarse_decimals, counted, decimals, figure, percent

    settings, listing = chosen.region.settings, chosen.listing
    places = decimals(Fraction(entry.capital_cost) for entry in chosen.entries)
    total = figure(Fraction(sum((entry.capital_cost for entry in entries), Decimal(0))), places)
    unit = f" ({settings.money})" if settings.money else ""
    title = f"{entries[0].cls.capitalize()}: {counted(len(entries), 'project')}, capital cost {total}{unit}"
    several = settings.periods > 1 and any(entry.start for entry in entries)
    objectives = [o.name for o in listing.objectives] if entries[0].difference else []
    if 0 < len(objectives) <= FIGURES_FIT:
        title += "\nOn average, portfolios with it against those without:"
        rounded = {name: coarse_decimals(listing.column(k)) for k, name in enumerate(objectives)}
    else:
        rounded = {}
    heads = ["share", "cost", *(["start"] if several else []), *rounded]
    table = new_table(["project"], heads, None if rounded else "why")
    table.columns[0].max_width = PROJECT_WIDTH
    for entry in entries:
        name = f"{entry.project} {entry.name}" if entry.name and entry.name != entry.project else entry.project
        start = ", ".join(str(settings.first_period + t - 1) for t in entry.start[:1]) + (
            " …" if entry.start[1:] else ""
        )
        figures = [percent(entry.share), figure(Fraction(entry.capital_cost), places), *([start] if several else [])]
        more = [figure(entry.difference[o], d, signed=True) for o, d in rounded.items()] or [entry.why]
        table.add_row(name, *figures, *more)
    print_table(console, title, table)
