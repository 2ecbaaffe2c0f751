"""Sweep: a region solved again and again while one or two of its figures rise, and what the rise is worth.

Every step is a front of its own, with its own certificate (:mod:`optimizer.decide.sweep.steps`). Classes, moves and
gains are those of the listed portfolios; they are proved where the fronts are complete.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from optimizer.certificate import Certificate, Status
from optimizer.decide.shortlist import Class
from optimizer.decide.sweep.axis import Axis
from optimizer.decide.sweep.stable import Stable
from optimizer.exact import exact_text
from optimizer.listing import Listing

if TYPE_CHECKING:
    import pandas as pd

    from instances.region import Region
    from models.problem import Objective

__all__ = ["Best", "Move", "Setting", "Step", "Sweep"]

Setting = tuple[Decimal, ...]
"""The values of the figures of a step."""


@dataclass(frozen=True)
class Best:
    """The best listed value of an objective; no portfolio is better than ``bound``, ``None`` if that is not known."""

    value: Fraction
    bound: float | None


@dataclass(frozen=True)
class Move:
    """A project whose class differs from that at the step before; ``share`` of the listed portfolios, then and now."""

    project: str
    before: Class
    after: Class
    share_before: Fraction
    share_after: Fraction

    @property
    def words(self) -> str:
        if self.before is Class.EXTERIOR:
            return "enters"
        if self.after is Class.EXTERIOR:
            return "leaves"
        return f"becomes {self.after.value}"


@dataclass(frozen=True, eq=False)
class Step:
    """The front at one ``setting`` of the figures."""

    setting: Setting
    listing: Listing

    @property
    def certificate(self) -> Certificate:
        return self.listing.certificate

    @cached_property
    def shares(self) -> dict[str, Fraction]:
        """Project to the share of the listed portfolios that contain it; empty if there is no portfolio."""
        count = len(self.listing)
        chosen = (self.listing.starts > 0).sum(axis=0)
        return {p: Fraction(int(n), count) for p, n in zip(self.listing.projects, chosen, strict=True)} if count else {}

    def cls(self, project: str) -> Class:
        share = self.shares[project]
        return Class.CORE if share == 1 else Class.BORDERLINE if share else Class.EXTERIOR

    def best(self, objective: int) -> Best | None:
        """The best value of an objective, with what the certificate leaves open; ``None`` without a portfolio."""
        if not len(self.listing):
            return None
        value = self.listing.column(objective)[self.listing.best(objective)]
        certificate, meaning = self.certificate, self.listing.objectives[objective]
        if certificate.status is Status.COMPLETE:
            return Best(value, float(value))
        if certificate.epsilon_in_units is None:
            return Best(value, None)
        slack = certificate.epsilon_in_units[meaning.name] * (1 + 1e-9)
        return Best(value, float(value) + (slack if meaning.sense == "max" else -slack))


@dataclass(frozen=True, eq=False)
class Sweep:
    """The steps of a sweep in the order of their settings, the last axis quickest.

    ``stable``: the best sequences in which a project stays in, where they were asked for. ``unfinished``: settings that
    were not reached.
    """

    region: Region
    axes: tuple[Axis, ...]
    steps: tuple[Step, ...]
    stable: tuple[Stable, ...] = ()
    unfinished: tuple[Setting, ...] = ()

    @property
    def objectives(self) -> tuple[Objective, ...]:
        return self.steps[0].listing.objectives if self.steps else ()

    @property
    def proved(self) -> bool:
        """Are the fronts of all steps complete?"""
        return bool(self.steps) and all(step.certificate.status is Status.COMPLETE for step in self.steps)

    def before(self, number: int) -> Step | None:
        """The step before: the next lower value of the last axis, else of the one before it."""
        setting = self.steps[number].setting
        known = {step.setting: step for step in self.steps}
        for i in reversed(range(len(self.axes))):
            values = self.axes[i].values
            place = values.index(setting[i])
            if place:
                return known.get((*setting[:i], values[place - 1], *setting[i + 1 :]))
        return None

    def moves(self, number: int) -> list[Move]:
        """Projects that change their class from the step before to this one."""
        step, before = self.steps[number], self.before(number)
        if before is None or not step.shares or not before.shares:
            return []
        return [
            Move(p, before.cls(p), step.cls(p), before.shares[p], step.shares[p])
            for p in step.listing.projects
            if before.cls(p) is not step.cls(p)
        ]

    def gain(self, number: int, objective: int) -> Fraction | None:
        """By how much the best value is better than at the step before, for each unit of the figure."""
        step, before = self.steps[number], self.before(number)
        if before is None:
            return None
        new, old = step.best(objective), before.best(objective)
        rise = sum((Fraction(a) - Fraction(b) for a, b in zip(step.setting, before.setting, strict=True)), Fraction(0))
        if new is None or old is None or not rise:
            return None
        return step.listing.gain(objective, new.value, old.value) / rise

    def to_frame(self) -> pd.DataFrame:
        """One row a step: the figures, the certificate, the best value of each objective and what a unit more adds."""
        import pandas as pd

        return pd.DataFrame([self._row(number) for number in range(len(self.steps))])

    def projects_frame(self) -> pd.DataFrame:
        """One row a project and step: its class and its share of the listed portfolios."""
        import pandas as pd

        rows = [
            {
                **{str(axis.figure): value for axis, value in zip(self.axes, step.setting, strict=True)},
                "project": project,
                "class": step.cls(project).value,
                "share": float(share),
            }
            for step in self.steps
            for project, share in step.shares.items()
        ]
        return pd.DataFrame(rows)

    @property
    def reached(self) -> tuple[Setting, ...]:
        """The settings that have a portfolio: the steps of the stable lists."""
        return tuple(step.setting for step in self.steps if not step.certificate.infeasible)

    def stable_frame(self) -> pd.DataFrame:
        """One row a stable list and step: what it comes to, what the step reaches by itself, and the projects."""
        import pandas as pd

        rows = [
            {
                "weights": stable.name,
                **{str(axis.figure): value for axis, value in zip(self.axes, setting, strict=True)},
                "value": float(value),
                "free": float(free),
                "proved": stable.proved,
                "projects": ", ".join(plan),
            }
            for stable in self.stable
            for setting, plan, value, free in zip(self.reached, stable.plans, stable.values, stable.free, strict=True)
        ]
        return pd.DataFrame(rows)

    def _row(self, number: int) -> dict[str, Any]:
        step = self.steps[number]
        certificate = step.certificate
        row: dict[str, Any] = {str(a.figure): v for a, v in zip(self.axes, step.setting, strict=True)}
        row |= {"status": str(certificate.status), "infeasible": certificate.infeasible}
        row |= {"epsilon": certificate.epsilon, "portfolios": len(step.listing)}
        for k, objective in enumerate(self.objectives):
            best, gain = step.best(k), self.gain(number, k)
            row[objective.name] = None if best is None else float(best.value)
            row[f"{objective.name} bound"] = None if best is None else best.bound
            row[f"{objective.name} a unit"] = None if gain is None else float(gain)
        row["enter"] = ", ".join(move.project for move in self.moves(number) if move.before is Class.EXTERIOR)
        row["leave"] = ", ".join(move.project for move in self.moves(number) if move.after is Class.EXTERIOR)
        return row

    def to_dict(self) -> dict[str, Any]:
        return {
            "region": self.region.name,
            "figures": {str(axis.figure): [str(value) for value in axis.values] for axis in self.axes},
            "steps": [
                {
                    "setting": [str(value) for value in step.setting],
                    "status": str(step.certificate.status),
                    "infeasible": step.certificate.infeasible,
                    "epsilon": step.certificate.epsilon,
                    "portfolios": [[exact_text(value) for value in row] for row in step.listing.values],
                    "best": {
                        o.name: None
                        if (best := step.best(k)) is None
                        else {"value": float(best.value), "bound": best.bound}
                        for k, o in enumerate(self.objectives)
                    },
                    "gain_a_unit": {
                        o.name: None if (gain := self.gain(number, k)) is None else float(gain)
                        for k, o in enumerate(self.objectives)
                    },
                    "moves": [
                        {"project": m.project, "from": m.before.value, "to": m.after.value, "words": m.words}
                        for m in self.moves(number)
                    ],
                    "classes": {project: step.cls(project).value for project in step.shares},
                }
                for number, step in enumerate(self.steps)
            ],
            "stable": [stable.to_dict() for stable in self.stable],
            "unfinished": [[str(value) for value in setting] for setting in self.unfinished],
        }

    def in_words(self) -> str:
        """What the sweep says, in a few sentences."""
        names = " and ".join(str(axis.figure) for axis in self.axes)
        said = [f"{len(self.steps)} steps of {names}."]
        if none := sum(step.certificate.infeasible for step in self.steps):
            said.append(f"At {none} of them no portfolio satisfies all rules; this is proved.")
        if self.proved:
            said.append("The front of every step is complete.")
        else:
            open_ = sum(step.certificate.status is not Status.COMPLETE for step in self.steps)
            said.append(
                f"The fronts of {open_} steps are not complete: their classes are those of the listed portfolios."
            )
        said += [stable.in_words() for stable in self.stable]
        if self.unfinished:
            said.append(f"{len(self.unfinished)} steps were not reached.")
        return " ".join(said)
