"""The commands that write reports: what they refuse, and what they say to machines."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from optimizer.cli import main
from tests.report.programs import needs_programs
from tests.report.test_plan_book import run_of


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run_of("hamlet", tmp_path_factory.mktemp("hamlet") / "run").folder


@pytest.mark.parametrize(
    ("command", "suffix", "key"),
    [
        pytest.param("report", "html", "report", marks=needs_programs),
        ("workbook", "xlsx", "workbook"),
        ("pdf", "pdf", "pdf"),
    ],
)
def test_written_once_and_told_as_json(run: Path, tmp_path: Path, command: str, suffix: str, key: str) -> None:
    target = tmp_path / f"out.{suffix}"
    done = CliRunner().invoke(main, [command, str(run), "-o", str(target), "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.output)[key] == str(target)
    content = target.read_bytes()
    again = CliRunner().invoke(main, [command, str(run), "-o", str(target)])
    assert again.exit_code == 2
    assert "exists already" in again.output
    assert target.read_bytes() == content
    wrong = CliRunner().invoke(main, [command, str(run), "-o", str(tmp_path / "out.txt")])
    assert wrong.exit_code == 2
    assert f".{suffix}" in wrong.output


def test_a_portfolio_that_is_not_there(run: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["workbook", str(run), "-o", str(tmp_path / "p.xlsx"), "--portfolio", "999"])
    assert done.exit_code == 2
    assert "no portfolio 999" in done.output


def test_nothing_to_explore(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["explore", str(tmp_path / "nowhere")])
    assert done.exit_code == 2
    assert "nowhere" in done.output
