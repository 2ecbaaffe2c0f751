"""Land: ``Σ_j hectares_j built_j <= area`` for each zone of land; one project a parcel;
``farmland converted - farmland won <= quota``.

    The strategy "is not to encourage small towns to blossom everywhere, which will lead to major problems such as
    scattered construction foundation, large consumption of agricultural land" (S2, section 2); "serious land waste"
    (S1, section I).

Land-use allocation as in Aerts et al. (2003), "Using linear integer programming for multi-site land-use allocation";
the quota is the balance of farmland taken and farmland won of China's Land Administration Law (article 30). Zones that
are only lines on the map (red line, heritage) have no area to use up; ecology and heritage read them.
"""

from __future__ import annotations

from collections.abc import Mapping

from instances.region import Region
from models.draft import Draft, Provider
from models.footprint import LAND_USES, footprints_by_zone, hectares, land_taken
from models.linear import Linear

TABLES = ("zones",)


def build(draft: Draft) -> None:
    """A row for each zone that could be overfilled, for each parcel, and for the quota."""
    there = footprints_by_zone(draft.region)
    for zone in draft.region.zones:
        footprints = there.get(zone.id, [])
        if zone.kind in LAND_USES:
            draft.rule("land", f"zone {zone.id}", hectares(draft, footprints), upper=zone.area)
        if zone.one_project:
            draft.rule("land", f"parcel {zone.id}", Linear.sum(draft.built(f.project) for f in footprints), upper=1)
    quota = draft.region.settings.policy.farmland_quota_ha
    if quota is not None:
        draft.rule("land", "farmland quota", farmland_converted(draft), upper=quota)


def indicators(region: Region) -> Mapping[str, Provider]:
    """``farmland_converted`` and ``green_gain``, hectares, net."""
    return {"farmland_converted": farmland_converted, "green_gain": green_gain}


def farmland_converted(draft: Draft) -> Linear:
    """Arable land taken for another use, minus other land turned into arable land (ha)."""
    taken = (f for f, zone in land_taken(draft.region) if zone.kind == "arable" and f.becomes != "arable")
    won = (f for f, zone in land_taken(draft.region) if zone.kind != "arable" and f.becomes == "arable")
    return hectares(draft, taken) - hectares(draft, won)


def green_gain(draft: Draft) -> Linear:
    """Other land turned green, minus green land taken for another use (ha)."""
    won = (f for f, zone in land_taken(draft.region) if zone.kind != "green" and f.becomes == "green")
    taken = (f for f, zone in land_taken(draft.region) if zone.kind == "green" and f.becomes != "green")
    return hectares(draft, won) - hectares(draft, taken)
