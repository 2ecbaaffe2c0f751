"""growthring resume"""

from __future__ import annotations

import shlex
from dataclasses import replace
from pathlib import Path

import click

from optimizer.cli.sections import UserFault


@click.command("resume")
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--guarantee", metavar="SHARE", type=click.FloatRange(0, 1, max_open=True), help="As for solve.")
@click.option(
    "--time-limit",
    metavar="SECONDS",
    type=click.FloatRange(min=0, min_open=True),
    help="Seconds of search, those before counted in; inf: as long as it takes.",
)
@click.option("--workers", metavar="N", type=click.IntRange(min=1), help="Processes that search.")
@click.option("--cluster", metavar="ADDRESS", help="Dask scheduler whose workers search instead.")
@click.option("--certify", is_flag=True, help="As for solve.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout, progress as JSON lines on stderr.")
@click.option("--quiet", is_flag=True, help="No progress.")
def command(
    run: Path,
    guarantee: float | None,
    time_limit: float | None,
    workers: int | None,
    cluster: str | None,
    certify: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Go on with a run that was killed, or that stopped before its front was complete.

    RUN is the run folder that solve was to make, with or without .unfinished. The options are those of the run where
    none are given here. The front becomes the one that an undisturbed run would have found; with several workers its
    points do, and their portfolios may be others of equal values.

    \b
    Examples:
      growthring resume runs/a
      growthring resume runs/a --guarantee 0.005 --time-limit 3600
    """
    from optimizer.cli.running import run_job
    from optimizer.resume import reopen, resumed

    job, earlier = resumed(run)
    options = replace(
        job.options,
        guarantee=job.options.guarantee if guarantee is None else guarantee,
        time_limit=time_limit or job.options.time_limit,
        workers=workers or job.options.workers,
        certify=certify or job.options.certify,
    )
    if job.start is not None and job.start.seconds >= options.time_limit:
        words = f"growthring resume {shlex.quote(str(run))} --time-limit {10 * options.time_limit:g}"
        raise UserFault(f"{run} has used up its {options.time_limit:g} s; give it more: {words}")
    reopen(job.target)
    run_job(replace(job, options=options, cluster=cluster), as_json=as_json, quiet=quiet, earlier=earlier)
