"""The front on two axes, with what it attains: no listed portfolio lies beyond the stairs."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from optimizer.certificate import Status, percent_at_most
from optimizer.portfolios import Portfolios
from optimizer.report.describe.pictures import DARK, drawn, new_figure
from optimizer.report.plots.common import FEW, Drawn, axis_label, few_ticks, legend_below, place_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from instances.region import Region

__all__ = ["front", "stairs"]

Floats = NDArray[np.float64]
NUMBERED = 40
"""Portfolios bear their numbers up to so many."""
ROOM = 0.06
"""Room around the points, as a share of their span."""


@drawn
def front(portfolios: Portfolios, x: str = "", y: str = "", region: Region | None = None) -> Figure:
    """Portfolios on the objectives ``x`` and ``y`` (the first two if not named), with the area that they attain.

    What lies in the shaded area is matched or beaten by a listed portfolio in these two objectives. With further
    objectives, the portfolios behind the stairs are good at those; with three, the shade of a point tells its third. A
    dashed line shows what a guarantee leaves open: no portfolio, listed or not, lies beyond it. ``region`` adds the
    adopted plan. Raises ``ValueError`` if there is no portfolio, or no such objective.

    >>> from instances import read_region
    >>> from models import formulate
    >>> from optimizer import solve
    >>> found = solve(formulate(read_region("hamlet")))
    >>> front(found, "livability", "character").axes[0].get_xlabel()
    'livability, points (more is better)'
    """
    data = Drawn.of(portfolios, region)
    names = [objective.name for objective in data.objectives]
    first = x or next(name for name in names if name != y)
    pair = [place_of(data, first), place_of(data, y or next(name for name in names if name != first))]
    others = [k for k in range(len(names)) if k not in pair]
    points, signs = data.values[:, pair], data.signs[pair]
    open_, adopted = _open(data, pair), _adopted(data, pair)
    figure, (axes,) = new_figure(data.title("The front"), 7.6, 5.8)
    ideal = (points * signs).max(axis=0, keepdims=True) * signs
    _limits(axes, [points, ideal + open_ * signs, adopted])
    line = _line(axes, stairs(points, signs), signs)
    corner = (line[-1, 0], line[0, 1])
    axes.fill(*np.vstack([line, corner]).T, facecolor="#eef1f4", edgecolor="none", label="attained", zorder=0)
    axes.plot(*line.T, color=DARK, linewidth=1.1, label="the best of the list", zorder=2)
    if open_.any():
        beyond = _line(axes, stairs(points, signs) + signs * open_, signs)
        said = f"nothing lies beyond this: proved ({percent_at_most(data.listing.certificate.epsilon or 0)})"
        axes.plot(*beyond.T, color="black", linewidth=1, linestyle=(0, (5, 3)), label=said, zorder=2)
    _points(axes, data, pair, others[0] if len(others) == 1 else None)
    if len(adopted):
        axes.scatter(
            adopted[:, 0],
            adopted[:, 1],
            s=110,
            marker="X",
            c="white",
            edgecolors="black",
            zorder=5,
            label="the adopted plan",
        )
    axes.set_xlabel(axis_label(data.objectives[pair[0]]))
    axes.set_ylabel(axis_label(data.objectives[pair[1]]))
    few_ticks(axes, 6)
    legend_below(axes)
    return figure


def stairs(points: Floats, signs: Floats) -> Floats:
    """The points of ``points`` ``(k, 2)`` that no other one beats, from the best first value on, ``(m, 2)``.

    >>> stairs(np.array([[1.0, 5.0], [3.0, 3.0], [2.0, 2.0], [4.0, 1.0]]), np.ones(2)).tolist()
    [[4.0, 1.0], [3.0, 3.0], [1.0, 5.0]]
    """
    good = points * signs
    order = np.lexsort((-good[:, 1], -good[:, 0]))
    best = np.maximum.accumulate(good[order, 1])
    kept: Floats = points[order][np.concatenate([[True], best[1:] > best[:-1]])]
    return kept


def _line(axes: Axes, corners: Floats, signs: Floats) -> Floats:
    """The stairs as a line from one edge of the axes to the other, ``(n, 2)``."""
    edges = np.array([axes.get_xlim(), axes.get_ylim()])
    worst = np.where(signs > 0, edges[:, 0], edges[:, 1])
    line = [(corners[0, 0], worst[1]), tuple(corners[0])]
    for before, corner in pairwise(corners):
        line += [(corner[0], before[1]), tuple(corner)]
    return np.array([*line, (worst[0], corners[-1, 1])])


def _limits(axes: Axes, shown: list[Floats]) -> None:
    ends = np.vstack(shown)
    low, high = ends.min(axis=0), ends.max(axis=0)
    room = ROOM * np.where(high > low, high - low, np.maximum(1.0, np.abs(high)))
    axes.set_xlim(low[0] - room[0], high[0] + room[0])
    axes.set_ylim(low[1] - room[1], high[1] + room[1])


def _open(data: Drawn, pair: list[int]) -> Floats:
    """How much better a portfolio that is not listed can be, at most, by a guarantee; 0 without one, ``(2,)``."""
    proof = data.listing.certificate
    if proof.status is not Status.GUARANTEE or proof.epsilon is None or proof.epsilon_in_units is None:
        return np.zeros(2)
    return np.array([proof.epsilon_in_units[data.objectives[k].name] for k in pair])


def _adopted(data: Drawn, pair: list[int]) -> Floats:
    """The adopted plan's values, ``(1, 2)``; ``(0, 2)`` if there is none."""
    plan = {p.id: p.adopted for p in data.region.projects if p.adopted} if data.region else {}
    names = [data.objectives[k].name for k in pair]
    if not data.region or not plan or not set(names) <= set(data.region.goals):
        return np.zeros((0, 2))
    from optimizer.verify import Auditor

    values = Auditor(data.region).values(plan, names)
    return np.array([[float(values[name]) for name in names]])


def _points(axes: Axes, data: Drawn, pair: list[int], third: int | None) -> None:
    from matplotlib.patheffects import withStroke

    xs, ys = data.values[:, pair].T
    size = float(np.clip(3000 / len(xs), 5, 45))
    if third is None:
        axes.scatter(xs, ys, s=size, c=DARK, linewidths=0, zorder=3, label="a portfolio")
    else:
        worth = data.values[:, third]
        order = np.argsort(worth * data.signs[third], kind="stable")
        shades = axes.scatter(
            xs[order],
            ys[order],
            s=size,
            c=worth[order],
            cmap="Greys" if data.signs[third] > 0 else "Greys_r",
            edgecolors="black",
            linewidths=0.6 if len(xs) < 500 else 0.1,
            zorder=3,
        )
        bar = axes.figure.colorbar(shades, ax=axes, pad=0.02, aspect=35)
        few_ticks(bar.ax, 7, "y")
        bar.set_label(axis_label(data.objectives[third]))
    if len(data.listing) <= NUMBERED:
        for number, place in zip(data.listing.numbers, zip(xs, ys, strict=True), strict=True):
            axes.annotate(str(number), place, xytext=(6, 4), textcoords="offset points", fontsize=7)
    if len(data.listing) <= FEW:
        return
    for mark in data.marks:
        style: dict[str, Any] = {"marker": mark.marker, "facecolors": "none", "edgecolors": "black", "linewidths": 1.4}
        ring = axes.scatter(xs[mark.row], ys[mark.row], s=130, zorder=4, label=mark.label, **style)
        ring.set_path_effects([withStroke(linewidth=3.4, foreground="white")])
