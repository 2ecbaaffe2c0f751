"""Clock: a stopping rule by processor time, so that a busy machine takes nothing away from one method or another."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from optimizer.stop import Progress

__all__ = ["Clock"]


@dataclass(frozen=True)
class Clock:
    """Stop after ``seconds`` of this process's processor time, all its threads together, since it ``began``."""

    seconds: float
    began: float = field(default_factory=time.process_time)

    def spent(self) -> float:
        return time.process_time() - self.began

    def left(self) -> float:
        return self.seconds - self.spent()

    def __call__(self, progress: Progress) -> str | None:
        return "time limit" if self.left() <= 0 else None

    def seconds_left(self, progress: Progress) -> float:
        return max(0.0, self.left())

    @property
    def enough(self) -> float:
        return 0.0
