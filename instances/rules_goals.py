"""Rules about what is compared: objectives, indicators, criteria and scores, and the names they take."""

from __future__ import annotations

from collections.abc import Iterator

from instances.facts import Facts
from instances.faults import Fault, did_you_mean, listing
from instances.head import dotted
from instances.worlds import over_worlds

__all__ = [
    "BUILT_IN",
    "built_in_names",
    "clashing_names",
    "compared_objectives",
    "known_indicators",
    "missing_scores",
    "uncounted_criteria",
    "unknown_indicators",
]

#: Indicators that every region has, whatever its effects; see ``docs``.
BUILT_IN = (
    "capital_cost",
    "public_cost",
    "operating_cost",
    "projects",
    "farmland_converted",
    "green_gain",
    "heritage_loss",
    "heritage_gain",
    "people_reached",
    "activated_growth",
    "service_met",
    "worst_shortfall",
    "newcomers",
    "break_charge",
    "changes",
    "memory",
    "alikeness",
    "travel_time",
    "exchange_saving",
)
FEWEST, MOST = 2, 7
#: A column of the front beside the objectives and projects, and a selector of members.
RESERVED = {"portfolio": "the number of a portfolio in front.csv", "all": "all projects, in the members of a rule"}


def known_indicators(facts: Facts) -> dict[str, None] | None:
    """All names of indicators, or None if a table that names them could not be read."""
    if not facts.unread.isdisjoint({"effects", "criteria", "synergies"}):
        return None
    return {
        **facts.named("effects", "indicator"),
        **facts.named("criteria", "criterion"),
        **facts.named("synergies", "indicator"),
        **dict.fromkeys(BUILT_IN),
        **dict.fromkeys(facts.region.cautious_and_hopeful),
        **dict.fromkeys(over_worlds(facts.region)),
    }


def unknown_indicators(facts: Facts) -> Iterator[Fault]:
    """An objective adds up indicators that exist."""
    known = known_indicators(facts)
    if known is None:
        return
    for name, goal in facts.region.settings.objectives.items():
        for indicator in goal.weights:
            if indicator not in known:
                sense = "maximize" if goal.maximize else "minimize"
                key = dotted(("objectives", name, sense, indicator))
                rule = "is not an indicator: no effect, criterion or synergy has this name"
                yield facts.head_fault(key, indicator, rule, did_you_mean(indicator, known))


def built_in_names(facts: Facts) -> Iterator[Fault]:
    """Effects and criteria do not take the name of an indicator that is computed from the tables."""
    computed = {*BUILT_IN, *facts.region.cautious_and_hopeful, *over_worlds(facts.region)}
    for table, column in (("effects", "indicator"), ("criteria", "criterion")):
        for position, row in enumerate(getattr(facts.region, table)):
            name = getattr(row, column)
            if name in computed:
                rule = "is computed from the tables; it would be counted twice"
                cause = f"the same figure entered a second time: delete the row, or rename it, for instance own_{name}"
                yield facts.fault(table, position, column, name, rule, cause)


def compared_objectives(facts: Facts) -> Iterator[Fault]:
    """There are two to seven objectives to trade off, each named once."""
    goals = facts.region.goals
    if not goals:
        rule = "there is no objective, so there is nothing to trade off"
        cause = "the section [objectives.growth] with maximize = {…} was left out, and there are no criteria either"
        yield facts.head_fault(None, None, rule, cause)
        return
    compare = facts.region.settings.compare
    for name in dict.fromkeys(compare):
        if name not in goals:
            yield facts.head_fault("compare", name, "is not an objective", did_you_mean(name, goals))
        if compare.count(name) > 1:
            yield facts.head_fault("compare", name, f"is named {compare.count(name)} times", "a name copied twice")
    count = len(dict.fromkeys(facts.region.compared))
    if not FEWEST <= count <= MOST:
        key = "compare" if compare else None
        rule = (
            f"{count} {'objective is' if count == 1 else 'objectives are'} compared; a front takes {FEWEST} to {MOST}"
        )
        cause = "declare a second objective" if count < FEWEST else "name those to trade off in the setting compare"
        if compare and count < FEWEST:
            cause = "compare names too few objectives; leave it out to compare all"
        yield facts.head_fault(key, None, rule, cause)


def uncounted_criteria(facts: Facts) -> Iterator[Fault]:
    """A criterion counts for its objective, also where the settings declare that objective."""
    for position, criterion in enumerate(facts.region.criteria):
        goal = facts.region.settings.objectives.get(criterion.objective)
        if goal and criterion.criterion not in goal.weights:
            rule = f"does not count: objective {criterion.objective} is declared in the settings without it"
            cause = (
                "the objective declared twice: delete it from the settings, or name the criterion there with its weight"
            )
            yield facts.fault("criteria", position, "criterion", criterion.criterion, rule, cause)


def missing_scores(facts: Facts) -> Iterator[Fault]:
    """Every project is scored on every criterion."""
    scored: dict[str, set[str]] = {criterion.criterion: set() for criterion in facts.region.criteria}
    for score in facts.region.scores:
        scored.setdefault(score.criterion, set()).add(score.project)
    for position, criterion in enumerate(facts.region.criteria):
        lacking = [p.id for p in facts.region.projects if p.id not in scored[criterion.criterion]]
        if lacking:
            every = len(lacking) == len(facts.region.projects)
            who = "any project" if every else f"{len(lacking)} of {len(facts.region.projects)} projects"
            rule = f"has no score for {who}: {listing(lacking)}"
            cause = "projects added after scoring; a project that does nothing for a criterion scores 1"
            if every:
                cause = "the table scores is missing, or names the criterion in another way"
            yield facts.fault("criteria", position, "criterion", criterion.criterion, rule, cause)


def clashing_names(facts: Facts) -> Iterator[Fault]:
    """Projects and objectives become columns of one table, so no two of them share a name."""
    goals = facts.region.goals
    for position, project in enumerate(facts.region.projects):
        if project.id in goals:
            rule = "is also the name of an objective; both are columns of front.csv"
            cause = f"a word used twice: rename the project, for instance {project.id}_project"
            yield facts.fault("projects", position, "id", project.id, rule, cause)
        elif project.id in RESERVED:
            rule = f"is a reserved word: {RESERVED[project.id]}"
            yield facts.fault("projects", position, "id", project.id, rule, "a total row, or a name too general")
        elif project.id.partition("=")[0] in ("category", "town", "district", "setting") and "=" in project.id:
            rule = "reads like a selector of members"
            yield facts.fault("projects", position, "id", project.id, rule, "a rule's member in the column id")
    if "portfolio" in goals:
        rule = f"is a reserved word: {RESERVED['portfolio']}"
        key = "objectives.portfolio" if "portfolio" in facts.region.settings.objectives else None
        yield facts.head_fault(key, "portfolio", rule, "a name too general: growth or livability say more")
