"""Costs: what each project may come to cost, as a distribution from the tables or from a reference class."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr, ndtri
from scipy.stats import qmc

from models.problem import Floats
from optimizer.decide.robust.reference import REFERENCE_CLASSES

if TYPE_CHECKING:
    from instances.region import Region
    from instances.schema import Project

__all__ = ["DISTRIBUTIONS", "REPLICATIONS", "Costs", "uncertain_costs"]

DISTRIBUTIONS = ("triangular", "lognormal")
REPLICATIONS = 16
"""Independent scramblings of the Sobol points; the spread of their means is the stated error."""
EVERY = "all"
TENTH = float(ndtri(0.9))
OPEN = 2.0**-40
"""Shares are kept so far from 0 and 1, where distributions without an end have none."""

Quantile = Callable[[Floats], Floats]
"""Shares in (0, 1) to cost over stated cost."""


@dataclass(frozen=True)
class Costs:
    """Cost over stated cost of the uncertain projects; all others cost what is stated.

    ``said`` holds for each uncertain project in words where its distribution comes from.
    """

    quantiles: Mapping[str, Quantile]
    said: Mapping[str, str]
    correlation: float = 0.0

    @property
    def projects(self) -> tuple[str, ...]:
        return tuple(self.quantiles)

    def draw(self, samples: int, seed: int) -> Floats:
        """Cost over stated cost, ``(REPLICATIONS, points, projects)``, with at least ``samples`` points in all.

        Scrambled Sobol points (Owen 1998), each replication scrambled anew. Projects are alike by one common factor: a
        Gaussian copula with ``correlation`` between any two of them.
        """
        power = max(3, int(np.ceil(np.log2(max(1, samples) / REPLICATIONS))))
        n = len(self.quantiles)
        drawn = np.empty((REPLICATIONS, 2**power, n))
        for r in range(REPLICATIONS):
            points = qmc.Sobol(n + 1, scramble=True, seed=np.random.default_rng([seed, r])).random_base2(power)
            scores = ndtri(np.clip(points, OPEN, 1 - OPEN))
            mixed = np.sqrt(self.correlation) * scores[:, :1] + np.sqrt(1 - self.correlation) * scores[:, 1:]
            shares = np.clip(ndtr(mixed), OPEN, 1 - OPEN)
            for j, quantile in enumerate(self.quantiles.values()):
                drawn[r, :, j] = quantile(shares[:, j])
        return drawn


def uncertain_costs(
    region: Region,
    *,
    distribution: str = "triangular",
    uplift: Mapping[str, str] | None = None,
    correlation: float = 0.0,
) -> Costs:
    """The distributions of ``region``'s costs.

    A project in a category of ``uplift`` (category, or ``all``, to the name of a reference class) follows its class.
    Any other one follows its range: ``triangular`` from ``cost_low`` over the stated cost to ``cost_high``, or
    ``lognormal`` with ``cost_low`` and ``cost_high`` as its 10th and 90th percentile (the stated cost then only stands
    for an end that is missing). Without either it costs what is stated.

    Raises ``ValueError`` for an unknown distribution, category or class, or a lognormal range that begins at 0.
    """
    if distribution not in DISTRIBUTIONS:
        raise ValueError(f"no distribution is called {distribution}; there are {', '.join(DISTRIBUTIONS)}")
    if not 0 <= correlation <= 1:
        raise ValueError(f"a correlation of {correlation:g} is not between 0 and 1")
    chosen = dict(uplift or {})
    known = {category for project in region.projects for category in project.category}
    for category, name in chosen.items():
        if name not in REFERENCE_CLASSES:
            raise ValueError(f"no reference class is called {name}; there are {', '.join(REFERENCE_CLASSES)}")
        if category != EVERY and category not in known:
            raise ValueError(f"no project is of category {category}; there are {', '.join(sorted(known))} and {EVERY}")
    quantiles: dict[str, Quantile] = {}
    said: dict[str, str] = {}
    for project in region.projects:
        named = [chosen[c] for c in (*project.category, EVERY) if c in chosen]
        if not project.capital_cost:
            continue
        if named:
            quantiles[project.id] = REFERENCE_CLASSES[named[0]].factor
            said[project.id] = f"reference class {named[0]}"
        elif (quantile := _from_range(project, distribution)) is not None:
            quantiles[project.id] = quantile
            said[project.id] = f"{distribution}, {_end(project.cost_low)} to {_end(project.cost_high)}"
    return Costs(quantiles, said, correlation)


def _end(figure: object) -> str:
    return "as stated" if figure is None else str(figure)


def _from_range(project: Project, distribution: str) -> Quantile | None:
    cost = float(project.capital_cost)
    low = 1.0 if project.cost_low is None else float(project.cost_low) / cost
    high = 1.0 if project.cost_high is None else float(project.cost_high) / cost
    low, high = min(low, 1.0), max(high, 1.0)
    if low == high:
        return None
    if distribution == "triangular":
        return lambda shares: _triangular(shares, low, high)
    if low <= 0:
        raise ValueError(f"project {project.id}: a lognormal cost cannot begin at 0; give a cost_low above it")
    middle, spread = np.log(low * high) / 2, np.log(high / low) / (2 * TENTH)
    return lambda shares: np.exp(middle + spread * ndtri(shares))


def _triangular(shares: Floats, low: float, high: float) -> Floats:
    """Quantiles of the triangular distribution from ``low`` to ``high`` with its mode at 1."""
    width, turn = high - low, (1 - low) / (high - low)
    rising = low + np.sqrt(shares * width * (1 - low))
    falling = high - np.sqrt((1 - shares) * width * (high - 1))
    quantiles: Floats = np.where(shares <= turn, rising, falling)
    return quantiles
