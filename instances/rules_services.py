"""Rules about services: where they are, what adds to them, and newcomers."""

from __future__ import annotations

from collections.abc import Iterator

from instances.facts import Facts
from instances.faults import Fault, did_you_mean

__all__ = ["newcomer_figures", "service_towns", "unknown_services"]

STEP, LIMIT = "policy.newcomer_step", "policy.newcomer_limit"


def unknown_services(facts: Facts) -> Iterator[Fault]:
    """A supply names a service that its town has."""
    if "services" in facts.unread:
        return
    known = {(row.service, row.town) for row in facts.region.services}
    known |= {(cells.get("service", ""), cells.get("town", "")) for cells in facts.wrong.get("services", ())}
    words = {f"{service} + {town}": None for service, town in known}
    for position, row in enumerate(facts.region.supply):
        if (row.service, row.town) not in known:
            value = f"{row.service} + {row.town}"
            rule = "has no row in the table services, so the supply would count for nothing"
            cause = did_you_mean(value, words) if words else "the table services is missing"
            yield facts.fault("supply", position, "service + town", value, rule, cause)


def service_towns(facts: Facts) -> Iterator[Fault]:
    """The need is counted a head, so the towns of services and their residents must be known."""
    if facts.region.services and facts.absent("towns"):
        rule = "the table towns is missing, which holds the residents that the need is counted for"
        cause = "a file or sheet left out or misnamed: add towns with their population"
        yield facts.fault("services", None, "town", None, rule, cause)


def newcomer_figures(facts: Facts) -> Iterator[Fault]:
    """Newcomers are counted in steps, up to a limit: both are given, and the step is neither 0 nor beyond the limit."""
    policy = facts.region.settings.policy
    step, limit = policy.newcomer_step, policy.newcomer_limit
    if step is None and limit is None:
        for name, goal in facts.region.settings.objectives.items():
            if "newcomers" in goal.weights:
                rule = f"is left out, but objective {name} counts newcomers"
                cause = "newcomers are counted in steps of newcomer_step people, up to newcomer_limit: set both"
                yield facts.head_fault(STEP, None, rule, cause)
    elif step is None or limit is None:
        lacking, given = (STEP, "newcomer_limit") if step is None else (LIMIT, "newcomer_step")
        rule = f"is left out, but {given} is set"
        cause = "newcomers are counted in steps of newcomer_step people, up to newcomer_limit: set both or neither"
        yield facts.head_fault(lacking, None, rule, cause)
    elif not step:
        rule = "is no step; newcomers are counted in steps of so many people"
        yield facts.head_fault(STEP, f"{step:f}", rule, "to leave newcomers out, remove the key")
    elif step > limit:
        rule = f"is more than newcomer_limit ({limit:f}); not even one step could be counted"
        yield facts.head_fault(STEP, f"{step:f}", rule, "the two figures exchanged")
