"""Algorithms: those of pymoo that respect constraints, set up alike.

============  ==========================================================================================================
``nsga2``     NSGA-II (Deb, Pratap, Agarwal & Meyarivan 2002): fronts, then crowding
``nsga3``     NSGA-III (Deb & Jain 2014): reference directions in normalised objectives, for many objectives
``sms-emoa``  SMS-EMOA (Beume, Naujoks & Emmerich 2007): whoever adds least hypervolume goes; up to 4 objectives
``moead``     MOEA/D (Zhang & Li 2007) with Chebyshev weights; between neighbours the one that breaks rows less stays
              (feasibility rules of Jan & Khanum 2013), which pymoo's own does not know
============  ==========================================================================================================
"""

from __future__ import annotations

from typing import Any

import numpy as np
from pymoo.algorithms.moo.moead import ParallelMOEAD
from pymoo.algorithms.moo.nsga2 import NSGA2
from pymoo.algorithms.moo.nsga3 import NSGA3
from pymoo.algorithms.moo.sms import SMSEMOA
from pymoo.core.algorithm import Algorithm
from pymoo.decomposition.tchebicheff import Tchebicheff
from pymoo.operators.crossover.ux import UniformCrossover
from pymoo.operators.mutation.bitflip import BitflipMutation
from pymoo.operators.selection.tournament import TournamentSelection
from pymoo.util.ref_dirs import get_reference_directions
from scipy.spatial.distance import cdist

from models.problem import Floats
from optimizer.engines.evolve.operators import Mended, OneChild, Rounded
from optimizer.engines.evolve.relaxations import Relaxations
from optimizer.engines.evolve.task import Task
from optimizer.methods import ALGORITHMS

__all__ = ["population", "set_up"]

POPULATION = 200
MATINGS = 4
"""Most rounds of mating to fill a generation; where hardly a child is new, generations are smaller."""
PARTITIONS = {2: 199, 3: 18, 4: 9, 5: 6, 6: 5, 7: 4}
"""Objectives to the divisions of the reference directions: 190 to 252 of them."""
SMS_UP_TO = 4
"""Most objectives whose hypervolume contributions are reckoned within a generation's time."""


def population(algorithm: str, p: int) -> int:
    """Portfolios of a generation, for ``p`` objectives.

    >>> population("nsga2", 3), population("nsga3", 3)
    (200, 190)
    """
    return POPULATION if algorithm in ("nsga2", "sms-emoa") else len(_directions(p))


def set_up(algorithm: str, task: Task, relaxations: Relaxations, seed: int) -> Algorithm:
    """The ``algorithm`` at the start of its first generation, with our sampling and repair.

    Raises ``ValueError`` for an unknown one, and for more objectives than it can handle.
    """
    p = task.n_obj
    if algorithm not in ALGORITHMS:
        raise ValueError(f"unknown algorithm {algorithm!r}; algorithms are {', '.join(ALGORITHMS)}")
    if algorithm == "sms-emoa" and p > SMS_UP_TO:
        raise ValueError(f"sms-emoa takes up to {SMS_UP_TO} objectives, this problem has {p}; nsga3 takes any")
    operators: dict[str, Any] = {
        "sampling": Rounded(relaxations),
        "mutation": BitflipMutation(),
        "repair": Mended(relaxations),
    }
    if algorithm == "moead":
        method = _MOEAD(_directions(p), crossover=OneChild(), **operators)
    else:
        operators |= {"crossover": UniformCrossover(), "eliminate_duplicates": True}
        if algorithm == "nsga2":
            method = NSGA2(POPULATION, **operators)
        elif algorithm == "sms-emoa":
            method = SMSEMOA(POPULATION, **operators)
        else:
            directions = _directions(p)
            method = NSGA3(directions, len(directions), selection=TournamentSelection(_tournament), **operators)
    method.mating.n_max_iterations = MATINGS
    method.setup(task, termination=("n_gen", np.iinfo(np.int64).max), seed=seed)
    return method


def _directions(p: int) -> Floats:
    directions: Floats = get_reference_directions("das-dennis", p, n_partitions=PARTITIONS[p])
    return directions


def _tournament(pop: Any, pairs: Any, random_state: Any = None, **kwargs: Any) -> Any:
    """Of each pair the one that breaks rows less, else either; seeded, which pymoo's own is not between equals."""
    broken = pop.get("CV")[:, 0][pairs]
    drawn = random_state.integers(2, size=len(pairs))
    better = np.where(broken[:, 0] == broken[:, 1], drawn, np.argmin(broken, axis=1))
    return pairs[np.arange(len(pairs)), better][:, None]


class _MOEAD(ParallelMOEAD):  # type: ignore[misc]
    def _setup(self, problem: Any, **kwargs: Any) -> None:
        self.pop_size = len(self.ref_dirs)
        self.neighbors = np.argsort(cdist(self.ref_dirs, self.ref_dirs), axis=1, kind="stable")[:, : self.n_neighbors]
        self.decomposition = Tchebicheff()

    def _replace(self, k: int, off: Any) -> None:
        near = self.neighbors[k]
        pop = self.pop[near]
        worth = self.decomposition.do(pop.get("F"), weights=self.ref_dirs[near], ideal_point=self.ideal)
        own = self.decomposition.do(off.F[None], weights=self.ref_dirs[near], ideal_point=self.ideal)
        broken = pop.get("CV")[:, 0]
        better = (off.CV[0] < broken) | ((off.CV[0] == broken) & (np.ravel(own) < np.ravel(worth)))
        self.pop[near[better]] = off
