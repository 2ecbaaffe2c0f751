"""Time: what does everything that is built cost to run after the last period?"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from instances.region import Region
from optimizer.verify.plan import Plan, Use
from optimizer.verify.words import figure

__all__ = ["Time"]


class Time:
    """``operating_tail_limit``: Σ o·q of the chosen projects, all of which then run, is at most the limit."""

    def __init__(self, region: Region) -> None:
        limit = region.settings.policy.operating_tail_limit
        self._limit = None if limit is None else Fraction(limit)
        self._running = {p.id: Fraction(p.operating_cost) * Fraction(p.public_share) for p in region.projects}

    def broken(self, plan: Plan) -> Iterator[str]:
        for running, limit in self.uses(plan).values():
            if running > limit:
                yield (
                    f"time: operating_tail_limit: {figure(running)} a period after the last one, "
                    f"{figure(limit)} allowed"
                )

    def uses(self, plan: Plan) -> dict[str, Use]:
        """Money that everything costs to run after the last period."""
        if self._limit is None:
            return {}
        running = sum((self._running[project] for project in plan if project in self._running), Fraction(0))
        return {"operating_tail_limit": (running, self._limit)}
