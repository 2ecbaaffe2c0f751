"""The timeline of a synthetic region: assets of each era that stand or fall with a project."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from instances import schema
from instances.synthetic.draft import Draft, Drawn, group, percents, some, stream

__all__ = ["timeline"]

ERAS = ("past", "present", "future")
KINDS = ("tangible", "intangible", "industrial")
POINTS = (60, 30, 12)
"""What the first, second and third kept asset of an era tells in a town."""


def timeline(draft: Draft) -> Drawn:
    """Two assets of each era in a town, then the next town: one that others could destroy, one to be conserved.

    The plan destroys nothing, so it keeps at least one of each era and kind.
    """
    rng = stream(draft.seed, "timeline")
    conserving = [p for p in draft.projects if p.town and group(p) in ("culture", "nature")] or list(draft.projects)
    destroying = [p for p in draft.others if p.town] or list(draft.others)
    assets: list[schema.Asset] = []
    impacts: list[schema.Row] = []
    kept: list[schema.Asset] = []
    for g, (worth, savers, harmers, steps) in enumerate(percents(rng, max(6, len(draft.projects) // 6), 4)):
        threatened = g // 3 % 2 == 1
        asset = schema.Asset(
            id=f"M{g + 1}",
            town=draft.towns[g // 6 % len(draft.towns)].id,
            era=ERAS[g % 3],
            kind=KINDS[(g + g // 3) % 3],
            value=Decimal(4 * (5 + worth // 5)),
            threatened=threatened,
        )
        touched: dict[str, int] = {}
        if threatened:
            touched |= {p.id: 1 + steps % 4 for p in some(rng, conserving, 1 + savers % 2)}
        if not threatened or harmers < 30:
            for p in some(rng, destroying, 1 + harmers % 2):
                touched.setdefault(p.id, -4)
        impacts += [schema.Impact(project=name, asset=asset.id, impact=impact) for name, impact in touched.items()]
        assets.append(asset)
        if not threatened or any(step > 0 and name in draft.plan for name, step in touched.items()):
            kept.append(asset)
    tables: dict[str, list[schema.Row]] = {
        "assets": [*assets],
        "impacts": impacts,
        "timeline": [schema.TimelineStep(count=n, points=Decimal(points)) for n, points in enumerate(POINTS, 1)],
    }
    minimums = {
        "eras_minimum": min(Counter(asset.era for asset in kept).values()),
        "kinds_minimum": min(Counter(asset.kind for asset in kept).values()),
    }
    return Drawn(tables, weights={"character": {"memory": Decimal(1)}}, policy=minimums)
