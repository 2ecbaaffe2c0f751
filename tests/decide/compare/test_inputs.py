from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from instances import read_region
from instances.schema import Effect
from optimizer.decide.compare.inputs import input_changes


def test_rows_cells_settings_and_policy() -> None:
    old = read_region("hamlet")
    policy = old.settings.policy.model_copy(update={"green_cover": Decimal("0.5")})
    projects = list(old.projects)
    projects[0] = projects[0].model_copy(update={"capital_cost": Decimal(7), "category": ("road", "bridge")})
    new = replace(
        old,
        settings=old.settings.model_copy(update={"policy": policy}),
        projects=tuple(projects[:-1]),
        effects=(*old.effects, Effect(project="road", indicator="dust", value=Decimal(2))),
    )
    said = [str(change) for change in input_changes(old, new)]
    assert said[0].startswith("region policy.green_cover: ")
    assert "projects road, category: road → road, bridge" in said
    assert "projects road, capital_cost: 3 → 7" in said
    assert f"projects {old.projects[-1].id}: removed" in said
    assert "effects road, dust: added" in said
    assert len(said) == 5


def test_the_other_way_round() -> None:
    old = read_region("hamlet")
    new = replace(old, projects=old.projects[1:])
    assert [c.what for c in input_changes(old, new)] == ["removed"]
    assert [c.what for c in input_changes(new, old)] == ["added"]


def test_titles_do_not_bear_on_portfolios() -> None:
    old = read_region("hamlet")
    titled = replace(old, settings=old.settings.model_copy(update={"title": "Another"}))
    named = replace(old, projects=(old.projects[0].model_copy(update={"name": "Lane"}), *old.projects[1:]))
    locked = replace(old, projects=(old.projects[0].model_copy(update={"locked": "in"}), *old.projects[1:]))
    assert [[c.bears for c in input_changes(old, new)] for new in (titled, named, locked)] == [[False], [False], [True]]


def test_notes_and_the_order_of_rows_are_no_input() -> None:
    old = read_region("hamlet")
    noted = tuple(project.model_copy(update={"note": "seen"}) for project in reversed(old.projects))
    assert input_changes(old, replace(old, projects=noted)) == ()
