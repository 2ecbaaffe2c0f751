"""The comparison as tables: the files of ``growthring compare -o``."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from optimizer.decide.compare.answers import Answer
from optimizer.decide.compare.attainment import rectangles
from optimizer.exact import exact_text

if TYPE_CHECKING:
    import pandas as pd

    from optimizer.decide.compare.comparison import Comparison, Pair
    from optimizer.decide.compare.scale import Point
    from optimizer.decide.compare.sides import Side

__all__ = ["all_tables", "indicators_table"]


def indicators_table(comparison: Comparison) -> pd.DataFrame:
    """One row a run, shares of the common scale as floats."""
    import pandas as pd

    rows = [
        {
            "side": f.side,
            "run": f.run,
            "portfolios": f.portfolios,
            "hypervolume": f.hypervolume,
            "epsilon": None if f.epsilon is None else float(f.epsilon),
            "epsilon_multiplicative": f.factor,
            "igd_plus": f.igd_plus,
        }
        for f in comparison.figures
    ]
    for pair in comparison.pairs:
        place = [row for row in rows if row["side"] == pair.other.name]
        for row, epsilon, share, back in zip(place, pair.epsilons, pair.coverages, pair.covered, strict=True):
            row["epsilon_to_base"] = None if epsilon is None else float(epsilon)
            row["coverage_of_base"] = float(share)
            row["coverage_by_base"] = float(back)
    return pd.DataFrame(rows)


def all_tables(comparison: Comparison) -> dict[str, pd.DataFrame]:
    """File name (without ending) to table; values as exact text."""
    import pandas as pd

    names = [objective.name for objective in comparison.scale.objectives]
    tables = {
        "scale": comparison.scale.rows(),
        "portfolios": [row for pair in comparison.pairs for row in _portfolios(pair, names)],
        "projects": [row for pair in comparison.pairs for row in _projects(pair)],
        "input": [row for pair in comparison.pairs for row in _input(pair)],
        "attainment": [
            {"side": s.side, "share": str(s.share), "sampled": s.sampled, **_texts(names, corner)}
            for s in comparison.surfaces()
            for corner in s.corners
        ],
        "attainment_differences": [row for pair in comparison.pairs for row in _differences(comparison, pair, names)],
    }
    found = {name: pd.DataFrame(rows) for name, rows in tables.items() if rows}
    return {"indicators": indicators_table(comparison), **found}


def _portfolios(pair: Pair, names: list[str]) -> list[dict[str, Any]]:
    both = ((pair.base, pair.other, pair.answers), (pair.other, pair.base, pair.returns))
    return [_answer(side, against, a, names) for side, against, answers in both for a in answers]


def _answer(side: Side, against: Side, answer: Answer, names: list[str]) -> dict[str, Any]:
    by = answer.by
    return {
        "of": side.name,
        "against": against.name,
        "run": side.labels[answer.portfolio.run],
        "portfolio": answer.portfolio.portfolio,
        "kind": answer.kind.value,
        **_texts(names, answer.values),
        "answered_by_run": against.labels[by.run] if by else "",
        "answered_by": by.portfolio if by else "",
        **{f"{name} gain": exact_text(gain) for name, gain in zip(names, answer.gains, strict=False)},
        "epsilon": "" if answer.epsilon is None else float(answer.epsilon),
    }


def _projects(pair: Pair) -> list[dict[str, Any]]:
    return [
        {
            "base": pair.base.name,
            "other": pair.other.name,
            "project": move.project,
            "name": move.name,
            "class_base": move.before or "",
            "class_other": move.after or "",
            "share_base": _share(move.share_before),
            "share_other": _share(move.share_after),
        }
        for move in pair.moves
    ]


def _input(pair: Pair) -> list[dict[str, Any]]:
    return [
        {
            "base": pair.base.name,
            "other": pair.other.name,
            "table": change.table,
            "key": change.key,
            "what": change.what,
            "column": change.column,
            "old": change.old,
            "new": change.new,
        }
        for change in pair.changes or ()
    ]


def _differences(comparison: Comparison, pair: Pair, names: list[str]) -> list[dict[str, Any]]:
    """With two objectives and as many runs on both sides the rectangles, else the points that were found."""
    sides = {"base": pair.base.name, "other": pair.other.name}
    corners = [*names, *(f"{name} to" for name in names)]
    if drawn := rectangles(pair.base, pair.other, comparison.scale):
        return [
            {
                **sides,
                **{n: "" if v is None else exact_text(v) for n, v in zip(corners, box, strict=True)},
                "gap": str(gap),
            }
            for box, gap in drawn
        ]
    from optimizer.decide.compare.attainment import differences

    return [
        {**sides, **_texts(names, d.values), "share_base": str(d.base), "share_other": str(d.other), "gap": str(d.gap)}
        for d in differences(pair.base, pair.other, comparison.scale)
        if d.gap
    ]


def _texts(names: list[str], point: Point) -> dict[str, str]:
    return {name: exact_text(value) for name, value in zip(names, point, strict=True)}


def _share(share: Fraction | None) -> str:
    return "" if share is None else str(share)
