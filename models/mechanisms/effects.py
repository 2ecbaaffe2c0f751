"""Effects: ``indicator = Σ_j value_j built_j``, and ``Σ_j (score_j - 1) built_j`` for a criterion of a rubric.

    "It is obviously unreasonable to take economic development as the only indicator to measure the small towns'
    development levels." (S1, abstract)

The additive value of a portfolio of independent projects, as in Golabi, Kirkwood & Sicherman (1981), "Selecting a
portfolio of solar energy projects using multiattribute preference theory". A score of 1 means "does nothing", so it
counts 0 steps: a baseline other than "nothing" would reward long lists (Clemen & Smith 2009).

No rules; the indicators are those named in the tables and ``capital_cost``, ``public_cost`` (capital cost times public
share), ``operating_cost`` (a period) and ``projects`` (their number).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction
from functools import partial

from instances.region import Region
from models.draft import Draft, Provider
from models.linear import Linear

TABLES = ("projects",)

BUILT_IN: Mapping[str, Provider] = {
    "capital_cost": lambda draft: draft.total(lambda p: p.capital_cost),
    "public_cost": lambda draft: draft.total(lambda p: Fraction(p.capital_cost) * Fraction(p.public_share)),
    "operating_cost": lambda draft: draft.total(lambda p: p.operating_cost),
    "projects": lambda draft: draft.total(lambda _: 1),
}


def build(draft: Draft) -> None:
    """Effects make no rules."""


def indicators(region: Region) -> Mapping[str, Provider]:
    """The built-in sums, each indicator of ``effects`` and each criterion of ``scores``."""
    figures: dict[str, list[tuple[str, Fraction]]] = defaultdict(list)
    for name in BUILT_IN:
        figures[name] = []
    for effect in region.effects:
        figures[effect.indicator].append((effect.project, Fraction(effect.value)))
    for score in region.scores:
        figures[score.criterion].append((score.project, Fraction(score.score - 1)))
    return {name: partial(_sum, name, values) for name, values in figures.items()}


def _sum(name: str, figures: list[tuple[str, Fraction]], draft: Draft) -> Linear:
    listed = Linear.sum(draft.built(project) * value for project, value in figures)
    return BUILT_IN[name](draft) + listed if name in BUILT_IN else listed
