"""growthring navigate"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from optimizer.cli import options
from optimizer.cli.sections import UserFault

if TYPE_CHECKING:
    from rich.console import Console

    from optimizer.decide.navigate import Navigation, Navigator, Trade

NAMES_SHOWN = 6


@click.command("navigate")
@click.argument("run", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--aim", metavar="A=1,B=2", help="Values hoped for.  [default: the best listed value of each goal]")
@click.option("--at-least", metavar="A=1", multiple=True, help="A goal that is more the better has to reach this.")
@click.option("--at-most", metavar="A=1", multiple=True, help="A goal that is less the better must not exceed this.")
@click.option("--pin", metavar="PROJECT", multiple=True, help="Must be inside; may be given more than once.")
@click.option("--ban", metavar="PROJECT", multiple=True, help="Must not be inside; may be given more than once.")
@click.option("--from", "number", metavar="N", type=click.IntRange(min=1), help="Start from this listed portfolio.")
@click.option("--improve", metavar="A[:1]", multiple=True, help="With --from: to become better, or up to a value.")
@click.option("--keep", metavar="A", multiple=True, help="With --from: must not become worse.")
@click.option("--may-worsen", metavar="A:1", multiple=True, help="With --from: may become worse until this value.")
@click.option("--free", metavar="A", multiple=True, help="With --from: may change as it likes.")
@click.option("--answers", type=click.IntRange(1, 4), default=1, show_default=True, help="With --from: how many ways.")
@click.option("--rates", is_flag=True, help="Also solve what a step of each goal costs each other goal at least.")
@options.time_limit(10.0, "For the answer; the same again for --rates.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def command(
    run: Path,
    aim: str | None,
    at_least: tuple[str, ...],
    at_most: tuple[str, ...],
    pin: tuple[str, ...],
    ban: tuple[str, ...],
    number: int | None,
    improve: tuple[str, ...],
    keep: tuple[str, ...],
    may_worsen: tuple[str, ...],
    free: tuple[str, ...],
    answers: int,
    rates: bool,
    time_limit: float,
    as_json: bool,
) -> None:
    """The efficient portfolio nearest to a wish, solved live.

    It need not be one of the run's list. What it gives up against its neighbours stands beside it, and what was proved:
    that none comes nearer, that none beats it. Or start from a listed portfolio and say what may become of each goal.

    \b
    Examples:
      growthring navigate runs/zigong --aim growth=450,livability=330 --at-least character=400
      growthring navigate runs/zigong --aim growth=450 --pin P03 --ban P11
      growthring navigate runs/zigong --from 12 --improve growth --keep character --may-worsen livability:250
    """
    classes = (improve, keep, may_worsen, free)
    if number is None and any(classes):
        raise UserFault("--improve, --keep, --may-worsen and --free start from a listed portfolio; name it with --from")
    if number is not None and (aim or at_least or at_most or pin or ban):
        raise UserFault("--from goes with --improve, --keep, --may-worsen and --free; ask for an --aim separately")

    from optimizer.decide.navigate import Navigator
    from optimizer.interrupt import ctrl_c
    from optimizer.run import json_text, read_run

    found = read_run(run)
    with ctrl_c() as interrupt:
        try:
            navigator = Navigator(found.region, found.listing, interrupted=interrupt.asked)
            if number is None:
                told: tuple[Navigation, ...] = (
                    navigator.ask(
                        _pairs(aim.split(",") if aim else (), "="),
                        at_least=_bounds(navigator, at_least, at_most),
                        pin=pin,
                        ban=ban,
                        seconds=time_limit,
                    ),
                )
            else:
                told = navigator.classify(
                    number,
                    improve={name: value or None for name, value in _pairs(improve, ":", bare=True).items()},
                    keep=keep,
                    may_worsen=_pairs(may_worsen, ":"),
                    free=free,
                    answers=answers,
                    seconds=time_limit,
                )
            trades = navigator.trades(told[0], seconds=time_limit) if rates and told[0].place is not None else ()
        except ValueError as error:
            raise UserFault(str(error)) from error
    if as_json:
        plain = [answer.to_dict() for answer in told]
        click.echo(json_text({"run": str(run), "answers": plain, "trades": [trade.to_dict() for trade in trades]}))
        return
    _show(navigator, told, trades)


def _pairs(words: tuple[str, ...] | list[str], sign: str, *, bare: bool = False) -> dict[str, str]:
    """``growth=120`` as name and value; with ``bare`` the value may be missing."""
    pairs = {}
    for word in words:
        name, there, value = (part.strip() for part in word.partition(sign))
        if not name or (not value and (there or not bare)):
            raise UserFault(f"{word!r}: write GOAL{sign}VALUE{' or GOAL' if bare else ''}")
        if name in pairs:
            raise UserFault(f"{name} is given two values")
        pairs[name] = value
    return pairs


def _bounds(navigator: Navigator, at_least: tuple[str, ...], at_most: tuple[str, ...]) -> dict[str, str]:
    """The bounds of both options, each only for goals where it asks for something good."""
    senses = {objective.name: objective.sense for objective in navigator.objectives}
    bounds: dict[str, str] = {}
    for words, sense, option, other in ((at_least, "max", "least", "most"), (at_most, "min", "most", "least")):
        pairs = _pairs(words, "=")
        for name in pairs:
            if senses.get(name, sense) != sense:
                better = "less" if sense == "max" else "more"
                raise UserFault(f"{name} is the better the {better} it is; write --at-{other} instead of --at-{option}")
        bounds |= pairs
    return bounds


def _show(navigator: Navigator, told: tuple[Navigation, ...], trades: tuple[Trade, ...]) -> None:
    from optimizer.cli.tables import stdout

    console = stdout()
    console.print(navigator.region.settings.title or navigator.region.name)
    for answer in told:
        console.print("")
        _show_answer(console, answer)
    if trades:
        console.print("\nWhat a step costs, if one goal pays alone and no other becomes worse")
        for trade in trades:
            console.print(trade.in_words())


def _show_answer(console: Console, answer: Navigation) -> None:
    from optimizer.cli.tables import new_table, print_table
    from optimizer.exact import counted, decimals, figure

    if answer.place is not None:
        places = {
            o.name: decimals([n.place.values[o.name] for n in answer.neighbours] or [answer.place.values[o.name]])
            for o in answer.objectives
        }
        table = new_table([""], ["#", *places])
        wished = [figure(answer.aim[name], d) if name in answer.aim else "" for name, d in places.items()]
        table.add_row("wish", "", *wished)
        own = answer.place
        shown = "–" if own.number is None else str(own.number)
        table.add_row("answer", shown, *(figure(own.values[name], d) for name, d in places.items()))
        for n in answer.neighbours:
            shown = "–" if n.place.number is None else str(n.place.number)
            gains = ((n.place.values[name] - own.values[name], d) for name, d in places.items())
            table.add_row(f"better {n.goal}", shown, *(figure(gain, d, signed=True) for gain, d in gains))
        print_table(console, f"{answer.origin.capitalize()} ({answer.scalarization})", table)
        for n in answer.neighbours:
            _show_neighbour(console, n)
    console.print(answer.in_words())
    if answer.place is not None:
        console.print(f"Projects: {', '.join(answer.place.plan) or 'none'}.")
    if answer.clash is not None:
        console.print("growthring conflict tells which rules of the region stand behind it, and what would repair it.")
    console.print(f"{counted(answer.solves, 'solve')} in {answer.seconds:.1f} s.")
    if answer.instead is not None:
        console.print("\nNearest to the values that were to be reached:")
        _show_answer(console, answer.instead)


def _show_neighbour(console: Console, n: object) -> None:
    from optimizer.decide.navigate import Neighbour
    from optimizer.exact import decimals, figure

    assert isinstance(n, Neighbour)
    parts = [
        f"{word} {', '.join(names[:NAMES_SHOWN])}{', …' if names[NAMES_SHOWN:] else ''}"
        for word, names in (("in", n.swap.enter), ("out", n.swap.leave), ("at another time", n.swap.move))
        if names
    ]
    paid = [f"{figure(rate, max(2, decimals([rate])))} {name}" for name, rate in n.rates.items()]
    price = f"; a unit of {n.goal} costs {' and '.join(paid)}" if paid else "; nothing becomes worse"
    breaks = f" (it does not keep: {', '.join(n.breaks)})" if n.breaks else ""
    console.print(f"Better {n.goal}: {'; '.join(parts) or 'the same projects'}{price}{breaks}.")
