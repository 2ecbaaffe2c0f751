"""Land, ecology, heritage and the policy figures of a synthetic region."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal
from math import ceil
from typing import Any

from instances import schema
from instances.settings import Policy
from instances.synthetic.draft import Draft, Tables, group, limit, percents, room_for, root, some, stream, whole

__all__ = ["ecology", "heritage", "land", "policy"]

USES = ("built", "arable", "green", "water")
CHANGES = {
    "growth": ("arable>built",) * 5 + ("green>built",) * 2 + ("built>built",) * 2 + ("water>built",),
    "care": ("built>built",) * 4 + ("arable>built",) * 2 + ("green>built",),
    "nature": ("built>green",) * 3 + ("arable>green",) * 2 + ("built>arable",) * 2 + ("arable>water",),
    "culture": ("built>built",) * 3 + ("built>green",),
}
"""What each group of projects does to land: from use > to use, as often as it is listed."""

LOADS = {
    "growth": (("organic matter", "point", 1), ("nitrogen", "diffuse", 1)),
    "care": (("organic matter", "point", 1), ("organic matter", "diffuse", 1)),
    "nature": (("organic matter", "point", -1), ("nitrogen", "diffuse", -1)),
    "culture": (("nitrogen", "diffuse", 1), ("organic matter", "diffuse", -1)),
}
"""What each group discharges (1) or removes (-1)."""

DEMOLITION = Decimal("0.2")  # at most a fifth of an old quarter, as the renewal rules of 2021 have it
BUILDABLE = ("heritage", "tourism")


def hectares(project: schema.Project) -> Decimal:
    """Half hectares, growing with the square root of the cost."""
    return Decimal(1 + root(project) // 12) / 2


def land(draft: Draft) -> Tables:
    """Uses of land in every town, and a parcel that takes one project. The plan builds on built land only."""
    rng = stream(draft.seed, "land")
    taken: dict[tuple[str, str], list[tuple[str, Decimal]]] = {}
    footprints: list[schema.Row] = []
    draws = percents(rng, len(draft.projects), 2)
    for project, (chance, pick) in zip(draft.projects, draws, strict=True):
        if not project.town or chance >= (90 if draft.small else 60):
            continue
        changes = CHANGES[group(project)]
        change = changes[pick % len(changes)]
        if project.id in draft.plan and group(project) != "nature":
            change = "built>built"
        use, _, becomes = change.partition(">")
        taken.setdefault((project.town, use), []).append((project.id, hectares(project)))
        footprints.append(_footprint(project, f"{project.town} {use}", becomes))
    zones: list[schema.Row] = []
    for town in draft.towns:
        area = {use: limit(draft, taken.get((town.id, use), []), 50) for use in USES}
        area["built"] = max(area["built"], Decimal(20))
        area["green"] = max(area["green"], area["built"] * whole(rng, 40, 60, 1)[0] // 100)
        zones.extend(
            schema.Zone(id=f"{town.id} {use}", town=town.id, kind=use, area=max(ha, Decimal(5)))
            for use, ha in area.items()
        )
        rivals = some(rng, [p for p in draft.others if p.town == town.id], 2 if draft.small else 3)
        if len(rivals) > 1:
            zones.append(
                schema.Zone(
                    id=f"{town.id} parcel",
                    town=town.id,
                    kind="built",
                    area=max(map(hectares, rivals)),
                    one_project=True,
                    name="site of the old station",
                )
            )
            footprints.extend(_footprint(p, f"{town.id} parcel", "built") for p in rivals)
    return {"zones": zones, "footprints": footprints}


def _footprint(project: schema.Project, zone: str, becomes: Any) -> schema.Footprint:
    return schema.Footprint(project=project.id, zone=zone, hectares=hectares(project), becomes=becomes)


def _barred(draft: Draft, ban: int) -> list[schema.Project]:
    """The projects that one of the four bans hits; a single one takes them all where there are few projects."""
    return [p for g, p in enumerate(draft.barred) if g % 4 == ban] or [draft.barred[ban % len(draft.barred)]]


def _line(kind: Any, touched: dict[str, list[tuple[schema.Project, str]]], allowed: Sequence[str] = ()) -> Tables:
    """A line in each town that has projects touching it."""
    title = kind.replace("_", " ")
    return {
        "zones": [
            schema.Zone(
                id=f"{town} {title}",
                town=town,
                kind=kind,
                area=Decimal(ceil(sum(hectares(p) for p, _ in rows))) + 10,
                allowed_categories=tuple(allowed),
            )
            for town, rows in touched.items()
        ],
        "footprints": [_footprint(p, f"{town} {title}", use) for town, rows in touched.items() for p, use in rows],
    }


def _touching(
    barred: Sequence[schema.Project], welcome: Sequence[tuple[schema.Project, str]]
) -> dict[str, list[tuple[schema.Project, str]]]:
    """By town: the barred projects and up to three others for each of them."""
    touched: dict[str, list[tuple[schema.Project, str]]] = {}
    for project in barred:
        touched.setdefault(project.town, []).append((project, "built"))
    room = {town: 3 * len(rows) for town, rows in touched.items()}
    names = {p.id for p in barred}
    for project, use in welcome:
        if room.get(project.town, 0) and project.id not in names:
            room[project.town] -= 1
            touched[project.town].append((project, use))
    return touched


def ecology(draft: Draft) -> Tables:
    """Red lines that some projects break and others restore; basins with a limit to what they can bear."""
    rng = stream(draft.seed, "ecology")
    restoring = [(p, "green") for p in draft.projects if p.town and group(p) == "nature"]
    lines = _line("red_line", _touching(_barred(draft, 0), restoring))
    basins = 1 if draft.small else 2
    basin = {t.id: f"basin {g % basins + 1}" for g, t in enumerate(draft.towns)}
    loads: list[schema.Row] = []
    net: dict[tuple[str, str], list[schema.Load]] = {}
    draws = percents(rng, len(draft.projects), 4)
    for project, draw in zip(draft.projects, draws, strict=True):
        if not project.town:
            continue
        for (pollutant, kind, sign), chance, strength in zip(LOADS[group(project)], draw[:2], draw[2:], strict=True):
            if chance < (90 if draft.small else 50):
                tonnes = Decimal(sign * (10 + strength) * (1 + root(project) // 20)) / 10
                load = schema.Load(
                    project=project.id, basin=basin[project.town], pollutant=pollutant, kind=kind, load=tonnes
                )
                loads.append(load)
                net.setdefault((load.basin, load.pollutant), []).append(load)
    capacities: list[schema.Row] = []
    for (name, pollutant), rows in net.items():
        others = [r.load for r in rows if r.load > 0 and r.project not in draft.plan]
        point = Decimal(whole(rng, 10, 60, 1)[0])
        diffuse = Decimal(ceil(sum(others, Decimal(0)) / 10))
        planned = {
            k: sum((r.load for r in rows if r.kind == k and r.project in draft.plan), Decimal(0))
            for k in ("point", "diffuse")
        }
        need = point + planned["point"] + max(Decimal(0), diffuse + planned["diffuse"])
        capacities.append(
            schema.Capacity(
                basin=name,
                pollutant=pollutant,
                base_point=point,
                base_diffuse=diffuse,
                capacity=max(Decimal(0), Decimal(ceil(need + room_for(draft, others, 35)))),
            )
        )
    return {**lines, "loads": loads, "capacities": capacities}


def heritage(draft: Draft) -> Tables:
    """Lines around heritage, old quarters, and assets that projects save, harm or use. The plan harms nothing."""
    rng = stream(draft.seed, "heritage")
    here = [p for p in draft.others if p.town]
    tables: Tables = {}
    for part in (
        _line("heritage_core", _touching(_barred(draft, 1), [(p, "green") for p in here if group(p) == "nature"])),
        _line(
            "heritage_control",
            _touching(_barred(draft, 2), [(p, "built") for p in here if set(BUILDABLE) & set(p.category)]),
            BUILDABLE,
        ),
        _old_quarters(draft, rng),
        _assets(draft, rng),
    ):
        for table, rows in part.items():
            tables.setdefault(table, []).extend(rows)
    return tables


def _old_quarters(draft: Draft, rng: Any) -> Tables:
    """Old quarters of a size that lets two fifths of what is asked for be demolished over the horizon."""
    zones: list[schema.Row] = []
    footprints: list[schema.Row] = []
    for town in draft.towns:
        building = [p for p in draft.projects if p.town == town.id and group(p) != "nature"]
        building = some(rng, building, max(2, len(building) // 3))
        if not building:
            continue
        planned: dict[int, Decimal] = {}
        for p in building:
            if p.id in draft.plan:
                planned[draft.plan[p.id]] = planned.get(draft.plan[p.id], Decimal(0)) + hectares(p)
        fair = sum(map(hectares, building), Decimal(0)) * 2 / 5 / draft.periods
        most = max([fair, *planned.values()]) + max(map(hectares, building))
        zone = f"{town.id} old quarter"
        zones.append(schema.Zone(id=zone, town=town.id, kind="old_quarter", area=Decimal(ceil(most / DEMOLITION))))
        footprints.extend(_footprint(p, zone, "built") for p in building)
    return {"zones": zones, "footprints": footprints}


def _assets(draft: Draft, rng: Any) -> Tables:
    here = [p for p in draft.projects if p.town]
    saving = [p for p in here if group(p) in ("culture", "nature")] or here
    harming = [p for p in draft.others if p.town and group(p) in ("growth", "care")] or list(draft.others)
    using = [p for p in draft.others if p.town]
    count = max(3, len(draft.projects) // 12)
    barred = {g: p for g, p in enumerate(_barred(draft, 3)) if g < count}
    assets: list[schema.Row] = []
    impacts: list[schema.Row] = []
    for g, (worth, threat, savers, harmers, depth) in enumerate(percents(rng, count, 5)):
        asset = f"A{g + 1}"
        assets.append(
            schema.Asset(
                id=asset,
                town=draft.towns[g % len(draft.towns)].id,
                name=("Salt well", "Lantern craft", "Guild hall", "Old bridge")[g % 4],
                era=("past", "present", "past", "future")[g % 4],
                kind=("industrial", "intangible", "tangible")[g % 3],
                grade=("county", "unlisted", "provincial", "national")[g % 4] if g not in barred else "county",
                value=Decimal(4 * (10 + worth)),
                threatened=threat < 35 or g == 1,
            )
        )
        touched: dict[str, tuple[int, bool]] = {}
        if g in barred:
            touched[barred[g].id] = (-4, False)
        for p in some(rng, saving, 1 + savers % 2):
            touched.setdefault(p.id, (1 + (savers + depth) % 4, savers < 25))
        for p in some(rng, harming, 1 + harmers % 2):
            touched.setdefault(p.id, (-1 - (harmers + depth) % 3, False))
        if g == 0 or (harmers < 60 and not draft.small):
            for p in some(rng, using, 1):
                touched.setdefault(p.id, (0, True))
        impacts.extend(
            schema.Impact(project=name, asset=asset, impact=impact, uses=uses)
            for name, (impact, uses) in touched.items()
        )
    return {"assets": assets, "impacts": impacts}


def policy(draft: Draft, tables: Tables, kept: Collection[str]) -> Policy:
    """Figures that bite and that the plan keeps, for the mechanisms that are kept."""
    zones: dict[str, Any] = {z.id: z for z in tables.get("zones", []) if isinstance(z, schema.Zone)}
    footprints: list[Any] = tables.get("footprints", [])
    figures: dict[str, Any] = {}
    if "land" in kept:
        lost = [(f.project, f.hectares) for f in footprints if zones[f.zone].kind == "arable" and f.becomes != "arable"]
        figures["farmland_quota_ha"] = limit(draft, lost, 40)
    if {"land", "ecology"} <= set(kept):
        figures["green_cover"] = _green_cover(draft, zones, footprints)
        figures["habitat_no_net_loss"] = True
    if "heritage" in kept:
        assets: list[Any] = tables["assets"]
        # the plan harms nothing, so it loses at most what is threatened
        lost_anyway = sum((a.value for a in assets if a.threatened), Decimal(0))
        at_risk = sum((a.value for a in assets if not a.threatened), Decimal(0))
        figures["heritage_loss_limit"] = Decimal(ceil(lost_anyway + at_risk / (1 if draft.small else 4)))
        figures["demolition_share"] = DEMOLITION
    return Policy(**figures)


def _green_cover(draft: Draft, zones: dict[str, Any], footprints: Sequence[Any]) -> Decimal:
    """A little less than the cover of the least green town, before the plan or after it."""
    least = Decimal(1)
    for moves in ([], [f for f in footprints if f.project in draft.plan]):
        area = {(z.town, z.kind): Decimal(0) for z in zones.values()}
        for z in zones.values():
            area[z.town, z.kind] += z.area
        for f in moves:
            z = zones[f.zone]
            if z.kind in USES:
                area[z.town, z.kind] -= f.hectares
                area[z.town, f.becomes] += f.hectares
        for town in draft.towns:
            green, built = area[town.id, "green"], area[town.id, "built"]
            least = min(least, green / (green + built))
    return max(Decimal(0), Decimal(int(least * 100) - (8 if draft.small else 3)) / 100)
