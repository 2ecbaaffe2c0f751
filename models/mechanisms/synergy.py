"""Synergy: ``indicator += value * z`` with ``z = 1`` if and only if at least ``k`` of the members are built.

    "The internal and external sources of small towns complement and promote each other." (S1, section II)

For all members ``z <= built_j`` and ``z >= Σ built_j - (n - 1)`` (Fortet 1960; Glover & Woolsey 1974), for at least
``k`` of them the counting rows of :func:`models.logic.at_least`: project interactions as in Stummer & Heidenberger
(2003), "Interactive R&D portfolio analysis with project interdependencies and time profiles of multiple objectives",
where a bonus and a malus need both sides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import partial

from instances.region import Region
from instances.schema import Synergy
from models.draft import Draft, Provider
from models.linear import Linear
from models.logic import at_least

TABLES = ("synergies",)


def build(draft: Draft) -> None:
    """Synergies make no rules of their own."""


def indicators(region: Region) -> Mapping[str, Provider]:
    """What the synergies add to each indicator that they name."""
    named: dict[str, list[Synergy]] = defaultdict(list)
    for synergy in region.synergies:
        named[synergy.indicator].append(synergy)
    return {indicator: partial(_sum, synergies) for indicator, synergies in named.items()}


def _sum(synergies: list[Synergy], draft: Draft) -> Linear:
    return Linear.sum(_together(draft, synergy) * synergy.value for synergy in synergies if synergy.value)


def _together(draft: Draft, synergy: Synergy) -> Linear:
    members = draft.region.members(synergy.members)
    count = len(members) if synergy.at_least is None else synergy.at_least
    pull = {side if synergy.value > 0 else -side for side in draft.wanted(synergy.indicator)}
    # A member that cannot start counts as not built: with "all" the synergy is then out of reach.
    parts = {member: draft.built(member) for member in draft.possible(members)}
    return at_least(draft, count, ("together", synergy.id), parts, pull)
