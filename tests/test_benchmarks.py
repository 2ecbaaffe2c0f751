"""The build benchmark runs, small."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from benchmarks.__main__ import cli
from benchmarks.build import SIZES, builds, table

README = Path(__file__).parents[1] / "benchmarks" / "README.md"


def test_builds() -> None:
    small, large = builds((6, 12), periods=2, towns=3)
    assert (small.projects, large.projects) == (6, 12)
    assert 0 < small.columns < large.columns
    lines = table([small, large]).splitlines()
    assert len({line.count("|") for line in lines}) == 1
    assert lines[-1].startswith("| 12 |")
    assert " × for 2.0 ×" in lines[-1]


def test_the_command() -> None:
    said = CliRunner().invoke(cli, ["build", "--projects", "6"], catch_exceptions=False).output
    assert "| 6 |" in said
    assert "5 periods, 20 towns." in said


def test_the_page_holds_a_row_for_each_size() -> None:
    page = README.read_text(encoding="utf-8")
    assert all(f"\n| {size:,} |" in page for size in SIZES)


def test_operators_are_compared() -> None:
    said = CliRunner().invoke(cli, ["evolve", "--quick", "--seeds", "2"], catch_exceptions=False).output
    ours, stock = (line.split("|") for line in said.splitlines() if line.startswith("| 20 |"))
    assert (ours[4].strip(), stock[4].strip()) == ("ours", "stock")
    assert "2 seeds" in said
