"""A whole sweep in one call."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from models.formulate import formulate
from optimizer.decide.live import Clock
from optimizer.decide.sweep.axis import Axis, parse_axis
from optimizer.decide.sweep.folder import SweepFolder
from optimizer.decide.sweep.outcome import Setting, Step, Sweep
from optimizer.decide.sweep.stable import Stable, stable_list
from optimizer.decide.sweep.steps import follows, regions, solve_steps
from optimizer.exact import exact_text
from optimizer.listing import Listing
from optimizer.run import Options
from optimizer.solver import solve
from optimizer.stop import AnyOf, Guarantee, TimeLimit

if TYPE_CHECKING:
    from instances.region import Region
    from models.problem import Problem
    from optimizer.engines.found import Known
    from optimizer.front import Front

__all__ = ["sweep"]


def sweep(
    region: Region,
    vary: Iterable[str | Axis],
    goals: Sequence[str] | None = None,
    *,
    options: Options | None = None,
    folder: str | Path | None = None,
    stable: bool = True,
    weights: Mapping[str, Fraction] | None = None,
    interrupted: Callable[[], bool] | None = None,
    on_step: Callable[[Setting, Listing], None] | None = None,
) -> Sweep:
    """The fronts of ``region`` while the figures of ``vary`` rise, and the price of a list that only grows.

    Args:
        vary: one or two axes, or their words (:func:`optimizer.decide.sweep.axis.parse_axis`).
        goals: objectives to trade off; by default those that the region compares.
        options: method, guarantee, workers and time limit of each step; the time limit is that of each price, too.
        folder: where every step is kept as a run; a sweep that was stopped goes on from there.
        stable: also find the best nested sequences, for each objective alone and for ``weights``.
        weights: objective to what a unit of it counts.
        interrupted: asked ten times a second whether to end now; what is done is kept.

    Raises ``ValueError`` if an axis, or the region at one of its values, is not sound.

    >>> from instances import read_region
    >>> found = sweep(read_region("hamlet"), ["budgets/county/amount=10..12:2"])
    >>> [len(step.listing) for step in found.steps], found.proved
    ([5, 6], True)
    """
    axes = tuple(axis if isinstance(axis, Axis) else parse_axis(region, axis) for axis in vary)
    if not 1 <= len(axes) <= 2 or len({axis.figure for axis in axes}) < len(axes):
        raise ValueError("a sweep varies one figure, or two different ones")
    goals = tuple(region.compared if goals is None else goals)
    options = options or Options(goals)
    there = regions(region, axes)
    asked = {
        "figures": {str(axis.figure): [str(value) for value in axis.values] for axis in axes},
        "objectives": list(goals),
        "method": options.method,
        "guarantee": options.guarantee,
        "weights": {name: exact_text(weight) for name, weight in (weights or {}).items()},
    }
    kept = SweepFolder(Path(folder), region, asked, there) if folder is not None else None
    found = kept.done() if kept else {}

    def solver(setting: Setting, problem: Problem, start: Known | None) -> Front:
        return solve(
            problem,
            method=options.method,
            stop=AnyOf(TimeLimit(options.time_limit), Guarantee(options.guarantee)),
            workers=options.workers,
            memory=options.memory,
            seed=options.seed,
            start=start,
            interrupted=interrupted,
        )

    for setting, front in solve_steps(there, goals, solver, found, interrupted):
        found[setting] = Listing.of(front, there[setting])
        if kept:
            kept.keep(setting, there[setting], front, options)
        if on_step:
            on_step(setting, found[setting])
    steps = tuple(Step(setting, found[setting]) for setting in there if setting in found)
    missing = tuple(setting for setting in there if setting not in found)
    lists: tuple[Stable, ...] = ()
    if stable and not missing:
        clock = Clock(options.time_limit, interrupted)
        reached = [step.setting for step in steps if not step.certificate.infeasible]
        lists = tuple(_stable(reached, there, goals, axes, weights, clock))
    result = Sweep(region, axes, steps, lists, missing)
    if kept:
        kept.finish(result)
    return result


def _stable(
    reached: Sequence[Setting],
    there: Mapping[Setting, Region],
    goals: Sequence[str],
    axes: Sequence[Axis],
    weights: Mapping[str, Fraction] | None,
    clock: Clock,
) -> Iterable[Stable]:
    """The best nested sequences over the steps that have a portfolio, for each objective alone and for ``weights``."""
    if len(reached) < 2:
        return
    problems = [formulate(there[setting], goals) for setting in reached]
    pairs = follows(axes, reached)
    for weighting in [*({goal: Fraction(1)} for goal in goals), *([weights] if weights else [])]:
        found = stable_list(problems, pairs, weighting, clock)
        if found is not None:
            yield found
