"""Ecology: red lines, what basins can bear, green cover and habitats."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction

from instances.region import Region
from optimizer.verify.land import LAND_USES
from optimizer.verify.plan import Plan, Use
from optimizer.verify.sums import Sums
from optimizer.verify.words import figure

__all__ = ["Ecology"]

NATURE = frozenset({"green", "water"})


class Ecology:
    """What the land and the water bear.

    Red line: no hectare may become built or arable.
    Basin and pollutant: ``base_point + Σ point + max(0, base_diffuse + Σ diffuse) ≤ capacity``.
    Green cover ``g`` of each town: ``green ≥ g · (green + built)``, both after building.
    Habitat: Σ ha of built or arable land that become green or water ≥ Σ ha of green or water that become the contrary.
    """

    def __init__(self, region: Region) -> None:
        zones = {z.id: z for z in region.zones}
        policy = region.settings.policy
        self._forbidden: defaultdict[str, list[str]] = defaultdict(list)
        town_land: list[tuple[str, tuple[str, str], Fraction]] = []
        habitat: list[tuple[str, str, Fraction]] = []
        for print_ in region.footprints:
            zone, area, becomes = zones[print_.zone], Fraction(print_.hectares), print_.becomes
            if zone.kind == "red_line" and area and becomes not in NATURE:
                self._forbidden[print_.project].append(
                    f"zone {zone.id} in {zone.town} is a red line: {print_.project} makes {figure(area)} ha {becomes}"
                )
            if zone.kind in LAND_USES and zone.kind != becomes:
                town_land += [
                    (print_.project, (zone.town, zone.kind), -area),
                    (print_.project, (zone.town, becomes), area),
                ]
                if (zone.kind in NATURE) != (becomes in NATURE):
                    habitat.append((print_.project, "lost" if zone.kind in NATURE else "won", area))

        self._capacities = [((c.basin, c.pollutant), Fraction(c.capacity)) for c in region.capacities]
        self._loads = Sums(
            [(x.project, (x.kind, (x.basin, x.pollutant)), Fraction(x.load)) for x in region.loads],
            base={
                (kind, (c.basin, c.pollutant)): base
                for c in region.capacities
                for kind, base in (
                    ("point", Fraction(c.base_point) - Fraction(c.capacity)),
                    ("diffuse", Fraction(c.base_diffuse)),
                )
            },
        )

        self._cover = None if policy.green_cover is None else Fraction(policy.green_cover)
        self._towns = list(dict.fromkeys(z.town for z in region.zones if z.kind in ("built", "green")))
        uses: defaultdict[tuple[str, str], Fraction] = defaultdict(Fraction)
        for z in region.zones:
            for kind in LAND_USES:
                uses[z.town, kind] += Fraction(z.area) * (z.kind == kind)
        self._uses = Sums(town_land, base=uses)
        self._habitat = Sums(habitat, base={"won": Fraction(0), "lost": Fraction(0)})
        self._no_net_loss = policy.habitat_no_net_loss

    def broken(self, plan: Plan) -> Iterator[str]:
        if self._forbidden:
            for project in plan:
                for why in self._forbidden.get(project, ()):
                    yield f"ecology: {why}"
        if self._capacities:
            yield from self._overloaded(plan)
        if self._cover is not None and self._towns:
            yield from self._too_grey(plan, self._cover)
        if self._no_net_loss:
            area = self._habitat(plan)
            if area["won"] < area["lost"]:
                won, lost = (figure(self._habitat.exact(area[side])) for side in ("won", "lost"))
                yield f"ecology: habitat_no_net_loss: {lost} ha of green and water land lost, {won} ha won"

    def uses(self, plan: Plan) -> dict[str, Use]:
        """Tonnes of each pollutant in each basin, what was there before included; built hectares of each town that has
        to stay green, of what may be built; hectares of nature lost, of those won."""
        found = {f"load {place[0]}, {place[1]}": (load, capacity) for place, load, capacity in self._basins(plan)}
        if self._cover is not None:
            area = self._uses.total(plan)
            for town in self._towns:
                built, green = area[town, "built"], area[town, "green"]
                found[f"green_cover {town}"] = built, (1 - self._cover) * (green + built)
        if self._no_net_loss:
            changed = self._habitat.total(plan)
            found["habitat_no_net_loss"] = changed["lost"], changed["won"]
        return found

    def _basins(self, plan: Plan) -> Iterator[tuple[tuple[str, str], Fraction, Fraction]]:
        """Basin and pollutant, load, capacity."""
        loads = self._loads(plan)
        for place, capacity in self._capacities:
            beyond = loads["point", place] + max(0, loads["diffuse", place])
            yield place, capacity + self._loads.exact(beyond), capacity

    def _overloaded(self, plan: Plan) -> Iterator[str]:
        for place, load, capacity in self._basins(plan):
            if load > capacity:
                yield (
                    f"ecology: basin {place[0]}, {place[1]}: {figure(load)} t a year, it can bear "
                    f"{figure(capacity)} ({figure(load - capacity)} too much)"
                )

    def _too_grey(self, plan: Plan, cover: Fraction) -> Iterator[str]:
        uses = self._uses(plan)
        for town in self._towns:
            green, both = uses[town, "green"], uses[town, "green"] + uses[town, "built"]
            if green * cover.denominator < cover.numerator * both:
                areas = f"{figure(self._uses.exact(green))} ha green of {figure(self._uses.exact(both))} ha"
                wanted = figure(cover * self._uses.exact(both))
                yield f"ecology: green_cover of {town}: {areas} green and built, at least {wanted} ha wanted"
