"""Trend: how the certified ε has fallen, and when it may reach the guarantee if it goes on so."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass, field

from optimizer.stop import Progress

__all__ = ["Trend"]

LEAST_SECONDS = 5.0
LEAST_FALL = 1.02
"""By what ε must have fallen since half of the time for a trend to be seen."""
FARTHEST = 50.0
"""A guarantee farther away than this many times the time so far is not foretold."""
EVENTS = 4096


@dataclass
class Trend:
    """ε against time, as a power law through now and half of the time so far.

    Proofs get dearer as ε falls; on a power law ``ε = c t^-a`` each halving of ε takes as many times longer as the one
    before, which is more careful than the exponential decay of a straight line on a logarithmic scale. It is an
    extrapolation and no promise.

    >>> trend = Trend()
    >>> for t in range(1, 21):
    ...     trend.see(Progress(seconds=t, points=t, solves=t, epsilon=1 / t, open_regions=1))
    >>> trend.halfway()
    (10, 0.1)
    >>> trend.seconds_left(0.01)
    80.0
    """

    _seconds: list[float] = field(default_factory=list)
    _epsilons: list[float] = field(default_factory=list)

    def see(self, progress: Progress) -> None:
        """Take note of ``progress``, in the order of time."""
        if not self._seconds or progress.seconds > self._seconds[-1]:
            self._seconds.append(progress.seconds)
            self._epsilons.append(progress.epsilon)
        if len(self._seconds) > EVENTS:
            self._seconds, self._epsilons = self._seconds[::2], self._epsilons[::2]

    def halfway(self) -> tuple[float, float] | None:
        """When half of the time was over, and the ε that was certified then; ``None`` if it is too early to say."""
        if not self._seconds or self._seconds[-1] < LEAST_SECONDS:
            return None
        index = bisect_right(self._seconds, self._seconds[-1] / 2) - 1
        if index < 0 or not math.isfinite(self._epsilons[index]):
            return None
        return self._seconds[index], self._epsilons[index]

    def seconds_left(self, guarantee: float) -> float | None:
        """Seconds from now until ``guarantee`` is reached if the trend holds; ``None`` where nothing can be said."""
        earlier = self.halfway()
        if earlier is None or guarantee <= 0:
            return None
        now, epsilon = self._seconds[-1], self._epsilons[-1]
        if epsilon <= guarantee:
            return 0.0
        fall, time = earlier[1] / epsilon, now / earlier[0] if earlier[0] > 0 else math.inf
        if fall < LEAST_FALL or not 1 < time < math.inf:
            return None
        exponent = math.log(epsilon / guarantee) * math.log(time) / math.log(fall)
        left = now * math.expm1(exponent) if exponent < 100 else math.inf
        return round(left, 3) if left <= FARTHEST * now else None
