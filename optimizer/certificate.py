"""Certificate: what is proved about a front, and only that."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

__all__ = ["Certificate", "OpenRegion", "Status", "percent_at_most"]


class Status(StrEnum):
    """How much is proved about the list of portfolios.

    ``COMPLETE``: every nondominated point is in the list. ``GUARANTEE``: whatever portfolio exists, the list holds one
    that is at most ``epsilon`` of the range worse in every objective. ``HEURISTIC``: nothing of the kind is proved.
    """

    COMPLETE = "COMPLETE"
    GUARANTEE = "GUARANTEE"
    HEURISTIC = "HEURISTIC"


@dataclass(frozen=True)
class OpenRegion:
    """A box of objective space that may still hold nondominated points, in each objective's own unit and sense.

    Every portfolio that is missing is at most as good as ``best`` in every objective and better than ``worst`` in every
    objective, for at least one open region. ``epsilon`` is what this region alone leaves open.
    """

    best: dict[str, float]
    worst: dict[str, float]
    epsilon: float | None
    why: str = "not searched to the end"


@dataclass(frozen=True)
class Certificate:
    """What was proved, how, and at what expense.

    ``epsilon`` is a share of ``ranges`` (ideal point to the worst value of the payoff table, widened where a listed
    point lies outside); ``epsilon_in_units`` is the same in each objective's own unit. ``hypervolume_missing`` bounds
    the share of the complete front's hypervolume (reference: the worse end of ``ranges``) that the list may lack.
    ``None`` stands for: no bound is known. ``labels`` counts what label setting kept, over all of its stages.
    """

    status: Status
    epsilon: float | None
    epsilon_in_units: dict[str, float] | None
    hypervolume_missing: float | None
    points: int
    solves: int
    seconds: float
    engine: str
    stopped_by: str
    ranges: dict[str, tuple[float, float]]
    infeasible: bool = False
    labels: int = 0
    faults: tuple[str, ...] = ()
    open_regions: tuple[OpenRegion, ...] = field(default=())
    open_regions_total: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Plain types for ``certificate.json``."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Certificate:
        """The inverse of :meth:`to_dict`."""
        regions = tuple(OpenRegion(**region) for region in data["open_regions"])
        ranges = {name: (ends[0], ends[1]) for name, ends in data["ranges"].items()}
        rest = {"open_regions": regions, "ranges": ranges, "faults": tuple(data["faults"])}
        return cls(**{**data, **rest, "status": Status(data["status"])})

    @property
    def effort(self) -> str:
        """What it took, in words."""
        steps = {"labels": "stages", "evolve": "evaluations"}.get(self.engine, "solves")
        return f"{self.solves:,} {steps} in {self.seconds:.1f} s; engine {self.engine}"

    def in_words(self) -> str:
        """One sentence that an officer can read out."""
        if self.infeasible:
            return "No portfolio satisfies all rules; this is proved."
        if self.status is Status.COMPLETE:
            return (
                f"Complete: these {self.points} portfolios show every efficient trade-off. Whatever other portfolio "
                "anybody thinks of, one in this list is at least as good in every objective."
            )
        if self.status is Status.GUARANTEE and self.epsilon is not None:
            share = percent_at_most(self.epsilon)
            return (
                f"Guaranteed within {share}: whatever portfolio anybody thinks of, one of these "
                f"{self.points} is at most {share} of the range worse in every objective."
            )
        if not self.points:
            return "Heuristic: no portfolio was found that satisfies all rules; that there is none is not proved."
        return f"Heuristic: {self.points} feasible portfolios, with no proof of how much better ones may exist."


def percent_at_most(share: float) -> str:
    """A share as a percentage, rounded up so that it never promises too much.

    >>> percent_at_most(0.01234), percent_at_most(0.5), percent_at_most(0.0)
    ('1.24 %', '50 %', '0 %')
    """

    percent = math.ceil(round(share * 1e6) / 100) / 100
    return f"{percent:g} %"
