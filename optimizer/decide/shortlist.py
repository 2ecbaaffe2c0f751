"""Shortlist: which projects are core, borderline or exterior among the listed portfolios, and why.

The classes are those of robust portfolio modelling (Liesiö, Mild & Salo, European Journal of Operational Research 181,
2007): a project is *core* if all efficient portfolios contain it, *exterior* if none does, *borderline* otherwise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from optimizer.certificate import Certificate, Status
from optimizer.decide.exterior import why_exterior
from optimizer.exact import coarse_decimals, figure
from optimizer.listing import Listing

if TYPE_CHECKING:
    import pandas as pd

    from instances.region import Region
    from optimizer.front import Front

__all__ = ["Class", "Entry", "Shortlist", "shortlist"]


class Class(StrEnum):
    """Where a project stands among the listed portfolios."""

    CORE = "core"
    BORDERLINE = "borderline"
    EXTERIOR = "exterior"


@dataclass(frozen=True)
class Entry:
    """A project of the shortlist.

    ``portfolios`` is the number of listed portfolios that contain it, ``share`` their exact share. ``start`` holds the
    most frequent start periods (several if equally frequent), counted from 1. ``difference`` is, for borderline
    projects, the mean of each objective over the portfolios with the project less the mean over those without.
    """

    project: str
    name: str
    town: str
    category: tuple[str, ...]
    cls: Class
    portfolios: int
    share: Fraction
    capital_cost: Decimal
    start: tuple[int, ...]
    difference: Mapping[str, Fraction]
    why: str


@dataclass(frozen=True, eq=False)
class Shortlist:
    """All projects of a region, core first, then by share; with the portfolios they come from."""

    region: Region
    listing: Listing
    entries: tuple[Entry, ...]

    @property
    def certificate(self) -> Certificate:
        return self.listing.certificate

    @property
    def proved(self) -> bool:
        """Whether the classes hold for the complete front."""
        return self.certificate.status is Status.COMPLETE

    @property
    def basis(self) -> str:
        """``proved`` or ``of the listed portfolios``."""
        return "proved" if self.proved else "of the listed portfolios"

    @property
    def basis_in_words(self) -> str:
        """What the classes rest on, in one or two sentences."""
        count = len(self.listing)
        if self.proved:
            return (
                f"Proved: the {count} portfolios are one for each point of the complete front; core and exterior hold "
                "for all of them. Other portfolios with the very same values may exist and are not listed."
            )
        return (
            "Of the listed portfolios only: the front is not complete, and efficient portfolios that are not among "
            f"these {count} may contain exterior projects or lack core ones."
        )

    def of_class(self, cls: Class) -> tuple[Entry, ...]:
        """The entries of one class."""
        return tuple(entry for entry in self.entries if entry.cls is cls)

    def to_frame(self) -> pd.DataFrame:
        """One row a project. ``portfolios`` is the exact count; ``share`` is it over all portfolios, as a float."""
        import pandas as pd

        rows = [
            {
                "project": entry.project,
                "name": entry.name,
                "town": entry.town,
                "category": ", ".join(entry.category),
                "class": entry.cls.value,
                "portfolios": entry.portfolios,
                "share": float(entry.share),
                "capital_cost": entry.capital_cost,
                "start": ", ".join(map(str, entry.start)),
                "why": entry.why,
            }
            for entry in self.entries
        ]
        return pd.DataFrame(rows)

    def to_excel(self, path: str | Path) -> Path:
        """Write the workbook of :func:`optimizer.report.workbook.write_workbook`; refuses to overwrite."""
        from optimizer.report.workbook import write_workbook

        return write_workbook(self, path)

    def _repr_html_(self) -> str:
        table: str = self.to_frame().to_html(index=False, float_format=lambda share: f"{share:.0%}")
        return f"<p>{self.basis_in_words}</p>{table}"


def shortlist(region: Region, front: Front | Listing) -> Shortlist:
    """Class, share and reason of every project of ``region`` among the portfolios of ``front``.

    Formula: ``share_j = |{portfolios with j}| / |portfolios|``; core: 1, exterior: 0. Raises ``ValueError`` if there is
    no portfolio. A run folder gives both arguments: ``run = read_run(folder); shortlist(run.region, run.listing)``.

    >>> from instances import read_region
    >>> from models import formulate
    >>> from optimizer import solve
    >>> region = read_region("hamlet")
    >>> chosen = shortlist(region, solve(formulate(region)))
    >>> chosen.basis
    'proved'
    """
    listing = front if isinstance(front, Listing) else Listing.of(front, region)
    if not len(listing):
        raise ValueError("there is no portfolio to make a shortlist of: " + listing.certificate.in_words())
    exterior = why_exterior(region, [objective.name for objective in listing.objectives])
    order = {cls: place for place, cls in enumerate(Class)}
    entries = [_entry(region, listing, column, exterior) for column in range(len(listing.projects))]
    entries.sort(key=lambda entry: (order[entry.cls], -entry.share))
    return Shortlist(region, listing, tuple(entries))


def _entry(region: Region, listing: Listing, column: int, exterior: dict[str, str]) -> Entry:
    project = region.project[listing.projects[column]]
    starts = Counter(int(t) for t in listing.starts[:, column] if t)
    count, total = starts.total(), len(listing)
    most = max(starts.values(), default=0)
    difference: dict[str, Fraction] = {}
    if count == total:
        cls, why = Class.CORE, f"in all {total} portfolios" if total > 1 else "in the only portfolio"
        why += "; locked in" if project.locked == "in" else ""
    elif count:
        difference = _difference(listing, column, count)
        cls, why = Class.BORDERLINE, f"in {count} of {total}; {_in_words(listing, difference)}"
    else:
        cls, why = Class.EXTERIOR, exterior.get(project.id, f"none of the {total} portfolios takes it")
    return Entry(
        project=project.id,
        name=project.name,
        town=region.town[project.town].name or project.town if project.town in region.town else project.town,
        category=project.category,
        cls=cls,
        portfolios=count,
        share=Fraction(count, total),
        capital_cost=project.capital_cost,
        start=tuple(sorted(t for t, n in starts.items() if n == most)),
        difference=difference,
        why=why,
    )


def _difference(listing: Listing, column: int, count: int) -> dict[str, Fraction]:
    chosen = listing.starts[:, column] > 0
    difference = {}
    for k, objective in enumerate(listing.objectives):
        values = listing.column(k)
        with_it = sum((v for v, c in zip(values, chosen, strict=True) if c), Fraction(0)) / count
        without = sum((v for v, c in zip(values, chosen, strict=True) if not c), Fraction(0)) / (len(values) - count)
        difference[objective.name] = with_it - without
    return difference


def _in_words(listing: Listing, difference: dict[str, Fraction]) -> str:
    """What the portfolios with a project have more of, but what less."""
    better: list[str] = []
    worse: list[str] = []
    for k, objective in enumerate(listing.objectives):
        if amount := difference[objective.name]:
            words = f"{objective.name} {figure(amount, coarse_decimals(listing.column(k)), signed=True)}"
            (better if listing.gain(k, amount, Fraction(0)) > 0 else worse).append(words)
    if not better and not worse:
        return "the averages with it and without it are the same"
    both = " but " if better and worse else ""
    return f"with it on average {', '.join(better)}{both}{', '.join(worse)}"
