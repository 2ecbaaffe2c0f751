"""The peer pyaugmecon: run by the Python of its own environment, in a folder with ``task.json``.

Writes ``result.json``: its points (to be maximised), MIP solves, seconds without imports, processor seconds, peak
memory. Pyomo's own HiGHS raises where a model is infeasible, so that a thin adapter is put between.
"""

from __future__ import annotations

import json
import resource
import time
from pathlib import Path
from typing import Any

import pyomo.environ as pyo
from pyaugmecon import PyAugmecon
from pyomo.contrib.appsi.base import TerminationCondition as Ended
from pyomo.contrib.appsi.solvers.highs import Highs
from pyomo.opt import SolverFactory, SolverResults, SolverStatus, TerminationCondition


class _Adapter:
    """HiGHS with one thread and no gap, that calls an infeasible model infeasible."""

    def __init__(self, **_: Any) -> None:
        self.options: dict[str, Any] = {}

    def solve(self, model: Any) -> Any:
        solver = Highs()
        solver.config.load_solution = False
        solver.highs_options = {"threads": 1, "mip_rel_gap": 0.0}
        found = solver.solve(model)
        results = SolverResults()
        if found.termination_condition is Ended.optimal:
            found.solution_loader.load_vars()
            results.solver.status = SolverStatus.ok
            results.solver.termination_condition = TerminationCondition.optimal
        elif found.termination_condition in (Ended.infeasible, Ended.infeasibleOrUnbounded):
            results.solver.status = SolverStatus.warning
            results.solver.termination_condition = TerminationCondition.infeasible
        else:
            raise RuntimeError(f"HiGHS ended with {found.termination_condition}")
        return results


def _model(task: dict[str, Any]) -> Any:
    model = pyo.ConcreteModel()
    columns = range(len(task["integer"]))
    model.x = pyo.Var(
        columns,
        domain=lambda _, j: pyo.Integers if task["integer"][j] else pyo.Reals,
        bounds=lambda _, j: (task["lower"][j], task["upper"][j]),
    )
    model.limits = pyo.ConstraintList()
    for row, low, high in zip(task["rows"], task["low"], task["high"], strict=True):
        model.limits.add((low, sum(a * model.x[j] for j, a in enumerate(row) if a), high))
    model.obj_list = pyo.ObjectiveList()
    for weights in task["objectives"]:
        model.obj_list.add(expr=sum(a * model.x[j] for j, a in enumerate(weights) if a), sense=pyo.maximize)
    for objective in model.obj_list.values():
        objective.deactivate()
    return model


def main() -> None:
    """Solve ``task.json``."""
    SolverFactory.register("highs_adapter")(_Adapter)
    task = json.loads(Path("task.json").read_text())
    model = _model(task)
    options = {
        "grid_points": task["grid"],
        "nadir_points": task["nadir"],
        "solver_name": "highs_adapter",
        "solver_io": None,
        "output_excel": False,
    }
    began = time.perf_counter()
    peer = PyAugmecon(model, options, {"MIPGap": None, "NonConvex": None})
    peer.solve()
    seconds = time.perf_counter() - began
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    result = {
        "points": [list(point) for point in peer.get_pareto_solutions()],
        "solves": int(peer.model.models_solved.value()),
        "seconds": seconds,
        "user_seconds": sum(one.ru_utime for one in used),
        "peak_mb": sum(one.ru_maxrss for one in used) // 1024,
    }
    Path("result.json").write_text(json.dumps(result))


if __name__ == "__main__":
    main()
