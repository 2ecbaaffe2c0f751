"""The help: sections, examples, and nothing heavy loaded for it."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from optimizer.cli import COMMANDS, main

HEAVY = (
    "pandas",
    "numpy",
    "pyomo",
    "highspy",
    "scipy",
    "rich",
    "pydantic",
    "xlsxwriter",
    "networkx",
    "moocore",
    "pymoo",
)


def test_sections_in_order() -> None:
    said = CliRunner().invoke(main, ["--help"]).output
    places = [said.index(f"\n{section}:") for section in ("Data", "Solve", "Decide", "Show")]
    assert places == sorted(places)
    assert all(f"\n  {entry.name} " in said and entry.help in said for entry in COMMANDS)


def commands() -> list[list[str]]:
    return [[entry.name] for entry in COMMANDS] + [["import", "pabulib"], ["import", "table"]]


@pytest.mark.parametrize("path", commands(), ids=" ".join)
def test_every_command_has_an_example_that_parses(path: list[str]) -> None:
    said = CliRunner().invoke(main, [*path, "--help"])
    assert said.exit_code == 0
    examples = [line.split()[1:] for line in said.output.splitlines() if line.strip().startswith("growthring ")]
    assert examples
    for words in examples:
        command, args = main.get_command(click.Context(main), words[0]), words[1:]
        assert command is not None
        if isinstance(command, click.Group):
            command, args = command.commands[args[0]], args[1:]
        known = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in args if word.startswith("-")} <= known


@pytest.mark.parametrize("entry", COMMANDS, ids=lambda entry: entry.name)
def test_lines_fit_a_terminal(entry: object) -> None:
    said = CliRunner().invoke(main, [entry.name, "--help"], terminal_width=80).output  # type: ignore[attr-defined]
    usual = [line for line in said.splitlines() if not line.strip().startswith("growthring ")]
    assert max(map(len, usual)) <= 80


@pytest.mark.parametrize(
    "words", [["--help"], ["--version"], ["solve", "--help"], ["shortlist", "--help"]], ids=" ".join
)
def test_help_loads_nothing_heavy(words: list[str]) -> None:
    program = (
        "import sys\n"
        "from optimizer.cli import main\n"
        f"main({words!r}, standalone_mode=False)\n"
        f"print('loaded', sorted(set({HEAVY!r}) & set(sys.modules)), file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stderr.strip().splitlines()[-1] == "loaded []"


def test_version() -> None:
    assert CliRunner().invoke(main, ["--version"]).output.startswith("growthring")


def test_unknown_command_is_a_usage_error() -> None:
    assert CliRunner().invoke(main, ["solv"]).exit_code == 2
