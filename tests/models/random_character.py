"""Random tables of the timeline, of identity and of concentration; for :mod:`.random_towns`."""

from __future__ import annotations

from itertools import combinations

from instances.schema import Asset, FairShare, Impact, Neighbour, Tag, TimelineStep, Town
from instances.settings import Goal, Policy
from tests.models.towns import GROWTH, rows


def timeline(draw, ids, kinds, periods):
    assets = [
        Asset(
            id=f"A{n}",
            town=draw.choice("AAB"),
            era=draw.choice(("past", "past", "future")),
            kind=draw.choice(("tangible", "intangible")),
            value=1,
            threatened=draw.random() < 0.5,
        )
        for n in range(5)
    ]
    impacts = [
        Impact(project=p, asset=a.id, impact=draw.choice((-4, -4, -2, 1, 3)))
        for p in ids
        for a in assets
        if draw.random() < 0.5
    ]
    points = sorted(draw.choices((0, 1, 2, 2, 5, "7.5"), k=draw.choice((1, 2, 3, 6))), key=float, reverse=True)
    return {
        "goals": _pressed(draw, "memory"),
        "assets": assets,
        "impacts": impacts,
        "timeline": rows(TimelineStep, *enumerate(points, 1)),
        "policy": Policy(eras_minimum=draw.choice((None, 1, 2)), kinds_minimum=draw.choice((None, None, 1))),
    }


def identity(draw, ids, kinds, periods):
    tags = [
        Tag(project=p, kind=kind, tag=tag, weight=draw.choice((1, 1, "0.5", "0.3")), leading=kind == "industry")
        for p in ids
        for kind, tag in draw.sample(
            [("style", "old"), ("typology", "park"), ("industry", "salt"), ("industry", "tea")], draw.choice((0, 1, 2))
        )
    ]
    return {
        "goals": _pressed(draw, "alikeness"),
        "tags": tags,
        "neighbours": [row for row in rows(Neighbour, *combinations("ABCDE", 2)) if draw.random() < 0.4],
        "policy": Policy(alike_from=draw.choice((None, 0, "0.3", 1)), one_leading_industry=draw.choice((True, False))),
    }


def concentration(draw, ids, kinds, periods):
    shares = [
        (
            f"F{n}",
            draw.choice(("town=A", "district=D", "setting=urban", "category=roads", ids[0])),
            draw.choice((None, "0.2", "0.35")),
            draw.choice((None, 1, "0.7")),
            *draw.choice(((0, 0), (0, 0), (0, "1.5"), ("0.5", "1.5"))),
        )
        for n in range(2)
    ]
    return {
        "towns": [Town(id=t, district=draw.choice("DE"), setting=draw.choice(("urban", "rural"))) for t in "ABCDE"],
        "fair_shares": rows(FairShare, *shares),
        "policy": Policy(
            industry_categories=draw.sample(kinds, draw.choice((1, 2))),
            industry_towns=draw.choice((None, 0, 1)),
            industry_mass=draw.choice((None, 1, 2, 3)),
        ),
    }


def _pressed(draw, indicator):
    """The indicator drawn up or down."""
    return {**GROWTH, indicator: Goal(**{draw.choice(("maximize", "minimize")): {indicator: draw.choice((1, 2))}})}
