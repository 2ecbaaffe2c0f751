"""The growth-only plan: what one who looks at growth alone would build, and what it gives up.

    "It is obviously unreasonable to take economic development as the only indicator to measure the small towns'
    development levels." (S1, abstract) "We should avoid the one-sided pursuit of scale construction and neglect the
    construction and protection of the characteristics of small towns." (S2 §6(1))

Regret of a plan in an objective: ``|best - value|`` in its own unit, and as a share of the range from the best to the
worst known value. Values are re-added from the raw tables.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pandas as pd

from instances.region import Region
from optimizer.decide.beside import Beside, Plan, growth_goal
from optimizer.exact import exact_text
from optimizer.report.describe.pictures import DARK, LIGHT, drawn, new_figure, plain_axes, readable
from optimizer.verify import Auditor

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NAME = "growth_only"
TITLE = "Growth alone: what it gives up"
NEEDS = ()


def table(region: Region, plan: Plan, beside: Beside | None = None) -> pd.DataFrame:
    """One row an objective, ``(objectives, 8)``; without ``beside`` only ``objective``, ``unit`` and ``plan``.

    ``best``, ``worst``: known values. ``plan``, ``growth_only``: values, exact as text in ``…_exact``. ``plan_regret``,
    ``regret``: what the plan and the growth-only plan give up, in the objective's unit; ``…_share``: of the range.

    Best 10, worst 2, growth-only plan 4: regret 6, share 6/8 = 0.75.
    """
    goals = tuple(beside.best) if beside else region.compared
    auditor = Auditor(region)
    mine = auditor.values(plan, goals)
    alone = auditor.values(beside.growth_only, goals) if beside else {}
    rows = []
    for name in goals:
        row: dict[str, object] = {"objective": name, "unit": region.goals[name].unit, "plan": float(mine[name])}
        row["plan_exact"] = exact_text(mine[name])
        if beside:
            sign = 1 if region.goals[name].sense == "max" else -1
            best = beside.best[name]
            span = max([abs(best - v) for v in (beside.worst[name], alone[name])]) or Fraction(1)
            row |= {
                "growth_only": float(alone[name]),
                "growth_only_exact": exact_text(alone[name]),
                "best": float(best),
                "worst": float(beside.worst[name]),
            }
            for key, value in (("plan_regret", mine[name]), ("regret", alone[name])):
                row[key] = float(sign * (best - value))
                row[f"{key}_share"] = float(sign * (best - value) / span)
        rows.append(row)
    return pd.DataFrame(rows)


def show(found: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """For a terminal."""
    kept = ["objective", "plan"]
    if "regret" not in found:
        return [("values of the plan", found[[*kept, "unit"]])]
    thin = found[["objective", "best", "plan", "growth_only", "regret"]].copy()
    thin["of range"] = [f"{share:.0%}".replace("%", " %") for share in found["regret_share"]]
    thin["unit"] = found["unit"]
    return [("values; regret is what growth alone gives up against the best known", thin)]


def words(region: Region, plan: Plan, beside: Beside | None = None) -> list[str]:
    """What growth alone gives up, objective by objective, and what the figures rest on."""
    if beside is None:
        return ["There is no plan that keeps all rules and looks at growth alone."]
    found = table(region, plan, beside)
    lost = [
        f"{regret:,.4g} {unit} of {name} ({share:.0%} of the range)".replace("  ", " ").replace("% of", " % of")
        for name, unit, regret, share in zip(
            found["objective"], found["unit"], found["regret"], found["regret_share"], strict=True
        )
        if regret > 0 and name != growth_goal(region)
    ]
    given = f"gives up {'; '.join(lost)}, against the best known" if lost else "gives up nothing against the best known"
    both = len(set(plan) & set(beside.growth_only))
    return [
        f"The growth-only plan ({len(beside.growth_only)} projects) {given}.",
        f"{both} projects are in both plans; {len(set(plan) - set(beside.growth_only))} only in the plan.",
        *([beside.basis] if beside.basis else []),
    ]


@drawn
def picture(region: Region, plan: Plan, beside: Beside | None = None) -> Figure:
    """Share of the range that each plan reaches in each objective."""
    found = table(region, plan, beside)
    figure, (axes,) = new_figure(TITLE, 8, 2.0 + 0.62 * len(found))
    places = list(range(len(found)))
    labels = [readable(region.goals[name].label or name, name) for name in found["objective"]]
    if "regret" in found:
        for key, color, shift, who in (
            ("plan_regret_share", DARK, -0.19, "the plan"),
            ("regret_share", LIGHT, 0.19, "growth alone"),
        ):
            reached = [max(0.0, 100 * (1 - share)) for share in found[key]]
            axes.barh(
                [p + shift for p in places], reached, 0.36, color=color, edgecolor="black", linewidth=0.6, label=who
            )
            values = found["plan"] if who == "the plan" else found["growth_only"]
            for place, length, value in zip(places, reached, values, strict=True):
                axes.text(length + 1, place + shift, f"{value:,.6g}", va="center", fontsize=7.5)
        axes.set_xlim(0, 118)
        axes.set_xticks([0, 25, 50, 75, 100])
        axes.set_xlabel("% of the way from the worst to the best known value; the figure is the value itself")
        figure.legend(loc="outside lower center", ncols=2, frameon=False)
    else:
        axes.barh(places, found["plan"], color=DARK)
        axes.set_xlabel("value of the plan, each objective in its own unit")
    axes.set_yticks(places, labels)
    axes.invert_yaxis()
    plain_axes(axes)
    return figure
