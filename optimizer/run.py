"""Run folder: what went in, what came out and what is proved about it; written whole or not at all.

::

    manifest.json      versions, checksums of the region's files, options, machine, timings, objectives
    certificate.json   what is proved
    front.csv          one row a portfolio: objectives in their own unit and sense, start period of each project
    alternatives.csv   all portfolios with the values of a listed one, where they were asked for
    log.jsonl          how the search went, one line an event
    region/            the facts, so that the run can be checked by itself
    state.npz          unless the front is complete: what `growthring resume` goes on from
"""

from __future__ import annotations

import csv
import hashlib
import json
import math
import os
import platform
import re
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from fractions import Fraction
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from instances import read_region, write_region
from models.problem import Objective
from optimizer.certificate import Certificate
from optimizer.exact import exact_text
from optimizer.folders import STATE, flush, given_run, results_of
from optimizer.known import write_known
from optimizer.listing import Listing
from optimizer.methods import BACKENDS
from optimizer.portfolios import Portfolios
from optimizer.stop import Progress

if TYPE_CHECKING:
    import pandas as pd

    from instances.region import Region
    from models.problem import Problem
    from optimizer.alternatives import Alternatives
    from optimizer.engines.found import Reductions
    from optimizer.front import Front

__all__ = ["Options", "Run", "json_text", "read_run", "write_manifest", "write_results", "write_run"]


EXTRAS = {"cpsat": ("ortools",)}
"""Backend to the packages it brings along."""


@dataclass(frozen=True)
class Options:
    """What was asked of a solve; ``time_limit`` in seconds, ``memory`` in bytes.

    ``algorithm`` and its ``population`` are what ``evolve`` runs; ``certify`` asks for a proof of its list.
    ``backend`` is the solver that ``search`` asks.
    """

    objectives: tuple[str, ...]
    method: str = "auto"
    guarantee: float = 0.0
    time_limit: float = math.inf
    workers: int = 1
    seed: int = 0
    memory: int | None = None
    alternatives: bool = False
    algorithm: str | None = None
    population: int | None = None
    certify: bool = False
    backend: str = BACKENDS[0]

    @classmethod
    def of(cls, manifest: Mapping[str, Any]) -> Options:
        """The options that stand in a manifest."""
        stated = {f.name: manifest["options"][f.name] for f in fields(cls) if f.name in manifest["options"]}
        limit = math.inf if stated["time_limit"] is None else stated["time_limit"]
        return cls(**{**stated, "objectives": tuple(stated["objectives"]), "time_limit": limit})


@dataclass(frozen=True)
class Run(Portfolios):
    """A run folder that was read back."""

    folder: Path
    region: Region
    listing: Listing
    manifest: Mapping[str, Any] = field(repr=False)

    @property
    def certificate(self) -> Certificate:
        return self.listing.certificate

    def to_frame(self) -> pd.DataFrame:
        """See :meth:`Portfolios.to_frame`; with the use of budgets and limits."""
        from optimizer.frame import portfolio_frame

        return portfolio_frame(self.listing, self.region)


def write_run(
    folder: str | Path,
    region: Region,
    front: Front,
    options: Options,
    *,
    why: str = "",
    timings: Mapping[str, float] | None = None,
    events: Iterable[Progress] = (),
) -> Path:
    """Write the run folder ``folder`` and return its path.

    ``why`` says why the method was chosen, ``timings`` holds seconds by step. Everything is written to a temporary
    neighbour that is renamed at the end. Raises ``FileExistsError`` if ``folder`` exists.
    """
    folder = Path(folder)
    if folder.exists():
        raise FileExistsError(f"{folder} exists already; choose another name or remove it")
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        write_region(region, draft / "region")
        engine = front.certificate.engine
        path = draft / "manifest.json"
        write_manifest(
            path,
            region,
            front.problem,
            options,
            engine=engine,
            why=why,
            timings=timings or {},
            reductions=front.reductions,
            alternatives=front.alternatives,
        )
        write_results(draft, region, front, events)
        flush(draft)
        draft.chmod(0o777 & ~_umask())
        draft.rename(folder)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return folder


def write_manifest(
    path: Path,
    region: Region,
    problem: Problem,
    options: Options,
    *,
    engine: str,
    why: str,
    timings: Mapping[str, float],
    reductions: Reductions | None = None,
    alternatives: Alternatives | None = None,
) -> None:
    """Write the manifest ``path`` beside the ``region/`` that is there already."""
    folder = path.parent
    manifest = {
        "growthring": metadata.version("growthring"),
        "written": datetime.now(UTC).isoformat(timespec="seconds"),
        "region": region.name,
        "files": {path.relative_to(folder).as_posix(): _sha256(path) for path in _files(folder / "region")},
        "objectives": [{name: str(v) for name, v in asdict(o).items()} for o in problem.objectives],
        "options": asdict(options),
        "seed": options.seed,
        "method": engine,
        "why": why,
        "size": {"projects": len(region.projects), "columns": len(problem.columns), "rows": len(problem.rows)},
        "reductions": asdict(reductions) if reductions else None,
        "alternatives": _counted(alternatives) if alternatives else None,
        "timings": dict(timings),
        "python": platform.python_version(),
        "packages": _packages(EXTRAS.get(options.backend, ())),
        "machine": {
            "cores": os.cpu_count(),
            "platform": f"{platform.system()} {platform.release()}",
            "processor": platform.processor() or platform.machine(),
        },
    }
    _write(path, json_text(manifest, indent=1))


