"""Which portfolio contains which project: projects sorted by their core index."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from optimizer.exact import percent
from optimizer.portfolios import Portfolios
from optimizer.report.describe.facts import names
from optimizer.report.describe.pictures import DARK, drawn, readable
from optimizer.report.plots.common import Drawn, legend_below

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from instances.region import Region

__all__ = ["binned", "heat_map"]

Floats = NDArray[np.float64]
COLUMNS = 300
"""Portfolios are drawn one by one up to so many; beyond, each column is the mean of several."""
MOST = 1.12  # black is kept for lines
NAMED = 140
"""Projects are named up to so many."""
LONGEST = 48


@drawn
def heat_map(portfolios: Portfolios, region: Region | None = None) -> Figure:
    """Projects by portfolios: dark where a project is chosen, and the core index of each project beside it.

    The core index is the share of the listed portfolios that contain the project; rows are sorted by it, from what is
    in all portfolios to what is in none. Columns stand in the order of the list, which is that of the first objective.
    With more than one period, the later a start the lighter the cell. With many portfolios, a column shows the share in
    several. Raises ``ValueError`` if there is no portfolio.

    >>> from instances import read_region
    >>> from models import formulate
    >>> from optimizer import solve
    >>> region = read_region("hamlet")
    >>> figure = heat_map(solve(formulate(region)), region)
    >>> figure.axes[0].get_xlabel()
    'portfolios, from most to least growth'
    """
    from matplotlib.figure import Figure

    data = Drawn.of(portfolios, region)
    order = np.argsort(-data.shares, kind="stable")
    cells = binned(_cells(data)[:, order].T, COLUMNS)
    rows = len(order)
    height = float(np.clip(0.17 * rows, 1.6, 24))
    figure = Figure(figsize=(9.6, height + 1.7), layout="constrained")
    figure.suptitle(data.title("What is in which portfolio"), x=0.01, ha="left", fontweight="bold")
    wide, narrow = figure.subplots(1, 2, sharey=True, width_ratios=[5, 1])
    wide.imshow(cells, cmap="Greys", vmin=0, vmax=MOST, aspect="auto", interpolation="nearest")
    _labels(wide, data, order, cells.shape[1])
    _core_index(narrow, data, order)
    _starts_legend(wide, data)
    return figure


def binned(cells: Floats, most: int) -> Floats:
    """``cells`` ``(rows, columns)`` with at most ``most`` columns, each the mean of several.

    >>> binned(np.array([[1.0, 0.0, 1.0, 1.0]]), 2).tolist()
    [[0.5, 1.0]]
    """
    if cells.shape[1] <= most:
        return cells
    return np.column_stack([part.mean(axis=1) for part in np.array_split(cells, most, axis=1)])


def _cells(data: Drawn) -> Floats:
    """1 where a project starts in the first period, 0 where it is not chosen; ``(portfolios, projects)``."""
    starts = data.listing.starts
    shade = np.ones_like(starts, dtype=np.float64) if len(starts) > COLUMNS else _shade(starts, int(starts.max()))
    return np.where(starts > 0, shade, 0.0)


def _shade(starts: NDArray[np.int64], last: int) -> Floats:
    shade: Floats = 1.0 - 0.75 * (starts - 1) / max(last - 1, 1)
    return shade


def _starts_legend(axes: Axes, data: Drawn) -> None:
    """What shade a start in each period has."""
    from matplotlib import colormaps
    from matplotlib.patches import Patch

    last = int(data.listing.starts.max())
    if last <= 1 or len(data.listing) > COLUMNS or data.region is None:
        return
    periods = np.arange(1, last + 1)
    shades = colormaps["Greys"](_shade(periods, last) / MOST)
    first = data.region.settings.first_period
    handles = [
        Patch(facecolor=tuple(shade), edgecolor="#999999", label=f"starts in {first + period - 1}")
        for period, shade in zip(periods, shades, strict=True)
    ]
    legend_below(axes, handles, columns=8)


def _labels(axes: Axes, data: Drawn, order: NDArray[np.intp], columns: int) -> None:
    titles = names(data.region, "projects") if data.region else {}
    if len(order) <= NAMED:
        projects = [data.listing.projects[column] for column in order]
        often = Counter(titles.values())
        said = [_short(titles.get(p, p), p) + (f" ({p})" if often[titles.get(p, p)] > 1 else "") for p in projects]
        axes.set_yticks(range(len(order)), said, fontsize=8)
    else:
        axes.set_yticks([])
        axes.set_ylabel(f"{len(order):,} projects")
    first = data.objectives[0]
    most = ("most", "least") if first.sense == "max" else ("least", "most")
    mean = "" if columns == len(data.listing) else f"; each column is the share in about {len(data.listing) // columns}"
    axes.set_xlabel(f"portfolios, from {most[0]} to {most[1]} {readable(first.name)}{mean}")
    if len(data.listing) <= 40:
        axes.set_xticks(range(columns), [str(number) for number in data.listing.numbers], fontsize=8)
    else:
        axes.set_xticks([])
    axes.tick_params(length=0)
    if columns <= 60:
        axes.set_xticks(np.arange(columns + 1) - 0.5, minor=True)
        axes.set_yticks(np.arange(len(order) + 1) - 0.5, minor=True)
        axes.grid(which="minor", color="#cccccc", linewidth=0.5)
        axes.tick_params(which="minor", length=0)
    for side in axes.spines.values():
        side.set_color("#999999")


def _core_index(axes: Axes, data: Drawn, order: NDArray[np.intp]) -> None:
    shares = data.shares[order]
    axes.barh(range(len(order)), shares, color=DARK, height=0.7)
    counts = (data.listing.starts > 0).sum(axis=0)[order]
    if len(order) <= NAMED:
        for row, (share, count) in enumerate(zip(shares, counts, strict=True)):
            axes.text(share + 0.03, row, percent(Fraction(int(count), len(data.listing))), va="center", fontsize=7)
    axes.set_xlim(0, 1.35)
    axes.set_xticks([])
    axes.set_xlabel("core index")
    for row in (int((counts == len(data.listing)).sum()), int((counts > 0).sum())):
        for panel in axes.figure.axes:
            panel.axhline(row - 0.5, color="black", linewidth=0.9, linestyle=(0, (4, 2)))
    axes.tick_params(length=0)
    for side in ("top", "right", "bottom"):
        axes.spines[side].set_visible(False)


def _short(name: str, otherwise: str) -> str:
    text = readable(name, otherwise)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
