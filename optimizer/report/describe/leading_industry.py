"""Leading industry: where each town has a comparative advantage, and whether the plan backs it.

    "Small towns have to possess pillar industries and economic growth points with comparative advantages." (S1 §I)
    "Focus on comparative advantages, make full use of advantages and avoid disadvantages … Cultivate and develop
    leading industry." (S2 §6(3))

Location quotient ``LQ = (jobs_ti / jobs_t) / (jobs_i / jobs)``: the share of an industry in the town's jobs over its
share in the region's; above 1 the town has a comparative advantage (P. S. Florence, 1939; the form is that of Balassa's
revealed comparative advantage, 1965). Backing is capital cost times the weight of the industry tag, over the chosen
projects of the town.
"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING

import pandas as pd

from instances.region import Region
from optimizer.decide.beside import Beside, Plan
from optimizer.report.describe.facts import of_towns, town_names
from optimizer.report.describe.pictures import drawn, new_figure, readable, shaded

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NAME = "leading_industry"
TITLE = "Leading industry: advantage and backing"
NEEDS = ("industries", "tags")


def location_quotients(region: Region) -> dict[tuple[str, str], Fraction]:
    """(town, industry) to its location quotient, for the rows of ``industries`` with jobs in town and industry.

    Salt has 30 of Ay's 40 jobs and 40 of the region's 100: (30/40) / (40/100) = 15/8.

    >>> from instances.schema import Industry, Project
    >>> from instances.settings import Settings
    >>> jobs = {("ay", "salt"): 30, ("ay", "food"): 10, ("be", "salt"): 10, ("be", "food"): 50}
    >>> rows = tuple(Industry(town=t, industry=i, jobs=n) for (t, i), n in jobs.items())
    >>> region = Region(Settings(name="two towns"), (Project(id="well", capital_cost=1),), industries=rows)
    >>> location_quotients(region)["ay", "salt"]
    Fraction(15, 8)
    """
    towns: dict[str, Fraction] = defaultdict(Fraction)
    industries: dict[str, Fraction] = defaultdict(Fraction)
    for row in region.industries:
        towns[row.town] += Fraction(row.jobs)
        industries[row.industry] += Fraction(row.jobs)
    everyone = sum(towns.values(), Fraction(0))
    return {
        (row.town, row.industry): Fraction(row.jobs) * everyone / (towns[row.town] * industries[row.industry])
        for row in region.industries
        if towns[row.town] and industries[row.industry]
    }


def table(region: Region, plan: Plan, beside: Beside | None = None) -> pd.DataFrame:
    """One row a town and industry that has jobs there or that the plan backs, ``(rows, 8)``.

    ``jobs``: today. ``lq``: location quotient, ``None`` without jobs. ``advantage``: LQ above 1. ``best``: the town's
    highest. ``backing``: money of the region. ``leads``: a chosen project makes it the town's leading industry.
    ``growth_only``: what the growth-only plan puts in; only with ``beside``.
    """
    quotients = location_quotients(region)
    jobs = {(row.town, row.industry): float(row.jobs) for row in region.industries}
    backing, leading = _backing(region, plan)
    other = _backing(region, beside.growth_only)[0] if beside else {}
    rows = []
    for town, title in town_names(region).items():
        here = [place for place in dict.fromkeys([*jobs, *backing, *other]) if place[0] == town]
        best = max((quotients.get(place, Fraction(0)) for place in here), default=Fraction(0))
        for place in sorted(here, key=lambda place: -quotients.get(place, Fraction(0))):
            quotient = quotients.get(place)
            row = {
                "town": title,
                "industry": place[1],
                "jobs": jobs.get(place, 0.0),
                "lq": None if quotient is None else float(quotient),
                "advantage": quotient is not None and quotient > 1,
                "best": quotient is not None and quotient == best,
                "backing": backing.get(place, 0.0),
                "leads": place in leading,
            }
            rows.append(row | ({"growth_only": other.get(place, 0.0)} if beside else {}))
    return pd.DataFrame(rows)


def _backing(region: Region, plan: Plan) -> tuple[dict[tuple[str, str], float], set[tuple[str, str]]]:
    """(town, industry) to money, and those that the plan makes leading."""
    money: dict[tuple[str, str], float] = defaultdict(float)
    leading = set()
    town = {project.id: place for place, here in of_towns(region, plan).items() for project in here}
    for tag in region.tags:
        if tag.kind == "industry" and tag.project in town:
            place = (town[tag.project], tag.tag)
            money[place] += float(region.project[tag.project].capital_cost * tag.weight)
            if tag.leading:
                leading.add(place)
    return money, leading


def show(found: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """For a terminal: each town's greatest advantage, and whatever is backed."""
    more = found["growth_only"] > 0 if "growth_only" in found else False
    kept = found[found["best"] | (found["backing"] > 0) | more]
    thin = kept.drop(columns=["advantage", "best"])
    return [("each town's highest location quotient (LQ), and what is backed", thin)]


