"""Parallel coordinates: a line a portfolio, an axis an objective, better is always higher."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from optimizer.exact import decimals, figure
from optimizer.portfolios import Portfolios
from optimizer.report.describe.pictures import drawn, new_figure, readable
from optimizer.report.plots.common import FEW, Drawn, legend_below

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from instances.region import Region

__all__ = ["parallel_coordinates"]

Floats = NDArray[np.float64]
TICKS = 5


@drawn
def parallel_coordinates(portfolios: Portfolios, region: Region | None = None) -> Figure:
    """Each objective on an axis of its own, from its worst listed value (below) to its best (above).

    What is minimised stands upside down, so that higher is always better; each axis says its unit and sense. With many
    portfolios the best of each objective and the compromise are drawn over the rest. Raises ``ValueError`` if there is
    no portfolio.

    >>> from instances import read_region
    >>> from models import formulate
    >>> from optimizer import solve
    >>> axes = parallel_coordinates(solve(formulate(read_region("hamlet")))).axes[0]
    >>> [label.get_text().splitlines()[0] for label in axes.get_xticklabels()]
    ['growth', 'character', 'livability']
    """
    from matplotlib.collections import LineCollection

    data = Drawn.of(portfolios, region)
    heights, count = _heights(data), len(data.objectives)
    drawing, (axes,) = new_figure(data.title("Parallel coordinates"), max(7.6, 1.9 * count), 5.6)
    if len(heights) > FEW:
        places = np.broadcast_to(np.arange(count), heights.shape)
        strength = float(np.clip(40 / len(heights), 0.03, 0.7))
        rest = LineCollection(list(np.dstack([places, heights])), colors="#555555", linewidths=0.7, alpha=strength)
        rest.set_rasterized(True)
        axes.add_collection(rest)
    for mark in data.marks:
        style: dict[str, Any] = {
            "marker": mark.marker,
            "markersize": 7,
            "markerfacecolor": "white",
            "linestyle": mark.dashes,
        }
        axes.plot(heights[mark.row], color="black", linewidth=1.5, label=mark.label, **style)
    _axes(axes, data)
    legend_below(axes)
    return drawing


def _heights(data: Drawn) -> Floats:
    """Each value between the worst listed one (0) and the best (1), ``(k, p)``; 1 where all are the same."""
    good = data.values * data.signs
    span = good.max(axis=0) - good.min(axis=0)
    heights: Floats = np.where(span > 0, (good - good.min(axis=0)) / np.where(span > 0, span, 1.0), 1.0)
    return heights


def _axes(axes: Axes, data: Drawn) -> None:
    """An upright with figures for each objective."""
    titles = []
    for k, objective in enumerate(data.objectives):
        axes.axvline(k, color="black", linewidth=0.8, zorder=1)
        column = data.listing.column(k)
        places = decimals(column)
        best = column[data.listing.best(k)]
        worst = min(column) if objective.sense == "max" else max(column)
        for step in range(TICKS) if best != worst else [TICKS - 1]:
            value = worst + (best - worst) * step / (TICKS - 1)
            axes.annotate(
                figure(value, places),
                (k, step / (TICKS - 1)),
                xytext=(-6, 0),
                textcoords="offset points",
                ha="right",
                va="center",
                fontsize=8,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.85},
                zorder=6,
            )
        better = "more is better" if objective.sense == "max" else "less is better:\nthe axis runs downwards"
        titles.append("\n".join(filter(None, (readable(objective.name), readable(objective.unit), better))))
    axes.set_xticks(range(len(titles)), titles)
    axes.tick_params(axis="x", length=0)
    axes.set_yticks([0, 1], ["worst\nlisted", "best\nlisted"])
    axes.tick_params(axis="y", length=0, pad=38)
    axes.set_xlim(-0.35, len(titles) - 0.85)
    axes.set_ylim(-0.04, 1.04)
    for side in axes.spines.values():
        side.set_visible(False)
