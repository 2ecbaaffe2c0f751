"""Rules: which rows of a problem are rules that somebody made, and what they are called when people talk of them.

A rule is what stands in one place of the tables: a fund with its money of all periods, a relation, a zone, a policy
figure, a lock. It may become many rows of a problem (a policy figure one for each town) or bounds of columns (a lock, a
red line), and a row may rest on several rules (the money of two funds that may pay for the same projects).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from models.funds import Funds
from optimizer.decide.rule_words import sentence

if TYPE_CHECKING:
    from instances.region import Region

__all__ = ["Rule", "Rulebook", "in_words", "is_rule"]

MEANINGS = ("define[", "once[", "wish[")
"""Rows that say what a column means, that a project starts once, or what somebody wishes: nobody can repeal them."""
REPEATED = re.compile(r" \(\d+\)\]$")
"""What a row's name ends with when another row had it already."""


def is_rule(row: str) -> bool:
    """Is the row a rule that could be repealed?

    >>> is_rule("budget[county]"), is_rule("once[school]")
    (True, False)
    """
    return not row.startswith(MEANINGS)


def in_words(region: Region, row: str) -> str:
    """The rules behind a row, in the words of the region's tables and with their figures.

    >>> from instances import read_region
    >>> in_words(read_region("hamlet"), "budget[county]")
    'fund county has 14 million CNY'
    """
    return Rulebook(region).in_words(row)


@dataclass(frozen=True, order=True)
class Rule:
    """A rule by the ``table`` or the policy that it stands in (``policy``, ``locked``) and the ``key`` of its row."""

    table: str
    key: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.table}[{', '.join(self.key)}]"


class Rulebook:
    """The rules of a region by the names of rows and of what forbids a project.

    >>> from instances import read_region
    >>> book = Rulebook(read_region("hamlet"))
    >>> [str(rule) for rule in book.behind("budget[county]")]
    ['budgets[county]']
    """

    def __init__(self, region: Region) -> None:
        self.region = region

    def behind(self, row: str) -> tuple[Rule, ...]:
        """The rules that the row rests on: it holds while all of them are in force."""
        row = row if row in self._rows else REPEATED.sub("]", row)
        if row in self._rows:
            return (self._rows[row],)
        block, _, name = row.removesuffix("]").partition("[")
        funds = self._funds(name) if block == "budget" else None
        return tuple(Rule("budgets", (fund,)) for fund in funds) if funds else (Rule(block, (name,)),)

    def forbidding(self, project: str, why: str) -> Rule:
        """The rule that forbids ``project`` by the words ``why`` (:class:`models.draft.Forbidden`)."""
        if why.startswith("budget[no fund]"):
            return Rule("eligible", (project,))
        name = why.partition("]: ")[0] + "]"
        return self._rows.get(name) or self.behind(name)[0]

    def in_words(self, row: str) -> str:
        """The rules behind a row as a sentence."""
        return " and ".join(self.words(rule) for rule in self.behind(row))

    def words(self, rule: Rule) -> str:
        """The rule as a sentence, with the figures of the tables."""
        return sentence(self.region, rule.table, rule.key)

    @cached_property
    def _rows(self) -> dict[str, Rule]:
        return dict(_named(self.region))

    @cached_property
    def _pieces(self) -> dict[str, str]:
        """What :meth:`Funds.words` may say of a single fund, to the fund."""
        funds = Funds.of(self.region)
        if funds.periods == 1:
            return {fund: fund for fund in funds.names}
        spans = range(1, funds.periods + 1)
        cells = ((fund, frozenset((fund, t) for t in funds.run(fund, end))) for fund in funds.names for end in spans)
        return {funds.words(group): fund for fund, group in cells}

    def _funds(self, name: str) -> list[str] | None:
        """The funds in the name of a row of the budget, ``None`` if it is made otherwise."""
        for piece, fund in sorted(self._pieces.items(), key=lambda item: -len(item[0])):
            rest = name.removeprefix(piece)
            if rest == name:
                continue
            if not rest or rest.startswith(", "):  # after the comma: how grants are counted
                return [fund]
            others = self._funds(rest.removeprefix(" + ")) if rest.startswith(" + ") else None
            if others is not None:
                return list(dict.fromkeys([fund, *others]))
        return None


