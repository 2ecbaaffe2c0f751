"""The template reads as it is, explains every column and setting, and can be switched on row by row."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from instances import check_region, new_region, read_region
from instances.schema import TABLES
from instances.settings import Goal, Policy, Settings


@pytest.mark.parametrize("scores", [False, True], ids=["effects", "scores"])
@pytest.mark.parametrize("name", ["my-town", "my-town.xlsx"])
def test_it_is_a_sound_region(tmp_path: Path, name: str, scores: bool) -> None:
    new_region(tmp_path / name, scores=scores)
    region = read_region(tmp_path / name)
    assert check_region(region) == []
    assert region.name == "my-town"
    assert list(region.tables) == ["projects", *(["criteria", "scores"] if scores else ["effects"]), "budgets"]
    assert len(region.projects) == 4
    assert len(region.compared) == 3


@pytest.mark.parametrize("scores", [False, True], ids=["effects", "scores"])
def test_folder_and_workbook_say_the_same(tmp_path: Path, scores: bool) -> None:
    for name in ("my-town", "my-town.xlsx"):
        new_region(tmp_path / name, scores=scores)
    assert read_region(tmp_path / "my-town") == read_region(tmp_path / "my-town.xlsx")


def test_every_column_and_setting_is_explained(tmp_path: Path) -> None:
    new_region(tmp_path / "a")
    head = (tmp_path / "a" / "region.toml").read_text()
    for model in (Settings, Policy, Goal):
        for key, field in model.model_fields.items():
            assert key in ("objectives", "policy") or str(field.description) in head
    for name, row_type in TABLES.items():
        lines = (tmp_path / "a" / f"{name}.csv").read_text().splitlines()
        assert set(lines[0].split(",")) == set(row_type.model_fields)
        for column in row_type.model_fields:
            assert any(line.startswith(f"# {column}: ") for line in lines)


def test_a_workbook_explains_itself_in_comments(tmp_path: Path) -> None:
    new_region(tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["README", "region", *TABLES]
    for name, row_type in TABLES.items():
        comments = [str(cell.comment) for cell in book[name][1]]
        assert all(
            column in comment
            for column, comment in zip(sorted(row_type.model_fields, key="note".__eq__), comments, strict=True)
        )
    assert "growthring validate a.xlsx" in "\n".join(str(row[0].value) for row in book["README"])


@pytest.mark.parametrize("scores", [False, True], ids=["effects", "scores"])
def test_all_examples_together_are_sound(tmp_path: Path, scores: bool) -> None:
    """Every example row and every figure in a comment, switched on: they fit together."""
    folder = tmp_path / "a"
    new_region(folder, scores=scores)
    for path in folder.glob("*.csv"):
        lines = path.read_text().splitlines()
        marks = [number for number, line in enumerate(lines) if line.startswith("# an example")]
        for number in marks:
            lines[number + 1] = lines[number + 1].removeprefix("# ")
        if path.stem not in ("effects", "criteria", "scores"):
            path.write_text("\n".join(lines) + "\n")
    head = folder / "region.toml"
    policy = head.read_text().partition("[policy]")
    figures = [line.removeprefix("# ") if " = " in line else line for line in policy[2].splitlines()]
    head.write_text("".join(policy[:2]) + "\n".join(figures))
    region = read_region(folder)
    assert set(TABLES) - set(region.tables) == ({"effects"} if scores else {"criteria", "scores"})
    assert region.settings.policy.heritage_loss_limit == 5


def test_next_steps_and_no_overwriting(tmp_path: Path) -> None:
    new_region(tmp_path / "my-town")
    assert "growthring validate my-town" in (tmp_path / "my-town" / "README.txt").read_text()
    with pytest.raises(FileExistsError, match="exists already"):
        new_region(tmp_path / "my-town")
