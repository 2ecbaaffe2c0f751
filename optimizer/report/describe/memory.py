"""Memory: which times and kinds of heritage each town keeps, what the plan saves and what is lost.

    "Construct the timeline of the past, present and future of the city. The memories of small towns in different times
    will be preserved." (S2 §4(3))

An asset is kept if it is not threatened, or saved (a chosen project has an impact of 1 or more on it), and the worst
impact of a chosen project on it is above -4. Memory: each kept asset of an era counts the points of its place in
``timeline``: the first, the second … in its town.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import pandas as pd

from instances.region import Region
from instances.schema import Asset
from optimizer.decide.beside import Beside, Plan
from optimizer.report.describe.facts import names, town_names
from optimizer.report.describe.pictures import DARK, MIDDLE, drawn, new_figure, plain_axes, readable

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NAME = "memory"
TITLE = "Memory: what is kept of the past, the present and the future"
NEEDS = ("assets",)
ERAS = ("past", "present", "future")
KINDS = ("tangible", "intangible", "industrial")


def fates(region: Region, plan: Plan) -> dict[str, str]:
    """Asset to what becomes of it: ``kept``, ``saved`` (kept, but threatened without the plan) or ``lost``."""
    impacts: dict[str, list[int]] = defaultdict(list)
    for row in region.impacts:
        if row.project in plan:
            impacts[row.asset].append(row.impact)
    found = {}
    for asset in region.assets:
        here = impacts[asset.id]
        safe = not asset.threatened or max(here, default=0) >= 1
        found[asset.id] = "lost" if not safe or min(here, default=0) <= -4 else "saved" if asset.threatened else "kept"
    return found


def points(region: Region, plan: Plan) -> dict[str, float]:
    """Town to its points of memory."""
    worth = {step.count: float(step.points) for step in region.timeline}
    fate = fates(region, plan)
    kept = Counter((asset.town, asset.era) for asset in region.assets if fate[asset.id] != "lost")
    found = dict.fromkeys(region.town, 0.0)
    for (town, _), count in kept.items():
        found[town] = found.get(town, 0.0) + sum(worth.get(i, 0.0) for i in range(1, count + 1))
    return found


def table(region: Region, plan: Plan, beside: Beside | None = None) -> pd.DataFrame:
    """One row a town with assets, ``(towns, 13)``.

    ``past``, ``present``, ``future``: assets kept of that era, ``…_all``: how many there are. ``eras``, ``kinds``: how
    many eras and kinds are covered. ``saved``, ``lost``: names. ``lost_if_nothing``, ``lost_growth_only``: numbers of
    assets. ``memory``: points of the timeline, 0 without that table.
    """
    titles, assets = town_names(region), names(region, "assets")
    fate, idle = fates(region, plan), fates(region, {})
    alone = fates(region, beside.growth_only) if beside else None
    worth = points(region, plan)
    rows = []
    for town, title in titles.items():
        here = [asset for asset in region.assets if asset.town == town]
        if not here:
            continue
        kept = [asset for asset in here if fate[asset.id] != "lost"]
        row: dict[str, object] = {"town": title}
        for era in ERAS:
            row[era] = sum(asset.era == era for asset in kept)
            row[f"{era}_all"] = sum(asset.era == era for asset in here)
        row["eras"] = len({asset.era for asset in kept})
        row["kinds"] = len({asset.kind for asset in kept})
        row["memory"] = worth[town]
        row["saved"] = _named(here, fate, "saved", assets)
        row["lost"] = _named(here, fate, "lost", assets)
        row["lost_if_nothing"] = sum(idle[asset.id] == "lost" for asset in here)
        if alone is not None:
            row["lost_growth_only"] = sum(alone[asset.id] == "lost" for asset in here)
        rows.append(row)
    return pd.DataFrame(rows)


def _named(here: list[Asset], fate: dict[str, str], wanted: str, titles: dict[str, str]) -> tuple[str, ...]:
    return tuple(titles[asset.id] for asset in here if fate[asset.id] == wanted)


def show(found: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """For a terminal: kept of how many in each era; then the names."""
    eras = found[["town"]].copy()
    for era in ERAS:
        eras[era] = [f"{a}/{b}" if b else "–" for a, b in zip(found[era], found[f"{era}_all"], strict=True)]
    eras["kinds"], eras["memory"], eras["lost"] = found["kinds"], found["memory"], found["lost"].map(len)
    eras["idle"] = found["lost_if_nothing"]
    if "lost_growth_only" in found:
        eras["growth"] = found["lost_growth_only"]
    fate = found[["town", "saved", "lost"]]
    return [
        ("assets kept of all, by era; assets lost by the plan, if idle, by growth alone", eras),
        ("assets saved and lost", fate[(fate["saved"].map(len) + fate["lost"].map(len)) > 0]),
    ]


def words(region: Region, plan: Plan, beside: Beside | None = None) -> list[str]:
    """How much is saved and lost, and which eras and kinds no town keeps."""
    said = [_words(region, plan, "The plan")]
    if beside:
        said.append(_words(region, beside.growth_only, "The growth-only plan"))
    return said


def _words(region: Region, plan: Plan, who: str) -> str:
    fate = fates(region, plan)
    counts = Counter(fate.values())
    kept = [asset for asset in region.assets if fate[asset.id] != "lost"]
    there = {asset.era for asset in region.assets} | {asset.kind for asset in region.assets}
    gone = [word for word in (*ERAS, *KINDS) if word in there - {a.era for a in kept} - {a.kind for a in kept}]
    rest = f"; nothing is left of: {', '.join(gone)}" if gone else "; every era and kind lives on"
    return f"{who} keeps {len(kept)} of {len(fate)} assets, saves {counts['saved']} and loses {counts['lost']}{rest}."


@drawn
def picture(region: Region, plan: Plan, beside: Beside | None = None) -> Figure:
    """Assets kept, saved and lost in each town, era by era; a stroke where the growth-only plan would end."""
    from matplotlib.ticker import MaxNLocator

    fate = fates(region, plan)
    alone = fates(region, beside.growth_only) if beside else None
    towns = {town: name for town, name in town_names(region).items() if any(a.town == town for a in region.assets)}
    figure, panels = new_figure(TITLE, 9.5, 1.8 + 0.36 * len(towns), len(ERAS), sharey=True, sharex=True)
    for axes, era in zip(panels, ERAS, strict=True):
        start = [0] * len(towns)
        for word, color, hatch in (("kept", DARK, ""), ("saved", MIDDLE, ""), ("lost", "white", "////")):
            long = [
                sum(a.town == town and a.era == era and fate[a.id] == word for a in region.assets) for town in towns
            ]
            label = {"kept": "kept", "saved": "saved by the plan", "lost": "lost"}[word]
            axes.barh(
                range(len(towns)),
                [n or float("nan") for n in long],
                left=start,
                color=color,
                hatch=hatch,
                edgecolor="black",
                linewidth=0.6,
                label=label,
            )
            start = [a + b for a, b in zip(start, long, strict=True)]
        if alone is not None:
            for place, town in enumerate(towns):
                here = [a for a in region.assets if a.town == town and a.era == era]
                if here:
                    left = sum(alone[a.id] != "lost" for a in here)
                    label = "kept by growth alone" if not axes.get_lines() else "_"
                    axes.plot(
                        [left, left],
                        [place - 0.46, place + 0.46],
                        color="black",
                        linewidth=3.2,
                        label="_",
                        clip_on=False,
                    )
                    axes.plot(
                        [left, left],
                        [place - 0.46, place + 0.46],
                        color="#f2b632",
                        linewidth=1.6,
                        label=label,
                        clip_on=False,
                    )
        axes.set_title(era)
        plain_axes(axes)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    panels[0].set_xlim(0, 1.04 * max(Counter((asset.town, asset.era) for asset in region.assets).values()))
    panels[0].set_yticks(range(len(towns)), [readable(name, "?") for name in towns.values()])
    panels[0].invert_yaxis()
    panels[1].set_xlabel("assets")
    found = {label: handle for axes in panels for handle, label in zip(*axes.get_legend_handles_labels(), strict=True)}
    figure.legend(found.values(), found.keys(), loc="outside lower center", ncols=4, frameon=False)
    return figure
