"""Every pair of objectives at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from optimizer.portfolios import Portfolios
from optimizer.report.describe.pictures import DARK, MIDDLE, drawn
from optimizer.report.plots.common import Drawn, axis_label, few_ticks, legend_below

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from instances.region import Region

__all__ = ["scatter_matrix"]


@drawn
def scatter_matrix(portfolios: Portfolios, region: Region | None = None) -> Figure:
    """Below the diagonal a cloud for each pair of objectives, on it how often each value occurs.

    Marked are the best of each objective and the compromise; with a few portfolios, all of them. Raises ``ValueError``
    if there is no portfolio.

    >>> from instances import read_region
    >>> from models import formulate
    >>> from optimizer import solve
    >>> figure = scatter_matrix(solve(formulate(read_region("hamlet"))))
    >>> len(figure.axes)  # three objectives: three histograms and three pairs
    6
    """
    from matplotlib.figure import Figure

    data = Drawn.of(portfolios, region)
    count = len(data.objectives)
    side = max(2.0, 7.6 / count)
    figure = Figure(figsize=(side * count + 0.8, side * count + 1.0), layout="constrained")
    figure.suptitle(data.title("Every pair of objectives"), x=0.01, ha="left", fontweight="bold")
    grid = figure.subplots(count, count, sharex="col", squeeze=False)
    for i in range(count):
        for j in range(count):
            axes = grid[i, j]
            if j > i:
                axes.remove()
                continue
            if i == j:
                _histogram(axes, data, i)
            else:
                _cloud(axes, data, j, i)
            few_ticks(axes, 3, "x")
            few_ticks(axes, 4, "y", whole=i == j)
            if i == count - 1:
                axes.set_xlabel(axis_label(data.objectives[j], ",\n").replace(" (", "\n("))
            if j == 0 and i:
                axes.set_ylabel(axis_label(data.objectives[i], ",\n").replace(" (", "\n("))
    legend_below(grid[count - 1, 0], columns=2)
    figure.align_ylabels()
    return figure


def _histogram(axes: Axes, data: Drawn, k: int) -> None:
    bins = int(np.clip(np.sqrt(len(data.listing)), 5, 40))
    axes.hist(data.values[:, k], bins=bins, color=MIDDLE, edgecolor="white", linewidth=0.5)
    axes.yaxis.tick_right()
    axes.set_ylabel("portfolios", fontsize=8)
    axes.yaxis.set_label_position("right")
    for side in ("top", "left"):
        axes.spines[side].set_visible(False)


def _cloud(axes: Axes, data: Drawn, x: int, y: int) -> None:
    xs, ys = data.values[:, x], data.values[:, y]
    many = len(xs) > 300
    axes.scatter(
        xs, ys, s=float(np.clip(1500 / len(xs), 3, 20)), c=DARK, alpha=0.25 if many else 0.8, linewidths=0, zorder=2
    )
    for mark in data.marks:
        style: dict[str, Any] = {"marker": mark.marker, "c": "white", "edgecolors": "black", "linewidths": 1.0}
        axes.scatter(xs[mark.row], ys[mark.row], s=45, zorder=3, label=mark.label, **style)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
