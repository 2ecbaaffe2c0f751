from __future__ import annotations

import json
import math

import pytest
from rich.cells import cell_len

from optimizer.cli.screen import status_line, watching
from optimizer.stop import Progress


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
