"""Cost plots: seconds against the size of a town, and against ε, on logarithmic axes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.cost import LEVELS, Cost
from optimizer.report.describe.pictures import DARK, drawn, new_figure, plain_axes, save

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["PICTURES", "against_epsilon", "against_size", "write"]

PICTURES = Path(__file__).with_name("pictures")
"""Where the page of this folder shows them from."""
MARKERS = ("o", "s", "^", "D", "v", "P")
SHADES = ("#9db7d0", "#7f9fbf", "#5f83aa", "#426791", "#2b4d77", DARK)
"""From light to dark."""


def write(found: Sequence[Cost], folder: Path = PICTURES) -> list[Path]:
    """Both plots as PNG."""
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / "cost-size.png", folder / "cost-epsilon.png"]
    for figure, file in zip((against_size(found), against_epsilon(found)), files, strict=True):
        save(figure, file)
    return files


@drawn
def against_size(found: Sequence[Cost]) -> Figure:
    """Seconds over projects, a line for each ε."""
    figure, (axes,) = new_figure("Processor seconds until ε is proved, against projects", 6.4, 4.2)
    for level, marker, shade in zip(LEVELS, MARKERS, SHADES, strict=True):
        steps = [(one.projects, one.reached[level].seconds) for one in found if level in one.reached]
        _line(axes, steps, marker, shade, f"{100 * level:g} %")
    _ticks(axes, [one.projects for one in found], ",.0f")
    axes.set_xlabel("projects")
    _finish(figure, axes, "ε")
    return figure


@drawn
def against_epsilon(found: Sequence[Cost]) -> Figure:
    """Seconds over ε, which falls to the right; a line for each size."""
    figure, (axes,) = new_figure("Processor seconds against the ε that is proved", 6.4, 4.2)
    shades = SHADES[len(SHADES) - len(found) :] if len(found) <= len(SHADES) else (DARK,) * len(found)
    for one, marker, shade in zip(found, MARKERS * len(found), shades, strict=False):
        steps = [(100 * level, one.reached[level].seconds) for level in LEVELS if level in one.reached]
        _line(axes, steps, marker, shade, f"{one.projects:,}")
    _ticks(axes, [100 * level for level in LEVELS], "g")
    axes.invert_xaxis()
    axes.set_xlabel("ε, % of the ranges (less is better)")
    _finish(figure, axes, "projects")
    return figure


def _line(axes: Axes, steps: Sequence[tuple[float, float]], marker: str, shade: str, label: str) -> None:
    if steps:
        at, seconds = zip(*steps, strict=True)
        axes.plot(at, seconds, color=shade, marker=marker, markerfacecolor="white", label=label)


def _ticks(axes: Axes, at: Sequence[float], form: str) -> None:
    axes.set_xscale("log")
    axes.set_xticks(at, [format(value, form) for value in at])
    axes.set_xticks([], minor=True)


def _finish(figure: Figure, axes: Axes, title: str) -> None:
    from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

    axes.set_yscale("log")
    axes.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.set_ylabel("processor seconds")
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    plain_axes(axes)
    axes.grid(axis="y", color="#e3e3e3", linewidth=0.6)
    figure.legend(loc="outside right center", title=title, frameon=False)
