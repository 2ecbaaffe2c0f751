"""Quotients: what is an effect worth in a town where its industry is strong, or weak?"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from instances.region import Region
from instances.schema import Effect, Tag

__all__ = ["scaled_by_location"]


def scaled_by_location(region: Region, places_of: Callable[..., int]) -> Callable[[Effect], Fraction]:
    """The value of an effect; gains in an indicator of the policy ``location_quotient`` times the location quotient.

    The quotient is the share of the project's industry in the jobs of its town over its share in all jobs. The product
    is cut off after the decimals of the value (``places_of``). The industry is the heaviest industry tag, the first of
    equals. Without tag, town, or jobs of the town or the industry in the table, the value stays; so do losses.
    """
    indicators = region.settings.policy.location_quotient
    heaviest: dict[str, Tag] = {}
    for tag in region.tags if indicators else ():
        if tag.kind == "industry" and (tag.project not in heaviest or tag.weight > heaviest[tag.project].weight):
            heaviest[tag.project] = tag

    def worth(effect: Effect) -> Fraction:
        value = Fraction(effect.value)
        if effect.indicator not in indicators or value < 0:
            return value
        if effect.project not in heaviest:
            return value
        industry, town = heaviest[effect.project].tag, region.project[effect.project].town
        in_town = sum(Fraction(row.jobs) for row in region.industries if row.town == town)
        in_industry = sum(Fraction(row.jobs) for row in region.industries if row.industry == industry)
        if not in_town or not in_industry:
            return value
        both = sum(Fraction(row.jobs) for row in region.industries if (row.town, row.industry) == (town, industry))
        everywhere = sum(Fraction(row.jobs) for row in region.industries)
        unit = 10 ** places_of(effect.value)
        return Fraction(value * both * everywhere / (in_town * in_industry) * unit // 1, unit)

    return worth
