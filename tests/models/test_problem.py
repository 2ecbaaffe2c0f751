from __future__ import annotations

import pickle

import numpy as np
import pytest

from models.problem import Problem

KNAPSACK = Problem.from_arrays([[3, 4], [5, 1]], [[2, 3]], [4], sense="max", projects=("mill", "inn"))


def test_costs_are_minimised():
    assert KNAPSACK.costs.tolist() == [[-3, -4], [-5, -1]]


def test_arrays_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="row_upper: 2, expected 1"):
        Problem.from_arrays([[1]], [[1]], [1, 2])


def test_objectives_on_continuous_columns_are_refused():
    fields = {name: getattr(KNAPSACK, name) for name in KNAPSACK.__dataclass_fields__}
    with pytest.raises(ValueError, match="continuous column"):
        Problem(**{**fields, "integer": np.array([True, False])})


def test_arrays_cannot_be_changed():
    with pytest.raises(ValueError, match="read-only"):
        KNAPSACK.C[0, 0] = 1


def test_violations_are_of_rows_bounds_and_wholeness():
    assert KNAPSACK.violations([[1, 0], [1, 1], [0, 2], [0.25, 0]]).tolist() == [0, 1, 2, 0.25]


def test_it_travels_to_workers():
    copy = pickle.loads(pickle.dumps(KNAPSACK))
    assert copy.evaluate([[1, 1]]).tolist() == [[7, 6]]
