"""The folder of a sweep: a run folder a step, and tables and a picture of all of them.

``sweep.json`` says what was asked; ``step-001`` and so on are run folders like any other. A sweep that is begun again
with the same question only solves the steps that are missing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from instances import read_region, write_region
from optimizer.decide.sweep.outcome import Setting, Sweep
from optimizer.folders import whole_folder
from optimizer.run import Options, json_text, read_run, write_run

if TYPE_CHECKING:
    from instances.region import Region
    from optimizer.front import Front
    from optimizer.listing import Listing
from optimizer.tables import write_table

__all__ = ["SweepFolder"]


class SweepFolder:
    """The folder ``path``, new or begun with the same ``asked`` (plain types) about the same ``region``.

    Raises ``ValueError`` if it holds something else.
    """

    def __init__(self, path: Path, region: Region, asked: Mapping[str, Any], there: Mapping[Setting, Region]) -> None:
        self.path, self.region = path, region
        self._names = {setting: f"step-{number:03d}" for number, setting in enumerate(there, 1)}
        if not path.exists():
            with whole_folder(path) as draft:
                write_region(region, draft / "region")
                (draft / "sweep.json").write_text(json_text(asked, indent=1) + "\n", encoding="utf-8")
            return
        file = path / "sweep.json"
        if not file.is_file():
            raise ValueError(f"{path} exists and is no folder of a sweep; give another name with -o")
        if json.loads(file.read_text(encoding="utf-8")) != json.loads(json_text(asked)):
            raise ValueError(f"{path} holds a sweep that asked something else; give another name with -o")
        if read_region(path / "region") != region:
            raise ValueError(f"{path} holds a sweep of the region as it was; give another name with -o")

    def done(self) -> dict[Setting, Listing]:
        """The steps that are there already."""
        found = {}
        for setting, name in self._names.items():
            if (self.path / name).exists():
                found[setting] = read_run(self.path / name).listing
        return found

    def keep(self, setting: Setting, region: Region, front: Front, options: Options) -> Path:
        """Write the run folder of a step."""
        return write_run(self.path / self._names[setting], region, front, options)

    def finish(self, found: Sweep) -> list[Path]:
        """Write tables and picture of the steps that are there."""
        tables = {"steps.csv": found.to_frame(), "projects.csv": found.projects_frame()}
        if found.stable:
            tables["stable.csv"] = found.stable_frame()
        files = [self.path / name for name in tables]
        for file, frame in zip(files, tables.values(), strict=True):
            write_table(frame, file)
        (self.path / "result.json").write_text(json_text(found.to_dict(), indent=1) + "\n", encoding="utf-8")
        files.append(self.path / "result.json")
        if any(step.shares for step in found.steps):
            from optimizer.report.describe.pictures import save
            from optimizer.report.plots.rising import rising

            save(rising(found), self.path / "sweep.png")
            files.append(self.path / "sweep.png")
        return files
