"""Endogenous: ``stock_after = stock + Σ_j change_j built_j`` for each source of a town, ``stock_after >= floor``;
``I = Σ stock_after`` of its internal sources (hard, soft), ``E`` of its external ones (location, policy, flow);
``activated_growth = Σ_town Σ_l (gain_l - gain_{l-1}) [I >= internal_l] [E >= external_l]``;
``(1 - share) Σ internal effects - share Σ external effects >= 0`` for each indicator that has both.

    "The intrinsic growth of small towns is an objective potential, and only stimulated by the external sources, can the
    growth be fully exploited"; "it is the internal sources that work as fundamental driving force, and the external
    sources only act through them"; yet "the role of external sources is often exaggerated and placed above the internal
    sources" and "traditional resources, especially soft resources [...] are gradually destroyed". (S1, section II)

Internal times external is a product; in levels it is an and of two thresholds, each an exact row on either side (Glover
& Woolsey 1974), which keeps every figure a whole quantum. Levels rise in both thresholds and in gain, so they add up
(the incremental form of Markowitz & Manne 1957) in place of the choice of one pair of levels; tight rows say how much
of a stock all levels take together (:func:`models.logic.climb`). A threshold that a town passes or misses whatever is
built needs no column. The floors keep soft stocks as natural capital is kept in strong sustainability (Neumayer 1999),
and a share is multiplied out, so its row is linear.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction

from instances.region import Region
from instances.schema import Activation, Effect
from models.draft import Draft, Provider
from models.linear import ZERO, Linear
from models.logic import all_of, climb, reaches

TABLES = ("sources", "activations", "effects")

INTERNAL = frozenset({"hard", "soft"})
SIDES = ("internal", "external")


def build(draft: Draft) -> None:
    """Floors of the sources, and the internal share of each indicator."""
    after = _stocks_after(draft)
    for source in draft.region.sources:
        if source.floor is not None:
            name = f"floor of {source.source} in {source.town}"
            draft.rule("endogenous", name, after[source.town, source.source], lower=source.floor)
    share = draft.region.settings.policy.internal_share
    if share is not None:
        _internal_share(draft, Fraction(share))


def indicators(region: Region) -> Mapping[str, Provider]:
    """``activated_growth``, in the unit of the gains."""
    return {"activated_growth": activated_growth} if region.activations else {}


def activated_growth(draft: Draft) -> Linear:
    """The gain of the highest level that each town reaches."""
    levels: dict[str, list[Activation]] = defaultdict(list)
    for row in sorted(draft.region.activations, key=lambda row: row.level):
        levels[row.town].append(row)
    stocks: dict[str, dict[str, list[Linear]]] = defaultdict(lambda: {side: [] for side in SIDES})
    after = _stocks_after(draft)
    for source in draft.region.sources:
        side = "internal" if source.form in INTERNAL else "external"
        stocks[source.town][side].append(after[source.town, source.source])
    return Linear.sum(
        _town_growth(draft, town, rows, {side: Linear.sum(stocks[town][side]) for side in SIDES})
        for town, rows in levels.items()
    )


def _town_growth(draft: Draft, town: str, levels: list[Activation], stocks: Mapping[str, Linear]) -> Linear:
    """``Σ_l (gain_l - gain_{l-1}) [level l is reached]``."""
    pull, total, below = draft.wanted("activated_growth"), ZERO, Fraction(0)
    steps: dict[str, list[tuple[Fraction, Linear]]] = {side: [] for side in SIDES}
    for row in levels:
        rise, below = Fraction(row.gain) - below, Fraction(row.gain)
        least = {"internal": Fraction(row.internal), "external": Fraction(row.external)}
        parts = {side: reaches(draft, (side, town), stocks[side], least[side], pull) for side in SIDES}
        if ZERO in parts.values():
            break
        uncertain = {words: part for words, part in parts.items() if part.terms}
        if rise and uncertain:
            total += all_of(draft, ("activated", town, f"level {row.level}"), uncertain, pull) * rise
            for side, part in uncertain.items():
                steps[side].append((least[side], part))
        elif rise:
            total += rise
    if 1 in pull:
        for side in SIDES:
            climb(draft, f"{side} {town}", stocks[side], steps[side])
    return total


def _stocks_after(draft: Draft) -> dict[tuple[str, str], Linear]:
    """Town and source to its stock once the chosen projects are built."""
    parts: dict[tuple[str, str], list[Linear]] = {
        (s.town, s.source): [Linear(constant=Fraction(s.stock))] for s in draft.region.sources
    }
    for change in draft.region.source_changes:
        parts[change.town, change.source].append(draft.built(change.project) * change.change)
    return {source: Linear.sum(linears) for source, linears in parts.items()}


def _internal_share(draft: Draft, share: Fraction) -> None:
    """Entered values, neither discounted nor scaled: the rule can be checked on the table."""
    effects: dict[str, list[Effect]] = defaultdict(list)
    for effect in draft.region.effects:
        if effect.source:
            effects[effect.indicator].append(effect)
    for indicator, rows in effects.items():
        if len({effect.source for effect in rows}) == 2:
            weight = {"internal": 1 - share, "external": -share}
            balance = Linear.sum(draft.built(e.project) * (weight[e.source] * Fraction(e.value)) for e in rows)
            draft.rule("endogenous", f"internal share of {indicator}", balance, lower=0)
