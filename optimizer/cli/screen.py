"""What a running solve shows: a live line in a terminal, plain lines elsewhere, JSON lines for machines."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field

import click

from optimizer.run import json_text
from optimizer.stop import Progress

__all__ = ["Recorder", "status_line", "watching"]

PLAIN_SECONDS = 10.0
EVENT_SECONDS = 0.5


@dataclass
class Recorder:
    """Takes the engine's progress: shows it, and keeps an event every half second (and the last) for the log."""

    show: Callable[[Progress], None]
    events: list[Progress] = field(default_factory=list)
    last: Progress | None = None

    def __call__(self, progress: Progress) -> None:
        if not self.events or progress.seconds - self.events[-1].seconds >= EVENT_SECONDS:
            self.events.append(progress)
        self.last = progress
        self.show(progress)

    def log(self) -> list[Progress]:
        """The events kept, the last one included."""
        missing = self.last is not None and self.events[-1] is not self.last
        return [*self.events, self.last] if missing and self.last is not None else self.events


@contextmanager
def watching(*, as_json: bool, quiet: bool, time_limit: float) -> Iterator[Recorder]:
    """Show progress on stderr while the block runs; the recorder goes to the engine as ``on_progress``."""
    if quiet:
        yield Recorder(lambda progress: None)
    elif as_json:
        yield Recorder(_every(EVENT_SECONDS, _json_line))
    elif sys.stderr.isatty():
        with _live(time_limit) as recorder:
            yield recorder
    else:
        yield Recorder(_every(PLAIN_SECONDS, lambda progress: click.echo(status_line(progress, time_limit), err=True)))


def status_line(progress: Progress, time_limit: float, seconds: float | None = None) -> str:
    """Where a solve stands, in fewer than 80 columns.

    >>> status_line(Progress(12.3, 41, 120, 0.03101, 17), 60)
    '12 of 60 s · 41 points · within 3.11 % · 17 open · 120 steps'
    """
    seconds = progress.seconds if seconds is None else seconds
    left = f" of {time_limit:.0f}" if math.isfinite(time_limit) else ""
    percent = math.ceil(progress.epsilon * 1e4) / 100 if progress.epsilon < 1 else None
    proved = "nothing proved yet" if percent is None else f"within {percent:.2f} %"
    return (
        f"{seconds:.0f}{left} s · {progress.points:,} points · {proved} · "
        f"{progress.open_regions:,} open · {progress.solves:,} steps"
    )


@contextmanager
def _live(time_limit: float) -> Iterator[Recorder]:
    from rich.console import Console
    from rich.live import Live
    from rich.spinner import Spinner

    started = time.monotonic()
    spinner = Spinner("dots", text="first steps ...")

    class Line:
        """Drawn anew at each refresh, so that the clock runs between two events."""

        progress: Progress | None = None

        def __rich__(self) -> Spinner:
            if self.progress is not None:
                spinner.update(text=status_line(self.progress, time_limit, time.monotonic() - started))
            return spinner

    line = Line()

    def show(progress: Progress) -> None:
        line.progress = progress

    with Live(line, console=Console(stderr=True), refresh_per_second=4, transient=True):
        yield Recorder(show)


def _every(seconds: float, show: Callable[[Progress], None]) -> Callable[[Progress], None]:
    """``show``, at most once in ``seconds`` of the search, and not before the first are over."""
    shown = 0.0

    def throttled(progress: Progress) -> None:
        nonlocal shown
        if progress.seconds - shown >= seconds:
            shown = progress.seconds
            show(progress)

    return throttled


def _json_line(progress: Progress) -> None:
    click.echo(json_text({"event": "progress", **asdict(progress)}), err=True)
