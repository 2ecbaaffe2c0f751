"""Location quotients: how strong the industry of each project is in its town, compared with the region."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from instances.region import Region

__all__ = ["location_quotients"]


def location_quotients(region: Region) -> Mapping[str, Fraction]:
    """Project to ``LQ = (jobs_town,i / jobs_town) / (jobs_i / jobs_all)`` of its industry ``i``, where there is one.

    The industry is the project's tag of kind industry with the largest weight, the first in the table if several have
    it (Florence 1939, "Report on the location of industry"). Projects without such a tag or without a town are left
    out, and so are those whose town or industry has no jobs in the table ``industries``: nothing can be compared.
    """
    jobs: dict[tuple[str, str], Fraction] = {}
    of_town: dict[str, Fraction] = defaultdict(Fraction)
    of_industry: dict[str, Fraction] = defaultdict(Fraction)
    for row in region.industries:
        jobs[row.town, row.industry] = Fraction(row.jobs)
        of_town[row.town] += Fraction(row.jobs)
        of_industry[row.industry] += Fraction(row.jobs)
    everything = sum(of_town.values(), Fraction(0))
    quotients = {}
    for project, industry in _industries(region).items():
        town = region.project[project].town
        if of_town.get(town) and of_industry.get(industry):
            here = jobs.get((town, industry), Fraction(0)) / of_town[town]
            quotients[project] = here / (of_industry[industry] / everything)
    return quotients


def _industries(region: Region) -> dict[str, str]:
    """Project to the industry that it is most of."""
    most: dict[str, tuple[Decimal, str]] = {}
    for tag in region.tags:
        if tag.kind == "industry" and (tag.project not in most or tag.weight > most[tag.project][0]):
            most[tag.project] = tag.weight, tag.tag
    return {project: industry for project, (_, industry) in most.items()}
