"""growthring explain"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from optimizer.cli import options
from optimizer.cli.sections import UserFault

if TYPE_CHECKING:
    from decimal import Decimal

    from rich.console import Console

    from optimizer.decide.explain import Explanation


@click.command("explain")
@click.argument("run", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--project", metavar="ID", required=True, help="The project, by its id in the tables.")
@click.option("--portfolio", metavar="NUMBER", type=int, help="As numbered in front.csv.  [default: the compromise]")
@options.time_limit(60.0, "For all questions together; what is left open then is said.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def command(run: Path, project: str, portfolio: int | None, time_limit: float, as_json: bool) -> None:
    """Why a project is in a portfolio or not, and what would change that.

    In: what breaks or worsens without it, what would take its place. Out: which rules and rivals keep it out, the
    smallest cost cut, change of an effect or extra budget that brings it in, and what is lost if it is forced in. Every
    claim is a model that was solved for it. Ctrl-C ends the search; what is proved by then is told.

    \b
    Examples:
      growthring explain runs/zigong --project P17
      growthring explain runs/zigong --project P17 --portfolio 12 --time-limit 300
    """
    from optimizer.decide.explain import explain
    from optimizer.decide.live import Clock
    from optimizer.interrupt import ctrl_c
    from optimizer.run import json_text, read_run

    found = read_run(run)

    def tell(what: str) -> None:
        if not as_json:
            click.echo(f"{what} ...", err=True)

    try:
        with ctrl_c() as interrupt:
            clock = Clock(time_limit, interrupt.asked)
            told = explain(found.region, found.listing, project, portfolio, clock=clock, tell=tell)
    except ValueError as error:
        raise UserFault(f"{run}: {error}") from error
    if as_json:
        click.echo(json_text({"run": str(run), **told.to_dict()}))
        return
    _show(told)


def _show(told: Explanation) -> None:
    from optimizer.cli.tables import stdout

    console = stdout()
    console.print(told.region)
    for sentence in told.in_words().splitlines():
        console.print("", sentence, sep="\n")
    if told.swap is not None:
        console.print("")
        _show_swap(console, told)
    if told.prices:
        console.print("")
        _show_prices(console, told)


def _show_swap(console: Console, told: Explanation) -> None:
    from optimizer.cli.tables import new_table, print_table
    from optimizer.exact import decimals, figure

    if told.swap is None:
        return
    table = new_table(["objective"], [f"portfolio {told.portfolio}", "nearest", "change"], "unit")
    for name, value in told.swap.values.items():
        mine = told.values[name]
        places = decimals([value, mine])
        change = figure(value - mine, places, signed=True)
        table.add_row(name, figure(mine, places), figure(value, places), change, told.units[name])
    print_table(console, f"The nearest portfolio {'without' if told.inside else 'with'} {told.project}", table)


def _show_prices(console: Console, told: Explanation) -> None:
    from fractions import Fraction

    from optimizer.cli.tables import new_table, print_table
    from optimizer.exact import exact_text

    def plain(value: Decimal) -> str:
        return exact_text(Fraction(value))

    table = new_table(["figure"], ["now", "needed", "step"], "")
    for price in told.prices:
        needed = "–" if price.after is None else plain(price.after)
        if price.after is None:
            said = "no change brings it in" if price.proved else "none found, not settled"
        else:
            said = "least, proved" if price.proved else "enough, perhaps not least"
        table.add_row(price.figure, plain(price.now), needed, plain(price.step), said)
    print_table(console, "Price of entry: one figure at a time", table)
