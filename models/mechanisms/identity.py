"""Identity: ``alikeness = Σ floor(100 s_jk) z_jk`` over pairs of alike projects in different towns, ``z_jk = 1`` if and
only if both are built; ``Σ_i leads[town, i] <= 1``; ``leads[a, i] + leads[b, i] <= 1`` for neighbours.

    "The convergence of architectural language" has "resulted in the phenomenon of 'one thousand towns looking alike'";
    "the industrial structure of the construction is similar, and the dominant featured industries are not notable"
    (S1, section I). Towns "determine [their] leading industry according to local conditions" (S2, section 4 (1)).

Alike are two projects with ``s_jk = Σ_tag min(w_j, w_k) / Σ_tag max(w_j, w_k)`` of at least ``alike_from``, the
weighted Jaccard similarity of their tags (Ružička 1958). A pair is the product of two decisions (Fortet 1960; Glover &
Woolsey 1974).

Projects with the same tags are copies of each other. All pairs of them count 100, so they follow from how many are
built: ``N (N - 1) / 2`` less the pairs within each town. From four towns on these counts are written in unary: about n
columns in place of up to n (n - 1) / 2, and a relaxation that sees copies where half of each project is built, which
pairs do not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import combinations

from instances.region import Region
from models.draft import Draft, Provider
from models.linear import ZERO, Linear
from models.logic import all_of, any_of, how_many

__all__ = ["TABLES", "Tags", "alikeness", "build", "indicators", "similarity"]

TABLES = ("tags",)

Tags = Mapping[tuple[str, str], Fraction]
"""Kind and tag to weight."""

HALF = Fraction(1, 2)
"""Two projects are alike from here on unless the policy says otherwise."""

SPREAD = 4
"""From so many towns on, copies are counted and not paired."""


def build(draft: Draft) -> None:
    """One leading industry a town, and not that of a neighbour."""
    leading = _leading(draft.region)
    if draft.region.settings.policy.one_leading_industry:
        for town, industries in leading.items():
            if len(industries) > 1:
                led = Linear.sum(_leads(draft, town, industry, leading) for industry in industries)
                draft.rule("identity", f"one leading industry in {town}", led, upper=1)
    for row in draft.region.neighbours:
        for industry in leading.get(row.town, {}):
            if industry in leading.get(row.other, {}):
                both = (_leads(draft, town, industry, leading) for town in (row.town, row.other))
                draft.rule("identity", f"{row.town} and {row.other}: {industry}", Linear.sum(both), upper=1)


def indicators(region: Region) -> Mapping[str, Provider]:
    """``alikeness``, points: 100 for two projects in different towns that are copies of each other."""
    return {"alikeness": alikeness}


def similarity(one: Tags, other: Tags) -> Fraction:
    """``Σ min / Σ max`` of the weights, over all tags of both; 0 without tags.

    >>> lanterns = {("style", "lanterns"): Fraction(1)}
    >>> similarity(lanterns, {**lanterns, ("typology", "theme park"): Fraction(1, 2)})
    Fraction(2, 3)
    """
    if one.keys().isdisjoint(other):
        return Fraction(0)
    shared = sum((min(weight, other[tag]) for tag, weight in one.items() if tag in other), Fraction(0))
    return shared / (sum(one.values()) + sum(other.values()) - shared)


def alikeness(draft: Draft) -> Linear:
    """Points for all pairs of alike projects in different towns that are both built."""
    share = draft.region.settings.policy.alike_from
    alike_from = HALF if share is None else Fraction(share)
    profiles = [(dict(tags), projects) for tags, projects in _profiles(draft).items()]
    parts = [_copies(draft, projects) for _, projects in profiles]
    for (tags, projects), (other_tags, others) in combinations(profiles, 2):
        found = similarity(tags, other_tags)
        if found >= alike_from and (points := int(100 * found)):
            parts += (_pair(draft, j, k) * points for j in projects for k in others)
    return Linear.sum(parts)


def _profiles(draft: Draft) -> dict[frozenset[tuple[tuple[str, str], Fraction]], list[str]]:
    """The projects in towns that could be built, by their tags; those without tags are like nothing."""
    tags: dict[str, dict[tuple[str, str], Fraction]] = defaultdict(dict)
    for row in draft.region.tags:
        tags[row.project][row.kind, row.tag] = Fraction(row.weight)
    found: dict[frozenset[tuple[tuple[str, str], Fraction]], list[str]] = defaultdict(list)
    for project in draft.possible(p.id for p in draft.region.projects if p.town and p.id in tags):
        found[frozenset(tags[project].items())].append(project)
    return found


def _copies(draft: Draft, projects: Sequence[str]) -> Linear:
    """100 points for each pair of projects with the same tags in different towns."""
    here: dict[str, list[str]] = defaultdict(list)
    for project in projects:
        here[draft.region.project[project].town].append(project)
    if len(here) < SPREAD:
        return Linear.sum(_pair(draft, j, k) * 100 for j, k in combinations(projects, 2))
    inside = (_pairs(draft, f" in {town}", group) for town, group in here.items() if len(group) > 1)
    return (_pairs(draft, "", projects) - Linear.sum(inside)) * 100


def _pairs(draft: Draft, where: str, projects: Sequence[str]) -> Linear:
    """``N (N - 1) / 2`` of the number N that is built: the i-th adds i - 1."""
    key, parts = ("copies", f"{projects[0]}{where}"), {project: draft.built(project) for project in projects}
    if len(projects) == 2:
        return all_of(draft, key, parts, {-side for side in draft.wanted("alikeness")})
    levels = how_many(draft, key, parts, len(parts), frozenset())
    return Linear.sum(level * i for i, level in enumerate(levels))


def _pair(draft: Draft, one: str, other: str) -> Linear:
    """1 if both are built, in different towns."""
    if draft.region.project[one].town == draft.region.project[other].town:
        return ZERO
    return all_of(draft, ("alike", one, other), {p: draft.built(p) for p in (one, other)}, draft.wanted("alikeness"))


Leading = Mapping[str, Mapping[str, Sequence[str]]]
"""Town, then industry, then the projects that would make it the leading one."""


def _leading(region: Region) -> Leading:
    found: dict[str, dict[str, list[str]]] = {}
    for row in region.tags:
        if row.leading and row.kind == "industry" and (town := region.project[row.project].town):
            found.setdefault(town, {}).setdefault(row.tag, []).append(row.project)
    return found


def _leads(draft: Draft, town: str, industry: str, leading: Leading) -> Linear:
    """1 if a project is built that makes the industry a leading one of the town."""
    parts = {project: draft.built(project) for project in draft.possible(leading[town][industry])}
    key = ("leads", town, industry)
    return draft.share(key, lambda: any_of(draft, key, parts, {-1}))
