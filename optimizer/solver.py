"""solver: a problem in, a front with its certificate out."""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from models.problem import Floats, Ints, Problem
from optimizer.alternatives import find_alternatives
from optimizer.certificate import Certificate, OpenRegion, Status
from optimizer.engines.found import Box, Found
from optimizer.engines.highs import Highs
from optimizer.engines.labels import labels, refusal
from optimizer.engines.search import search
from optimizer.engines.zones import nondominated
from optimizer.front import Front
from optimizer.methods import ALGORITHMS, METHODS
from optimizer.parallel import Pool, Processes, Serial
from optimizer.stop import AnyOf, Progress, Stop

__all__ = ["METHODS", "choose_method", "solve"]

LABELS_UP_TO = {2: 150, 3: 150, 4: 100, 5: 50, 6: 30, 7: 25}
"""Objectives to the most columns for which ``auto`` sets labels: fronts that they complete within a minute or so.

Searching zones with a MIP solver copes with more, and proves a guarantee sooner where no complete front is in reach.
"""
LISTED_REGIONS = 20
"""Open regions written out in a certificate; the rest is counted."""


def choose_method(problem: Problem, method: str = "auto") -> tuple[str, str]:
    """The engine that ``method`` stands for, and why, in words."""
    if method not in METHODS:
        raise ValueError(f"unknown method {method!r}; methods are {', '.join(METHODS)}")
    if method != "auto":
        return method, "asked for"
    refused = refusal(problem)
    most = LABELS_UP_TO.get(len(problem.objectives), 0)
    if refused is None and len(problem.columns) <= most:
        return "labels", f"quickest for 0/1 models up to {most} columns; this one has {len(problem.columns)}"
    kind = "0/1 columns" if problem.integer.all() else "0/1 and continuous columns"
    why = f"; {refused}" if refused else ""
    return "search", f"exact for any mixed-integer model; this one has {len(problem.columns)} {kind}{why}"


def solve(
    problem: Problem,
    *,
    method: str = "auto",
    stop: Stop | None = None,
    workers: int = 1,
    memory: int | None = None,
    pool: Pool | None = None,
    alternatives: bool = False,
    algorithm: str = ALGORITHMS[0],
    seed: int = 0,
    on_progress: Callable[[Progress], None] | None = None,
) -> Front:
    """Compute the nondominated portfolios of ``problem`` and certify what is known about the rest.

    Args:
        problem: 2 to 7 objectives, compiled with :func:`models.formulate` or :meth:`Problem.from_arrays`.
        method: ``"auto"`` or the name of an engine (:data:`METHODS`).
        stop: a stopping rule of :mod:`optimizer.stop`; ``None`` searches until the front is complete.
        workers: processes that solve at the same time; 1 stays in this process. With more, guard a script's entry point
            with ``if __name__ == "__main__":``, as for all spawned processes.
        memory: bytes by which ``labels`` may let the process grow; at the limit it follows only the best labels, and
            the certificate says so. ``None``: half of the machine's memory.
        pool: answers the solver queries instead (tests, other machines).
        alternatives: also find all portfolios with the values of a listed one, within the same ``stop``.
        algorithm: what ``evolve`` runs (:data:`optimizer.methods.ALGORITHMS`), from this ``seed`` on.
        on_progress: called after every answer.

    Ctrl-C ends the search; the front found so far is returned with its true certificate.

    Raises:
        ValueError: fewer than 2 or more than 7 objectives, or an unknown method.

    >>> from models import Problem
    >>> front = solve(Problem.from_arrays([[3, 4, 2], [5, 1, 4]], [[2, 3, 2]], [4]))
    >>> front.counts.tolist(), str(front.certificate.status)
    ([[5, 9]], 'COMPLETE')
    """
    p = len(problem.objectives)
    if not 2 <= p <= 7:
        raise ValueError(f"a front needs 2 to 7 objectives, this problem has {p}")
    memory = memory or half_of_memory()
    stop = stop or AnyOf()
    chosen = "search" if pool is not None and method == "auto" else method
    if chosen == "evolve":
        front = _evolve(problem, algorithm, seed, stop, on_progress)
    else:
        front = _solve(problem, chosen, stop, workers, memory, pool, on_progress)
    if not alternatives:
        return front
    certificate = front.certificate
    began = Progress(
        certificate.seconds, certificate.points, certificate.solves, _number(certificate.epsilon), 0, "alternatives"
    )
    found = find_alternatives(
        problem,
        front.X,
        complete=certificate.status is Status.COMPLETE,
        stop=stop,
        memory=memory,
        began=began,
        on_progress=on_progress,
    )
    return replace(front, alternatives=found)


