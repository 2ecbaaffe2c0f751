"""Ctrl-C as a stopping rule: an engine looks for it between two steps, never is it torn out of one.

An exception in the middle of a step would leave points and proofs half entered, and a certificate made of them could
claim too much.
"""

from __future__ import annotations

import math
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from optimizer.stop import Progress

__all__ = ["Interrupt", "ctrl_c"]


@dataclass
class Interrupt:
    """Says "interrupt" from the first Ctrl-C on, or as soon as ``asked_elsewhere()`` is true."""

    asked_elsewhere: Callable[[], bool] | None = None
    pressed: bool = False

    def __call__(self, progress: Progress) -> str | None:
        return "interrupt" if self.asked() else None

    def asked(self) -> bool:
        """Is the search to end now? Cheap enough to be looked at ten times a second."""
        return self.pressed or (self.asked_elsewhere is not None and self.asked_elsewhere())

    def seconds_left(self, progress: Progress) -> float:
        return 0.0 if self.asked() else math.inf

    @property
    def enough(self) -> float:
        return 0.0


@contextmanager
def ctrl_c(asked_elsewhere: Callable[[], bool] | None = None) -> Iterator[Interrupt]:
    """While the block runs, the first Ctrl-C sets the rule; the second raises ``KeyboardInterrupt`` at once.

    Nothing changes where Ctrl-C does not raise ``KeyboardInterrupt`` anyway: outside the main thread, or in programs
    that handle it themselves.
    """
    rule = Interrupt(asked_elsewhere)
    before = signal.getsignal(signal.SIGINT)

    def pressed(number: int, frame: FrameType | None) -> None:
        if rule.pressed:
            raise KeyboardInterrupt
        rule.pressed = True

    try:
        if before is not signal.default_int_handler:
            raise ValueError
        signal.signal(signal.SIGINT, pressed)
    except ValueError:  # not the main thread, or not ours to handle
        yield rule
        return
    try:
        yield rule
    finally:
        signal.signal(signal.SIGINT, before)
