"""The pages build without a warning; what they show is what is drawn for them. `make docs` also runs the notebooks."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from optimizer.report.plots import PLOTS

DOCS = Path(__file__).parents[1] / "docs"


def test_the_pages_build_without_a_warning(tmp_path: Path) -> None:
    """All but the notebooks' cells and the pictures, which take longer."""
    pytest.importorskip("myst_nb")
    quick = ["-D", "nb_execution_mode=off", "-D", "suppress_warnings=image.not_readable"]
    words = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", "-d", str(tmp_path / "trees")]
    done = subprocess.run([*words, *quick, str(DOCS), str(tmp_path / "html")], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "html" / "api" / "solve.html").read_text(encoding="utf-8")
    assert "optimizer.front.Front" in page


def test_every_picture_of_the_plots_is_shown_and_drawn() -> None:
    shown = re.findall(r"\]\(_build/pictures/(\w+)/(\w+)\.png\)", (DOCS / "plots.md").read_text(encoding="utf-8"))
    assert {name for _, name in shown} == set(PLOTS)
    drawn = (DOCS / "draw.py").read_text(encoding="utf-8")
    assert all(f'"{region}"' in drawn for region, _ in shown)


def test_every_page_is_in_the_contents() -> None:
    index = (DOCS / "index.md").read_text(encoding="utf-8")
    pages = [
        path.relative_to(DOCS).with_suffix("").as_posix() for path in DOCS.rglob("*.md") if "_build" not in path.parts
    ]
    left_out = [page for page in pages if page != "index" and page not in index and not page.startswith("mechanisms/")]
    assert not left_out
