"""Successor: the region of the next round of planning; what was begun is binding, what was adopted is promised.

"Often people's past choices and decisions determine their present possible choices" (S2, section 2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from instances.schema import Budget, Commitment, FairShare, Grant, Project, Relation, Scenario
from instances.settings import Goal
from instances.worlds import applicable
from optimizer.decide.replan.progress import Progress, Started, rounded

if TYPE_CHECKING:
    from instances.region import Region

__all__ = ["STABILITY", "Successor", "successor"]

STABILITY = "stability"
"""Name of the objective that is added where none counts what breaking promises is charged."""
ADDRESS_PARTS = 2


@dataclass(frozen=True)
class Successor:
    """The next region, with what the way there has done.

    ``passed``: projects outside the plan whose window is over; ``gone``: promised projects that the new facts do not
    have any more; ``notes``: what could not be carried over as it was, in words.
    """

    region: Region
    passed: tuple[str, ...]
    gone: tuple[str, ...]
    notes: tuple[str, ...]


def successor(
    before: Region, made: Progress, *, charge: Decimal = Decimal(1), facts: Region | None = None
) -> Successor:
    """The region after ``made.done`` periods of ``before``, with the rest of the plan as adopted.

    A project that was begun is a binding commitment from the first period on, with its remaining cost and periods of
    building; one that is completed costs only what it costs to run. A project of the plan that was to start later is
    adopted for that period, and dropping or moving it is charged ``charge``, or what its commitment said. Periods are
    counted anew; money that may be carried over is added to the first period. ``facts`` are the tables of the next
    round where they are not those of ``before``: its periods, money, rules and windows stand as they are there.

    If no compared objective counts ``break_charge``, the objective :data:`STABILITY` is added that minimises it. Raises
    ``ValueError`` if a project that was begun is not in ``facts`` or cannot be finished there, or an objective called
    so means something else.
    """
    notes: list[str] = []
    shifted = facts is None
    region = _shifted(before, made, notes) if facts is None else facts
    if lacking := [name for name in made.started if name not in region.project]:
        raise ValueError(f"{', '.join(lacking)} was begun, but is not among the projects of the next region")
    passed: list[str] = []
    projects = []
    for project in region.projects:
        if project.id in made.started:
            projects.append(_begun(project, made.started[project.id], region.periods))
        elif shifted:
            projects.append(_later(project, made, region.periods, passed))
        else:
            projects.append(project.model_copy(update={"adopted": made.waiting.get(project.id, 0)}))
    region = replace(region, projects=tuple(projects))
    gone = tuple(name for name in made.waiting if name not in region.project)
    region = replace(region, commitments=_promises(before, region, made, charge, notes))
    region = _freed(region, made, passed)
    return Successor(_charged(region), tuple(passed), gone, tuple(notes))


def _begun(project: Project, one: Started, periods: int) -> Project:
    if max(1, one.periods) > periods:
        raise ValueError(f"{project.id} was begun and needs {one.periods} more periods; the next region has {periods}")
    cost = one.remaining if one.periods else project.operating_cost
    ends: dict[str, Decimal | None] = {"cost_low": None, "cost_high": None}
    if one.periods and project.cost_low is not None:
        least = max(Fraction(project.cost_low) - one.spent, Fraction(0))
        ends["cost_low"] = min(cost, rounded(least, project.cost_low, up=False))
    if one.periods and project.cost_high is not None:
        most = max(Fraction(project.cost_high) - one.spent, Fraction(0))
        ends["cost_high"] = max(cost, rounded(most, project.cost_high, up=True))
    return project.model_copy(
        update={
            "capital_cost": cost,
            "duration": max(1, one.periods),
            "earliest_start": 1,
            "latest_start": 1,
            "locked": "",
            "adopted": 1,
            **ends,
        }
    )


def _later(project: Project, made: Progress, periods: int, passed: list[str]) -> Project:
    """A project that was not begun, in the new count of periods; locked out if its window is over."""
    earliest = max(1, project.earliest_start - made.done)
    latest = None if project.latest_start is None else project.latest_start - made.done
    last = periods - project.duration + 1
    if earliest > last or (latest is not None and latest < earliest):
        passed.append(project.id)
        fits = {"duration": min(project.duration, periods), "earliest_start": 1, "latest_start": None}
        return project.model_copy(update={**fits, "locked": "out", "adopted": 0})
    window = {"earliest_start": earliest, "latest_start": latest if latest is None else min(latest, last)}
    return project.model_copy(update={**window, "adopted": made.waiting.get(project.id, 0)})


def _promises(
    before: Region, region: Region, made: Progress, charge: Decimal, notes: list[str]
) -> tuple[Commitment, ...]:
    """Binding rows for what was begun, charged or binding ones for the rest of the plan."""
    old = {row.project: row for row in before.commitments}
    rows = [
        Commitment(project=name, period=1, binding=True, note=f"begun in period {one.start} of the plan before")
        for name, one in made.started.items()
    ]
    for name, period in made.waiting.items():
        if name not in region.project:
            continue
        said = old.get(name)
        if period not in region.starts(region.project[name]):
            notes.append(
                f"{name} was to start in period {period}, which the next region does not allow; no promise is kept"
            )
            continue
        if said is not None and said.binding and region.project[name].locked != "out":
            rows.append(Commitment(project=name, period=period, binding=True, note=said.note))
        else:
            dropped, moved = (said.drop_charge, said.move_charge) if said else (charge, charge)
            if dropped or moved:
                rows.append(Commitment(project=name, period=period, drop_charge=dropped, move_charge=moved))
    return tuple(rows)


def _charged(region: Region) -> Region:
    """``region`` with an objective that counts what breaking promises is charged."""
    goals = region.goals
    charged = any(not row.binding for row in region.commitments)
    if not charged or any("break_charge" in goals[name].weights for name in region.compared):
        return region
    stability = Goal(label="Charges for what was adopted and is not kept", unit="points", minimize={"break_charge": 1})
    if goals.get(STABILITY, stability) != stability:
        raise ValueError(f"the objective {STABILITY} means something else in {region.name}; give it another name")
    objectives = {**region.settings.objectives, STABILITY: stability}
    update = {"objectives": objectives, "compare": (*region.compared, STABILITY)}
    return replace(region, settings=region.settings.model_copy(update=update))


def _freed(region: Region, made: Progress, passed: list[str]) -> Region:
    """Rules that look at the order or the rate of starts do not look at what was begun before.

    Nobody waits for what is completed, and what has begun waits for nobody; a project that can no longer wait as long
    as it must is out. Demolition that has happened is not a part of what may be demolished in the first period.
    """
    relations, late = [], set()
    for row in region.relations:
        if row.kind != "after":
            relations.append(row)
            continue
        first, *others = region.members(row.members)
        still = tuple(o for o in others if not (o in made.started and made.started[o].completed))
        if first in made.started or not still:
            continue
        if any(_in_service(region, other) > _last_start(region, first) for other in still):
            late.add(first)
        else:
            relations.append(row.model_copy(update={"members": (first, *still)}))
    passed.extend(name for name in region.project if name in late and name not in passed)
    out = {"locked": "out", "adopted": 0}
    quarters = {zone.id for zone in region.zones if zone.kind == "old_quarter"}
    return replace(
        region,
        projects=tuple(p.model_copy(update=out) if p.id in late else p for p in region.projects),
        relations=tuple(relations),
        footprints=tuple(f for f in region.footprints if not (f.project in made.started and f.zone in quarters)),
    )


def _in_service(region: Region, project: str) -> int:
    """The first period before which the project can be completed."""
    one = region.project[project]
    return one.earliest_start + one.duration


def _last_start(region: Region, project: str) -> int:
    starts = region.starts(region.project[project])
    return starts[-1] if starts else 0


def _shifted(region: Region, made: Progress, notes: list[str]) -> Region:
    """Periods counted from the next one; money, grants and sums of money less what is over."""
    done, settings = made.done, region.settings
    head = settings.model_copy(
        update={"periods": settings.periods - done, "first_period": settings.first_period + done}
    )
    certain: dict[tuple[str, int], Fraction] = {(fund, 1): money for fund, money in made.left.items()}
    grants = []
    for grant in region.grants:
        if grant.period <= done:
            continue
        if grant.kind == "matching":
            matched = _matched(region, made, grant, certain)
            grants += [matched] if matched else []
        else:
            grants.append(grant.model_copy(update={"period": grant.period - done}))
    changed: dict[str, Any] = {
        "budgets": _budgets(region, done, certain, notes),
        "grants": tuple(grants),
        "relations": tuple(row for old in region.relations if (row := _unspent(region, made, old)) is not None),
        "fair_shares": tuple(_with_spent(region, made, row) for row in region.fair_shares),
    }
    moved = replace(region, settings=head, **changed)
    later = (_later_figure(old, done) for old in region.scenarios)
    moved = replace(moved, scenarios=tuple(row for row in later if row is not None))
    return replace(moved, scenarios=applicable(moved))


def _budgets(
    region: Region, done: int, certain: Mapping[tuple[str, int], Fraction], notes: list[str]
) -> tuple[Budget, ...]:
    rows = {(row.fund, row.period - done): row for row in region.budgets if row.period > done}
    for fund, period in certain:
        if (fund, period) not in rows:
            known = next(row for row in region.budgets if row.fund == fund)
            rows[fund, period] = known.model_copy(update={"amount": Decimal(0), "carry_over": False})
    found = []
    for (fund, period), row in rows.items():
        more = certain.get((fund, period), Fraction(0))
        total = Fraction(row.amount) + more
        if total < 0:
            notes.append(f"{fund} has overspent by more than it gets in the next period; it begins with nothing")
        amount = row.amount if not more else rounded(max(total, Fraction(0)), row.amount, up=False)
        found.append(row.model_copy(update={"period": period, "amount": amount}))
    return tuple(found)


def _matched(region: Region, made: Progress, grant: Grant, certain: dict[tuple[str, int], Fraction]) -> Grant | None:
    """A matching grant: what it pays for what is spent already is certain, the rest follows what remains."""
    members = region.members(grant.members)
    paid = Fraction(grant.rate or 0) * sum((made.started[m].spent for m in members if m in made.started), Fraction(0))
    cell = (grant.fund, grant.period - made.done)
    sure = min(paid, Fraction(grant.amount))
    if sure:
        certain[cell] = certain.get(cell, Fraction(0)) + sure
    left = tuple(m for m in members if not (m in made.started and made.started[m].completed))
    amount = rounded(Fraction(grant.amount) - sure, grant.amount, up=False)
    if not left or not amount:
        return None
    return grant.model_copy(update={"members": left, "period": cell[1], "amount": amount})


def _unspent(region: Region, made: Progress, row: Relation) -> Relation | None:
    """A bound on spending, less what is spent."""
    if row.kind not in ("spend_at_least", "spend_at_most") or row.amount is None:
        return row
    members = region.members(row.members)
    spent = sum((made.started[m].spent for m in members if m in made.started), Fraction(0))
    left = tuple(m for m in members if not (m in made.started and made.started[m].completed))
    amount = rounded(max(Fraction(row.amount) - spent, Fraction(0)), row.amount, up=row.kind == "spend_at_most")
    if not left or (row.kind == "spend_at_least" and not amount):
        return None
    return row.model_copy(update={"members": left, "amount": amount})


def _with_spent(region: Region, made: Progress, row: FairShare) -> FairShare:
    """A fair share with what was spent; the running cost that a completed project now costs is taken off."""
    members = frozenset(region.members(row.members))
    counted = {name: one.spent - _running(region, one) for name, one in made.started.items()}
    theirs = sum((money for name, money in counted.items() if name in members), Fraction(row.spent))
    whole = sum(counted.values(), Fraction(row.spent_in_all))
    return row.model_copy(update={"spent": _exact(theirs), "spent_in_all": _exact(whole)})


def _running(region: Region, one: Started) -> Fraction:
    return Fraction(region.project[one.project].operating_cost) if one.completed else Fraction(0)


def _exact(money: Fraction) -> Decimal:
    """To the sixth decimal, which is finer than any price."""
    return (Decimal(round(money * 10**6)) / 10**6).normalize() if money else Decimal(0)


def _later_figure(row: Scenario, done: int) -> Scenario | None:
    """A scenario's figure in the new count of periods; ``None`` if its period is over."""
    table, _, rest = row.figure.partition("/")
    key, _, column = rest.rpartition("/")
    parts = [part.strip() for part in key.split(",")]
    if table != "budgets":
        return row
    if len(parts) < ADDRESS_PARTS:
        return None if done else row
    if not parts[1].isdigit():
        return row
    if int(parts[1]) <= done:
        return None
    return row.model_copy(update={"figure": f"{table}/{parts[0]},{int(parts[1]) - done}/{column}"})
