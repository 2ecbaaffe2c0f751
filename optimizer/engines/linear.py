"""Linear: a model of plain arrays as HiGHS takes it, a solver that keeps quiet, and what one solution tells."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import highspy
import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from models.problem import Floats

__all__ = ["LEAN", "Relaxed", "add_rows", "linear_model", "quiet_solver", "run", "scale"]

LEAN = {
    "mip_heuristic_run_feasibility_jump": False,
    "mip_heuristic_run_zi_round": False,
    "mip_heuristic_run_shifting": False,
    "mip_heuristic_run_root_reduced_cost": False,
    "mip_heuristic_run_rens": False,
    "mip_heuristic_run_rins": False,
    "mip_allow_restart": False,
    "mip_detect_symmetry": False,
    "mip_heuristic_effort": 0.0,
}
"""With a start solution at hand, heuristics and restarts only cost time on small models: 2 to 6 times on knapsacks."""


LARGEST = 1000.0
"""What a solver is told that the largest figure of an objective is."""


class Relaxed(NamedTuple):
    """A solution ``x`` ``(n,)`` of a relaxation and the reduced costs of its columns ``(n,)``."""

    x: Floats
    costs: Floats


def linear_model(
    A: sp.csr_array,
    low: Floats,
    high: Floats,
    lower: Floats,
    upper: Floats,
    cost: Floats | None = None,
    whole: NDArray[np.bool_] | None = None,
) -> Any:
    """``min cost·x`` with ``low <= A x <= high`` and ``lower <= x <= upper``; ``A`` is ``(m, n)``.

    Without a ``cost`` ``(n,)`` the objective is 0; ``whole`` ``(n,)`` marks the columns that must be whole numbers.
    """
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = A.shape
    lp.col_cost_ = np.zeros(lp.num_col_) if cost is None else cost
    lp.col_lower_, lp.col_upper_ = lower, upper
    lp.row_lower_, lp.row_upper_ = low, high
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = A.indptr.astype(np.int32)
    lp.a_matrix_.index_ = A.indices.astype(np.int32)
    lp.a_matrix_.value_ = A.data
    if whole is not None:
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[int(must)] for must in whole]
    return lp


def quiet_solver(**options: Any) -> Any:
    """A solver on one thread that prints nothing."""
    solver = highspy.Highs()
    for name, value in {"output_flag": False, "threads": 1, **options}.items():
        solver.setOptionValue(name, value)
    return solver


def scale(cost: Floats) -> float:
    """What ``cost`` ``(n,)`` is multiplied by for a solver, whose tolerances are absolute: the largest becomes 1,000.

    >>> scale(np.array([-4.0, 2.0]))
    250.0
    """
    return LARGEST / max(1e-12, float(np.abs(cost).max()))


def add_rows(solver: Any, A: sp.csr_array, low: Floats, high: Floats) -> None:
    """Let the solver's model have the rows ``low <= A x <= high`` more."""
    first, index = A.indptr[:-1].astype(np.int32), A.indices.astype(np.int32)
    solver.addRows(len(low), low, high, A.nnz, first, index, A.data)


def run(solver: Any, interrupted: Callable[[], bool] | None) -> None:
    """Run a solver whose ``HandleUserInterrupt`` is set if it may be ``interrupted()``, asked ten times a second."""
    if interrupted is None:
        solver.run()
        return
    solver.startSolve()
    try:
        while not solver.wait(0.1)[0]:
            if interrupted():
                solver.cancelSolve()
    except KeyboardInterrupt:
        solver.cancelSolve()
        raise
