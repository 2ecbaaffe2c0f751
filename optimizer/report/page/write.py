"""Write: the report as one file that opens by a double click and never asks the network for anything."""

from __future__ import annotations

import base64
import gzip
import html
import re
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from optimizer.folders import whole_file
from optimizer.report.page.data import page_data
from optimizer.report.strings import Language, strings
from optimizer.run import json_text

if TYPE_CHECKING:
    from optimizer.run import Run

__all__ = ["MissingPrograms", "page", "write_report"]

SCRIPTS = (
    *("core.js", "charts.js", "portfolio.js", "projects.js", "places.js", "money.js", "certain.js", "wish.js"),
    *("scenario.js", "main.js"),
)
PROGRAMS = ("echarts.js", "highs.js", "highs.wasm")


class MissingPrograms(RuntimeError):
    """The package was built without the programs that the page carries."""

    def __init__(self, missing: str) -> None:
        super().__init__(
            f"the report page needs {missing}, which is fetched when growthring is built: install npm, then install "
            "growthring again"
        )


def write_report(run: Run, path: str | Path, language: Language = "en") -> Path:
    """Write the page for ``run`` as ``path`` and return the path; the same run gives the same bytes.

    Raises ``FileExistsError`` if ``path`` exists, ``ValueError`` if the run holds no portfolio, and
    :class:`MissingPrograms`. The file appears whole or not at all.
    """
    with whole_file(Path(path)) as draft:
        draft.write_text(page(page_data(run), language), encoding="utf-8")
    return Path(path)


def page(data: dict[str, Any], language: Language) -> str:
    """The page as text; ``data`` as :func:`.page_data` gives it."""
    folder = files(__package__)
    static = {item.name: item for item in (folder / "static").iterdir()}
    words = strings(language)
    payload = [
        _packed("data", json_text(data).encode()),
        _packed("charts", _program("echarts.js")),
        _packed("solver", _program("highs.js")),
        _packed("wasm", _program("highs.wasm")),
        f'<script type="text/plain" id="worker">{static["worker.js"].read_text(encoding="utf-8")}</script>',
        f'<script type="application/json" id="strings">{_inside_script(json_text(words))}</script>',
    ]
    parts = {
        "lang": "zh-CN" if language == "zh" else "en",
        "title": html.escape(words["title"].replace("{title}", data["region"]["title"])),
        "connect": "'self'" if "live" in data else "'none'",
        "style": static["page.css"].read_text(encoding="utf-8"),
        "payload": "\n".join(payload),
        "script": "\n".join(static[name].read_text(encoding="utf-8") for name in SCRIPTS),
    }
    template = static["page.html"].read_text(encoding="utf-8")
    return re.sub(rf"\{{({'|'.join(parts)})\}}", lambda place: parts[place[1]], template)


def _program(name: str) -> bytes:
    file = files(__package__) / "vendor" / name
    if not file.is_file():
        raise MissingPrograms(name)
    return file.read_bytes()


def _packed(name: str, content: bytes) -> str:
    packed = base64.b64encode(gzip.compress(content, mtime=0)).decode()
    return f'<script type="text/plain" id="{name}">{packed}</script>'


def _inside_script(text: str) -> str:
    """Text that may stand in a script element, whatever it holds."""
    return text.replace("<", "\\u003c")
