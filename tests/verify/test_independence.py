"""The auditor stands on its own feet."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import optimizer.verify

FOREIGN = {"models", "pyomo", "highspy", "scipy"}


def test_no_module_of_the_model_is_loaded_with_the_auditor():
    modules = [f"optimizer.verify.{path.stem}" for path in Path(optimizer.verify.__path__[0]).glob("[a-z]*.py")]
    code = (
        f"import sys, {', '.join(modules)}\n"
        "from instances import read_region\n"
        "from optimizer.verify import evaluate, verify_run\n"
        "region = read_region('hamlet')\n"
        "evaluate(region, {}, region.compared), verify_run('nowhere')\n"
        f"print(sorted({FOREIGN} & {{name.partition('.')[0] for name in sys.modules}}))"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout == "[]\n"


def test_no_floats_in_rules_and_objectives():
    """Float figures and ``float`` itself occur only where a certificate, which states floats, is read."""
    for path in Path(optimizer.verify.__path__[0]).glob("*.py"):
        if path.stem not in ("run", "claims"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            floats = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, float)]
            named = [n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and n.id == "float"]
            assert floats + named == [], path.name
