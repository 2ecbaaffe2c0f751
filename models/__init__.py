"""The mathematics, once: a region becomes a Pyomo model, the model becomes a :class:`Problem` of plain arrays.

Importing this package loads neither Pyomo nor pandas; what it offers is loaded when it is first used.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from models.formulate import formulate
    from models.portfolio import portfolio_model
    from models.problem import Decision, Objective, Problem

__all__ = ["Decision", "Objective", "Problem", "formulate", "portfolio_model"]

_HOMES = {
    "Decision": "models.problem",
    "Objective": "models.problem",
    "Problem": "models.problem",
    "formulate": "models.formulate",
    "portfolio_model": "models.portfolio",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


class _Package(ModuleType):
    """``models.formulate`` is the function; importing the file of that name does not put the file in its place."""

    def __setattr__(self, name: str, value: object) -> None:
        if name not in _HOMES or not isinstance(value, ModuleType):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package


def __dir__() -> list[str]:
    return sorted(__all__)
