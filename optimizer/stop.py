"""When to stop: small callables that look at the progress and give a reason, or ``None`` to go on."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Protocol

__all__ = ["After", "AnyOf", "Guarantee", "Progress", "SolveLimit", "Stop", "TimeLimit"]


@dataclass(frozen=True)
class Progress:
    """Where a solve stands. ``epsilon`` is ``inf`` as long as nothing is proved."""

    seconds: float
    points: int
    solves: int
    epsilon: float
    open_regions: int
    phase: str = "search"


class Stop(Protocol):
    """A stopping rule. It keeps no count of its own, so one rule serves any number of solves."""

    def __call__(self, progress: Progress) -> str | None:
        """The reason to stop now, or ``None``."""
        ...

    def seconds_left(self, progress: Progress) -> float:
        """Seconds that a single solver call may still take; ``inf`` if this rule sets no limit."""
        ...

    @property
    def enough(self) -> float:
        """The ε that is good enough; 0 asks for the complete front."""
        ...


@dataclass(frozen=True)
class TimeLimit:
    """Stop after ``seconds`` of wall-clock time."""

    seconds: float

    def __call__(self, progress: Progress) -> str | None:
        return "time limit" if progress.seconds >= self.seconds else None

    def seconds_left(self, progress: Progress) -> float:
        return max(0.0, self.seconds - progress.seconds)

    @property
    def enough(self) -> float:
        return 0.0


@dataclass(frozen=True)
class SolveLimit:
    """Stop after ``solves`` solver calls; an engine without a solver counts its own steps."""

    solves: int

    def __call__(self, progress: Progress) -> str | None:
        return "solve limit" if progress.solves >= self.solves else None

    def seconds_left(self, progress: Progress) -> float:
        return math.inf

    @property
    def enough(self) -> float:
        return 0.0


@dataclass(frozen=True)
class Guarantee:
    """Stop as soon as ``epsilon`` is proved; 0 asks for the complete front."""

    epsilon: float

    def __call__(self, progress: Progress) -> str | None:
        return "guarantee reached" if self.epsilon > 0 and progress.epsilon <= self.epsilon else None

    def seconds_left(self, progress: Progress) -> float:
        return math.inf

    @property
    def enough(self) -> float:
        return self.epsilon


@dataclass(frozen=True, init=False)
class AnyOf:
    """Stop as soon as one of the ``rules`` says so.

    >>> rule = AnyOf(TimeLimit(60), Guarantee(0.02))
    >>> rule(Progress(seconds=3, points=9, solves=20, epsilon=0.01, open_regions=4))
    'guarantee reached'
    """

    rules: tuple[Stop, ...]

    def __init__(self, *rules: Stop) -> None:
        object.__setattr__(self, "rules", rules)

    def __call__(self, progress: Progress) -> str | None:
        return next((reason for rule in self.rules if (reason := rule(progress))), None)

    def seconds_left(self, progress: Progress) -> float:
        return min((rule.seconds_left(progress) for rule in self.rules), default=math.inf)

    @property
    def enough(self) -> float:
        return max((rule.enough for rule in self.rules), default=0.0)


@dataclass(frozen=True)
class After:
    """A rule for a search that goes on from an earlier one: what that one took counts, too."""

    rule: Stop
    seconds: float = 0.0
    solves: int = 0

    def total(self, progress: Progress) -> Progress:
        """``progress`` with the earlier search counted in."""
        return replace(progress, seconds=progress.seconds + self.seconds, solves=progress.solves + self.solves)

    def __call__(self, progress: Progress) -> str | None:
        return self.rule(self.total(progress))

    def seconds_left(self, progress: Progress) -> float:
        return self.rule.seconds_left(self.total(progress))

    @property
    def enough(self) -> float:
        return self.rule.enough
