"""growthring robust"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import click

from optimizer.cli import options
from optimizer.cli.sections import UserFault

if TYPE_CHECKING:
    from rich.console import Console

    from instances.region import Region
    from instances.schema import Scenario
    from optimizer.decide.robust import Robustness, Sturdy

SHOWN = 12
NAME_WIDTH = 28


@click.command("robust")
@click.argument("run", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--scenarios",
    "file",
    type=click.Path(exists=True, path_type=Path),
    help="CSV table of scenarios in place of the region's own.",
)
@click.option(
    "--uplift",
    "uplifts",
    metavar="CATEGORY=CLASS",
    multiple=True,
    help="Draw the costs of a category (or all) from a reference class, as road=roads; may be given more than once. "
    "list: which classes there are.",
)
@click.option(
    "--distribution",
    type=click.Choice(["triangular", "lognormal"]),
    default="triangular",
    show_default=True,
    help="Of costs between cost_low and cost_high; lognormal: these are its 10th and 90th percentile.",
)
@click.option(
    "--correlation",
    metavar="SHARE",
    type=click.FloatRange(0, 1),
    default=0.0,
    show_default=True,
    help="Of the costs of any two projects.",
)
@click.option("--samples", metavar="N", type=click.IntRange(min=128), default=16384, show_default=True)
@click.option("--seed", metavar="N", type=click.IntRange(min=0), default=0, show_default=True)
@click.option(
    "--tail",
    metavar="SHARE",
    type=click.FloatRange(0, 1, min_open=True),
    default=0.25,
    show_default=True,
    help="Share of the worst worlds whose mean is told of each objective.",
)
@options.time_limit(20.0, "For each world: to solve its front, and once more for live questions.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def command(
    run: Path,
    file: Path | None,
    uplifts: tuple[str, ...],
    distribution: str,
    correlation: float,
    samples: int,
    seed: int,
    tail: float,
    time_limit: float,
    as_json: bool,
) -> None:
    """What becomes of the listed portfolios in other worlds and at other costs.

    Worlds come from the table scenarios, costs from cost_low and cost_high of the projects or from reference classes.
    Told are: where a portfolio keeps the rules and stays efficient, what is regretted with it, how probable it is that
    its money does not do. For a front whose portfolios bear overruns by rule, set the policy figure overruns_borne.

    \b
    Examples:
      growthring robust runs/zigong
      growthring robust runs/zigong --uplift road=roads --uplift all=standard-buildings --correlation 0.3
    """
    from instances.worlds import AS_PLANNED, World, worlds
    from models import formulate
    from optimizer.decide.live import Clock
    from optimizer.decide.robust import assess_robustness
    from optimizer.decide.robust.costs import uncertain_costs
    from optimizer.decide.robust.stands import Solved
    from optimizer.interrupt import ctrl_c
    from optimizer.listing import Listing
    from optimizer.run import json_text, read_run
    from optimizer.solver import solve
    from optimizer.stop import TimeLimit

    if "list" in uplifts:
        _show_classes()
        return
    found = read_run(run)
    region, listing = found.region, found.listing
    if not len(listing):
        raise UserFault(f"{run}: {found.certificate.in_words()} There is no portfolio to judge.")
    goals = [objective.name for objective in listing.objectives]
    rows = None if file is None else _scenarios(file)
    try:
        there = worlds(region, rows)
        uplift = dict(_pair(words) for words in uplifts)
        costs = uncertain_costs(region, distribution=distribution, uplift=uplift, correlation=correlation)
    except ValueError as error:
        raise UserFault(str(error)) from error
    if len(there) == 1 and not (costs.projects and region.budgets):
        raise UserFault(
            f"nothing is uncertain in {region.name}: give scenarios (in the table of that name, or with --scenarios), "
            f"or costs (cost_low and cost_high in projects, or a reference class with --uplift all=standard-buildings)"
        )
    with ctrl_c() as interrupt:

        def solver(world: World) -> Solved:
            problem = formulate(world.region, goals)
            if world.name == AS_PLANNED:
                return Solved(world, problem, listing)
            front = solve(problem, stop=TimeLimit(time_limit), interrupted=interrupt.asked)
            return Solved(world, problem, Listing.of(front, world.region))

        def told(what: str) -> None:
            if not as_json:
                click.echo(f"{what} ...", err=True)

        try:
            answer = assess_robustness(
                region,
                listing,
                there,
                solver,
                costs=costs,
                samples=samples,
                seed=seed,
                tail=Fraction(str(tail)),
                clock=lambda: Clock(time_limit, interrupt.asked),
                told=told,
            )
        except ValueError as error:
            raise UserFault(str(error)) from error
    if as_json:
        click.echo(json_text({"run": str(run), **answer.to_dict()}))
        return
    _show(region, answer)


def _scenarios(file: Path) -> list[Scenario]:
    """The rows of a CSV file with the columns of the table ``scenarios``."""
    from instances.csv_sheets import read_csv
    from instances.faults import Fault, RegionError
    from instances.schema import Scenario
    from instances.tables import parse

    sheet = read_csv(file, Scenario.model_fields)
    if sheet is None:
        raise UserFault(f"{file} is empty; its columns are those of the table scenarios")
    if isinstance(sheet, Fault):
        raise RegionError([sheet])
    table = parse("scenarios", sheet)
    if table.faults:
        raise RegionError(table.faults)
    return [row for row in table.rows if isinstance(row, Scenario)]


def _pair(words: str) -> tuple[str, str]:
    category, found, name = words.partition("=")
    if not (category and found and name):
        raise UserFault(f"--uplift {words}: write CATEGORY=CLASS, for instance road=roads; --uplift list shows classes")
    return category.strip(), name.strip()


def _show_classes() -> None:
    from optimizer.cli.tables import new_table, print_table, stdout
    from optimizer.decide.robust.reference import REFERENCE_CLASSES

    console = stdout()
    table = new_table(["class"], [], "share of projects that cost at most so much more than was said")
    for one in REFERENCE_CLASSES.values():
        table.add_row(one.name, ", ".join(f"{share:.0%}: {overrun:+.0%}" for share, overrun in one.points.items()))
    print_table(console, "Reference classes", table)
    for source in dict.fromkeys(one.source for one in REFERENCE_CLASSES.values()):
        names = ", ".join(one.name for one in REFERENCE_CLASSES.values() if one.source == source)
        console.print(f"{names}: {source}.")


def _show(region: Region, answer: Robustness) -> None:
    from optimizer.cli.tables import stdout

    console = stdout()
    console.print(region.settings.title or region.name)
    if answer.worlds:
        _show_worlds(console, answer)
        _show_tails(console, answer)
    if any(one.overruns for one in answer.portfolios):
        _show_money(console, region, answer)
    console.print(answer.in_words())


def _show_worlds(console: Console, answer: Robustness) -> None:
    from optimizer.cli.tables import new_table, print_table
    from optimizer.exact import counted, percent

    table = new_table(["world"], ["chance", "figures", "allowed", "efficient"], "its front")
    table.columns[0].max_width = NAME_WIDTH
    for w, world in enumerate(answer.worlds):
        here = [one.stands[w] for one in answer.listed]
        allowed, efficient = sum(s.allowed for s in here), sum(s.efficient is True for s in here)
        status = "none" if world.certificate.infeasible else world.certificate.status.value
        front = f"{status}, {world.certificate.points:,} points"
        table.add_row(
            f"w{w} {world.name}" if w else world.name,
            percent(world.probability),
            str(world.changed),
            str(allowed),
            str(efficient),
            front,
        )
    print_table(
        console, f"Worlds, and how many of the {counted(len(answer.listed), 'portfolio')} listed pass in them", table
    )


def _show_tails(console: Console, answer: Robustness) -> None:
    from optimizer.cli.tables import new_table, print_table
    from optimizer.exact import decimals, figure

    total = len(answer.worlds)
    names = [o.name for o in answer.objectives]
    heads = ["allowed", "efficient", "regret", "mean", *names]
    table = new_table(["portfolio"], heads)
    table.columns[0].no_wrap = True
    places = {n: min(2, decimals(one.outlooks[n].tail for one in answer.portfolios)) for n in names}
    for one in answer.steadiest()[:SHOWN]:
        efficient = f"{one.efficient}{f'–{one.efficient + one.open}' if one.open else ''}/{total}"
        tails = (figure(one.outlooks[n].tail, places[n]) for n in names)
        regrets = (_regret(one.regret), _regret(one.mean_regret(answer.chances)))
        table.add_row(str(one.portfolio), f"{one.allowed}/{total}", efficient, *regrets, *tails)
    share = f"{float(answer.tail):.0%}".replace("%", " %")
    others = len(answer.portfolios) - len(answer.listed)
    title = f"Steadiest portfolios, {others} of other worlds (w…) among them; regret: what is given away, "
    title += f"in shares of the range; objectives: mean of the worst {share}"
    print_table(console, title, table)


def _regret(bounds: tuple[Fraction, Fraction | None]) -> str:
    from optimizer.exact import percent

    low, high = bounds
    if low == high:
        return percent(low)
    return f"from {percent(low)}" if high is None else f"{float(low):.0%}–{float(high):.0%}".replace("%", " %")


def _show_money(console: Console, region: Region, answer: Robustness) -> None:
    from optimizer.cli.tables import new_table, print_table
    from optimizer.decide.robust.answer import chance_in_words
    from optimizer.exact import figure

    def risk(one: Sturdy) -> float:
        return one.overruns.any.value if one.overruns else 0.0

    table = new_table(["portfolio"], ["overrun"], "budget most at risk; money for 8 of 10 cases")
    for one in sorted(answer.listed, key=risk)[:SHOWN]:
        if one.overruns is None or one.overruns.worst is None:
            continue
        worst = one.overruns.worst
        need = figure(Fraction(worst.safe), 1)
        said = f"{worst.budget}: {figure(worst.money, 1)} there, {figure(worst.planned, 1)} planned, {need} safe"
        table.add_row(str(one.portfolio), chance_in_words(one.overruns), said)
    unit = f" ({region.settings.money})" if region.settings.money else ""
    print_table(console, f"Listed portfolios least likely to overrun their money{unit}", table)
