"""The programs that the page carries are fetched when the package is built; without them, tests are skipped."""

from __future__ import annotations

from importlib.resources import files

import pytest

__all__ = ["needs_programs"]

needs_programs = pytest.mark.skipif(
    not (files("optimizer.report.page") / "vendor" / "highs.wasm").is_file(),
    reason="needs the report page's programs: install npm, then install the package again (rm -r .venv; make test)",
)
