"""Conflict: why there is no portfolio, in the smallest sets of rules that contradict each other, and what would help.

Rules are those of :mod:`optimizer.decide.rules` and the wishes on top of them; that a set of them contradicts itself is
proved by whole-number models (:mod:`optimizer.decide.conflict.sets`). A repair is the least change of figures that lets
a portfolio exist (:mod:`optimizer.decide.conflict.repair`), found by formulating the changed region anew; the portfolio
is re-added from its changed tables by the auditor.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp

from models.problem import Floats, Objective, Problem
from optimizer.decide.conflict.case import Case, System
from optimizer.decide.conflict.levers import Lever, levers
from optimizer.decide.conflict.repair import Moves, Steps, cheapest, price
from optimizer.decide.conflict.sets import Members, Sets, Undecided, smallest_conflicts, smallest_corrections
from optimizer.decide.live import Clock, Live
from optimizer.decide.rules import Rule
from optimizer.exact import counted, exact_text, percent

if TYPE_CHECKING:
    import pandas as pd

    from instances.region import Region

__all__ = ["Change", "Conflict", "Conflicts", "Repair", "find_conflicts"]

COMBINATIONS = 4
"""Smallest groups of rules for which combinations are looked for where a single change takes a whole figure or more."""

FEW = 8
"""Steps up to which a bisection is quick enough without a guess."""
PARTS = (4, 64, 1024, 2**14, 2**20, 2**30)
"""Parts of a lever's way that are tried for a guess: at its end, rows that nothing breaks any more are not written."""
SYSTEMS = 200
"""Models that are kept for further questions."""


@dataclass(frozen=True)
class Change:
    """A change of one figure, or the lifting of a rule: where it stands, its new value, and how that is told."""

    address: str
    value: str
    words: str
    share: Fraction


@dataclass(frozen=True)
class Repair:
    """Changes that are enough together. ``share`` is what they change of their figures, added up: their price.

    ``proved``: of these figures no cheaper change is enough. Without it the change is enough, and perhaps more than is
    needed; ``at_least`` is what any change of these figures costs at least. ``plan`` is a portfolio that it allows.
    """

    changes: tuple[Change, ...]
    share: Fraction
    proved: bool
    at_least: Fraction
    plan: Mapping[str, int]

    def in_words(self) -> str:
        """The changes and their price."""
        told = " and ".join(change.words for change in self.changes)
        least = "" if self.proved else f"; enough, but perhaps more than is needed, which is {percent(self.at_least)}"
        return f"{told} ({percent(self.share)}{least})"

    def to_dict(self) -> dict[str, Any]:
        changes = [
            {"figure": c.address, "to": c.value, "words": c.words, "share": float(c.share)} for c in self.changes
        ]
        return {
            "changes": changes,
            "share": float(self.share),
            "proved": self.proved,
            "at_least": float(self.at_least),
            "portfolio": dict(self.plan),
        }


@dataclass(frozen=True)
class Conflict:
    """Rules that no portfolio keeps together. ``minimal``: it can keep them once any one of them is given up.

    ``repairs`` end this conflict, each by a single figure, cheapest first; other conflicts may remain.
    """

    rules: tuple[Rule, ...]
    words: tuple[str, ...]
    minimal: bool
    repairs: tuple[Repair, ...] = ()

    def in_words(self) -> str:
        """The rules in one sentence."""
        if len(self.words) == 1:
            return f"No portfolio keeps this rule by itself: {self.words[0]}."
        return f"These {len(self.words)} rules contradict each other: {'; '.join(self.words)}."

    def to_dict(self) -> dict[str, Any]:
        return {
            "rules": [{"rule": str(r), "words": w} for r, w in zip(self.rules, self.words, strict=True)],
            "minimal": self.minimal,
            "repairs": [repair.to_dict() for repair in self.repairs],
        }