def _number(epsilon: float | None) -> float:
    return math.inf if epsilon is None else epsilon


def _solve(
    problem: Problem,
    method: str,
    stop: Stop,
    workers: int,
    memory: int,
    pool: Pool | None,
    on_progress: Callable[[Progress], None] | None,
) -> Front:
    engine, _ = choose_method(problem, method)
    if engine == "labels":
        found = labels(problem, stop=stop, memory=memory, on_progress=on_progress)
        return _front(problem, found, engine)
    own = pool is None
    if pool is None:
        pool = Processes(problem, workers) if workers > 1 else Serial(Highs(problem, interruptible=True))
    try:
        found = search(problem, stop=stop, pool=pool, on_progress=on_progress)
    finally:
        if own:
            pool.close()
    return _front(problem, found, engine)


def _evolve(
    problem: Problem, algorithm: str, seed: int, stop: Stop, on_progress: Callable[[Progress], None] | None
) -> Front:
    from optimizer.engines.evolve import evolve  # loads pymoo

    found = evolve(problem, algorithm=algorithm, seed=seed, stop=stop, on_progress=on_progress)
    return _front(problem, found, "evolve")


def half_of_memory() -> int:
    """Half of this machine's memory in bytes; 2 GiB where the machine does not tell."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
    except (AttributeError, ValueError, OSError):
        return 2 << 30


def _front(problem: Problem, found: Found, engine: str) -> Front:
    """Order what was found, drop what is dominated, and state what is proved."""
    p, n = problem.C.shape
    Y = np.array(found.Y, dtype=np.int64).reshape(-1, p)
    keep = nondominated(Y)
    keep = keep[np.lexsort(Y[keep].T[::-1])]
    Y = Y[keep]
    sign = np.array([-1 if o.sense == "max" else 1 for o in problem.objectives])
    X = np.array(found.X, dtype=np.float64).reshape(-1, n)[keep]
    return Front(problem, Y * sign, X, _certificate(problem, found, Y, engine), reductions=found.reductions)


def _certificate(problem: Problem, found: Found, Y: Ints, engine: str) -> Certificate:
    ranges = np.maximum(np.ptp(Y, axis=0), 1).astype(np.float64) if len(Y) else found.open.ranges
    found.open.measure(ranges)
    epsilon = found.open.epsilon()
    missing = None
    if found.infeasible:
        epsilon = missing = 0.0
    elif len(Y) and math.isfinite(epsilon):
        missing = found.open.hypervolume_missing(Y.max(axis=0) + 1)
    boxes = [] if found.infeasible else found.open.boxes()
    known = math.isfinite(epsilon)
    return Certificate(
        status=_status(found, len(Y), epsilon, len(boxes)),
        epsilon=epsilon if known else None,
        epsilon_in_units=_in_units(problem, epsilon * ranges) if known else None,
        hypervolume_missing=missing,
        points=len(Y),
        solves=found.solves,
        seconds=found.seconds,
        engine=engine,
        stopped_by=found.stopped_by,
        ranges=_ranges(problem, Y),
        infeasible=found.infeasible,
        faults=tuple(found.faults),
        open_regions=tuple(_open_region(problem, box) for box in boxes[:LISTED_REGIONS]),
        open_regions_total=len(boxes),
    )


def _open_region(problem: Problem, box: Box) -> OpenRegion:
    gap = box.epsilon if math.isfinite(box.epsilon) else None
    return OpenRegion(_own(problem, box.corner), _own(problem, box.bound), gap, box.why)


def _status(found: Found, points: int, epsilon: float, open_regions: int) -> Status:
    """COMPLETE only if nothing is open and nothing failed; GUARANTEE only if ε says something (below the whole
    range)."""
    if found.infeasible or (points and not open_regions and not found.faults):
        return Status.COMPLETE
    return Status.GUARANTEE if epsilon < 1 else Status.HEURISTIC


def _own(problem: Problem, y: Ints) -> dict[str, float]:
    """Minimised quanta to each objective's own unit and sense."""
    objectives = zip(problem.objectives, y, strict=True)
    return {o.name: float(o.value(int(-count if o.sense == "max" else count))) for o, count in objectives}


def _in_units(problem: Problem, quanta: Floats) -> dict[str, float]:
    return {o.name: float(o.quantum) * float(q) for o, q in zip(problem.objectives, quanta, strict=True)}


def _ranges(problem: Problem, Y: Ints) -> dict[str, tuple[float, float]]:
    """Each objective's worst and best value in the list, in its own unit."""
    if not len(Y):
        return {}
    worst, best = _own(problem, Y.max(axis=0)), _own(problem, Y.min(axis=0))
    return {name: (worst[name], best[name]) for name in worst}
