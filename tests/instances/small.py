"""A small sound region as files, to be spoiled one cell at a time."""

from __future__ import annotations

from pathlib import Path

HEAD = """\
name = "small"
periods = 3
[objectives.growth]
maximize = {jobs = 1}
[objectives.cost]
minimize = {capital_cost = 1}
"""

SMALL: dict[str, str] = {
    "region.toml": HEAD,
    "projects.csv": "id,capital_cost,category\nroad,9,transport\npark,3,green\nmill,5,trade\n",
    "effects.csv": "project,indicator,value\nroad,jobs,40\nmill,jobs,5.5\n",
}


def write(folder: Path, files: dict[str, str | bytes] | None = None) -> Path:
    """The small region in ``folder``, with ``files`` in place of its own."""
    folder.mkdir(exist_ok=True)
    for name, content in {**SMALL, **(files or {})}.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder
