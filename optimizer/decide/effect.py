"""Effect: what a mechanism forbids, costs and buys, by solving a region with it and without it.

Every portfolio of both fronts is measured with the *full* region's objectives, re-added from its raw tables, so that
the two fronts are told in one currency. A rule costs what the best value of an objective falls by; an idea that
counts for something (a synergy, memory, likeness …) buys what those who ignore it would miss. Both are as sure as the
two certificates: on fronts that are not complete, a difference within what they leave open proves nothing.

A portfolio of the front without the mechanism that keeps all rules is a portfolio with it as well and counts there,
too. A portfolio of the front with it counts on the other side if those who ignore the mechanism would list it: it
keeps their rules, and none of theirs is as good in every objective as they count it. So a search that was stopped
early on one side is not so easily taken for an effect of the mechanism.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import moocore
import numpy as np
from numpy.typing import NDArray

from models import portfolio_model
from optimizer.certificate import Certificate, Status
from optimizer.decide.shortlist import Class, Shortlist, shortlist
from optimizer.decide.without import REMOVALS, Removal, without
from optimizer.exact import exact_text
from optimizer.listing import Listing
from optimizer.verify import Auditor

if TYPE_CHECKING:
    from instances.region import Region

__all__ = ["REMOVALS", "Change", "Effect", "Moved", "Removal", "Solver", "effect", "in_force", "without"]

Solver = Callable[["Region"], Listing]
"""Solves a region for the objectives under comparison."""
Point = tuple[Fraction, ...]
REFERENCE = 1.1
"""Reference point of the hypervolume, on ranges from 0 (best value of both fronts) to 1 (worst)."""


@dataclass(frozen=True)
class Change:
    """Best value of an objective in the two fronts, in its own unit; ``gain`` > 0: better with the mechanism."""

    objective: str
    unit: str
    with_it: Fraction
    without_it: Fraction
    gain: Fraction
    proved: bool


@dataclass(frozen=True)
class Moved:
    """A project whose class or share differs; shares are exact shares of the portfolios of each front."""

    project: str
    name: str
    before: Class
    after: Class
    share_before: Fraction
    share_after: Fraction


@dataclass(frozen=True)
class Effect:
    """What a mechanism does. ``before`` is without it, ``after`` with it.

    ``forbidden``: project to the rule that shuts it out, only with the mechanism. ``breaking``: how many portfolios of
    the front without it break a rule of the full region; ``broken``: rule to how many of them. ``hypervolume``: that of
    the front with it over that without it, on the common ranges, ``None`` where there is nothing to divide.
    """

    mechanism: str
    changes: tuple[Change, ...]
    moved: tuple[Moved, ...]
    forbidden: Mapping[str, str]
    breaking: int
    broken: Mapping[str, int]
    portfolios: tuple[int, int]
    hypervolume: float | None
    certificates: tuple[Certificate, Certificate]

    @property
    def cost(self) -> tuple[Change, ...]:
        """Objectives whose best value is worse with the mechanism."""
        return tuple(change for change in self.changes if change.gain < 0)

    @property
    def bought(self) -> tuple[Change, ...]:
        """Objectives whose best value is better with the mechanism."""
        return tuple(change for change in self.changes if change.gain > 0)

    @property
    def bites(self) -> bool:
        """Whether anything is different: a rule broken, a best value, a class or a share."""
        return bool(self.cost or self.bought or self.moved or self.breaking or self.forbidden)

    @property
    def settled(self) -> bool:
        """Whether both fronts are complete, so that classes and shares hold for all portfolios."""
        return all(proof.status is Status.COMPLETE for proof in self.certificates)

    def to_dict(self) -> dict[str, Any]:
        """Plain types, exact figures as text."""
        return {
            "mechanism": self.mechanism,
            "bites": self.bites,
            "settled": self.settled,
            "forbidden": dict(self.forbidden),
            "portfolios": {"with": self.portfolios[0], "without": self.portfolios[1]},
            "breaking": self.breaking,
            "broken": dict(self.broken),
            "best": [
                {
                    "objective": c.objective,
                    "unit": c.unit,
                    "with": exact_text(c.with_it),
                    "without": exact_text(c.without_it),
                    "gain": exact_text(c.gain),
                    "proved": c.proved,
                }
                for c in self.changes
            ],
            "hypervolume_ratio": self.hypervolume,
            "projects": [
                {
                    "project": m.project,
                    "name": m.name,
                    "class": {"with": m.after.value, "without": m.before.value},
                    "share": {"with": str(m.share_after), "without": str(m.share_before)},
                }
                for m in self.moved
            ],
            "certificates": {"with": self.certificates[0].to_dict(), "without": self.certificates[1].to_dict()},
        }


def in_force(region: Region) -> tuple[str, ...]:
    """The mechanisms that have something to take away from ``region``.

    >>> from instances import read_region
    >>> in_force(read_region("hamlet"))
    ('budget', 'relations', 'synergy', 'land', 'ecology', 'heritage', 'coverage')
    """
    return tuple(name for name in REMOVALS if without(region, name) != region)


def effect(region: Region, mechanism: str, listing: Listing, solve: Solver) -> Effect:
    """Solve ``region`` without ``mechanism`` by ``solve`` and hold the result against ``listing``, its front with it.

    Raises ``ValueError`` if one of the two fronts is empty.
    """
    lacking = without(region, mechanism)
    other = solve(lacking)
    for who, found in (("with", listing), ("without", other)):
        if not len(found):
            raise ValueError(f"{who} {mechanism}: {found.certificate.in_words()} There is nothing to compare.")
    goals = [objective.name for objective in listing.objectives]
    auditor, other_auditor = Auditor(region), Auditor(lacking)
    plans = [other.plan(row) for row in range(len(other))]
    measured = [_point(auditor, plan, goals) for plan in plans]
    faults = [set(map(_rule, auditor.broken(plan))) for plan in plans]
    mine = [listing.plan(row) for row in range(len(listing))]
    seen = [_point(other_auditor, plan, goals) for plan in mine]
    same = measured == list(other.values) and seen == list(listing.values)
    with_it = [*listing.values, *(point for point, rules in zip(measured, faults, strict=True) if not rules)]
    allowed = [next(other_auditor.broken(plan), None) is None for plan in mine]
    newcomers = [
        (own, full)
        for own, full, may in zip(seen, listing.values, allowed, strict=True)
        if may and not any(_covers(listing, point, own) for point in other.values)
    ]
    listed = zip(other.values, measured, strict=True)
    without_it = newcomers + [
        pair for pair in listed if not any(_covers(listing, own, pair[0]) for own, _ in newcomers)
    ]
    free = {entry.project for entry in portfolio_model(lacking, goals).forbidden}
    forbidden: dict[str, str] = {}
    for entry in portfolio_model(region, goals).forbidden:
        if entry.project not in free:
            forbidden.setdefault(entry.project, entry.rule)
    return Effect(
        mechanism=mechanism,
        changes=tuple(_change(listing, other, with_it, without_it, same, k) for k in range(len(goals))),
        moved=_moved(shortlist(lacking, other), shortlist(region, listing)),
        forbidden=forbidden,
        breaking=sum(bool(rules) for rules in faults),
        broken=dict(Counter(rule for rules in faults for rule in rules).most_common()),
        portfolios=(len(listing), len(other)),
        hypervolume=_hypervolume_ratio(listing, with_it, [full for _, full in without_it]),
        certificates=(listing.certificate, other.certificate),
    )


def _point(auditor: Auditor, plan: Mapping[str, int], goals: list[str]) -> Point:
    values = auditor.values(plan, goals)
    return tuple(values[name] for name in goals)


def _covers(listing: Listing, one: Point, other: Point) -> bool:
    """Whether ``one`` is at least as good as ``other`` in every objective."""
    return all(listing.gain(k, a, b) >= 0 for k, (a, b) in enumerate(zip(one, other, strict=True)))


def _rule(sentence: str) -> str:
    """The rule in a sentence of the auditor, without the figures of one plan.

    >>> _rule("land: zone Z1 in ay: 4 ha taken of 3 ha"), _rule("relations: one bank: 2 spent, at most 1 wanted")
    ('land: zone Z1 in ay', 'relations: one bank')
    """
    return ": ".join(sentence.split(": ")[:2])


def _change(
    listing: Listing, other: Listing, with_it: list[Point], without_it: list[tuple[Point, Point]], same: bool, k: int
) -> Change:
    """The best with the mechanism, and what those who ignore it get when they aim at the objective.

    ``without_it`` holds portfolios as they are counted without the mechanism and in full. Their best is chosen by the
    first (ties: by the second) and measured by the second. ``proved``: the sign is sure, whatever portfolios the two
    fronts still lack; where the mechanism bears on objectives (not ``same``), the choice itself must be proved.
    """
    objective = listing.objectives[k]
    best = max if objective.sense == "max" else min
    mine = best(point[k] for point in with_it)
    aimed = best(own[k] for own, _ in without_it)
    theirs = best(full[k] for own, full in without_it if own[k] == aimed)
    gain = listing.gain(k, mine, theirs)
    most, their_most = _ceiling(listing, k), _ceiling(other, k)
    if not same:
        their_most = theirs if their_most == aimed else None
    if gain > 0:
        proved = their_most is not None and listing.gain(k, mine, their_most) > 0
    elif gain < 0:
        proved = most is not None and listing.gain(k, most, theirs) < 0
    else:
        proved = (most, their_most) == (mine, theirs)
    return Change(objective.name, objective.unit, mine, theirs, gain, proved)


def _ceiling(listing: Listing, k: int) -> Fraction | None:
    """What no portfolio can exceed in an objective, by the certificate; ``None`` if it says nothing."""
    proof, objective = listing.certificate, listing.objectives[k]
    best = max if objective.sense == "max" else min
    known = best(listing.column(k))
    if proof.status is Status.COMPLETE:
        return known
    if proof.open_regions and len(proof.open_regions) == proof.open_regions_total:
        return best(known, *(Fraction(region.best[objective.name]) for region in proof.open_regions))
    if proof.epsilon_in_units is None:
        return None
    step = Fraction(proof.epsilon_in_units[objective.name])
    return known + step if objective.sense == "max" else known - step


def _moved(before: Shortlist, after: Shortlist) -> tuple[Moved, ...]:
    """Projects that stand elsewhere, changes of class first, then by the change of their share."""
    old = {entry.project: entry for entry in before.entries}
    found = [
        Moved(e.project, e.name, old[e.project].cls, e.cls, old[e.project].share, e.share)
        for e in after.entries
        if (old[e.project].cls, old[e.project].share) != (e.cls, e.share)
    ]
    return tuple(sorted(found, key=lambda m: (m.before is m.after, -abs(m.share_after - m.share_before))))


def _hypervolume_ratio(listing: Listing, with_it: list[Point], without_it: list[Point]) -> float | None:
    """``HV(with) / HV(without)``, both normalised to the best and worst values of the two together.

    1 means that both dominate as much; the reference point lies a tenth of the range beyond the worst values.
    """
    signs = np.array([-1.0 if objective.sense == "max" else 1.0 for objective in listing.objectives])
    mine, theirs = (signs * np.array([[float(v) for v in row] for row in rows]) for rows in (with_it, without_it))
    both = np.vstack([mine, theirs])
    low, span = both.min(axis=0), np.ptp(both, axis=0)
    span[span == 0] = 1.0
    whole = _hypervolume((theirs - low) / span)
    return _hypervolume((mine - low) / span) / whole if whole else None


def _hypervolume(points: NDArray[np.float64]) -> float:
    return float(moocore.hypervolume(points, ref=[REFERENCE] * points.shape[1]))
