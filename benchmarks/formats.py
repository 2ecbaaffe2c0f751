"""Readers of published multi-objective knapsack files and their fronts.

=========  ==========================================================  =====================================
format     problem                                                     front
=========  ==========================================================  =====================================
kirlik     ``p``, ``n``, capacity, profit matrix, weights              one point a line, negated profits
mobkp      ``n p``, capacity, ``n`` rows ``weight profit…``            in the same file: count, then points
voptlib    commented numbers: ``n p k``, profits, weights, capacity    one point a line
=========  ==========================================================  =====================================
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np

from models.problem import Ints, Problem

__all__ = ["FORMATS", "read_front", "read_problem"]


def _kirlik(path: Path) -> Problem:
    p, _, capacity, lists = path.read_text().split("\n", 3)
    rows = [ast.literal_eval(row) for row in re.findall(r"\[[^\[\]]*\]", lists)]
    return _knapsack(path, np.array(rows[: int(p)]), np.array(rows[int(p) :]), np.array([int(capacity)]))


def _mobkp(path: Path) -> Problem:
    numbers = np.array(path.read_text().split(), dtype=np.int64)
    n, p, capacity = (int(number) for number in numbers[:3])
    table = numbers[3 : 3 + n * (p + 1)].reshape(n, p + 1)
    return _knapsack(path, table[:, 1:].T, table[:, :1].T, np.array([capacity]))


def _voptlib(path: Path) -> Problem:
    text = "\n".join(line.partition("#")[0] for line in path.read_text().splitlines())
    numbers = np.array(text.split(), dtype=np.int64)
    n, p, k = (int(number) for number in numbers[:3])
    profits, weights, capacities = np.split(numbers[3:], [n * p, n * (p + k)])
    return _knapsack(path, profits.reshape(p, n), weights.reshape(k, n), capacities[:k])


def _knapsack(path: Path, profits: Ints, weights: Ints, capacities: Ints) -> Problem:
    return Problem.from_arrays(profits, weights, capacities, name=path.stem)


def _points(path: Path) -> Ints:
    return np.loadtxt(path, dtype=np.int64, ndmin=2)


def _mobkp_front(path: Path) -> Ints:
    numbers = np.array(path.read_text().split(), dtype=np.int64)
    n, p = int(numbers[0]), int(numbers[1])
    count, *_ = tail = numbers[3 + n * (p + 1) :]
    return tail[1 : 1 + int(count) * p].reshape(int(count), p)


FORMATS: dict[str, tuple[Callable[[Path], Problem], Callable[[Path], Ints]]] = {
    "kirlik": (_kirlik, lambda path: -_points(path)),
    "mobkp": (_mobkp, _mobkp_front),
    "voptlib": (_voptlib, _points),
}
"""Format to the readers of a problem and of its published front."""


def read_problem(path: Path, form: str) -> Problem:
    """The problem in ``path``."""
    return FORMATS[form][0](path)


def read_front(path: Path, form: str) -> Ints:
    """The published nondominated points in ``path``; ``(k, p)``, to be maximised."""
    return FORMATS[form][1](path)
