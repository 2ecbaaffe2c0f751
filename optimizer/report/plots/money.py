"""How much of each budget and limit the portfolios use up."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from optimizer.frame import portfolio_frame
from optimizer.portfolios import Portfolios
from optimizer.report.describe.pictures import DARK, MIDDLE, drawn, new_figure, plain_axes, readable
from optimizer.report.plots.common import FEW, Drawn, legend_below

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from instances.region import Region

__all__ = ["budget_use"]

Floats = NDArray[np.float64]
BUDGET = re.compile(r"budget (.*), period (\d+)")
SHOWN = 30
"""Limits other than budgets: those of which some portfolio uses most."""
LOWEST, EDGE = -0.6, 0.03
"""Left end of an axis, and what is left free beside it. More that is given back is told by a sign at the end, so that
what is used keeps its width."""


@drawn
def budget_use(portfolios: Portfolios, region: Region | None = None) -> Figure:
    """What share of each budget, fund by fund and period by period, is spent; beside it the other limits.

    Few portfolios are drawn one by one, many as a bar from the least to the most, the middle half of them dark and the
    median white. Shares are those of :meth:`optimizer.verify.Auditor.uses`; below 0 more is given back than taken.
    Limits that no portfolio touches are left out, and those where there is nothing to use. Raises ``ValueError`` if
    there is no portfolio, no region, or nothing that is used.

    >>> from instances import read_region
    >>> from models import formulate
    >>> from optimizer import solve
    >>> region = read_region("hamlet")
    >>> budgets = budget_use(solve(formulate(region)), region).axes[0]
    >>> [label.get_text() for label in budgets.get_yticklabels()]
    ['county', 'culture']
    """
    data = Drawn.of(portfolios, region)
    if data.region is None:
        raise ValueError("the use of budgets needs the region; give it with region=")
    budgets, limits = _used(data, data.region)
    panels = [(title, found) for title, found in (("Budgets", budgets), ("Other limits", limits)) if found]
    if not panels:
        raise ValueError("these portfolios use nothing of any budget or limit")
    rows = max(len(found) for _, found in panels)
    title = data.title("What is used of budgets and limits")
    figure, axes = new_figure(title, max(4.9 * len(panels) + 1.5, 7.6), 1.9 + 0.24 * rows, len(panels))
    for panel, (heading, found) in zip(axes, panels, strict=True):
        _panel(panel, data, found)
        panel.set_title(heading, loc="left")
        panel.set_ylim(rows - 0.4, -0.6)
    handles = {label: one for panel in axes for one, label in zip(*panel.get_legend_handles_labels(), strict=True)}
    legend_below(axes[0], list(handles.values()), columns=4 if len(data.listing) > FEW else 2)
    return figure


def _used(data: Drawn, region: Region) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """Shares by label: of the budgets, and of the other limits that are used up most; ``(k,)`` each."""
    frame = portfolio_frame(data.listing, region)
    budgets: dict[str, Floats] = {}
    limits: dict[str, Floats] = {}
    for group, name in map(tuple, frame.columns):
        shares = frame[group, name].to_numpy(dtype=np.float64) if group == "use" else np.zeros(1)
        known = shares[~np.isnan(shares)]
        if len(known) and known.any():
            if found := BUDGET.fullmatch(name):
                budgets[_pot(region, found[1], int(found[2]))] = shares
            else:
                limits[readable(name.replace("_", " "))] = shares
    most = sorted(limits, key=lambda name: -float(np.nanmax(limits[name])))[:SHOWN]
    return budgets, {name: limits[name] for name in limits if name in most}


def _pot(region: Region, fund: str, period: int) -> str:
    when = f" {region.settings.first_period + period - 1}" if region.periods > 1 else ""
    return readable(fund) + when


def _panel(axes: Axes, data: Drawn, found: Mapping[str, Floats]) -> None:
    if len(data.listing) <= FEW:
        _one_by_one(axes, data, found)
    else:
        _bars(axes, found)
    least = [float(np.nanmin(shares)) for shares in found.values()]
    low = max(1.15 * min(0.0, *least), LOWEST)
    left = low - EDGE
    axes.set_xlim(left, 1 + 2 * EDGE)
    beyond = [row for row, share in enumerate(least) if share < low]
    if beyond:
        label = f"goes on below {100 * LOWEST:.0f} %"
        axes.scatter(
            np.full(len(beyond), left), beyond, s=40, marker="<", c="black", clip_on=False, label=label, zorder=5
        )
    axes.axvline(1, color="black", linewidth=0.8)
    if low < 0:
        axes.axvline(0, color="black", linewidth=0.5)
    axes.set_yticks(range(len(found)), list(found), fontsize=8)
    axes.xaxis.set_major_formatter(lambda share, _: f"{100 * share:.0f} %")
    axes.set_xlabel("used, of what there is")
    plain_axes(axes)


def _one_by_one(axes: Axes, data: Drawn, found: Mapping[str, Floats]) -> None:
    for place, mark in enumerate(data.marks):
        shift = 0.5 * (place / max(len(data.marks) - 1, 1) - 0.5)
        axes.scatter(
            [shares[mark.row] for shares in found.values()],
            np.arange(len(found)) + shift,
            s=26,
            marker=mark.marker,
            c="white",
            edgecolors="black",
            linewidths=0.9,
            label=mark.label,
            zorder=3,
        )


def _bars(axes: Axes, found: Mapping[str, Floats]) -> None:
    low, q1, middle, q3, high = np.array([np.nanquantile(s, [0, 0.25, 0.5, 0.75, 1]) for s in found.values()]).T
    rows = np.arange(len(found))
    thin = 0.004  # so that a bar without length is still seen
    axes.barh(rows, high - low + thin, left=low - thin / 2, height=0.5, color=MIDDLE, label="least to most", zorder=2)
    axes.barh(rows, q3 - q1 + thin, left=q1 - thin / 2, height=0.5, color=DARK, label="middle half", zorder=3)
    axes.scatter(
        middle, rows, s=22, marker="D", c="white", edgecolors="black", linewidths=0.9, label="median", zorder=4
    )
