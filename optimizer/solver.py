"""solver: a problem in, a front with its certificate out."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable
from contextlib import closing, nullcontext
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from models.problem import Floats, Ints, Problem
from models.worst import DIGITS
from optimizer.alternatives import find_alternatives
from optimizer.apart import Apart, check
from optimizer.certificate import Certificate, OpenRegion, Status
from optimizer.combine import relax_and_search
from optimizer.engines.found import Box, Found, Keep, Known
from optimizer.engines.highs import Highs
from optimizer.engines.labels import labels, refusal
from optimizer.engines.relax import relax
from optimizer.engines.relax.blocks import blocks
from optimizer.engines.search import search
from optimizer.engines.tighten import tightened
from optimizer.engines.zones import nondominated
from optimizer.front import Front
from optimizer.interrupt import ctrl_c
from optimizer.methods import ALGORITHMS, BACKENDS, METHODS
from optimizer.parallel import Pool, Processes, Serial
from optimizer.stop import After, AnyOf, Progress, Stop

__all__ = ["METHODS", "choose_method", "solve"]

LABELS_UP_TO = {2: 150, 3: 150, 4: 100, 5: 50, 6: 30, 7: 25}
"""Objectives to the most columns for which ``auto`` sets labels: fronts that they complete within a minute or so.

