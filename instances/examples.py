"""The example rows of the template: four projects of a river town, and one row of every other table."""

from __future__ import annotations

from typing import Any

__all__ = ["FILLED", "GOALS", "POLICY", "SCORED", "SECOND", "SETTINGS", "SHOWN"]

Rows = list[dict[str, Any]]

SETTINGS: dict[str, Any] = {
    "title": "My town",
    "description": "What the town is, and what the money is for",
    "provenance": "Examples: replace them by your own figures",
    "money": "thousand CNY",
    "periods": 2,
    "first_period": 2026,
}
POLICY: dict[str, Any] = {
    "farmland_quota_ha": 20,
    "green_cover": 0.35,
    "habitat_no_net_loss": True,
    "heritage_loss_limit": 5,
    "demolition_share": 0.1,
    "eras_minimum": 1,
    "kinds_minimum": 1,
    "alike_from": 0.5,
    "one_leading_industry": True,
    "industry_categories": ["trade"],
    "industry_towns": 1,
    "industry_mass": 1,
    "overruns_borne": 1,
    "tail_share": 0.5,
    "operating_tail_limit": 90,
    "internal_share": 0.4,
    "location_quotient": ["jobs"],
    "newcomer_step": 100,
    "newcomer_limit": 1000,
    "closed_chain": 0.5,
    "park_only": ["water"],
}
GOALS: dict[str, dict[str, Any]] = {
    "growth": {"label": "Economic growth", "unit": "jobs", "maximize": {"jobs": 1}},
    "livability": {"label": "Livability", "unit": "points", "maximize": {"clean_water": 2, "green": 1}},
    "cost": {"label": "Running cost", "unit": "thousand CNY a year", "minimize": {"operating_cost": 1}},
}

_PROJECTS: Rows = [
    {"id": "road", "name": "Road to the station", "category": "road", "capital_cost": 900, "operating_cost": 20},
    {"id": "sewage", "name": "Sewage plant", "category": "water", "capital_cost": 1200, "operating_cost": 60}
    | {"duration": 2},
    {"id": "park", "name": "Riverside park", "category": "green", "capital_cost": 300, "operating_cost": 15},
    {"id": "market", "name": "Covered market", "category": "trade | heritage", "capital_cost": 500}
    | {"operating_cost": 10, "earliest_start": 2},
]
_BUDGETS: Rows = [
    {"fund": "town", "period": 1, "amount": 1000, "carry_over": "yes"},
    {"fund": "town", "period": 2, "amount": 800},
    {"fund": "county_water", "period": 1, "amount": 400, "carry_over": "yes", "categories": "water | green"},
]

FILLED: dict[str, Rows] = {
    "projects": _PROJECTS,
    "effects": [
        {"project": "road", "indicator": "jobs", "value": 40, "source": "external"},
        {"project": "market", "indicator": "jobs", "value": 55, "source": "internal"},
        {"project": "park", "indicator": "jobs", "value": 5, "source": "internal"},
        {"project": "sewage", "indicator": "clean_water", "value": 8},
        {"project": "park", "indicator": "green", "value": 6},
        {"project": "road", "indicator": "green", "value": -2},
    ],
    "budgets": _BUDGETS,
}

_SCORES = {"road": (4, 2, 1), "sewage": (2, 5, 2), "park": (2, 4, 3), "market": (5, 2, 4)}
SCORED: dict[str, Rows] = {
    "projects": _PROJECTS,
    "criteria": [
        {"criterion": "local_jobs", "objective": "growth", "weight": 2, "score_1": "no lasting job"}
        | {"score_3": "about ten lasting jobs", "score_5": "fifty lasting jobs or more"},
        {"criterion": "daily_life", "objective": "livability", "weight": 1, "score_1": "nobody notices"}
        | {"score_3": "a street is better off", "score_5": "the whole town is better off"},
        {"criterion": "what_is_ours", "objective": "character", "weight": 1, "score_1": "could stand anywhere"}
        | {"score_3": "fits the town", "score_5": "only here: craft; place and memory"},
    ],
    "scores": [
        {"project": project, "criterion": criterion, "score": score}
        for project, scores in _SCORES.items()
        for criterion, score in zip(("local_jobs", "daily_life", "what_is_ours"), scores, strict=True)
    ],
    "budgets": _BUDGETS,
}