def write_results(folder: Path, region: Region, front: Front, events: Iterable[Progress]) -> None:
    """Write what a solve found: front, certificate, log and, unless the front is complete, the state."""
    listing = Listing.of(front, region)
    _write(folder / "certificate.json", json_text(listing.certificate.to_dict(), indent=1))
    _write(folder / "log.jsonl", *(json_text(asdict(event)) for event in events))
    _write_front(folder / "front.csv", listing)
    if front.alternatives is not None:
        _write_alternatives(folder / "alternatives.csv", front, listing, front.alternatives)
    if front.proof is not None:
        _write(folder / "proof.json", front.proof.to_json())
    if front.known is not None:
        write_known(folder / STATE, front.known, front.problem)


def read_run(folder: str | Path) -> Run:
    """Read a run folder back, with exact values; of an unfinished run the last checkpoint.

    Raises ``FileNotFoundError`` if it is none, ``ValueError`` if its files do not fit together.
    """
    folder = given_run(Path(folder))
    results = results_of(folder)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    certificate = Certificate.from_dict(json.loads((results / "certificate.json").read_text(encoding="utf-8")))
    objectives = tuple(_objective(entry) for entry in manifest["objectives"])
    listing = _read_front(results / "front.csv", objectives, certificate)
    return Run(folder, read_region(folder / "region"), listing, manifest)


def _write_front(path: Path, listing: Listing) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["portfolio", *(o.name for o in listing.objectives), *listing.projects])
        for k, (values, starts) in enumerate(zip(listing.values, listing.starts.tolist(), strict=True)):
            table.writerow([k + 1, *map(exact_text, values), *starts])


def _write_alternatives(path: Path, front: Front, listing: Listing, alternatives: Alternatives) -> None:
    """The first one of each portfolio is that of ``front.csv``."""
    place = {project: i for i, project in enumerate(front.projects)}
    starts = front.starts_of(alternatives.X)
    number = np.arange(len(alternatives)) - np.searchsorted(alternatives.of, alternatives.of) + 1
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["portfolio", "alternative", *listing.projects])
        for k, i, row in zip(alternatives.of.tolist(), number.tolist(), starts.tolist(), strict=True):
            table.writerow([k + 1, i, *(row[place[p]] if p in place else 0 for p in listing.projects)])


def _counted(alternatives: Alternatives) -> dict[str, Any]:
    """How many portfolios ``alternatives.csv`` lists, and for which ones of the front others may exist."""
    more = (np.flatnonzero(alternatives.more) + 1).tolist()
    return {"listed": len(alternatives), "stopped_by": alternatives.stopped_by, "more_may_exist": more}


def _read_front(path: Path, objectives: tuple[Objective, ...], certificate: Certificate) -> Listing:
    """The columns are told apart by their place, since a project may bear the name of an objective."""
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    first = 1 + len(objectives)
    if header[:first] != ["portfolio", *(o.name for o in objectives)]:
        raise ValueError(f"{path}: the first columns are {header[:first]}; the manifest has other objectives")
    try:
        values = tuple(tuple(Fraction(cell) for cell in row[1:first]) for row in rows)
        starts = np.array([[int(cell) for cell in row[first:]] for row in rows], dtype=np.int64)
        return Listing(
            objectives, tuple(header[first:]), values, starts.reshape(len(rows), len(header) - first), certificate
        )
    except (ValueError, ZeroDivisionError) as error:
        raise ValueError(f"{path} is damaged: {error}") from error


def _objective(entry: Mapping[str, str]) -> Objective:
    if (sense := entry["sense"]) not in ("max", "min"):
        raise ValueError(f"manifest.json, objective {entry['name']}: sense {sense!r}, expected max or min")
    exact = {name: Fraction(entry[name]) for name in ("quantum", "offset")}
    return Objective(entry["name"], "max" if sense == "max" else "min", entry["unit"], entry["label"], **exact)


def _write(path: Path, *lines: str) -> None:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def json_text(data: Any, indent: int | None = None) -> str:
    """``data`` as strict JSON, with ``null`` for infinite numbers.

    >>> json_text({"epsilon": math.inf, "points": 3})
    '{"epsilon": null, "points": 3}'
    """
    return json.dumps(_finite(data), ensure_ascii=False, allow_nan=False, indent=indent)


def _finite(data: Any) -> Any:
    if isinstance(data, float) and not math.isfinite(data):
        return None
    if isinstance(data, dict):
        return {key: _finite(value) for key, value in data.items()}
    return [_finite(value) for value in data] if isinstance(data, list | tuple) else data


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _packages(extras: Iterable[str]) -> dict[str, str]:
    """Installed versions of what growthring requires, and of the ``extras`` that it used."""
    required = (entry for entry in metadata.requires("growthring") or () if "extra ==" not in entry)
    names = sorted(re.split(r"[^\w.-]", entry, maxsplit=1)[0] for entry in required)
    names += extras
    return {name: metadata.version(name) for name in names}


def _umask() -> int:
    """The mode that new folders get, since a temporary folder starts closed to others."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