@dataclass(frozen=True)
class Conflicts:
    """Whether a portfolio keeps all ``rules``; if not, the smallest ``conflicts`` and the ``repairs`` of all of them.

    ``complete``: there are no other minimal conflicts. ``all_up_to``: none with at most so many rules is missing.
    ``repairs`` are the least change of each figure that is enough alone, all of them if ``repairs_complete``, and,
    where none of these changes less than a whole figure, the cheapest combinations for the smallest groups of rules.
    ``plan`` is a portfolio that keeps everything, if there is one. ``unmoved`` are rules of the conflicts without a
    figure that could be changed safely. ``why`` says what stopped the search.
    """

    region: Region
    rules: int
    plan: Mapping[str, int] | None
    conflicts: tuple[Conflict, ...] = ()
    complete: bool = False
    all_up_to: int = 0
    repairs: tuple[Repair, ...] = ()
    repairs_complete: bool = False
    unmoved: tuple[str, ...] = ()
    why: str = ""

    @property
    def infeasible(self) -> bool:
        """Is it proved that no portfolio keeps all rules?"""
        return bool(self.conflicts)

    def in_words(self) -> str:
        """What is proved, in one or two sentences."""
        if self.plan is not None:
            return f"There is no conflict: a portfolio of {counted(len(self.plan), 'project')} keeps everything."
        if not self.conflicts:
            return f"Whether a portfolio keeps everything stayed open: {self.why}."
        found = counted(len(self.conflicts), "minimal conflict")
        if not self.conflicts[0].minimal:
            return "No portfolio keeps everything. Time ran out before the conflict was as small as it can be."
        if self.complete:
            return f"No portfolio keeps everything. There {'is' if len(self.conflicts) == 1 else 'are'} {found} in all."
        up_to = f"; none with at most {counted(self.all_up_to, 'rule')} is missing" if self.all_up_to else ""
        return f"No portfolio keeps everything. The first {found} are listed; others may exist{up_to}."

    def to_dict(self) -> dict[str, Any]:
        return {
            "region": self.region.name,
            "rules": self.rules,
            "portfolio": None if self.plan is None else dict(self.plan),
            "infeasible": self.infeasible,
            "conflicts": [conflict.to_dict() for conflict in self.conflicts],
            "complete": self.complete,
            "all_up_to": self.all_up_to,
            "repairs": [repair.to_dict() for repair in self.repairs],
            "repairs_complete": self.repairs_complete,
            "without_a_figure_to_change": list(self.unmoved),
            "stopped_by": self.why or None,
        }

    def to_frame(self) -> pd.DataFrame:
        """One row for each repair of all conflicts, cheapest first."""
        import pandas as pd

        rows = [
            {
                "figures": ", ".join(c.address for c in repair.changes),
                "to": ", ".join(c.value for c in repair.changes),
                "share": float(repair.share),
                "proved": repair.proved,
                "words": repair.in_words(),
            }
            for repair in self.repairs
        ]
        return pd.DataFrame(rows, columns=["figures", "to", "share", "proved", "words"])


def find_conflicts(
    region: Region,
    *,
    aims: Mapping[tuple[str, str], Fraction] | None = None,
    pins: Iterable[str] = (),
    bans: Iterable[str] = (),
    most: int = 20,
    repair: bool = True,
    clock: Clock | None = None,
    on_progress: Callable[[str], None] | None = None,
) -> Conflicts:
    """The smallest conflicts among the rules of ``region`` and the wishes, and the least repairs.

    Args:
        aims: (objective, ``at least`` or ``at most``) to a value in the objective's own unit.
        pins: projects that must be chosen.
        bans: projects that must not be chosen.
        most: so many conflicts, the smallest first.
        repair: also look for repairs.

    Raises ``ValueError`` for a project or an objective that the region does not have.

    >>> from instances import read_region
    >>> found = find_conflicts(read_region("hamlet"), pins=["road", "park"], bans=["school"])
    >>> found.infeasible
    False
    """
    pins, bans = tuple(pins), tuple(bans)
    if unknown := [project for project in (*pins, *bans) if project not in region.project]:
        raise ValueError(f"no project is called {', '.join(unknown)}")
    case = Case(region, dict(aims or {}), tuple(dict.fromkeys(pins)), tuple(dict.fromkeys(bans)))
    return _Search(case, clock or Clock(), on_progress or (lambda words: None)).run(most, repair=repair)


