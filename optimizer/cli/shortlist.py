"""growthring shortlist"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from optimizer.cli import options
from optimizer.cli.sections import UserFault
from optimizer.cli.targets import new_target

if TYPE_CHECKING:
    from rich.console import Console

    from optimizer.decide.shortlist import Entry, Shortlist, Side
    from optimizer.decide.shortlist.preference import Share

PROJECT_WIDTH = 28
FIGURES_FIT = 3
QUICK_SECONDS = 5.0
PLAIN_SECONDS = 10.0
Tell = Callable[[int, int, float], None]


@click.command("shortlist")
@click.argument("run", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--prove", is_flag=True, help=f"Go on beyond the first {QUICK_SECONDS:g} s, until every class is proved.")
@options.time_limit(60.0, "For --prove, and again for --intervals.")
@click.option("--intervals", is_flag=True, help="Also classes for all values between low and high of the effects.")
@click.option("-o", "--output", "target", type=click.Path(path_type=Path), help="Workbook (.xlsx) to make.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def command(run: Path, prove: bool, time_limit: float, intervals: bool, target: Path | None, as_json: bool) -> None:
    """Which projects are core, borderline or exterior, why, and what of it is proved.

    Core: in all efficient portfolios. Exterior: in none. Borderline: in some of them. A class is proved by two
    efficient portfolios, one with the project and one without, or by a search for the counter-example that ends with
    none; it needs no complete front. What is not proved within the time is said to be open. Ctrl-C keeps what is
    proved by then.

    \b
    Examples:
      growthring shortlist runs/zigong
      growthring shortlist runs/zigong --prove --time-limit 600
      growthring shortlist runs/zigong --intervals -o shortlist.xlsx
    """
    if target is not None:
        if target.suffix.lower() != ".xlsx":
            raise UserFault(f"{target}: a shortlist is written as a workbook; give a name that ends with .xlsx")
        target = new_target(target)

    from optimizer.decide.shortlist import shortlist
    from optimizer.decide.shortlist.intervals import has_intervals
    from optimizer.run import read_run

    found = read_run(run)
    if not len(found.listing):
        raise UserFault(f"{run}: {found.certificate.in_words()} There is no shortlist.")
    chosen = shortlist(found.region, found.listing)
    if intervals and not has_intervals(found.region):
        raise UserFault(f"{run}: no effect has an interval; enter low and high in the table effects, and solve again")
    try:
        with _progress(as_json) as tell:
            chosen = chosen.prove(time_limit if prove else QUICK_SECONDS, on_progress=tell)
            if intervals:
                chosen = chosen.over_intervals(time_limit)
    except ValueError as error:
        raise UserFault(f"{run}: {error}") from error
    if target is not None:
        chosen.to_excel(target)
    if as_json:
        from optimizer.run import json_text

        click.echo(json_text(_plain(chosen, run, target)))
        return
    _show(chosen)
    if chosen.open:
        more = f"--prove --time-limit {10 * time_limit:g}" if prove else "--prove"
        click.echo(f"To go on with the open ones: growthring shortlist {run} {more}")
    if target is not None:
        click.echo(f"Workbook: {target}")


@contextmanager
def _progress(as_json: bool) -> Iterator[Tell | None]:
    """One line that is drawn anew in a terminal, a line now and then elsewhere; nothing for machines."""
    if as_json:
        yield None
        return
    live = sys.stderr.isatty()
    last = 0.0

    def tell(settled: int, projects: int, seconds: float) -> None:
        nonlocal last
        if live:
            click.echo(f"\r{seconds:.0f} s · {settled} of {projects} projects proved\033[K", err=True, nl=False)
        elif seconds - last >= PLAIN_SECONDS:
            last = seconds
            click.echo(f"{seconds:.0f} s · {settled} of {projects} projects proved", err=True)

    try:
        yield tell
    finally:
        if live:
            click.echo("\r\033[K", err=True, nl=False)


def _plain(chosen: Shortlist, run: Path, target: Path | None) -> dict[str, Any]:
    preference, robust = chosen.preference, chosen.intervals
    return {
        "run": str(run),
        "workbook": str(target) if target else None,
        "basis": chosen.basis,
        "in_words": chosen.in_words(),
        "open": chosen.open,
        "portfolios": chosen.portfolios,
        "points": len(chosen.listing),
        "weights_exact": preference.exact,
        "projects": [
            {
                "project": entry.project,
                "name": entry.name,
                "town": entry.town,
                "category": list(entry.category),
                "class": entry.cls,
                "verdict": entry.verdict,
                "portfolios": entry.portfolios,
                "share": str(entry.share),
                "weights": _share(preference.weights[entry.project]),
                "aims": _share(preference.aims[entry.project]),
                "capital_cost": str(entry.capital_cost),
                "start": list(entry.start),
                "difference": {name: float(amount) for name, amount in entry.difference.items()},
                "why": entry.why,
                "inside": _side(entry.inside),
                "outside": _side(entry.outside),
                **({"robust": robust.of[entry.project].cls} if robust else {}),
                **({"robust_verdict": robust.of[entry.project].verdict} if robust else {}),
            }
            for entry in chosen.entries
        ],
        **({"intervals": robust.in_words()} if robust else {}),
    }


def _share(share: Share) -> dict[str, float]:
    return {"share": float(share.share), "low": share.low, "high": share.high}


def _side(side: Side) -> dict[str, Any]:
    plan = None if side.plan is None else dict(side.plan)
    return {"exists": side.exists, "portfolio": side.portfolio, "plan": plan, "epsilon": side.epsilon}


def _show(chosen: Shortlist) -> None:
    """A table for each class, at most 80 columns wide where the terminal is."""
    from optimizer.cli.tables import stdout
    from optimizer.decide.shortlist import Class

    console = stdout()
    for cls in Class:
        if entries := chosen.of_class(cls):
            _show_class(console, chosen, entries)
    console.print(chosen.basis_in_words)
    if chosen.intervals is not None:
        _show_intervals(console, chosen)


def _show_class(console: Console, chosen: Shortlist, entries: tuple[Entry, ...]) -> None:
    from decimal import Decimal
    from fractions import Fraction

    from optimizer.cli.tables import new_table, print_table
    from optimizer.decide.shortlist import Verdict
    from optimizer.exact import coarse_decimals, counted, decimals, figure, percent

    settings, listing = chosen.region.settings, chosen.listing
    places = decimals(Fraction(entry.capital_cost) for entry in chosen.entries)
    total = figure(Fraction(sum((entry.capital_cost for entry in entries), Decimal(0))), places)
    unit = f" ({settings.money})" if settings.money else ""
    open_ones = sum(entry.verdict is Verdict.OPEN for entry in entries)
    proof = f"; {open_ones} open (?)" if open_ones else "; all proved"
    title = f"{entries[0].cls.capitalize()}: {counted(len(entries), 'project')}, capital cost {total}{unit}{proof}"
    several = settings.periods > 1 and any(entry.start for entry in entries)
    objectives = [o.name for o in listing.objectives] if any(entry.difference for entry in entries) else []
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
        name += " ?" if entry.verdict is Verdict.OPEN else ""
        start = ", ".join(str(settings.first_period + t - 1) for t in entry.start[:1]) + (
            " …" if entry.start[1:] else ""
        )
        figures = [percent(entry.share), figure(Fraction(entry.capital_cost), places), *([start] if several else [])]
        more = [
            figure(entry.difference[o], d, signed=True) if o in entry.difference else "" for o, d in rounded.items()
        ]
        table.add_row(name, *figures, *(more or [entry.why]))
    print_table(console, title, table)


def _show_intervals(console: Console, chosen: Shortlist) -> None:
    """The projects whose class does not hold for all values."""
    from optimizer.cli.tables import new_table, print_table

    assert chosen.intervals is not None
    table = new_table(["project", "as entered", "for all values"])
    moved = [entry for entry in chosen.entries if chosen.intervals.of[entry.project].cls is not entry.cls]
    for entry in moved:
        table.add_row(entry.project, entry.cls, chosen.intervals.of[entry.project].in_words())
    console.print(chosen.intervals.in_words())
    if moved:
        print_table(console, "Of another class when all values count", table)
