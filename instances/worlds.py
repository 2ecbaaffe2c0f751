"""Worlds: a region as it would be in each of its scenarios."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from instances.figures import Figure, find_figures, values, with_figures
from instances.region import Region
from instances.schema import Effect, Scenario

__all__ = ["AS_PLANNED", "World", "applicable", "effects_by_world", "over_worlds", "probabilities", "worlds"]

AS_PLANNED = "as planned"


@dataclass(frozen=True)
class World:
    """A region as one scenario has it; ``changed`` says how many of its figures are others than planned."""

    name: str
    probability: Fraction
    region: Region
    changed: int = 0


def worlds(region: Region, rows: Sequence[Scenario] | None = None) -> tuple[World, ...]:
    """The world as planned, then one for each scenario of ``rows`` (default: the table ``scenarios``), in their order.

    In a scenario no objective has a declared quantum, as its figures need not be multiples of what was declared.

    Raises ``ValueError`` if a figure does not exist or does not take its new value, or if the probabilities are not.

    >>> from instances import read_region
    >>> cut = Scenario(scenario="cut", figure="budgets/county/amount", factor=Decimal("0.5"))
    >>> [(world.name, str(world.probability)) for world in worlds(read_region("hamlet"), [cut])]
    [('as planned', '1/2'), ('cut', '1/2')]
    """
    rows = region.scenarios if rows is None else rows
    chances = probabilities(rows)
    plain = replace(region, scenarios=())
    found = [World(AS_PLANNED, chances[AS_PLANNED], plain)]
    for name in dict.fromkeys(row.scenario for row in rows):
        changed, count = _unrounded(plain), 0
        for row in rows:
            if row.scenario == name:
                changed, figures = _apply(changed, row)
                count += figures
        found.append(World(name, chances[name], changed, count))
    return tuple(found)


def _unrounded(region: Region) -> Region:
    """No objective declares a quantum: it was made for the figures as planned; others need not be multiples of it."""
    goals = {name: goal.model_copy(update={"quantum": None}) for name, goal in region.settings.objectives.items()}
    return replace(region, settings=region.settings.model_copy(update={"objectives": goals}))


def applicable(region: Region) -> tuple[Scenario, ...]:
    """The rows of ``scenarios`` whose figures there are."""

    def there(row: Scenario) -> bool:
        try:
            return bool(find_figures(region, row.figure))
        except ValueError:
            return False

    return tuple(row for row in region.scenarios if there(row))


def over_worlds(region: Region) -> dict[str, tuple[str, Fraction | None]]:
    """``jobs_worst`` to ``("jobs", None)`` and, with the policy ``tail_share``, ``jobs_cvar`` to ``("jobs", share)``.

    For every indicator with an effect whose value is named by some scenario.

    >>> from instances import read_region
    >>> over_worlds(read_region("park"))
    {'value_added_worst': ('value_added', None)}
    """
    share = region.settings.policy.tail_share
    found: dict[str, tuple[str, Fraction | None]] = {}
    for row in _of_effects(region):
        for figure in find_figures(region, row.figure):
            indicator = figure.key[1]
            found[f"{indicator}_worst"] = (indicator, None)
            if share is not None:
                found[f"{indicator}_cvar"] = (indicator, Fraction(share))
    return found


def effects_by_world(region: Region) -> list[tuple[Fraction, tuple[Effect, ...]]]:
    """The chance of each world, the one as planned first, and the effects in it, whatever else is different there.

    Raises ``ValueError`` if a value is not taken, or as :func:`probabilities`.
    """
    rows = _of_effects(region)
    found = []
    for name, chance in probabilities(region.scenarios).items():
        changed = region
        for row in rows:
            if row.scenario == name:
                changed, _ = _apply(changed, row)
        found.append((chance, changed.effects))
    return found


def _of_effects(region: Region) -> list[Scenario]:
    """The rows of ``scenarios`` that change values of effects which there are."""
    of_effects = [r for r in region.scenarios if r.figure.startswith("effects/") and r.figure.endswith("/value")]
    return list(applicable(replace(region, scenarios=tuple(of_effects)))) if of_effects else []


def _apply(region: Region, row: Scenario) -> tuple[Region, int]:
    """Every figure that the row stands for is changed once; rows apply one after the other."""
    if (row.factor is None) == (row.value is None):
        raise ValueError(f"scenario {row.scenario}, {row.figure}: give either a factor or a value")
    found = find_figures(region, row.figure)
    changes: dict[Figure, Decimal] = {}
    for figure, now in zip(found, values(region, found), strict=True):
        if row.factor is not None:
            if now is None:
                continue
            new = now * row.factor
        else:
            new = Decimal(row.value or 0)
        if new != now:
            changes[figure] = new
    return with_figures(region, changes), len(changes)


def probabilities(rows: Sequence[Scenario]) -> dict[str, Fraction]:
    """Scenario, and the world as planned, to its chance; they add up to 1.

    Raises ``ValueError`` if a scenario has two chances, if some have one and some do not, or if they exceed 1.
    """
    stated: dict[str, set[Decimal]] = {}
    for row in rows:
        if row.scenario == AS_PLANNED:
            raise ValueError(f"no scenario can be called {AS_PLANNED!r}: this is the world without any change")
        stated.setdefault(row.scenario, set()).update([row.probability] if row.probability is not None else [])
    for name, chances in stated.items():
        if len(chances) > 1:
            raise ValueError(f"scenario {name} has the probabilities {', '.join(map(str, sorted(chances)))}; give one")
    if not any(stated.values()):
        return dict.fromkeys([AS_PLANNED, *stated], Fraction(1, len(stated) + 1))
    if lacking := [name for name, chances in stated.items() if not chances]:
        raise ValueError(f"scenario {lacking[0]} has no probability, though others have one")
    found = {name: Fraction(next(iter(chances))) for name, chances in stated.items()}
    total = sum(found.values(), Fraction(0))
    if total > 1:
        raise ValueError(f"the probabilities of the scenarios add up to {float(total):g}, more than 1")
    return {AS_PLANNED: 1 - total, **found}
