"""growthring describe"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from optimizer.cli import options
from optimizer.cli.sections import UserFault
from optimizer.cli.targets import new_target

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

    from instances.region import Region
    from optimizer.report.describe import Beside, Plan, Report

WIDEST = 30


@click.command("describe")
@click.argument("region")
@click.option(
    "--run",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Run folder: describe its compromise, with the growth-only plan beside it.",
)
@click.option("--portfolio", metavar="N", type=click.IntRange(min=1), help="Portfolio of the run, as in front.csv.")
@options.time_limit(10.0, "Without a run: for each solve that finds the growth-only plan.")
@click.option(
    "-o", "--output", "target", type=click.Path(path_type=Path), help="Folder to make: a picture and a table a report."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def command(
    region: str, run: Path | None, portfolio: int | None, time_limit: float, target: Path | None, as_json: bool
) -> None:
    """What a plan makes of the towns: sources of growth, likeness, industry, memory, newcomers.

    Without a run, the plan is the one in the column `adopted`, or no project at all. What growth alone would build and
    give up stands beside it.

    \b
    Examples:
      growthring describe zigong
      growthring describe zigong --run runs/zigong -o pictures
    """
    if portfolio is not None and run is None:
        raise UserFault("--portfolio names a portfolio of a run; give its folder with --run")
    if target is not None:
        target = new_target(target)

    from instances import read_region
    from optimizer.report.describe import REPORTS

    facts = read_region(region)
    plan, beside, who = _of_run(facts, run, portfolio) if run else _without_run(facts, time_limit)
    possible = [report for report in REPORTS if all(table in facts.tables for table in report.NEEDS)]
    if target is not None:
        _write(target, facts, plan, beside, possible)
    if as_json:
        from optimizer.run import json_text

        click.echo(json_text(_plain(facts, plan, beside, who, target, possible)))
        return
    _show(facts, plan, beside, who, possible)
    if target is not None:
        click.echo(f"Pictures and tables: {target}")


def _of_run(facts: Region, run: Path, portfolio: int | None) -> tuple[Plan, Beside | None, str]:
    from optimizer.decide.beside import growth_goal
    from optimizer.decide.growth_only import beside_of_run
    from optimizer.decide.representatives import compromise, representatives
    from optimizer.run import read_run

    found = read_run(run)
    listing = found.listing
    if not len(listing):
        raise UserFault(f"{run}: {found.certificate.in_words()} There is no portfolio to describe.")
    if found.region.tables != facts.tables or found.region.settings != facts.settings:
        raise UserFault(
            f"{run} was solved for other facts than {facts.name} holds now; solve again, or describe {run / 'region'}"
        )
    if portfolio is not None and portfolio > len(listing):
        raise UserFault(f"{run} has {len(listing)} portfolios; there is no portfolio {portfolio}")
    marked = representatives(listing)
    row = portfolio - 1 if portfolio else compromise(listing)
    goals = [objective.name for objective in listing.objectives]
    beside = beside_of_run(facts, listing) if growth_goal(facts) in goals else None
    said = f" ({marked[row]})" if marked.get(row) else ""
    return listing.plan(row), beside, f"portfolio {row + 1} of {run}{said}"


def _without_run(facts: Region, seconds: float) -> tuple[Plan, Beside | None, str]:
    from optimizer.decide.growth_only import beside_of

    plan = {project.id: project.adopted for project in facts.projects if project.adopted}
    try:
        beside = beside_of(facts, seconds)
    except ValueError as error:
        raise UserFault(str(error)) from error
    return plan, beside, "the adopted plan" if plan else "no project at all (no plan is adopted; --run names a run)"


def _write(target: Path, facts: Region, plan: Plan, beside: Beside | None, possible: list[Report]) -> None:
    from optimizer.folders import whole_folder
    from optimizer.report.describe.pictures import save
    from optimizer.tables import write_table

    with whole_folder(target) as draft:
        for report in possible:
            save(report.picture(facts, plan, beside), draft / f"{report.NAME}.png")
            write_table(report.table(facts, plan, beside), draft / f"{report.NAME}.csv")


def _plain(
    facts: Region, plan: Plan, beside: Beside | None, who: str, target: Path | None, possible: list[Report]
) -> dict[str, Any]:
    return {
        "region": facts.name,
        "described": who,
        "plan": dict(plan),
        "growth_only": dict(beside.growth_only) if beside else None,
        "folder": str(target) if target else None,
        "reports": {
            report.NAME: {
                "words": report.words(facts, plan, beside),
                "rows": [_row(row) for row in report.table(facts, plan, beside).to_dict("records")],
            }
            for report in possible
        },
    }


def _row(row: dict[Any, Any]) -> dict[str, Any]:
    import pandas as pd

    return {str(key): None if pd.api.types.is_scalar(value) and pd.isna(value) else value for key, value in row.items()}


def _show(facts: Region, plan: Plan, beside: Beside | None, who: str, possible: list[Report]) -> None:
    from optimizer.cli.tables import stdout
    from optimizer.exact import counted
    from optimizer.report.describe import REPORTS

    console = stdout()
    console.print(f"{facts.settings.title or facts.name}: {who}; {counted(len(plan), 'project')}.")
    for report in possible:
        console.print("")
        console.print(report.TITLE, style="bold")
        for caption, found in report.show(report.table(facts, plan, beside)):
            if len(found):
                _show_frame(console, caption, found)
        for sentence in report.words(facts, plan, beside):
            console.print(sentence)
    for report in REPORTS:
        if missing := [table for table in report.NEEDS if table not in facts.tables]:
            console.print(f"\nNo report on {report.NAME.replace('_', ' ')}: it needs rows in {', '.join(missing)}.")


def _show_frame(console: Console, caption: str, found: pd.DataFrame) -> None:
    import pandas as pd

    from optimizer.cli.tables import new_table

    table = new_table()
    for place, name in enumerate(found):
        numbers = pd.api.types.is_numeric_dtype(found[name]) and not pd.api.types.is_bool_dtype(found[name])
        table.add_column(
            str(name).replace("_", " "), justify="right" if numbers else "left", max_width=WIDEST, no_wrap=not place
        )
    cells = [_cells(found[name]) for name in found]
    for row in zip(*cells, strict=True):
        table.add_row(*row)
    console.print(caption)
    console.print(table)


def _cells(column: pd.Series[Any]) -> list[str]:
    import math
    from fractions import Fraction

    import pandas as pd

    from optimizer.exact import decimals, figure

    if pd.api.types.is_bool_dtype(column):
        return ["yes" if value else "" for value in column]
    if not pd.api.types.is_numeric_dtype(column):
        return [
            ", ".join(value) if isinstance(value, tuple) else "" if value is None else str(value) for value in column
        ]
    known = [Fraction(str(value)) for value in column if not math.isnan(value)]
    places = min(2, decimals(known)) if known else 0
    return ["" if math.isnan(value) else figure(Fraction(str(value)), places) for value in column]
