"""Run: does a run folder hold what it claims?"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from instances import read_region
from instances.region import Region
from optimizer.certificate import Certificate
from optimizer.exact import exact_text
from optimizer.folders import results_of
from optimizer.verify.alternatives import alternative_faults
from optimizer.verify.claims import Manifest, Objective, certificate_faults, read_json
from optimizer.verify.evaluate import Auditor
from optimizer.verify.table import Listed, read_front

__all__ = ["verify_run"]


def verify_run(folder: str | Path) -> list[str]:
    """Everything in a run folder that is not as it claims; an empty list if all is right.

    From ``region/`` alone, in exact arithmetic: every portfolio keeps every rule, every objective re-adds to the very
    figure that is printed, no portfolio is listed twice or dominated by another. Further: the region's files are those
    that were solved (SHA-256), the manifest's objectives are the region's, and the certificate agrees with itself, with
    the number of rows and, by its ranges, with the points. Each finding is a sentence that names file, row and column;
    a file that is missing or damaged is a finding, too. Of an unfinished run the last checkpoint is verified. That the
    list is *complete* cannot be seen from the list.

    >>> verify_run("runs/nowhere")
    ['runs/nowhere: there is no such folder']
    """
    folder = Path(folder)
    if not folder.is_dir():
        return [f"{folder}: there is no such folder"]
    manifest, findings = read_json(folder / "manifest.json", Manifest)
    results = results_of(folder)
    certificate, more = read_json(results / "certificate.json", Certificate)
    findings += more
    region: Region | None = None
    try:
        if not (folder / "region").is_dir():
            raise FileNotFoundError("there is no such folder")
        region = read_region(folder / "region")
    except (OSError, ValueError) as error:
        findings += [f"region/: {line}" for line in str(error).splitlines()]
    if manifest is None or region is None:
        return findings
    findings += _file_faults(folder, manifest.files)
    known, more = _objectives(manifest.objectives, region)
    findings += more
    rows, count, more = read_front(
        results / "front.csv", [o.name for o in manifest.objectives], [p.id for p in region.projects]
    )
    findings += more
    if certificate is not None:
        findings += certificate_faults(certificate, manifest.objectives, count)
        findings += _range_faults(rows, manifest.objectives, certificate)
    if known:
        auditor = Auditor(region)
        findings += _row_faults(rows, manifest.objectives, auditor)
        path = folder / "alternatives.csv"
        if manifest.alternatives is not None and len(rows) == count:
            names = [project.id for project in region.projects]
            findings += alternative_faults(
                path, manifest.alternatives.listed, rows, names, manifest.objectives, auditor
            )
        elif manifest.alternatives is None and path.exists():
            findings.append("alternatives.csv: manifest.json says nothing of it")
    return findings


def _file_faults(folder: Path, stated: Mapping[str, str]) -> Iterator[str]:
    found = {path.relative_to(folder).as_posix(): path for path in (folder / "region").rglob("*") if path.is_file()}
    for name in sorted(stated.keys() | found.keys()):
        if name not in found:
            yield f"{name}: listed in manifest.json, but not there"
        elif name not in stated:
            yield f"{name}: not listed in manifest.json; it was not there when the region was solved"
        elif hashlib.sha256(found[name].read_bytes()).hexdigest() != stated[name].lower():
            yield f"{name}: not the file that was solved; its SHA-256 differs from that in manifest.json"


def _objectives(objectives: Sequence[Objective], region: Region) -> tuple[bool, list[str]]:
    """Are all objectives known to the region? And what is wrong with them."""
    faults = []
    names = [o.name for o in objectives]
    if len(set(names)) != len(names) or not names:
        faults.append(f"manifest.json, objectives: {', '.join(names) or 'none'}; each once, and at least one, expected")
    for objective in objectives:
        place = f"manifest.json, objective {objective.name}"
        goal = region.goals.get(objective.name)
        if goal is None:
            faults.append(f"{place}: the region has no such objective; it has {', '.join(region.goals)}")
            continue
        if objective.sense != goal.sense:
            faults.append(f"{place}: sense {objective.sense}, in region/region.toml it is {goal.sense}")
        if objective.unit != goal.unit:
            faults.append(f"{place}: unit {objective.unit!r}, in region/region.toml it is {goal.unit!r}")
        if objective.quantum <= 0:
            faults.append(f"{place}: quantum {objective.quantum} is not above 0")
    return set(names) <= region.goals.keys(), faults


def _range_faults(rows: Sequence[Listed], objectives: Sequence[Objective], certificate: Certificate) -> Iterator[str]:
    """Ends of ranges are the nearest floats to exact values; rounding keeps order, so floats are compared."""
    for position, objective in enumerate(objectives):
        if objective.name not in certificate.ranges:
            continue
        low, high = sorted(certificate.ranges[objective.name])
        for row in rows:
            value = row.values[position]
            if not low <= float(value) <= high:
                yield (
                    f"{row.place}, objective {objective.name}: {exact_text(value)} lies outside the range "
                    f"{low:.12g} to {high:.12g} of certificate.json"
                )


def _row_faults(rows: Sequence[Listed], objectives: Sequence[Objective], auditor: Auditor) -> Iterator[str]:
    """Rules and figures of each row by itself, then of the rows among each other (by the figures of the tables)."""
    points: list[tuple[Fraction, ...]] = []
    for row in rows:
        audit = auditor.evaluate(row.plan, [o.name for o in objectives])
        yield from (f"{row.place}: {broken}" for broken in audit.broken)
        points.append(tuple(audit.values[o.name] for o in objectives))
        for objective, printed, true in zip(objectives, row.values, points[-1], strict=True):
            place = f"{row.place}, objective {objective.name}"
            if printed != true:
                yield f"{place}: {exact_text(printed)} is printed, the tables give {exact_text(true)}"
            elif objective.quantum > 0 and ((true - objective.offset) / objective.quantum).denominator != 1:
                yield f"{place}: {exact_text(true)} is no whole number of quanta of {objective.quantum}"
    ranks = _ranks(points, objectives)
    for i, row in enumerate(rows):
        no_worse = np.flatnonzero((ranks <= ranks[i]).all(axis=1))
        better = no_worse[(ranks[no_worse] < ranks[i]).any(axis=1)]
        if better.size:
            yield f"{row.place}: dominated by {rows[better[0]].place.removeprefix('front.csv ')}"
        elif no_worse[0] < i:
            yield f"{row.place}: the same point as {rows[no_worse[0]].place.removeprefix('front.csv ')}"


def _ranks(points: Sequence[tuple[Fraction, ...]], objectives: Sequence[Objective]) -> NDArray[np.int64]:
    """Places of the exact values, 0 for the best: dominance asks for nothing but their order; ``(k, p)``."""
    columns = []
    for objective, column in zip(objectives, zip(*points, strict=True), strict=False):
        order = {value: place for place, value in enumerate(sorted(set(column), reverse=objective.sense == "max"))}
        columns.append([order[value] for value in column])
    return np.array(columns, dtype=np.int64).T
