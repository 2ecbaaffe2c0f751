"""Convergence: how alike the towns become, "one thousand towns looking alike" as a number.

    "The convergence of architectural language can be seen as the specific representation of the short-sighted behavior
    driven by economic interests." "From a macro perspective, the industrial structure of the construction is similar,
    and the dominant featured industries are not notable." (S1 §I)

A mix is a town's shares ``s_k``, ``Σ_k s_k = 1``. Of *projects*: capital cost by tag (kind and tag, times its weight),
by category for a project without tags. Of *jobs*: today's jobs by industry, and the jobs that the plan's effects called
``jobs`` bring to the industry of the project (its heaviest industry tag).

Krugman index of two towns: ``Σ_k |s_k - r_k|``, from 0 (the same mix) to 2 (nothing in common): P. Krugman, *Geography
and Trade*, 1991. Cosine: ``Σ s_k r_k / sqrt(Σ s_k² Σ r_k²)``, from 0 to 1. Both are means over all pairs of towns that
have a mix. Copies: pairs of chosen projects in different towns whose tags have a similarity
``Σ min(w, v) / Σ max(w, v)`` (Ružička) of at least the policy figure ``alike_from`` (one half if it is not given).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from typing import TYPE_CHECKING

import pandas as pd

from instances.region import Region
from optimizer.decide.beside import Beside, Plan
from optimizer.report.describe.facts import town_names
from optimizer.report.describe.pictures import drawn, new_figure, readable, shaded

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NAME = "convergence"
TITLE = "Convergence: do the towns become copies of each other?"
NEEDS = ("towns",)
ALIKE = Fraction(1, 2)

Mix = Mapping[str, Fraction]


def krugman(one: Mix, other: Mix) -> Fraction:
    """``Σ_k |s_k - r_k|``: 0 the same, 2 nothing in common.

    Half roads and half parks against roads alone: 1/2 + 1/2 = 1.

    >>> half = Fraction(1, 2)
    >>> krugman({"road": half, "park": half}, {"road": Fraction(1)})
    Fraction(1, 1)
    """
    zero = Fraction(0)
    return sum((abs(one.get(k, zero) - other.get(k, zero)) for k in {**one, **other}), zero)


def cosine(one: Mix, other: Mix) -> float:
    """``Σ s_k r_k / sqrt(Σ s_k² Σ r_k²)``: 1 the same, 0 nothing in common.

    Half roads and half parks against roads alone: (1/2) / sqrt(1/2 · 1) = 0.7071.

    >>> half = Fraction(1, 2)
    >>> round(cosine({"road": half, "park": half}, {"road": Fraction(1)}), 4)
    0.7071
    """
    shared = sum((share * other[k] for k, share in one.items() if k in other), Fraction(0))
    lengths = (sum((share**2 for share in mix.values()), Fraction(0)) for mix in (one, other))
    return float(shared) / math.sqrt(math.prod(lengths))


def project_mix(region: Region, projects: Iterable[str]) -> dict[str, Mix]:
    """Town to its shares of capital cost by tag, or by category for the projects that have no tag."""
    tags: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for tag in region.tags:
        tags[tag.project][f"{tag.kind} {tag.tag}"] = tag.weight
    sums: dict[str, dict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    for id in projects:
        project = region.project[id]
        kinds = tags[id] or dict.fromkeys(project.category, Decimal(1))
        whole = Fraction(sum(kinds.values()))
        for kind, weight in kinds.items() if project.town else ():
            sums[project.town][kind] += Fraction(project.capital_cost) * Fraction(weight) / whole
    return _shares(sums)


def job_mix(region: Region, plan: Plan) -> dict[str, Mix]:
    """Town to its shares of jobs by industry, today's and those that the plan brings; losses are taken off."""
    sums: dict[str, dict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    for row in region.industries:
        sums[row.town][row.industry] += Fraction(row.jobs)
    for effect in region.effects:
        industry = main_industry(region, effect.project)
        if effect.indicator == "jobs" and effect.project in plan and industry and region.project[effect.project].town:
            town = sums[region.project[effect.project].town]
            town[industry] = max(Fraction(0), town[industry] + Fraction(effect.value))
    return _shares(sums)


def main_industry(region: Region, project: str) -> str:
    """The heaviest industry tag of a project, the first in the table among equals; empty if it has none."""
    tags = [tag for tag in region.tags if tag.project == project and tag.kind == "industry"]
    return max(tags, key=lambda tag: tag.weight).tag if tags else ""


def copies(region: Region, plan: Plan) -> list[tuple[str, str, Fraction]]:
    """Pairs of chosen projects in different towns that are alike, with their similarity, the most alike first."""
    tags: dict[str, dict[tuple[str, str], Fraction]] = defaultdict(dict)
    for tag in region.tags:
        tags[tag.project][tag.kind, tag.tag] = Fraction(tag.weight)
    asked = region.settings.policy.alike_from
    least = ALIKE if asked is None else Fraction(asked)
    found = []
    for one, other in combinations([p for p in region.projects if p.id in plan and p.town and p.id in tags], 2):
        alike = _similarity(tags[one.id], tags[other.id])
        if one.town != other.town and alike >= least and alike:
            found.append((one.id, other.id, alike))
    return sorted(found, key=lambda pair: -pair[2])


def _similarity(one: Mapping[tuple[str, str], Fraction], other: Mapping[tuple[str, str], Fraction]) -> Fraction:
    zero = Fraction(0)
    kinds = {**one, **other}
    least = sum((min(one.get(k, zero), other.get(k, zero)) for k in kinds), zero)
    return least / sum((max(one.get(k, zero), other.get(k, zero)) for k in kinds), zero)


def _shares(sums: Mapping[str, Mapping[str, Fraction]]) -> dict[str, Mix]:
    shares: dict[str, Mix] = {}
    for town, parts in sums.items():
        if whole := sum(parts.values(), Fraction(0)):
            shares[town] = {kind: part / whole for kind, part in parts.items() if part}
    return shares


def table(region: Region, plan: Plan, beside: Beside | None = None) -> pd.DataFrame:
    """One row a mix and state, ``(states, 8)``.

    ``mix``: projects or jobs. ``state``: before (jobs: today; projects: everything that the towns ask for), plan,
    growth only. ``towns``: how many have a mix. ``krugman``: mean of the pairs, 0 to 2. ``cosine``: mean of the pairs,
    0 to 1. ``copies``: pairs of alike projects, ``None`` where it does not apply. ``closest``: the two towns with the
    least Krugman index, ``closest_krugman``.
    """
    wishes = {project.id: 1 for project in region.projects}
    states: list[tuple[str, Plan]] = [("before", wishes), ("plan", plan)]
    if beside:
        states.append(("growth only", beside.growth_only))
    titles = town_names(region)
    rows = []
    for state, chosen in states:
        counted = len(copies(region, chosen)) if region.tags else None
        rows.append(_row("projects", state, project_mix(region, chosen), counted, titles))
    for state, chosen in states if region.industries else ():
        rows.append(_row("jobs", state, job_mix(region, {} if state == "before" else chosen), None, titles))
    return pd.DataFrame(rows)


def _row(
    mix: str, state: str, mixes: dict[str, Mix], counted: int | None, titles: Mapping[str, str]
) -> dict[str, object]:
    pairs = list(combinations(mixes, 2))
    apart = {(a, b): krugman(mixes[a], mixes[b]) for a, b in pairs}
    closest = min(apart, key=lambda pair: apart[pair]) if apart else None
    return {
        "mix": mix,
        "state": state,
        "towns": len(mixes),
        "krugman": float(sum(apart.values(), Fraction(0)) / len(pairs)) if pairs else None,
        "cosine": sum(cosine(mixes[a], mixes[b]) for a, b in pairs) / len(pairs) if pairs else None,
        "copies": counted,
        "closest": " and ".join(titles.get(town, town) for town in closest) if closest else "",
        "closest_krugman": float(apart[closest]) if closest else None,
    }


def pairs(region: Region, plan: Plan) -> pd.DataFrame:
    """Krugman index of the project mixes of each two towns, ``(towns, towns)``, empty where a town has no project."""
    mixes, titles = project_mix(region, plan), town_names(region)
    cells = [
        [float(krugman(mixes[a], mixes[b])) if a != b and a in mixes and b in mixes else None for b in titles]
        for a in titles
    ]
    return pd.DataFrame(cells, index=list(titles.values()), columns=list(titles.values()), dtype=float)


def show(found: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """For a terminal."""
    kept = [column for column in found if not found[column].isna().all()]
    thin = found[kept].drop(columns=["closest", "closest_krugman"], errors="ignore")
    return [("Krugman 0 to 2: 0 is the same mix; cosine 0 to 1: 1 is the same mix", thin)]


def words(region: Region, plan: Plan, beside: Beside | None = None) -> list[str]:
    """Which copies the plan holds, and whether growth alone would make the towns more alike."""
    said = []
    found = {row["state"]: row for row in table(region, plan, beside).to_dict("records") if row["mix"] == "projects"}
    mine = found["plan"]
    if mine["closest"] and mine["closest_krugman"] < 2:
        said.append(f"Under the plan, {mine['closest']} are closest (Krugman {mine['closest_krugman']:.2f}).")
    if region.tags:
        alike = copies(region, plan)
        several = f"; the most alike are {alike[0][0]} and {alike[0][1]}" if alike else ""
        said.append(f"The plan holds {len(alike)} pair{'s' * (len(alike) != 1)} of copies{several}.")
    ours, theirs = (found[state]["krugman"] if state in found else None for state in ("plan", "growth only"))
    if pd.notna(ours) and pd.notna(theirs):
        kind = "more alike" if theirs < ours else "less alike" if theirs > ours else "as alike"
        said.append(f"Growth alone would make the towns {kind}: Krugman {theirs:.2f} against {ours:.2f}.")
    return said


@drawn
def picture(region: Region, plan: Plan, beside: Beside | None = None) -> Figure:
    """Krugman index between towns, dark where they are alike; the plan, and the growth-only plan beside it."""
    shown = [("the plan", pairs(region, plan))]
    if beside:
        shown.append(("growth only", pairs(region, beside.growth_only)))
    size = len(region.towns)
    figure, panels = new_figure(
        TITLE, 1.8 + len(shown) * (1.2 + 0.46 * size), 2.2 + 0.4 * size, len(shown), sharey=True
    )
    for axes, (who, found) in zip(panels, shown, strict=True):
        cells = [
            [value if j < i and not math.isnan(value) else None for j, value in enumerate(row)]
            for i, row in enumerate(found.to_numpy().tolist())
        ]
        shaded(axes, cells, 2.0, lambda value: f"{value:.1f}", dark_is_most=False)
        towns = [readable(name, "?") for name in found.index]
        axes.set_yticks(range(size), towns)
        axes.set_xticks(range(size), towns, rotation=50, ha="right", rotation_mode="anchor")
        values = [value for row in cells for value in row if value is not None]
        mean = f"mean {sum(values) / len(values):.2f}" if values else "no two towns build"
        axes.set_title(f"{who}: {mean}")
    figure.supxlabel("Krugman index of project mixes: 0 (dark) the same, 2 (light) nothing in common", fontsize=8)
    return figure
