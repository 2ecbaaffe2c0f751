"""Rules about identity: who can lead, and who is a neighbour of whom."""

from __future__ import annotations

from collections.abc import Iterator

from instances.facts import Facts
from instances.faults import Fault

__all__ = ["misplaced_leaders", "neighbour_pairs"]


def misplaced_leaders(facts: Facts) -> Iterator[Fault]:
    """Only an industry leads, and only a project in a town makes it lead."""
    project = facts.region.project
    for position, row in enumerate(facts.region.tags):
        if not row.leading:
            continue
        if row.kind != "industry":
            rule = f"is for tags of kind industry; {row.tag} is a {row.kind}"
            cause = "the kind of the tag: a town leads with an industry, not with a style or a type of place"
            yield facts.fault("tags", position, "leading", "yes", rule, cause)
        elif row.project in project and not project[row.project].town:
            rule = f"leads no town: project {row.project} belongs to none"
            cause = "the column town of the project was left empty"
            yield facts.fault("tags", position, "leading", "yes", rule, cause)


def neighbour_pairs(facts: Facts) -> Iterator[Fault]:
    """A town is no neighbour of its own, and a pair is one row."""
    first: dict[frozenset[str], int] = {}
    for position, row in enumerate(facts.region.neighbours):
        pair = frozenset((row.town, row.other))
        if len(pair) == 1:
            rule, cause = "is a neighbour of its own", "the same name in both columns: enter the town next to it"
            yield facts.fault("neighbours", position, "town + other", f"{row.town} + {row.other}", rule, cause)
        elif first.setdefault(pair, position) != position and row.town != facts.region.neighbours[first[pair]].town:
            rule = f"stands in row {facts.row('neighbours', first[pair])} already, the other way round"
            cause = "both directions entered: one row a pair is enough, delete this one"
            yield facts.fault("neighbours", position, "town + other", f"{row.town} + {row.other}", rule, cause)
