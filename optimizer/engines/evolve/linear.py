"""Linear: a linear program of plain arrays in a solver of its own."""

from __future__ import annotations

import highspy
import numpy as np
import scipy.sparse as sp

from models.problem import Floats

__all__ = ["loaded"]


def loaded(A: sp.csr_array, low: Floats, high: Floats, lower: Floats, upper: Floats) -> highspy.Highs:
    """A linear program without an objective, in a solver of its own."""
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = A.shape
    lp.col_cost_ = np.zeros(lp.num_col_)
    lp.col_lower_, lp.col_upper_ = lower, upper
    lp.row_lower_, lp.row_upper_ = low, high
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = A.indptr.astype(np.int32)
    lp.a_matrix_.index_ = A.indices.astype(np.int32)
    lp.a_matrix_.value_ = A.data
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.passModel(lp)
    return solver
