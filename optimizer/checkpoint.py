"""Checkpoints: what a solve has found, kept while it goes on, so that it may be killed at any moment.

A checkpoint is a set of files that belong together (see :mod:`optimizer.folders`): they are written to a temporary
folder, flushed to the disk and renamed at once. One that cannot be written costs a warning, never the solve.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from instances import write_region
from optimizer.folders import CHECKPOINT, flush, numbered, work_folder
from optimizer.run import Options, write_manifest, write_results
from optimizer.stop import Progress

if TYPE_CHECKING:
    from instances.region import Region
    from models.problem import Problem
    from optimizer.front import Front

__all__ = ["Checkpoints"]

SECONDS = 5.0
"""Seconds between two checkpoints."""
SHARE = 0.02
"""At most this share of the time goes into checkpoints: a large one is written less often."""


@dataclass(eq=False)
class Checkpoints:
    """Keeps the run ``target`` resumable; goes to :func:`optimizer.solve` as ``on_checkpoint``.

    ``warn`` is told, once, why checkpoints cannot be written; ``events`` gives the log so far.
    """

    target: Path
    region: Region
    problem: Problem
    options: Options
    engine: str
    why: str
    warn: Callable[[str], None]
    events: Callable[[], Iterable[Progress]] = tuple
    spent: float = field(default=0.0, init=False)
    _next: float = field(default=0.0, init=False)
    _warned: bool = field(default=False, init=False)

    def begin(self) -> None:
        """Make the work folder, with all that a solve starts from; state the options anew if it is there already."""
        self._next = time.perf_counter() + SECONDS
        with self._warning():
            if (work_folder(self.target) / "manifest.json").is_file():
                self._state_options()
            else:
                self._make_folder()

    def __call__(self, take: Callable[[], Front]) -> None:
        """Write the front that ``take`` gives if it is time."""
        began = time.perf_counter()
        if began < self._next:
            return
        front = take()
        with self._warning():
            self._write(front)
        took = time.perf_counter() - began
        self.spent += took
        self._next = began + took + max(SECONDS, took / SHARE)

    def end(self) -> None:
        """Remove the work folder, when the run itself is written or there is nothing in it."""
        shutil.rmtree(work_folder(self.target), ignore_errors=True)

    @property
    def worthless(self) -> bool:
        """Is there nothing in the work folder but what the solve started from?"""
        folder = work_folder(self.target)
        return not (numbered(folder) or (folder / "front.csv").is_file())

    @contextlib.contextmanager
    def _warning(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            if not self._warned:
                self._warned = True
                what = f"{work_folder(self.target)}: {error.strerror or error}"
                self.warn(f"No checkpoint can be written, {what}. The search goes on; the last checkpoint is kept.")

    def _make_folder(self) -> None:
        folder = work_folder(self.target)
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
        try:
            write_region(self.region, draft / "region")
            self._write_manifest(draft / "manifest.json")
            draft.rename(folder)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise

    def _state_options(self) -> None:
        folder = work_folder(self.target)
        draft = folder / ".manifest.json"
        self._write_manifest(draft)
        flush(folder)
        draft.replace(folder / "manifest.json")

    def _write_manifest(self, path: Path) -> None:
        options, engine, why = self.options, self.engine, self.why
        write_manifest(path, self.region, self.problem, options, engine=engine, why=why, timings={})

    def _write(self, front: Front) -> None:
        folder = work_folder(self.target)
        if not (folder / "manifest.json").is_file():
            self._make_folder()
        older = numbered(folder)
        draft = Path(tempfile.mkdtemp(prefix=".checkpoint.", dir=folder))
        try:
            write_results(draft, self.region, front, self.events())
            flush(draft if older else folder)
            draft.rename(folder / f"{CHECKPOINT}{max(older, default=0) + 1}")
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
        for path in older.values():
            shutil.rmtree(path, ignore_errors=True)
