"""Overruns: money that must be left so that some projects may come to their high cost at once, whichever they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction
from math import ceil

from instances.schema import Project
from models.draft import Draft
from models.funds import Demand, Funds
from models.linear import Linear

__all__ = ["Extra", "dearest", "extra_spending", "margin"]

Extra = Mapping[str, Linear]
"""Project to what it spends more at its high cost."""


def dearest(draft: Draft, project: Project) -> Fraction:
    """What the funds must pay more for the project if it comes to ``cost_high`` (money); 0 if no overrun is borne."""
    if project.cost_high is None or not draft.region.settings.policy.overruns_borne:
        return Fraction(0)
    return max(Fraction(project.cost_high - project.capital_cost) * Fraction(project.public_share), Fraction(0))


def extra_spending(draft: Draft, funds: Funds) -> Mapping[Demand, Extra]:
    """What each project would spend more in each period of building if it came to ``cost_high`` (money)."""
    found: dict[Demand, dict[str, Linear]] = defaultdict(dict)
    for project in draft.region.projects:
        more, payers = dearest(draft, project) / project.duration, funds.payers(project)
        if not more or not payers:
            continue
        for start in draft.region.starts(project):
            for period in range(start, start + project.duration):
                here = found[Demand(period, payers)]
                here[project.id] = here.get(project.id, Linear()) + draft.started(project.id, start) * more
    return found


def margin(draft: Draft, name: str, extra: Extra, borne: int) -> Linear:
    """The largest sum of ``borne`` of the ``extra`` sums, as it bounds a row from above.

    ``max_{|S| <= Γ} Σ_{j in S} extra_j = min Γ z + Σ_j p_j`` with ``p_j + z >= extra_j`` and ``p, z >= 0``: the dual of
    the choice of S, whose polytope is integral (Bertsimas & Sim 2004, "The price of robustness", Proposition 1). In a
    row ``spent + Γ z + Σ p_j <= money`` the smallest ``z`` and ``p`` can be taken, so that the row holds for some of
    them if and only if the money does for every S: columns ``margin[name]`` and ``over[name,project]`` (money), which
    no objective counts.
    """
    if len(extra) <= borne:
        return Linear.sum(extra.values())
    most = {project: ceil(draft.range(linear)[1]) for project, linear in extra.items()}
    z = draft.continuous("margin", name, most=max(most.values()))
    parts = [z * borne]
    for project, linear in extra.items():
        p = draft.continuous("over", name, project, most=most[project])
        draft.rule("define", f"over {name}: {project}", p + z - linear, lower=0)
        parts.append(p)
    return Linear.sum(parts)
