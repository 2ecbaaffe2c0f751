"""Where results go: refused before the work starts, with the way out."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

from optimizer.cli.sections import UserFault
from optimizer.folders import free_name, work_folder

__all__ = ["default_run", "new_target"]


def new_target(path: str | Path) -> Path:
    """``path`` if a folder or file of that name can be made; otherwise a fault that says what to do."""
    target = Path(path)
    if target.exists():
        way_out = f"{'rm -r' if target.is_dir() else 'rm'} {shlex.quote(str(target))}"
        raise UserFault(f"{target} exists already. Give another name with -o, or remove it first: {way_out}")
    if (work := work_folder(target)).exists():
        goes_on = f"growthring resume {shlex.quote(str(target))}"
        way_out = f"rm -r {shlex.quote(str(work))}"
        raise UserFault(f"{target} was begun and not finished. Go on with it: {goes_on}; or remove it first: {way_out}")
    parent = next(p for p in target.absolute().parents if p.exists())
    if not parent.is_dir():
        raise UserFault(f"{target} cannot be made: {parent} is a file, not a folder")
    if not os.access(parent, os.W_OK):
        raise UserFault(f"{target} cannot be made: no permission to write in {parent}")
    return target


def default_run(region: str) -> Path:
    """A free run folder named after the region, with nothing in its name that a shell or a path could misread.

    >>> default_run("Salt / Lantern county").as_posix()
    'runs/Salt-Lantern-county'
    """
    return free_name(Path("runs") / (re.sub(r"[^\w.-]+", "-", region).strip("-.") or "region"))
