"""Symbiosis: ``exchange_saving = Σ_e saving_e z_e`` with ``z_e = built_source built_target``;
``Σ_e tonnes_e z_e >= share Σ_j by-products_j built_j``; polluting kinds build only inside an eco-industrial park.

    "Vigorously advocate circular economy, and establish ecological industrial parks in towns and townships [...] make
    reasonable and scientific planning for the industries with high pollution coefficient in the township area, so as to
    build a closed industrial chain of circular economy" (S2, section 4 (5)).

The exchange networks of eco-industrial parks (Boix, Montastruc, Azzaro-Pantel & Domenech 2015, "Optimization methods
applied to the design of eco-industrial parks: a literature review"), with one simplification: an exchange happens as
soon as both plants are built. Which plants trade is then a function of the plan, that anybody can read off the table,
and not a third decision; nothing is lost, because savings are never negative and the takers of a by-product together
ask for no more than comes about (a rule for the data). ``z_e`` is the product of two decisions (Fortet 1960), one
column for a pair whatever and whichever way they exchange.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from instances.region import Region
from instances.schema import Exchange
from models.draft import Draft, Provider
from models.linear import ZERO, Linear
from models.logic import all_of

TABLES = ("byproducts", "exchanges", "projects")  # projects: parks are a matter of policy, also without any exchange


def build(draft: Draft) -> None:
    """The closed share of by-products, and who may build only in a park."""
    policy = draft.region.settings.policy
    if policy.closed_chain is not None:
        taken = Linear.sum(_happens(draft, e) * e.tonnes for e in draft.region.exchanges if e.tonnes)
        arising = Linear.sum(draft.built(b.project) * b.tonnes for b in draft.region.byproducts)
        draft.rule("symbiosis", "closed chain", taken - arising * Fraction(policy.closed_chain), lower=0)
    _parks(draft, frozenset(policy.park_only))


def indicators(region: Region) -> Mapping[str, Provider]:
    """``exchange_saving``, in the unit of growth."""
    return {"exchange_saving": exchange_saving}


def exchange_saving(draft: Draft) -> Linear:
    """What the exchanges between the plants that are built save."""
    return Linear.sum(_happens(draft, e) * e.saving for e in draft.region.exchanges if e.saving)


def _happens(draft: Draft, exchange: Exchange) -> Linear:
    """1 if both plants are built."""
    pair = sorted({exchange.source, exchange.target})
    if len(draft.possible(pair)) < len(pair):
        return ZERO
    closed = draft.region.settings.policy.closed_chain is not None
    pull = draft.wanted("exchange_saving") | ({1} if closed else set())
    key = ("exchange", *pair)
    return draft.share(key, lambda: all_of(draft, key, {p: draft.built(p) for p in pair}, pull))


def _parks(draft: Draft, polluting: frozenset[str]) -> None:
    parks = {zone.id for zone in draft.region.zones if zone.kind == "eco_park"}
    inside = {f.project for f in draft.region.footprints if f.zone in parks and f.hectares}
    for project in draft.region.projects:
        kinds = sorted(polluting & set(project.category))
        if kinds and project.id not in inside:
            draft.forbid(project.id, f"symbiosis[park only]: {kinds[0]} may be built only in an eco-industrial park")
