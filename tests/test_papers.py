"""docs/papers.md: every numbered sentence has a row, every row is whole, and what it names exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from instances.schema import TABLES
from instances.settings import Goal, Policy, Settings

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "papers.md").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line.startswith("| S")]
NUMBERED = {
    *(f"S2 §3 ({n})" for n in range(1, 6)),
    *(f"S2 §4 ({n})" for n in range(1, 7)),
    *(f"S2 §6 ({n})" for n in range(1, 5)),
    *(f"S1 §I, {n}" for n in range(1, 5)),
    *(f"S1 §II, {n}" for n in range(1, 8)),
}


def test_every_numbered_sentence_has_a_row() -> None:
    found = {row[0].rstrip("abcd") for row in ROWS}
    assert found >= NUMBERED
    assert len({row[0] for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_no_cell_is_empty_and_all_that_is_named_exists(row: list[str]) -> None:
    _, sentence, code, data, test = row
    assert all(row)
    assert len(sentence) > 20
    files = re.findall(r"`([\w/]+\.py)`", code)
    assert files
    assert [path for path in files if not (ROOT / path).is_file()] == []
    known = {*TABLES, *Policy.model_fields, *Settings.model_fields, *Goal.model_fields, "region.toml"}
    assert set(re.findall(r"`([\w.]+)`", data)) - known == set()
    assert re.findall(r"`([\w.]+)`", data)
    path, name = test.strip("`").split("::")
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}


def test_words_in_brackets_are_columns_or_kinds() -> None:
    """`sources` (floor): the column is there; (red_line): the schema knows the kind."""
    for row in ROWS:
        for table, words in re.findall(r"`(\w+)` \(([\w, ]+)\)", row[3]):
            schema = str(TABLES[table].model_fields)
            assert [word for word in words.split(", ") if word.split()[0] not in schema + " start running"] == []


def test_every_mechanism_has_a_row() -> None:
    named = set(re.findall(r"models/mechanisms/(\w+)\.py", PAGE))
    there = {path.stem for path in (ROOT / "models" / "mechanisms").glob("[a-z]*.py")}
    assert named >= there