def words(region: Region, plan: Plan, beside: Beside | None = None) -> list[str]:
    """How much of the money for industries goes where the town has an advantage."""
    said = [_words(table(region, plan), "The plan")]
    if beside:
        said.append(_words(table(region, beside.growth_only), "The growth-only plan"))
    return said


def _words(found: pd.DataFrame, who: str) -> str:
    whole = found["backing"].sum()
    if not whole:
        return f"{who} backs no industry."
    share = found["backing"][found["advantage"]].sum() / whole
    against = found[(found["backing"] > 0) & ~found["advantage"]]
    rest = f"; without one: {', '.join(f'{t} {i}' for t, i in zip(against['town'], against['industry'], strict=True))}"
    return f"{who} puts {share:.0%} of its money for industries where the town has an advantage".replace("%", " %") + (
        f"{rest}." if len(against) else "."
    )


@drawn
def picture(region: Region, plan: Plan, beside: Beside | None = None) -> Figure:
    """Location quotients in shades of grey; a ring where the plan backs it, a cross where growth alone would."""
    found = table(region, plan, beside)
    towns = list(dict.fromkeys(found["town"]))
    industries = list(dict.fromkeys(found["industry"]))
    cells: list[list[float | None]] = [[None for _ in industries] for _ in towns]
    width, height = max(6.5, 2.2 + 0.75 * len(industries)), 2.2 + 0.42 * len(towns)
    figure, (axes,) = new_figure(TITLE, width, height)
    backed, alone = [], []
    for row in found.to_dict("records"):
        i, j = towns.index(row["town"]), industries.index(row["industry"])
        cells[i][j] = None if pd.isna(row["lq"]) else min(row["lq"], 4.0)
        if row["backing"] > 0:
            backed.append((j, i))
        if row.get("growth_only", 0) > 0:
            alone.append((j, i))
    shaded(axes, cells, 4.0, lambda value: "4+" if value >= 4 else f"{value:.1f}")
    for places, marker, label in (
        (backed, {"marker": "o", "facecolors": "none", "s": 340, "linewidths": 1.8}, "backed by the plan"),
        (alone, {"marker": "x", "s": 26, "linewidths": 1.3}, "backed by growth alone"),
    ):
        if places:
            x, y = zip(*places, strict=True)
            shift = 0.0 if label == "backed by the plan" else 0.33
            color = {"edgecolors": "black"} if shift == 0 else {"color": "black"}
            axes.scatter([a + shift for a in x], y, label=label, **marker, **color)  # type: ignore[arg-type]
    axes.set_yticks(range(len(towns)), [readable(name, "?") for name in towns])
    axes.set_xticks(range(len(industries)), [readable(name, "?") for name in industries], rotation=40, ha="right")
    axes.set_xlim(-0.5, len(industries) - 0.5)
    axes.set_ylim(len(towns) - 0.5, -0.5)
    axes.set_title("location quotient: above 1 the town has an advantage")
    if backed or alone:
        figure.legend(loc="outside lower center", ncols=2, frameon=False, markerscale=0.6)
    return figure
