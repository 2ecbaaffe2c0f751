"""Effects: ``indicator = Σ_j value_j built_j``, and ``Σ_j (score_j - 1) built_j`` for a criterion of a rubric.

    "It is obviously unreasonable to take economic development as the only indicator to measure the small towns'
    development levels." (S1, abstract)

The additive value of a portfolio of independent projects, as in Golabi, Kirkwood & Sicherman (1981), "Selecting a
portfolio of solar energy projects using multiattribute preference theory". A score of 1 means "does nothing", so it
counts 0 steps: a baseline other than "nothing" would reward long lists (Clemen & Smith 2009). An effect that is
``yearly`` comes in each period of service: its value depends on the start (:mod:`models.mechanisms.time`).
In the indicators of the policy ``location_quotient`` a gain is first multiplied by the location quotient of the
project's industry (:mod:`models.quotients`): towns "have to possess pillar industries and economic growth points with
comparative advantages" (S1, section I). It is rounded down to the decimals of the value, as part of the definition.

``jobs_low`` is the indicator ``jobs`` with every effect at its cautious value ``low`` where it has one, ``jobs_high``
at its hopeful ``high``: as effects add up, these are the worst and the best case over all intervals (Soyster 1973).

``jobs_worst`` is the least that ``jobs`` comes to over the worlds of ``scenarios``, the one as planned included, and
``jobs_cvar`` its mean over the worst ``tail_share`` of them (:mod:`models.worst`): the indicator with the values that
its effects have in each world; whatever else a scenario changes is left as planned.

No rules; the indicators are those named in the tables and ``capital_cost``, ``public_cost`` (capital cost times public
share), ``operating_cost`` (a period) and ``projects`` (their number).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction
from functools import partial
from math import floor

from instances.region import Region
from instances.schema import Effect, Score
from instances.worlds import effects_by_world, over_worlds
from models.draft import Draft, Provider
from models.linear import Linear
from models.mechanisms.time import decimals, in_service
from models.quotients import location_quotients
from models.worst import least_of, tails

TABLES = ("projects",)

BUILT_IN: Mapping[str, Provider] = {
    "capital_cost": lambda draft: draft.total(lambda p: p.capital_cost),
    "public_cost": lambda draft: draft.total(lambda p: Fraction(p.capital_cost) * Fraction(p.public_share)),
    "operating_cost": lambda draft: draft.total(lambda p: p.operating_cost),
    "projects": lambda draft: draft.total(lambda _: 1),
}


def build(draft: Draft) -> None:
    """Effects make no rules."""


def indicators(region: Region) -> Mapping[str, Provider]:
    """The built-in sums, each indicator of ``effects`` and each criterion of ``scores``."""
    parts: dict[str, list[Provider]] = defaultdict(list)
    for name, provider in BUILT_IN.items():
        parts[name].append(provider)
    quotients = location_quotients(region) if region.settings.policy.location_quotient else {}
    for effect in region.effects:
        parts[effect.indicator].append(partial(_effect, effect, _located(region, effect, quotients)))
    for score in region.scores:
        parts[score.criterion].append(partial(_score, score))
    for name, (indicator, end) in region.cautious_and_hopeful.items():
        parts[name].append(partial(_whole, indicator))
        for effect in region.effects:
            if effect.indicator == indicator and (other := getattr(effect, end)) is not None:
                parts[name].append(partial(_instead, effect, effect.model_copy(update={"value": other}), quotients))
    for name, (indicator, share) in over_worlds(region).items():
        parts[name].append(partial(_worst, name, indicator, share, quotients))
    return {name: partial(_sum, providers) for name, providers in parts.items()}


def _whole(indicator: str, draft: Draft) -> Linear:
    return draft.indicator(indicator)


def _instead(effect: Effect, other: Effect, quotients: Mapping[str, Fraction], draft: Draft) -> Linear:
    """What is added when ``other`` comes in place of ``effect``."""
    worth, less = (_effect(one, _located(draft.region, one, quotients), draft) for one in (other, effect))
    return worth - less


def _worst(
    name: str, indicator: str, share: Fraction | None, quotients: Mapping[str, Fraction], draft: Draft
) -> Linear:
    """The least over the worlds, or with a ``share`` the mean over the worst of them."""
    planned, region = draft.indicator(indicator), draft.region
    worlds = [
        (
            chance,
            planned
            + Linear.sum(
                _instead(effect, other, quotients, draft)
                for effect, other in zip(region.effects, effects, strict=True)
                if effect.indicator == indicator and other.value != effect.value
            ),
        )
        for chance, effects in effects_by_world(region)
    ]
    return least_of(draft, name, [value for _, value in worlds] if share is None else tails(worlds, share))


def _sum(providers: list[Provider], draft: Draft) -> Linear:
    return Linear.sum(provider(draft) for provider in providers)


def _score(score: Score, draft: Draft) -> Linear:
    return draft.built(score.project) * (score.score - 1)


def _located(region: Region, effect: Effect, quotients: Mapping[str, Fraction]) -> Fraction:
    """The value; gains in an indicator of the policy ``location_quotient`` times that of the project, rounded down."""
    value = Fraction(effect.value)
    if value <= 0 or effect.indicator not in region.settings.policy.location_quotient:
        return value
    steps = 10 ** decimals(effect.value)
    return Fraction(floor(value * quotients.get(effect.project, Fraction(1)) * steps), steps)


def _effect(effect: Effect, value: Fraction, draft: Draft) -> Linear:
    """``value`` once, or in each period of service, which then depends on the start."""
    if not effect.yearly:
        return draft.built(effect.project) * value
    region, places = draft.region, decimals(effect.value)
    project = region.project[effect.project]
    return Linear.sum(
        draft.started(project.id, start) * in_service(region, value, places, start + project.duration)
        for start in region.starts(project)
    )