def _named(region: Region) -> Iterator[tuple[str, Rule]]:
    """Every name that a row or a prohibition may have, with its rule; names of rows of the budget apart."""
    periods = range(1, region.periods + 1)
    for project in region.projects:
        yield f"locked[{project.id}]", Rule("locked", (project.id,))
        yield f"budget[no fund runs {project.id}]", Rule("eligible", (project.id,))
        yield f"concentration[mass in {project.town}: {project.id}]", Rule("policy", ("industry_mass",))
        yield f"commitments[{project.id}]", Rule("commitments", (project.id,))
    for relation in region.relations:
        members = region.members(relation.members)
        for name in (relation.id, *(f"{relation.id}: {member}" for member in members[1:])):
            for when in ("", *(f", by {t}" for t in periods)):
                yield f"relations[{name}{when}]", Rule("relations", (relation.id,))
    for zone in region.zones:
        for name, table in (("land[zone", "zones"), ("land[parcel", "parcels"), ("ecology[red line", "red lines")):
            yield f"{name} {zone.id}]", Rule(table, (zone.id,))
        yield f"heritage[core {zone.id}]", Rule("heritage cores", (zone.id,))
        yield f"heritage[control {zone.id}]", Rule("heritage controls", (zone.id,))
        for t in periods:
            yield f"heritage[demolition in {zone.id}, period {t}]", Rule("policy", ("demolition_share",))
    for capacity in region.capacities:
        for words in ("", ", pipes alone"):
            name = f"ecology[{capacity.pollutant} in {capacity.basin}{words}]"
            yield name, Rule("capacities", (capacity.basin, capacity.pollutant))
    for asset in region.assets:
        yield f"heritage[protected {asset.id}]", Rule("protected assets", (asset.id,))
        yield f"timeline[era {asset.era}]", Rule("policy", ("eras_minimum",))
        yield f"timeline[kind {asset.kind}]", Rule("policy", ("kinds_minimum",))
    for impact in region.impacts:
        yield f"heritage[{impact.project} uses {impact.asset}]", Rule("uses", (impact.project, impact.asset))
    for share in region.fair_shares:
        for side in ("at least", "at most"):
            yield f"concentration[{share.id}, {side}]", Rule("fair_shares", (share.id,))
    for source in region.sources:
        yield f"endogenous[floor of {source.source} in {source.town}]", Rule("sources", (source.town, source.source))
    for service in region.services:
        name = f"services[advance of {service.service} in {service.town}]"
        yield name, Rule("services", (service.service, service.town))
    for node in region.nodes:
        yield f"network[trips from {node.id}]", Rule("links", ("capacity",))
    for pair in region.neighbours:
        for tag in {tag.tag for tag in region.tags}:
            yield f"identity[{pair.town} and {pair.other}: {tag}]", Rule("neighbours", (pair.town, pair.other))
    for name, figure in _policy_rows(region):
        yield name, Rule("policy", (figure,))


def _policy_rows(region: Region) -> Iterator[tuple[str, str]]:
    yield "land[farmland quota]", "farmland_quota_ha"
    yield "ecology[habitat]", "habitat_no_net_loss"
    yield "heritage[loss limit]", "heritage_loss_limit"
    yield "time[operating tail]", "operating_tail_limit"
    yield "concentration[industry towns]", "industry_towns"
    yield "symbiosis[closed chain]", "closed_chain"
    yield "symbiosis[park only]", "park_only"
    for town in {place.town for table in (region.projects, region.zones) for place in table}:
        yield f"ecology[green cover of {town}]", "green_cover"
        yield f"identity[one leading industry in {town}]", "one_leading_industry"
        yield f"concentration[mass in {town}]", "industry_mass"
    for indicator in {effect.indicator for effect in region.effects}:
        yield f"endogenous[internal share of {indicator}]", "internal_share"
