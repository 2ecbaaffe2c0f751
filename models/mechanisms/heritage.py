"""Heritage: ``heritage_loss = Σ_a value_a (4 if threatened and not conserved else harm_a) / 4``,
``heritage_gain = Σ_a value_a gain_a / 4``, with ``harm_a`` and ``gain_a`` the largest steps (0 to 4) that a chosen
project does to the asset or for it.

    "Protection lines should be strictly demarcated to protect the famous towns and villages, ancient buildings, old
    streets and alleys as well as characteristic dwellings"; "efforts should be made in protecting, inheriting and
    making good use of these heritages" (S2, section 3 (5)). "Good architectures are demolished, while bad ones become
    even worse" (S1, section I).

The steps are those of the ICOMOS Guidance on Heritage Impact Assessments (2011). What is lost here is not made good by
what is gained elsewhere, so loss and gain are two indicators and a limit on loss counts loss alone.

A largest step is a sum over the distinct levels of a 0/1 column "at least this level", each the or of the projects
that reach it (the incremental form of Markowitz & Manne 1957). "Not conserved" is one more part of each or, so that
harm and neglect of a threatened asset never count twice. An asset that nothing harms or conserves needs fewer columns.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import pairwise

from instances.region import Region
from instances.schema import Asset
from models.assets import TOTAL, conserved, harmed, impacts_by_asset, neglected, touched
from models.draft import Draft, Provider
from models.footprint import footprints_by_zone
from models.linear import Linear

TABLES = ("assets", "zones")


def build(draft: Draft) -> None:
    """Protection lines, protected assets, use that needs conservation, and the limits on loss and demolition."""
    _protection_lines(draft)
    _protected_assets(draft)
    _uses(draft)
    policy = draft.region.settings.policy
    if policy.heritage_loss_limit is not None:
        draft.rule("heritage", "loss limit", heritage_loss(draft), upper=policy.heritage_loss_limit)
    if policy.demolition_share is not None:
        _demolition(draft, Fraction(policy.demolition_share))


def indicators(region: Region) -> Mapping[str, Provider]:
    """``heritage_loss`` and ``heritage_gain``, points."""
    return {"heritage_loss": heritage_loss, "heritage_gain": heritage_gain}


def heritage_loss(draft: Draft) -> Linear:
    """Points of heritage value lost, by harm or by neglect."""
    return draft.share(("heritage_loss",), lambda: Linear.sum(_loss(draft, *asset) for asset in _assets(draft)))


def heritage_gain(draft: Draft) -> Linear:
    """Points of heritage value secured."""
    return Linear.sum(_gain(draft, *asset) for asset in _assets(draft))


def _assets(draft: Draft) -> Iterator[tuple[Asset, dict[str, int]]]:
    """Assets that count, with the impact of each project that could be built."""
    return ((asset, steps) for asset, steps in touched(draft) if asset.value)


def _loss(draft: Draft, asset: Asset, steps: Mapping[str, int]) -> Linear:
    levels = sorted({-step for step in steps.values() if step < 0})
    lost = neglected(draft, asset, steps)
    if not lost.terms and lost.constant:
        return Linear(constant=Fraction(asset.value))
    total = lost * (TOTAL - max(levels, default=0))
    for below, level in pairwise([0, *levels]):
        total += harmed(draft, asset, steps, level) * (level - below)
    return total * (Fraction(asset.value) / TOTAL)


def _gain(draft: Draft, asset: Asset, steps: Mapping[str, int]) -> Linear:
    levels = sorted({step for step in steps.values() if step > 0})
    rises = ((level, level - below) for below, level in pairwise([0, *levels]))
    total = Linear.sum(conserved(draft, asset, steps, level) * rise for level, rise in rises)
    return total * (Fraction(asset.value) / TOTAL)


def _protection_lines(draft: Draft) -> None:
    zones = {zone.id: zone for zone in draft.region.zones}
    for footprint in draft.region.footprints:
        zone = zones[footprint.zone]
        if not footprint.hectares or footprint.becomes != "built":
            continue
        if zone.kind == "heritage_core":
            draft.forbid(footprint.project, f"heritage[core {zone.id}]: nothing new is built there")
        if zone.kind == "heritage_control":
            project = draft.region.project[footprint.project]
            if not set(project.category) & set(zone.allowed_categories):
                allowed = ", ".join(zone.allowed_categories) or "nothing"
                draft.forbid(project.id, f"heritage[control {zone.id}]: only {allowed} may be built there")


def _protected_assets(draft: Draft) -> None:
    listed = {asset.id: asset.grade for asset in draft.region.assets if asset.grade != "unlisted"}
    for impact in draft.region.impacts:
        if impact.impact == -TOTAL and impact.asset in listed:
            why = f"it would destroy an asset listed as {listed[impact.asset]}"
            draft.forbid(impact.project, f"heritage[protected {impact.asset}]: {why}")


def _uses(draft: Draft) -> None:
    """A project that uses an asset needs a chosen project that conserves it, possibly itself."""
    for asset, impacts in impacts_by_asset(draft.region).items():
        conserving = draft.possible(impact.project for impact in impacts if impact.impact >= 1)
        cared = Linear.sum(map(draft.built, conserving))
        for impact in impacts:
            if not impact.uses or impact.impact >= 1:
                continue
            name = f"{impact.project} uses {asset}"
            if conserving:
                draft.rule("heritage", name, cared - draft.built(impact.project), lower=0)
            else:
                draft.forbid(impact.project, f"heritage[{name}]: no project conserves it")


def _demolition(draft: Draft, share: Fraction) -> None:
    there = footprints_by_zone(draft.region)
    for zone in draft.region.zones:
        if zone.kind == "old_quarter":
            for period in range(1, draft.region.periods + 1):
                taken = Linear.sum(draft.started(f.project, period) * f.hectares for f in there.get(zone.id, ()))
                limit = share * Fraction(zone.area)
                draft.rule("heritage", f"demolition in {zone.id}, period {period}", taken, upper=limit)
