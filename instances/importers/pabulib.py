"""Participatory-budgeting elections in the ``.pb`` format of Pabulib as regions of one period.

Faliszewski, Flis, Peters, Pierczyński, Skowron, Stolicki, Szufa & Talmon, "Participatory Budgeting: Data, Tools, and
Analysis", IJCAI 2023.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from instances.faults import Fault, RegionError
from instances.head import Head
from instances.importers.ballots import Ballots, read_ballots
from instances.importers.families import families_of
from instances.importers.figures import LONGEST, clean, figure
from instances.importers.pb_file import PbFile, read_pb
from instances.importers.pb_settings import pb_settings
from instances.read import assemble
from instances.region import Region
from instances.schema import Budget, Effect, Project, Relation, Row, Town
from instances.sheets import Sheet
from instances.tables import Table, parse

__all__ = ["read_pabulib"]

COLUMNS = {"id": "project_id", "capital_cost": "cost", "adopted": "selected", "x": "longitude", "y": "latitude"}
"""Our columns that are theirs under another name; faults speak of theirs."""

TOWNS = ("neighborhood", "neighbourhood", "subunit", "district")
"""Columns of PROJECTS that say where a project lies; the first that is there makes the towns."""

CAPS = {"budget_per_category": ("categories", "category"), "budget_per_neighborhood": ("neighborhoods", "town")}
"""Key of META with caps, the key with what they cap, and what that is for our relations."""

_DECIMALS = 8  # of a degree: a millimetre


def read_pabulib(path: str | Path) -> Region:
    r"""Read an election: its projects, its budget and what its citizens voted for.

    ``support`` of a project is its votes: the column ``votes``, else ``score``, else the number of ballots that name
    it, whatever the vote type. ``support_growth``, ``support_character`` and ``support_livability`` are the same votes
    where one of the project's categories belongs to the family (:mod:`instances.importers.families`).
    Ballots that name the same projects form a place, so that ``people_reached`` counts the ballots of which at least
    one project is funded. A ``selected`` above 0 becomes ``adopted``: 1 was funded by the rule, while 2 and 3 mark
    projects that were funded in another way (in Poznań, 2 is the last one, for which at least 80 % was left), so that
    the adopted projects may cost more than the budget.
    Caps in META become relations. ``|`` in ids, categories and towns becomes ``/``; coordinates are rounded to a
    millimetre; a town whose name is longer than 80 characters is cut in its id. Nothing else is changed.

    Raises:
        RegionError: with every fault, by line: blocks, columns, cells or a budget that are missing, figures that are no
            numbers, ids given twice, fewer projects than announced, ballots that name projects which are not listed.

    >>> import tempfile
    >>> lines = ["META", "key;value", "unit;Hamlet", "instance;2026", "budget;10", "currency;EUR",
    ...          "PROJECTS", "project_id;cost;category", "well;6;environmental protection", "fair;5;culture",
    ...          "VOTES", "voter_id;vote", "1;well,fair", "2;fair"]
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder, "hamlet.pb")
    ...     _ = file.write_text("\n".join(lines), encoding="utf-8")
    ...     region = read_pabulib(file)
    >>> region.name, region.compared
    ('Hamlet 2026', ('character', 'livability'))
    >>> [(e.indicator, int(e.value)) for e in region.effects if e.project == "fair"]
    [('support', 2), ('support_character', 2)]
    """
    path = Path(path)
    file = read_pb(path)
    faults = [*file.faults, *_too_few(file)]
    towns = _towns(file)
    table = _projects(file, towns)
    projects = list({row.id: row for row in table.rows if isinstance(row, Project)}.values())
    ids = {clean(cells.get("project_id", "")): None for _, cells in file.projects.rows}
    ballots = read_ballots(file, ids, {p.id for p in projects})
    votes = _votes(file, ballots, faults)
    caps, notes = _caps(file, projects, towns, faults)
    budget = _budget(file, faults)
    effects = [effect for project in projects for effect in _effects(project, votes)]
    derived: dict[str, Sequence[Row]] = {
        "effects": effects,
        "towns": list(towns.values()),
        "budgets": [Budget(fund="budget", amount=budget)] if budget is not None else [],
        "relations": caps,
        "places": ballots.places,
        "reach": ballots.reach,
    }
    tables = {name: Table(f"{file.place}, {name}", tuple(rows)) for name, rows in derived.items() if rows}
    settings = pb_settings(path, file, projects, effects, ballots, notes)
    try:
        return assemble(Head(settings, file.place), {"projects": table, **tables}, (*faults, *ballots.faults))
    except RegionError as error:
        raise RegionError([_in_their_words(fault, file.place) for fault in error.faults]) from None


def _in_their_words(fault: Fault, place: str) -> Fault:
    theirs = COLUMNS.get(fault.column or "")
    return replace(fault, column=theirs) if theirs and fault.place == place else fault


def _too_few(file: PbFile) -> Iterator[Fault]:
    """The check that a file is whole: as many projects as it announces."""
    announced, found = file.meta.get("num_projects", ""), len(file.projects.rows)
    if announced and announced != str(found):
        rule = f"projects are announced, but PROJECTS lists {found}"
        cause = "the file was cut short, or rows were added or deleted by hand"
        yield Fault(file.place, file.lines["num_projects"], "num_projects", announced, rule, cause)


def _budget(file: PbFile, faults: list[Fault]) -> Decimal | None:
    if "budget" in file.meta:
        return _amount(file, "budget", file.meta["budget"], faults, file.lines["budget"])
    faults.append(Fault(file.place, None, "budget", None, "the key is missing in META", "it was left out"))
    return None


def _towns(file: PbFile) -> dict[str, Town]:
    """Towns by what the file calls them."""
    column = next((c for c in TOWNS if c in file.projects.header), "")
    towns: dict[str, Town] = {}
    for _, cells in file.projects.rows:
        name = clean(cells.get(column, ""))
        if name and name not in towns:
            short = name if len(name) <= LONGEST else f"{name[: LONGEST - 6]}… {len(towns) + 1}"
            towns[name] = Town(id=short, name=name, district=cells.get("district", "") if column != "district" else "")
    return towns


def _projects(file: PbFile, towns: Mapping[str, Town]) -> Table:
    """The rows of PROJECTS as the rows of a sheet with our columns; a column that is missing stays so."""
    header, column = file.projects.header, next((c for c in TOWNS if c in file.projects.header), "")
    ours = [c for c in ("id", "name", "category", "capital_cost", "adopted", "x", "y") if COLUMNS.get(c, c) in header]
    rows = []
    for line, cells in file.projects.rows:
        found: dict[str, object] = {c: cells[COLUMNS.get(c, c)] for c in ours}
        found["town"] = towns[name].id if (name := clean(cells.get(column, ""))) else ""
        if "id" in found:
            found["id"] = clean(cells["project_id"])
        found["category"] = tuple(dict.fromkeys(filter(None, map(clean, cells.get("category", "").split(",")))))
        if cells.get("selected", "").isdecimal():
            found["adopted"] = str(min(1, int(cells["selected"])))
        for c in ("x", "y"):
            found[c] = _rounded(str(found.get(c, "")))
        rows.append((line, [found[c] for c in (*ours, "town")]))
    return parse("projects", Sheet(file.place, (*ours, "town"), rows, file.projects.header_row))


def _rounded(degrees: str) -> str:
    digits = degrees.partition(".")[2]
    if len(digits) > _DECIMALS and digits.isdecimal():
        return str(round(Decimal(degrees), _DECIMALS))
    return degrees


def _votes(file: PbFile, ballots: Ballots, faults: list[Fault]) -> dict[str, Decimal]:
    """Votes by project."""
    column = next((c for c in ("votes", "score") if c in file.projects.header), "")
    if not column and file.votes is None:
        rule = "neither a column votes nor a block VOTES is there, so nobody's support is known"
        faults.append(Fault(file.place, file.projects.header_row, None, None, rule, "the file was cut short"))
    if file.votes and "vote" not in file.votes.header:
        rule = "the column is missing; the projects that a ballot names"
        faults.append(Fault(file.place, file.votes.header_row, "vote", None, rule, "the header of VOTES was deleted"))
    votes = {}
    for line, cells in file.projects.rows:
        project = clean(cells.get("project_id", ""))
        counted = Decimal(ballots.named[project])
        found = _amount(file, column, cells[column], faults, line) if column else counted
        votes[project] = counted if found is None else found
    return votes


def _amount(file: PbFile, column: str, text: str, faults: list[Fault], line: int | None) -> Decimal | None:
    """A figure of at least 0, or nothing and a fault."""
    found = figure(text, (file.place, line, column), faults)
    if found is not None and found < 0:
        faults.append(Fault(file.place, line, column, text, "is below 0", "a minus sign too many"))
        return None
    return found


def _effects(project: Project, votes: Mapping[str, Decimal]) -> Iterator[Effect]:
    """Support, in all and by family; a project that nobody voted for has none."""
    value = votes[project.id]
    if value:
        yield Effect(project=project.id, indicator="support", value=value)
        for family in dict.fromkeys(f for category in project.category for f in families_of(category)):
            yield Effect(project=project.id, indicator=f"support_{family}", value=value)


def _caps(
    file: PbFile, projects: Sequence[Project], towns: Mapping[str, Town], faults: list[Fault]
) -> tuple[list[Relation], list[str]]:
    """Caps on spending as relations, and a sentence for each cap that caps nothing."""
    rules: list[Relation] = []
    notes: list[str] = []
    for key, (names_key, kind) in CAPS.items():
        names, amounts = file.meta_list(names_key), file.meta_list(key)
        if not amounts:
            continue
        if len(names) != len(amounts):
            rule = f"gives {len(amounts)} caps, but {names_key} lists {len(names)}"
            faults.append(Fault(file.place, file.lines[key], key, None, rule, "a comma in a name or in an amount"))
            continue
        for name, text in zip(names, amounts, strict=True):
            amount = _amount(file, key, text, faults, file.lines[key])
            town = towns[name].id if name in towns else name
            members = [p.id for p in projects if (name in p.category if kind == "category" else p.town == town)]
            if not members:
                notes.append(f"The cap of {text} on {name} was left out, because no project belongs to it.")
            elif amount is not None:
                whole = f"{kind}={name if kind == 'category' else town}"
                cell = (whole,) if len(whole) <= LONGEST else tuple(members)
                title = f"cap on {name}"[:LONGEST]
                rules.append(Relation(id=title, kind="spend_at_most", members=cell, amount=amount))
    return rules, notes
