"""growthring batch"""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from optimizer.cli import solve
from optimizer.cli.sections import INTERRUPTED, UserFault
from optimizer.exact import counted

if TYPE_CHECKING:
    from optimizer.batch import Outcome

SHARED_OUT = ("region", "target", "workers", "cluster", "as_json", "quiet")
"""Parameters of solve that a batch does not have, or explains otherwise."""


@click.command("batch")
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="Folder for the run folders.")
@click.option(
    "--workers",
    metavar="N",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Regions that are solved at the same time.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout, a JSON line a region on stderr.")
@click.option("--quiet", is_flag=True, help="No line when a region is done.")
def command(folder: Path, output: Path, workers: int, as_json: bool, quiet: bool, **asked: Any) -> None:
    """Solve every region of a folder, with one table at the end.

    Regions are folders and workbooks in DIR; each gets a run folder of its name. Options hold for every region by
    itself. A region with faults does not stop the others; the exit code is 2 then, and 1 if a region has no portfolio
    that satisfies all rules. Ctrl-C keeps what is found; the same command goes on where it ended.

    \b
    Examples:
      growthring batch towns -o runs/towns --guarantee 0.01
      growthring batch scenarios -o runs/scenarios --workers 4 --time-limit 300
    """
    from optimizer.batch import regions_in, solve_all
    from optimizer.run import Options, json_text

    regions = regions_in(folder)
    if not regions:
        raise UserFault(f"{folder} holds no region: no folder with region.toml, no workbook")
    goals = tuple(name.strip() for name in (asked.pop("objectives") or "").split(",") if name.strip())
    names = {field.name for field in fields(Options)}
    options = Options(goals, **{name: value for name, value in asked.items() if name in names})
    done = 0

    def tell(outcome: Outcome) -> None:
        nonlocal done
        done += 1
        if as_json:
            click.echo(json_text({"event": "region", "done": done, "of": len(regions), **_facts(outcome)}), err=True)
        else:
            certificate = outcome.certificate
            what = f"{certificate.status}, {counted(certificate.points, 'point')}" if certificate else "faults"
            click.echo(f"{done} of {len(regions)}: {outcome.source.name}: {what}", err=True)

    outcomes = solve_all(folder, output, options, workers=workers, on_outcome=None if quiet else tell)
    if as_json:
        click.echo(json_text({"regions": [_facts(outcome) for outcome in outcomes], "of": len(regions)}))
    else:
        _show(outcomes)
    _exit(outcomes, len(regions))


command.params += [parameter for parameter in solve.command.params if parameter.name not in SHARED_OUT]


def _facts(outcome: Outcome) -> dict[str, Any]:
    certificate = outcome.certificate
    return {
        "region": outcome.source.name,
        "run": str(outcome.run) if outcome.run else None,
        "status": str(certificate.status) if certificate else None,
        "infeasible": certificate.infeasible if certificate else None,
        "epsilon": certificate.epsilon if certificate else None,
        "points": certificate.points if certificate else None,
        "seconds": certificate.seconds if certificate else None,
        "fault": outcome.fault or None,
    }


def _show(outcomes: list[Outcome]) -> None:
    from optimizer.certificate import percent_at_most
    from optimizer.cli.tables import new_table, stdout

    table = new_table(["region", "status"], ["ε", "points", "seconds"], "run folder")
    for outcome in outcomes:
        if (certificate := outcome.certificate) is None:
            table.add_row(outcome.source.name, "faults", "", "", "", "")
            continue
        status = "no portfolio" if certificate.infeasible else str(certificate.status)
        epsilon = "" if certificate.epsilon is None else percent_at_most(certificate.epsilon)
        figures = (epsilon, f"{certificate.points:,}", f"{certificate.seconds:.1f}")
        table.add_row(outcome.source.name, status, *figures, str(outcome.run))
    stdout().print(table)
    for outcome in outcomes:
        if outcome.fault:
            click.echo(f"{outcome.source}:\n  " + outcome.fault.replace("\n", "\n  "), err=True)


def _exit(outcomes: list[Outcome], regions: int) -> None:
    if any(outcome.fault for outcome in outcomes):
        raise click.exceptions.Exit(UserFault.exit_code)
    if len(outcomes) < regions:
        click.echo(f"{regions - len(outcomes)} of {regions} regions were not begun.", err=True)
        raise click.exceptions.Exit(INTERRUPTED)
    if any(outcome.certificate and outcome.certificate.infeasible for outcome in outcomes):
        raise click.exceptions.Exit(1)
