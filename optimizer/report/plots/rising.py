"""What a rising figure is worth: the best value of each objective at each step, and with a list that only grows."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from optimizer.report.describe.pictures import DARK, MIDDLE, drawn, new_figure, plain_axes, readable

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from optimizer.decide.sweep import Sweep

__all__ = ["rising"]

MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<", ">")
SHOWN = 40
"""Values of the first figure of a grid that get a line of their own."""


@drawn
def rising(found: Sweep) -> Figure:
    """A panel an objective: its best value at each step, over the last figure; a line for each value of the first.

    The best sequence in which a project stays in is drawn dashed below it, where one was found; what is not proved is
    told apart by a bar up to the bound. Raises ``ValueError`` if there is no portfolio.
    """
    if not any(step.shares for step in found.steps):
        raise ValueError("no step has a portfolio to draw")
    objectives = found.objectives
    title = f"{readable(found.region.settings.title or found.region.name)}: {found.axes[-1].figure}"
    figure, axes = new_figure(title, max(4.2 * len(objectives), 7.6), 4.6, len(objectives))
    for k, panel in enumerate(axes):
        _panel(panel, found, k)
    return figure


def _panel(panel: Axes, found: Sweep, k: int) -> None:
    objective = found.objectives[k]
    first = dict.fromkeys(step.setting[:-1] for step in found.steps)
    for marker, outer in zip(MARKERS * SHOWN, list(first)[:SHOWN], strict=False):
        steps = [step for step in found.steps if step.setting[:-1] == outer]
        points = [(float(step.setting[-1]), best) for step in steps if (best := step.best(k)) is not None]
        label = f"{found.axes[0].figure.column} {outer[0]}" if outer else "each step by itself"
        heights = [float(best.value) for _, best in points]
        panel.plot([x for x, _ in points], heights, color=DARK, marker=marker, markerfacecolor="white", label=label)
        for x, best in points:
            if best.bound is not None and best.bound != float(best.value):
                panel.plot([x, x], [float(best.value), best.bound], color=MIDDLE, linewidth=3, alpha=0.6)
    if len(found.axes) == 1:
        sign = 1 if objective.sense == "max" else -1
        for stable in found.stable:
            if dict(stable.weights) == {objective.name: Fraction(1)}:
                places = [float(setting[-1]) for setting in found.reached]
                values = [sign * float(value) for value in stable.values]
                panel.plot(places, values, color=MIDDLE, linestyle="--", marker="x", label="a list that only grows")
    plain_axes(panel)
    panel.set_xlabel(str(found.axes[-1].figure))
    unit = f" ({objective.unit})" if objective.unit else ""
    better = "more" if objective.sense == "max" else "less"
    panel.set_ylabel(readable(f"best {objective.name}{unit}, {better} is better", objective.name))
    panel.legend(frameon=False, fontsize=8)