SHOWN: dict[str, dict[str, Any]] = {
    "effects": {"project": "road", "indicator": "jobs", "value": 40, "source": "external"},
    "criteria": {"criterion": "local_jobs", "objective": "growth", "weight": 2, "score_5": "fifty lasting jobs"},
    "scores": {"project": "road", "criterion": "local_jobs", "score": 4},
    "towns": {"id": "riverside", "name": "Riverside", "population": 12000, "area": 35},
    "relations": {"id": "no market without the road", "kind": "requires", "members": "market | road"},
    "synergies": {"id": "park by the market", "members": "park | market", "indicator": "jobs", "value": 5},
    "zones": {"id": "river_bank", "town": "riverside", "kind": "arable", "area": 12},
    "footprints": {"project": "park", "zone": "river_bank", "hectares": 3, "becomes": "green"},
    "loads": {"project": "sewage", "basin": "river", "pollutant": "COD", "kind": "point", "load": -30},
    "capacities": {"basin": "river", "pollutant": "COD", "base_point": 120, "base_diffuse": 40, "capacity": 150},
    "assets": {"id": "salt_wharf", "town": "riverside", "grade": "county", "value": 10, "threatened": "yes"},
    "impacts": {"project": "market", "asset": "salt_wharf", "impact": 2, "uses": "yes"},
    "places": {"id": "north_bank", "people": 800},
    "reach": {"project": "park", "place": "north_bank"},
    "timeline": {"count": 1, "points": 5},
    "tags": {"project": "market", "kind": "style", "tag": "brick halls", "weight": 1},
    "neighbours": {"town": "riverside", "other": "hillside"},
    "fair_shares": {"id": "something for the centre", "members": "road | market", "at_least": 0.2},
    "grants": {"id": "river fund", "kind": "count", "members": "sewage | park", "threshold": 2}
    | {"fund": "county_water", "period": 2, "amount": 250},
    "scenarios": {"scenario": "less from the county", "figure": "budgets/county_water/amount", "factor": 0.5}
    | {"probability": 0.2},
    "commitments": {"project": "sewage", "period": 1, "drop_charge": 10, "move_charge": 3},
    "sources": {"town": "riverside", "source": "boat building", "form": "soft", "stock": 12, "floor": 10},
    "source_changes": {"project": "market", "town": "riverside", "source": "boat building", "change": 3},
    "activations": {"town": "riverside", "level": 1, "internal": 14, "external": 0, "gain": 30},
    "industries": {"town": "riverside", "industry": "boat building", "jobs": 240},
    "services": {"service": "market stalls", "town": "riverside", "capacity": 100, "per_head": 0.01}
    | {"per_newcomer": 0.01, "advance": 0.2},
    "supply": {"project": "market", "service": "market stalls", "town": "riverside", "capacity": 40},
    "nodes": {"id": "station", "town": "riverside", "trunk": "yes"},
    "links": {"id": "wharf road", "start": "wharf", "end": "station", "minutes": 12, "capacity": 1500},
    "trips": {"project": "market", "node": "wharf", "trips": 300},
    "byproducts": {"project": "market", "material": "food waste", "tonnes": 40},
    "exchanges": {"source": "market", "target": "park", "material": "food waste", "tonnes": 30, "saving": 2},
}
"""One row of each table that is off, to be copied: it shows what a row looks like."""

SECOND: dict[str, dict[str, Any]] = {
    "towns": {"id": "hillside", "name": "Hillside", "population": 4000, "area": 50},
    "zones": {"id": "east_park", "town": "riverside", "kind": "eco_park", "area": 20},
    "footprints": {"project": "sewage", "zone": "east_park", "hectares": 4},
    "nodes": {"id": "wharf", "town": "riverside", "people": 800, "trips": 1100},
}
"""A second row where others would name two."""
