"""Rules about commitments: what was promised is possible, and breaking it means something."""

from __future__ import annotations

from collections.abc import Iterator

from instances.facts import Facts
from instances.faults import Fault

__all__ = ["promised_starts", "promises_that_mean_something"]


def promised_starts(facts: Facts) -> Iterator[Fault]:
    """A promised start is an allowed start, and what is binding is not locked out."""
    for position, promise in enumerate(facts.region.commitments):
        project = facts.region.project.get(promise.project)
        if project is None:
            continue
        starts = facts.region.starts(project)
        if starts and promise.period not in starts:
            allowed = str(starts[0]) if len(starts) == 1 else f"{starts[0]} to {starts[-1]}"
            rule = f"is not an allowed start period of {project.id}; allowed is {allowed}"
            cause = "a calendar year in place of a period, or a window in projects that came after the promise"
            yield facts.fault("commitments", position, "period", promise.period, rule, cause)
        if promise.binding and project.locked == "out":
            rule = f"must be no, as {project.id} is locked out in projects; no plan can keep both"
            cause = "a promise that was taken back: delete it, or unlock the project"
            yield facts.fault("commitments", position, "binding", promise.binding, rule, cause)


def promises_that_mean_something(facts: Facts) -> Iterator[Fault]:
    """A promise is either binding or charged."""
    for position, promise in enumerate(facts.region.commitments):
        charges = {"drop_charge": promise.drop_charge, "move_charge": promise.move_charge}
        if promise.binding:
            for column, charge in charges.items():
                if charge:
                    rule = "is never charged: the commitment is binding, so it cannot be broken"
                    cause = "binding is meant to be no; otherwise leave the cell empty"
                    yield facts.fault("commitments", position, column, charge, rule, cause)
        elif not any(charges.values()):
            rule = "leaves the commitment without a meaning, as there is no charge either"
            cause = "binding = yes was left out, or what dropping or moving it costs"
            yield facts.fault("commitments", position, "binding", promise.binding, rule, cause)
