"""Blocks: columns tied by small rows, with the choices that those rows leave them.

A pair of projects with a precedence, an exclusive group, a synergy with its members: each becomes one block whose
choices are listed once. The rows inside a block then vanish from the model, and the bounds treat them exactly.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.problem import Ints
from optimizer.engines.labels.rows import Row

__all__ = ["Block", "Needed", "every_way", "one_way", "tie"]

CHOICES = 40
"""Most choices of a block: more would cost the labels more than the vanished row saves."""
TRIED = 2048
"""Most combinations looked at while two or more blocks are joined."""
COMPARED = 256
"""Most joint choices that are compared with each other before a join is given up."""


@dataclass(frozen=True, eq=False)
class Block:
    """``columns`` ``(c,)`` and their joint ``choices`` ``(o, c)``, each 0 or 1."""

    columns: tuple[int, ...]
    choices: NDArray[np.int8]


Needed = Callable[[Block, list[Row]], Block]
"""A block without the choices that nobody needs, seeing the rows that run across blocks."""


def tie(columns: list[int], rows: list[Row], needed: Needed) -> tuple[list[Block], list[Row]]:
    """Blocks of all ``columns``, and the rows that still run across blocks.

    Rows are taken from the smallest on; the blocks that a row touches are joined if their joint choices stay few.
    ``needed`` leaves out choices of a block (:func:`one_way`, :func:`every_way`).
    """
    home = {j: Block((j,), np.array([[0], [1]], dtype=np.int8)) for j in columns}
    touching: dict[int, list[int]] = {j: [] for j in columns}
    for i, row in enumerate(rows):
        for j in row.coefficients:
            touching[j].append(i)
    for row in sorted(rows, key=lambda row: len(row.coefficients)):
        parts = list({id(home[j]): home[j] for j in row.coefficients}.values())
        if len(parts) == 1:
            continue
        near = {i for part in parts for j in part.columns for i in touching[j]}
        joined = _join(parts, [rows[i] for i in sorted(near)], needed)
        if joined is not None:
            home.update(dict.fromkeys(joined.columns, joined))
    blocks = list({id(block): block for block in home.values()}.values())
    inside = {j: id(block) for j, block in home.items()}
    across = [row for row in rows if len({inside[j] for j in row.coefficients}) > 1]
    return [needed(block, across) for block in blocks], across


def _join(parts: list[Block], near: list[Row], needed: Needed) -> Block | None:
    """One block of several, if its choices are few enough."""
    columns = tuple(j for part in parts for j in part.columns)
    place = {j: i for i, j in enumerate(columns)}
    inner = [row for row in near if all(j in place for j in row.coefficients)]
    A = np.zeros((len(inner), len(columns)), dtype=np.int64)
    for i, row in enumerate(inner):
        A[i, [place[j] for j in row.coefficients]] = list(row.coefficients.values())
    capacity = np.array([row.capacity for row in inner], dtype=np.int64)
    choices = np.zeros((1, 0), dtype=np.int8)
    for part in parts:
        if len(choices) * len(part.choices) > TRIED:
            return None
        more = np.tile(part.choices, (len(choices), 1))
        choices = np.hstack([np.repeat(choices, len(part.choices), axis=0), more])
        done = choices.shape[1]
        least = np.minimum(A[:, done:], 0).sum(axis=1)
        choices = choices[np.all(choices @ A[:, :done].T + least <= capacity, axis=1)]
    if len(choices) > COMPARED:
        return None
    outer = [row for row in near if any(j not in place for j in row.coefficients)]
    block = needed(Block(columns, choices), outer)
    return block if len(block.choices) <= CHOICES else None


def one_way(costs: Ints) -> Needed:
    """Leaves out choices that another one equals or beats in every objective and every row across blocks.

    ``costs`` is ``(p, n)``. One portfolio of each nondominated point remains.
    """

    def needed(block: Block, across: list[Row]) -> Block:
        burden = np.hstack([_cost(block, costs), _uses(block, across)])
        return _without(block, np.all(burden[:, None, :] <= burden[None, :, :], axis=2))

    return needed


def every_way(costs: Ints, deciding: set[int], complete: bool) -> Needed:
    """Leaves out choices that cannot be part of a listed point, or that differ in auxiliary columns only.

    ``costs`` is ``(p, n)``. If the list is ``complete``, a choice is of no use where another one is better in an
    objective and nowhere worse. Otherwise only choices of equal costs and equal ``deciding`` columns are compared.
    """

    def needed(block: Block, across: list[Row]) -> Block:
        cost, use = _cost(block, costs), _uses(block, across)
        decisions = block.choices[:, [at for at, j in enumerate(block.columns) if j in deciding]]
        same = np.all(cost[:, None, :] == cost[None, :, :], axis=2)
        beats = same & np.all(decisions[:, None, :] == decisions[None, :, :], axis=2)
        if complete:
            beats |= ~same & np.all(cost[:, None, :] <= cost[None, :, :], axis=2)
        return _without(block, beats & np.all(use[:, None, :] <= use[None, :, :], axis=2))

    return needed


def _cost(block: Block, costs: Ints) -> Ints:
    cost: Ints = block.choices.astype(np.int64) @ costs[:, block.columns].T
    return cost


def _uses(block: Block, across: list[Row]) -> Ints:
    """What each choice takes of the rows that it touches; ``(o, rows)``."""
    touching = [row for row in across if any(j in row.coefficients for j in block.columns)]
    A = np.array([[row.coefficients.get(j, 0) for j in block.columns] for row in touching], dtype=np.int64)
    uses: Ints = block.choices.astype(np.int64) @ A.reshape(-1, len(block.columns)).T
    return uses


def _without(block: Block, beats: NDArray[np.bool_]) -> Block:
    """The block without choices that another one ``beats`` ``(o, o)``; of two that beat each other the first stays."""
    at = np.arange(len(beats))
    beats = beats & ~(beats.T & (at[:, None] >= at[None, :]))
    return Block(block.columns, block.choices[~beats.any(axis=0)])
