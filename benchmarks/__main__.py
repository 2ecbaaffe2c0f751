"""``python -m benchmarks``: the command line of the benchmarks."""

from __future__ import annotations

import json
import os
import resource
import sys
from pathlib import Path

import click

from benchmarks.against import against_published
from benchmarks.against import table as published_table
from benchmarks.build import PERIODS, SIZES, TOWNS, builds, machine, table
from benchmarks.cases import CASES, DATA, LARGE, case, published
from benchmarks.formats import FORMATS, read_front, read_problem
from benchmarks.gate import WATCHED, Effort, differences, effort, read_record, write_record
from benchmarks.pairs import Compared, compare
from benchmarks.pairs import table as pairs_table
from benchmarks.peers import AUGMECON, HOME, PEERS, install
from benchmarks.workers import rounds
from benchmarks.workers import table as workers_table
from instances.generate import MECHANISMS
from optimizer.methods import BACKENDS, METHODS
from optimizer.solver import solve
from optimizer.stop import AnyOf, TimeLimit

VERSIONS = ("numpy", "numba", "highspy", "pymoo")


@click.group()
def cli() -> None:
    """Fronts against published ones and against peers, the effort they take, and the time it takes to build a model."""


@cli.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--format", "form", type=click.Choice(list(FORMATS)), required=True, help="Format of FILE.")
@click.option("--method", type=click.Choice(METHODS), default="auto", show_default=True)
@click.option(
    "--expect", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Published front to compare with."
)
@click.option("--time-limit", type=click.FloatRange(min=0, min_open=True), help="Seconds.")
@click.option("--workers", type=click.IntRange(min=1), default=1, show_default=True)
def front(file: Path, form: str, method: str, expect: Path | None, time_limit: float | None, workers: int) -> None:
    """Compute the front of FILE and print one JSON line.

    Exit code 1 if the front differs from the one in --expect.
    """
    problem = read_problem(file, form)
    rules = [TimeLimit(time_limit)] if time_limit else []
    before = os.times().user
    result = solve(problem, method=method, stop=AnyOf(*rules), workers=workers)
    proof = result.certificate
    matches = None
    if expect:
        matches = {tuple(y) for y in result.counts.tolist()} == {tuple(y) for y in read_front(expect, form).tolist()}
    line = {
        "points": proof.points,
        "seconds": round(proof.seconds, 3),
        "user_seconds": round(os.times().user - before, 3),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "solves": proof.solves,
        "status": proof.status,
        "epsilon": proof.epsilon,
        "matches": matches,
    }
    click.echo(json.dumps(line))
    sys.exit(matches is False)


@cli.command()
@click.option("--projects", "sizes", type=click.IntRange(min=5), multiple=True, default=SIZES, show_default=True)
@click.option("--repeats", type=click.IntRange(min=1), default=1, show_default=True, help="The least time counts.")
def build(sizes: tuple[int, ...], repeats: int) -> None:
    """Time to draw and formulate synthetic regions with all mechanisms."""
    click.echo(table(list(builds(sizes, repeats))))
    click.echo(f"\n{PERIODS} periods, {TOWNS} towns. {machine()}; {len(MECHANISMS)} mechanisms.")


@cli.command(name="list")
def list_cases() -> None:
    """The cases with their sizes."""
    for name in [*CASES, *(one.name for one in published())]:
        this = case(name)
        problem = this.problem()
        size = f"{len(problem.columns):,} columns, {len(problem.rows):,} rows, {len(problem.objectives)} objectives"
        click.echo(f"{name:<20} {size:<46} {this.purpose}")


