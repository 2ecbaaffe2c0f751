"""A job on the screen: what is about to be solved, how it goes, what came out."""

from __future__ import annotations

import logging
import math
import shlex
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from optimizer.cli import summary
from optimizer.cli.screen import watching
from optimizer.cli.sections import INTERRUPTED, UserFault
from optimizer.decide.adopted import compare_adopted
from optimizer.exact import counted
from optimizer.folders import work_folder
from optimizer.listing import Listing
from optimizer.methods import BACKENDS
from optimizer.stop import Progress

if TYPE_CHECKING:
    from pathlib import Path

    from optimizer.front import Front
    from optimizer.job import Job

__all__ = ["carry_out", "run_job"]

INFEASIBLE = 1


def run_job(job: Job, *, as_json: bool, quiet: bool, earlier: Iterable[Progress] = ()) -> None:
    """Solve ``job`` into its run folder and print the summary; ``earlier`` are the events of the run it resumes."""
    target, front = carry_out(job, as_json=as_json, quiet=quiet, earlier=earlier)
    listing = Listing.of(front, job.region)
    adopted = compare_adopted(job.region, listing)
    if as_json:
        click.echo(summary.as_json(target, job.region, listing, adopted, front))
    else:
        summary.show(target, job.region, listing, adopted, front)
    if listing.certificate.infeasible:
        way_out = f"growthring conflict {shlex.quote(str(target))}"
        click.echo(f"No portfolio satisfies all rules of the region. What contradicts what: {way_out}", err=True)
        raise click.exceptions.Exit(INFEASIBLE)


def carry_out(job: Job, *, as_json: bool, quiet: bool, earlier: Iterable[Progress] = ()) -> tuple[Path, Front]:
    """Solve ``job`` into its run folder, showing how it goes; the folder and the front."""
    options = job.options
    if job.cluster and options.backend != BACKENDS[0]:
        raise UserFault(f"the workers of a cluster do not ask the backend {options.backend}; leave one of them out")
    if not (quiet or as_json):
        click.echo(_announced(job), err=True)
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what a cluster loses is told by the certificate
    try:
        with watching(
            as_json=as_json,
            quiet=quiet,
            time_limit=options.time_limit,
            guarantee=options.guarantee,
            earlier=earlier,
        ) as recorder:
            job = replace(job, on_progress=recorder, warn=recorder.screen.warn, events=recorder.log)
            return job.run()
    except ImportError as error:
        raise UserFault(str(error)) from error
    except BaseException as error:
        if work_folder(job.target).exists():
            click.echo(f"\nWhat was found is kept: growthring resume {shlex.quote(str(job.target))}", err=True)
            if isinstance(error, KeyboardInterrupt):
                raise click.exceptions.Exit(INTERRUPTED) from None
        raise


def _announced(job: Job) -> str:
    region, options, problem = job.region, job.options, job.problem
    aim = f"within {options.guarantee:.2%}".replace("%", " %") if options.guarantee else "the complete front"
    limit = f" or {options.time_limit:g} s" if math.isfinite(options.time_limit) else ""
    workers = "the workers of the cluster" if job.cluster else counted(options.workers, "worker")
    return (
        f"{region.settings.title or region.name}: {counted(len(region.projects), 'project')}, "
        f"{counted(region.periods, region.settings.period)}; {', '.join(options.objectives)}.\n"
        f"{counted(len(problem.columns), 'column')}, {counted(len(problem.rows), 'row')}; "
        f"{workers}; until {aim}{limit}.\n"
        f"Method: {job.engine} ({job.why})."
    )
