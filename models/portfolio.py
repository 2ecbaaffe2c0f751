"""Region to Pyomo model: decisions, then each planning mechanism in turn, then the objectives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from instances.region import Region
from instances.schema import Project
from instances.settings import Goal
from models.draft import Draft
from models.mechanisms import MECHANISMS
from models.objectives import add_objectives

__all__ = ["draft_portfolio", "portfolio_model"]


def portfolio_model(region: Region, objectives: Sequence[str] | None = None) -> Any:
    """The region as a Pyomo ``ConcreteModel``.

    ``model.start[project, period]`` is 1 if the project starts in the period; ``model.objective[name]`` counts whole
    quanta in the objective's own sense, all of them active; ``model.forbidden`` lists the projects that no portfolio
    can hold and the rules that say so.

    Raises ``ValueError`` for an objective that the region does not have or whose figures do not fit its quantum.

    >>> from instances.schema import Project
    >>> from instances.settings import Goal, Settings
    >>> head = Settings(name="hamlet", objectives={"thrift": Goal(minimize={"capital_cost": 1})})
    >>> model = portfolio_model(Region(settings=head, projects=(Project(id="well", capital_cost=3),)))
    >>> [var.name for var in model.start.values()]
    ['start[well,1]']
    """
    return draft_portfolio(region, objectives).model


def draft_portfolio(region: Region, objectives: Sequence[str] | None = None, draft: type[Draft] = Draft) -> Draft:
    """The finished draft: the Pyomo model together with what its columns, rows and objectives mean."""
    return _written(draft(region, _compared(region, objectives)))


def _written(draft: Draft) -> Draft:
    region = draft.region
    switched_on = [m for m in MECHANISMS if any(table in region.tables for table in m.TABLES)]
    for mechanism in switched_on:
        for name, provider in mechanism.indicators(region).items():
            draft.provide(name, provider)
    for mechanism in switched_on:
        mechanism.build(draft)
    for project in region.projects:
        if project.locked == "in":
            _lock(draft, project)
    draft.objectives = add_objectives(draft)
    draft.model.forbidden = tuple(draft.forbidden)
    return draft


def _compared(region: Region, objectives: Sequence[str] | None) -> dict[str, Goal]:
    names = region.compared if objectives is None else tuple(objectives)
    unknown = [name for name in names if name not in region.goals]
    if unknown:
        raise ValueError(
            f"no objective is called {', '.join(unknown)}; region {region.name} has {', '.join(region.goals) or 'none'}"
        )
    return {name: region.goals[name] for name in names}


def _lock(draft: Draft, project: Project) -> None:
    """Chosen in every portfolio: a bound if the project has one start and may be chosen, else a row."""
    built = draft.built(project.id)
    if len(built.terms) == 1 and not any(f.project == project.id for f in draft.forbidden):
        draft.columns[next(iter(built.terms))].setlb(1)
    else:
        draft.rule("locked", project.id, built, lower=1)
