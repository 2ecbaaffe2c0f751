"""Equal: projects that nothing tells apart are decided together, by their number.

Two blocks with the same costs and the same uses, choice by choice, may swap their choices without any difference. Of
all the choices of ``k`` such blocks that are the same but for a swap, one is kept: the first ``i`` of ``k`` equal
projects stand for any ``i`` of them.
"""

from __future__ import annotations

import math
from itertools import combinations_with_replacement

import numpy as np

from models.problem import Ints
from optimizer.engines.labels.blocks import CHOICES, Block
from optimizer.engines.labels.rows import Row

__all__ = ["together"]


def together(blocks: list[Block], rows: list[Row], costs: Ints) -> tuple[list[Block], int]:
    """``blocks`` with those that are equal joined, as far as their joint choices stay few; and how many were equal to
    another one."""
    alike: dict[tuple[int, bytes], list[Block]] = {}
    for block in blocks:
        burden = _burden(block, rows, costs)
        order = np.lexsort(burden.T)
        key = (len(burden), burden[order].tobytes())
        alike.setdefault(key, []).append(Block(block.columns, block.choices[order]))
    out = []
    for group in alike.values():
        size = _fitting_size(len(group[0].choices), len(group))
        out += [_joined(group[low : low + size]) for low in range(0, len(group), size)]
    return out, sum(len(group) for group in alike.values() if len(group) > 1)


def _burden(block: Block, rows: list[Row], costs: Ints) -> Ints:
    """Costs and uses of each choice; ``(o, p + rows)``."""
    A = np.array([[row.coefficients.get(j, 0) for j in block.columns] for row in rows], dtype=np.int64)
    weights = np.vstack([costs[:, block.columns], A.reshape(-1, len(block.columns))])
    burden: Ints = block.choices.astype(np.int64) @ weights.T
    return burden


def _fitting_size(choices: int, blocks: int) -> int:
    """How many equal blocks of so many choices may be joined."""
    size = 1
    while size < blocks and math.comb(size + choices, choices - 1) <= CHOICES:
        size += 1
    return size


def _joined(group: list[Block]) -> Block:
    if len(group) == 1:
        return group[0]
    picks = combinations_with_replacement(range(len(group[0].choices)), len(group))
    choices = [np.concatenate([b.choices[i] for b, i in zip(group, pick, strict=True)]) for pick in picks]
    return Block(tuple(j for block in group for j in block.columns), np.array(choices, dtype=np.int8))
