"""Where the projects are: towns on a map, each with its projects around it."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from optimizer.exact import counted
from optimizer.portfolios import Portfolios
from optimizer.report.describe.facts import town_names
from optimizer.report.describe.pictures import LIGHT, drawn, new_figure, readable
from optimizer.report.plots.common import Drawn, legend_below

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from instances.region import Region

__all__ = ["town_map"]

Floats = NDArray[np.float64]
Places = dict[str, tuple[float, float]]
GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))
"""Points turned by it from one to the next, as seeds of a sunflower, keep their distance."""
WIDTH, HIGHEST = 8.4, 7.0
LABEL = 0.16
PITCH = 0.15
"""Inches: of the picture, of a line of text, between projects of a town."""
KM = 111.2
"""Kilometres in a degree of latitude."""


@drawn
def town_map(portfolios: Portfolios, region: Region | None = None) -> Figure:
    """Towns with their projects: squares are in all portfolios, circles in some (darker: in more), crosses in none.

    A project with a site of its own (columns ``x`` and ``y``) stands there, others around their town. Towns without
    coordinates stand in a circle, and the map says so; lines are roads from town to town. Raises ``ValueError`` if
    there is no portfolio, no region, or no project with a place.

    >>> from instances import read_region
    >>> from models import formulate
    >>> from optimizer import solve
    >>> region = read_region("hamlet")
    >>> [text.get_text() for text in town_map(solve(formulate(region)), region).axes[0].texts][:1]
    ['Hamlet']
    """
    data = Drawn.of(portfolios, region)
    if data.region is None:
        raise ValueError("the map needs the region; give it with region=")
    towns, known = _towns(data.region)
    sites = {p.id: (float(p.x), float(p.y)) for p in data.region.projects if p.x is not None and p.y is not None}
    sites = sites if known or not towns else {}
    around: dict[str, list[str]] = defaultdict(list)
    for project in data.region.projects:
        if project.id not in sites and project.town in towns:
            around[project.town].append(project.id)
    if not sites and not around:
        raise ValueError("no project has a place: neither a town of the table towns nor x and y")
    return _map(data, data.region, towns, known, sites, around)


def _map(
    data: Drawn, region: Region, towns: Places, known: bool, sites: Places, around: dict[str, list[str]]
) -> Figure:
    ends = np.array([*towns.values(), *sites.values()])
    stretch = 1 / math.cos(math.radians(float(ends[:, 1].mean()))) if known or sites else 1.0
    radii = {town: PITCH * 0.62 * math.sqrt(len(around.get(town, ())) + 0.5) + 0.09 for town in towns}
    room = 2 * max([0.2, *radii.values()]) + 0.5
    span = (ends.max(axis=0) - ends.min(axis=0)) / [stretch, 1]
    inch = max(span[0] / (WIDTH - room - 0.6), span[1] / HIGHEST) or 1.0  # degrees of latitude
    height = max(float(span[1]) / inch + room, 2.4)
    middle = (ends.max(axis=0) + ends.min(axis=0)) / 2
    unit = np.array([inch * stretch, inch])
    figure, (axes,) = new_figure(data.title("Towns and projects"), WIDTH, height + 1.5)
    axes.set_xlim(middle[0] + np.array([-0.5, 0.5]) * (WIDTH - 0.6) * unit[0])
    axes.set_ylim(middle[1] + np.array([-0.5, 0.5]) * height * unit[1])
    axes.set_aspect(stretch)
    shown = _apart({town: np.array(place) / unit for town, place in towns.items()}, radii)
    discs = {town: (float(place[0] * unit[0]), float(place[1] * unit[1])) for town, place in shown.items()}
    _roads(axes, region, discs)
    _draw_towns(axes, region, towns, discs, {town: radius * inch for town, radius in radii.items()})
    for town, projects in around.items():
        for i, project in enumerate(projects):
            out, turn = PITCH * 0.62 * math.sqrt(i + 0.5), i * GOLDEN_ANGLE
            sites[project] = (
                discs[town][0] + out * math.cos(turn) * unit[0],
                discs[town][1] + out * math.sin(turn) * unit[1],
            )
    _draw_projects(axes, data, sites)
    _frame(axes, known, len(region.projects) - len(sites), unit)
    legend_below(axes, columns=3)
    return figure


def _apart(centres: dict[str, Floats], radii: dict[str, float]) -> dict[str, Floats]:
    """Discs moved until none hides another one, as little as that needs; ``LABEL`` inches are left for their names."""
    names = list(centres)
    places = np.array([centres[name] for name in names], dtype=np.float64).reshape(-1, 2)
    for _ in range(200):
        still = True
        for i in range(len(names)):
            for j in range(i):
                way = places[i] - places[j]
                far = float(np.hypot(*way))
                lack = radii[names[i]] + radii[names[j]] + LABEL - far
                if lack > 1e-6:
                    still = False
                    push = way / far if far > 1e-9 else np.array([1.0, 0.0])
                    places[i] += 0.5 * lack * push
                    places[j] -= 0.5 * lack * push
        if still:
            break
    return dict(zip(names, places, strict=True))


def _towns(region: Region) -> tuple[Places, bool]:
    """Where the towns stand, and whether that is where they are."""
    known = {t.id: (float(t.lon), float(t.lat)) for t in region.towns if t.lon is not None and t.lat is not None}
    if len(known) == len(region.towns):
        return known, True
    count = len(region.towns)
    if count == 1:
        return {region.towns[0].id: (0.0, 0.0)}, False
    turns = [2 * math.pi * i / count for i in range(count)]
    return {t.id: (math.sin(a), math.cos(a)) for t, a in zip(region.towns, turns, strict=True)}, False


def _roads(axes: Axes, region: Region, towns: Places) -> None:
    home = {node.id: node.town for node in region.nodes}
    pairs = {(home[link.start], home[link.end]): bool(link.project) for link in region.links}
    for (a, b), built in pairs.items():
        if a != b and a in towns and b in towns:
            xs, ys = zip(towns[a], towns[b], strict=True)
            word = "road that a project builds" if built else "road"
            label = "_" if word in [line.get_label() for line in axes.get_lines()] else word
            axes.plot(xs, ys, color="#999999", linewidth=1, linestyle="--" if built else "-", zorder=1, label=label)


def _draw_towns(axes: Axes, region: Region, towns: Places, discs: Places, radii: dict[str, float]) -> None:
    """A disc as wide as its projects need, the name above it; a line to the town where the disc had to make room."""
    from matplotlib.patches import Ellipse
    from matplotlib.patheffects import withStroke

    stretch = float(axes.get_aspect())
    for town, name in town_names(region).items():
        (x, y), radius = discs[town], radii[town]
        if math.dist(towns[town], discs[town]) > radius:
            axes.plot(*zip(towns[town], discs[town], strict=True), color="black", linewidth=0.8, zorder=1.4)
            axes.scatter(*towns[town], s=9, c="black", zorder=2)
        axes.add_patch(Ellipse((x, y), 2 * radius * stretch, 2 * radius, facecolor=LIGHT, edgecolor="none", zorder=1.5))
        axes.annotate(
            readable(name, town),
            (x, y + radius),
            xytext=(0, 1),
            textcoords="offset points",
            ha="center",
            va="bottom",
            fontsize=9,
            path_effects=[withStroke(linewidth=2.5, foreground="white")],
            zorder=2,
        )


def _draw_projects(axes: Axes, data: Drawn, sites: Places) -> None:
    share = dict(zip(data.listing.projects, data.shares, strict=True))
    chosen: dict[str, tuple[list[str], dict[str, Any]]] = {
        "in all": ([p for p in sites if share[p] == 1], {"marker": "s", "edgecolors": "black", "linewidths": 0.8}),
        "in some": ([p for p in sites if 0 < share[p] < 1], {"marker": "o", "edgecolors": "black", "linewidths": 0.8}),
        "in none": ([p for p in sites if share[p] == 0], {"marker": "x", "linewidths": 0.9}),
    }
    for word, (projects, style) in chosen.items():
        if projects:
            xs, ys = np.array([sites[p] for p in projects]).T
            shade = [1.0 if word == "in none" else share[p] for p in projects]
            label = f"{word} of the portfolios ({len(projects)})" + (
                ", the darker the more" if word == "in some" else ""
            )
            axes.scatter(xs, ys, s=44, c=shade, cmap="Greys", vmin=0, vmax=1.1, label=label, zorder=3, **style)


def _frame(axes: Axes, known: bool, missing: int, unit: Floats) -> None:
    """Ticks and a bar of kilometres, or the word that there are no coordinates; how many projects have no place."""
    notes = []
    if known:
        axes.set_xlabel("degrees east")
        axes.set_ylabel("degrees north")
        span = 2 * float(unit[1]) * KM
        km = next(step for step in (10.0 ** math.floor(math.log10(span)) * np.array([5, 2, 1])) if step <= span)
        x, y = axes.get_xlim()[0] + 0.25 * unit[0], axes.get_ylim()[0] + 0.2 * unit[1]
        axes.plot([x, x + km / KM * unit[0] / unit[1]], [y, y], color="black", linewidth=2.5, solid_capstyle="butt")
        axes.annotate(f"{km:g} km", (x, y), xytext=(0, 4), textcoords="offset points", fontsize=8)
    else:
        axes.set_xticks([])
        axes.set_yticks([])
        notes.append("The towns have no coordinates; where they stand here means nothing.")
    if missing:
        notes.append(f"{counted(missing, 'project')} without a place not shown.")
    if notes:
        axes.set_title(" ".join(notes), loc="left", fontsize=8)
    for side in axes.spines.values():
        side.set_color("#bbbbbb")
