"""The page on comparing: its commands exist, and what it says of the election is so.

``python -m tests.test_compare_page FILE.pb`` runs the commands of the page and writes their output into it.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import click
import pytest

from instances.importers.pabulib import read_pabulib
from optimizer.certificate import Status
from optimizer.cli import main
from optimizer.run import Options, write_run
from optimizer.verify import evaluate
from tests.decide import village

PAGE = Path(__file__).parents[1] / "docs" / "compare.md"
BLOCK = re.compile(r"```(sh|console)\n(.*?)```", re.DOTALL)


def commands(page: str) -> list[list[str]]:
    lines = [line.removeprefix("$ ") for _, block in BLOCK.findall(page) for line in block.splitlines()]
    return [shlex.split(line)[1:] for line in lines if line.startswith("growthring ")]


def test_every_command_exists_with_its_options() -> None:
    found = commands(PAGE.read_text(encoding="utf-8"))
    assert len(found) >= 5
    for words in found:
        command, args = main.get_command(click.Context(main), words[0]), words[1:]
        if isinstance(command, click.Group):
            command, args = command.commands[args[0]], args[1:]
        assert command is not None
        known = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in args if word.startswith("-")} <= known


def test_the_figures_of_the_city_are_those_of_its_data(shared_data: Path) -> None:
    page = PAGE.read_text(encoding="utf-8")
    region = read_pabulib(shared_data / "pabulib" / "Poland_Warszawa_2021_Wawer.pb")
    plan = {project.id: 1 for project in region.projects if project.adopted}
    values = evaluate(region, plan, region.compared).values
    assert f"{len(plan)} projects" in page
    assert f"{len(region.projects)} projects" in page
    told = ", ".join(f"{name} {int(value):,}" for name, value in values.items())
    assert told in " ".join(page.split())
    assert len(set(re.findall(r"([\d,]+) of the ([\d,]+) portfolios (?:of exact beat it|are at least)", page))) == 1


def test_the_table_is_in_order() -> None:
    """The complete list beats more than the others, and they more than the plan."""
    page = PAGE.read_text(encoding="utf-8")
    volume = {
        name: float(share) for name, share in re.findall(r"^ (exact|quick|nsga2|adopted plan) +(0\.\d{4}) ", page, re.M)
    }
    assert volume.keys() == {"exact", "quick", "nsga2", "adopted plan"}
    assert volume["exact"] >= max(volume["quick"], volume["nsga2"])
    assert min(volume["quick"], volume["nsga2"]) > volume["adopted plan"]


def test_the_python_block_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    options = Options(("growth", "cost"))
    write_run(tmp_path / "runs" / "exact", village.village(), village.front(), options)
    some = village.front(Status.HEURISTIC, village.PLANS[:2])
    write_run(tmp_path / "runs" / "quick", village.village(), some, options)
    monkeypatch.chdir(tmp_path)
    for block in re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL):
        exec(compile(block, "compare.md", "exec"), {"__name__": "__main__"})
    assert "The largest loss: portfolio 4 of exact" in capsys.readouterr().out


def fill(data: Path) -> None:
    """Run the blocks up to the first with output, and write that output into the page."""
    page = PAGE.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(data, folder)
        for kind, block in BLOCK.findall(page):
            said = [_run(line.removeprefix("$ "), folder) for line in _shell(block)]
            if kind == "console":
                shown = "".join(f"$ {line}\n{text}" for line, text in zip(_shell(block), said, strict=True))
                page = page.replace(f"```console\n{block}```", f"```console\n{shown}```")
                break
    PAGE.write_text(page, encoding="utf-8")


def _shell(block: str) -> list[str]:
    return [line.removeprefix("$ ") for line in block.splitlines() if line.removeprefix("$ ").startswith("growthring ")]


def _run(line: str, folder: Path) -> str:
    words = [sys.executable, "-c", "from optimizer.cli import main; main()", *shlex.split(line)[1:]]
    environment = {**os.environ, "COLUMNS": "100", "PYTHONPATH": str(PAGE.parents[1])}
    done = subprocess.run(words, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return "".join(f"{text.rstrip()}\n" for text in done.stdout.splitlines())


if __name__ == "__main__":
    fill(Path(sys.argv[1]))
