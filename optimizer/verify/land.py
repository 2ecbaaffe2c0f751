"""Land: is there room for what is built, and is farmland kept?"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from instances.region import Region
from optimizer.verify.plan import Plan, Use
from optimizer.verify.sums import Sums
from optimizer.verify.words import figure, listed

__all__ = ["LAND_USES", "Land"]

LAND_USES = frozenset({"built", "arable", "green", "water"})


class Land:
    """Σ ha taken in a land-use zone ≤ its area; at most one project on a single parcel; the farmland quota.

    ``farmland_converted`` = Σ ha of arable zones that become something else - Σ ha of other land that becomes arable;
    ``green_gain`` = Σ ha of other land that becomes green - Σ ha of green zones that become something else.
    """

    names = frozenset({"farmland_converted", "green_gain"})

    def __init__(self, region: Region) -> None:
        self._zones = {z.id: z for z in region.zones}
        taken, changed = [], []
        for print_ in region.footprints:
            was, area = self._zones[print_.zone].kind, Fraction(print_.hectares)
            if was not in LAND_USES:
                continue
            taken.append((print_.project, print_.zone, area))
            for kind, name, sign in (("arable", "farmland_converted", -1), ("green", "green_gain", 1)):
                if (was == kind) != (print_.becomes == kind):
                    changed.append((print_.project, name, area * (sign if print_.becomes == kind else -sign)))
        self._beyond = Sums(taken, base={z.id: -Fraction(z.area) for z in region.zones if z.kind in LAND_USES})
        quota = region.settings.policy.farmland_quota_ha
        self._quota = None if quota is None else Fraction(quota)
        self._changed = Sums(changed, base={"farmland_converted": Fraction(0), "green_gain": Fraction(0)})
        self._parcels = [
            (z.id, [f.project for f in region.footprints if f.zone == z.id]) for z in region.zones if z.one_project
        ]

    def broken(self, plan: Plan) -> Iterator[str]:
        for zone, beyond in self._beyond(plan).items():
            if beyond > 0:
                row = self._zones[zone]
                taken = Fraction(row.area) + self._beyond.exact(beyond)
                yield f"land: zone {zone} in {row.town}: {figure(taken)} ha taken of {figure(Fraction(row.area))} ha"
        for zone, projects in self._parcels:
            here = [project for project in projects if project in plan]
            if len(here) > 1:
                town = self._zones[zone].town
                yield f"land: zone {zone} in {town} takes one project: {listed(here)} are chosen"
        if self._quota is not None:
            converted = self._changed.exact(self._changed(plan)["farmland_converted"])
            if converted > self._quota:
                yield (
                    f"land: farmland_quota_ha: {figure(converted)} ha converted, {figure(self._quota)} ha allowed "
                    f"({figure(converted - self._quota)} too much)"
                )

    def uses(self, plan: Plan) -> dict[str, Use]:
        """Hectares of the land-use zones and of the farmland quota."""
        beyond = self._beyond.total(plan)
        areas = {zone: Fraction(self._zones[zone].area) for zone in beyond}
        found = {f"land {zone}": (areas[zone] + excess, areas[zone]) for zone, excess in beyond.items()}
        if self._quota is not None:
            found["farmland_quota_ha"] = (self._changed.total(plan)["farmland_converted"], self._quota)
        return found

    def indicators(self, plan: Plan) -> dict[str, Fraction]:
        return self._changed.total(plan)
