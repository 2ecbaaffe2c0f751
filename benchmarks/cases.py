"""Cases: the problems that benchmarks and tests share, by name.

=====================  ================================================================================================
name                   problem
=====================  ================================================================================================
``knapsack-40-3``      40 items, one capacity of half their weight, 3 objectives: what published methods are measured on
``plan-40-3``          40 projects, 3 objectives: budget, land of three zones, emissions, money of five sectors,
                       prerequisites and exclusive groups
``town01-20-3``        a synthetic region of 20 projects with the mechanisms whose models are pure 0/1
``town-40-3``          a synthetic region of 40 projects with all mechanisms, continuous columns among them
``zigong``             the demonstration region
``KP_p-3_n-50_ins-1``  a published file, beside the checkout (:data:`DATA`), with its front
=====================  ================================================================================================

Any size can be asked for: ``family-projects-objectives``, with ``-s7`` for another seed than 0.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import scipy.sparse as sp

from benchmarks.formats import read_front, read_problem
from instances import generate, read_region
from instances.region import Region
from instances.shipped import shipped_folder
from models.problem import Ints, Problem

__all__ = ["CASES", "DATA", "LARGE", "PUBLISHED", "PURE", "Case", "Published", "case", "knapsack", "plan", "published"]

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
"""Where the published files lie, if they are there."""
PURE = ("budget", "relations", "synergy", "land", "ecology", "heritage", "coverage", "identity", "timeline")
"""Mechanisms whose models are pure 0/1."""


LARGE = (300, 1_000, 5_000, 20_000)
"""Projects of the :func:`plan` on which lists with a guarantee are measured."""


@dataclass(frozen=True)
class Case:
    """A named ``problem``, and a small one of the same make on which code is compiled before a clock starts."""

    name: str
    purpose: str
    problem: Callable[[], Problem]
    small: Callable[[], Problem]


@dataclass(frozen=True)
class Published:
    """A published file, in :data:`DATA`, with the file of its complete front if there is one.

    ``seconds`` says roughly how long its front takes; tests that must be quick leave out the long ones.
    """

    file: str
    format: str
    seconds: float
    front: str | None = None

    @property
    def name(self) -> str:
        return Path(self.file).stem

    def problem(self) -> Problem:
        return read_problem(DATA / self.file, self.format)

    def points(self) -> Ints | None:
        """The published points ``(k, p)``, to be maximised."""
        return read_front(DATA / self.front, self.format) if self.front else None


def _kirlik(name: str, seconds: float, *, front: bool = True) -> Published:
    folder = "mokp/kirlik"
    return Published(f"{folder}/KP_{name}.dat", "kirlik", seconds, f"{folder}/EffSet_KP_{name}.txt" if front else None)


def _mobkp(name: str, seconds: float) -> Published:
    file = f"mokp/mobkp/random_{name}.in"
    return Published(file, "mobkp", seconds, file)


PUBLISHED = {
    one.name: one
    for one in (
        Published("voptlib/2KP50-92.dat", "voptlib", 0.1, "voptlib/2KP50-92.min"),
        Published("voptlib/2KP50-50.dat", "voptlib", 0.1, "voptlib/2KP50-50.min"),
        _kirlik("p-3_n-20_ins-1", 0.1),
        _kirlik("p-3_n-30_ins-1", 0.1),
        _kirlik("p-3_n-40_ins-2", 0.2),
        _kirlik("p-3_n-50_ins-1", 0.3),
        _kirlik("p-3_n-50_ins-2", 0.2),
        _kirlik("p-3_n-100_ins-1", 4),
        _kirlik("p-3_n-100_ins-2", 3),
        _mobkp("3D_100_1", 5),
        _mobkp("3D_150_1", 100),
        _kirlik("p-4_n-20_ins-1", 0.1),
        _kirlik("p-4_n-40_ins-1", 0.3),
        _kirlik("p-4_n-40_ins-2", 4, front=False),
        _mobkp("4D_50_1", 1),
        _kirlik("p-5_n-10_ins-1", 0.1),
        _kirlik("p-5_n-20_ins-1", 0.1),
        _kirlik("p-5_n-20_ins-2", 0.1),
        _mobkp("5D_25_1", 0.2),
        _mobkp("5D_50_1", 30),
        _mobkp("6D_25_1", 0.5),
    )
}
"""Every multi-objective file of :data:`DATA`, by objectives."""


def published() -> list[Published]:
    """The published files that are here."""
    return [one for one in PUBLISHED.values() if (DATA / one.file).is_file()]


def knapsack(n: int, p: int = 3, seed: int = 0) -> Problem:
    """One capacity of half the weight; profits and weights from 1 to 100, without correlation.

    >>> problem = knapsack(6, 2)
    >>> len(problem.columns), len(problem.rows), len(problem.objectives)
    (6, 1, 2)
    """
    rng = np.random.default_rng(1000 * n + 10 * p + seed)
    profits = rng.integers(1, 101, (p, n))
    weights = rng.integers(1, 101, (1, n))
    return Problem.from_arrays(profits, weights, [weights.sum() // 2], name=f"knapsack-{n}-{p}")


def plan(n: int, p: int = 3, seed: int = 0) -> Problem:
    """A town's programme in one year: growth that goes with cost, character that goes against growth, and equity.

    Rows: budget (35 % of all costs), land of three zones (45 %), emissions (40 %), five sectors' money (50 %), a
    prerequisite for each tenth project, an exclusive group of three for each twentieth. All figures are to be
    maximised; objectives from the fourth on are drawn at random.

    >>> problem = plan(20)
    >>> len(problem.rows), problem.rows[0]
    (13, 'budget')
    """
    rng = np.random.default_rng(7000 * n + 10 * p + seed)
    cost, zone, land = rng.integers(10, 101, n), rng.integers(0, 3, n), rng.integers(1, 41, n)
    emission, sector = rng.integers(0, 31, n), rng.integers(0, 5, n)
    growth = np.clip(0.5 * cost + rng.integers(1, 61, n), 1, 100).astype(np.int64)
    character = np.clip(101 - growth + rng.integers(-25, 26, n), 1, 100)
    objectives = [growth, character, *(rng.integers(1, 101, n) for _ in range(max(1, p - 2)))][:p]
    drawn = rng.permutation(n)
    rows: dict[str, tuple[Ints, Ints, int]] = {"budget": (np.arange(n), cost, int(0.35 * cost.sum()))}
    for z in range(3):
        rows[f"land[{z + 1}]"] = _share(np.flatnonzero(zone == z), land, 0.45)
    rows["emissions"] = _share(np.flatnonzero(emission), emission, 0.4)
    for s in range(5):
        rows[f"sector[{s + 1}]"] = _share(np.flatnonzero(sector == s), cost, 0.5)
    pairs, groups = max(1, n // 10), max(1, n // 20)
    for needed, needing in drawn[: 2 * pairs].reshape(pairs, 2):
        rows[f"needs[{needing + 1}]"] = np.array([needed, needing]), np.array([-1, 1]), 0
    for g, group in enumerate(drawn[2 * pairs : 2 * pairs + 3 * groups].reshape(groups, 3)):
        rows[f"one_of[{g + 1}]"] = group, np.ones(3, dtype=np.int64), 1
    places, figures, most = zip(*rows.values(), strict=True)
    ends = np.cumsum([0, *map(len, places)], dtype=np.int32)
    figure, place = np.concatenate(figures).astype(np.float64), np.concatenate(places).astype(np.int32)
    A = sp.csr_array((figure, place, ends), shape=(len(rows), n))
    empty = Problem.from_arrays(objectives, np.zeros((0, n)), [], name=f"plan-{n}-{p}")
    return replace(empty, A=A, row_lower=np.full(len(rows), -np.inf), row_upper=np.array(most, float), rows=tuple(rows))


def _share(places: Ints, figures: Ints, share: float) -> tuple[Ints, Ints, int]:
    """A row over some columns with room for a ``share`` of them."""
    return places, figures[places], int(share * figures[places].sum())


def _town(n: int, p: int, seed: int, mechanisms: tuple[str, ...] | None) -> Problem:
    towns = max(2, n // 10)
    return _formulated(generate(n, towns, 1, seed + 1, objectives=p, mechanisms=mechanisms))


def _zigong() -> Problem:
    folder = shipped_folder("zigong")
    assert folder is not None
    return _formulated(read_region(folder))


def _formulated(region: Region) -> Problem:
    from models import formulate  # loads Pyomo

    return formulate(region)


FAMILIES: dict[str, tuple[str, Callable[[int, int, int], Problem], int]] = {
    "knapsack": ("one capacity", knapsack, 30),
    "plan": ("a town's programme with ten resources, prerequisites, exclusive groups", plan, 24),
    "town01": ("a region in 0/1 columns alone", lambda n, p, seed: _town(n, p, seed, PURE), 8),
    "town": ("a region with all mechanisms", lambda n, p, seed: _town(n, p, seed, None), 8),
}
"""Family to its purpose, its maker (projects, objectives, seed) and the size of its small problem, which is large
enough for every part of an engine to be used."""
SMALL = 18
"""Size of the small problem from 5 objectives on."""

CASES = (
    *("knapsack-40-3", "knapsack-100-3", "knapsack-50-4", "knapsack-30-5", "knapsack-25-6", "knapsack-20-7"),
    *("plan-40-3", "plan-60-3", "plan-80-3", "plan-120-3", "plan-40-4", "plan-30-5"),
    *("town01-20-3", "town01-40-3", "town01-40-4", "town01-40-5"),
    *("town-40-3", "town-60-3", "town-80-3", "town-120-3", "town-150-4", "town-300-5"),
    "zigong",
)
"""The cases that ``python -m benchmarks list`` shows beside the published files."""


def case(name: str) -> Case:
    """The case of this name.

    Raises ``ValueError`` for a name that stands for nothing.

    >>> case("knapsack-40-3").problem().name
    'knapsack-40-3'
    """
    if name == "zigong":
        return Case(name, "the demonstration region", _zigong, _zigong)
    if name in PUBLISHED:
        one = PUBLISHED[name]
        return Case(
            name, f"published, {one.format}", one.problem, lambda: _small_knapsack(len(one.problem().objectives))
        )
    if not (found := re.fullmatch(r"(\w+)-(\d+)(?:-([2-7]))?(?:-s(\d+))?", name)) or found[1] not in FAMILIES:
        families = ", ".join(f"{family}-N-P" for family in FAMILIES)
        raise ValueError(f"no such case: {name}; there are {families} (N projects, P objectives), zigong and the files")
    purpose, make, small = FAMILIES[found[1]]
    n, p, seed = int(found[2]), int(found[3] or 3), int(found[4] or 0)
    return Case(name, purpose, lambda: make(n, p, seed), lambda: make(min(n, small if p < 5 else SMALL), p, seed))


def _small_knapsack(p: int) -> Problem:
    return knapsack(30 if p < 5 else SMALL, p)
