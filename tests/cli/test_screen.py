from __future__ import annotations

import json
import math
from collections.abc import Callable
from itertools import pairwise

import pytest
from rich.cells import cell_len

from optimizer.cli.screen import status_line, watching
from optimizer.stop import Progress
from optimizer.trend import Trend


def steps(count: int, seconds: float) -> list[Progress]:
    return [Progress(seconds * i, i, 2 * i, math.inf if i < 3 else 1 / i, i) for i in range(count)]


def test_plain_lines_about_every_ten_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    with watching(as_json=False, quiet=False, time_limit=60) as recorder:
        for progress in steps(60, 1.0):
            recorder(progress)
    said = capsys.readouterr()
    assert said.out == ""
    assert [line.split(" of 60 s")[0] for line in said.err.splitlines()] == ["10", "20", "30", "40", "50"]


def test_json_lines(capsys: pytest.CaptureFixture[str]) -> None:
    with watching(as_json=True, quiet=False, time_limit=60) as recorder:
        for progress in steps(4, 1.0):
            recorder(progress)
    events = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [event["epsilon"] for event in events] == [None, None, 1 / 3]


def test_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    with watching(as_json=False, quiet=True, time_limit=60) as recorder:
        for progress in steps(4, 30.0):
            recorder(progress)
    assert capsys.readouterr().err == ""


def test_the_log_is_thinned_but_keeps_the_end() -> None:
    with watching(as_json=False, quiet=True, time_limit=60) as recorder:
        for progress in steps(101, 0.01):
            recorder(progress)
    assert [round(event.seconds, 2) for event in recorder.log()] == [0.0, 0.5, 1.0]
    with watching(as_json=False, quiet=True, time_limit=60) as recorder:
        assert recorder.log() == []
        for progress in steps(3, 0.1):
            recorder(progress)
    assert [event.points for event in recorder.log()] == [0, 2]


def test_a_terminal_gets_a_live_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with watching(as_json=False, quiet=False, time_limit=60) as recorder:
        recorder(Progress(1.0, 2, 3, 0.5, 4))
    assert recorder.log()[0].points == 2


@pytest.mark.parametrize("limit", [60.0, 86400.0, math.inf])
def test_the_line_fits(limit: float) -> None:
    assert cell_len(status_line(Progress(4000.0, 1234, 56789, 0.1234, 4321), limit)) <= 80


def falling(epsilon: Callable[[float], float], seconds: int = 20) -> Trend:
    trend = Trend()
    for t in range(1, seconds + 1):
        trend.see(Progress(float(t), t, t, epsilon(t), 3))
    return trend


def test_the_line_tells_the_trend_and_the_time_left() -> None:
    trend = falling(lambda t: 1 / t)
    line = status_line(Progress(20.0, 41, 120, 0.05, 17), 600, trend, 0.01)
    assert line == "20 of 600 s · 41 points · within 5.00 % (10.00 % at 10 s) · about 80 s left"


@pytest.mark.parametrize(
    "trend",
    [
        Trend(),
        falling(lambda t: math.inf),
        falling(lambda t: 0.3),
        falling(lambda t: 0.3 - 1e-6 * t),
        falling(lambda t: 1 / t, seconds=4),
        falling(lambda t: math.inf if t < 15 else 1 / t),
    ],
    ids=["nothing seen", "nothing proved", "no fall", "hardly a fall", "too early", "proved a moment ago"],
)
def test_nothing_is_foretold_without_a_basis(trend: Trend) -> None:
    assert trend.seconds_left(0.01) is None
    assert falling(lambda t: 1 / t).seconds_left(0.0) is None


def test_time_left_runs_out() -> None:
    assert falling(lambda t: 1 / t).seconds_left(0.05) == 0.0
    left = [falling(lambda t: 1 / t, seconds).seconds_left(0.01) or 0.0 for seconds in (10, 20, 40, 80)]
    assert left == sorted(left, reverse=True)


def test_json_tells_warnings_and_the_time_left(capsys: pytest.CaptureFixture[str]) -> None:
    with watching(as_json=True, quiet=False, time_limit=60, guarantee=0.01) as recorder:
        for t in range(1, 21):
            recorder(Progress(float(t), t, t, 1 / t, 3))
        recorder.screen.warn("the disk is full")
    *events, warning = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert events[-1]["seconds_left"] == 80
    assert events[0]["seconds_left"] is None
    assert warning == {"event": "warning", "text": "the disk is full"}


def test_a_long_log_is_thinned_evenly() -> None:
    with watching(as_json=False, quiet=True, time_limit=math.inf) as recorder:
        for t in range(10_000):
            recorder(Progress(float(t), t, t, 1.0, 3))
    seconds = [event.seconds for event in recorder.log()]
    assert 1000 <= len(seconds) <= 2002
    assert seconds[-1] == 9999
    assert max(b - a for a, b in pairwise(seconds)) <= 16


def test_a_resumed_run_keeps_its_log(capsys: pytest.CaptureFixture[str]) -> None:
    with watching(as_json=False, quiet=False, time_limit=600, earlier=steps(30, 1.0)) as recorder:
        for progress in steps(60, 1.0)[30:]:
            recorder(progress)
    assert [event.points for event in recorder.log()] == list(range(60))
    assert [line.split(" of ")[0] for line in capsys.readouterr().err.splitlines()] == ["40", "50"]
