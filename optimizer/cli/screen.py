"""What a running solve shows: a live line in a terminal, plain lines elsewhere, JSON lines for machines."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field

import click

from optimizer.run import json_text
from optimizer.stop import Progress
from optimizer.trend import Trend

__all__ = ["Recorder", "Screen", "status_line", "watching"]

PLAIN_SECONDS = 10.0
EVENT_SECONDS = 0.5
MOST_EVENTS = 2000
"""Events kept for the log; when there are more, every second one goes and fewer are kept from then on."""
WIDTH = 78


@dataclass
class Screen:
    """Where progress and warnings go."""

    show: Callable[[Progress, Trend], None]
    warn: Callable[[str], None]


@dataclass
class Recorder:
    """Takes the engine's progress: shows it, and keeps an event every half second (and the last) for the log."""

    screen: Screen
    events: list[Progress] = field(default_factory=list)
    last: Progress | None = None
    trend: Trend = field(default_factory=Trend)
    _spacing: float = EVENT_SECONDS

    def __post_init__(self) -> None:
        for event in self.events:
            self.trend.see(event)

    def __call__(self, progress: Progress) -> None:
        if not self.events or progress.seconds - self.events[-1].seconds >= self._spacing:
            self.events.append(progress)
            self.trend.see(progress)
        if len(self.events) > MOST_EVENTS:
            self.events, self._spacing = self.events[::2], 2 * self._spacing
        self.last = progress
        self.screen.show(progress, self.trend)

    def log(self) -> list[Progress]:
        """The events kept, the last one included."""
        missing = self.last is not None and self.events[-1] is not self.last
        return [*self.events, self.last] if missing and self.last is not None else self.events


@contextmanager
def watching(
    *,
    as_json: bool,
    quiet: bool,
    time_limit: float,
    guarantee: float = 0.0,
    earlier: Iterable[Progress] = (),
) -> Iterator[Recorder]:
    """Show progress on stderr while the block runs; the recorder goes to the engine as ``on_progress``.

    ``earlier`` are the events of the run that is resumed.
    """
    plain = Screen(lambda progress, trend: None, lambda text: click.echo(text, err=True))
    if as_json:
        plain = Screen(plain.show, lambda text: _json_line("warning", text=text))
    if quiet:
        screen = plain
    elif as_json:
        screen = Screen(_every(EVENT_SECONDS, lambda p, trend: _json_progress(p, trend, guarantee)), plain.warn)
    elif sys.stderr.isatty():
        with _live(time_limit, guarantee) as screen:
            yield Recorder(screen, list(earlier))
        return
    else:
        screen = Screen(
            _every(PLAIN_SECONDS, lambda p, trend: click.echo(status_line(p, time_limit, trend, guarantee), err=True)),
            plain.warn,
        )
    yield Recorder(screen, list(earlier))


def status_line(
    progress: Progress,
    time_limit: float,
    trend: Trend | None = None,
    guarantee: float = 0.0,
    seconds: float | None = None,
) -> str:
    """Where a solve stands, in fewer than 80 columns: what matters most comes first, the rest where there is room.

    >>> status_line(Progress(12.3, 41, 120, 0.03101, 17), 60)
    '12 of 60 s · 41 points · within 3.11 % · 17 open · 120 steps'
    """
    limit = f" of {time_limit:.0f}" if math.isfinite(time_limit) else ""
    proved = f"within {_percent(progress.epsilon)}" if progress.epsilon < 1 else "nothing proved yet"
    parts = [f"{progress.seconds if seconds is None else seconds:.0f}{limit} s", f"{progress.points:,} points"]
    earlier = trend.halfway() if trend else None
    if earlier and progress.epsilon < earlier[1] < 1:
        proved += f" ({_percent(earlier[1])} at {earlier[0]:.0f} s)"
    parts.append(proved)
    left = trend.seconds_left(guarantee) if trend else None
    rest = [f"about {_duration(left)} left"] if left else []
    for part in (*rest, f"{progress.open_regions:,} open", f"{progress.solves:,} steps"):
        if len(" · ".join([*parts, part])) <= WIDTH:
            parts.append(part)
    return " · ".join(parts)


def _percent(epsilon: float) -> str:
    return f"{math.ceil(round(epsilon * 1e4, 6)) / 100:.2f} %"


def _duration(seconds: float) -> str:
    """Two digits are more than an extrapolation is worth.

    >>> _duration(7), _duration(95), _duration(400), _duration(9000), _duration(200000)
    ('7 s', '95 s', '7 min', '2.5 h', '56 h')
    """
    if seconds < 99.5:
        return f"{max(1, seconds):.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5970 else f"{seconds / 3600:.2g} h"


@contextmanager
def _live(time_limit: float, guarantee: float) -> Iterator[Screen]:
    from rich.console import Console
    from rich.live import Live
    from rich.spinner import Spinner

    started = time.monotonic()
    spinner = Spinner("dots", text="first steps ...")

    class Line:
        """Drawn anew at each refresh, so that the clock runs between two events."""

        latest: tuple[Progress, Trend, float] | None = None

        def __rich__(self) -> Spinner:
            if self.latest is not None:
                progress, trend, at = self.latest
                seconds = progress.seconds + time.monotonic() - at
                spinner.update(text=status_line(progress, time_limit, trend, guarantee, seconds))
            elif time.monotonic() - started > 1:
                spinner.update(text=f"first steps ... {time.monotonic() - started:.0f} s")
            return spinner

    line = Line()
    console = Console(stderr=True, markup=False, highlight=False)

    def show(progress: Progress, trend: Trend) -> None:
        line.latest = (progress, trend, time.monotonic())

    with Live(line, console=console, refresh_per_second=4, transient=True):
        yield Screen(show, console.print)


def _every(seconds: float, show: Callable[[Progress, Trend], None]) -> Callable[[Progress, Trend], None]:
    """``show``, at most once in ``seconds`` of the search, and not before the first are over."""
    shown: float | None = None

    def throttled(progress: Progress, trend: Trend) -> None:
        nonlocal shown
        if shown is None:
            shown = progress.seconds if progress.seconds > seconds else 0.0  # a resumed search has a past
        if progress.seconds - shown >= seconds:
            shown = progress.seconds
            show(progress, trend)

    return throttled


def _json_progress(progress: Progress, trend: Trend, guarantee: float) -> None:
    _json_line("progress", **asdict(progress), seconds_left=trend.seconds_left(guarantee))


def _json_line(event: str, **figures: object) -> None:
    click.echo(json_text({"event": event, **figures}), err=True)
