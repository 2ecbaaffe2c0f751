"""growthring compare"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from optimizer.cli.sections import UserFault
from optimizer.cli.targets import new_target

if TYPE_CHECKING:
    from rich.console import Console

    from optimizer.decide.compare import Comparison, Side
    from optimizer.run import Run

WORSE = 1
LOST_SHOWN = 10
NAME_WIDTH = 18
LEGEND = (
    "hypervolume: share of the box between the best values and the reference point that the list beats; more is better",
    "epsilon: how much of the range the list lacks to the best of all lists together, where it is worst; 0 is best",
    "factor: the same as a ratio of the values; 1 is best",
    "IGD+: how much worse on average; 0 is best",
    "covers base: share of the first list that is matched or beaten; 1 is best",
)


@click.command("compare")
@click.argument("runs", metavar="RUN_A RUN_B...", nargs=-1, required=True)
@click.option("--adopted", is_flag=True, help="Compare the plan in the column `adopted` as well, as a front of one.")
@click.option(
    "--fail-if-worse",
    "tolerance",
    metavar="SHARE",
    type=click.FloatRange(0, 1),
    help="Exit code 1 if a portfolio of RUN_A has no answer within this share of the range; names what is lost.",
)
@click.option("-o", "--output", "target", type=click.Path(path_type=Path), help="Folder to make: a table a file (CSV).")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def command(runs: tuple[str, ...], adopted: bool, tolerance: float | None, target: Path | None, as_json: bool) -> None:
    """Two or more fronts side by side: in figures, in words, and with what each run proves.

    The first is what the others are held against. Each is a run folder, or repeated runs of one method: a folder that
    holds run folders, or a pattern in quotes. Repeated runs are compared by medians, quartiles and attainment. The exit
    code is 2 if objectives, senses or units differ.

    \b
    Examples:
      growthring compare runs/exact runs/quick --adopted
      growthring compare runs/exact 'runs/seed-*' -o comparison
      growthring compare baseline runs/new --fail-if-worse 0.001
    """
    if len(runs) + adopted < 2:
        raise UserFault("a comparison needs two runs, or one run and --adopted")
    if target is not None:
        target = new_target(target)

    from optimizer.decide.compare import compare
    from optimizer.decide.compare.sides import as_side
    from optimizer.run import json_text

    sides: list[Run | list[Run] | Side] = [_read(name) for name in runs]
    names = [_name(name) for name in runs]
    try:
        if adopted:
            sides.append(_adopted(as_side(names[0], sides[0])))
            names.append("adopted plan")
        found = compare(sides[0], sides[1], *sides[2:], names=names)
    except ValueError as error:
        raise UserFault(str(error)) from error
    if target is not None:
        _write(target, found)
    if as_json:
        click.echo(json_text({**found.to_dict(), "folder": str(target) if target else None}))
    else:
        _show(found)
        if target is not None:
            click.echo(f"Tables: {target}")
    if any(promise.broken for pair in found.pairs for promise in pair.promises):
        click.echo("A certificate is contradicted; see above.", err=True)
        raise click.exceptions.Exit(WORSE)
    if tolerance is not None:
        _fail_if_worse(found, tolerance)


def _name(path: str) -> str:
    return Path(path).name or path


def _read(name: str) -> Run | list[Run]:
    """A run folder, or the runs of a folder or pattern in the order of their names."""
    import glob

    folder = Path(name)
    if (folder / "manifest.json").is_file():
        return _run(folder)
    places = folder.iterdir() if folder.is_dir() else map(Path, glob.glob(name))  # noqa: PTH207 an absolute pattern
    found = sorted(place for place in places if (place / "manifest.json").is_file())
    if not found:
        raise UserFault(f"{name} is no run folder and holds none; growthring solve writes one")
    return [_run(place) for place in found]


def _run(folder: Path) -> Run:
    from optimizer.run import read_run

    try:
        return read_run(folder)
    except ValueError as error:
        raise UserFault(f"{folder}: {error}") from error


def _adopted(base: Side) -> Side:
    from optimizer.decide.compare import plan_as_side

    assert base.region is not None
    plan = {project.id: project.adopted for project in base.region.projects if project.adopted}
    if not plan:
        raise UserFault(f"{base.name} has no adopted plan: the column adopted of its projects is empty")
    return plan_as_side("adopted plan", base.region, plan, base.listings[0])


def _fail_if_worse(found: Comparison, tolerance: float) -> None:
    from fractions import Fraction

    from optimizer.decide.compare.words import lost_in_words
    from optimizer.exact import counted

    share = Fraction(str(tolerance))
    lost = [(pair, answer) for pair in found.pairs for answer in pair.worse_than(share)]
    if not lost:
        return
    for pair, answer in lost[:LOST_SHOWN]:
        click.echo(f"lost: {lost_in_words(pair, answer)}", err=True)
    if len(lost) > LOST_SHOWN:
        click.echo(f"... and {len(lost) - LOST_SHOWN:,} more", err=True)
    click.echo(f"{counted(len(lost), 'portfolio')} lost by more than {tolerance:g} of the range.", err=True)
    raise click.exceptions.Exit(WORSE)


def _write(target: Path, found: Comparison) -> None:
    from optimizer.decide.compare.tables import all_tables
    from optimizer.folders import whole_folder
    from optimizer.tables import write_table

    with whole_folder(target) as draft:
        for name, table in all_tables(found).items():
            write_table(table, draft / f"{name}.csv")
        (draft / "words.txt").write_text("\n".join(found.words()) + "\n", encoding="utf-8")


def _show(found: Comparison) -> None:
    from optimizer.cli.tables import stdout
    from optimizer.decide.compare.words import pair_in_words, ranges_in_words

    console = stdout()
    _show_sides(console, found)
    for line in ranges_in_words(found.scale):
        console.print(line)
    _show_figures(console, found)
    for pair in found.pairs:
        title, *lines = pair_in_words(pair)
        console.print("")
        console.print(title, style="bold")
        for line in lines:
            console.print(line)


def _show_sides(console: Console, found: Comparison) -> None:
    from optimizer.cli.tables import new_table, print_table
    from optimizer.exact import counted

    table = new_table(["list"], ["runs", "portfolios"], "proved")
    for side in found.sides:
        sizes = sorted({len(listing) for listing in side.listings})
        span = f"{sizes[0]:,}" if len(sizes) == 1 else f"{sizes[0]:,}–{sizes[-1]:,}"
        table.add_row(side.name, f"{len(side.listings):,}", span, side.proof)
    objectives = ", ".join(f"{o.name} ({'more' if o.sense == 'max' else 'less'})" for o in found.scale.objectives)
    print_table(console, f"{counted(len(found.sides), 'list')} compared in {objectives}", table)


def _show_figures(console: Console, found: Comparison) -> None:
    """A row a side; of repeated runs the median and the quartiles."""
    from optimizer.cli.tables import new_table, print_table

    table = new_table(["list"], ["hypervolume", "epsilon", "factor", "IGD+", "covers base"])
    table.columns[0].max_width = NAME_WIDTH
    covers = {pair.other.name: [float(share) for share in pair.coverages] for pair in found.pairs}
    for side in found.sides:
        runs = [f for f in found.figures if f.side == side.name]
        columns: list[tuple[Sequence[float | None], int]] = [
            ([f.hypervolume for f in runs], 4),
            ([None if f.epsilon is None else float(f.epsilon) for f in runs], 4),
            ([f.factor for f in runs], 3),
            ([f.igd_plus for f in runs], 4),
            (covers.get(side.name, []), 3),
        ]
        labels = (side.name, "  lower quartile", "  upper quartile") if len(runs) > 1 else (side.name,)
        for row, label in enumerate(labels):
            table.add_row(label, *(_quartiles(values, places)[row] for values, places in columns))
    print_table(console, "Indicators", table)
    for line in LEGEND:
        console.print(line)
    if any(f.estimated for f in found.figures):
        console.print("The hypervolume of the longest lists is estimated.")
    if any(len(side.listings) > 1 for side in found.sides):
        console.print("Repeated runs: their median, then the quartiles.")


def _quartiles(values: Sequence[float | None], places: int) -> tuple[str, str, str]:
    """Median and quartiles; a dash where a run has no figure."""
    import math
    import statistics

    if not values:
        return "", "", ""
    known = sorted(value for value in values if value is not None)
    if len(known) < len(values):
        return "–", "–", "–"
    if len(known) == 1 or math.isinf(known[-1]):  # quartiles between a figure and infinity are no figures
        return f"{statistics.median_low(known):.{places}f}", "", ""
    low, middle, high = statistics.quantiles(known, n=4, method="inclusive")
    return f"{middle:.{places}f}", f"{low:.{places}f}", f"{high:.{places}f}"
