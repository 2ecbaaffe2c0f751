"""Region: the validated facts, frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING

from instances import schema
from instances.settings import Goal, Settings

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Region"]


@dataclass(frozen=True)
class Region:
    """All tables and settings of a region; immutable and comparable.

    A table that has no rows switches its mechanism off. Build one with :func:`instances.read_region`,
    :func:`instances.from_frames` or an importer, all of which check every rule first.
    """

    settings: Settings
    projects: tuple[schema.Project, ...]
    effects: tuple[schema.Effect, ...] = ()
    criteria: tuple[schema.Criterion, ...] = ()
    scores: tuple[schema.Score, ...] = ()
    towns: tuple[schema.Town, ...] = ()
    budgets: tuple[schema.Budget, ...] = ()
    relations: tuple[schema.Relation, ...] = ()
    synergies: tuple[schema.Synergy, ...] = ()
    zones: tuple[schema.Zone, ...] = ()
    footprints: tuple[schema.Footprint, ...] = ()
    loads: tuple[schema.Load, ...] = ()
    capacities: tuple[schema.Capacity, ...] = ()
    assets: tuple[schema.Asset, ...] = ()
    impacts: tuple[schema.Impact, ...] = ()
    places: tuple[schema.Place, ...] = ()
    reach: tuple[schema.Reach, ...] = ()
    timeline: tuple[schema.TimelineStep, ...] = ()
    tags: tuple[schema.Tag, ...] = ()
    neighbours: tuple[schema.Neighbour, ...] = ()
    sources: tuple[schema.Source, ...] = ()
    source_changes: tuple[schema.SourceChange, ...] = ()
    activations: tuple[schema.Activation, ...] = ()
    industries: tuple[schema.Industry, ...] = ()
    nodes: tuple[schema.Node, ...] = ()
    links: tuple[schema.Link, ...] = ()
    trips: tuple[schema.Trip, ...] = ()
    services: tuple[schema.Service, ...] = ()
    supply: tuple[schema.Supply, ...] = ()
    byproducts: tuple[schema.Byproduct, ...] = ()
    exchanges: tuple[schema.Exchange, ...] = ()
    fair_shares: tuple[schema.FairShare, ...] = ()
    grants: tuple[schema.Grant, ...] = ()
    commitments: tuple[schema.Commitment, ...] = ()
    scenarios: tuple[schema.Scenario, ...] = ()

    @property
    def name(self) -> str:
        return self.settings.name

    @property
    def periods(self) -> int:
        return self.settings.periods

    @cached_property
    def tables(self) -> Mapping[str, tuple[schema.Row, ...]]:
        """The tables that have rows, by name, in the order of :data:`instances.schema.TABLES`."""
        return {f.name: rows for f in fields(self) if f.name != "settings" and (rows := getattr(self, f.name))}

    @cached_property
    def project(self) -> Mapping[str, schema.Project]:
        """Projects by id."""
        return {p.id: p for p in self.projects}

    @cached_property
    def town(self) -> Mapping[str, schema.Town]:
        """Towns by id."""
        return {t.id: t for t in self.towns}

    @cached_property
    def goals(self) -> Mapping[str, Goal]:
        """Objectives by name: those declared, then those that the criteria imply.

        A criterion counts ``weight`` points for each step above score 1 (see :class:`instances.schema.Criterion`).
        """
        implied: dict[str, Goal] = {}
        for criterion in self.criteria:
            if criterion.objective not in self.settings.objectives:
                known = implied.get(criterion.objective)
                weights = dict(known.maximize) if known else {}
                weights[criterion.criterion] = criterion.weight
                implied[criterion.objective] = Goal(maximize=weights, unit="points")
        return {**self.settings.objectives, **implied}

    @cached_property
    def cautious_and_hopeful(self) -> Mapping[str, tuple[str, str]]:
        """``jobs_low`` to ``("jobs", "low")`` and ``jobs_high`` to ``("jobs", "high")``, where effects have such ends.

        The indicator with each effect at that end: as effects add up, the worst or best case over all intervals.
        """
        return {
            f"{effect.indicator}_{end}": (effect.indicator, end)
            for end in ("low", "high")
            for effect in self.effects
            if getattr(effect, end) is not None
        }

    @property
    def compared(self) -> tuple[str, ...]:
        """Names of the objectives that are traded off unless told otherwise."""
        return self.settings.compare or tuple(self.goals)

    def starts(self, project: schema.Project) -> range:
        """Periods in which ``project`` may start: within its window and early enough to be completed.

        >>> from instances import read_region
        >>> region = read_region("hamlet")
        >>> region.starts(region.projects[0])
        range(1, 2)
        """
        last = self.periods - project.duration + 1
        if project.latest_start is not None:
            last = min(last, project.latest_start)
        return range(project.earliest_start, last + 1)

    def members(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Project ids that the ``members`` cell of a rule stands for, without repetition, in the order of the cell."""
        found: dict[str, None] = {}
        for name in names:
            key, _, value = name.partition("=")
            if name in self.project:
                found[name] = None
            elif name == "all":
                found.update(dict.fromkeys(self.project))
            elif key == "category":
                found.update({p.id: None for p in self.projects if value in p.category})
            elif key == "town":
                found.update({p.id: None for p in self.projects if p.town == value})
            elif key in {"district", "setting"}:
                here = {t.id for t in self.towns if getattr(t, key) == value}
                found.update({p.id: None for p in self.projects if p.town in here})
        return tuple(found)

    def frame(self, table: str) -> pd.DataFrame:
        """A table as a DataFrame, one column a field, values as they stand (Decimals, tuples)."""
        import pandas as pd

        row_type = schema.TABLES[table]
        rows = [{c: getattr(row, c) for c in row_type.model_fields} for row in getattr(self, table)]
        return pd.DataFrame(rows, columns=list(row_type.model_fields))
