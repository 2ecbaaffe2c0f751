"""growthring solve"""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import click

from optimizer.cli import amount, options
from optimizer.cli.goals import chosen_goals, formulated
from optimizer.cli.sections import UserFault
from optimizer.cli.targets import default_run, new_target
from optimizer.methods import ALGORITHMS, BACKENDS, METHODS


@click.command("solve")
@click.argument("region")
@click.option(
    "-o", "--output", "target", type=click.Path(path_type=Path), help="Run folder to make.  [default: runs/<region>]"
)
@options.objectives
@click.option("--method", type=click.Choice(METHODS), default="auto", show_default=True)
@click.option(
    "--backend",
    type=click.Choice(BACKENDS),
    default=BACKENDS[0],
    show_default=True,
    help="Solver that search asks; cpsat, for models in whole numbers, needs the extra cpsat.",
)
@options.guarantee("Stop when no better portfolio can be farther than this share of the range; 0: the complete front.")
@options.time_limit(
    60.0, "Seconds of search; inf: as long as it takes. What was found until then is kept, with what it proves."
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
    "--cluster",
    metavar="ADDRESS",
    help="Dask scheduler whose workers search instead, as tcp://host:8786; needs the extra dask.",
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
@click.option(
    "--certify", is_flag=True, help="Keep half of the time to prove how much the list of evolve lacks at most."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout, progress as JSON lines on stderr.")
@click.option("--quiet", is_flag=True, help="No progress.")
def command(
    region: str,
    target: Path | None,
    objectives: str | None,
    method: str,
    backend: str,
    guarantee: float,
    time_limit: float,
    workers: int,
    memory: int | None,
    alternatives: bool,
    cluster: str | None,
    seed: int,
    algorithm: str,
    certify: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """The front of best trade-offs of a region, with proof, in a run folder.

    REGION is a folder, a workbook or a name from `growthring list`. Ctrl-C stops the search and keeps what it found;
    so does whatever kills it, up to the last checkpoint: see `growthring resume`. The exit code is 1 if no portfolio
    satisfies all rules.

    \b
    Examples:
      growthring solve zigong -o runs/a --guarantee 0.02 --workers 2
      growthring solve my-town.xlsx -o runs/b --objectives growth,livability --time-limit 600
    """
    if target is not None:
        target = new_target(target)

    from instances import read_region
    from optimizer.cli.running import run_job
    from optimizer.job import Job
    from optimizer.run import Options
    from optimizer.solver import choose_method, half_of_memory

    clock = [time.perf_counter()]
    facts = read_region(region)
    target = target or new_target(default_run(facts.name))
    goals = chosen_goals(facts, objectives)
    clock.append(time.perf_counter())
    problem = formulated(facts, goals)
    clock.append(time.perf_counter())
    memory = memory or half_of_memory()
    chosen = Options(goals, method, guarantee, time_limit, workers, seed, memory, alternatives, backend=backend)
    try:
        engine, why = choose_method(problem, method, backend)
    except (ImportError, ValueError) as error:
        raise UserFault(str(error)) from error
    if engine == "evolve":
        from optimizer.engines.evolve.algorithms import population  # loads pymoo

        generation = population(algorithm, len(goals))
        chosen = replace(chosen, algorithm=algorithm, population=generation, certify=certify)
    timings = {"read": round(clock[1] - clock[0], 3), "formulate": round(clock[2] - clock[1], 3)}
    job = Job(facts, problem, chosen, target, engine, why, cluster=cluster, timings=timings)
    run_job(job, as_json=as_json, quiet=quiet)
