"""Worker processes import models.problem; that must not cost them Pyomo."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize("module", ["models", "models.problem"])
def test_no_modelling_library_is_loaded(module):
    code = f"import sys, {module}; print(sorted({{'pyomo', 'pandas', 'pydantic'}} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_the_function_is_offered_though_a_file_has_its_name():
    import models
    import models.formulate
    from models import formulate

    assert formulate is models.formulate is sys.modules["models.formulate"].formulate
    assert set(models.__all__) <= set(dir(models))
    with pytest.raises(AttributeError, match="has no attribute 'formula'"):
        _ = models.formula
