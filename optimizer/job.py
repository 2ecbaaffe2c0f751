"""Job: a region solved into a run folder, with checkpoints on the way; what the command line and batches do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from optimizer import solver
from optimizer.checkpoint import Checkpoints
from optimizer.engines.found import Known
from optimizer.folders import free_name
from optimizer.methods import ALGORITHMS
from optimizer.run import Options, write_run
from optimizer.stop import AnyOf, Guarantee, Progress, TimeLimit

if TYPE_CHECKING:
    from instances.region import Region
    from models.problem import Problem
    from optimizer.front import Front

__all__ = ["Job"]


def _silent(_: object) -> None:
    pass


@dataclass(frozen=True, eq=False)
class Job:
    """``region``, formulated as ``problem``, to be solved into the run folder ``target`` by ``engine``.

    ``why`` says why the engine was chosen; ``start`` is what an earlier, unfinished solve knew.
    """

    region: Region
    problem: Problem
    options: Options
    target: Path
    engine: str
    why: str
    cluster: str | None = None
    memory: int | None = None
    start: Known | None = None
    on_progress: Callable[[Progress], None] = _silent
    warn: Callable[[str], None] = _silent
    events: Callable[[], Iterable[Progress]] = tuple
    interrupted: Callable[[], bool] | None = None
    timings: Mapping[str, float] = field(default_factory=dict)

    def run(self) -> tuple[Path, Front]:
        """Solve, write the run folder and return it with the front.

        The folder has another name if somebody else took this one meanwhile: what was found must not be lost.

        Whatever ends the solve before that, a checkpoint stays in the work folder if there was one.
        """
        options = self.options
        checkpoints = Checkpoints(
            self.target, self.region, self.problem, options, self.engine, self.why, self.warn, self.events
        )
        checkpoints.begin()
        try:
            front = solver.solve(
                self.problem,
                method=self.engine,
                stop=AnyOf(TimeLimit(options.time_limit), Guarantee(options.guarantee)),
                workers=options.workers,
                cluster=self.cluster,
                memory=self.memory or options.memory,
                backend=options.backend,
                alternatives=options.alternatives,
                algorithm=options.algorithm or ALGORITHMS[0],
                seed=options.seed,
                certify=options.certify,
                on_progress=self.on_progress,
                on_checkpoint=checkpoints,
                start=self.start,
                interrupted=self.interrupted,
            )
            timings = {
                **self.timings,
                "solve": round(front.certificate.seconds, 3),
                "checkpoints": round(checkpoints.spent, 3),
            }
            target = free_name(self.target) if self.target.exists() else self.target
            write_run(target, self.region, front, options, why=self.why, timings=timings, events=self.events())
        except BaseException:
            if checkpoints.worthless:
                checkpoints.end()
            raise
        checkpoints.end()
        return target, front
