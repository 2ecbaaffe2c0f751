"""The officer's summary as a tagged PDF of four pages: shortlist, trade-off, money, growth alone and the proof."""

from __future__ import annotations

import json
from fractions import Fraction
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from optimizer.certificate import Status, percent_at_most
from optimizer.decide.growth_only import beside_of_run
from optimizer.decide.representatives import compromise, representatives
from optimizer.decide.shortlist import Class, Shortlist, shortlist
from optimizer.exact import at_most, decimals, figure, percent
from optimizer.folders import whole_file
from optimizer.report.plots import front
from optimizer.report.strings import Language, strings
from optimizer.verify import Auditor

if TYPE_CHECKING:
    from optimizer.run import Run

__all__ = ["MissingTypst", "write_summary"]

MOST = {Class.CORE: 10, Class.BORDERLINE: 9, Class.EXTERIOR: 5}
"""Projects of each class that the first page has room for."""
LIMITS = 40
CREATED = 946684800  # a fixed date: the same run gives the same bytes


class MissingTypst(RuntimeError):
    """The typesetter is not installed."""

    def __init__(self) -> None:
        super().__init__("a PDF needs the typesetter: pip install 'growthring[pdf]'")


def write_summary(run: Run, path: str | Path, language: Language = "en") -> Path:
    """Write the summary of ``run`` as ``path`` and return the path; the same run gives the same bytes.

    Raises ``FileExistsError`` if ``path`` exists, ``ValueError`` if the run holds no portfolio, and
    :class:`MissingTypst`. The file appears whole or not at all.
    """
    try:
        import typst
    except ImportError as error:
        raise MissingTypst from error
    with whole_file(Path(path)) as draft:
        inputs = {"data": json.dumps(_data(run, language), ensure_ascii=False)}
        source = (files(__package__) / "summary.typ").read_bytes()
        draft.write_bytes(typst.compile(source, sys_inputs=inputs, timestamp=CREATED))
    return Path(path)


def _data(run: Run, language: Language) -> dict[str, Any]:
    region, listing, words = run.region, run.listing, strings(language)
    chosen = shortlist(region, listing)
    proof, settings = listing.certificate, region.settings
    share = percent_at_most(proof.epsilon) if proof.epsilon is not None else ""
    says = words[f"words.{proof.status}"].replace("{n}", f"{len(listing):,}").replace("{share}", share)
    units = None
    if proof.status is Status.GUARANTEE and proof.epsilon_in_units:
        amounts = [
            f"{o.label or o.name} {at_most(proof.epsilon_in_units[o.name])} {o.unit}" for o in listing.objectives
        ]
        units = words["in_units"].replace("{list}", "; ".join(amounts))
    return {
        "lang": "zh" if language == "zh" else "en",
        "words": words,
        "title": words["title"].replace("{title}", settings.title or settings.name),
        "description": settings.description,
        "provenance": settings.provenance,
        "status": words[f"status.{proof.status}"].replace("{share}", share),
        "says": says,
        "in_units": units,
        "basis": words["basis.COMPLETE" if proof.status is Status.COMPLETE else "basis.other"],
        "cost": f"{words['col.cost']} ({settings.money})".replace(" ()", ""),
        "classes": _classes(chosen, words),
        "objectives": [f"{o.label or o.name}{f' ({o.unit})' if o.unit else ''}" for o in listing.objectives],
        "portfolios": _portfolios(run, words),
        "picture": _picture(run),
        "alt": words["pdf.alt"].replace("{n}", f"{len(listing):,}"),
        "limits": _limits(run),
        "growth": _growth(run),
        "run": [
            [words["run.points"], f"{len(listing):,}"],
            [words["run.engine"], proof.engine],
            [words["run.effort"], f"{proof.solves:,}"],
            [words["run.seconds"], f"{proof.seconds:,.1f}"],
            [words["run.stopped"], proof.stopped_by],
            [words["run.version"], str(run.manifest.get("growthring", ""))],
        ],
    }


def _classes(chosen: Shortlist, words: dict[str, str]) -> list[dict[str, Any]]:
    places = decimals(Fraction(entry.capital_cost) for entry in chosen.entries)
    parts = []
    for cls, most in MOST.items():
        entries = chosen.of_class(cls)
        if entries:
            rows = [
                [
                    clipped(e.project),
                    clipped(e.name),
                    clipped(e.town),
                    percent(e.share),
                    figure(Fraction(e.capital_cost), places),
                ]
                for e in entries[:most]
            ]
            more = words["pdf.more"].replace("{n}", f"{len(entries) - most:,}") if len(entries) > most else ""
            parts.append({"title": f"{words[f'class.{cls.value}']} ({len(entries)})", "rows": rows, "more": more})
    return parts


def clipped(text: str, most: int = 38) -> str:
    """``text`` as far as a line has room for it.

    >>> clipped("x" * 50, 5)
    'xxxx…'
    """
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _portfolios(run: Run, words: dict[str, str]) -> list[list[str]]:
    listing = run.listing
    places = [decimals(listing.column(k)) for k in range(len(listing.objectives))]
    labels = {f"best {o.name}": f"{words['front.best']}: {o.label or o.name}" for o in listing.objectives}
    labels["compromise"] = words["portfolio.compromise"]
    return [
        [
            str(listing.numbers[row]),
            "; ".join(labels.get(part, part) for part in why.split(", ")),
            *(figure(value, p) for value, p in zip(listing.values[row], places, strict=True)),
        ]
        for row, why in representatives(listing, 10).items()
    ]


def _picture(run: Run) -> str:
    picture = BytesIO()
    front(run).savefig(picture, format="svg", metadata={"Date": None})
    return picture.getvalue().decode()


def _limits(run: Run) -> list[list[str]]:
    """Budgets and limits of the compromise, those that are used up most first."""
    listing = run.listing
    row = compromise(listing)
    uses = [(name, used, there) for name, (used, there) in Auditor(run.region).uses(listing.plan(row)).items() if there]
    uses.sort(key=lambda use: -use[1] / use[2])
    return [
        [name, figure(used, decimals([used, there])), figure(there, decimals([used, there])), percent(used / there)]
        for name, used, there in uses[:LIMITS]
        if used
    ]


def _growth(run: Run) -> list[list[str]]:
    listing = run.listing
    try:
        beside = beside_of_run(run.region, listing)
    except ValueError:
        return []
    values = Auditor(run.region).values(beside.growth_only, [o.name for o in listing.objectives])
    rows = []
    for k, objective in enumerate(listing.objectives):
        places, best = decimals(listing.column(k)), beside.best[objective.name]
        lost = listing.gain(k, best, values[objective.name])
        unit = f" {objective.unit}" if objective.unit else ""
        rows.append(
            [
                objective.label or objective.name,
                figure(values[objective.name], places) + unit,
                figure(best, places) + unit,
                figure(lost, places) + unit,
            ]
        )
    return rows
