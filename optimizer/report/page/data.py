"""Data: all that the report page shows and solves with, as plain types; the page itself computes only what follows."""

from __future__ import annotations

import base64
from collections import defaultdict
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from models import formulate
from optimizer.decide.exterior import why_exterior
from optimizer.decide.growth_only import beside_of_run
from optimizer.decide.navigate.achievement import Achievement
from optimizer.decide.representatives import compromise, representatives
from optimizer.decide.shortlist import Shortlist, shortlist
from optimizer.exact import decimals
from optimizer.report.describe import REPORTS
from optimizer.verify import Auditor

if TYPE_CHECKING:
    from instances.region import Region
    from models.problem import Problem
    from optimizer.decide.beside import Beside
    from optimizer.listing import Listing
    from optimizer.run import Run

__all__ = ["page_data"]


def page_data(run: Run) -> dict[str, Any]:
    """The whole content of the page for ``run``: facts, portfolios, shortlist, limits, model and proof.

    Raises ``ValueError`` if the run holds no portfolio.
    """
    region, listing = run.region, run.listing
    try:
        beside = beside_of_run(region, listing)
    except ValueError:  # growth was not compared
        beside = None
    return {
        "region": _region(region),
        "objectives": _objectives(listing),
        "portfolios": _portfolios(listing),
        "projects": _projects(region, shortlist(region, listing)),
        "towns": _towns(region),
        "limits": _limits(region, listing),
        "growth_only": beside and _growth_only(region, listing, beside),
        "reports": _reports(region, listing, beside),
        "certificate": replace(listing.certificate, open_regions=()).to_dict(),
        "manifest": {
            key: run.manifest[key] for key in ("growthring", "written", "options", "why") if key in run.manifest
        },
        "model": model_data(formulate(region, [objective.name for objective in listing.objectives]), listing),
    }


def model_data(problem: Problem, listing: Listing) -> dict[str, Any]:
    """The arrays of ``problem`` for the solver inside the page; objectives in minimised quanta; ``null``: no bound.

    ``spans`` and ``weights`` are those by which :mod:`optimizer.decide.navigate` reckons what is near.
    """
    A = problem.A.tocsr()
    spans = [max(1, round(listing.range(k) / o.quantum)) for k, o in enumerate(problem.objectives)]
    near = Achievement((None,) * len(spans), tuple(map(Fraction, spans)))
    return {
        "costs": [[[int(j), int(row[j])] for j in np.flatnonzero(row)] for row in problem.costs],
        "starts": A.indptr.tolist(),
        "columns": A.indices.tolist(),
        "values": A.data.tolist(),
        "row_lower": _bounds(problem.row_lower),
        "row_upper": _bounds(problem.row_upper),
        "lower": _bounds(problem.lower),
        "upper": _bounds(problem.upper),
        "integer": problem.integer.astype(int).tolist(),
        "decisions": [[d.project, d.period, d.column] for d in problem.decisions],
        "spans": spans,
        "weights": near.weights.tolist(),
        "quanta": [[float(o.quantum), float(o.offset)] for o in problem.objectives],
    }


def _bounds(values: Any) -> list[float | None]:
    return [None if np.isinf(value) else float(value) for value in values]


def _region(region: Region) -> dict[str, Any]:
    settings = region.settings
    return {
        "title": settings.title or settings.name,
        "description": settings.description,
        "provenance": settings.provenance,
        "money": settings.money,
        "periods": [settings.first_period + t for t in range(settings.periods)],
    }


def _objectives(listing: Listing) -> list[dict[str, Any]]:
    return [
        {
            "name": objective.name,
            "label": objective.label or objective.name,
            "unit": objective.unit,
            "sense": objective.sense,
            "places": decimals(listing.column(k)),
            "range": float(listing.range(k)),
        }
        for k, objective in enumerate(listing.objectives)
    ]


