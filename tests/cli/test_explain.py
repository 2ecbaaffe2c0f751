"""explain: in words, in tables, as JSON; faults with the way out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.cli.invoke import growthring


@pytest.fixture(scope="module")
def park(tmp_path_factory: pytest.TempPathFactory) -> Path:
    run = tmp_path_factory.mktemp("explain") / "park"
    assert growthring("solve", "park", "-o", run, "--quiet").exit_code == 0
    return run


def test_why_out(park: Path) -> None:
    done = growthring("explain", park, "--project", "oldpans")
    assert done.exit_code == 0
    said = " ".join(done.stdout.split())
    assert "No efficient portfolio contains it (exterior): proved." in said
    assert "No portfolio with it keeps all rules: proved." in said
    assert "closed chain: at least 65 % of the tonnes of by-products find a taker" in said
    assert "Price of entry: one figure at a time" in said
    assert "no change brings it in" in said
    assert max(cell_len(line) for line in done.stdout.splitlines()) <= 80
    assert "rules that keep it out ..." in done.stderr


def test_why_in(park: Path) -> None:
    said = " ".join(growthring("explain", park, "--project", "clinic", "--portfolio", "3").stdout.split())
    assert "clinic (Clinic) is in portfolio 3. Some efficient portfolios contain it" in said
    assert "Simply dropped, no rule would be broken; livability -5 points." in said
    assert "The nearest portfolio without clinic" in said


def test_json(park: Path) -> None:
    done = growthring("explain", park, "--project", "salt", "--portfolio", "3", "--json")
    told = json.loads(done.stdout)
    assert (told["class"], told["inside"], told["swap"]["efficient"]) == ("borderline", False, True)
    assert told["forced"] == {"least": "1", "most": "1", "proved": True}
    assert done.stderr == ""


def test_faults(park: Path) -> None:
    for words, said in (
        (("--project", "slat"), "no project is called slat; did you mean salt"),
        (("--project", "salt", "--portfolio", "99"), "there is no portfolio 99; the 14 are numbered from 1"),
    ):
        done = growthring("explain", park, *words)
        assert done.exit_code == 2
        assert said in " ".join(done.stderr.split())