@cli.command()
@click.option("--case", "names", multiple=True, default=("knapsack-40-3", "plan-40-3"), show_default=True)
@click.option("--method", type=click.Choice(list(PEERS)), default="labels", show_default=True, help="Held against it.")
@click.option("--against", type=click.Choice(list(PEERS)), multiple=True, default=("search",), show_default=True)
@click.option("--repeat", type=click.IntRange(min=1), default=1, show_default=True)
@click.option("--limit", type=click.FloatRange(min=1), default=300.0, show_default=True, help="Seconds for each run.")
@click.option("--peers", "home", type=click.Path(path_type=Path), default=HOME, help="The peers' own environment.")
@click.option("--json", "as_json", is_flag=True, help="One JSON line for each method and case.")
def run(
    names: tuple[str, ...], method: str, against: tuple[str, ...], repeat: int, limit: float, home: Path, as_json: bool
) -> None:
    """Run methods in turn, each in a fresh process, and print medians and ratios.

    Exit code 1 if two complete fronts differ.
    """
    found: list[Compared] = []
    for name in names:
        found += compare(name, [method, *(peer for peer in against if peer != method)], repeat, limit, home)
        if as_json:
            for one in found[-len(against) - 1 :]:
                click.echo(json.dumps(one.row()))
    if not as_json:
        click.echo(f"{pairs_table(found)}\n\n{repeat} × in turn. {machine(VERSIONS)}.")
    sys.exit(any(one.differs for one in found))


@cli.command(name="published")
@click.option("--method", type=click.Choice(METHODS), default="labels", show_default=True)
@click.option("--limit", type=click.FloatRange(min=1), default=300.0, show_default=True, help="Seconds for each file.")
@click.option("--quick", is_flag=True, help="Leave out files that take seconds.")
def published_fronts(method: str, limit: float, quick: bool) -> None:
    """Compute every published front beside the checkout and compare it point by point.

    Exit code 1 if one differs, or if none is there.
    """
    here = [one for one in published() if not quick or one.seconds < 1]
    if not here:
        raise click.ClickException(f"no published files in {DATA.parent.name}/{DATA.name} beside the checkout")
    rows = [against_published(one, method, limit) for one in here]
    click.echo(f"{published_table(rows)}\n\n{machine(VERSIONS)}.")
    sys.exit(any(row.matches is False for row in rows))


@cli.command()
@click.option("--write", is_flag=True, help="Record what is found.")
def gate(write: bool) -> None:
    """Fail if points, labels kept or solves have grown against the recorded figures."""
    recorded = {} if write else read_record()
    found: dict[str, Effort] = {}
    wrong: list[str] = []
    for method, name in WATCHED:
        key = f"{method} {name}"
        found[key] = effort(method, name)
        if not write:
            wrong += differences(key, recorded.get(key), found[key])
            if key in recorded and found[key] != recorded[key]:
                click.echo(f"{key}: {recorded[key]} -> {found[key]}")
    if write:
        write_record(found.items())
        click.echo(f"recorded {len(found)} cases")
    for line in wrong:
        click.echo(line, err=True)
    sys.exit(bool(wrong))


@cli.command()
@click.option("--install", "home", type=click.Path(path_type=Path), default=HOME, show_default="beside the package")
def peers(home: Path) -> None:
    """Make the environment of the peers that need one of their own: pyaugmecon with HiGHS."""
    python = install(home)
    click.echo(f"{', '.join(AUGMECON)}: {python}")


@cli.command(name="workers")
@click.option("--case", "name", default="plan-30-3", show_default=True)
@click.option("--workers", "counts", type=click.IntRange(min=1), multiple=True, default=(1, 2), show_default=True)
@click.option("--repeat", type=click.IntRange(min=1), default=3, show_default=True)
@click.option("--backend", type=click.Choice(BACKENDS), default=BACKENDS[0], show_default=True)
def several(name: str, counts: tuple[int, ...], repeat: int, backend: str) -> None:
    """Search to the complete front with one worker and with several in turn: the ratio, and solves in vain.

    For a machine that has nothing else to do. Exit code 1 if two fronts differ.
    """
    try:
        found = list(rounds(name, counts, repeat, backend))
    except RuntimeError as error:
        raise click.ClickException(str(error)) from error
    click.echo(workers_table(name, found))
    load = f"load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "load unknown"
    click.echo(f"\n{repeat} × in turn, {backend}, {load}. {machine(VERSIONS)}.")


