"""Seeded synthetic regions of any size, for tests, benchmarks and first steps.

The proportions are those of eight capital improvement programmes: lognormal costs with sigma 1.55, so that the top
tenth of the projects holds most of the money; requests 2.7 times the budget; one fund open to 78 % of the projects, two
to 19 % and three to 3 %; building lasts one period for 32 %, two for 23 %, the whole horizon for 23 %. Growth and
character pull apart: what adds much value tends to cost identity.

The region is feasible by construction. A small plan is drawn first, every limit is set to the larger of what bites and
what that plan needs, and the plan is entered as `adopted`, so that anybody can check it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from decimal import Decimal
from typing import Any

from instances.region import Region
from instances.settings import Goal, Policy, Settings
from instances.synthetic.commitments import commitments
from instances.synthetic.concentration import concentration
from instances.synthetic.draft import Draft, Drawn, Tables, draft, effects
from instances.synthetic.endogenous import endogenous
from instances.synthetic.grants import grants
from instances.synthetic.ground import ecology, heritage, land, policy
from instances.synthetic.identity import identity
from instances.synthetic.network import network
from instances.synthetic.rules import budgets, coverage, relations, synergies
from instances.synthetic.scenarios import scenarios
from instances.synthetic.services import services
from instances.synthetic.symbiosis import symbiosis
from instances.synthetic.time import time
from instances.synthetic.timeline import timeline

__all__ = ["MECHANISMS", "generate"]

MECHANISMS: dict[str, Callable[[Draft], Tables | Drawn]] = {
    "budget": budgets,
    "relations": relations,
    "synergy": synergies,
    "land": land,
    "ecology": ecology,
    "heritage": heritage,
    "coverage": coverage,
    "timeline": timeline,
    "identity": identity,
    "concentration": concentration,
    "time": time,
    "grants": grants,
    "commitments": commitments,
    "network": network,
    "symbiosis": symbiosis,
    "endogenous": endogenous,
    "services": services,
    "scenarios": scenarios,
}
"""What a synthetic region can have or leave out, and what draws it: its tables, or a :class:`Drawn` that also holds the
weights that it adds to the objectives and figures of the policy and of the settings."""

NEEDS: dict[str, tuple[str, ...]] = {"grants": ("budget",), "scenarios": ("budget",)}
"""Mechanisms that mean nothing without others, which are then kept with them."""


def generate(
    projects: int = 60,
    towns: int = 4,
    periods: int = 1,
    seed: int = 1,
    objectives: int = 3,
    mechanisms: Collection[str] | None = None,
) -> Region:
    """A synthetic region with every mechanism in force; the same arguments give the same region everywhere.

    ``projects`` at least 5; ``objectives`` 2 to 6, taken in turn from growth, character, livability, jobs, cost and
    coverage. ``mechanisms`` names those of :data:`MECHANISMS` to keep (default all) and with them those that they
    need: the tables of the others stay empty, the remaining ones do not change, and running cost takes the place of
    coverage where nobody is reached. Costs are whole thousands, effects whole points. The column `adopted` of the
    projects holds a feasible plan. Raises ValueError for a figure out of range.

    >>> region = generate(projects=12, towns=2, seed=7)
    >>> len(region.projects), region.compared
    (12, ('growth', 'character', 'livability'))
    >>> region == generate(projects=12, towns=2, seed=7)
    True
    >>> sorted(generate(12, mechanisms=["budget"]).tables)
    ['budgets', 'effects', 'projects', 'towns']
    """
    kept = set(MECHANISMS if mechanisms is None else mechanisms)
    _refuse_out_of_range(projects, towns, periods, objectives, kept)
    kept.update(*(NEEDS.get(name, ()) for name in kept))
    base = draft(seed, projects, towns, periods)
    tables: Tables = {"towns": list(base.towns), "projects": list(base.projects), "effects": effects(base)}
    drawn: list[Drawn] = []
    for name, mechanism in MECHANISMS.items():
        if name in kept:
            found = mechanism(base)
            drawn.append(found if isinstance(found, Drawn) else Drawn(found))
            for table, rows in drawn[-1].tables.items():
                tables.setdefault(table, []).extend(rows)
    figures = dict(policy(base, tables, kept))
    head: dict[str, Any] = {}
    for part in drawn:
        figures |= part.policy
        head |= part.head
    settings = Settings(
        name=f"synthetic {projects} x {periods} seed {seed}",
        title=f"Synthetic region of {projects} projects in {towns} towns",
        description="A region for tests and benchmarks. The column adopted of the projects is a feasible plan.",
        provenance=f"Synthetic: drawn from seed {seed} with the proportions of capital improvement programmes.",
        money="thousand CNY",
        periods=periods,
        first_period=2026,
        objectives=dict(list(_goals(kept, drawn).items())[:objectives]),
        policy=Policy(**figures),
        **head,
    )
    columns: dict[str, Any] = {table: tuple(rows) for table, rows in tables.items()}
    return Region(settings, **columns)


def _refuse_out_of_range(projects: int, towns: int, periods: int, objectives: int, kept: set[str]) -> None:
    for name, value, low, high in (
        ("projects", projects, 5, 1_000_000),
        ("towns", towns, 1, projects),
        ("periods", periods, 1, 50),
        ("objectives", objectives, 2, 6),
    ):
        if not low <= value <= high:
            raise ValueError(f"{name} is {value}; it must lie between {low} and {high}")
    if unknown := sorted(kept - set(MECHANISMS)):
        raise ValueError(f"no such mechanism: {', '.join(unknown)}; there are {', '.join(MECHANISMS)}")


def _goals(kept: set[str], drawn: Iterable[Drawn]) -> dict[str, Goal]:
    one = Decimal(1)
    goals = {
        "growth": ("Economic growth", "points", "maximize", {"value_added": one}),
        "character": ("Character of the towns", "points", "maximize", {"identity": one}),
        "livability": ("Livability", "points", "maximize", {"wellbeing": one}),
        "jobs": ("Jobs", "jobs", "maximize", {"jobs": one}),
        "cost": ("Public cost", "thousand CNY", "minimize", {"public_cost": one}),
    }
    if "heritage" in kept:
        goals["character"][-1].update(heritage_gain=one, heritage_loss=-one)
    if "coverage" in kept:
        goals["livability"][-1].update(people_reached=Decimal("0.01"))
        goals["coverage"] = ("People reached", "people", "maximize", {"people_reached": one})
    else:
        goals["running"] = ("Running cost", "thousand CNY", "minimize", {"operating_cost": one})
    for part in drawn:
        for name, weights in part.weights.items():
            if name in goals:
                goals[name][-1].update(weights)
    return {
        name: Goal(label=label, unit=unit, **{sense: weights}) for name, (label, unit, sense, weights) in goals.items()
    }
