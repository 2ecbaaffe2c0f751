"""plot: a picture a file, some of them or all, and what cannot be drawn is said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from optimizer.report.plots import PLOTS
from tests.cli.invoke import growthring


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("runs") / "hamlet"
    assert growthring("solve", "hamlet", "-o", target, "--method", "search", "--quiet").exit_code == 0
    return target


def test_all(run: Path, tmp_path: Path) -> None:
    done = growthring("plot", run, "-o", tmp_path / "new" / "pictures")
    assert done.exit_code == 0
    assert {path.name for path in (tmp_path / "new" / "pictures").iterdir()} == {f"{name}.png" for name in PLOTS}
    again = growthring("plot", run, "-o", tmp_path / "new" / "pictures")
    assert again.exit_code == 2
    assert "exists already" in again.stderr


def test_some_as_json(run: Path, tmp_path: Path) -> None:
    done = growthring("plot", run, "-o", tmp_path / "pictures", "--only", "front, heat", "--json")
    found = json.loads(done.stdout)
    assert set(found["files"]) == {"front", "heat"}
    assert found["not_drawn"] == {}
    assert all(Path(file).is_file() for file in found["files"].values())


def test_an_unknown_plot(run: Path, tmp_path: Path) -> None:
    done = growthring("plot", run, "-o", tmp_path / "pictures", "--only", "haet")
    assert done.exit_code == 2
    assert "did you mean heat?" in done.stderr
    assert not (tmp_path / "pictures").exists()


def test_the_help_names_every_plot() -> None:
    said = " ".join(growthring("plot", "--help").stdout.split())
    assert f"Some of {', '.join(PLOTS)};" in said
