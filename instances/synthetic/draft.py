"""Projects, towns, effects, and a small plan that every limit leaves room for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Context, Decimal
from functools import cached_property
from math import ceil, isqrt
from typing import Any, Literal, TypeVar

import numpy as np

from instances import schema

__all__ = [
    "GROUPS",
    "SMALL",
    "Draft",
    "Drawn",
    "Tables",
    "draft",
    "effects",
    "funds",
    "home_fund",
    "limit",
    "room_for",
]

T = TypeVar("T")
Tables = dict[str, list[schema.Row]]
STREAMS = (
    *("projects", "effects", "budget", "relations", "synergy", "land", "ecology", "heritage", "coverage"),
    *("time", "grants", "commitments", "timeline", "identity", "concentration"),
    *("endogenous", "services", "network", "symbiosis"),
    *("scenarios", "cost ranges"),
)
"""Every part draws from a stream of its own, so that leaving a mechanism out does not change the others."""

SMALL = 16
"""Below this many projects limits are wider, and nearly all projects touch land and water."""

GROUPS = {
    "industry": "growth",
    "roads": "growth",
    "schools": "care",
    "clinics": "care",
    "green": "nature",
    "water": "nature",
    "heritage": "culture",
    "tourism": "culture",
}
"""Kind of project to group of kinds."""


@dataclass(frozen=True)
class Drawn:
    """What a synthetic mechanism adds to the region, where that is more than tables.

    ``weights`` add indicators to the objectives: objective, then indicator, then weight, counted in the sense of the
    objective (growth, character, livability, jobs, cost, and coverage or running; those of objectives that a region
    does without are not used). ``policy`` and ``head`` are figures of the policy and of the settings themselves.

    >>> drawn = Drawn({}, weights={"character": {"memory": Decimal(1), "alikeness": Decimal("-0.5")}})
    >>> drawn.policy, drawn.head
    ({}, {})
    """

    tables: Tables
    weights: Mapping[str, Mapping[str, Decimal]] = field(default_factory=dict)
    policy: Mapping[str, Any] = field(default_factory=dict)
    head: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Draft:
    """What every mechanism starts from."""

    seed: int
    periods: int
    towns: tuple[schema.Town, ...]
    projects: tuple[schema.Project, ...]
    lean: tuple[int, ...]  # towards growth, 1 to 100, a project each
    plan: Mapping[str, int]  # the plan that stays feasible: project id to start
    barred: tuple[schema.Project, ...]  # projects that a line drawn over the land forbids

    @cached_property
    def planned(self) -> tuple[schema.Project, ...]:
        """The projects of the plan, in its order."""
        known = {p.id: p for p in self.projects}
        return tuple(known[name] for name in self.plan)

    @cached_property
    def others(self) -> tuple[schema.Project, ...]:
        return tuple(p for p in self.projects if p.id not in self.plan)

    @property
    def small(self) -> bool:
        return len(self.projects) < SMALL


def stream(seed: int, part: str) -> np.random.Generator:
    """The random stream of a part."""
    return np.random.Generator(np.random.PCG64([seed, STREAMS.index(part)]))


def whole(rng: np.random.Generator, low: int, high: int, size: int) -> list[int]:
    """``size`` whole numbers from ``low`` to ``high``, both included."""
    found: list[int] = rng.integers(low, high + 1, size).tolist()
    return found


def percents(rng: np.random.Generator, rows: int, columns: int) -> list[list[int]]:
    """Rows of whole numbers from 0 to 99."""
    found: list[list[int]] = rng.integers(0, 100, (rows, columns)).tolist()
    return found


def some(rng: np.random.Generator, items: Sequence[T], count: int) -> list[T]:
    """``count`` of the items in random order, or all if there are fewer."""
    if count * 10 > len(items):
        return [items[i] for i in rng.permutation(len(items))[:count].tolist()]
    found: dict[int, None] = {}
    while len(found) < count:
        found[int(rng.integers(len(items)))] = None
    return [items[i] for i in found]


def group(project: schema.Project) -> str:
    """Group of the project's main kind."""
    return GROUPS[project.category[0]]


def root(project: schema.Project) -> int:
    """Square root of the cost: the scale of land and loads."""
    return isqrt(int(project.capital_cost))


