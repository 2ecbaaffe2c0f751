"""What `solve` says at the end: the front in a dozen rows, what growth alone would cost, and what is proved."""

from __future__ import annotations

import shlex
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from rich.console import Console
from rich.table import Table

from optimizer.certificate import Certificate, Status
from optimizer.cli.tables import new_table, print_table, stdout
from optimizer.decide.adopted import Adopted
from optimizer.decide.representatives import regret, representatives
from optimizer.exact import at_most, decimals, figure, percent
from optimizer.listing import Listing
from optimizer.run import json_text

if TYPE_CHECKING:
    from instances.region import Region
    from optimizer.alternatives import Alternatives
    from optimizer.front import Front

__all__ = ["as_json", "show"]

BEATERS = 5
NAMED = 3


def as_json(run: Path, region: Region, listing: Listing, adopted: Adopted | None, front: Front) -> str:
    """One line: where the run is, its certificate, the adopted plan beside it, the ways to build each portfolio."""
    alternatives = front.alternatives
    data = {
        "run": str(run),
        "region": region.name,
        "certificate": listing.certificate.to_dict(),
        "adopted": adopted.to_dict() if adopted else None,
        "ways": alternatives.ways.tolist() if alternatives else None,
        "ways_stopped_by": alternatives.stopped_by if alternatives else None,
        "more_ways_may_exist": (np.flatnonzero(alternatives.more) + 1).tolist() if alternatives else None,
    }
    return json_text(data)


def show(run: Path, region: Region, listing: Listing, adopted: Adopted | None, front: Front) -> None:
    """Print the summary; at most 80 columns wide where the terminal is."""
    console = stdout()
    if len(listing):
        console.print(_ranges(listing))
        _show_portfolios(console, region, listing)
        console.print(_first_alone(listing), "")
    for line in _certificate(listing.certificate, listing):
        console.print(line)
    if front.reductions and (words := front.reductions.in_words()):
        console.print(words)
    if front.alternatives is not None and len(listing):
        console.print(alternatives_in_words(front.alternatives))
    if adopted:
        console.print("")
        _show_adopted(console, listing, adopted)
    console.print(f"\nRun folder: {run}", soft_wrap=True)
    if len(listing):
        word = shlex.quote(str(run))
        console.print(f"Next: growthring verify {word}", soft_wrap=True)
        console.print(f"      growthring shortlist {word} -o shortlist.xlsx", soft_wrap=True)


def _ranges(listing: Listing) -> Table:
    table = new_table(["objective", "better is"], ["best", "worst listed"], "unit")
    for k, objective in enumerate(listing.objectives):
        column = listing.column(k)
        ends = (max(column), min(column)) if objective.sense == "max" else (min(column), max(column))
        places = decimals(column)
        better = "more" if objective.sense == "max" else "less"
        table.add_row(objective.name, better, *(figure(end, places) for end in ends), objective.unit)
    return table


def _show_portfolios(console: Console, region: Region, listing: Listing) -> None:
    chosen = representatives(listing)
    whole = len(chosen) == len(listing)
    title = f"All {len(listing)} portfolios" if whole else f"{len(chosen)} of {len(listing)} portfolios"
    table = new_table(right=["#", *(o.name for o in listing.objectives), "projects", "capital cost"], text="")
    costs = {row: _cost(region, listing, row) for row in chosen}
    places = [decimals(listing.column(k)) for k in range(len(listing.objectives))]
    for row, why in chosen.items():
        values = (figure(value, d) for value, d in zip(listing.values[row], places, strict=True))
        cost = figure(costs[row], decimals(costs.values()))
        table.add_row(str(row + 1), *values, str(len(listing.plan(row))), cost, why)
    print_table(console, title, table)


def _cost(region: Region, listing: Listing, row: int) -> Fraction:
    return Fraction(sum((region.project[project].capital_cost for project in listing.plan(row)), Decimal(0)))


def _first_alone(listing: Listing) -> str:
    """The plan of one who looks at the first objective only, and what it gives up."""
    name = listing.objectives[0].name.capitalize()
    row = listing.best(0)
    given_up = [
        f"{figure(amount, decimals(listing.column(k)))} {objective.unit} of {objective.name} "
        f"({percent(amount / listing.range(k))} of the range)".replace("  ", " ")
        for k, (objective, amount) in enumerate(zip(listing.objectives, regret(listing, row), strict=True))
        if k and amount
    ]
    if not given_up:
        return f"{name} alone (portfolio {row + 1}) gives up nothing: it is best in all objectives."
    lost = f"{'; '.join(given_up)}"
    return f"{name} alone (portfolio {row + 1}), against the best there is, gives up: {lost}."


