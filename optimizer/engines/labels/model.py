"""Model: what is left of a 0/1 problem after reductions, as blocks of choices whose costs and uses are never negative.

For every objective ``k``: cost of a portfolio = ``offset[k]`` + the sum of its choices' costs. For every row ``i``: the
sum of its choices' uses is at most ``capacity[i]``. Lower sides, negative figures and equalities are gone: what the
least demanding choice of a block costs or uses is taken off in advance, and a row with two sides counts as two.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.problem import Floats, Ints, Problem
from optimizer.engines.found import Reductions
from optimizer.engines.labels.blocks import Block, Needed, one_way, tie
from optimizer.engines.labels.equal import together
from optimizer.engines.labels.rows import Row, reduce_rows, whole_rows

__all__ = ["Choices", "Model", "model"]


@dataclass(frozen=True, eq=False)
class Choices:
    """A block in normal form: ``cost`` ``(o, p)`` and ``use`` ``(o, m)`` of each of its choices, both from 0 on."""

    block: Block
    cost: Ints
    use: Ints


@dataclass(frozen=True, eq=False)
class Model:
    """Blocks in the order in which they are decided; ``x`` ``(n,)`` holds the columns that are settled already."""

    blocks: tuple[Choices, ...]
    capacity: Ints
    offset: Ints
    x: Floats
    reductions: Reductions | None = None

    @property
    def ranges(self) -> Ints:
        """Largest minus least cost of each objective over all choices, feasible or not; ``(p,)``."""
        most = [choices.cost.max(axis=0) for choices in self.blocks]
        return np.sum(most, axis=0, dtype=np.int64) if most else np.zeros_like(self.offset)

    def portfolios(self, picks: NDArray[np.uint8]) -> Floats:
        """Columns ``(k, n)`` for the choice picked in every block ``(k, blocks)``."""
        X = np.repeat(self.x[None], len(picks), axis=0)
        for at, choices in enumerate(self.blocks):
            X[:, choices.block.columns] = choices.block.choices[picks[:, at]]
        return X

    def nearest(self, X: Floats) -> NDArray[np.uint8]:
        """In every block the choice that differs least from the columns ``X`` ``(k, n)``; ``(k, blocks)``.

        Choices that were given up for better ones, and settled columns, come out as others: whether what is picked is
        feasible is to be seen.
        """
        picks = np.zeros((len(X), len(self.blocks)), dtype=np.uint8)
        for at, choices in enumerate(self.blocks):
            of_each = choices.block.choices.astype(np.float64)
            picks[:, at] = np.argmin(of_each.sum(axis=1) - 2 * X[:, choices.block.columns] @ of_each.T, axis=1)
        return picks


def model(problem: Problem, needed: Needed | None = None) -> Model | None:
    """The model of ``problem``, blocks in no particular order; ``None`` if its rows contradict each other.

    ``needed`` says which choices of a block count. If it is not given, one portfolio of each point does: choices as by
    :func:`.blocks.one_way`, and equal blocks go :func:`together`.
    """
    settled = np.flatnonzero(np.ceil(problem.lower) >= np.floor(problem.upper))
    if np.any(np.ceil(problem.lower) > np.floor(problem.upper)):
        return None
    fixed = {int(j): int(np.ceil(problem.lower[j])) for j in settled}
    costs = problem.costs
    swap, needed = needed is None, needed or one_way(costs)
    reduced = reduce_rows(whole_rows(problem), fixed)
    spared: set[int] = set()
    while reduced is not None:
        rows, fixed = reduced
        columns = [j for j in range(len(problem.columns)) if j not in fixed]
        blocks, rows = tie(columns, rows, needed)
        if any(len(block.choices) == 0 for block in blocks):
            return None
        blocks, rows = _fitting(blocks, rows)
        if any(len(block.choices) == 0 for block in blocks):
            return None
        equal = 0
        if swap:
            blocks, equal = together(blocks, rows, costs)
            blocks, rows = _fitting(blocks, rows)
        decided = {
            j: int(block.choices[0, at])
            for block in blocks
            for at, j in enumerate(block.columns)
            if np.all(block.choices[:, at] == block.choices[0, at])
        }
        if not decided:
            done = _reductions(problem, reduced[0], rows, fixed, spared, blocks, equal)
            return replace(_normal(problem, blocks, rows, fixed, costs), reductions=done)
        spared |= decided.keys()
        reduced = reduce_rows(whole_rows(problem), fixed | decided)
    return None


def _reductions(
    problem: Problem,
    reduced: list[Row],
    across: list[Row],
    fixed: dict[int, int],
    spared: set[int],
    blocks: list[Block],
    equal: int,
) -> Reductions:
    """What was settled: ``reduced`` are the rows that may bind, ``across`` those that still run across blocks."""
    names = problem.columns
    binding, left = {row.name for row in reduced}, {row.name for row in across}
    return Reductions(
        columns=len(names),
        rows=len(problem.rows),
        forced=tuple(names[j] for j, value in sorted(fixed.items()) if value),
        forbidden=tuple(names[j] for j, value in sorted(fixed.items()) if not value),
        spared=tuple(names[j] for j in sorted(spared)),
        idle=tuple(name for name in problem.rows if name not in binding),
        inside=tuple(name for name in problem.rows if name in binding - left),
        tightened=tuple(dict.fromkeys(row.name for row in reduced if row.tighter)),
        blocks=len(blocks),
        equal=equal,
    )


def _fitting(blocks: list[Block], rows: list[Row]) -> tuple[list[Block], list[Row]]:
    """Blocks without the choices that break a row whatever the others do; rows without those that cannot bind."""
    while True:
        uses = [_use(block, rows) for block in blocks]
        least = np.array([use.min(axis=0, initial=2**60) for use in uses]).reshape(len(blocks), len(rows))
        spare = np.array([row.capacity for row in rows], dtype=np.int64) - least.sum(axis=0)
        fits = [np.all(use - low <= spare, axis=1) for use, low in zip(uses, least, strict=True)]
        if all(fit.all() for fit in fits):
            break
        blocks = [Block(block.columns, block.choices[fit]) for block, fit in zip(blocks, fits, strict=True)]
        if not all(fit.any() for fit in fits):
            return blocks, rows
    most = np.array([use.max(axis=0) for use in uses]).reshape(len(blocks), len(rows)).sum(axis=0)
    return blocks, [row for row, high in zip(rows, most, strict=True) if high > row.capacity]


def _use(block: Block, rows: list[Row]) -> Ints:
    A = np.array([[row.coefficients.get(j, 0) for j in block.columns] for row in rows], dtype=np.int64)
    use: Ints = block.choices.astype(np.int64) @ A.reshape(-1, len(block.columns)).T
    return use


def _normal(problem: Problem, blocks: list[Block], rows: list[Row], fixed: dict[int, int], costs: Ints) -> Model:
    x = np.zeros(len(problem.columns))
    x[list(fixed)] = list(fixed.values())
    offset = costs @ x.astype(np.int64)
    capacity = np.array([row.capacity for row in rows], dtype=np.int64)
    choices = []
    for block in blocks:
        cost = block.choices.astype(np.int64) @ costs[:, block.columns].T
        use = _use(block, rows)
        offset = offset + cost.min(axis=0)
        capacity = capacity - use.min(axis=0)
        choices.append(Choices(block, cost - cost.min(axis=0), use - use.min(axis=0)))
    return Model(tuple(choices), capacity, offset, x)