class _Search:
    def __init__(self, case: Case, clock: Clock, say: Callable[[str], None]) -> None:
        self.case, self.clock, self.say = case, clock, say
        self.system = System(case)
        self.objectives: dict[str, Objective] = {o.name: o for o in self.system.problem.objectives}
        self.systems: dict[Any, System] = {}
        self.asked: dict[Any, dict[str, int] | None] = {}

    def run(self, most: int, *, repair: bool) -> Conflicts:
        rules, system = self.system.rules, self.system
        try:
            x = _any(system, rules, self.clock)
            if x is not None:
                plan = system.plan(x)
                _agreed(self.case, plan)
                return Conflicts(self.case.region, len(rules), plan, complete=True)
            sets = smallest_conflicts(len(rules), self._kept, most, self.clock)
        except Undecided as error:
            return Conflicts(self.case.region, len(rules), None, why=str(error))
        found = Conflicts(
            self.case.region,
            len(rules),
            None,
            self._conflicts(sets),
            sets.complete,
            sets.all_up_to,
            why=sets.why,
        )
        return self._repaired(found, sets) if repair and sets.conflicts else found

    def _kept(self, asked: Members) -> Members | None:
        """``asked`` with all other rules that the portfolio found for it keeps as well."""
        rules = self.system.rules
        chosen = [rules[i] for i in sorted(asked)]
        x = _any(self.system, chosen, self.clock)
        if x is None:
            return None
        kept = self.system.grown(chosen, x)
        return frozenset(i for i, rule in enumerate(rules) if rule in kept)

    def _conflicts(self, sets: Sets) -> tuple[Conflict, ...]:
        rules = self.system.rules
        found = sets.conflicts or ([sets.rest] if sets.rest else [])
        told = ([rules[i] for i in sorted(members)] for members in found)
        minimal = bool(sets.conflicts)
        return tuple(Conflict(tuple(few), tuple(map(self.case.words, few)), minimal) for few in told)

    def _repaired(self, found: Conflicts, sets: Sets) -> Conflicts:
        rules = self.system.rules
        involved = dict.fromkeys(rule for conflict in found.conflicts for rule in conflict.rules)
        available = {rule: levers(self.case, rule, self.objectives) for rule in involved}
        unmoved = tuple(self.case.words(rule) for rule, there in available.items() if not there)
        everywhere = _unique(lever for there in available.values() for lever in there)
        repairs, open_ = self._singles(everywhere, None)
        complete = not open_
        if all(repair.share >= 1 for repair in repairs):
            most = COMBINATIONS + len(repairs)
            groups, _ = smallest_corrections(len(rules), self._kept, sets.conflicts, most, self.clock)
            for rule in dict.fromkeys(rules[i] for members in groups for i in sorted(members)):
                available.setdefault(rule, levers(self.case, rule, self.objectives))
            for members in groups:
                group = _unique(lever for i in sorted(members) for lever in available[rules[i]])
                if len(group) > 1 and all(available[rules[i]] for i in members):
                    more, undecided = self._least(group, None)
                    complete &= bool(more) or not undecided
                    listed = [repair.changes for repair in repairs]
                    repairs += [repair for repair in more if repair.changes not in listed]
        conflicts = found.conflicts
        if len(conflicts) == 1 and sets.complete:
            alone = tuple(sorted((repair for repair in repairs if len(repair.changes) == 1), key=_rank))
            conflicts = (replace(conflicts[0], repairs=alone),)
        else:
            conflicts = tuple(self._ended(conflict, available) for conflict in conflicts)
        ranked = tuple(sorted(repairs, key=_rank))
        return replace(found, conflicts=conflicts, repairs=ranked, repairs_complete=complete, unmoved=unmoved)

    def _ended(self, conflict: Conflict, available: Mapping[Rule, list[Lever]]) -> Conflict:
        there = _unique(lever for rule in conflict.rules for lever in available[rule])
        repairs, _ = self._singles(there, frozenset(conflict.rules))
        return replace(conflict, repairs=tuple(sorted(repairs, key=_rank)))

    def _singles(self, there: Sequence[Lever], within: frozenset[Rule] | None) -> tuple[list[Repair], bool]:
        """The least change of each figure alone; and whether one stayed open."""
        found: list[Repair] = []
        undecided = False
        for lever in there:
            more, open_ = self._least([lever], within)
            found += more
            undecided |= open_
        return found, undecided

    def _least(self, there: Sequence[Lever], within: frozenset[Rule] | None) -> tuple[list[Repair], bool]:
        """The cheapest moves of the levers that let a portfolio keep the rules ``within``; all rules if ``None``."""
        self.say(f"how far {' and '.join(lever.address for lever in there)} must be moved")
        moves = cheapest(there, _Question(self, within))
        if moves.steps is None:
            return [], not moves.proved
        return [self._repair(there, moves, within)], not moves.proved

    def _repair(self, there: Sequence[Lever], moves: Moves, within: frozenset[Rule] | None) -> Repair:
        assert moves.steps is not None
        plan = self.portfolio(there, moves.steps, within)
        assert plan is not None
        if within is None:
            _agreed(_moved(self.case, there, moves.steps), plan)
        changes = tuple(
            Change(lever.address, lever.value(n), lever.words(n), lever.price(n))
            for lever, n in zip(there, moves.steps, strict=True)
            if n
        )
        return Repair(changes, price(there, moves.steps), moves.proved, moves.at_least, plan)

    def portfolio(
        self, there: Sequence[Lever], steps: Sequence[int], within: frozenset[Rule] | None
    ) -> dict[str, int] | None:
        """A portfolio of the moved case, ``None`` if there is none."""
        key = (_moves(there, steps), within)
        if key not in self.asked:
            system = self.moved(there, steps)
            x = _any(system, system.rules if within is None else within, self.clock)
            self.asked[key] = None if x is None else system.plan(x)
        return self.asked[key]

    def moved(self, there: Sequence[Lever], steps: Sequence[int]) -> System:
        """The model of the moved case; the last ones are kept."""
        key = _moves(there, steps)
        if key not in self.systems:
            if len(self.systems) >= SYSTEMS:
                del self.systems[next(iter(self.systems))]
            self.systems[key] = System(_moved(self.case, there, steps))
        return self.systems[key]


