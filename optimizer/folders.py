"""Where the files of a run lie, finished or not.

A solve works in ``runs/a.unfinished`` and makes ``runs/a`` of it at the end::

    runs/a.unfinished/
        manifest.json, region/     written before the search begins
        checkpoint-7/              front.csv, certificate.json, log.jsonl, state.npz as of some seconds ago

A checkpoint is written under another name and renamed when it is whole, so that the one with the highest number can
always be relied on.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = [
    "CHECKPOINT",
    "STATE",
    "UNFINISHED",
    "flush",
    "free_name",
    "given_run",
    "is_unfinished",
    "numbered",
    "results_of",
    "whole_file",
    "whole_folder",
    "work_folder",
]

UNFINISHED = ".unfinished"
CHECKPOINT = "checkpoint-"
STATE = "state.npz"


def work_folder(target: Path) -> Path:
    """Where the run ``target`` lies until it is finished.

    >>> work_folder(Path("runs/a")).as_posix()
    'runs/a.unfinished'
    """
    return target.with_name(target.name + UNFINISHED)


def free_name(path: Path) -> Path:
    """``path``, or the first of ``path-2``, ``path-3`` ... that neither exists nor was begun."""
    candidate, number = path, 1
    while candidate.exists() or work_folder(candidate).exists():
        number += 1
        candidate = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return candidate


def is_unfinished(folder: Path) -> bool:
    """Is ``folder`` the work folder of a solve?"""
    return folder.absolute().name.endswith(UNFINISHED)


def given_run(folder: Path) -> Path:
    """The run folder meant by ``folder``: itself or, if only that is there, its work folder.

    Raises ``FileNotFoundError`` if there is neither.
    """
    for candidate in (folder, work_folder(folder)) if folder.name else (folder,):
        if (candidate / "manifest.json").is_file():
            return candidate
    raise FileNotFoundError(f"{folder} is no run folder: it has no manifest.json; growthring solve writes one")


def results_of(folder: Path) -> Path:
    """Where the front of the run ``folder`` is: in it, or in the last checkpoint."""
    checkpoints = numbered(folder)
    return checkpoints[max(checkpoints)] if checkpoints else folder


def numbered(folder: Path) -> dict[int, Path]:
    """The whole checkpoints in ``folder``."""
    found = {path.name.removeprefix(CHECKPOINT): path for path in folder.glob(CHECKPOINT + "*") if path.is_dir()}
    return {int(number): path for number, path in found.items() if number.isdecimal()}


def flush(folder: Path) -> None:
    """Wait until ``folder`` with everything in it is on the disk, so that it can be renamed to what it stands for."""
    for path in (*folder.rglob("*"), folder):
        if os.name == "nt" and path.is_dir():
            continue
        descriptor = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def whole_file(target: Path) -> Iterator[Path]:
    """A new file ``target`` that appears whole or not at all: what is yielded is renamed to it at the end.

    Raises ``FileExistsError`` if ``target`` exists.
    """
    if target.exists():
        raise FileExistsError(f"{target} exists already; choose another name or remove it")
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=target.suffix, dir=target.parent)
    os.close(handle)
    draft = Path(name)
    try:
        yield draft
        draft.chmod(0o644)
        draft.rename(target)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


@contextmanager
def whole_folder(target: Path) -> Iterator[Path]:
    """A new folder ``target`` that appears whole or not at all: what is yielded is renamed to it at the end.

    Raises ``FileExistsError`` if ``target`` exists.
    """
    if target.exists():
        raise FileExistsError(f"{target} exists already; choose another name or remove it")
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        yield draft
        draft.chmod(0o755)
        draft.rename(target)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
