"""Rules about what is uncertain: ranges hold the stated figure, scenarios change figures that exist."""

from __future__ import annotations

from collections.abc import Iterator

from instances.facts import Facts
from instances.faults import Fault
from instances.worlds import probabilities, worlds

__all__ = ["cost_ranges", "scenario_figures", "scenario_probabilities"]


def cost_ranges(facts: Facts) -> Iterator[Fault]:
    """The stated cost lies between the least and the most that a project may cost."""
    for position, project in enumerate(facts.region.projects):
        cause = "two columns exchanged, or the stated cost was changed and its range was not"
        if project.cost_low is not None and project.cost_low > project.capital_cost:
            rule = f"is above the stated cost, which is {project.capital_cost}"
            yield facts.fault("projects", position, "cost_low", project.cost_low, rule, cause)
        if project.cost_high is not None and project.cost_high < project.capital_cost:
            rule = f"is below the stated cost, which is {project.capital_cost}"
            yield facts.fault("projects", position, "cost_high", project.cost_high, rule, cause)


def scenario_figures(facts: Facts) -> Iterator[Fault]:
    """What a scenario changes exists, takes the new value, and is said by a factor or a value."""
    for position, row in enumerate(facts.region.scenarios):
        table = row.figure.partition("/")[0]
        if not facts.whole(table, "projects"):
            continue
        if (row.factor is None) == (row.value is None):
            rule = "is to be given, or else value" if row.factor is None else "is given, and value as well"
            cause = "a factor multiplies what is planned, a value takes its place: exactly one of the two"
            yield facts.fault("scenarios", position, "factor", row.factor, rule, cause)
            continue
        try:
            worlds(facts.region, [row.model_copy(update={"scenario": "this", "probability": None})])
        except ValueError as error:
            rule = f"cannot be changed: {error}"
            cause = "the row or column was renamed, or the new value is beyond the bounds of the column"
            yield facts.fault("scenarios", position, "figure", row.figure, rule, cause)


def scenario_probabilities(facts: Facts) -> Iterator[Fault]:
    """A scenario has one probability, all have one or none has, and together they do not exceed 1."""
    try:
        probabilities(facts.region.scenarios)
    except ValueError as error:
        cause = "a percentage in place of a share, or a row of a scenario that was added later"
        yield facts.fault("scenarios", None, "probability", None, str(error), cause)
