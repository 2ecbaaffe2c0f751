"""growthring replan"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING

import click

from optimizer.cli import options
from optimizer.cli.goals import formulated
from optimizer.cli.sections import UserFault
from optimizer.cli.targets import default_run, new_target

if TYPE_CHECKING:
    from instances.region import Region
    from optimizer.decide.replan import Replanned
    from optimizer.run import Run

SHOWN = 12
INFEASIBLE = 1


@click.command("replan")
@click.argument("run", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--portfolio", metavar="N", type=click.IntRange(min=1), help="The adopted one.  [default: the column adopted]"
)
@click.option(
    "--year-done", "done", metavar="N", type=click.IntRange(min=1), default=1, show_default=True, help="Periods over."
)
@click.option(
    "--spent",
    "spendings",
    metavar="PROJECT=MONEY",
    multiple=True,
    help="Capital spent on a project so far, where it is not what the plan said; may be given more than once.",
)
@click.option("--region", "source", metavar="REGION", help="Facts of the next round, where they are others.")
@click.option(
    "--charge",
    metavar="POINTS",
    default="1",
    show_default=True,
    help="For each adopted project that is dropped or moved, unless its commitment says another.",
)
@click.option(
    "-o", "--output", "target", type=click.Path(path_type=Path), help="Run folder to make.  [default: runs/<region>]"
)
@options.guarantee("Stop when no better portfolio can be farther than this share of the range.")
@options.time_limit(60.0, "Seconds of search.")
@click.option("--workers", metavar="N", type=click.IntRange(min=1), default=1, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout, progress as JSON lines on stderr.")
@click.option("--quiet", is_flag=True, help="No progress.")
def command(
    run: Path,
    portfolio: int | None,
    done: int,
    spendings: tuple[str, ...],
    source: str | None,
    charge: str,
    target: Path | None,
    guarantee: float,
    time_limit: float,
    workers: int,
    as_json: bool,
    quiet: bool,
) -> None:
    """Next year's front, with this year's adopted plan and what was spent.

    What was begun is binding, with what it still costs; what was adopted for later is promised, and each change of it
    is charged. The region of the next round is written into the new run folder, so that it can be changed and solved
    anew. The exit code is 1 if no portfolio satisfies all rules.

    \b
    Examples:
      growthring replan runs/a --portfolio 12 --spent ds_link=900 -o runs/b
      growthring replan runs/a --portfolio 12 --year-done 2 --region next-year.xlsx --charge 5
    """
    if target is not None:
        target = new_target(target)

    from instances import check_region, read_region
    from instances.faults import RegionError
    from optimizer.cli.running import carry_out
    from optimizer.decide.replan import progress, replanned, successor
    from optimizer.job import Job
    from optimizer.listing import Listing
    from optimizer.run import Options, json_text, read_run
    from optimizer.solver import choose_method, half_of_memory

    found = read_run(run)
    plan = _adopted(found, portfolio)
    spent = dict(_pair(words) for words in spendings)
    try:
        made = progress(found.region, plan, done, spent)
        after = successor(
            found.region, made, charge=_figure("--charge", charge), facts=read_region(source) if source else None
        )
    except ValueError as error:
        if isinstance(error, RegionError):
            raise
        raise UserFault(str(error)) from error
    if faults := check_region(after.region):
        raise RegionError(faults)
    target = target or new_target(default_run(after.region.name))
    goals = _goals(found, after.region)
    problem = formulated(after.region, goals)
    engine, why = choose_method(problem)
    chosen = Options(goals, "auto", guarantee, time_limit, workers, 0, half_of_memory())
    job = Job(after.region, problem, chosen, target, engine, why)
    folder, front = carry_out(job, as_json=as_json, quiet=quiet)
    answer = replanned(made, after, Listing.of(front, after.region))
    if as_json:
        click.echo(json_text({"run": str(folder), **answer.to_dict()}))
    else:
        _show(answer)
        click.echo(f"Run folder: {folder}")
    if front.certificate.infeasible:
        click.echo("No portfolio keeps what was begun and all rules; loosen one of them and solve again.", err=True)
        raise click.exceptions.Exit(INFEASIBLE)


def _adopted(found: Run, portfolio: int | None) -> dict[str, int]:
    if portfolio is None:
        if plan := {p.id: p.adopted for p in found.region.projects if p.adopted}:
            return plan
        raise UserFault("which portfolio was adopted? Give --portfolio N, or the starts in the column adopted")
    if portfolio not in found.listing.numbers:
        raise UserFault(f"{found.folder} has no portfolio {portfolio}; there are 1 to {max(found.listing.numbers)}")
    return found.listing.plan(found.listing.numbers.index(portfolio))


def _goals(found: Run, region: Region) -> tuple[str, ...]:
    """The objectives of the run, and the one that was added for charges."""
    from optimizer.decide.replan import STABILITY

    goals = [objective.name for objective in found.listing.objectives]
    if lacking := [name for name in goals if name not in region.goals]:
        raise UserFault(f"the next region has no objective {', '.join(lacking)}, which the run compared")
    if STABILITY in region.compared and STABILITY not in goals:
        goals.append(STABILITY)
    return tuple(goals)


def _pair(words: str) -> tuple[str, Decimal]:
    project, _, money = words.partition("=")
    return project.strip(), _figure(f"--spent {words}", money)


def _figure(what: str, text: str) -> Decimal:
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or number < 0:
        raise UserFault(f"{what}: {text or 'nothing'} is no amount; write for instance --spent road=4.5 or --charge 2")
    return number


def _show(answer: Replanned) -> None:
    from optimizer.cli.tables import new_table, print_table, stdout
    from optimizer.exact import decimals, figure

    console, listing = stdout(), answer.listing
    settings = answer.successor.region.settings
    console.print(f"{settings.title or settings.name}: {settings.period} {settings.first_period} on")
    if answer.progress.started:
        table = new_table(["begun"], ["spent", "still", "periods left"])
        for begun in answer.progress.started.values():
            spent = figure(begun.spent, min(2, decimals([begun.spent])))
            table.add_row(begun.project, spent, f"{begun.remaining:,f}", str(begun.periods))
        print_table(console, "What was begun, and what it still costs", table)
    if len(listing):
        table = new_table(["portfolio"], [*(o.name for o in listing.objectives), "changes"], "against the adopted plan")
        places = [decimals(listing.column(k)) for k in range(len(listing.objectives))]
        order = sorted(answer.changes, key=lambda one: one.count)[:SHOWN]
        for one in order:
            values = listing.values[listing.numbers.index(one.portfolio)]
            marks = [*(f"−{p}" for p in one.dropped), *(f"~{p}" for p in one.moved), *(f"+{p}" for p in one.entered)]
            cells = (figure(value, place) for value, place in zip(values, places, strict=True))
            table.add_row(str(one.portfolio), *cells, str(one.count), " ".join(marks))
        print_table(console, "New portfolios, fewest changes first (− dropped, ~ moved, + taken in)", table)
    console.print(answer.in_words())
