"""growthring sweep"""

from __future__ import annotations

import shlex
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import click

from optimizer.cli import options
from optimizer.cli.goals import chosen_goals
from optimizer.cli.sections import INTERRUPTED, UserFault
from optimizer.methods import METHODS

if TYPE_CHECKING:
    from rich.console import Console

    from instances.region import Region
    from optimizer.decide.sweep import Setting, Sweep
    from optimizer.listing import Listing

NAMED = 4
"""Projects that a row of the table names."""


@click.command("sweep")
@click.argument("region")
@click.option(
    "--vary",
    metavar="FIGURE=VALUES",
    multiple=True,
    required=True,
    help="Figure and its values: budgets/county/amount=10..20:1, policy/farmland_quota_ha=2,4,8 or "
    "capacities/brook,COD/capacity=80%..120%:5%. Given twice: a grid.",
)
@click.option(
    "-o", "--output", "target", type=click.Path(path_type=Path), required=True, help="Folder to make or go on with."
)
@options.objectives
@click.option("--weights", metavar="A=1,B=2", help="Also find the best list that only grows for these weights.")
@click.option("--method", type=click.Choice(METHODS), default="auto", show_default=True)
@options.guarantee("Stop each step when no better portfolio can be farther than this share of the range.")
@options.time_limit(60.0, "For each step, and for the lists that only grow.")
@click.option("--workers", metavar="N", type=click.IntRange(min=1), default=1, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def command(
    region: str,
    vary: tuple[str, ...],
    target: Path,
    objectives: str | None,
    weights: str | None,
    method: str,
    guarantee: float,
    time_limit: float,
    workers: int,
    as_json: bool,
) -> None:
    """A budget, quota or policy figure over a range: the front at each step.

    Which projects enter and leave, what a unit more is worth for each objective, and the price of a list that only
    grows. Each step is a run folder; Ctrl-C keeps the steps that are done, and the same command goes on with the rest.

    \b
    Examples:
      growthring sweep hamlet --vary budgets/county/amount=10..20:2 -o sweeps/county
      growthring sweep hamlet --vary budgets/county/amount=80%..120%:10% -o sweeps/more
    """
    from instances import read_region
    from optimizer.decide.sweep.run import sweep
    from optimizer.interrupt import ctrl_c
    from optimizer.run import Options, json_text

    facts = read_region(region)
    goals = chosen_goals(facts, objectives)
    asked = _weights(goals, weights) if weights else None
    chosen = Options(goals, method, guarantee, time_limit, workers)
    try:
        with ctrl_c() as interrupt:
            found = sweep(
                facts,
                vary,
                goals,
                options=chosen,
                folder=target,
                weights=asked,
                interrupted=interrupt.asked,
                on_step=None if as_json else _told,
            )
    except ValueError as error:
        raise UserFault(str(error)) from error
    if as_json:
        click.echo(json_text({"folder": str(target), **found.to_dict()}))
    else:
        _show(facts, found, target)
    if found.unfinished:
        click.echo(
            f"The steps that are done are kept in {shlex.quote(str(target))}; the same command goes on.", err=True
        )
        raise click.exceptions.Exit(INTERRUPTED)


def _weights(goals: tuple[str, ...], text: str) -> dict[str, Fraction]:
    found = {}
    for part in text.split(","):
        name, _, value = (piece.strip() for piece in part.partition("="))
        if name not in goals:
            raise UserFault(f"--weights: no objective that is compared is called {name}; there are {', '.join(goals)}")
        try:
            found[name] = Fraction(value)
        except (ValueError, ZeroDivisionError) as error:
            raise UserFault(f"--weights: {value or 'nothing'} is no weight of {name}; write {name}=2") from error
        if found[name] < 0:
            raise UserFault(f"--weights: {name} weighs {value}; weights are not negative, each objective has its sense")
    return found


def _told(setting: Setting, listing: Listing) -> None:
    at = ", ".join(map(str, setting))
    click.echo(f"{at}: {len(listing)} portfolios, {listing.certificate.status}", err=True)


def _show(region: Region, found: Sweep, target: Path) -> None:
    from optimizer.cli.tables import new_table, print_table, stdout
    from optimizer.exact import decimals, figure

    console = stdout()
    console.print(region.settings.title or region.name)
    bests = [[step.best(k) for k in range(len(found.objectives))] for step in found.steps]
    places = [
        decimals([best.value for best in column if best is not None] or [Fraction(0)])
        for column in zip(*bests, strict=True)
    ]
    names = [objective.name for objective in found.objectives]
    heads = [*(axis.figure.column for axis in found.axes), "portfolios", *names]
    table = new_table((), heads, "certificate")
    for step, row in zip(found.steps, bests, strict=True):
        values = ["–" if best is None else figure(best.value, d) for best, d in zip(row, places, strict=True)]
        proof = "no portfolio, proved" if step.certificate.infeasible else str(step.certificate.status)
        table.add_row(*map(str, step.setting), f"{len(step.listing):,}", *values, proof)
    figures = " and ".join(str(axis.figure) for axis in found.axes)
    print_table(console, f"Fronts over {figures}, with the best value of each objective", table)
    _show_gains(console, found)
    _show_moves(console, found)
    console.print(found.in_words())
    console.print(f"\nSteps, tables and picture: {target}", soft_wrap=True)


def _show_gains(console: Console, found: Sweep) -> None:
    """What a unit more adds to the best value of each objective, from step to step."""
    from optimizer.cli.tables import new_table, print_table

    names = [objective.name for objective in found.objectives]
    table = new_table((), ["up to", *names])
    for number, step in enumerate(found.steps):
        gains = [found.gain(number, k) for k in range(len(names))]
        if any(gain is not None for gain in gains):
            told = ["–" if gain is None else f"{float(gain):+.4g}" for gain in gains]
            table.add_row(", ".join(map(str, step.setting)), *told)
    if table.row_count:
        sure = "" if found.proved else " (of the listed portfolios)"
        print_table(console, f"What each unit more adds to the best value; + is better{sure}", table)


def _show_moves(console: Console, found: Sweep) -> None:
    from optimizer.cli.tables import new_table, print_table
    from optimizer.decide.shortlist import Class

    def some(projects: list[str]) -> str:
        return ", ".join(projects[:NAMED]) + (f" and {len(projects) - NAMED} more" if len(projects) > NAMED else "")

    table = new_table((), ["at"])
    for head in ("enter", "leave", "become core"):
        table.add_column(head)
    for number, step in enumerate(found.steps):
        if moves := found.moves(number):
            enter = [move.project for move in moves if move.before is Class.EXTERIOR]
            leave = [move.project for move in moves if move.after is Class.EXTERIOR]
            core = [move.project for move in moves if move.after is Class.CORE]
            table.add_row(", ".join(map(str, step.setting)), some(enter), some(leave), some(core))
    if table.row_count:
        print_table(console, "Projects that enter and leave, against the step before", table)
