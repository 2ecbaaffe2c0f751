"""Tags of a synthetic region: what its projects look like, and what its towns lead with."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from math import isqrt
from typing import Literal

from instances import schema
from instances.synthetic.draft import Draft, Drawn, group, percents, stream

__all__ = ["identity"]

Kind = Literal["style", "industry", "typology"]

STYLES = ("grey brick", "timber front", "new in the old style", "glass and steel", "white plaster", "rammed earth")
INDUSTRIES = ("salt", "lanterns", "machinery", "chemicals", "farm tours", "tea", "pottery")
TYPES = ("theme park", "shopping street", "riverside walk", "estate", "workshop", "hall", "square")
CATALOGUE: tuple[tuple[Kind, str], ...] = (("style", STYLES[2]), ("typology", TYPES[1]))
"""What the same planning office sells to every town."""


def identity(draft: Draft) -> Drawn:
    """Style and type of every project, an industry for some; one project in six is the same from a catalogue.

    Towns in a row are neighbours. Each has an industry that its planned projects may lead with, so the plan keeps the
    rules; the others may lead with any.
    """
    rng = stream(draft.seed, "identity")
    variants = 1 + isqrt(len(draft.projects)) // 12
    own = {town.id: INDUSTRIES[g % len(INDUSTRIES)] for g, town in enumerate(draft.towns)}
    tags: list[schema.Row] = []
    for project, (style, place, work, sold, weight, lead) in zip(
        draft.projects, percents(rng, len(draft.projects), 6), strict=True
    ):
        if sold < 16:
            tags += [schema.Tag(project=project.id, kind=kind, tag=tag) for kind, tag in CATALOGUE]
            continue
        half = Decimal(1) if weight < 50 else Decimal("0.5")
        tags.append(schema.Tag(project=project.id, kind="style", tag=_pick(STYLES, style, variants)))
        tags.append(schema.Tag(project=project.id, kind="typology", tag=_pick(TYPES, place, variants), weight=half))
        if work < (70 if group(project) == "growth" else 30):
            industry = _pick(INDUSTRIES, style + place, variants)
            leads = industry == own.get(project.town) if project.id in draft.plan else lead < 70
            tags.append(
                schema.Tag(
                    project=project.id,
                    kind="industry",
                    tag=industry,
                    weight=Decimal("0.5") if lead < 35 else Decimal(1),
                    leading=bool(project.town) and leads,
                )
            )
    neighbours: list[schema.Row] = [schema.Neighbour(town=a.id, other=b.id) for a, b in pairwise(draft.towns)]
    tables = {"tags": tags, "neighbours": neighbours} if neighbours else {"tags": tags}
    return Drawn(
        tables,
        weights={"character": {"alikeness": Decimal(-1)}},
        policy={"alike_from": Decimal("0.6"), "one_leading_industry": True},
    )


def _pick(names: tuple[str, ...], draw: int, variants: int) -> str:
    """One of the names, in one of its variants."""
    variant = draw // len(names) % variants
    return names[draw % len(names)] + (f" {variant + 1}" if variant else "")
