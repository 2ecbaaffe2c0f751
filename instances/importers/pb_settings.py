"""The head of an imported election: its objectives, and the words that say where every figure comes from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

from instances.importers.ballots import Ballots
from instances.importers.families import FAMILIES, families_of
from instances.importers.figures import LONGEST, clean
from instances.importers.pb_file import PbFile
from instances.schema import Effect, Project
from instances.settings import Goal, Settings

__all__ = ["pb_settings"]

SOURCE = (
    "Faliszewski, Flis, Peters, Pierczyński, Skowron, Stolicki, Szufa and Talmon, "
    '"Participatory Budgeting: Data, Tools, and Analysis", IJCAI 2023'
)


def pb_settings(
    path: Path,
    file: PbFile,
    projects: Sequence[Project],
    effects: Sequence[Effect],
    ballots: Ballots,
    notes: Sequence[str],
) -> Settings:
    """Objectives: support in each family that occurs, support in all, ballots reached, and cost.

    The families are compared where two of them occur, else support, coverage and cost.
    """
    goals = dict(_goals(file, effects, ballots))
    families = tuple(family for family in FAMILIES if family in goals)
    others = tuple(name for name in ("support", "coverage", "cost") if name in goals)
    parts = [file.meta.get(key, "") for key in ("unit", "district", "subunit", "instance")]
    year = file.meta.get("instance", "")
    return Settings(
        name=clean(" ".join(dict.fromkeys(filter(None, parts))))[:LONGEST] or clean(path.stem)[:LONGEST],
        title=file.meta.get("description", ""),
        description=" ".join([*_description(file, projects, ballots), *notes]),
        provenance=" ".join(_provenance(path, file, projects, ballots)),
        money=file.meta.get("currency", ""),
        first_period=int(year) if len(year) == 4 and year.isdecimal() else 1,
        compare=families if len(families) > 1 else others,
        objectives=goals,
    )


def _goals(file: PbFile, effects: Sequence[Effect], ballots: Ballots) -> Iterator[tuple[str, Goal]]:
    one = Decimal(1)
    found = {e.indicator for e in effects}
    whole = one if all(e.value == e.value.to_integral_value() for e in effects) else None
    counts_points = "votes" not in file.projects.header and "score" in file.projects.header
    unit = "points" if counts_points else "citizens' votes"
    for family in FAMILIES:
        if f"support_{family}" in found:
            label = f"Support for {family}"
            yield family, Goal(label=label, unit=unit, quantum=whole, maximize={f"support_{family}": one})
    if "support" in found:
        yield "support", Goal(label="Support", unit=unit, quantum=whole, maximize={"support": one})
    if ballots.places:
        yield "coverage", Goal(label="Ballots reached", unit="ballots", quantum=one, maximize={"people_reached": one})
    yield "cost", Goal(label="Cost", unit=file.meta.get("currency", ""), minimize={"capital_cost": one})


def _description(file: PbFile, projects: Sequence[Project], ballots: Ballots) -> Iterator[str]:
    yield f"Participatory budget: {len(projects)} projects, {ballots.cast} ballots, {file.meta.get('budget')} to spend."
    if rule := file.meta.get("rule"):
        yield f"The city decided by the rule {rule}."
    if rest := file.meta.get("leftover_budget"):
        yield f"What is left over: {rest}."


def _provenance(path: Path, file: PbFile, projects: Sequence[Project], ballots: Ballots) -> Iterator[str]:
    yield f"Read from the Pabulib file {path.name}; the source asks to cite {SOURCE}."
    header = file.projects.header
    column = next((f"the column {c}" for c in ("votes", "score") if c in header), "the number of ballots naming it")
    yield f"Support of a project: {column} (vote type {file.meta.get('vote_type', 'not stated')})."
    if "votes" in header and file.votes and any(ballots.named[p.id] != _votes(file, p.id) for p in projects):
        yield "The column votes differs from the number of ballots that name a project; the column was taken."
    categories = sorted({c for p in projects for c in p.category})
    if categories:
        yield "The same votes count for a family if one of the project's categories belongs to it:"
        for family in FAMILIES:
            members = [c for c in categories if family in families_of(c)]
            yield f"{family} ({', '.join(members) or 'none'}),"
        yield f"in no family ({', '.join(c for c in categories if not families_of(c)) or 'none'})."
    if ballots.cast:
        yield f"{ballots.cast} ballots were grouped into {len(ballots.places)} sets of projects, the places."
    if ballots.blank:
        yield f"{ballots.blank} ballots name no project and stand in no place."
    announced = file.meta.get("num_votes", "")
    if announced and file.votes and announced != str(ballots.cast):
        yield f"The file announces {announced} ballots and lists {ballots.cast}; those listed were read."
    adopted = [p for p in projects if p.adopted]
    if adopted:
        yield f"Adopted are the {len(adopted)} projects whose column selected is above 0."
    if comment := file.meta.get("comment"):
        yield f"The file's own comment: {comment}"


def _votes(file: PbFile, project: str) -> Decimal | None:
    cells = next(cells for _, cells in file.projects.rows if clean(cells.get("project_id", "")) == project)
    return Decimal(cells["votes"]) if cells["votes"].isdecimal() else None
