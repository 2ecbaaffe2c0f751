"""list, new, validate, generate, import, show."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from instances import read_region
from tests.cli.invoke import growthring


def test_list_names_the_regions_that_ship() -> None:
    done = growthring("list")
    assert done.exit_code == 0
    assert [line.split()[0] for line in done.output.splitlines()] == ["hamlet", "park", "twins", "zigong"]


@pytest.mark.parametrize("scores", [[], ["--scores"]], ids=["figures", "scores"])
@pytest.mark.parametrize("xlsx", [[], ["--xlsx"]], ids=["folder", "workbook"])
def test_new_makes_a_template_that_validates(tmp_path: Path, xlsx: list[str], scores: list[str]) -> None:
    done = growthring("new", tmp_path / "my-town", *xlsx, *scores)
    assert done.exit_code == 0
    made = tmp_path / ("my-town.xlsx" if xlsx else "my-town")
    assert made.is_file() == bool(xlsx)
    assert f"growthring validate {made}" in done.output
    assert growthring("validate", made).exit_code == 0


@pytest.mark.parametrize(
    "words",
    [
        ["new"],
        ["generate", "--projects", "5", "-o"],
        ["solve", "hamlet", "-o"],
    ],
    ids=lambda words: words[0],
)
def test_existing_targets_are_refused_with_the_way_out(tmp_path: Path, words: list[str]) -> None:
    target = tmp_path / "there"
    target.mkdir()
    (target / "mine.txt").write_text("mine")
    done = growthring(*words, target)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert f"{target} exists already. Give another name with -o, or remove it first: rm -r {target}" in done.stderr
    assert [p.name for p in tmp_path.rglob("*")] == ["there", "mine.txt"]


def test_a_target_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = growthring("new", tmp_path / "file" / "town")
    assert done.exit_code == 2
    assert "is a file, not a folder" in done.stderr


def test_validate_sums_up(tmp_path: Path) -> None:
    done = growthring("validate", "hamlet")
    assert done.exit_code == 0
    assert "10  projects" in done.stdout
    data = json.loads(growthring("validate", "hamlet", "--json").stdout)
    assert data["ok"] is True
    assert data["rows"]["projects"] == 10


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    folder = tmp_path / "faulty"
    folder.mkdir()
    (folder / "region.toml").write_text(
        'name = "faulty"\n[objectives.a]\nmaximize = {projects = 1}\n[objectives.b]\nminimize = {capital_cost = 1}\n',
        encoding="utf-8",
    )
    (folder / "projects.csv").write_text("id,capital_cost\nroad,-3\npark,much\n", encoding="utf-8")
    return folder


def test_validate_tells_all_faults_at_once(faulty: Path) -> None:
    done = growthring("validate", faulty)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert "-3" in done.stderr
    assert "much" in done.stderr
    assert "2 faults" in done.stderr
    data = json.loads(growthring("validate", faulty, "--json").stdout)
    assert data["ok"] is False
    assert [fault["column"] for fault in data["faults"]] == ["capital_cost", "capital_cost"]
    assert all(fault["text"] and fault["rule"] for fault in data["faults"])


@pytest.mark.parametrize("command", ["solve", "show"])
def test_other_commands_tell_faults_without_a_traceback(faulty: Path, command: str) -> None:
    done = growthring(command, faulty)
    assert done.exit_code == 2
    assert done.stderr.startswith("Error: ")
    assert "-3" in done.stderr


@pytest.mark.parametrize("command", ["validate", "show", "solve"])
def test_no_such_region(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = growthring(command, "atlantis")
    assert done.exit_code == 2
    assert "atlantis" in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_generate(tmp_path: Path) -> None:
    target = tmp_path / "g"
    words = ["generate", "--projects", "8", "--towns", "2", "--seed", "3", "-o"]
    assert growthring(*words, target).exit_code == 0
    assert len(read_region(target).projects) == 8


def test_import_table(tmp_path: Path) -> None:
    missing = growthring(
        "import", "table", tmp_path / "none.csv", "--map", tmp_path / "none.toml", "-o", tmp_path / "t"
    )
    assert missing.exit_code == 2


def test_import_pabulib(tmp_path: Path) -> None:
    source = tmp_path / "vote.pb"
    source.write_text(
        "META\nkey;value\ndescription;Vote\ncountry;Nowhere\nunit;Village\ninstance;2024\nnum_projects;2\nnum_votes;2\n"
        "budget;10\nvote_type;approval\nrule;greedy\n"
        "PROJECTS\nproject_id;cost;votes;name;category;selected\n"
        "a;5;2;Library;culture;1\nb;6;1;Trees;environmental protection;0\n"
        "VOTES\nvoter_id;vote\n1;a,b\n2;a\n",
        encoding="utf-8",
    )
    done = growthring("import", "pabulib", source, "-o", tmp_path / "village")
    assert done.exit_code == 0, done.output
    region = read_region(tmp_path / "village")
    assert [project.id for project in region.projects] == ["a", "b"]


def test_show_draws_the_problem() -> None:
    done = growthring("show", "hamlet")
    assert done.exit_code == 0
    assert "projects: 10" in done.output
    assert "10 decisions" in done.output
    assert "1,024 plans, before any rule" in done.output
    assert "park needs the road" in done.output
    assert max(map(len, done.output.splitlines())) <= 80


@pytest.mark.parametrize(
    ("asked", "message"),
    [("growth,fame", "no objective is called fame"), ("growth", "at least"), ("growth,growth", "named twice")],
)
def test_objectives_that_cannot_be(asked: str, message: str, tmp_path: Path) -> None:
    done = growthring("solve", "hamlet", "--objectives", asked, "-o", tmp_path / "run")
    assert done.exit_code == 2
    assert message.replace("at least", "a trade-off needs 2 to 7") in done.stderr
    assert list(tmp_path.iterdir()) == []
