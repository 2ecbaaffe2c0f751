"""The one gate to numba: machine code that is kept on disk, and whose Python types stay those of the source."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numba

__all__ = ["compiled"]

F = TypeVar("F", bound=Callable[..., object])


def compiled(function: F) -> F:
    """``function`` as machine code, compiled on the first call with arguments of new types; threads may run it side by
    side."""
    return cast(F, numba.njit(cache=True, nogil=True)(function))
