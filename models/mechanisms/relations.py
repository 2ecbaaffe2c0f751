"""Relations: ``built_i <= built_j`` (requires), ``Σ_{s<=t} start_i,s <= Σ_{s<=t-d_j} start_j,s`` for each period ``t``
(after: it starts once the others are completed), ``Σ built <= 1`` (excludes), ``Σ built = 1`` (exactly one),
``Σ built >= k`` or ``<= k`` (at least, at most), ``Σ capital_cost built >= m`` or ``<= m`` (spending).

    "Attach great importance to the overall planning of small towns, which should not only reflect individual
    characteristics, but also improve overall benefits, so as to realize complementary advantages and resource sharing."
    (S2, section 4 (1))

The logical conditions among projects of Weingartner (1966), "Capital budgeting of interrelated projects: survey and
synthesis", each in the form whose linear relaxation is tightest: one row for each project that is required. Order in
time is in the form of Christofides, Alvarez-Valdes & Tamarit (1987), "Project scheduling with resource constraints: a
branch and bound approach", one row a period; the last row also says that the others are built, and a row that the next
one implies, because nothing can have been completed in between, is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from instances.region import Region
from instances.schema import Relation
from models.draft import Draft, Provider
from models.linear import Linear

TABLES = ("relations",)


def build(draft: Draft) -> None:
    """One row a relation; one for each required project, and there for each period if it must be completed."""
    for relation in draft.region.relations:
        members = draft.region.members(relation.members)
        if relation.kind == "requires":
            _requires(draft, relation.id, members)
        elif relation.kind == "after":
            _after(draft, relation.id, members)
        else:
            lower, upper = _bounds(relation)
            draft.rule("relations", relation.id, _sum(draft, relation, members), lower, upper)


def indicators(region: Region) -> Mapping[str, Provider]:
    """Relations count nothing."""
    return {}


def _requires(draft: Draft, name: str, members: tuple[str, ...]) -> None:
    for other in members[1:]:
        row = name if len(members) == 2 else f"{name}: {other}"
        draft.rule("relations", row, draft.built(other) - draft.built(members[0]), lower=0)


def _after(draft: Draft, name: str, members: tuple[str, ...]) -> None:
    region = draft.region
    first, *others = (region.project[member] for member in members)
    starts = region.starts(first)
    for other in others:
        row = name if len(members) == 2 else f"{name}: {other.id}"
        done = {start + other.duration for start in region.starts(other)}
        # Up to the next period in which the other can be completed, the last row is the strongest.
        for period in (t for t in starts if t + 1 not in starts or t + 1 in done):
            begun = Linear.sum(draft.started(first.id, start) for start in starts if start <= period)
            ready = Linear.sum(draft.started(other.id, end - other.duration) for end in sorted(done) if end <= period)
            draft.rule("relations", row if len(starts) == 1 else f"{row}, by {period}", ready - begun, lower=0)


def _sum(draft: Draft, relation: Relation, members: tuple[str, ...]) -> Linear:
    if relation.kind in ("spend_at_least", "spend_at_most"):
        return Linear.sum(draft.built(m) * draft.region.project[m].capital_cost for m in members)
    return Linear.sum(map(draft.built, members))


def _bounds(relation: Relation) -> tuple[Decimal | None, Decimal | None]:
    one = Decimal(1)
    if relation.kind == "excludes":
        return None, one
    if relation.kind == "exactly_one":
        return one, one
    if relation.amount is None:
        raise ValueError(f"relations {relation.id}: a relation of kind {relation.kind} needs an amount")
    return (relation.amount, None) if relation.kind.endswith("at_least") else (None, relation.amount)
