"""effect: with and without, the certificates always there."""

from __future__ import annotations

import json

from rich.cells import cell_len

from tests.cli.invoke import growthring


def test_one_mechanism() -> None:
    done = growthring("effect", "hamlet", "--without", "ecology", "--workers", "1")
    assert done.exit_code == 0
    said = " ".join(done.stdout.split())
    assert "Ecology: best value of each objective with it and without it" in said
    assert "better without it" in said
    assert "break a rule with it" in said
    assert "With all mechanisms: Complete: these 10 portfolios" in said
    assert "Without ecology: Complete: these" in said
    assert max(cell_len(line) for line in done.stdout.splitlines()) <= 80


def test_a_row_for_each_mechanism() -> None:
    done = growthring("effect", "hamlet", "--without", "all", "--workers", "1")
    head, _, rows = done.stdout.partition("What each mechanism forbids, costs and buys")
    assert head
    for name in ("budget", "relations", "synergy", "land", "ecology", "heritage", "coverage"):
        assert f" {name} " in rows
        assert f"Without {name}: Complete" in rows
    assert max(cell_len(line) for line in done.stdout.splitlines()) <= 80


def test_json() -> None:
    done = growthring("effect", "hamlet", "--without", "land", "--without", "coverage", "--workers", "1", "--json")
    land, coverage = json.loads(done.stdout)["effects"]
    assert (land["mechanism"], land["bites"]) == ("land", True)
    assert land["breaking"] > 0
    assert {c["status"] for c in coverage["certificates"].values()} == {"COMPLETE"}
    assert [row["gain"] for row in coverage["best"]] == ["0", "0", "1"]


def test_an_unfinished_front_says_so() -> None:
    words = ("effect", "zigong", "--without", "budget", "--time-limit", "0.5", "--workers", "1")
    said = growthring(*words).stdout
    assert "Complete" not in said
    assert "With all mechanisms: " in said
    assert "Without budget: " in said


def test_refusals() -> None:
    for name, said in (("magic", "no mechanism is called magic"), ("network", "has nothing of network to take away")):
        done = growthring("effect", "hamlet", "--without", name)
        assert done.exit_code == 2
        assert said in " ".join(done.stderr.split())
