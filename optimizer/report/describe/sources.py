"""Sources: what each town's growth draws on, from within and from outside.

    "The internal sources are generally composed of hard resources and soft resources." "In the realistic development,
    the role of external sources is often exaggerated and placed above the internal sources." (S1 §II)

Stocks: ``after = stock + Σ change`` over the plan; internal is hard and soft, external is location, policy and flow.
Growth: ``Σ weight · value`` over the effects of the plan's projects in the town that name a source, with the weights of
the growth objective and the values as entered. External growth outruns internal where it is larger; where no effect
names a source, the changes of the stocks are compared instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from instances.region import Region
from optimizer.decide.beside import Beside, Plan, growth_goal
from optimizer.report.describe.facts import of_towns, town_names
from optimizer.report.describe.pictures import DARK, LIGHT, drawn, new_figure, plain_axes, readable

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NAME = "sources"
TITLE = "Sources of growth"
NEEDS = ("sources",)
FORMS = ("hard", "soft", "location", "policy", "flow")
INTERNAL = ("hard", "soft")


def table(region: Region, plan: Plan, beside: Beside | None = None) -> pd.DataFrame:
    """One row a town, ``(towns, 19)``.

    ``hard`` to ``flow``: stocks after the plan, in points; ``…_change`` is what the plan adds or wears. ``internal``,
    ``external``: their sums. ``draws_on``: the form whose stocks the plan moves most (sum of absolute changes), empty
    if none. ``growth_internal``, ``growth_external``: in the unit of the growth objective. ``outruns``: external growth
    is above internal.

    A town with 10 points of craft (soft) and an exit of 4 (location); a workshop adds 3 to the craft and 1 of internal
    growth, a mall wears 2 of it and brings 5 of external growth. With both: soft 11, draws on soft (3 + 2 = 5 points
    moved), and external growth (5) outruns internal (1).
    """
    stock = {(row.town, row.source): row for row in region.sources}
    goal = region.goals[growth_goal(region)]
    sign = 1 if goal.sense == "max" else -1
    here = of_towns(region, plan)
    rows = []
    for town, title in town_names(region).items():
        after = dict.fromkeys(FORMS, 0.0)
        for row in region.sources:
            if row.town == town:
                after[row.form] += float(row.stock)
        change: dict[str, float] = dict.fromkeys(FORMS, 0.0)
        moved: dict[str, float] = dict.fromkeys(FORMS, 0.0)
        for step in region.source_changes:
            if step.town == town and step.project in plan and (town, step.source) in stock:
                form = stock[town, step.source].form
                change[form] += float(step.change)
                moved[form] += abs(float(step.change))
        chosen = {project.id for project in here[town]}
        growth = {"internal": 0.0, "external": 0.0}
        for effect in region.effects:
            if effect.source and effect.project in chosen:
                growth[effect.source] += sign * float(goal.weights.get(effect.indicator, 0) * effect.value)
        inner, outer = (sum(change[form] for form in forms) for forms in (INTERNAL, FORMS[2:]))
        told = any(effect.source for effect in region.effects)
        rows.append(
            {
                "town": title,
                **{form: after[form] + change[form] for form in FORMS},
                **{f"{form}_change": change[form] for form in FORMS},
                "internal": sum(after[form] for form in INTERNAL) + inner,
                "external": sum(after[form] for form in FORMS[2:]) + outer,
                "internal_change": inner,
                "external_change": outer,
                "growth_internal": growth["internal"],
                "growth_external": growth["external"],
                "draws_on": max(moved.items(), key=lambda entry: entry[1])[0] if any(moved.values()) else "",
                "outruns": growth["external"] > growth["internal"] if told else outer > inner,
            }
        )
    return pd.DataFrame(rows)


def show(found: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """For a terminal: the stocks, then what moves them."""
    forms = found[["town"]].copy()
    for form in FORMS:
        forms[form] = [_with_change(a, b) for a, b in zip(found[form], found[f"{form}_change"], strict=True)]
    growth = found[["town", "draws_on", "growth_internal", "growth_external", "outruns"]]
    return [
        ("points after the plan, with what the plan changes", forms),
        ("what the plan moves, and growth by its source", growth.rename(columns={"outruns": "external_outruns"})),
    ]


def words(region: Region, plan: Plan, beside: Beside | None = None) -> list[str]:
    """Which source the plan draws on, and where external growth outruns internal; the same of growth alone."""
    said = [_words(table(region, plan), "The plan")]
    if beside:
        said.append(_words(table(region, beside.growth_only), "The growth-only plan"))
    return said


def _words(found: pd.DataFrame, who: str) -> str:
    leaning = found["draws_on"][found["draws_on"] != ""].value_counts()
    most = (
        f"draws most on {leaning.index[0]} sources ({_towns(int(leaning.iloc[0]))})" if len(leaning) else "moves none"
    )
    outrun = list(found["town"][found["outruns"]])
    where = f"in {', '.join(outrun)}" if outrun else "in no town"
    return f"{who} {most}; external growth outruns internal {where}."


def _towns(count: int) -> str:
    return f"{count} town{'s' * (count != 1)}"


def _with_change(after: float, change: float) -> str:
    return f"{after:g}" + (f" ({change:+g})" if change else "")


@drawn
def picture(region: Region, plan: Plan, beside: Beside | None = None) -> Figure:
    """Growth by source in each town: internal to the left, external to the right; beside it the stocks."""
    found = table(region, plan)
    towns = [readable(name, "?") for name in found["town"]]
    figure, (left, right) = new_figure(TITLE, 9, 1.6 + 0.38 * len(found), 2, sharey=True)
    _bars(left, found, "growth_internal", "growth_external")
    bold = " (bold: mostly external)" if found["outruns"].any() else ""
    left.set_title(f"Growth that the plan brings{bold}")
    goal = growth_goal(region)
    left.set_xlabel(readable(region.goals[goal].unit) or goal)
    left.set_yticks(range(len(towns)), towns)
    for place, outruns in enumerate(found["outruns"]):
        if outruns:
            left.get_yticklabels()[place].set_fontweight("bold")
    _bars(right, found, "internal", "external")
    right.set_title("Sources after the plan")
    right.set_xlabel("points")
    left.invert_yaxis()
    handles, labels = left.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=2, frameon=False)
    return figure


def _bars(axes: Axes, found: pd.DataFrame, internal: str, external: str) -> None:
    places = range(len(found))
    axes.barh(places, -found[internal], color=DARK, label="internal (hard and soft)")
    axes.barh(
        places,
        found[external],
        color=LIGHT,
        edgecolor="black",
        linewidth=0.6,
        label="external (location, policy, flow)",
    )
    most = max(found[internal].abs().max(), found[external].abs().max(), 1e-9)
    for place, (inner, outer) in enumerate(zip(found[internal], found[external], strict=True)):
        if not (inner or outer):
            continue
        axes.text(-inner - 0.02 * most, place, f"{inner:g}", ha="right", va="center", fontsize=7)
        axes.text(outer + 0.02 * most, place, f"{outer:g}", ha="left", va="center", fontsize=7)
    axes.axvline(0, color="black", linewidth=0.8)
    axes.set_xlim(-1.2 * most, 1.2 * most)
    plain_axes(axes)
    axes.xaxis.set_major_formatter(lambda value, _: f"{abs(value):g}")
