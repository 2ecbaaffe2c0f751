"""Integration: how many newcomers each town can take in, and what runs out first.

    "The core of urbanization is the transfer of rural population to cities and towns to complete the transformation
    from farmers to citizens, rather than just building high-rise buildings and squares." (S2 §4)

For each service with a need per newcomer (jobs, homes, school places, clinics …): ``room = (capacity after the plan -
standard per head × residents) / need per newcomer``, in people. A town takes in ``step × floor(room / step)`` people of
its least room, from 0 up to the limit of the policy; the service with the least room is the bottleneck.
"""

from __future__ import annotations

import math
from collections import defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING

import pandas as pd

from instances.region import Region
from optimizer.decide.beside import Beside, Plan
from optimizer.report.describe.facts import town_names
from optimizer.report.describe.pictures import DARK, LIGHT, drawn, new_figure, plain_axes, readable

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NAME = "integration"
TITLE = "Integration: room for newcomers"
NEEDS = ("services",)
LIMIT = "the limit"


def rooms(region: Region, plan: Plan) -> dict[str, dict[str, Fraction]]:
    """Town to service to the people that it has room for beyond the residents; below 0, residents lack it already.

    500 residents at 0.1 school places a head need 50; with 48 today and 20 built, 18 are free; at 0.15 a newcomer, that
    is room for 120.

    >>> from instances.schema import Project, Service, Supply, Town
    >>> from instances.settings import Settings
    >>> region = Region(
    ...     Settings(name="one town"),
    ...     (Project(id="school", town="ay", capital_cost=1),),
    ...     towns=(Town(id="ay", population=500),),
    ...     services=(Service(service="school", town="ay", capacity=48, per_head="0.1", per_newcomer="0.15"),),
    ...     supply=(Supply(project="school", service="school", town="ay", capacity=20),),
    ... )
    >>> rooms(region, {"school": 1}), rooms(region, {})["ay"]["school"]
    ({'ay': {'school': Fraction(120, 1)}}, Fraction(-40, 3))
    """
    added: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for gift in region.supply:
        if gift.project in plan:
            added[gift.service, gift.town] += Fraction(gift.capacity)
    found: dict[str, dict[str, Fraction]] = defaultdict(dict)
    for row in region.services:
        if row.per_newcomer and row.town in region.town:
            need = Fraction(row.per_head) * Fraction(region.town[row.town].population)
            free = Fraction(row.capacity) + added[row.service, row.town] - need
            found[row.town][row.service] = free / Fraction(row.per_newcomer)
    return dict(found)


def newcomers(region: Region, room: dict[str, Fraction]) -> tuple[int, str]:
    """People that a town with these rooms takes in, and what keeps it from more."""
    policy = region.settings.policy
    step = Fraction(policy.newcomer_step or 1)
    narrow = min(room, key=lambda service: room[service])
    steps = max(0, math.floor(room[narrow] / step))
    if policy.newcomer_limit is not None and (most := math.floor(Fraction(policy.newcomer_limit) / step)) <= steps:
        return int(most * step), LIMIT
    return int(steps * step), narrow


def table(region: Region, plan: Plan, beside: Beside | None = None) -> pd.DataFrame:
    """One row a town with services that newcomers need, ``(towns, 4 + services)``.

    ``today``, ``newcomers``, ``growth_only``: people taken in without a plan, under the plan, under the growth-only
    plan (only with ``beside``). ``bottleneck``: the service that runs out first, or the limit of the policy. One column
    ``room_<service>`` each, in people (below 0: residents lack it already), empty where a town's newcomers need none.
    """
    before, after = rooms(region, {}), rooms(region, plan)
    alone = rooms(region, beside.growth_only) if beside else {}
    services = dict.fromkeys(service for room in after.values() for service in room)
    rows = []
    for town, title in town_names(region).items():
        if town not in after:
            continue
        count, narrow = newcomers(region, after[town])
        row: dict[str, object] = {"town": title, "today": newcomers(region, before[town])[0], "newcomers": count}
        if beside:
            row["growth_only"] = newcomers(region, alone[town])[0]
        row["bottleneck"] = narrow
        row |= {f"room_{s}": math.floor(after[town][s]) if s in after[town] else None for s in services}
        rows.append(row)
    return pd.DataFrame(rows)


def show(found: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """For a terminal: newcomers and their bottleneck; then the room of each service."""
    room = [column for column in found if str(column).startswith("room_")]
    short = {column: str(column).removeprefix("room_") for column in room}
    return [
        ("people that a town can take in", found.drop(columns=room)),
        (
            "people that each service has room for under the plan; below 0: a shortage",
            found[["town", *room]].rename(columns=short),
        ),
    ]


def words(region: Region, plan: Plan, beside: Beside | None = None) -> list[str]:
    """The sums, and the bottleneck that is met most often."""
    found = table(region, plan, beside)
    if found.empty:
        return ["No service says what a newcomer needs (column per_newcomer)."]
    most = found["bottleneck"].value_counts()
    alone = f"; growth alone for {found['growth_only'].sum():,}" if beside else ""
    return [
        f"Today there is room for {found['today'].sum():,} newcomers, under the plan for "
        f"{found['newcomers'].sum():,}{alone}. The most frequent bottleneck is {most.index[0]} "
        f"({most.iloc[0]} of {len(found)} towns)."
    ]


@drawn
def picture(region: Region, plan: Plan, beside: Beside | None = None) -> Figure:
    """Newcomers today, under the plan and under growth alone, with the bottleneck named."""
    found = table(region, plan, beside)
    figure, (axes,) = new_figure(TITLE, 8, 1.8 + 0.5 * len(found))
    places = range(len(found))
    most = max(1, int(found["newcomers"].max()) if len(found) else 1)
    axes.barh(
        places, found["newcomers"], height=0.62, color=LIGHT, edgecolor="black", linewidth=0.6, label="under the plan"
    )
    axes.barh(places, found["today"], height=0.28, color=DARK, label="today")
    if beside:
        axes.scatter(
            found["growth_only"],
            list(places),
            marker="D",
            s=24,
            color="white",
            edgecolors="black",
            label="growth alone",
            zorder=3,
            clip_on=False,
        )
        most = max(most, int(found["growth_only"].max()))
    for place, row in enumerate(found.to_dict("records")):
        reach = max(row["newcomers"], row["today"], row.get("growth_only", 0))
        text = f"{row['newcomers']:,}; bottleneck: {readable(row['bottleneck'], '?')}"
        if row["bottleneck"] == LIMIT:
            text = f"{row['newcomers']:,}, the limit"
        axes.text(reach + 0.025 * most, place, text, va="center", fontsize=8)
    axes.set_yticks(places, [readable(name, "?") for name in found["town"]])
    axes.invert_yaxis()
    axes.set_xlim(0, 1.45 * most)
    axes.set_xlabel("newcomers")
    plain_axes(axes)
    figure.legend(loc="outside lower center", ncols=3, frameon=False)
    return figure
