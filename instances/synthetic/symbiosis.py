"""By-products of a synthetic region, who would take them, and parks where polluting plants may build."""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from instances import schema
from instances.synthetic.draft import Draft, Drawn, Tables, percents, root, some, stream
from instances.synthetic.ground import hectares

__all__ = ["symbiosis"]

MATERIALS = ("brine", "waste heat", "fly ash")


def symbiosis(draft: Draft) -> Drawn:
    """Chains of plants that take each other's by-products, and a park in each town with industry.

    In the plan the first project gives all of its by-product to the second; the other plants of the plan have none, and
    its polluting ones build inside a park. A quarter of the other polluting plants are drawn outside.
    """
    rng = stream(draft.seed, "symbiosis")
    kinds = [kind for p in (*draft.others, *draft.planned) for kind in p.category]
    polluting = "industry" if "industry" in kinds else kinds[0]
    others = [p for p in draft.others if polluting in p.category] or list(draft.others)
    byproducts: list[schema.Row] = []
    exchanges: list[schema.Row] = []
    first, second = draft.planned[:2]
    for g, giver in enumerate([first, *some(rng, others, max(2, len(draft.projects) // 10))]):
        material, tonnes = MATERIALS[g % len(MATERIALS)], 10 + root(giver)
        byproducts.append(schema.Byproduct(project=giver.id, material=material, tonnes=Decimal(tonnes)))
        if g == 0:
            takers, share = [second], 100
        else:
            near = [p for p in draft.projects if p is not giver and p.town in ("", giver.town)]
            pool = near if len(near) > 1 else [p for p in draft.projects if p is not giver]
            takers, share = some(rng, pool, 1 + g % 2), 80 if g % 2 == 0 else 45
        exchanges.extend(
            schema.Exchange(
                source=giver.id,
                target=taker.id,
                material=material,
                tonnes=Decimal(tonnes * share) / 100,
                saving=Decimal(1 + tonnes * (1 + g % 3) // 2),
            )
            for taker in takers
        )
    return Drawn(
        {"byproducts": byproducts, "exchanges": exchanges, **_parks(draft, polluting, rng)},
        weights={"growth": {"exchange_saving": Decimal(1)}},
        policy={"closed_chain": Decimal("0.4"), "park_only": (polluting,)},
    )


def _parks(draft: Draft, polluting: str, rng: np.random.Generator) -> Tables:
    """A park in each town that has polluting plants; those that serve the whole region build in the first."""
    plants = [p for p in draft.projects if polluting in p.category]
    area: dict[str, Decimal] = {}
    footprints: list[schema.Row] = []
    for g, (plant, (drawn,)) in enumerate(zip(plants, percents(rng, len(plants), 1), strict=True)):
        town = plant.town or draft.towns[0].id
        area[town] = area.get(town, Decimal(0)) + hectares(plant)
        if g == 0 or drawn < 75 or plant.id in draft.plan:
            footprints.append(schema.Footprint(project=plant.id, zone=_park(town), hectares=hectares(plant)))
    zones: list[schema.Row] = [
        schema.Zone(id=_park(town), town=town, kind="eco_park", area=ha) for town, ha in area.items()
    ]
    return {"zones": zones, "footprints": footprints}


def _park(town: str) -> str:
    return f"{town} eco park"
