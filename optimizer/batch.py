"""Batch: many regions, a prefecture's towns or an ensemble of scenarios, each solved into a run folder of its own."""

from __future__ import annotations

import multiprocessing
import signal
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, replace
from multiprocessing.synchronize import Event
from pathlib import Path

from instances import read_region
from models import formulate
from optimizer.certificate import Certificate
from optimizer.folders import is_unfinished, work_folder
from optimizer.interrupt import ctrl_c
from optimizer.job import Job
from optimizer.parallel import BREAKING, ctrl_c_is_for_the_parent
from optimizer.resume import reopen, resumed
from optimizer.run import Options, read_run
from optimizer.solver import choose_method, half_of_memory

__all__ = ["Outcome", "regions_in", "solve_all"]

LOSSES = 3
"""A region whose worker process is lost this often is given up."""


@dataclass(frozen=True)
class Outcome:
    """What became of one region: its run folder and certificate, or why there is none."""

    source: Path
    run: Path | None = None
    certificate: Certificate | None = None
    fault: str = ""


@dataclass(frozen=True)
class _Order:
    source: Path
    target: Path
    objectives: tuple[str, ...]
    options: Options
    memory: int


def regions_in(folder: str | Path) -> dict[str, Path]:
    """The regions in ``folder`` by the names of their runs: folders with tables, and workbooks.

    A workbook beside a folder of the same name keeps its ending.

    Raises ``NotADirectoryError`` if ``folder`` is none.
    """
    paths = [path for path in sorted(Path(folder).iterdir()) if not path.name.startswith((".", "~"))]
    tables = ("region.toml", "projects.csv")
    folders = {path.name: path for path in paths if any((path / name).is_file() for name in tables)}
    books = [path for path in paths if path.is_file() and path.suffix.lower() in (".xlsx", ".xlsm")]
    stems = [path.stem for path in books]
    lone = {path.name if path.stem in folders or stems.count(path.stem) > 1 else path.stem: path for path in books}
    return dict(sorted((folders | lone).items()))


def solve_all(
    folder: str | Path,
    output: str | Path,
    options: Options,
    *,
    workers: int = 1,
    on_outcome: Callable[[Outcome], None] | None = None,
) -> list[Outcome]:
    """Solve every region in ``folder`` into a run folder of its name in ``output``; in the order of the names.

    Args:
        options: as for a single region, each with one worker; no ``objectives``: those that the region compares.
        workers: regions that are solved at the same time, in spawned processes if there are several.
        on_outcome: called after every region.

    A region that cannot be read does not stop the others. A run that is in ``output`` already, of the same region with
    the same options, is taken as it is; one that was begun or interrupted is resumed. Ctrl-C ends the regions under way
    with what they found; those not begun have no outcome.
    """
    memory = (options.memory or half_of_memory()) // workers
    options = replace(options, workers=1)
    orders = [
        _Order(source, Path(output) / name, options.objectives, options, memory)
        for name, source in regions_in(folder).items()
    ]
    outcomes: list[Outcome] = []
    with ctrl_c() as interrupt:
        solved = _in_turn(orders, interrupt.asked) if workers == 1 else _at_once(orders, workers, interrupt.asked)
        for outcome in solved:
            outcomes.append(outcome)
            if on_outcome:
                on_outcome(outcome)
    return sorted(outcomes, key=lambda outcome: outcome.source.name)


def _in_turn(orders: Sequence[_Order], interrupted: Callable[[], bool]) -> Iterator[Outcome]:
    for order in orders:
        if interrupted():
            return
        yield _solve(order, interrupted)


def _at_once(orders: Sequence[_Order], workers: int, interrupted: Callable[[], bool]) -> Iterator[Outcome]:
    """Regions over spawned processes. A lost process breaks the executor: a new one resumes what was under way."""
    spawn = multiprocessing.get_context("spawn")
    over = spawn.Event()
    waiting, losses = deque(orders), Counter[_Order]()
    running: dict[Future[Outcome], _Order] = {}
    executor = _start(workers, over)
    try:
        while running or (waiting and not over.is_set()):
            if interrupted():
                over.set()
            while waiting and len(running) < workers and not over.is_set():
                order = waiting.popleft()
                with ctrl_c_is_for_the_parent():
                    try:
                        running[executor.submit(_solve_here, order)] = order
                    except BREAKING:
                        executor.shutdown(wait=False)
                        executor = _start(workers, over)
                        running[executor.submit(_solve_here, order)] = order
            for future in wait(running, timeout=0.2, return_when=FIRST_COMPLETED).done:
                order = running.pop(future)
                try:
                    yield future.result()
                except BrokenExecutor:
                    losses[order] += 1
                    if losses[order] < LOSSES:
                        waiting.appendleft(order)
                    else:
                        yield Outcome(order.source, fault="the process that solved it was lost again and again")
    finally:
        over.set()
        executor.shutdown(cancel_futures=True)


def _start(workers: int, over: Event) -> ProcessPoolExecutor:
    spawn = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(workers, mp_context=spawn, initializer=_begin, initargs=(over,))


_over: Event


def _begin(over: Event) -> None:
    global _over
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then tells its workers
    _over = over


def _solve_here(order: _Order) -> Outcome:
    return _solve(order, _over.is_set)


def _solve(order: _Order, interrupted: Callable[[], bool]) -> Outcome:
    try:
        job = _job(order)
        if isinstance(job, Outcome):
            return job
        reopen(job.target)
        run, front = replace(job, interrupted=interrupted, memory=order.memory).run()
        return Outcome(order.source, run, front.certificate)
    except Exception as error:  # whatever it is, it is told with the region, and the others go on
        kept = f"; what was found is kept in {work_folder(order.target)}" if work_folder(order.target).exists() else ""
        told = str(error) if isinstance(error, OSError | ValueError) else f"{type(error).__name__}: {error}"
        return Outcome(order.source, fault=told + kept)


def _job(order: _Order) -> Job | Outcome:
    """What is to be done for a region; its outcome if that is there already."""
    region = read_region(order.source)
    options = replace(order.options, objectives=order.objectives or region.compared)
    there = next((path for path in (order.target, work_folder(order.target)) if path.exists()), None)
    if there is None:
        problem = formulate(region, options.objectives)
        engine, why = choose_method(problem, options.method, options.backend)
        return Job(region, problem, options, order.target, engine, why)
    if is_unfinished(there):
        job, _ = resumed(order.target)
        same = job.region == region and job.options == options
    else:
        run = read_run(there)
        same = run.region == region and Options.of(run.manifest) == options
        if same and run.certificate.stopped_by != "interrupt":
            return Outcome(order.source, there, run.certificate)
        if same:
            job, _ = resumed(there)
    if not same:
        raise FileExistsError(
            f"{there} is a run of another region or with other options; remove it or choose another -o"
        )
    return job
