"""State: what a run needs to go on as if it had never stopped, as plain arrays that are safe to read from a file.

Everything else (relaxations, reference directions, operators) is made anew from the problem and the seed.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pymoo.core.algorithm import Algorithm
from pymoo.core.population import Population

from optimizer.engines.evolve.task import Task
from optimizer.engines.remainder import Cut

__all__ = ["restore", "take"]

Arrays = Mapping[str, NDArray[Any]]

MARKS = ("rank", "crowding")
"""What selection reads of an individual beside its figures."""
NORMALISED = ("ideal_point", "worst_point", "nadir_point", "extreme_points")


def take(algorithm: Algorithm, task: Task, stale: int) -> dict[str, NDArray[Any]]:
    """The state of ``algorithm`` between two generations; ``stale`` of them have brought nothing new."""
    pop = algorithm.pop
    completion = task.completion
    generator = json.dumps(algorithm.random_state.bit_generator.state).encode()
    arrays = {
        "decisions": pop.get("X").astype(bool),
        "figures": pop.get("F").astype(np.float64),
        "broken": pop.get("G").astype(np.float64),
        "generator": np.frombuffer(generator, dtype=np.uint8),
        "steps": np.array([algorithm.n_iter, task.evaluations, stale], dtype=np.int64),
        "cut_figures": np.array([cut.figures for cut in completion.cuts]).reshape(-1, len(completion.problem.columns)),
        "cut_sides": np.array([cut.high for cut in completion.cuts]),
    }
    for mark in MARKS:
        values = pop.get(mark)
        if all(value is not None for value in values):
            arrays[mark] = np.array(values, dtype=np.float64)
    if norm := getattr(algorithm.survival, "norm", None):
        arrays |= {name: np.array(value) for name in NORMALISED if (value := getattr(norm, name)) is not None}
    if (ideal := getattr(algorithm, "ideal", None)) is not None:
        arrays["ideal"] = np.array(ideal)
    return arrays


def restore(algorithm: Algorithm, task: Task, arrays: Arrays) -> int:
    """Bring a freshly set up ``algorithm`` to the state ``arrays``; generations that have brought nothing new.

    Raises ``ValueError`` if they are not those of this problem.
    """
    if arrays["decisions"].shape[1:] != (task.n_var,) or arrays["figures"].shape[1:] != (task.n_obj,):
        raise ValueError("the state of the search does not fit to the problem; solve it anew")
    sides = zip(arrays["cut_figures"], arrays["cut_sides"], strict=True)
    task.completion.learn([Cut(figures, float(high)) for figures, high in sides])
    pop = Population.new("X", arrays["decisions"])
    pop.set("F", arrays["figures"], "G", arrays["broken"])
    for mark in MARKS:
        if mark in arrays:
            pop.set(mark, arrays[mark])
    for one in pop:
        one.evaluated = {"F", "G"}
    algorithm.pop, algorithm.is_initialized, algorithm.start_time = pop, True, time.time()
    algorithm.n_iter, task.evaluations, stale = (int(step) for step in arrays["steps"])
    algorithm.random_state.bit_generator.state = json.loads(arrays["generator"].tobytes())
    if norm := getattr(algorithm.survival, "norm", None):
        for name in NORMALISED:
            if name in arrays:
                setattr(norm, name, arrays[name])
    if "ideal" in arrays:
        algorithm.ideal = arrays["ideal"]
    return stale
