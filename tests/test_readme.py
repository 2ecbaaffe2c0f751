"""What the README shows runs, and what it lists exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from optimizer.cli import COMMANDS

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def test_the_python_block_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (block,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    lines = [line for line in block.splitlines() if line.strip()]
    assert len(lines) <= 12
    exec(compile(block, "README.md", "exec"), {"__name__": "__main__"})
    said = capsys.readouterr().out
    assert "Complete" in said or "Guaranteed" in said
    assert "capital_cost" in said


def test_every_command_is_listed() -> None:
    listed = set(re.findall(r"`growthring (\w+)", README))
    assert {entry.name for entry in COMMANDS} <= listed
