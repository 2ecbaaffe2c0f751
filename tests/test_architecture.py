"""Imports run one way: optimizer → models → instances; and what must start quickly stays light."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FORBIDDEN = {
    "instances": {"models", "optimizer", "benchmarks", "tests"},
    "models": {"optimizer", "benchmarks", "tests"},
    "optimizer": {"benchmarks", "tests"},
    "optimizer/verify": {"models", "benchmarks", "tests"},
}


def imported(path: Path) -> set[str]:
    """Top-level names of all packages that a file imports, wherever in the file."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names


@pytest.mark.parametrize("package", FORBIDDEN)
def test_imports_run_one_way(package: str) -> None:
    wrong = {
        str(path.relative_to(ROOT)): found
        for path in (ROOT / package).rglob("*.py")
        if (found := imported(path) & FORBIDDEN[package])
    }
    assert not wrong


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("optimizer.parallel", {"pyomo", "pandas", "pymoo", "rich"}),  # what a spawned worker loads
        ("instances", {"pandas", "xlsxwriter", "pyomo", "highspy"}),
        ("models", {"pandas", "pyomo", "highspy"}),
        ("optimizer", {"numpy", "pandas", "pyomo", "highspy", "pydantic"}),
    ],
)
def test_light_modules_stay_light(module: str, heavy: set[str]) -> None:
    code = f"import sys, {module}; print(' '.join(sorted({heavy!r} & set(sys.modules))))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert found.stdout.split() == []
