"""growthring conflict"""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import click

from optimizer.cli import options
from optimizer.cli.sections import UserFault

if TYPE_CHECKING:
    from rich.console import Console

    from instances.region import Region
    from optimizer.decide.conflict import Conflicts, Repair

SHOWN = 3
"""Repairs that are shown below each of several conflicts."""
SIDES = {">=": "at least", "<=": "at most"}
OPEN = 3
"""Exit code where it stayed open whether there is a portfolio."""


@click.command("conflict")
@click.argument("region")
@click.option(
    "--aim", "aims", metavar="GOAL>=VALUE", multiple=True, help="A value that an objective shall reach (>= or <=)."
)
@click.option("--pin", "pins", metavar="PROJECT", multiple=True, help="A project that shall be chosen.")
@click.option("--ban", "bans", metavar="PROJECT", multiple=True, help="A project that shall not be chosen.")
@click.option(
    "--most", metavar="N", type=click.IntRange(min=1), default=10, show_default=True, help="Conflicts to look for."
)
@click.option("--no-repairs", is_flag=True, help="Only say what contradicts what.")
@options.time_limit(60.0, "What is found until then is shown, with what it proves.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def command(
    region: str,
    aims: tuple[str, ...],
    pins: tuple[str, ...],
    bans: tuple[str, ...],
    most: int,
    no_repairs: bool,
    time_limit: float,
    as_json: bool,
) -> None:
    """Why there is no portfolio: the smallest sets of rules that contradict each other.

    REGION is a region or a run folder. With it come the least changes of figures that would help, ranked by the share
    of the figure that they change. Rules are those of the tables; aims, pins and bans are rules as well. The exit code
    is 0 whether there is a conflict or not, and 3 if that stayed open.

    \b
    Examples:
      growthring conflict my-town
      growthring conflict runs/zigong --aim "growth>=120" --pin xs_wharf
    """
    from optimizer.decide.conflict import find_conflicts
    from optimizer.decide.live import Clock
    from optimizer.interrupt import ctrl_c

    facts = _region(region)
    wanted = dict(_aim(facts, text) for text in aims)
    for project in (*pins, *bans):
        if project not in facts.project:
            raise UserFault(f"no project is called {project}; this region has: {', '.join(facts.project)}")
    try:
        with ctrl_c() as interrupt:
            found = find_conflicts(
                facts,
                aims=wanted,
                pins=pins,
                bans=bans,
                most=most,
                repair=not no_repairs,
                clock=Clock(time_limit, interrupt.asked),
                on_progress=None if as_json else _progress,
            )
    except ValueError as error:
        raise UserFault(str(error)) from error
    if as_json:
        from optimizer.run import json_text

        click.echo(json_text(found.to_dict()))
    else:
        _show(found)
    if found.plan is None and not found.conflicts:
        raise click.exceptions.Exit(OPEN)


def _progress(words: str) -> None:
    import sys

    if sys.stderr.isatty():
        click.echo(f"\r\x1b[K{words[:78]}", nl=False, err=True)


def _region(given: str) -> Region:
    """A region, or that of a run folder."""
    from instances import read_region
    from optimizer.run import read_run

    return read_run(given).region if (Path(given) / "manifest.json").is_file() else read_region(given)


def _aim(region: Region, text: str) -> tuple[tuple[str, str], Fraction]:
    match = re.fullmatch(r"\s*(.+?)\s*(>=|<=)\s*(\S+)\s*", text)
    if match is None:
        raise UserFault(f'{text}: an aim is written GOAL>=VALUE or GOAL<=VALUE, in quotes: --aim "growth>=120"')
    goal, sign, value = match.groups()
    if goal not in region.goals:
        raise UserFault(f"no objective is called {goal}; this region has: {', '.join(region.goals)}")
    try:
        return (goal, SIDES[sign]), Fraction(value)
    except (ValueError, ZeroDivisionError) as error:
        raise UserFault(f"{text}: {value} is no figure") from error


def _show(found: Conflicts) -> None:
    import sys

    from optimizer.cli.tables import stdout

    if sys.stderr.isatty():
        click.echo("\r\x1b[K", nl=False, err=True)
    console = stdout()
    console.print(found.region.settings.title or found.region.name)
    console.print(found.in_words())
    several = len(found.conflicts) > 1
    for number, conflict in enumerate(found.conflicts, 1):
        console.print(f"\n{number}. {'These rules' if len(conflict.rules) > 1 else 'This rule'} cannot be kept:")
        for words in conflict.words:
            console.print(f"   - {words}")
        if several and conflict.repairs:
            console.print("   What ends this conflict:")
            _list(console, conflict.repairs[:SHOWN])
            if len(conflict.repairs) > SHOWN:
                console.print(f"   … and {len(conflict.repairs) - SHOWN} more")
    if found.conflicts and found.repairs:
        console.print("")
        _show_repairs(console, found)
    elif found.conflicts and several:
        console.print("\nNo change of a single figure, and no combination that was looked at, lets a portfolio exist.")
    for words in found.unmoved:
        console.print(f"No figure of this rule can be loosened without tightening another: {words}.")


def _list(console: Console, repairs: tuple[Repair, ...]) -> None:
    for repair in repairs:
        console.print(f"   * {repair.in_words()}")


def _show_repairs(console: Console, found: Conflicts) -> None:
    from optimizer.cli.tables import new_table, print_table
    from optimizer.exact import percent

    single = any(len(repair.changes) == 1 for repair in found.repairs)
    several = any(len(repair.changes) > 1 for repair in found.repairs)
    title = (
        "The least change of each figure that alone lets a portfolio exist" if single else "No single figure is enough"
    )
    if several:
        title += "; the cheapest combinations\nfor the smallest groups of rules of which each has to give way"
    table = new_table(["change"], ["share"], "")
    for repair in found.repairs:
        words = "; ".join(change.words for change in repair.changes)
        proved = "least, proved" if repair.proved else f"enough; at least {percent(repair.at_least)}"
        table.add_row(words, percent(repair.share), proved)
    print_table(console, title, table)
    console.print(
        "share: of the figure's value, added up over the changes; a figure that is 0, and a rule without a figure, "
        "count 100 %."
    )
    if not found.repairs_complete:
        console.print("Some changes stayed open for want of time: others may be enough, too.")
