"""Explanation: what was found out about a project, in figures and in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from optimizer.certificate import Certificate, Status
from optimizer.decide.shortlist import Class
from optimizer.exact import counted, decimals, exact_text, figure

__all__ = ["Explanation", "Price", "Rules", "Swap"]


@dataclass(frozen=True)
class Price:
    """A figure that would have to move by ``amount`` (without a sign) to ``after``; ``None``: no move of it will do.

    ``proved``: a smaller move does not do, or none does up to ``limit``. If it is not, ``open`` says why.
    """

    kind: str
    figure: str
    unit: str
    now: Decimal
    step: Decimal
    amount: Decimal | None
    after: Decimal | None
    limit: Decimal
    proved: bool
    open: str = ""

    def in_words(self) -> str:
        unit = f" {self.unit}" if self.unit else ""
        table, _, rest = self.figure.partition("/")
        key = rest.rpartition("/")[0]
        what = {
            "projects": "its capital cost",
            "effects": f"its effect on {key.partition(',')[2]}",
            "scores": f"its score on {key.partition(',')[2]}",
            "budgets": f"the money of {key.rpartition(',')[0]} in period {key.rpartition(',')[2]}",
        }[table]
        now, step = f"{_plain(self.now)}{unit}", _plain(self.step)
        if self.amount is None:
            if self.proved and table == "projects" and self.limit == self.now:
                return "Not even at no capital cost does some efficient portfolio take it: proved."
            if self.proved:
                return f"No change of {what} (now {now}) by up to {_plain(self.limit)} brings it in: proved."
            return f"No change of {what} (now {now}) was found that brings it in; not settled: {self.open}."
        told = f"With {what} at {_plain(self.after)}{unit} instead of {now}, some efficient portfolio takes it"
        if self.proved:
            return f"{told}; {step} short of that, none does: proved."
        return f"{told}; whether a smaller change would do is not settled: {self.open}."


@dataclass(frozen=True)
class Swap:
    """The nearest portfolio of the other kind: what leaves, what joins, what starts at another time.

    ``worse`` by objective is what it loses against the portfolio in question (negative: it gains), in the objective's
    unit. No portfolio of its kind is less than ``epsilon`` of the ranges worse if it is ``proved``. ``efficient``:
    ``None`` if that is not settled.
    """

    plan: Mapping[str, int]
    values: Mapping[str, Fraction]
    worse: Mapping[str, Fraction]
    epsilon: Fraction
    leaves: tuple[str, ...]
    joins: tuple[str, ...]
    moves: tuple[str, ...]
    efficient: bool | None
    proved: bool


@dataclass(frozen=True)
class Rules:
    """Sets of rules in words, each enough to be lifted; see :class:`optimizer.decide.explain.lifted.Lifted`."""

    sets: tuple[tuple[str, ...], ...]
    proved: bool
    open: str = ""


@dataclass(frozen=True)
class Explanation:
    """Why ``project`` is in a portfolio or not, and what would change that.

    ``cls`` holds for all efficient portfolios, ``None`` if it is not settled. ``locked``: the word in its table; all
    else then speaks of the region without this lock. ``broken`` are the rules that break if it is simply dropped from
    the portfolio, or added at ``start``, and ``change`` is what this does to each objective, in its own unit.
    ``forced``: the share of the ranges by which the listed portfolios are missed if it must be the other way round, at
    least and at most; equal if it is exact.
    """

    region: str
    project: str
    name: str
    portfolio: int
    inside: bool
    efficient: bool | None
    cls: Class | None
    listed: tuple[int, int]
    locked: str
    broken: tuple[str, ...]
    change: Mapping[str, Fraction]
    start: int | None
    swap: Swap | None
    impossible: bool
    forced: tuple[Fraction, Fraction | None] | None
    prices: tuple[Price, ...]
    rules: Rules | None
    values: Mapping[str, Fraction]
    units: Mapping[str, str]
    titles: Mapping[str, str]
    certificate: Certificate
    why: str = ""

    def in_words(self) -> str:
        """Sentences to be read out, one a line."""
        return "\n".join(self._sentences())

    def _sentences(self) -> Iterator[str]:
        who = self._who(self.project)
        yield f"{who} is {'in' if self.inside else 'not in'} portfolio {self.portfolio}."
        if self.locked:
            yield f"It is locked {self.locked}; what follows says what would be without this lock."
        yield self._class()
        yield from self._basis()
        if self.why:
            yield self.why
            return
        yield self._simply()
        if self.impossible:
            other = "without" if self.inside else "with"
            yield f"No portfolio {other} it keeps all rules: proved."
        if self.swap is not None:
            yield from self._swapped(self.swap)
        if self.forced is not None:
            yield self._forced(*self.forced)
        if self.rules is not None:
            yield self._lifted(self.rules)
        yield from (price.in_words() for price in self.prices)

    def _class(self) -> str:
        count, total = self.listed
        listed = f"{count} of the {counted(total, 'listed portfolio')} contain{'s' * (count == 1)} it"
        return {
            Class.CORE: "Every efficient portfolio contains it (core): proved.",
            Class.EXTERIOR: "No efficient portfolio contains it (exterior): proved.",
            Class.BORDERLINE: f"Some efficient portfolios contain it, others do not (borderline): proved; {listed}.",
            None: f"Whether all, some or no efficient portfolios contain it is not settled; {listed}.",
        }[self.cls]

    def _basis(self) -> Iterator[str]:
        if self.efficient is False:
            yield f"Portfolio {self.portfolio} itself is not efficient: another one is better."
        elif self.efficient is None:
            yield f"Whether portfolio {self.portfolio} itself is efficient is not settled."
        if self.certificate.status is not Status.COMPLETE:
            yield (
                f"The front has status {self.certificate.status}: what is called proved here was solved anew and holds "
                "for all portfolios; figures about the listed portfolios hold for those."
            )

    def _simply(self) -> str:
        act = "dropped" if self.inside else "added"
        if self.broken:
            rules = "; ".join(self.broken)
            return f"Simply {act}, {counted(len(self.broken), 'rule')} would be broken: {rules}."
        moved = self._amounts(self.change)
        return f"Simply {act}, no rule would be broken; {moved or 'no objective would move'}."

    def _swapped(self, swap: Swap) -> Iterator[str]:
        kind = "without" if self.inside else "with"
        standing = {
            True: "which is efficient itself",
            False: "which is not efficient: others do better",
            None: "of which it is not settled whether it is efficient",
        }[swap.efficient]
        parts = [
            f"{verb} {', '.join(map(self._who, projects))}"
            for verb, projects in (("without", swap.leaves), ("with", swap.joins), ("at another time", swap.moves))
            if projects
        ]
        lost = {name: amount for name, amount in swap.worse.items() if amount > 0}
        won = {name: -amount for name, amount in swap.worse.items() if amount < 0}
        told = [f"loses {self._sums(lost)}"] if lost else []
        told += [f"gains {self._sums(won)}"] if won else []
        yield (
            f"The nearest portfolio {kind} it, {standing}: {'; '.join(parts) or 'the same projects'}. It "
            f"{' and '.join(told) or 'is equally good in every objective'}."
        )
        if not swap.proved:
            yield f"Whether another portfolio {kind} it comes nearer is not settled."
        elif swap.epsilon > 0:
            share = _percent(swap.epsilon)
            yield f"No portfolio {kind} it is as good: each loses at least {share} of the range somewhere: proved."

    def _forced(self, least: Fraction, most: Fraction | None) -> str:
        wish = "banned from every portfolio" if self.inside else "forced into every portfolio"
        if most == least:
            if not least:
                return f"If it were {wish}, no listed portfolio would be missed: each has an equal: proved."
            return (
                f"If it were {wish}, some listed portfolio would be missed by {_percent(least)} of the range, none by "
                "more: proved."
            )
        bound = "an unknown share" if most is None else f"at most {_percent(most)}"
        return f"If it were {wish}, listed portfolios would be missed by at least {_percent(least)} and {bound}."

    @staticmethod
    def _lifted(rules: Rules) -> str:
        if not rules.sets:
            if rules.proved:
                return "No rule keeps it out: even with all rules lifted, rivals do better: proved."
            return f"Which rules keep it out is not settled ({rules.open})."
        together = len(rules.sets[0])
        told = "; or ".join(" together with ".join(chosen) for chosen in rules.sets)
        if not rules.proved:
            return f"Some efficient portfolio would take it without {told}; not settled: {rules.open}."
        if together == 1:
            which = "this rule were lifted" if len(rules.sets) == 1 else "one of these rules were lifted"
            return f"Some efficient portfolio would take it if {which}: {told}. No other rule does it alone: proved."
        return f"No rule keeps it out alone, but some efficient portfolio would take it without {told}: proved."

    def _who(self, project: str) -> str:
        title = self.titles.get(project, "")
        return f"{project} ({title})" if title and title != project else project

    def _amounts(self, amounts: Mapping[str, Fraction]) -> str:
        return ", ".join(
            f"{name} {figure(amount, decimals([amount]), signed=True)} {self.units[name]}".rstrip()
            for name, amount in amounts.items()
            if amount
        )

    def _sums(self, amounts: Mapping[str, Fraction]) -> str:
        return ", ".join(
            f"{figure(amount, decimals([amount]))} {self.units[name]} of {name}".replace("  ", " ")
            for name, amount in amounts.items()
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain types, exact figures as text."""
        swap, forced = self.swap, self.forced
        return {
            "region": self.region,
            "project": self.project,
            "name": self.name,
            "portfolio": self.portfolio,
            "inside": self.inside,
            "values": _exact(self.values),
            "efficient": self.efficient,
            "class": self.cls.value if self.cls else None,
            "listed": {"with": self.listed[0], "portfolios": self.listed[1]},
            "locked": self.locked,
            "why": self.why,
            "simply": {"broken": list(self.broken), "change": _exact(self.change), "start": self.start},
            "impossible": self.impossible,
            "swap": None
            if swap is None
            else {
                "plan": dict(swap.plan),
                "values": _exact(swap.values),
                "worse": _exact(swap.worse),
                "epsilon": exact_text(swap.epsilon),
                "leaves": list(swap.leaves),
                "joins": list(swap.joins),
                "moves": list(swap.moves),
                "efficient": swap.efficient,
                "proved": swap.proved,
            },
            "forced": None
            if forced is None
            else {
                "least": exact_text(forced[0]),
                "most": None if forced[1] is None else exact_text(forced[1]),
                "proved": forced[0] == forced[1],
            },
            "rules": None
            if self.rules is None
            else {"sets": [list(s) for s in self.rules.sets], "proved": self.rules.proved, "open": self.rules.open},
            "prices": [
                {
                    "kind": price.kind,
                    "figure": price.figure,
                    "unit": price.unit,
                    "now": _plain(price.now),
                    "step": _plain(price.step),
                    "amount": None if price.amount is None else _plain(price.amount),
                    "after": None if price.after is None else _plain(price.after),
                    "limit": _plain(price.limit),
                    "proved": price.proved,
                    "open": price.open,
                }
                for price in self.prices
            ],
            "certificate": self.certificate.to_dict(),
            "words": self.in_words(),
        }


def _exact(values: Mapping[str, Fraction]) -> dict[str, str]:
    return {name: exact_text(value) for name, value in values.items()}


def _plain(value: Decimal | None) -> str:
    return "" if value is None else exact_text(Fraction(value))


def _percent(share: Fraction) -> str:
    return f"{float(share):.2%}".replace("%", " %")
