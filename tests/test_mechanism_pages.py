"""Every mechanism has its page in docs/mechanisms, its golden listing and its part in the re-check of plans."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from models.mechanisms import MECHANISMS

ROOT = Path(__file__).parents[1]
PAGES = ROOT / "docs" / "mechanisms"
INDEX = (PAGES / "index.md").read_text(encoding="utf-8")
ELSEWHERE = {"effects": "time"}
"""Mechanisms that the page of another one explains."""
NAMES = [mechanism.__name__.rpartition(".")[2] for mechanism in MECHANISMS]


@pytest.mark.parametrize("name", NAMES)
def test_it_has_a_page(name: str) -> None:
    assert (PAGES / f"{ELSEWHERE.get(name, name)}.md").is_file()


@pytest.mark.parametrize("name", NAMES)
def test_it_has_a_golden_listing(name: str) -> None:
    assert (ROOT / "tests" / "models" / "golden" / f"{name}.lp").is_file()


@pytest.mark.parametrize("name", NAMES)
def test_it_has_a_part_in_verify_that_is_used(name: str) -> None:
    """Used: imported by the auditor, or by something that it imports."""
    folder = ROOT / "optimizer" / "verify"
    assert (folder / f"{name}.py").is_file()
    queue = ["evaluate"]
    for module in queue:
        tree = ast.parse((folder / f"{module}.py").read_text(encoding="utf-8"))
        froms = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        queue += [m for f in froms if f.startswith("optimizer.verify.") and (m := f.rpartition(".")[2]) not in queue]
    assert name in queue


def test_the_index_lists_every_page_once() -> None:
    listed = re.findall(r"^- \[(\w+)\]\((\w+)\.md\): .+\.$", INDEX, re.MULTILINE)
    assert all(title == page for title, page in listed)
    assert sorted(page for _, page in listed) == sorted(p.stem for p in PAGES.glob("*.md") if p.stem != "index")


@pytest.mark.parametrize("page", sorted(PAGES.glob("*.md")), ids=lambda path: path.stem)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).is_file(), target


@pytest.mark.parametrize("name", sorted({ELSEWHERE.get(name, name) for name in NAMES}))
def test_a_page_has_its_parts(name: str) -> None:
    """The idea, a formula, the sentences it comes from, an example and what to enter; half a screen of it."""
    text = (PAGES / f"{name}.md").read_text(encoding="utf-8")
    assert text.startswith(f"# {name.capitalize()}")
    assert "```" in text
    assert re.search(r"\bS[12]\b", text)
    assert "## Example" in text
    assert "## What to enter" in text
    assert len(text.splitlines()) <= 55
