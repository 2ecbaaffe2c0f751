"""Resume: from a run folder, finished or not, back to the job that goes on with it."""

from __future__ import annotations

import hashlib
import json
import math
import shlex
from pathlib import Path
from typing import Any

from instances import read_region
from models import formulate
from optimizer.folders import STATE, UNFINISHED, given_run, is_unfinished, results_of, work_folder
from optimizer.job import Job
from optimizer.known import read_known
from optimizer.run import Options
from optimizer.stop import Progress

__all__ = ["reopen", "resumed"]


def resumed(folder: str | Path) -> tuple[Job, list[Progress]]:
    """The job that goes on with the run in ``folder``, and the events of its log so far.

    Raises:
        FileNotFoundError: there is no such run.
        FileExistsError: the run is finished: its front is complete, or another run has its name.
        ValueError: the files of the run do not fit together, or not to this version of growthring.
    """
    work = given_run(Path(folder))
    name = work.absolute().name
    target = work.with_name(name.removesuffix(UNFINISHED)) if is_unfinished(work) else work
    if is_unfinished(work) and target.exists():
        raise FileExistsError(f"{target} is finished; what is left of its beginning may go: rm -r {_word(work)}")
    results = results_of(work)
    state = results / STATE
    if not is_unfinished(work) and not state.is_file():
        raise FileExistsError(f"{target} is finished; there is nothing to go on with")
    manifest = json.loads((work / "manifest.json").read_text(encoding="utf-8"))
    _assert_same(work, manifest["files"])
    region = read_region(work / "region")
    options = Options.of(manifest)
    problem = formulate(region, options.objectives)
    start = read_known(state, problem) if state.is_file() else None
    log = results / "log.jsonl"
    lines = log.read_text(encoding="utf-8").splitlines() if log.is_file() else []
    job = Job(region, problem, options, target, manifest["method"], manifest["why"], start=start)
    return job, [_event(json.loads(line)) for line in lines]


def reopen(target: Path) -> None:
    """Make a run that was written as finished a work folder again, so that it, too, may be killed at any moment."""
    if target.exists():
        target.rename(work_folder(target))


def _assert_same(work: Path, files: dict[str, str]) -> None:
    """The region is still the one that was solved."""
    changed = [
        name
        for name, digest in files.items()
        if not (work / name).is_file() or hashlib.sha256((work / name).read_bytes()).hexdigest() != digest
    ]
    if changed:
        raise ValueError(f"{work}: {', '.join(changed)} changed since the run began; solve the region anew")


def _event(figures: dict[str, Any]) -> Progress:
    return Progress(**{**figures, "epsilon": math.inf if figures["epsilon"] is None else figures["epsilon"]})


def _word(path: Path) -> str:
    return shlex.quote(str(path))