def size(project: schema.Project) -> int:
    """Cost to the power 3/4: the scale of effects. Large projects do more, but less for the money."""
    return isqrt(isqrt(int(project.capital_cost) ** 3))


def limit(draft: Draft, uses: Iterable[tuple[str, Decimal]], percent: int) -> Decimal:
    """A limit that bites: what the plan needs and ``percent`` of what the others would use, rounded up to a whole."""
    pairs = list(uses)
    others = [use for project, use in pairs if project not in draft.plan and use > 0]
    need = sum((use for project, use in pairs if project in draft.plan), Decimal(0))
    return Decimal(ceil(max(need + room_for(draft, others, percent), Decimal(0))))


def room_for(draft: Draft, uses: Sequence[Decimal], percent: int) -> Decimal:
    """``percent`` of the uses, 25 more where there are few projects, and enough for the largest of them."""
    share = percent + 25 if draft.small else percent
    return max([sum(uses, Decimal(0)) * share / 100, *uses])


def draft(seed: int, n: int, towns: int, periods: int) -> Draft:
    """Draw towns and projects, and choose a plan among the cheaper half."""
    rng = stream(seed, "projects")
    places = tuple(
        schema.Town(
            id=f"T{t + 1}",
            name=f"Town {t + 1}",
            district=f"District {t % max(1, (towns + 1) // 2) + 1}",
            population=Decimal(100 * int(rng.integers(80, 900))),
            area=Decimal(int(rng.integers(40, 160))),
            lon=Decimal(10450 + 7 * t) / 100,
            lat=Decimal(2910 + 5 * (t % 7)) / 100,
        )
        for t in range(towns)
    )
    costs = _costs(rng, n)
    rank = {j: r for r, j in enumerate(sorted(range(n), key=lambda j: (costs[j], j)))}
    lean = [min(100, (10 + 90 * rank[j] // (n - 1)) // 2 + u) for j, u in enumerate(whole(rng, 1, 60, n))]
    planned = some(rng, sorted(range(n), key=lambda j: rank[j])[: (n + 1) // 2], 2 + n // 20)
    chosen = set(planned)
    rest = [j for j in rng.permutation(n).tolist() if j not in chosen]
    barred = rest[: max(1, n // 25)]
    regional = set(rest[-max(1, n // 20) :]) if n >= SMALL else set()
    home = rng.permutation(n).tolist()
    windows = [_window(periods, *draws) for draws in percents(rng, n, 5)]
    kinds = _categories(rng, lean)
    locked: dict[int, Literal["in", "out"]] = {planned[-1]: "in", rest[len(barred)]: "out"} if n >= 12 else {}
    ranges = _ranges(stream(seed, "cost ranges"), costs)
    rows = []
    for j, (running, pays, dx, dy) in enumerate(percents(rng, n, 4)):
        town = None if j in regional else places[home[j] % towns]
        duration, earliest, latest = windows[j]
        rows.append(
            schema.Project(
                id=f"P{j + 1:0{len(str(n))}}",
                name=f"{kinds[j][0].capitalize()} {j + 1}",
                town=town.id if town else "",
                category=kinds[j],
                capital_cost=Decimal(costs[j]),
                cost_low=ranges[j][0],
                cost_high=ranges[j][1],
                operating_cost=Decimal(costs[j] * (running % 5) // 100),
                duration=duration,
                earliest_start=earliest,
                latest_start=latest,
                locked=locked.get(j, ""),
                adopted=earliest if j in chosen else 0,
                public_share=Decimal(("0.5", "0.6", "0.8")[pays % 3] if pays >= 75 else "1"),
                x=None if town is None or town.lon is None else town.lon + Decimal(dx) / 1000,
                y=None if town is None or town.lat is None else town.lat + Decimal(dy) / 1000,
            )
        )
    plan = {rows[j].id: rows[j].earliest_start for j in planned}
    return Draft(seed, periods, places, tuple(rows), tuple(lean), plan, tuple(rows[j] for j in barred))


def _costs(rng: np.random.Generator, n: int) -> list[int]:
    """Lognormal with median 3,000 and sigma 1.55, in decimal arithmetic; none holds more than a sixth of the money."""
    context = Context(prec=12)
    normal = (rng.integers(0, 1001, (n, 12)).sum(axis=1) - 6000).tolist()  # Irwin-Hall, standard deviation 1,001
    costs = [int(3000 * context.exp(Decimal(1550 * z) / 1_000_000)) + 10 for z in normal]
    for _ in range(4):
        most = sum(costs) * max(100, 960 // n) // 600
        costs = [min(c, most) for c in costs]
    return costs


def _ranges(rng: np.random.Generator, costs: Sequence[int]) -> list[tuple[Decimal | None, Decimal | None]]:
    """Least and most that a project may cost: a year later, one estimate in ten is 1.2 to 2 times as high or more.

    A third of the projects has no range.
    """
    return [
        (None, None) if stated < 33 else (Decimal(cost * (80 + less // 5) // 100), Decimal(cost * (120 + more) // 100))
        for cost, (stated, less, more) in zip(costs, percents(rng, len(costs), 3), strict=True)
    ]


def _window(periods: int, draw: int, middle: int, first: int, late: int, last: int) -> tuple[int, int, int | None]:
    """Duration, earliest and latest start from five random percents."""
    duration = 1 if draw < 32 else 2 if draw < 55 else periods if draw < 78 else 3 + middle % max(1, periods - 3)
    duration = min(duration, periods)
    slack = periods - duration
    earliest = 1 + (first % (slack + 1) if first < 40 else 0)
    return duration, earliest, earliest + last % (slack + 2 - earliest) if late < 25 else None


def _categories(rng: np.random.Generator, lean: Sequence[int]) -> list[tuple[str, ...]]:
    """A kind that fits the lean towards growth; a second one that opens a second fund for 19 %, a third for 3 %."""
    n, served = len(lean), funds(SMALL)
    kinds: list[tuple[str, ...]] = []
    for value, draw in zip(lean, whole(rng, 0, 99, n), strict=True):
        fitting = (
            ("industry", "roads") if value >= 65 else ("schools", "clinics", "tourism", "water", "roads")
            if value >= 45 else ("heritage", "green", "tourism", "water")
        )  # fmt: skip
        kinds.append((fitting[draw % len(fitting)],))
    two, three = max(1, round(n * 0.19)), round(n * 0.03)
    for turn, j in enumerate(rng.permutation(n).tolist()[: two + three]):
        foreign = [f for f in served if f != home_fund(kinds[j][0])]
        for fund in foreign if turn < three else foreign[turn % 2 :][:1]:
            kinds[j] = (*kinds[j], some(rng, served[fund], 1)[0])
    return kinds


def funds(n: int) -> dict[str, tuple[str, ...]]:
    """Fund to the kinds of project it may pay for; where there are few projects, the county's pays for all."""
    served = {"county": ("growth", "care"), "ecology": ("nature",), "culture": ("culture",)}
    kinds = {fund: tuple(k for k, g in GROUPS.items() if g in groups) for fund, groups in served.items()}
    return kinds if n >= SMALL else {**kinds, "county": ()}


def home_fund(kind: str) -> str:
    """The fund that a kind of project would ask first."""
    return {"nature": "ecology", "culture": "culture"}.get(GROUPS[kind], "county")


def effects(draft: Draft) -> list[schema.Row]:
    """Value added follows the lean towards growth, identity runs against it, wellbeing is independent of it."""
    rng = stream(draft.seed, "effects")
    rows: list[schema.Row] = []
    draws = percents(rng, len(draft.projects), 4)
    for project, lean, (swing, well, work, source) in zip(draft.projects, draft.lean, draws, strict=True):
        scale = size(project)
        points = {
            "value_added": lean,
            "identity": max(-60, min(100, 60 - lean + swing // 2 - 25)),
            "wellbeing": 1 + well,
            "jobs": (lean + work // 2) // 2,
        }
        for indicator, point in points.items():
            value = point * scale // 200 if point > 0 else -(-point * scale // 200)
            if value:
                rows.append(
                    schema.Effect(
                        project=project.id,
                        indicator=indicator,
                        value=Decimal(value),
                        source="external" if source < lean else "internal",
                        low=Decimal(value - abs(value) // 4),
                        high=Decimal(value + abs(value) // 5),
                    )
                )
    return rows
