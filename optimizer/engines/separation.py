"""Separation: the cutting planes that HiGHS finds at the root of a MIP.

It throws them away with it. Here they are asked for once, for a fan of directions in objective space, and kept: all
relaxations of a :class:`~optimizer.engines.tree.Tree` share them.

A solver that knows a good solution may also cut off what is worse than it, and such cuts would be wrong for other
directions. So that no solution is ever good, a block of its own is joined to the model: ``Σ 2 c_i b_i + over - under``
is to be an odd number, which takes ``over + under >= 1`` for whole ``b`` and nothing for fractional ones, and costs
more than all objectives together. Whatever solution is found is therefore far worse than the bound, and nothing is
fixed or cut off because of its objective; if that should ever fail, the direction's cuts are dropped. Only cuts without
columns of the block are kept. They are as trustworthy as the dual bounds of the same solver, which rest on such cuts.

Cuts over continuous columns are not kept: where a flow was bounded by a column that could be fractional, HiGHS gave
some that cut known portfolios off. Without them no relaxation was worse by more than three thousandths of the range.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.sparse as sp

from models.problem import Floats, Problem
from optimizer.engines.cuts import Cuts, joined, stacked
from optimizer.engines.finite import finite_bounds
from optimizer.engines.linear import LEAN, linear_model, quiet_solver, run, scale

__all__ = ["separate"]

BLOCK = 20
"""Columns of the block that makes every solution dear."""
SPARSE = 40
"""Columns that a cut may count; denser ones make relaxations dearer by more than they tighten them."""
LOOSE = 1e-5
"""Every right side is loosened by this share of the largest term that the row can have, for the rounding errors of
HiGHS."""
QUIET = {**LEAN, "mip_max_nodes": 1, "presolve": "off"}


def separate(
    problem: Problem, weights: Floats, seconds: float = math.inf, interrupted: Callable[[], bool] | None = None
) -> Cuts:
    """Cuts that HiGHS separates at the root while it minimises ``weights · y``, ``(p,)``, for so many ``seconds``."""
    cost = weights @ problem.costs
    found = _root(problem, cost * scale(cost), seconds, interrupted)
    index, data = [columns for columns, _, _ in found], [figures for _, figures, _ in found]
    A = stacked(index, data, len(problem.columns))
    reach = np.maximum(np.abs(finite_bounds(problem)).max(axis=0), 1.0)
    loose = [LOOSE * np.max(np.abs(f) * reach[columns]) for columns, f in zip(index, data, strict=True)]
    return joined([Cuts(A, np.array([most for _, _, most in found]) + np.array(loose))])


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
            if 0 < len(columns) <= SPARSE and columns.max() < n and most < 1e20 and problem.integer[columns].all():
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
