"""Blocks: columns tied by small rows, with the choices that those rows leave them.

A pair of projects with a precedence, an exclusive group, a synergy with its members: each becomes one block whose
choices are listed once. The rows inside a block then vanish from the model, and the bounds treat them exactly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.problem import Ints
from optimizer.engines.labels.rows import Row

__all__ = ["Block", "tie"]

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


def tie(columns: list[int], rows: list[Row], costs: Ints) -> tuple[list[Block], list[Row]]:
    """Blocks of all ``columns``, and the rows that still run across blocks.

    Rows are taken from the smallest on; the blocks that a row touches are joined if their joint choices stay few.
    ``costs`` ``(p, n)`` tell which choices nobody needs.
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
        joined = _join(parts, [rows[i] for i in sorted(near)], costs)
        if joined is not None:
            home.update(dict.fromkeys(joined.columns, joined))
    blocks = list({id(block): block for block in home.values()}.values())
    inside = {j: id(block) for j, block in home.items()}
    across = [row for row in rows if len({inside[j] for j in row.coefficients}) > 1]
    return [_needed(block, across, costs) for block in blocks], across


def _join(parts: list[Block], near: list[Row], costs: Ints) -> Block | None:
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
    block = _needed(Block(columns, choices), outer, costs)
    return block if len(block.choices) <= CHOICES else None


def _needed(block: Block, across: list[Row], costs: Ints) -> Block:
    """The block without choices that another one equals or beats in every objective and every row across blocks."""
    columns = list(block.columns)
    touching = [row for row in across if any(j in row.coefficients for j in columns)]
    A = np.array([[row.coefficients.get(j, 0) for j in columns] for row in touching], dtype=np.int64)
    weights = np.vstack([costs[:, columns], A.reshape(-1, len(columns))])
    burden = block.choices.astype(np.int64) @ weights.T
    beats = np.all(burden[:, None, :] <= burden[None, :, :], axis=2)
    at = np.arange(len(burden))
    beats &= ~(beats.T & (at[:, None] >= at[None, :]))
    return Block(block.columns, block.choices[~beats.any(axis=0)])