def _certificate(certificate: Certificate, listing: Listing) -> list[str]:
    lines = [certificate.in_words()]
    if certificate.stopped_by == "interrupt":
        lines.append("You stopped the search; what was found until then is kept.")
    elif certificate.stopped_by == "memory limit":
        lines.append("At the memory limit only the best labels were followed; a larger --memory proves more.")
    elif certificate.open_regions_total:
        lines.append(f"The search was stopped by: {certificate.stopped_by}.")
    if certificate.status is Status.GUARANTEE and certificate.epsilon_in_units:
        units = {objective.name: objective.unit for objective in listing.objectives}
        amounts = (
            f"{at_most(e)} {units[name]} of {name}".replace("  ", " ")
            for name, e in certificate.epsilon_in_units.items()
        )
        lines.append(f"In units, at most: {'; '.join(amounts)}.")
    lines.append(f"{certificate.effort}.")
    lines.extend(f"Fault: {fault}" for fault in certificate.faults)
    return lines


def alternatives_in_words(alternatives: Alternatives) -> str:
    """In how many ways the portfolios can be built, and whether that is all."""
    ways, more = alternatives.ways, alternatives.more
    several = [
        f"portfolio {k + 1} can be built in {'at least ' if more[k] else ''}{ways[k]:,} ways"
        for k in np.argsort(-ways, kind="stable")
        if ways[k] > 1
    ]
    named = "; ".join([*several[:NAMED], *([f"{len(several) - NAMED:,} more in several"] * (len(several) > NAMED))])
    if alternatives.stopped_by != "complete":
        end = f"The search for alternatives was stopped by: {alternatives.stopped_by}; others may exist."
    elif more.any():
        end = f"Others exist or may exist for {more.sum():,} of the portfolios; {len(alternatives):,} are listed."
    else:
        end = "There is no other portfolio with the values of a listed one."
    head = f"{named[:1].upper()}{named[1:]}." if named else ""
    return f"{head} {end}".strip()


def _show_adopted(console: Console, listing: Listing, adopted: Adopted) -> None:
    places = {o.name: decimals([*listing.column(k), adopted.values[o.name]]) for k, o in enumerate(listing.objectives)}
    values = ", ".join(f"{name} {figure(value, places[name])}" for name, value in adopted.values.items())
    console.print(f"The adopted plan ({len(adopted.plan)} projects): {values}.")
    if adopted.broken:
        console.print(f"It breaks {len(adopted.broken)} of the region's rules:")
        console.print(*(f"  {rule}" for rule in adopted.broken), sep="\n")
    console.print(_distance(adopted))
    if not adopted.better:
        return
    count = len(adopted.better)
    title = f"Listed portfolios that beat it, and by how much ({min(BEATERS, count)} of {count})"
    table = new_table(right=["#", *(objective.name for objective in listing.objectives)])
    for better in adopted.better[:BEATERS]:
        signs = {o.name: 1 if o.sense == "max" else -1 for o in listing.objectives}
        gains = (figure(signs[name] * gain, places[name], signed=True) for name, gain in better.gains.items())
        table.add_row(str(better.portfolio), *gains)
    print_table(console, title, table)


def _distance(adopted: Adopted) -> str:
    if adopted.epsilon is None or adopted.nearest is None:
        return "There is no listed portfolio to compare it with."
    share = f"{abs(adopted.epsilon):.2%}".replace("%", " %")
    if adopted.epsilon < 0:
        better = f"portfolio {adopted.nearest} is better by at least {share} of the range in every objective"
        return f"Distance to the front: {better}."
    if adopted.epsilon > 0:
        return (
            "No listed portfolio is as good in every objective; the nearest, "
            f"portfolio {adopted.nearest}, is at most {share} of the range worse."
        )
    if adopted.better:
        return "Distance to the front: 0; it is beaten in some objectives, but by no portfolio in all of them at once."
    return f"Distance to the front: 0; portfolio {adopted.nearest} has the same values."
