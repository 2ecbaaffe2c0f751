"""Why a project can be in no portfolio at all, in words."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from models import portfolio_model
from optimizer.exact import decimals, figure

if TYPE_CHECKING:
    from instances.region import Region
    from instances.schema import Project

__all__ = ["why_exterior"]


def why_exterior(region: Region, objectives: Sequence[str] | None = None) -> dict[str, str]:
    """Project to reason, for the projects that no plan can contain whatever else it does.

    Looked for in this order: locked out, no period to start in, forbidden by a rule (see
    :func:`models.portfolio_model`), dearer than all the money of the funds that may pay for it. Projects that are only
    crowded out by others are not in it.
    """
    reasons: dict[str, str] = {}
    for project in region.projects:
        if project.locked == "out":
            reasons[project.id] = "locked out"
        elif not region.starts(project):
            reasons[project.id] = "cannot be completed within the periods"
    for forbidden in portfolio_model(region, objectives).forbidden:
        reasons.setdefault(forbidden.project, f"forbidden: {forbidden.rule}")
    for project in region.projects if region.budgets else ():
        needed, money = Fraction(project.capital_cost * project.public_share), _money(region, project)
        if needed > money:
            places = decimals([needed, money])
            words = f"dearer ({figure(needed, places)}) than all the money of its funds ({figure(money, places)})"
            reasons.setdefault(project.id, words)
    return reasons


def _money(region: Region, project: Project) -> Fraction:
    """All that the funds which may pay for ``project`` hold, over all periods."""
    kinds = set(project.category)
    return sum(
        (Fraction(b.amount) for b in region.budgets if not b.categories or kinds & set(b.categories)), Fraction(0)
    )
