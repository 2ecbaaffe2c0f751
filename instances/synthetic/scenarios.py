"""Worlds that may come to a synthetic region: less money, dearer building, effects that do not come."""

from __future__ import annotations

from decimal import Decimal

from instances import schema
from instances.synthetic.draft import Draft, Tables, percents, stream

__all__ = ["scenarios"]


def scenarios(draft: Draft) -> Tables:
    """A cut of the county's money, dearer industry and roads, and less value added than hoped for."""
    [[cut, dearer, less]] = percents(stream(draft.seed, "scenarios"), 1, 3)
    changes = (
        ("a cut by the county", "budgets/county,*/amount", 60 + cut * 30 // 100, "0.2"),
        ("dear building", "projects/*/capital_cost", 110 + dearer * 20 // 100, "0.3"),
        ("a slump", "effects/*,value_added/value", 50 + less * 30 // 100, "0.1"),
    )
    rows: list[schema.Row] = [
        schema.Scenario(scenario=name, figure=figure, factor=Decimal(percent) / 100, probability=Decimal(probability))
        for name, figure, percent, probability in changes
    ]
    return {"scenarios": rows}
