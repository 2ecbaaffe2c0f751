from __future__ import annotations

import builtins
import csv
import hashlib
import io
import json
import math
import pathlib
import socket
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from optimizer.certificate import Status
from optimizer.run import Options, read_run, write_run
from optimizer.stop import Progress
from tests.decide.village import PLANS, front, listing, village

OPTIONS = Options(("growth", "cost"), guarantee=0.02, time_limit=math.inf, workers=2, seed=7)
EVENTS = [Progress(0.5, 1, 2, math.inf, 3), Progress(1.0, 4, 9, 0.0, 0)]


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return write_run(
        tmp_path / "runs" / "a", village(), front(), OPTIONS, why="asked for", timings={"solve": 1.5}, events=EVENTS
    )


def test_the_files_of_a_run(run: Path) -> None:
    assert sorted(p.name for p in run.iterdir()) == [
        "certificate.json",
        "front.csv",
        "log.jsonl",
        "manifest.json",
        "region",
    ]
    assert [p.name for p in run.parent.iterdir()] == ["a"]


def test_front_is_exact_text_with_a_column_for_every_project(run: Path) -> None:
    with (run / "front.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["portfolio", "growth", "cost", "road", "school", "park", "clinic", "mine", "tower", "casino"]
    assert rows[1] == ["1", "6", "10.5", "1", "1", "1", "1", "0", "0", "0"]
    assert rows[3] == ["3", "3.5", "5.5", "1", "0", "0", "1", "0", "0", "0"]


def test_reading_gives_back_what_was_written(run: Path) -> None:
    found = read_run(run)
    wanted = listing(village())
    assert found.region == village()
    assert found.listing.values == wanted.values
    assert found.listing.objectives[0].name == "growth"
    assert found.listing.objectives[0].quantum == Fraction(1, 2)
    assert np.array_equal(found.listing.starts, wanted.starts)
    assert found.certificate == wanted.certificate
    assert found.listing.plan(2) == {"road": 1, "clinic": 1}


def test_certificate_with_open_regions_survives(tmp_path: Path) -> None:
    run = write_run(tmp_path / "a", village(), front(Status.GUARANTEE), OPTIONS)
    assert read_run(run).certificate == front(Status.GUARANTEE).certificate


def test_manifest(run: Path) -> None:
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    files = {
        p.relative_to(run).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in (run / "region").iterdir()
    }
    assert manifest["files"] == files
    assert manifest["objectives"][0] == {
        "name": "growth",
        "sense": "max",
        "unit": "million CNY a year",
        "label": "Growth",
        "quantum": "1/2",
        "offset": "0",
    }
    assert manifest["options"]["time_limit"] is None
    assert (manifest["seed"], manifest["method"], manifest["why"]) == (7, "search", "asked for")
    assert manifest["timings"] == {"solve": 1.5}
    assert {"highspy", "pandas", "pyomo"} <= manifest["packages"].keys()
    assert manifest["growthring"] == "0.1.0"


def test_nobody_is_named(run: Path) -> None:
    text = (run / "manifest.json").read_text(encoding="utf-8")
    assert socket.gethostname() not in text
    assert str(pathlib.Path.home()) not in text


def test_log_has_one_strict_json_line_an_event(run: Path) -> None:
    events = [json.loads(line) for line in (run / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [event["points"] for event in events] == [1, 4]
    assert events[0]["epsilon"] is None


def test_no_portfolio_at_all(tmp_path: Path) -> None:
    found = read_run(write_run(tmp_path / "a", village(), front(plans=()), OPTIONS))
    assert len(found.listing) == 0
    assert found.listing.starts.shape == (0, 7)


def test_to_frame_holds_what_the_csv_holds(run: Path) -> None:
    frame = read_run(run).listing.to_frame()
    with (run / "front.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert ["portfolio", *(name for _, name in frame.columns)] == header
    assert [[float(v) for v in row] for row in frame.itertuples()] == [[float(cell) for cell in row] for row in rows]


def test_refuses_to_overwrite(run: Path) -> None:
    with pytest.raises(FileExistsError, match="exists already"):
        write_run(run, village(), front(), OPTIONS)


class _Failing:
    """Lets ``allowed`` acts of writing pass and fails at the next one."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, allowed: int) -> None:
        self.left = allowed
        real_open, real_rename, real_mkdir = io.open, Path.rename, Path.mkdir

        def opened(file: Any, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
            if set(mode) & set("wxa+"):
                self.act()
            return real_open(file, mode, *args, **kwargs)

        def renamed(path: Path, target: Any) -> Path:
            self.act()
            return real_rename(path, target)

        def made(path: Path, *args: Any, **kwargs: Any) -> None:
            self.act()
            real_mkdir(path, *args, **kwargs)

        monkeypatch.setattr(io, "open", opened)
        monkeypatch.setattr(builtins, "open", opened)
        monkeypatch.setattr(Path, "rename", renamed)
        monkeypatch.setattr(Path, "mkdir", made)

    def act(self) -> None:
        if self.left == 0:
            raise OSError(28, "No space left on device")
        self.left -= 1


def test_whole_or_not_at_all(tmp_path: Path) -> None:
    """Writing fails at act k, for every k: nothing is left; at last it succeeds."""
    for allowed in range(200):
        with pytest.MonkeyPatch.context() as monkeypatch:
            _Failing(monkeypatch, allowed)
            try:
                write_run(tmp_path / "a", village(), front(), OPTIONS)
            except OSError:
                failed = True
            else:
                failed = False
        if not failed:
            break
        assert list(tmp_path.iterdir()) == []
    assert allowed > 8
    assert len(read_run(tmp_path / "a").listing) == len(PLANS)


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("front.csv", "10.5", "ten", "damaged"),
        ("front.csv", "growth,cost", "cost,growth", "other objectives"),
        ("front.csv", "6,10.5,1", "6,10.5,1,1", "damaged"),
        ("manifest.json", '"max"', '"most"', "expected max or min"),
    ],
)
def test_damaged_files_are_refused(run: Path, file: str, old: str, new: str, message: str) -> None:
    path = run / file
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        read_run(run)


def test_no_run_folder(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no run folder"):
        read_run(tmp_path)
