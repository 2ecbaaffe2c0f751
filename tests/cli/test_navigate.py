"""navigate: the answer as a table and as JSON, classes, contradictions and refusals."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.cli.invoke import growthring


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "hamlet"
    assert growthring("solve", "hamlet", "-o", folder, "--quiet").exit_code == 0
    return folder


def test_an_answer_with_its_neighbours(run: Path) -> None:
    done = growthring("navigate", run, "--aim", "growth=9,character=6", "--pin", "park", "--rates")
    assert done.exit_code == 0
    said = " ".join(done.stdout.split())
    assert "with park inside. None comes nearer to the wish; this is proved." in said
    assert "answer 1 11 3 10" in said
    assert "Better character: in school, inn; out park, sewage, clinic; a unit of character costs 1.333 growth" in said
    assert "livability alone cannot buy 1 more of growth" in said
    assert max(cell_len(line) for line in done.stdout.splitlines()) <= 80


def test_json(run: Path) -> None:
    found = json.loads(growthring("navigate", run, "--aim", "growth=20", "--ban", "road", "--rates", "--json").stdout)
    (answer,) = found["answers"]
    assert answer["conditions"] == ["road outside"]
    assert "road" not in answer["answer"]["plan"]
    assert answer["nearest"]
    assert answer["efficient"]
    assert len(found["trades"]) == 6


def test_classes(run: Path) -> None:
    words = ("--improve", "character", "--may-worsen", "growth:5", "--free", "livability", "--answers", "3", "--json")
    found = json.loads(growthring("navigate", run, "--from", "1", *words).stdout)["answers"]
    assert [answer["scalarization"] for answer in found] == ["nimbus", "achievement", "stom"]
    assert int(found[0]["answer"]["values"]["character"]) > 3
    assert int(found[0]["answer"]["values"]["growth"]) >= 5


def test_a_contradiction(run: Path) -> None:
    bounds = ("--at-least", "growth=11", "--at-least", "character=6", "--pin", "school")
    said = " ".join(growthring("navigate", run, *bounds).stdout.split())
    assert "No portfolio has growth at least 11 and character at least 6; this is proved." in said
    assert "With the others, growth 7 is the best there is." in said
    assert "growthring conflict" in said
    assert "Nearest to the values that were to be reached: From the list" in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--aim", "grwth=9"), "did you mean growth"),
        (("--aim", "growth"), "write GOAL=VALUE"),
        (("--aim", "growth=9,growth=8"), "given two values"),
        (("--at-most", "growth=9"), "write --at-least instead of --at-most"),
        (("--improve", "growth"), "name it with --from"),
        (("--from", "1", "--aim", "growth=9"), "ask for an --aim separately"),
        (("--from", "99", "--improve", "growth", "--free", "character", "--free", "livability"), "no portfolio 99"),
        (("--from", "1", "--improve", "growth"), "say what may become of character, livability"),
    ],
)
def test_refusals(run: Path, words: tuple[str, ...], said: str) -> None:
    done = growthring("navigate", run, *words)
    assert done.exit_code == 2
    assert said in done.stderr
