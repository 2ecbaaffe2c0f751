"""Task: a problem in pymoo's terms, over the decisions that are left open."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from pymoo.core.problem import Problem as PymooProblem

from models.problem import Floats, Ints
from optimizer.engines.completion import Completed, Completion
from optimizer.engines.evolve.archive import Archive

__all__ = ["Task"]


class Task(PymooProblem):  # type: ignore[misc]
    """Minimise ``(Y - ideal) / span`` over 0/1 decisions ``(k, d)``, with one constraint: by how much rows are broken.

    The figures that pymoo sees are scaled to compare objectives with each other; ``archive`` keeps whole counts.
    """

    def __init__(self, completion: Completion, ideal: Floats, span: Floats) -> None:
        self.completion, self.ideal, self.span = completion, ideal, span
        p, n = completion.problem.C.shape
        super().__init__(n_var=len(completion.free), n_obj=p, n_ieq_constr=1, xl=0, xu=1, vtype=bool)
        self.archive = Archive(n, p)
        self.evaluations = 0
        self._known: dict[bytes, tuple[Floats, Ints, float]] = {}

    def repaired(self, order: Ints, wish: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Decisions near ``wish`` ``(k, d)``; what they come to is kept until they are evaluated."""
        made = self.completion.repaired(order, wish)
        D: NDArray[np.bool_] = made.X[:, self.completion.free] > 0.5
        self._known.update((d.tobytes(), one) for d, *one in zip(D, *made, strict=True))  # type: ignore[misc]
        return D

    def _evaluate(self, x: Any, out: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        D = np.ascontiguousarray(x, dtype=bool)
        X, Y, broken = self._completed(D)
        self._known.clear()
        self.evaluations += len(D)
        self.archive.add(X[broken == 0], Y[broken == 0])
        out["F"], out["G"] = (Y - self.ideal) / self.span, broken[:, None]

    def _completed(self, D: NDArray[np.bool_]) -> Completed:
        new = [d for d in D if d.tobytes() not in self._known]
        if new:
            made = self.completion.decided(np.array(new))
            self._known.update((d.tobytes(), one) for d, *one in zip(new, *made, strict=True))  # type: ignore[misc]
        X, Y, broken = zip(*(self._known[d.tobytes()] for d in D), strict=True)
        return Completed(np.array(X), np.array(Y), np.array(broken))
