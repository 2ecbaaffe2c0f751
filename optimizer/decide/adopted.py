"""How far a plan that was adopted elsewhere lies from the front, and which portfolios beat it in what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from optimizer.exact import exact_text
from optimizer.listing import Listing
from optimizer.verify import evaluate

if TYPE_CHECKING:
    from instances.region import Region

__all__ = ["Adopted", "Better", "compare_adopted"]


@dataclass(frozen=True)
class Better:
    """A listed portfolio (numbered from 1) at least as good in every objective and better in one; gains are >= 0."""

    portfolio: int
    gains: Mapping[str, Fraction]


@dataclass(frozen=True)
class Adopted:
    """An adopted plan beside the front.

    ``epsilon`` is the smallest number such that some listed portfolio (``nearest``, numbered from 1) is at most
    ``epsilon`` of the range worse than the plan in every objective. Below 0, that portfolio is better by at least
    ``-epsilon`` of the range in every objective; 0: beaten in some objectives only, or on the front; above 0: the plan
    has something that no listed portfolio offers, because it breaks a rule or because the list is not complete.
    """

    plan: Mapping[str, int]
    values: Mapping[str, Fraction]
    broken: tuple[str, ...]
    epsilon: float | None
    nearest: int | None
    better: tuple[Better, ...]

    @property
    def feasible(self) -> bool:
        return not self.broken

    def to_dict(self) -> dict[str, Any]:
        """Plain types, exact figures as text."""
        return {
            "plan": dict(self.plan),
            "values": {name: exact_text(value) for name, value in self.values.items()},
            "feasible": self.feasible,
            "broken": list(self.broken),
            "epsilon": self.epsilon,
            "nearest": self.nearest,
            "better": [
                {"portfolio": b.portfolio, "gains": {name: exact_text(gain) for name, gain in b.gains.items()}}
                for b in self.better
            ],
        }


def compare_adopted(region: Region, listing: Listing) -> Adopted | None:
    """The plan of the ``adopted`` column of the projects, in the compared objectives; ``None`` if no project has one.

    Formula: ``epsilon = min over portfolios of max over objectives of (plan - portfolio) / range``, signed so that
    positive means: the plan is better. Portfolios that beat the plan come with the largest common gain first.
    """
    plan = {project.id: project.adopted for project in region.projects if project.adopted}
    if not plan:
        return None
    names = tuple(objective.name for objective in listing.objectives)
    found = evaluate(region, plan, names)
    own = [found.values[name] for name in names]
    gains = [[listing.gain(k, value, own[k]) for k, value in enumerate(values)] for values in listing.values]
    lead = [max(-gain / listing.range(k) for k, gain in enumerate(row)) for row in gains]
    beats = [row for row, gain in enumerate(gains) if min(gain) >= 0 and max(gain) > 0]
    nearest = min(range(len(lead)), key=lambda row: (lead[row], -sum(gains[row]))) if lead else None
    return Adopted(
        plan=plan,
        values=dict(zip(names, own, strict=True)),
        broken=tuple(found.broken),
        epsilon=None if nearest is None else float(lead[nearest]),
        nearest=None if nearest is None else listing.numbers[nearest],
        better=tuple(
            Better(listing.numbers[row], dict(zip(names, gains[row], strict=True)))
            for row in sorted(beats, key=lambda row: lead[row])
        ),
    )
