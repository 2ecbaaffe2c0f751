"""growthring effect"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from optimizer.cli import options
from optimizer.cli.goals import chosen_goals, formulated
from optimizer.cli.sections import UserFault

if TYPE_CHECKING:
    from rich.console import Console

    from instances.region import Region
    from optimizer.decide.effect import Effect
    from optimizer.listing import Listing

SHOWN = 8
NAME_WIDTH = 30


@click.command("effect")
@click.argument("region")
@click.option(
    "--without",
    "names",
    metavar="MECHANISM",
    multiple=True,
    required=True,
    help="Mechanism to take away; may be given more than once. all: each one that is on, one after the other.",
)
@options.objectives
@options.guarantee("Stop each solve when no better portfolio can be farther than this share of the range.")
@options.time_limit(20.0, "For each solve.")
@click.option("--workers", metavar="N", type=click.IntRange(min=1), default=2, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def command(
    region: str,
    names: tuple[str, ...],
    objectives: str | None,
    guarantee: float,
    time_limit: float,
    workers: int,
    as_json: bool,
) -> None:
    """How the front and the shortlist move without a mechanism.

    What the rule forbids, what it costs and what it buys. Both fronts are measured with all objectives of the full
    region; each carries its certificate.

    \b
    Examples:
      growthring effect zigong --without identity
      growthring effect zigong --without all --time-limit 10
    """
    from instances import read_region
    from optimizer.decide.effect import REMOVALS, effect, in_force
    from optimizer.listing import Listing
    from optimizer.solver import solve
    from optimizer.stop import AnyOf, Guarantee, TimeLimit

    unknown = [name for name in names if name not in REMOVALS and name != "all"]
    if unknown:
        raise UserFault(f"no mechanism is called {', '.join(unknown)}; there are {', '.join(REMOVALS)} and all")
    facts = read_region(region)
    goals = chosen_goals(facts, objectives)
    there = in_force(facts)
    wanted = tuple(dict.fromkeys(name for asked in names for name in (there if asked == "all" else (asked,))))
    if idle := [name for name in wanted if name not in there]:
        raise UserFault(f"{facts.name} has nothing of {', '.join(idle)} to take away; it has {', '.join(there)}")
    stop = AnyOf(TimeLimit(time_limit), Guarantee(guarantee))

    def solved(changed: Region) -> Listing:
        return Listing.of(solve(formulated(changed, goals), stop=stop, workers=workers), changed)

    listing = solved(facts)
    found = []
    for name in wanted:
        if not as_json and len(wanted) > 1:
            click.echo(f"without {name} ...", err=True)
        try:
            found.append(effect(facts, name, listing, solved))
        except ValueError as error:
            raise UserFault(str(error)) from error
    if as_json:
        from optimizer.run import json_text

        click.echo(json_text({"region": facts.name, "effects": [one.to_dict() for one in found]}))
        return
    _show(facts, found)


def _show(facts: Region, found: list[Effect]) -> None:
    from optimizer.cli.tables import stdout

    console = stdout()
    console.print(facts.settings.title or facts.name)
    for one in found:
        console.print("")
        _show_one(console, one)
    if len(found) > 1:
        console.print("")
        _show_row_each(console, found)
    console.print(f"With all mechanisms: {found[0].certificates[0].in_words()}")
    for one in found:
        console.print(f"Without {one.mechanism}: {one.certificates[1].in_words()}")


def _show_one(console: Console, one: Effect) -> None:
    from optimizer.cli.tables import new_table, print_table
    from optimizer.exact import decimals, figure, percent

    table = new_table(["objective"], ["with", "without", "difference"], "")
    for c in one.changes:
        places = decimals([c.with_it, c.without_it])
        if not c.gain:
            said = "no difference"
        else:
            said = ("better with it" if c.gain > 0 else "better without it") + ("" if c.proved else ", not proved")
        cells = (figure(value, places) for value in (c.with_it, c.without_it))
        table.add_row(c.objective, *cells, figure(c.with_it - c.without_it, places, signed=True), said)
    print_table(console, f"{one.mechanism.capitalize()}: best value of each objective with it and without it", table)
    with_it, without_it = one.portfolios
    ratio = "" if one.hypervolume is None else f"; hypervolume ratio {one.hypervolume:.3f}"
    console.print(f"Portfolios: {with_it:,} with it, {without_it:,} without it{ratio} (with / without).")
    console.print(_forbidden(one))
    if one.broken:
        table = new_table(["rule broken without it"], ["portfolios"])
        for rule, count in list(one.broken.items())[:SHOWN]:
            table.add_row(rule, f"{count:,}")
        if len(one.broken) > SHOWN:
            table.add_row(f"… {len(one.broken) - SHOWN} more", "")
        console.print(table)
    if one.moved:
        classes = sum(m.before is not m.after for m in one.moved)
        table = new_table(["project", "with", "without"], ["share with", "without"])
        table.columns[0].max_width = NAME_WIDTH
        for m in one.moved[:SHOWN]:
            name = f"{m.project} {m.name}" if m.name and m.name != m.project else m.project
            table.add_row(name, m.after.value, m.before.value, percent(m.share_after), percent(m.share_before))
        listed = "" if one.settled else " among the listed portfolios"
        title = f"{classes} projects change their class, {len(one.moved)} their share{listed}; most:"
        print_table(console, title, table)
    else:
        console.print("No project changes its class or share.")


def _forbidden(one: Effect) -> str:
    from optimizer.exact import counted

    shut = f"It forbids {counted(len(one.forbidden), 'project')}"
    if one.forbidden:
        names = list(one.forbidden)
        shut += f" ({', '.join(names[:SHOWN])}{', …' if len(names) > SHOWN else ''})"
    return (
        f"{shut}; of the portfolios found without it, {one.breaking:,} of {one.portfolios[1]:,} break a rule with it."
    )


def _show_row_each(console: Console, found: list[Effect]) -> None:
    """A row a mechanism: forbidden, cost, bought; ``?`` where the certificates do not settle it."""
    from optimizer.cli.tables import new_table, print_table
    from optimizer.decide.effect import Change
    from optimizer.exact import decimals, figure

    def told(changes: tuple[Change, ...]) -> str:
        parts = (f"{c.objective} {figure(abs(c.gain), decimals([c.gain]))}{'' if c.proved else '?'}" for c in changes)
        return ", ".join(parts) or "–"

    table = new_table(["mechanism"], ["forbids", "breaking", "volume"])
    table.add_column("costs")
    table.add_column("buys")
    for one in found:
        share = f"{one.breaking}/{one.portfolios[1]}"
        ratio = "" if one.hypervolume is None else f"{one.hypervolume:.3f}"
        table.add_row(one.mechanism, str(len(one.forbidden)), share, ratio, told(one.cost), told(one.bought))
    print_table(console, "What each mechanism forbids, costs and buys (? not proved)", table)
    console.print(
        "forbids: projects; breaking: portfolios found without it that break its rules or others; volume: hypervolume "
        "with it over without it."
    )
