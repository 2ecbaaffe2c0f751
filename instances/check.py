"""The rules across tables, as a table: what each says, what must have been read for it, and the check."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from instances import (
    rules_commitments,
    rules_concentration,
    rules_endogenous,
    rules_goals,
    rules_grants,
    rules_identity,
    rules_network,
    rules_plan,
    rules_services,
    rules_symbiosis,
    rules_tables,
    rules_time,
    rules_timeline,
    rules_uncertainty,
)
from instances.facts import Facts
from instances.faults import Fault
from instances.region import Region

__all__ = ["RULES", "Facts", "Rule", "check_facts", "check_region"]


@dataclass(frozen=True)
class Rule:
    """A rule: what it says, the parts that must be free of faults to apply it, and the search for breaches."""

    says: str
    check: Callable[[Facts], Iterable[Fault]]
    needs: tuple[str, ...] = ()


RULES: tuple[Rule, ...] = (
    Rule("there is something to choose from", rules_tables.no_projects),
    Rule("the key columns of a table name a row once", rules_tables.duplicate_keys),
    Rule("what a row names stands in the table that lists it", rules_tables.dangling_references),
    Rule("no project takes the name of an objective or a reserved word", rules_goals.clashing_names),
    Rule("every project can be completed within the periods", rules_plan.no_start_possible, ("periods",)),
    Rule("an adopted start is an allowed start", rules_plan.adopted_elsewhere, ("periods",)),
    Rule("funds give money in periods that exist", rules_plan.budget_periods, ("periods",)),
    Rule("a fund pays for the same categories in all its periods", rules_plan.fund_categories),
    Rule("what costs money has a fund that may pay for it", rules_plan.unfunded_projects, ("budgets", "periods")),
    Rule("members of relations exist", rules_plan.relation_members),
    Rule("amounts of relations are given and can be reached", rules_plan.relation_amounts),
    Rule("members of synergies exist and are enough", rules_plan.synergy_members),
    Rule("what comes each year comes at all", rules_time.never_in_service, ("projects", "periods", "tail_periods")),
    Rule("what waits for others can still be built", rules_time.after_too_late, ("projects", "relations", "periods")),
    Rule("grants have what their kind needs", rules_grants.grant_conditions),
    Rule("members of grants exist", rules_grants.grant_members),
    Rule("grants count indicators that exist", rules_grants.grant_points),
    Rule("grants go into funds and periods that exist", rules_grants.grant_funds),
    Rule("promised starts are allowed starts", rules_commitments.promised_starts, ("projects", "periods")),
    Rule("promises are binding or charged", rules_commitments.promises_that_mean_something),
    Rule("no footprint is larger than its zone", rules_plan.oversized_footprints),
    Rule("every load has a capacity to be measured against", rules_plan.unbounded_loads),
    Rule("points of memory do not rise", rules_timeline.rising_points, ("timeline",)),
    Rule("there are assets enough for the minimums", rules_timeline.unreachable_minimums, ("assets", "policy")),
    Rule("only an industry of a town leads", rules_identity.misplaced_leaders),
    Rule("neighbours are two towns, one row a pair", rules_identity.neighbour_pairs),
    Rule("industry towns have industry categories", rules_concentration.industry_categories, ("policy",)),
    Rule("members of fair shares exist", rules_concentration.fair_share_members),
    Rule("fair shares have figures that can be kept", rules_concentration.fair_share_figures),
    Rule("what changes a source or is activated has sources", rules_endogenous.unknown_sources),
    Rule("floors of sources can be kept", rules_endogenous.reachable_floors, ("sources", "source_changes")),
    Rule("levels of activation rise", rules_endogenous.activation_levels),
    Rule("location quotients have effects to scale and jobs to compare", rules_endogenous.compared_industries),
    Rule("what is supplied is a service of the town", rules_services.unknown_services),
    Rule("services have residents to serve", rules_services.service_towns),
    Rule("newcomers are counted in steps up to a limit", rules_services.newcomer_figures, ("policy",)),
    Rule("a link leads from one node to another", rules_network.links_in_a_loop),
    Rule("people can travel today", rules_network.stranded_people, ("nodes", "links")),
    Rule("trips can arrive", rules_network.stranded_trips, ("nodes", "links")),
    Rule("trips have capacities to be measured against", rules_network.trips_without_capacity, ("links",)),
    Rule("exchanges are of by-products", rules_symbiosis.exchanges_of_nothing, ("byproducts",)),
    Rule("takers take no more than comes about", rules_symbiosis.too_many_takers, ("byproducts",)),
    Rule(
        "polluting categories have projects and a park",
        rules_symbiosis.park_categories,
        ("projects", "zones", "policy"),
    ),
    Rule("stated costs lie within their ranges", rules_uncertainty.cost_ranges),
    Rule("scenarios change figures that exist", rules_uncertainty.scenario_figures),
    Rule("probabilities of scenarios are shares of 1", rules_uncertainty.scenario_probabilities),
    Rule("every project is scored on every criterion", rules_goals.missing_scores, ("projects", "scores")),
    Rule("every criterion counts for its objective", rules_goals.uncounted_criteria),
    Rule("objectives add up indicators that exist", rules_goals.unknown_indicators),
    Rule("no effect or criterion takes the name of a computed indicator", rules_goals.built_in_names),
    Rule(
        "two to seven objectives are compared",
        rules_goals.compared_objectives,
        ("objectives", "compare", "criteria"),
    ),
)


def check_region(region: Region) -> list[Fault]:
    """All breaches of the rules across tables; an empty list if the region is sound.

    Rows are counted as a sheet with a header would show them: the first row of a table is row 2.

    >>> from instances import read_region
    >>> check_region(read_region("zigong"))
    []
    """
    return list(check_facts(Facts.of(region)))


def check_facts(facts: Facts) -> Iterator[Fault]:
    """The same for a region of which only a part could be read: rules that need the rest are left out."""
    for rule in RULES:
        if facts.whole(*rule.needs):
            yield from rule.check(facts)
