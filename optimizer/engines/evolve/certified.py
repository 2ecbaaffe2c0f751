"""Certified: how much the list that evolution has found lacks at most, proved from outside (:mod:`..relax.given`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from models.problem import Problem
from optimizer.engines.found import Found, Keep
from optimizer.engines.relax.given import prove
from optimizer.stop import After, AnyOf, Progress, Stop, TimeLimit

__all__ = ["certified", "search_share"]

SEARCH = 0.5
"""Share of the seconds that the search gets where a proof follows."""


def search_share(stop: Stop) -> Stop:
    """``stop`` for a search that leaves some of the seconds for the proof."""
    left = stop.seconds_left(Progress(0.0, 0, 0, np.inf, 1))
    return AnyOf(stop, TimeLimit(SEARCH * left))


def certified(
    problem: Problem, found: Found, stop: Stop, on_progress: Callable[[Progress], None] | None, keep: Keep | None
) -> Found:
    """``found`` with what can be proved about its list until ``stop`` says so; seconds of both count.

    A limit of solves holds for the evaluations of the search and for the relaxations of the proof, each by itself.
    """
    if not found.Y or found.stopped_by == "interrupt":
        return found

    def with_proof(proved: Found) -> Found:
        told = proved.stopped_by in ("interrupt", "guarantee reached")
        return replace(
            found,
            open=proved.open,
            proof=proved.proof,
            seconds=found.seconds + proved.seconds,
            faults=[*found.faults, *proved.faults],
            stopped_by=proved.stopped_by if told else found.stopped_by,
        )

    def tell(progress: Progress) -> None:
        if on_progress:
            seconds = found.seconds + progress.seconds
            on_progress(replace(progress, seconds=seconds, points=len(found.Y), solves=found.solves, phase="proof"))

    def keep_both(take: Callable[[], Found]) -> None:
        if keep:
            keep(lambda: replace(with_proof(take()), stopped_by="not finished"))

    proved = prove(
        problem,
        np.array(found.X, dtype=np.float64),
        np.array(found.Y),
        stop=After(stop, found.seconds),
        on_progress=tell,
        keep=keep_both,
    )
    return with_proof(proved)
