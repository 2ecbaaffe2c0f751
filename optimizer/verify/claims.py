"""Claims: what the manifest and the certificate of a run say, and whether they agree with themselves."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from optimizer.certificate import Certificate, Status
from optimizer.verify.table import EXACT

__all__ = ["Manifest", "Objective", "certificate_faults", "read_json"]

T = TypeVar("T")
CLOSE = 1e-9
"""Share by which figures that a certificate states as floats may differ; no rule or objective depends on it."""


class Objective(BaseModel):
    """An objective as the manifest states it; figures are exact text."""

    model_config = ConfigDict(frozen=True)
    name: str
    sense: Literal["max", "min"]
    unit: str
    quantum: EXACT
    offset: EXACT


class Alternatives(BaseModel):
    """How many portfolios ``alternatives.csv`` is said to list."""

    model_config = ConfigDict(frozen=True)
    listed: int


class Manifest(BaseModel):
    """The part of ``manifest.json`` that can be checked: SHA-256 of each file of the region, objectives, and counts."""

    model_config = ConfigDict(frozen=True)
    files: dict[str, str]
    objectives: tuple[Objective, ...]
    alternatives: Alternatives | None = None


def read_json(path: Path, kind: type[T]) -> tuple[T | None, list[str]]:
    """What the file holds, or why it cannot be used."""
    try:
        return TypeAdapter(kind).validate_json(path.read_bytes(), strict=True), []
    except OSError as error:
        return None, [f"{path.name} cannot be read: {error.strerror}"]
    except ValidationError as error:
        faults = [(".".join(map(str, fault["loc"])), fault["msg"]) for fault in error.errors()]
        return None, [f"{path.name}{', ' * bool(where)}{where}: {what}" for where, what in faults]


def certificate_faults(certificate: Certificate, objectives: tuple[Objective, ...], rows: int) -> Iterator[str]:
    """Where a certificate claims more than its own figures allow; ``rows`` is the number of listed portfolios."""
    for fault in (
        *_points(certificate, rows),
        *(_complete(certificate) if certificate.status is Status.COMPLETE else ()),
        *_epsilon(certificate),
        *_units(certificate, objectives),
    ):
        yield f"certificate.json, {fault}"


def _points(certificate: Certificate, rows: int) -> Iterator[str]:
    points = certificate.points
    if points != rows:
        yield f"points: {points} are certified, front.csv lists {rows}"
    if certificate.infeasible and points:
        yield f"infeasible: it is said that no portfolio keeps all rules, but {points} are certified"
    if certificate.infeasible and certificate.status is not Status.COMPLETE:
        yield f"status: {certificate.status}, though it is said to be proved that no portfolio keeps all rules"
    if not certificate.infeasible and not points and certificate.status is not Status.HEURISTIC:
        yield f"status: {certificate.status}, but there is no point, nor is it said that no portfolio keeps all rules"
    if certificate.open_regions_total < len(certificate.open_regions):
        yield f"open_regions_total: {certificate.open_regions_total}, but {len(certificate.open_regions)} are listed"


def _complete(certificate: Certificate) -> Iterator[str]:
    still_open = max(certificate.open_regions_total, len(certificate.open_regions))
    if still_open:
        yield f"status: COMPLETE, but {still_open} regions are still open"
    if certificate.epsilon != 0:
        yield f"status: COMPLETE, but epsilon is {_shown(certificate.epsilon)}, not 0"
    if certificate.hypervolume_missing:
        yield f"status: COMPLETE, but hypervolume_missing is {_shown(certificate.hypervolume_missing)}, not 0"
    if certificate.faults:
        yield f"status: COMPLETE, but solves failed: {'; '.join(certificate.faults)}"


def _epsilon(certificate: Certificate) -> Iterator[str]:
    epsilon = certificate.epsilon
    if epsilon is None or not (math.isfinite(epsilon) and epsilon >= 0):
        if certificate.status is Status.GUARANTEE or epsilon is not None:
            yield f"epsilon: {_shown(epsilon)}, but {certificate.status} wants a number from 0"
        return
    for number, region in enumerate(certificate.open_regions, start=1):
        if region.epsilon is None or region.epsilon > epsilon * (1 + CLOSE):
            yield f"epsilon: {_shown(epsilon)}, but open region {number} leaves {_shown(region.epsilon)} open"


def _units(certificate: Certificate, objectives: tuple[Objective, ...]) -> Iterator[str]:
    """Ranges for all objectives, and epsilon in units equal to epsilon of the range (at least a quantum)."""
    if not certificate.points:
        return
    names = {objective.name for objective in objectives}
    if certificate.ranges.keys() != names:
        yield f"ranges: of {sorted(certificate.ranges)}, expected {sorted(names)}"
    stated = certificate.epsilon_in_units
    if stated is None or certificate.epsilon is None:
        if (stated is None) != (certificate.epsilon is None):
            yield "epsilon_in_units: given without epsilon, or the other way round"
        return
    if stated.keys() != names:
        yield f"epsilon_in_units: of {sorted(stated)}, expected {sorted(names)}"
    for objective in objectives:
        if objective.name in stated and objective.name in certificate.ranges:
            one, other = certificate.ranges[objective.name]
            wanted = certificate.epsilon * max(abs(one - other), float(objective.quantum))
            if not math.isclose(stated[objective.name], wanted, rel_tol=CLOSE, abs_tol=1e-12):
                there = f"{stated[objective.name]:.12g}"
                yield f"epsilon_in_units of {objective.name}: {there}, epsilon of the range is {wanted:.12g}"


def _shown(figure: float | None) -> str:
    return "unknown" if figure is None else f"{figure:g}"
