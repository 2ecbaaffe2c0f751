"""Replanned: the new front beside the plan that was adopted: what stays, what changes, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from optimizer.certificate import Status
from optimizer.decide.adopted import Adopted, compare_adopted
from optimizer.decide.replan.progress import Progress
from optimizer.decide.replan.successor import Successor
from optimizer.exact import counted, decimals, exact_text, figure
from optimizer.listing import Listing

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Changes", "Replanned", "replanned"]

NAMED = 6


@dataclass(frozen=True)
class Changes:
    """What a portfolio (numbered as in ``front.csv``) does to the rest of the adopted plan."""

    portfolio: int
    kept: tuple[str, ...]
    moved: tuple[str, ...]
    dropped: tuple[str, ...]
    entered: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many projects do not start as adopted."""
        return len(self.moved) + len(self.dropped) + len(self.entered)


@dataclass(frozen=True, eq=False)
class Replanned:
    """The next round: progress, the region made of it, its front, and the adopted plan held against it.

    ``adopted`` is ``None`` where nothing of the plan is left to go on with.
    """

    progress: Progress
    successor: Successor
    listing: Listing
    changes: tuple[Changes, ...]
    adopted: Adopted | None

    def to_dict(self) -> dict[str, Any]:
        """Plain types, exact figures as text."""
        return {
            "done": self.progress.done,
            "started": [
                {
                    "project": one.project,
                    "start": one.start,
                    "completed": one.completed,
                    "spent": exact_text(one.spent),
                    "remaining_cost": str(one.remaining),
                    "remaining_periods": one.periods,
                }
                for one in self.progress.started.values()
            ],
            "waiting": self.progress.waiting,
            "money_taken_along": {fund: exact_text(money) for fund, money in self.progress.left.items()},
            "window_over": list(self.successor.passed),
            "gone": list(self.successor.gone),
            "notes": list(self.successor.notes),
            "adopted": None if self.adopted is None else self.adopted.to_dict(),
            "portfolios": [
                {
                    "portfolio": one.portfolio,
                    "changes": one.count,
                    "kept": list(one.kept),
                    "moved": list(one.moved),
                    "dropped": list(one.dropped),
                    "entered": list(one.entered),
                }
                for one in self.changes
            ],
            "certificate": self.listing.certificate.to_dict(),
            "words": self.in_words(),
        }

    def to_frame(self) -> pd.DataFrame:
        """One row a portfolio: its values and what it changes."""
        import pandas as pd

        names = [objective.name for objective in self.listing.objectives]
        rows = {
            one.portfolio: {
                **{name: float(value) for name, value in zip(names, values, strict=True)},
                "changes": one.count,
                "moved": ", ".join(one.moved),
                "dropped": ", ".join(one.dropped),
                "entered": ", ".join(one.entered),
            }
            for one, values in zip(self.changes, self.listing.values, strict=True)
        }
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis("portfolio")

    def in_words(self) -> str:
        """What an officer can read out."""
        return " ".join([*self._so_far(), *self._going_on(), *self._new_front(), *self._what_it_rests_on()])

    def _so_far(self) -> list[str]:
        completed = [one.project for one in self.progress.started.values() if one.completed]
        building = [one.project for one in self.progress.started.values() if not one.completed]
        said = [
            f"Of the adopted plan, {_these(completed)} completed and {_these(building)} being built: they are binding. "
            f"{_these(self.progress.waiting, 'wait', 'waits')} for a later start."
        ]
        for fund, money in self.progress.left.items():
            words = "takes along" if money > 0 else "has overspent"
            said.append(f"The fund {fund} {words} {figure(abs(money), min(2, decimals([money])))}.")
        if self.successor.passed:
            said.append(f"The window of {_listed(self.successor.passed)} is over.")
        if self.successor.gone:
            said.append(f"{_listed(self.successor.gone)} of the plan is no longer in the region.")
        return said

    def _going_on(self) -> list[str]:
        if self.adopted is None:
            return ["Nothing of the plan is left to go on with."]
        if self.adopted.broken:
            return [
                f"Going on as adopted breaks {counted(len(self.adopted.broken), 'rule')}: {self.adopted.broken[0]}."
            ]
        if not self.adopted.better:
            sure = self.listing.certificate.status is Status.COMPLETE
            return ["Going on as adopted is efficient." if sure else "No listed portfolio beats going on as adopted."]
        best = self.adopted.better[0]
        gains = [(name, gain) for name, gain in best.gains.items() if gain]
        told = ", ".join(f"{figure(gain, min(2, decimals([gain])))} of {name}" for name, gain in gains)
        return [
            f"Going on as adopted is allowed, but portfolio {best.portfolio} is nowhere worse and gains {told}: it "
            f"{self._deeds(self._of(best.portfolio))}."
        ]

    def _new_front(self) -> list[str]:
        if not self.changes:
            return []
        least = min(self.changes, key=lambda one: one.count)
        said = []
        if self.adopted is not None and self.adopted.broken:
            said.append(f"Portfolio {least.portfolio} changes the least: it {self._deeds(least)}.")
        same = sum(one.count == 0 for one in self.changes)
        said.append(f"{same} of {counted(len(self.changes), 'new portfolio')} leave the adopted plan as it is.")
        lost = [p for p in self.progress.waiting if all(p in one.dropped for one in self.changes)]
        new = [p for p in self.changes[0].entered if all(p in one.entered for one in self.changes)]
        if lost:
            said.append(f"All of them drop {_listed(lost)}.")
        if new:
            said.append(f"All of them take {_listed(new)} in.")
        return said

    def _what_it_rests_on(self) -> list[str]:
        notes = [f"{note[:1].upper()}{note[1:]}." for note in self.successor.notes]
        return [*notes, self.listing.certificate.in_words()]

    def _of(self, portfolio: int) -> Changes:
        return next(one for one in self.changes if one.portfolio == portfolio)

    def _deeds(self, one: Changes) -> str:
        parts = [
            f"{verb} {_listed(names)}"
            for verb, names in (("drops", one.dropped), ("moves", one.moved), ("takes in", one.entered))
            if names
        ]
        return " and ".join(parts) or "starts the same projects"


def replanned(made: Progress, successor: Successor, listing: Listing) -> Replanned:
    """The front ``listing`` of ``successor.region`` held against the plan that was adopted."""
    return Replanned(
        made,
        successor,
        listing,
        tuple(_changes(listing, row, made, successor) for row in range(len(listing))),
        compare_adopted(successor.region, listing),
    )


def _changes(listing: Listing, row: int, made: Progress, successor: Successor) -> Changes:
    plan = listing.plan(row)
    waiting = {p: start for p, start in made.waiting.items() if p in successor.region.project}
    return Changes(
        listing.numbers[row],
        kept=tuple(p for p, start in waiting.items() if plan.get(p) == start),
        moved=tuple(p for p, start in waiting.items() if p in plan and plan[p] != start),
        dropped=tuple(p for p in waiting if p not in plan),
        entered=tuple(p for p in plan if p not in waiting and p not in made.started),
    )


def _these(projects: Iterable[str], many: str = "are", one: str = "is") -> str:
    names = list(projects)
    return f"{_listed(names) or 'nothing'} {many if len(names) > 1 else one}"


def _listed(projects: Iterable[str]) -> str:
    names = list(projects)
    more = len(names) - NAMED
    if more > 0:
        return f"{', '.join(names[:NAMED])} and {more} more"
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)
