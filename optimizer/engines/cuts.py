"""Cuts: inequalities that every portfolio satisfies and that cut fractional solutions off.

HiGHS separates cutting planes at the root of every MIP and throws them away with it. Here they are asked for once, for
a fan of directions in objective space, and kept: all relaxations of a :class:`~optimizer.engines.tree.Tree` share them.

A solver that knows a good solution may also cut off what is worse than it, and such cuts would be wrong for other
directions. So that no solution is ever good, a block of its own is joined to the model: ``Σ 2 c_i b_i + over - under``
is to be an odd number, which takes ``over + under >= 1`` for whole ``b`` and nothing for fractional ones, and costs
more than all objectives together. Whatever solution is found is therefore far worse than the bound, and nothing is
fixed or cut off because of its objective; if that should ever fail, the direction's cuts are dropped. Only cuts without
columns of the block are kept. They are as trustworthy as the dual bounds of the same solver, which rest on such cuts.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any

import numpy as np
import scipy.sparse as sp

from models.problem import Floats, Ints, Problem
from optimizer.engines.finite import finite_bounds
from optimizer.engines.highs import LEAN
from optimizer.engines.linear import linear_model, quiet_solver, run

__all__ = ["Cuts", "directions", "joined", "none", "separate", "stacked"]

BLOCK = 20
"""Columns of the block that makes every solution dear."""
SPARSE = 40
"""Columns that a cut may count; denser ones make relaxations dearer by more than they tighten them."""
LOOSE = 1e-5
"""Every right side is loosened by this share of the largest term that the row can have, for the rounding errors of
HiGHS."""
QUIET = {**LEAN, "mip_max_nodes": 1, "presolve": "off"}


@dataclass(frozen=True, eq=False)
class Cuts:
    """``A x <= upper`` for every feasible ``x``; ``A`` is ``(c, n)``, ``upper`` ``(c,)``."""

    A: sp.csr_array
    upper: Floats

    def __len__(self) -> int:
        return len(self.upper)


def none(problem: Problem) -> Cuts:
    """No cuts of ``problem``."""
    return Cuts(sp.csr_array((0, len(problem.columns))), np.zeros(0))


def directions(p: int) -> Floats:
    """Weights ``(d, p)``: all objectives, all with one of them tripled, each alone, and each pair."""
    eye = np.eye(p)
    pairs = [eye[i] + eye[j] for i, j in combinations(range(p), 2)] if p > 2 else []
    fan: Floats = np.array([np.ones(p), *(np.ones(p) + 2 * eye), *eye, *pairs])
    return np.maximum(fan, 1e-3)


def separate(
    problem: Problem, weights: Floats, seconds: float = math.inf, interrupted: Callable[[], bool] | None = None
) -> Cuts:
    """Cuts that HiGHS separates at the root while it minimises ``weights · y``, for each row of ``weights`` ``(d, p)``.

    ``seconds`` limits each of the ``d`` solves, of which ``interrupted()`` ends the one that runs.
    """
    return joined([_along(problem, row, seconds, interrupted) for row in weights])


def stacked(columns: Sequence[Ints], figures: Sequence[Floats], n: int) -> sp.csr_array:
    """Rows ``(k, n)`` with these ``figures`` in these ``columns`` each, in this order."""
    starts = np.cumsum([0, *map(len, columns)])
    index = np.concatenate([np.zeros(0, dtype=np.int64), *columns])
    return sp.csr_array((np.concatenate([np.zeros(0), *figures]), index, starts), shape=(len(columns), n))


def joined(parts: Sequence[Cuts]) -> Cuts:
    """All cuts of ``parts``, each once; at least one part."""
    A, upper = sp.csr_array(sp.vstack([cuts.A for cuts in parts])), np.concatenate([cuts.upper for cuts in parts])
    first: dict[tuple[bytes, bytes], int] = {}
    for i, (begin, end) in enumerate(pairwise(A.indptr)):
        same = first.setdefault((A.indices[begin:end].tobytes(), A.data[begin:end].tobytes()), i)
        upper[same] = min(upper[same], upper[i])
    kept = list(first.values())
    return Cuts(sp.csr_array(A[kept]), upper[kept])


def _along(problem: Problem, weights: Floats, seconds: float, interrupted: Callable[[], bool] | None) -> Cuts:
    """The cuts of one direction ``(p,)``."""
    cost = weights @ problem.costs
    found = _root(problem, cost / max(1e-12, float(np.abs(cost).max())) * 1000, seconds, interrupted)
    index, data = [columns for columns, _, _ in found], [figures for _, figures, _ in found]
    A = stacked(index, data, len(problem.columns))
    reach = np.maximum(np.abs(finite_bounds(problem)).max(axis=0), 1.0)
    loose = [LOOSE * np.max(np.abs(f) * reach[columns]) for columns, f in zip(index, data, strict=True)]
    return Cuts(A, np.array([most for _, _, most in found]) + np.array(loose))


def _root(
    problem: Problem, cost: Floats, seconds: float, interrupted: Callable[[], bool] | None
) -> list[tuple[Any, Any, float]]:
    """Columns, coefficients and right sides of the cuts of one root node."""
    n = len(problem.columns)
    dear = 10 * float(np.abs(cost).sum())
    solver = quiet_solver(time_limit=min(seconds, 1e7), **QUIET)
    solver.passModel(_with_block(problem, cost, dear))
    pools: list[Any] = []

    def keep(event: Any) -> None:
        out = event.data_out
        if out.mip_primal_bound - out.mip_dual_bound > dear / 2:
            pools.append([np.array(getattr(out, f"cutpool_{part}")) for part in ("start", "index", "value", "upper")])

    solver.cbMipGetCutPool.subscribe(keep)
    solver.HandleUserInterrupt = interrupted is not None
    run(solver, interrupted)
    cuts = []
    for start, index, value, upper in pools:
        ends = [*start[1 : len(upper)], len(index)]
        for first, last, most in zip(start, ends, upper, strict=False):
            columns, figures = index[first:last].astype(np.int64), value[first:last].astype(np.float64)
            if 0 < len(columns) <= SPARSE and columns.max() < n and most < 1e20:
                order = np.argsort(columns)
                cuts.append((columns[order], figures[order], float(most)))
    return cuts


def _with_block(problem: Problem, cost: Floats, dear: float) -> Any:
    """The problem with the block beside it, which shares no column with it."""
    twice = 2.0 * np.random.default_rng(0).integers(1000, 10_000, BLOCK)
    odd = float(twice.sum() // 4 * 2 + 1)
    block = sp.csr_array(np.concatenate([twice, [-1.0, 1.0]])[None])
    rows = sp.csr_array(sp.block_diag([problem.A, block]))
    return linear_model(
        rows,
        np.append(problem.row_lower, odd),
        np.append(problem.row_upper, odd),
        np.append(problem.lower, np.zeros(BLOCK + 2)),
        np.concatenate([problem.upper, np.ones(BLOCK), [1e6, 1e6]]),
        cost=np.concatenate([cost, np.zeros(BLOCK), [dear, dear]]),
        whole=np.concatenate([problem.integer, np.ones(BLOCK, dtype=np.bool_), [False, False]]),
    )