def _portfolios(listing: Listing) -> dict[str, Any]:
    """``starts`` are bytes, portfolio after portfolio: the start period of each project, 0 where it is not chosen."""
    return {
        "numbers": list(listing.numbers),
        "values": [[float(value) for value in row] for row in listing.values],
        "starts": base64.b64encode(listing.starts.astype(np.uint8).tobytes()).decode(),
        "stands_for": {str(row): why for row, why in representatives(listing).items() if why},
    }


def _projects(region: Region, chosen: Shortlist) -> list[dict[str, Any]]:
    """In the order of the region's table, with class, share and reason of the shortlist."""
    entries = {entry.project: entry for entry in chosen.entries}
    alone = _alone(region)
    barred = why_exterior(region, [objective.name for objective in chosen.listing.objectives])
    found = []
    for project in region.projects:
        entry = entries[project.id]
        found.append(
            {
                "id": project.id,
                "name": project.name or project.id,
                "town": project.town,
                "cost": float(project.capital_cost),
                "class": entry.cls.value,
                "share": float(entry.share),
                "why": entry.why,
                "locked": project.locked,
                "barred": project.id in barred,
                "difference": {name: float(amount) for name, amount in entry.difference.items()},
                "alone": alone[project.id],
            }
        )
    return found


def _alone(region: Region) -> dict[str, dict[str, float]]:
    """What each project adds to each objective when it is the only one that is built, as early as it may be."""
    auditor, goals = Auditor(region), list(region.goals)
    nothing = auditor.values({}, goals)
    found = {}
    for project in region.projects:
        starts = region.starts(project)
        values = auditor.values({project.id: starts[0]}, goals) if starts else nothing
        found[project.id] = {name: float(values[name] - nothing[name]) for name in goals}
    return found


def _towns(region: Region) -> list[dict[str, Any]]:
    lines: dict[str, set[str]] = defaultdict(set)
    for zone in region.zones:
        lines[zone.town].add(zone.kind)
    return [
        {
            "id": town.id,
            "name": town.name or town.id,
            "profile": town.profile,
            "place": None if town.lon is None or town.lat is None else [float(town.lon), float(town.lat)],
            "lines": sorted(lines[town.id]),
        }
        for town in region.towns
    ]


def _limits(region: Region, listing: Listing) -> dict[str, Any]:
    """What each portfolio uses of each budget and limit, and how much there is; portfolios by limits."""
    auditor = Auditor(region)
    uses = [auditor.uses(listing.plan(row)) for row in range(len(listing))]
    names = list(auditor.uses({}))
    return {
        "names": names,
        "used": [[round(float(use[name][0]), 6) for name in names] for use in uses],
        "there": [[round(float(use[name][1]), 6) for name in names] for use in uses],
    }


def _growth_only(region: Region, listing: Listing, beside: Beside) -> dict[str, Any]:
    values = Auditor(region).values(beside.growth_only, [objective.name for objective in listing.objectives])
    return {
        "projects": list(beside.growth_only),
        "values": {name: float(value) for name, value in values.items()},
        "best": {name: float(value) for name, value in beside.best.items()},
    }


def _reports(region: Region, listing: Listing, beside: Beside | None) -> list[dict[str, Any]]:
    """What the mechanisms say of the compromise, as tables and sentences."""
    row = compromise(listing)
    plan = listing.plan(row)
    found = []
    for report in REPORTS:
        if all(getattr(region, table) for table in report.NEEDS):
            parts = report.show(report.table(region, plan, beside))
            found.append(
                {
                    "name": report.NAME,
                    "title": report.TITLE,
                    "portfolio": listing.numbers[row],
                    "words": report.words(region, plan, beside),
                    "tables": [
                        {
                            "caption": caption,
                            "columns": [str(column) for column in frame.columns],
                            "rows": [[_cell(value) for value in line] for line in frame.itertuples(index=False)],
                        }
                        for caption, frame in parts
                    ],
                }
            )
    return found


def _cell(value: object) -> str | float | None:
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, int | float | np.integer | np.floating):
        return None if np.isnan(float(value)) else float(value)
    return str(value)
