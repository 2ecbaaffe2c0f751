"""Heritage: what may not be touched, what is lost and what is won."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from math import lcm

from instances.region import Region
from instances.schema import Project, Zone
from optimizer.verify.plan import Plan, Use
from optimizer.verify.sums import Sums
from optimizer.verify.words import figure, listed

__all__ = ["Heritage"]


class Heritage:
    """Cores, control zones and protected assets; use only with conservation; old quarters; losses and gains.

    ``heritage_loss`` = Σ value · (4 if threatened and not saved, else harm) / 4;
    ``heritage_gain`` = Σ value · best / 4; harm is the largest negative and best the largest positive impact of the
    chosen projects on an asset, which is saved if one of them has an impact of at least 1.
    """

    names = frozenset({"heritage_loss", "heritage_gain"})

    def __init__(self, region: Region) -> None:
        zones = {z.id: z for z in region.zones}
        assets = {a.id: a for a in region.assets}
        self._forbidden: defaultdict[str, list[str]] = defaultdict(list)
        for print_ in region.footprints:
            if print_.hectares and print_.becomes == "built":
                zone = zones[print_.zone]
                if not _may_build(region.project[print_.project], zone):
                    line = zone.kind.replace("_", " ")
                    self._forbidden[print_.project].append(
                        f"zone {zone.id} in {zone.town} is a {line}: {print_.project} may not build there"
                    )
        self._impacts: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
        self._users: defaultdict[str, list[str]] = defaultdict(list)
        for row in region.impacts:
            if row.impact == -4 and assets[row.asset].grade != "unlisted":
                grade = assets[row.asset].grade
                self._forbidden[row.project].append(f"{row.project} destroys {row.asset}, which has {grade} protection")
            if row.impact:
                self._impacts[row.project].append((row.asset, row.impact))
            if row.uses:
                self._users[row.asset].append(row.project)

        self._scale = lcm(*(Fraction(a.value).denominator for a in region.assets)) * 4
        self._assets = [(a.id, int(Fraction(a.value) * self._scale / 4), a.threatened) for a in region.assets]
        limit = region.settings.policy.heritage_loss_limit
        self._limit = None if limit is None else Fraction(limit)

        quarters = [z for z in region.zones if z.kind == "old_quarter"]
        share = region.settings.policy.demolition_share
        self._caps = {} if share is None else {z.id: Fraction(share) * Fraction(z.area) for z in quarters}
        self._razed = Sums(
            [
                ((f.project, start), (f.zone, start), Fraction(f.hectares))
                for f in region.footprints
                if f.zone in self._caps
                for start in range(1, region.periods + 1)
            ],
            base={(zone, period): -cap for zone, cap in self._caps.items() for period in range(1, region.periods + 1)},
        )

    def broken(self, plan: Plan) -> Iterator[str]:
        if self._forbidden:
            for project in plan:
                for why in self._forbidden.get(project, ()):
                    yield f"heritage: {why}"
        harm, best = self._extremes(plan)
        for asset, users in self._users.items():
            if asset not in best and (using := [project for project in users if project in plan]):
                yield f"heritage: asset {asset} is used by {listed(using)}, but no chosen project conserves it"
        if self._limit is not None:
            loss = Fraction(self._loss(harm, best), self._scale)
            if loss > self._limit:
                yield f"heritage: heritage_loss_limit: {figure(loss)} points lost, {figure(self._limit)} allowed"
        if self._caps:
            for (zone, period), beyond in self._razed(plan.items()).items():
                if beyond > 0:
                    cap = self._caps[zone]
                    yield (
                        f"heritage: demolition_share: zone {zone}, period {period}: "
                        f"{figure(cap + self._razed.exact(beyond))} ha, {figure(cap)} ha allowed"
                    )

    def uses(self, plan: Plan) -> dict[str, Use]:
        """Points of heritage lost, and hectares razed in each old quarter and period."""
        found: dict[str, Use] = {}
        if self._limit is not None:
            found["heritage_loss_limit"] = Fraction(self._loss(*self._extremes(plan)), self._scale), self._limit
        for (zone, period), beyond in self._razed.total(plan.items()).items():
            found[f"demolition_share {zone}, period {period}"] = self._caps[zone] + beyond, self._caps[zone]
        return found

    def indicators(self, plan: Plan) -> dict[str, Fraction]:
        harm, best = self._extremes(plan)
        gain = sum(quarter * best.get(asset, 0) for asset, quarter, _ in self._assets)
        return {
            "heritage_loss": Fraction(self._loss(harm, best), self._scale),
            "heritage_gain": Fraction(gain, self._scale),
        }

    def _extremes(self, plan: Plan) -> tuple[dict[str, int], dict[str, int]]:
        """Of each asset that is touched: the largest harm and the best impact."""
        harm: dict[str, int] = {}
        best: dict[str, int] = {}
        for project in plan:
            if project in self._impacts:
                for asset, impact in self._impacts[project]:
                    if impact > 0:
                        best[asset] = max(impact, best.get(asset, 0))
                    else:
                        harm[asset] = max(-impact, harm.get(asset, 0))
        return harm, best

    def _loss(self, harm: dict[str, int], best: dict[str, int]) -> int:
        """``heritage_loss`` in multiples of ``1 / scale``."""
        return sum(
            quarter * (4 if threatened and asset not in best else harm.get(asset, 0))
            for asset, quarter, threatened in self._assets
        )


def _may_build(project: Project, zone: Zone) -> bool:
    if zone.kind == "heritage_control":
        return bool(set(project.category) & set(zone.allowed_categories))
    return zone.kind != "heritage_core"
