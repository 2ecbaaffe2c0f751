"""Timeline: ``memory = Σ_{town,era} Σ_{i <= n} points_i`` with ``n`` the assets of the era that are kept in the town;
kept assets of each era, and of each kind, ``>= minimum`` in the whole region.

    "Systematically and scientifically protect the historical and cultural heritage, intangible cultural heritage and
    modern industrial relics. At the same time, landmark buildings should be built in the new district to construct the
    timeline of the past, present and future of the city. The memories of small towns in different times will be
    preserved" (S2, section 4 (3)).

An asset is kept if nothing destroys it (harm of 4 steps) and, where it is threatened, a chosen project conserves it.
The first asset of an era tells more than the fifth, so points do not rise: a concave gain of a count, in the
incremental form of Markowitz & Manne (1957), "On the solution of discrete programming problems". What every asset of an
era brings at least is linear and takes no columns, and assets that nothing can touch are constants.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction

from instances.region import Region
from instances.schema import Asset
from models.assets import kept, touched
from models.draft import Draft, Provider
from models.linear import ZERO, Linear
from models.logic import how_many

TABLES = ("assets", "timeline")


def build(draft: Draft) -> None:
    """The fewest kept assets of each era and of each kind."""
    policy, assets = draft.region.settings.policy, draft.region.assets
    if policy.eras_minimum is not None:
        for era in dict.fromkeys(asset.era for asset in assets):
            _minimum(draft, f"era {era}", [asset for asset in assets if asset.era == era], policy.eras_minimum)
    if policy.kinds_minimum is not None:
        for kind in dict.fromkeys(asset.kind for asset in assets):
            _minimum(draft, f"kind {kind}", [asset for asset in assets if asset.kind == kind], policy.kinds_minimum)


def _minimum(draft: Draft, name: str, assets: list[Asset], least: int) -> None:
    found = _kept(draft)
    draft.rule("timeline", name, Linear.sum(found[asset.id] for asset in assets), lower=least)


def indicators(region: Region) -> Mapping[str, Provider]:
    """``memory``, points."""
    return {"memory": memory}


def memory(draft: Draft) -> Linear:
    """Points of the assets that are kept, fewer for each further one of the same era in the same town."""
    points = {step.count: Fraction(step.points) for step in draft.region.timeline}
    if not points:
        return ZERO
    there: dict[tuple[str, str], dict[str, Linear]] = defaultdict(dict)
    found = _kept(draft)
    for asset in draft.region.assets:
        there[asset.town, asset.era][asset.id] = found[asset.id]
    return Linear.sum(_points(draft, *place, assets, points) for place, assets in there.items())


def _points(draft: Draft, town: str, era: str, assets: Mapping[str, Linear], points: Mapping[int, Fraction]) -> Linear:
    open_ = {asset: expression for asset, expression in assets.items() if expression.terms}
    safe = sum(1 for expression in assets.values() if not expression.terms and expression.constant)
    sure = sum((points.get(i, Fraction(0)) for i in range(1, safe + 1)), Fraction(0))
    rises = [points.get(safe + i, Fraction(0)) for i in range(1, len(open_) + 1)]
    last = rises[-1] if rises else Fraction(0)
    most = max((i for i, rise in enumerate(rises, 1) if rise != last), default=0)
    levels = how_many(draft, ("kept", town, era), open_, most, draft.wanted("memory")) if most else []
    more = (level * (rise - last) for level, rise in zip(levels, rises[:most], strict=True))
    return Linear.sum([*(expression * last for expression in open_.values()), *more]) + sure


def _kept(draft: Draft) -> dict[str, Linear]:
    """Asset to 1 if it is kept."""
    return {asset.id: kept(draft, asset, steps) for asset, steps in touched(draft)}