@dataclass(frozen=True)
class _Question:
    """What the search for repairs asks about portfolios that keep the rules ``within``, all rules if ``None``."""

    search: _Search
    within: frozenset[Rule] | None

    def enough(self, there: Sequence[Lever], steps: Steps) -> bool:
        return self.search.portfolio(there, steps, self.within) is not None

    def guess(self, there: Sequence[Lever], steps: Steps, which: int) -> int:
        """The least move, if the sides of rows are what the lever moves, and evenly."""
        lever, at = there[which], steps[which]
        near = self._under(there, steps)
        for part in PARTS if lever.most - at > FEW else ():
            reach = (lever.most - at) // part
            if not reach:
                break
            far = self._under(there, (*steps[:which], at + reach, *steps[which + 1 :]))
            if far.rows == near.rows and far.columns == near.columns and (far.A != near.A).nnz == 0:
                answer = Live(moving(near, far, reach), self.search.clock).least(np.ones(1), gap=0.5)
                return at + (int(answer.y[0]) if answer.y is not None else 1)
        return at + 1

    def _under(self, there: Sequence[Lever], steps: Steps) -> Problem:
        system = self.search.moved(there, steps)
        return system.under(system.rules if self.within is None else self.within)


def moving(near: Problem, far: Problem, steps: int) -> Problem:
    """``near`` with a whole column, to be minimised, that moves the sides of rows to those of ``far`` in ``steps``."""
    lower, upper = (
        np.subtract(b, a, out=np.zeros(len(a)), where=np.isfinite(a) & np.isfinite(b))
        for a, b in ((near.row_lower, far.row_lower), (near.row_upper, far.row_upper))
    )
    n = len(near.columns)
    shift = sp.csr_array(-(upper if np.any(upper) else lower)[:, None] / steps)
    C = np.zeros((1, n + 1), dtype=np.int64)
    C[0, n] = 1
    return replace(
        near,
        objectives=(Objective("steps", "min"),),
        C=C,
        A=sp.csr_array(sp.hstack([near.A, shift])),
        lower=np.append(near.lower, 0.0),
        upper=np.append(near.upper, np.inf),
        integer=np.append(near.integer, True),
        columns=(*near.columns, "steps"),
    )


def _any(system: System, rules: Collection[Rule], clock: Clock) -> Floats | None:
    """Any portfolio that keeps ``rules``; ``None`` if there is none. Raises :class:`Undecided`."""
    problem = system.under(rules)
    answer = Live(problem, clock).least(np.ones(len(problem.objectives)))
    if answer.x is None and not answer.none:
        raise Undecided(answer.why)
    return answer.x


def _moves(there: Sequence[Lever], steps: Sequence[int]) -> tuple[tuple[str, int], ...]:
    return tuple((lever.address, n) for lever, n in zip(there, steps, strict=True) if n)


def _moved(case: Case, there: Sequence[Lever], steps: Sequence[int]) -> Case:
    for lever, n in zip(there, steps, strict=True):
        if n:
            case = lever.apply(case, n)
    return case


def _agreed(case: Case, plan: Mapping[str, int]) -> None:
    """Raises ``RuntimeError`` if the auditor finds a rule that ``plan`` breaks: then the model and it disagree."""
    if broken := case.broken(plan):
        raise RuntimeError(f"model and auditor disagree on {sorted(plan)}: {'; '.join(broken)}")


def _unique(there: Iterable[Lever]) -> list[Lever]:
    return list({lever.address: lever for lever in there}.values())


def _rank(repair: Repair) -> tuple[Fraction, int, str]:
    return repair.share, len(repair.changes), exact_text(repair.share) + str([c.address for c in repair.changes])
