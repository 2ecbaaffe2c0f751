"""Footprints: hectares that the chosen projects take, summed as land, ecology and heritage need them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from instances.region import Region
from instances.schema import Footprint, Zone
from models.draft import Draft
from models.linear import Linear

__all__ = ["LAND_USES", "footprints_by_zone", "hectares", "land_taken"]

LAND_USES = frozenset({"built", "arable", "green", "water"})
"""Kinds of zone that are land; the others are lines drawn over it and have no area to take."""


def footprints_by_zone(region: Region) -> dict[str, list[Footprint]]:
    """Zone id to the footprints in it."""
    there: dict[str, list[Footprint]] = defaultdict(list)
    for footprint in region.footprints:
        there[footprint.zone].append(footprint)
    return dict(there)


def land_taken(region: Region) -> Iterator[tuple[Footprint, Zone]]:
    """Footprints on land, each with its zone; footprints on lines are left out."""
    zones = {zone.id: zone for zone in region.zones}
    for footprint in region.footprints:
        if zones[footprint.zone].kind in LAND_USES:
            yield footprint, zones[footprint.zone]


def hectares(draft: Draft, footprints: Iterable[Footprint]) -> Linear:
    """``Σ hectares * built`` (ha)."""
    return Linear.sum(draft.built(f.project) * f.hectares for f in footprints)
