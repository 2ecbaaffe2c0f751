"""From facts to a front with proof, and from the front to a decision."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from optimizer.certificate import Certificate, Status
    from optimizer.front import Front
    from optimizer.solver import solve
    from optimizer.stop import AnyOf, Guarantee, SolveLimit, TimeLimit

__all__ = ["AnyOf", "Certificate", "Front", "Guarantee", "SolveLimit", "Status", "TimeLimit", "solve"]

_HOMES = {
    "AnyOf": "optimizer.stop",
    "Certificate": "optimizer.certificate",
    "Front": "optimizer.front",
    "Guarantee": "optimizer.stop",
    "SolveLimit": "optimizer.stop",
    "Status": "optimizer.certificate",
    "TimeLimit": "optimizer.stop",
    "solve": "optimizer.solver",
}


def __getattr__(name: str) -> Any:
    """Import on first use, so that the command line answers at once."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)
