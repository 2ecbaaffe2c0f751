"""Heritage assets under a portfolio: what conserves them, what harms them, and which are kept.

Heritage counts the steps of harm and care, the timeline counts the assets that are kept; both use the same columns.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Set

from instances.region import Region
from instances.schema import Asset, Impact
from models.draft import Draft
from models.linear import ZERO, Key, Linear
from models.logic import any_of

__all__ = ["TOTAL", "conserved", "harmed", "impacts_by_asset", "kept", "neglected", "touched"]

TOTAL = 4
"""The step of the ICOMOS scale at which an asset is lost, or secured for good."""

Steps = Mapping[str, int]
"""Project to its impact on an asset, -4 to 4."""


def impacts_by_asset(region: Region) -> dict[str, list[Impact]]:
    """Asset id to the impacts on it."""
    found: dict[str, list[Impact]] = defaultdict(list)
    for impact in region.impacts:
        found[impact.asset].append(impact)
    return found


def touched(draft: Draft) -> Iterator[tuple[Asset, dict[str, int]]]:
    """Each asset with the impact of each project that could be built."""
    impacts = impacts_by_asset(draft.region)
    for asset in draft.region.assets:
        found = {impact.project: impact.impact for impact in impacts.get(asset.id, ())}
        yield asset, {project: found[project] for project in draft.possible(found)}


def conserved(draft: Draft, asset: Asset, steps: Steps, level: int) -> Linear:
    """1 if a chosen project does at least ``level`` steps for the asset."""
    parts = {project: draft.built(project) for project, step in steps.items() if step >= level}
    lowest = min((steps[project] for project in parts), default=0)
    key: Key = ("conserved", asset.id, f"step {lowest}")
    pull = draft.wanted("heritage_gain") | {-side for side in _harm_pull(draft)}
    return draft.share(key, lambda: any_of(draft, key, parts, pull))


def neglected(draft: Draft, asset: Asset, steps: Steps) -> Linear:
    """1 if the asset is threatened and no chosen project conserves it."""
    return 1 - conserved(draft, asset, steps, 1) if asset.threatened else ZERO


def harmed(draft: Draft, asset: Asset, steps: Steps, level: int) -> Linear:
    """1 if the asset is neglected, or if a chosen project harms it by at least ``level`` steps."""
    parts = {project: draft.built(project) for project, step in steps.items() if -step >= level}
    if asset.threatened:
        parts["not conserved"] = lost = neglected(draft, asset, steps)
        if not lost.terms and lost.constant:
            return lost
    key: Key = ("harmed", asset.id, f"step {level}")
    return draft.share(key, lambda: any_of(draft, key, parts, _harm_pull(draft)))


def kept(draft: Draft, asset: Asset, steps: Steps) -> Linear:
    """1 if the asset is neither neglected nor destroyed."""
    return 1 - harmed(draft, asset, steps, TOTAL)


def _harm_pull(draft: Draft) -> Set[int]:
    """Which way harm is drawn: 1 to more of it, -1 to less."""
    policy = draft.region.settings.policy
    bounds = (policy.heritage_loss_limit, policy.eras_minimum, policy.kinds_minimum)
    limited = any(bound is not None for bound in bounds)
    return draft.wanted("heritage_loss") | {-side for side in draft.wanted("memory")} | ({-1} if limited else set())
