"""Operators: a first population from relaxations, children repaired in the order of efficiency."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from pymoo.core.crossover import Crossover
from pymoo.core.repair import Repair
from pymoo.core.sampling import Sampling

from models.problem import Floats, Ints
from optimizer.engines.evolve.relaxations import Relaxations

__all__ = ["Mended", "OneChild", "Rounded"]

NOISE = 0.3
"""Standard deviation of the logarithm by which efficiencies are perturbed."""
FILLED = 0.5
"""Share of the children that take whatever useful still fits; the others take a random part of it, so that portfolios
are met that leave money for what is less efficient."""
NEAREST = 5
"""A child is repaired by one of this many relaxations, those whose solutions are most like it."""


class Rounded(Sampling):  # type: ignore[misc]
    """Relaxations under random weights, rounded at random: each decision is made with the probability of its value."""

    def __init__(self, relaxations: Relaxations) -> None:
        super().__init__()
        self.relaxations = relaxations

    def _do(self, problem: Any, n_samples: int, *args: Any, random_state: Any = None, **kwargs: Any) -> Any:
        solutions = self.relaxations.solutions
        chosen = solutions[random_state.integers(len(solutions), size=n_samples)]
        return random_state.random(chosen.shape) < chosen


class Mended(Repair):  # type: ignore[misc]
    """Makes children feasible: projects are decided by falling efficiency, perturbed at random, first those of the
    child, then useful others; each is dropped if it cannot be had with those before it."""

    def __init__(self, relaxations: Relaxations) -> None:
        super().__init__()
        self.relaxations = relaxations

    def _do(self, problem: Any, X: Any, random_state: Any = None, **kwargs: Any) -> NDArray[np.bool_]:
        child = X.astype(bool)
        known = self.relaxations
        alike = child @ (2 * known.solutions - 1).T - known.solutions.sum(axis=1)
        count = min(NEAREST, alike.shape[1])
        nearest = np.argpartition(-alike, count - 1, axis=1)[:, :count]
        which = nearest[np.arange(len(child)), random_state.integers(count, size=len(child))]
        efficiency: Floats = known.efficiency[which] * np.exp(NOISE * random_state.standard_normal(child.shape))
        order: Ints = np.lexsort((-efficiency, ~child), axis=1)
        share = np.where(random_state.random((len(child), 1)) < FILLED, 1.0, random_state.random((len(child), 1)))
        fill = known.useful[which] & (random_state.random(child.shape) < share)
        mended: NDArray[np.bool_] = problem.repaired(order, child | fill)
        return mended


class OneChild(Crossover):  # type: ignore[misc]
    """Uniform crossover with one child for each pair of parents."""

    def __init__(self) -> None:
        super().__init__(2, 1)

    def _do(self, problem: Any, X: Any, random_state: Any = None, **kwargs: Any) -> Any:
        return np.where(random_state.random(X.shape[1:]) < 0.5, X[0], X[1])[None]
