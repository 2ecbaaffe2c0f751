"""Ecology: ``base_point + Σ point_j built_j + max(0, base_diffuse + Σ diffuse_j built_j) <= capacity`` for each basin
and pollutant; no building behind the red line; ``green >= share (green + built)`` in each town; habitat won >= lost.

    "Adhere to the ecological principle, and draw the ecological control red line" (S2, section 3 (1)); "the whole
    planning document will not pollute the environment during the implementation" (section 4 (5)); "we must constantly
    improve the coverage of green space", which lets "some small-scale waste water and waste gas and other pollutants
    [...] be purified by the ecosystem itself" (section 4 (6)).

The ``max`` is why green space cannot pay for a pipe: it takes up diffuse load down to nothing and no further. Being
convex and bounded from above it is exactly two linear rows, with the diffuse part and without (ReVelle, Loucks & Lynn
1968, "Linear programming applied to water quality management"). Green cover is measured on the land as it is after
building; a share is multiplied out, so its row is linear as well.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction

from instances.region import Region
from instances.schema import Capacity, Load
from models.draft import Draft, Provider
from models.footprint import hectares, land_taken
from models.linear import Linear

TABLES = ("zones", "capacities")

WILD = frozenset({"green", "water"})
WORKED = frozenset({"built", "arable"})


def build(draft: Draft) -> None:
    """Red lines, capacities, green cover and habitat."""
    _red_lines(draft)
    _capacities(draft)
    policy = draft.region.settings.policy
    if policy.green_cover is not None:
        _green_cover(draft, Fraction(policy.green_cover))
    if policy.habitat_no_net_loss and draft.region.zones:
        land = list(land_taken(draft.region))
        won = (f for f, zone in land if zone.kind in WORKED and f.becomes in WILD)
        lost = (f for f, zone in land if zone.kind in WILD and f.becomes in WORKED)
        draft.rule("ecology", "habitat", hectares(draft, won) - hectares(draft, lost), lower=0)


def indicators(region: Region) -> Mapping[str, Provider]:
    """Ecology counts nothing of its own; ``green_gain`` is counted with the land."""
    return {}


def _red_lines(draft: Draft) -> None:
    lines = {zone.id for zone in draft.region.zones if zone.kind == "red_line"}
    for footprint in draft.region.footprints:
        if footprint.zone in lines and footprint.hectares and footprint.becomes in WORKED:
            draft.forbid(footprint.project, f"ecology[red line {footprint.zone}]: it becomes {footprint.becomes} land")


def _capacities(draft: Draft) -> None:
    found: dict[tuple[str, str, str], list[Load]] = defaultdict(list)
    for load in draft.region.loads:
        found[load.basin, load.pollutant, load.kind].append(load)
    for capacity in draft.region.capacities:
        place = capacity.basin, capacity.pollutant
        _capacity(draft, capacity, _sum(draft, found[*place, "point"]), _sum(draft, found[*place, "diffuse"]))


def _capacity(draft: Draft, capacity: Capacity, point: Linear, diffuse: Linear) -> None:
    name = f"{capacity.pollutant} in {capacity.basin}"
    point, diffuse = point + capacity.base_point, diffuse + capacity.base_diffuse
    least, most = draft.range(diffuse)
    if most > 0:
        draft.rule("ecology", name, point + diffuse, upper=capacity.capacity)
    if least < 0 or most <= 0:
        draft.rule("ecology", f"{name}, pipes alone", point, upper=capacity.capacity)


def _sum(draft: Draft, loads: list[Load]) -> Linear:
    return Linear.sum(draft.built(load.project) * load.load for load in loads)


def _green_cover(draft: Draft, share: Fraction) -> None:
    for town in dict.fromkeys(zone.town for zone in draft.region.zones if zone.kind in ("built", "green")):
        green, built = (_area_after(draft, town, kind) for kind in ("green", "built"))
        draft.rule("ecology", f"green cover of {town}", green - share * (green + built), lower=0)


def _area_after(draft: Draft, town: str, kind: str) -> Linear:
    """Area of a kind of land in a town once the chosen projects are built (ha)."""
    land = [(f, zone) for f, zone in land_taken(draft.region) if zone.town == town]
    won = (f for f, zone in land if zone.kind != kind and f.becomes == kind)
    lost = (f for f, zone in land if zone.kind == kind and f.becomes != kind)
    today = sum(Fraction(zone.area) for zone in draft.region.zones if zone.town == town and zone.kind == kind)
    return hectares(draft, won) - hectares(draft, lost) + today
