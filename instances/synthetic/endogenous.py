"""Sources of growth of a synthetic region: what its towns draw on, and what meets with what to set growth free."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Any

from instances import schema
from instances.synthetic.draft import (
    Draft,
    Drawn,
    effects,
    group,
    percents,
    room_for,
    root,
    size,
    some,
    stream,
    whole,
)
from instances.synthetic.identity import INDUSTRIES

__all__ = ["endogenous"]

FORMS: dict[str, Any] = {
    "land and hands": "hard",
    "craft": "soft",
    "good name": "soft",
    "road access": "location",
    "state programme": "policy",
    "visitors": "flow",
}
MOVES = {
    "growth": (("craft", -1), ("land and hands", -1), ("road access", 1), ("state programme", 1)),
    "care": (("land and hands", 1), ("state programme", 1), ("good name", 1)),
    "nature": (("good name", 1), ("land and hands", -1), ("visitors", 1)),
    "culture": (("craft", 1), ("good name", 1), ("visitors", 1), ("land and hands", -1)),
}
"""What each group of projects strengthens (1) and wears out (-1)."""

LEVELS = ((10, 10, 3), (30, 25, 7), (55, 45, 13))
"""Per cent of all that could be added to internal and to external sources, and of the sizes of the town's projects."""


def endogenous(draft: Draft) -> Drawn:
    """Six sources a town, soft ones with a floor that bites and that the plan keeps; three levels; jobs by industry."""
    rng = stream(draft.seed, "endogenous")
    changes: dict[tuple[str, str], list[tuple[str, Decimal]]] = defaultdict(list)
    for project, (chance, first, more) in zip(draft.projects, percents(rng, len(draft.projects), 3), strict=True):
        if project.town and chance < (90 if draft.small else 70):
            moves = MOVES[group(project)]
            for source, sign in (moves[first % len(moves)], moves[(first + 1 + more % 2) % len(moves)]):
                changes[project.town, source].append((project.id, Decimal(sign * (1 + root(project) // 15))))
    tables: dict[str, list[schema.Row]] = defaultdict(list)
    for town in draft.towns:
        stocks = whole(rng, 20, 60, len(FORMS))
        for (name, form), stock in zip(FORMS.items(), stocks, strict=True):
            moved = changes[town.id, name]
            wear = sum((-change for _, change in moved if change < 0), Decimal(0))
            strength = stock + wear
            lowest = _floor(draft, strength, moved) if form == "soft" else None
            tables["sources"].append(schema.Source(town=town.id, source=name, form=form, stock=strength, floor=lowest))
            tables["source_changes"].extend(
                schema.SourceChange(project=project, town=town.id, source=name, change=change)
                for project, change in moved
            )
        here = [s for s in tables["sources"] if isinstance(s, schema.Source) and s.town == town.id]
        scale = sum(size(p) for p in draft.projects if p.town == town.id)
        for level, (inside, outside, gain) in enumerate(LEVELS, 1):
            tables["activations"].append(
                schema.Activation(
                    town=town.id,
                    level=level,
                    internal=_threshold([s for s in here if s.form in ("hard", "soft")], changes, inside),
                    external=_threshold([s for s in here if s.form not in ("hard", "soft")], changes, outside),
                    gain=Decimal(max(level, scale * gain // 100)),
                )
            )
        trades = some(rng, INDUSTRIES, 4)
        tables["industries"].extend(
            schema.Industry(town=town.id, industry=trade, jobs=Decimal(10 * jobs))
            for trade, jobs in zip(trades, whole(rng, 10, 150, len(trades)), strict=True)
        )
    return Drawn(
        dict(tables),
        weights={"growth": {"activated_growth": Decimal(1)}},
        policy={"internal_share": _internal_share(draft), "location_quotient": ("value_added",)},
    )


def _floor(draft: Draft, stock: Decimal, moved: list[tuple[str, Decimal]]) -> Decimal:
    """What is left with the plan, or with nothing, after a third of the wear of all others."""
    planned = sum((change for project, change in moved if project in draft.plan), Decimal(0))
    wear = [-change for project, change in moved if project not in draft.plan and change < 0]
    return Decimal(max(0, floor(stock + min(planned, Decimal(0)) - room_for(draft, wear, 35))))


def _threshold(
    sources: list[schema.Source], changes: dict[tuple[str, str], list[tuple[str, Decimal]]], percent: int
) -> Decimal:
    """Today's stocks and a part of what projects could add to them."""
    gains = sum((max(change, Decimal(0)) for s in sources for _, change in changes[s.town, s.source]), Decimal(0))
    return sum((s.stock for s in sources), Decimal(0)) + Decimal(ceil(gains * percent / 100))


def _internal_share(draft: Draft) -> Decimal | None:
    """The largest whole twentieth up to 0.4, half that where there are few projects, that the plan keeps for every
    indicator; none if it loses from within."""
    sums: dict[str, dict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    for row in effects(draft):
        if isinstance(row, schema.Effect) and row.project in draft.plan:
            sums[row.indicator][row.source] += Fraction(row.value)
    for twentieths in range(4 if draft.small else 8, -1, -1):
        share = Fraction(twentieths, 20)
        if all((1 - share) * parts["internal"] >= share * parts["external"] for parts in sums.values()):
            return Decimal(twentieths) / 20
    return None
