"""growthring solve"""

from __future__ import annotations

import math
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from optimizer.cli import amount
from optimizer.cli.goals import chosen_goals, formulated
from optimizer.cli.targets import default_run, free_name, new_target
from optimizer.exact import counted
from optimizer.methods import ALGORITHMS, METHODS

if TYPE_CHECKING:
    from instances.region import Region
    from models.problem import Problem
    from optimizer.run import Options

INFEASIBLE = 1


@click.command("solve")
@click.argument("region")
@click.option(
    "-o", "--output", "target", type=click.Path(path_type=Path), help="Run folder to make.  [default: runs/<region>]"
)
@click.option("--objectives", metavar="A,B,C", help="Objectives to trade off.  [default: those the region compares]")
@click.option("--method", type=click.Choice(METHODS), default="auto", show_default=True)
@click.option(
    "--guarantee",
    metavar="SHARE",
    type=click.FloatRange(0, 1, max_open=True),
    default=0.0,
    show_default=True,
    help="Stop when no better portfolio can be farther than this share of the range; 0: the complete front.",
)
@click.option(
    "--time-limit",
    metavar="SECONDS",
    type=click.FloatRange(min=0, min_open=True),
    default=60.0,
    show_default=True,
    help="Seconds of search; inf: as long as it takes. What was found until then is kept, with what it proves.",
)
@click.option(
    "--workers", metavar="N", type=click.IntRange(min=1), default=1, show_default=True, help="Processes that search."
)
@click.option(
    "--memory",
    metavar="AMOUNT",
    callback=amount.memory,
    help="Memory that labels may take, such as 500MB or 4GiB; at the limit it follows only the best ones and says so.  "
    "[default: half of the machine]",
)
@click.option(
    "--alternatives", is_flag=True, help="Also list all other portfolios with the very same values (alternatives.csv)."
)
@click.option(
    "--seed",
    metavar="N",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="The chance that evolve takes: the same seed gives the same portfolios; the other methods use none.",
)
@click.option(
    "--algorithm",
    type=click.Choice(ALGORITHMS),
    default=ALGORITHMS[0],
    show_default=True,
    help="What evolve runs; the other methods do without.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout, progress as JSON lines on stderr.")
@click.option("--quiet", is_flag=True, help="No progress.")
def command(
    region: str,
    target: Path | None,
    objectives: str | None,
    method: str,
    guarantee: float,
    time_limit: float,
    workers: int,
    memory: int | None,
    alternatives: bool,
    seed: int,
    algorithm: str,
    as_json: bool,
    quiet: bool,
) -> None:
    """The front of best trade-offs of a region, with proof, in a run folder.

    REGION is a folder, a workbook or a name from `growthring list`. Ctrl-C stops the search and keeps what it found.
    The exit code is 1 if no portfolio satisfies all rules.

    \b
    Examples:
      growthring solve zigong -o runs/a --guarantee 0.02 --workers 2
      growthring solve my-town.xlsx -o runs/b --objectives growth,livability --time-limit 600
    """
    if target is not None:
        target = new_target(target)

    from instances import read_region
    from optimizer.cli.screen import watching
    from optimizer.run import Options, write_run
    from optimizer.solver import choose_method, half_of_memory, solve
    from optimizer.stop import AnyOf, Guarantee, TimeLimit

    clock = [time.perf_counter()]
    facts = read_region(region)
    target = target or new_target(default_run(facts.name))
    goals = chosen_goals(facts, objectives)
    clock.append(time.perf_counter())
    problem = formulated(facts, goals)
    clock.append(time.perf_counter())
    memory = memory or half_of_memory()
    engine, why = choose_method(problem, method)
    options = Options(goals, method, guarantee, time_limit, workers, seed, memory, alternatives)
    if engine == "evolve":
        from optimizer.engines.evolve.algorithms import population  # loads pymoo

        options = replace(options, algorithm=algorithm, population=population(algorithm, len(goals)))
    if not (quiet or as_json):
        click.echo(_announced(facts, problem, options, f"{engine} ({why})"), err=True)

    stop = AnyOf(TimeLimit(time_limit), Guarantee(guarantee))
    with watching(as_json=as_json, quiet=quiet, time_limit=time_limit) as recorder:
        front = solve(
            problem,
            method=method,
            stop=stop,
            workers=workers,
            memory=memory,
            alternatives=alternatives,
            algorithm=algorithm,
            seed=seed,
            on_progress=recorder,
        )
    clock.append(time.perf_counter())
    steps = ("read", "formulate", "solve")
    timings = {step: round(b - a, 3) for step, a, b in zip(steps, clock, clock[1:], strict=False)}
    target = free_name(target)  # another run may have taken the name meanwhile; what was found must not be lost
    write_run(target, facts, front, options, why=why, timings=timings, events=recorder.log())

    from optimizer.cli import summary
    from optimizer.decide.adopted import compare_adopted
    from optimizer.listing import Listing

    listing = Listing.of(front, facts)
    adopted = compare_adopted(facts, listing)
    if as_json:
        click.echo(summary.as_json(target, facts, listing, adopted, front))
    else:
        summary.show(target, facts, listing, adopted, front)
    if listing.certificate.infeasible:
        click.echo("No portfolio satisfies all rules of the region; loosen one of them and solve again.", err=True)
        raise click.exceptions.Exit(INFEASIBLE)


def _announced(region: Region, problem: Problem, options: Options, method: str) -> str:
    aim = f"within {options.guarantee:.2%}".replace("%", " %") if options.guarantee else "the complete front"
    limit = f" or {options.time_limit:g} s" if math.isfinite(options.time_limit) else ""
    return (
        f"{region.settings.title or region.name}: {counted(len(region.projects), 'project')}, "
        f"{counted(region.periods, region.settings.period)}; {', '.join(options.objectives)}.\n"
        f"{counted(len(problem.columns), 'column')}, {counted(len(problem.rows), 'row')}; "
        f"{counted(options.workers, 'worker')}; until {aim}{limit}.\n"
        f"Method: {method}."
    )
