"""Scenarios: what was solved so far, each in a run folder of its own under the server's work folder."""

from __future__ import annotations

import re
import secrets
import shutil
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property
from pathlib import Path
from typing import Any

from instances.check import check_region
from instances.figures import find_figure, with_figure
from instances.region import Region
from models import formulate
from models.problem import Problem
from optimizer.run import Options, Run, read_run, write_run
from optimizer.solver import choose_method, solve
from optimizer.stop import AnyOf, Guarantee, Progress, TimeLimit

__all__ = ["Changes", "Scenario", "Scenarios", "Unfit"]

KEPT = 60
"""Scenarios that are kept; the oldest goes when there are more."""
NAME = re.compile(r"[\w][\w .-]{0,79}")

Changes = Mapping[str, str]
"""Address of a figure (:mod:`instances.figures`) to its new value."""


class Unfit(ValueError):
    """What somebody asked for cannot be done; the text says why and what can."""


@dataclass(frozen=True)
class Scenario:
    """A solved region; ``changes`` are those against the region that the server was started with."""

    key: str
    name: str
    changes: Changes
    run: Run

    @cached_property
    def problem(self) -> Problem:
        """The scenario's model, compiled when it is first asked for."""
        return formulate(self.run.region, [objective.name for objective in self.run.listing.objectives])

    def summary(self) -> dict[str, Any]:
        """What stands beside other scenarios: proof, number of portfolios, best value of each objective, core."""
        listing = self.run.listing
        core = [p for j, p in enumerate(listing.projects) if len(listing) and (listing.starts[:, j] > 0).all()]
        return {
            "key": self.key,
            "name": self.name,
            "changes": dict(self.changes),
            "status": listing.certificate.status,
            "epsilon": listing.certificate.epsilon,
            "points": len(listing),
            "best": [float(listing.column(k)[listing.best(k)]) for k in range(len(listing.objectives))],
            "core": core,
        }


class Scenarios:
    """Solved scenarios by key; safe for several people at once, since each solve keeps to its own objects."""

    def __init__(self, work: Path, runs: Path) -> None:
        self.work, self.runs = work, runs
        self._kept: OrderedDict[str, Scenario] = OrderedDict()
        self._lock = threading.Lock()
        self.first = ""

    def add(self, name: str, changes: Changes, run: Run) -> Scenario:
        """Keep a run as a scenario."""
        scenario = Scenario(secrets.token_urlsafe(9), name, dict(changes), run)
        with self._lock:
            self._kept[scenario.key] = scenario
            self.first = self.first or scenario.key
            while len(self._kept) > KEPT:
                oldest = next(key for key in self._kept if key != self.first)
                shutil.rmtree(self._kept.pop(oldest).run.folder, ignore_errors=True)
        return scenario

    def get(self, key: str) -> Scenario:
        """The scenario; :class:`Unfit` if it is not kept (any more)."""
        with self._lock:
            if key not in self._kept:
                raise Unfit("this scenario is not kept any more: solve it again")
            return self._kept[key]

    def solve(
        self,
        base: Scenario,
        changes: Changes,
        name: str,
        seconds: float,
        guarantee: float,
        on_progress: Callable[[Progress], None],
        interrupted: Callable[[], bool],
    ) -> Scenario:
        """Solve the region of ``base`` with ``changes`` on top of its own."""
        region = changed(base.run.region, changes)
        objectives = tuple(objective.name for objective in base.run.listing.objectives)
        problem = formulate(region, objectives)
        options = Options(objectives, guarantee=guarantee, time_limit=seconds)
        stop = AnyOf(TimeLimit(seconds), Guarantee(guarantee))
        front = solve(problem, stop=stop, on_progress=on_progress, interrupted=interrupted)
        if interrupted():
            raise Unfit("cancelled")
        if not len(front):
            raise Unfit(front.certificate.in_words())
        why = choose_method(problem)[1]
        folder = write_run(self.work / secrets.token_urlsafe(9), region, front, options, why=why)
        return self.add(name, {**base.changes, **changes}, read_run(folder))

    def save(self, scenario: Scenario, name: str) -> Path:
        """Put the scenario's run into the folder of runs as ``name``."""
        if not NAME.fullmatch(name) or name in {".", ".."}:
            raise Unfit("a name has letters, figures, spaces, dots and dashes, and begins with a letter or figure")
        target = self.runs / name
        if target.exists():
            raise Unfit(f"{name} exists already: choose another name")
        self.runs.mkdir(parents=True, exist_ok=True)
        draft = self.runs / f".{name}.{secrets.token_hex(4)}"
        shutil.copytree(scenario.run.folder, draft)
        draft.rename(target)
        return target


def changed(region: Region, changes: Changes) -> Region:
    """``region`` with each figure at its new value; :class:`Unfit` with every fault if it is not sound then."""
    faults = []
    for address, text in changes.items():
        try:
            region = with_figure(region, find_figure(region, address), Decimal(text))
        except InvalidOperation:
            faults.append(f"{address}: {text} is not a number")
        except ValueError as error:
            faults.append(str(error))
    faults = faults or [str(fault) for fault in check_region(region)]
    if faults:
        raise Unfit("\n".join(faults))
    return region
