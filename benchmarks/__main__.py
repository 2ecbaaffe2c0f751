"""``python -m benchmarks``: the command line of the benchmarks."""

from __future__ import annotations

import json
import os
import resource
import sys
from pathlib import Path

import click

from benchmarks.build import PERIODS, SIZES, TOWNS, builds, machine, table
from benchmarks.formats import FORMATS, read_front, read_problem
from optimizer.solver import METHODS, solve
from optimizer.stop import AnyOf, TimeLimit


@click.group()
def cli() -> None:
    """Fronts against published ones, and the time it takes to build a model."""


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
    click.echo(f"\n{PERIODS} periods, {TOWNS} towns. {machine()}")


@cli.command()
@click.option("--seeds", type=click.IntRange(min=1), help="Runs of each kind.  [default: 11; quick: 3]")
@click.option("--quick", is_flag=True, help="One small region.")
def evolve(seeds: int | None, quick: bool) -> None:
    """Our sampling and repair against pymoo's stock operators, on the same number of evaluations."""
    from benchmarks.stock import CASES, QUICK, SEEDS, compare  # loads pymoo
    from benchmarks.stock import table as compared

    seeds = seeds or (3 if quick else SEEDS)
    click.echo(compared(list(compare(QUICK if quick else CASES, seeds))))
    click.echo(f"\nNSGA-II, {seeds} seeds, seconds of one processor. {machine()}")


if __name__ == "__main__":
    cli()
