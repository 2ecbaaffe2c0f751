"""Table: the shortlist as a table, in words and as a workbook."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from models.problem import Ints
from optimizer.certificate import Certificate, Status, percent_at_most
from optimizer.decide.shortlist.classes import Class, Entry, Verdict
from optimizer.exact import counted
from optimizer.listing import Listing

if TYPE_CHECKING:
    import pandas as pd

    from instances.region import Region
    from models.problem import Problem
    from optimizer.decide.shortlist.intervals import Intervals
    from optimizer.decide.shortlist.preference import Preference

__all__ = ["Equals", "Shortlist"]


@dataclass(frozen=True, eq=False)
class Equals:
    """All portfolios of equal merit: row ``i`` of ``starts`` ``(a, projects)`` has the values of the listed portfolio
    in row ``of[i]``."""

    of: Ints
    starts: Ints


@dataclass(frozen=True, eq=False)
class Shortlist:
    """All projects of a region, core first, then by share; with the portfolios they come from.

    ``equals`` are all portfolios of equal merit, where they are known: counts and shares are theirs then, otherwise
    those of one portfolio for each point. ``reasons`` are those for projects that no plan can contain.
    """

    region: Region
    listing: Listing
    entries: tuple[Entry, ...]
    equals: Equals | None = None
    reasons: Mapping[str, str] = field(default_factory=dict, repr=False)
    intervals: Intervals | None = None

    @property
    def certificate(self) -> Certificate:
        return self.listing.certificate

    @property
    def portfolios(self) -> int:
        """How many portfolios the shares are of."""
        return len(self.listing if self.equals is None else self.equals.of)

    @property
    def open(self) -> int:
        """How many classes are not proved."""
        return sum(entry.verdict is Verdict.OPEN for entry in self.entries)

    @property
    def proved(self) -> bool:
        """Whether every class holds for all efficient portfolios, listed or not."""
        return not self.open

    @property
    def basis(self) -> str:
        """``proved`` or ``of the listed portfolios``."""
        return "proved" if self.proved else "of the listed portfolios"

    @property
    def basis_in_words(self) -> str:
        """What the classes rest on, in a few sentences."""
        count, projects = len(self.listing), len(self.entries)
        if self.equals is not None:
            of = f"Shares are of all {self.portfolios:,} portfolios of equal merit behind the {count:,} listed points."
        else:
            of = f"Shares are of the {count:,} listed portfolios, one for each point."
        if self.proved:
            return f"Proved: every class holds for all efficient portfolios, not only for the listed ones. {of}"
        rest = f"the other {projects - self.open:,}" if projects > self.open else "none"
        said = f"Open for {counted(self.open, 'project')}; proved for {rest}. "
        if self.certificate.status is Status.COMPLETE:
            return (
                f"{said}Every efficient trade-off is listed, but another portfolio with the very same values as a "
                f"listed one may take an exterior project or leave out a core one. {of}"
            )
        said += (
            "Open classes are those of the listed portfolios only: the front is not complete, and efficient portfolios "
            f"that are not among these {count:,} may take exterior projects or leave out core ones. "
        )
        if self.certificate.status is Status.GUARANTEE and self.certificate.epsilon is not None:
            said += (
                "Whatever portfolio does so, one of these that does not is at most "
                f"{percent_at_most(self.certificate.epsilon)} of the range worse in every objective. "
            )
        return said + of

    def in_words(self) -> str:
        """What an officer can read out: how many projects of each class, and what of it is proved."""
        sizes = [f"{counted(len(self.of_class(cls)), 'project')} {_is(len(self.of_class(cls)))} {cls}" for cls in Class]
        return f"{'; '.join(sizes)}. {self.basis_in_words}"

    def of_class(self, cls: Class) -> tuple[Entry, ...]:
        """The entries of one class."""
        return tuple(entry for entry in self.entries if entry.cls is cls)

    @cached_property
    def preference(self) -> Preference:
        """Share of preference space in which each project is chosen; see :mod:`.preference`."""
        from optimizer.decide.shortlist.preference import preference

        return preference(self.listing, self.equals)

    def prove(
        self,
        seconds: float = 60.0,
        *,
        problem: Problem | None = None,
        interrupted: Callable[[], bool] | None = None,
        on_progress: Callable[[int, int, float], None] | None = None,
    ) -> Shortlist:
        """The same shortlist with as many classes proved as ``seconds`` allow; see :func:`.proof.prove`."""
        from optimizer.decide.shortlist.proof import prove

        return prove(self, seconds, problem=problem, interrupted=interrupted, on_progress=on_progress)

    def over_intervals(self, seconds: float = 60.0, *, interrupted: Callable[[], bool] | None = None) -> Shortlist:
        """The same shortlist with classes for all admissible effects; see :func:`.intervals.over_intervals`."""
        from dataclasses import replace

        from optimizer.decide.shortlist.intervals import over_intervals

        return replace(self, intervals=over_intervals(self, seconds, interrupted=interrupted))

    def to_frame(self) -> pd.DataFrame:
        """One row a project. ``portfolios`` is the exact count; ``share`` is it over all portfolios, as a float.

        ``weights`` and ``aims`` are shares of preference space, ``verdict`` says whether the class is proved; with
        :meth:`over_intervals` the columns ``robust`` and ``robust_verdict`` follow.
        """
        import pandas as pd

        rows = []
        for entry in self.entries:
            row = {
                "project": entry.project,
                "name": entry.name,
                "town": entry.town,
                "category": ", ".join(entry.category),
                "class": entry.cls.value,
                "verdict": entry.verdict.value,
                "portfolios": entry.portfolios,
                "share": float(entry.share),
                "weights": float(self.preference.weights[entry.project].share),
                "aims": float(self.preference.aims[entry.project].share),
                "capital_cost": entry.capital_cost,
                "start": ", ".join(map(str, entry.start)),
                "why": entry.why,
            }
            if self.intervals is not None:
                robust = self.intervals.of[entry.project]
                row |= {"robust": robust.cls.value, "robust_verdict": robust.verdict.value}
            rows.append(row)
        return pd.DataFrame(rows)

    def to_excel(self, path: str | Path) -> Path:
        """Write the workbook of :func:`optimizer.report.workbook.write_workbook`; refuses to overwrite."""
        from optimizer.report.workbook import write_workbook

        return write_workbook(self, path)

    def _repr_html_(self) -> str:
        table: str = self.to_frame().to_html(index=False, float_format=lambda share: f"{share:.0%}")
        return f"<p>{self.basis_in_words}</p>{table}"


def _is(number: int) -> str:
    return "is" if number == 1 else "are"
