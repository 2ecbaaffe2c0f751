"""Known: ``state.npz``, what a solve goes on from, written exactly and checked when it is read.

Whole columns are kept in the smallest integer type that holds them. Points are weighed anew and held against every row
when they are read; the proofs are the engine's word, as they are in the certificate.
"""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from models.problem import Floats, Problem
from optimizer.engines.found import Known

__all__ = ["read_known", "write_known"]

OWN = ("model", "whole", "rest", "Y", "effort", "faults")
ROW_TOLERANCE = 1e-6


def write_known(path: Path, known: Known, problem: Problem) -> None:
    """Write ``known`` about ``problem`` to ``path``."""
    whole = np.rint(known.X[:, problem.integer]).astype(np.int64)
    least, most = whole.min(initial=0), whole.max(initial=0)
    small = np.promote_types(np.min_scalar_type(least), np.min_scalar_type(most))
    arrays: dict[str, Any] = {f"engine_{name}": array for name, array in known.arrays.items()}
    with path.open("wb") as file:
        np.savez(
            file,
            model=np.array(_fingerprint(problem)),
            whole=whole.astype(small),
            rest=known.X[:, ~problem.integer],
            Y=known.Y,
            effort=np.array([known.solves, known.seconds]),
            faults=np.array(known.faults, dtype=np.str_),
            **arrays,
        )


def read_known(path: Path, problem: Problem) -> Known:
    """What was known about ``problem``.

    Raises ``ValueError`` if the file is damaged or tells of another problem.
    """
    try:
        with np.load(path, allow_pickle=False) as stored:
            arrays = dict(stored)
        model, whole, rest, Y, effort, faults = (arrays.pop(name) for name in OWN)
    except (ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise ValueError(f"{path} is damaged: {error}") from error
    if str(model) != _fingerprint(problem):
        raise ValueError(f"{path} belongs to another model: the region was changed, or growthring is another version")
    X: Floats = np.zeros((len(whole), len(problem.columns)))
    X[:, problem.integer], X[:, ~problem.integer] = whole, rest
    signs = np.array([-1 if o.sense == "max" else 1 for o in problem.objectives])
    if not np.array_equal(problem.evaluate(X) * signs, Y) or np.any(problem.violations(X) > ROW_TOLERANCE):
        raise ValueError(f"{path} is damaged: a portfolio in it breaks a rule or has other values than stated")
    engine = {name.removeprefix("engine_"): array for name, array in arrays.items()}
    return Known(X, Y, engine, int(effort[0]), float(effort[1]), tuple(map(str, faults)))


def _fingerprint(problem: Problem) -> str:
    """SHA-256 of everything that makes up the problem."""
    digest = hashlib.sha256(repr((problem.objectives, problem.columns, problem.rows)).encode())
    for array in (problem.C, problem.A.indptr, problem.A.indices, problem.A.data, problem.row_lower, problem.row_upper):
        digest.update(np.ascontiguousarray(array).tobytes())
    for array in (problem.lower, problem.upper, problem.integer):
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()