Searching zones with a MIP solver copes with more, and proves a guarantee sooner where no complete front is in reach.
"""
RELAX_FROM = 150
"""Columns from which ``auto`` relaxes models that fall into blocks of choices: that takes milliseconds and loses
little. For others ``search`` has relaxations of its own."""
TIGHTEN = 0.05
"""Share of the time that may be spent on holding columns before a search."""
LISTED_REGIONS = 20
"""Open regions written out in a certificate; the rest is counted."""


def choose_method(problem: Problem, method: str = "auto", backend: str = BACKENDS[0]) -> tuple[str, str]:
    """The engine that ``method`` stands for, and why, in words.

    Raises what :func:`solve` does for a ``backend`` that is not to be had.
    """
    if method not in METHODS:
        raise ValueError(f"unknown method {method!r}; methods are {', '.join(METHODS)}")
    if backend != BACKENDS[0]:
        _check_backend(problem, method, backend)
        return "search", "asked for" if method == "search" else "the one that asks CP-SAT"
    if method != "auto":
        return method, "asked for"
    refused = refusal(problem) or _digits(problem)
    most = LABELS_UP_TO.get(len(problem.objectives), 0)
    if refused is None and len(problem.columns) <= most:
        return "labels", f"quickest for 0/1 models up to {most} columns; this one has {len(problem.columns)}"
    kind = "0/1 columns" if problem.integer.all() else "0/1 and continuous columns"
    why = f"; {refused}" if refused else ""
    if len(problem.columns) >= RELAX_FROM and blocks(problem) is not None:
        size = f"from {RELAX_FROM} columns on, and a search takes over when they stall; this model has"
        return "relax+search", f"relaxations are quickest for blocks of choices {size} {len(problem.columns)} {kind}"
    return "search", f"exact for any mixed-integer model; this one has {len(problem.columns)} {kind}{why}"


def _check_backend(problem: Problem, method: str, backend: str) -> None:
    if backend not in BACKENDS:
        raise ValueError(f"unknown backend {backend!r}; backends are {', '.join(BACKENDS)}")
    if method not in ("auto", "search"):
        raise ValueError(f"the method {method} does not ask the backend {backend}; leave it out, or take search")
    check(problem)


def _digits(problem: Problem) -> str | None:
    """Why labels, though exact, would take long: they can tell partial portfolios apart by such digits only."""
    if any(name.startswith(f"{DIGITS}[") for name in problem.columns):
        return "the worst over scenarios is a number in binary digits, which labels are slow at"
    return None


def solve(
    problem: Problem,
    *,
    method: str = "auto",
    stop: Stop | None = None,
    workers: int = 1,
    cluster: str | None = None,
    memory: int | None = None,
    backend: str = BACKENDS[0],
    pool: Pool | None = None,
    alternatives: bool = False,
    algorithm: str = ALGORITHMS[0],
    seed: int = 0,
    certify: bool = False,
    on_progress: Callable[[Progress], None] | None = None,
    on_checkpoint: Callable[[Callable[[], Front]], None] | None = None,
    start: Known | None = None,
    interrupted: Callable[[], bool] | None = None,
) -> Front:
    """Compute the nondominated portfolios of ``problem`` and certify what is known about the rest.

    Args:
        problem: 2 to 7 objectives, compiled with :func:`models.formulate` or :meth:`Problem.from_arrays`.
        method: ``"auto"`` or the name of an engine (:data:`METHODS`).
        stop: a stopping rule of :mod:`optimizer.stop`; ``None`` searches until the front is complete.
        workers: processes that solve at the same time; 1 stays in this process. With more, guard a script's entry point
            with ``if __name__ == "__main__":``, as for all spawned processes. ``labels`` takes threads instead, and
            finds the same portfolios for any number of them.
        cluster: address of a Dask scheduler whose workers solve instead (``tcp://host:8786``); needs the extra
            ``dask``. ``labels`` stays in this process.
        memory: bytes by which ``labels`` may let the process grow; at the limit it follows only the best labels, and
            the certificate says so. ``None``: half of the machine's memory.
        backend: the solver that ``search`` asks, ``"highs"`` or, for models in whole numbers, ``"cpsat"``: CP-SAT of
            OR-Tools, each in a process of its own; needs the extra ``cpsat``.
        pool: answers the solver queries instead (tests, other machines).
        alternatives: also find all portfolios with the values of a listed one, within the same ``stop``.
        algorithm: what ``evolve`` runs (:data:`optimizer.methods.ALGORITHMS`), from this ``seed`` on.
        certify: keep half of the time to prove how much the list of ``evolve`` lacks at most; the other methods prove
            as they search.
        on_progress: called after every answer.
        on_checkpoint: offered, after every step, a way to take the front as it is.
        start: what an earlier solve of the same problem knew (:attr:`Front.known`); its seconds and solves count.
        interrupted: asked ten times a second whether to end now, as Ctrl-C does.

    Ctrl-C ends the search; the front found so far is returned with its true certificate.

    Raises:
        ValueError: fewer than 2 or more than 7 objectives, an unknown method, or a backend that cannot be asked about
            this problem.
        ImportError: ``cluster`` without the extra ``dask``, ``backend="cpsat"`` without the extra ``cpsat``.
        OSError: nobody answers at the address of the cluster.

    >>> from models import Problem
    >>> front = solve(Problem.from_arrays([[3, 4, 2], [5, 1, 4]], [[2, 3, 2]], [4]))
    >>> front.counts.tolist(), str(front.certificate.status)
    ([[5, 9]], 'COMPLETE')
    """
    p = len(problem.objectives)
    if not 2 <= p <= 7:
        raise ValueError(f"a front needs 2 to 7 objectives, this problem has {p}")
    stop = stop or AnyOf()
    if backend != BACKENDS[0] and cluster is not None:
        raise ValueError(f"the workers of a cluster do not ask the backend {backend}; leave one of them out")
    asked = "search" if pool is not None and method == "auto" else method
    engine, _ = choose_method(problem, asked, backend)
    memory = memory or half_of_memory()
    with ctrl_c(interrupted) as interrupt:
        whole = AnyOf(interrupt, stop)
        before = (start.seconds, start.solves) if start else (0.0, 0)
        narrow, spent = problem, 0.0
        if engine == "search" and pool is None:
            narrow, spent = _tightened(problem, After(whole, *before))
        after = After(whole, before[0] + spent, before[1])
        course = _Course(problem, engine, start, after, on_progress, on_checkpoint)
        tell, keep = course.progress, course.keep
        make_pool = partial(_pool, narrow, workers, cluster, backend, interrupt.asked)
        if engine == "labels":
            found = labels(
                problem, stop=after, memory=memory, workers=workers, on_progress=tell, keep=keep, start=start
            )
        elif engine == "relax":
            found = relax(problem, stop=after, on_progress=tell, keep=keep)
        elif engine == "relax+search":
            found = relax_and_search(problem, stop=after, pool=make_pool, on_progress=tell, keep=keep, start=start)
        elif engine == "evolve":
            from optimizer.engines.evolve import evolve  # loads pymoo

            found = evolve(
                problem,
                algorithm=algorithm,
                seed=seed,
                stop=after,
                on_progress=tell,
                keep=keep,
                start=start,
                certify=certify,
            )
        else:
            own = nullcontext(pool) if pool is not None else closing(make_pool())
            with own as answering:
                found = search(
                    problem, stop=after, pool=answering, on_progress=tell, keep=keep, start=start, narrow=narrow
                )
        front = course.front(found)
        return _with_alternatives(front, whole, memory, on_progress) if alternatives else front


def _with_alternatives(front: Front, stop: Stop, memory: int, on_progress: Callable[[Progress], None] | None) -> Front:
    """``front`` with all portfolios that have the values of a listed one, found within what ``stop`` still allows."""
    certificate = front.certificate
    epsilon = math.inf if certificate.epsilon is None else certificate.epsilon
    began = Progress(
        certificate.seconds, certificate.points, certificate.solves, epsilon, open_regions=0, phase="alternatives"
    )
    found = find_alternatives(
        front.problem,
        front.X,
        complete=certificate.status is Status.COMPLETE,
        stop=stop,
        memory=memory,
        began=began,
        on_progress=on_progress,
    )
    return replace(front, alternatives=found)


def _tightened(problem: Problem, stop: Stop) -> tuple[Problem, float]:
    """``problem`` with columns held, and the seconds that it took: a small share of what ``stop`` allows."""
    began = time.perf_counter()

    def ended() -> bool:
        seconds = time.perf_counter() - began
        now = Progress(seconds, points=0, solves=0, epsilon=math.inf, open_regions=1, phase="tighten")
        return seconds > TIGHTEN * (seconds + stop.seconds_left(now))

    narrow = tightened(problem, ended=ended)
    return narrow, time.perf_counter() - began


def _pool(problem: Problem, workers: int, cluster: str | None, backend: str, interrupted: Callable[[], bool]) -> Pool:
    if backend == "cpsat":
        return Apart(problem, workers)
    if cluster is not None:
        from optimizer.cluster import Cluster

        return Cluster(problem, cluster)
    return Processes(problem, workers) if workers > 1 else Serial(Highs(problem, interrupted=interrupted))


@dataclass(frozen=True, eq=False)
class _Course:
    """What an engine tells on its way, with what was known at the start counted in."""

    problem: Problem
    engine: str
    start: Known | None
    after: After
    on_progress: Callable[[Progress], None] | None
    on_checkpoint: Callable[[Callable[[], Front]], None] | None

    @property
    def progress(self) -> Callable[[Progress], None] | None:
        """``on_progress`` with the totals; ``None`` if nobody listens, so that an engine may spare the figures."""
        tell = self.on_progress
        return None if tell is None else lambda progress: tell(self.after.total(progress))

    @property
    def keep(self) -> Keep | None:
        """``on_checkpoint`` with the front so far; ``None`` if nobody keeps it."""
        offer = self.on_checkpoint
        return None if offer is None else lambda take: offer(lambda: self.front(take()))

    def front(self, found: Found) -> Front:
        found = replace(found, seconds=found.seconds + self.after.seconds, solves=found.solves + self.after.solves)
        if self.start is not None and not found.arrays:
            _add(found, self.start)
        return _front(self.problem, found, self.engine)


def _add(found: Found, start: Known) -> None:
    """Add the points known at the start to those of an engine that started anew. ε and the rest stay true: they are
    bounds for a list that holds no more than this one."""
    if not found.infeasible and found.open.count:
        found.X, found.Y = [*found.X, *start.X], [*found.Y, *start.Y]


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
    X = np.array(found.X).reshape(-1, n)
    certificate = _certificate(problem, found, Y, engine)
    known = None
    if certificate.status is not Status.COMPLETE:
        whole = np.array(found.Y, dtype=np.int64).reshape(-1, p)
        known = Known(X, whole, found.arrays, found.solves, found.seconds, tuple(found.faults))
    return Front(problem, Y * sign, X[keep].astype(np.float64), certificate, known, found.proof, found.reductions)


def _certificate(problem: Problem, found: Found, Y: Ints, engine: str) -> Certificate:
    ranges = np.maximum(np.ptp(Y, axis=0), 1).astype(np.float64) if len(Y) else found.open.ranges
    found.open.measure(ranges)
    epsilon = found.open.epsilon()
    missing = None
    if found.infeasible:
        epsilon = missing = 0.0
    elif len(Y) and math.isfinite(epsilon):
        missing = found.open.hypervolume_missing(Y.max(axis=0) + 1)
    boxes = [] if found.infeasible else found.open.boxes(LISTED_REGIONS)
    count = 0 if found.infeasible else found.open.count
    known = math.isfinite(epsilon)
    return Certificate(
        status=_status(found, len(Y), epsilon, count),
        epsilon=epsilon if known else None,
        epsilon_in_units=_in_units(problem, epsilon * ranges) if known else None,
        hypervolume_missing=missing,
        points=len(Y),
        solves=found.solves,
        labels=found.labels,
        seconds=found.seconds,
        engine=engine,
        stopped_by=found.stopped_by,
        ranges=_ranges(problem, Y),
        infeasible=found.infeasible,
        faults=tuple(found.faults),
        open_regions=tuple(_open_region(problem, box) for box in boxes),
        open_regions_total=count,
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