@cli.command()
@click.option("--portfolios", type=click.IntRange(min=2), default=2000, show_default=True)
@click.option("--projects", type=click.IntRange(min=5), default=200, show_default=True)
def page(portfolios: int, projects: int) -> None:
    """The report page in a browser: until it is drawn, and until everything follows a brush."""
    from benchmarks.page import measure

    for what, figure in measure(portfolios, projects):
        click.echo(f"{what:<16} {figure:8.1f}" + ("" if "MB" in what else " ms"))
    click.echo(f"\n{portfolios:,} portfolios, {projects} projects; medians. {machine()}.")


@cli.command()
@click.option("--seeds", type=click.IntRange(min=1), help="Runs of each kind.  [default: 11; quick: 3]")
@click.option("--quick", is_flag=True, help="One small region.")
def evolve(seeds: int | None, quick: bool) -> None:
    """Our sampling and repair against pymoo's stock operators, on the same number of evaluations."""
    from benchmarks.stock import CASES, QUICK, SEEDS, compare  # loads pymoo
    from benchmarks.stock import table as compared

    seeds = seeds or (3 if quick else SEEDS)
    for line in compared(compare(QUICK if quick else CASES, seeds)):
        click.echo(line)
    click.echo(f"\nNSGA-II, {seeds} seeds, seconds of one processor. {machine(VERSIONS)}.")


sizes_of_towns = click.option(
    "--projects", "sizes", type=click.IntRange(min=24), multiple=True, default=LARGE, show_default=True
)


@cli.command(name="equal-time")
@sizes_of_towns
@click.option(
    "--seconds",
    type=click.FloatRange(min=0, min_open=True),
    help="Processor time of each.  [default: 4 to 30, by size]",
)
@click.option("--repeat", type=click.IntRange(min=1), default=1, show_default=True, help="Rounds; medians count.")
@click.option("--finish", is_flag=True, help="Also the weighted MIPs until the last one ends, once for each size.")
@click.option("--json", "as_json", is_flag=True, help="One JSON line for each method and size.")
def equal_time(sizes: tuple[int, ...], seconds: float | None, repeat: int, finish: bool, as_json: bool) -> None:
    """Lists made within the same processor time, by relax, seeded NSGA-II and NSGA-III, and weighted MIPs.

    Each is held against all others' points and against the half-spaces of relax.
    """
    from benchmarks.equal import compare as lists
    from benchmarks.equal import table as lists_table
    from benchmarks.equal import warm

    warm()
    found = (row for size in sizes for row in lists(size, seconds, repeat, finish))
    for line in (json.dumps(row.figures()) for row in found) if as_json else lists_table(found):
        click.echo(line)
    if not as_json:
        click.echo(f"\n{repeat} × in turn, processor seconds. {machine(VERSIONS)}.")


@cli.command()
@sizes_of_towns
@click.option("--limit", type=click.FloatRange(min=0, min_open=True), default=60.0, show_default=True, help="Seconds.")
@click.option("--plots", type=click.Path(file_okay=False, path_type=Path), help="Write both plots into this folder.")
@click.option("--json", "as_json", is_flag=True, help="One JSON line for each size.")
def cost(sizes: tuple[int, ...], limit: float, plots: Path | None, as_json: bool) -> None:
    """Processor seconds until each ε is proved, against the size of a town."""
    from benchmarks.cost import costs
    from benchmarks.cost import table as costs_table
    from benchmarks.equal import OURS, warm

    warm([OURS])
    found = list(costs(sizes, limit))
    for line in (json.dumps(one.figures()) for one in found) if as_json else costs_table(found):
        click.echo(line)
    if not as_json:
        click.echo(f"\n3 objectives, processor seconds. {machine(VERSIONS)}.")
    if plots:
        from benchmarks.cost_plots import write

        write(found, plots)


@cli.command()
@click.option("--regions", type=click.IntRange(min=1), default=20, show_default=True)
@click.option("--projects", type=click.IntRange(min=2), default=15, show_default=True)
@click.option("--weights", type=click.IntRange(min=1), default=2000, show_default=True)
def weights(regions: int, projects: int, weights: int) -> None:
    """A shortlist made of random weights beside the proved one."""
    from benchmarks.weights import rows
    from benchmarks.weights import table as compared

    click.echo(compared(list(rows(regions, projects, weights=weights))))
    click.echo(f"\n{weights:,} random weights a region. {machine()}")


if __name__ == "__main__":
    cli()
