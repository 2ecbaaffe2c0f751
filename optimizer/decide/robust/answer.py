"""Robustness: the listed portfolios over all worlds and all costs, as figures and in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from optimizer.certificate import Certificate, Status
from optimizer.decide.robust.costs import Costs
from optimizer.decide.robust.outlook import Outlook
from optimizer.decide.robust.overruns import Overrun, Overruns
from optimizer.decide.robust.stands import Stand
from optimizer.exact import counted, exact_text, percent

if TYPE_CHECKING:
    import pandas as pd

    from models.problem import Objective

__all__ = ["Robustness", "Sturdy", "WorldFacts", "chance_in_words"]


@dataclass(frozen=True)
class WorldFacts:
    """A world: its chance, how many figures differ from the plan, how its front was solved."""

    name: str
    probability: Fraction
    changed: int
    certificate: Certificate


@dataclass(frozen=True)
class Sturdy:
    """A portfolio in every world, and its budgets where costs are uncertain.

    ``portfolio`` is its number in ``front.csv`` if it is ``listed``; ``w2.3`` is the third one of the front of the
    second scenario, which is not on the list. ``outlooks``: objective to what it promises over all worlds, as if the
    portfolio were carried through in each.
    """

    portfolio: str
    listed: bool
    plan: Mapping[str, int]
    stands: tuple[Stand, ...]
    outlooks: Mapping[str, Outlook]
    overruns: Overruns | None

    @property
    def allowed(self) -> int:
        """In how many worlds it keeps all rules."""
        return sum(stand.allowed for stand in self.stands)

    @property
    def efficient(self) -> int:
        """In how many worlds it is proved to be efficient."""
        return sum(stand.efficient is True for stand in self.stands)

    @property
    def open(self) -> int:
        """In how many worlds it is allowed, and nobody knows whether it is efficient."""
        return sum(stand.efficient is None for stand in self.stands)

    @property
    def regret(self) -> tuple[Fraction, Fraction | None]:
        """The largest regret over the worlds in which it is allowed: at least, at most (``None``: no bound)."""
        known = [stand.regret for stand in self.stands if stand.regret is not None]
        most = [high for _, high in known if high is not None]
        return max((low for low, _ in known), default=Fraction(0)), max(most) if len(most) == len(known) > 0 else None

    def mean_regret(self, chances: tuple[Fraction, ...]) -> tuple[Fraction, Fraction | None]:
        """The mean regret, weighted by the chances, over the worlds in which it is allowed: at least, at most."""
        known = [(c, s.regret) for c, s in zip(chances, self.stands, strict=True) if s.regret is not None and c]
        total = sum((chance for chance, _ in known), Fraction(0))
        if not total:
            return self.regret
        low = sum((chance * regret[0] for chance, regret in known), Fraction(0)) / total
        if any(regret[1] is None for _, regret in known):
            return low, None
        return low, sum((chance * (regret[1] or 0) for chance, regret in known), Fraction(0)) / total


@dataclass(frozen=True, eq=False)
class Robustness:
    """What becomes of the listed portfolios when the world is another one, and costs are.

    ``portfolios`` are those of the list in its order, then those of other worlds' fronts. ``left_out``: scenarios that
    were not looked at, as the time was up.
    ``certificate`` is that of the list itself: portfolios that it misses are not judged.
    """

    objectives: tuple[Objective, ...]
    worlds: tuple[WorldFacts, ...]
    portfolios: tuple[Sturdy, ...]
    costs: Costs | None
    samples: int
    tail: Fraction
    certificate: Certificate
    left_out: tuple[str, ...] = ()

    @property
    def chances(self) -> tuple[Fraction, ...]:
        return tuple(world.probability for world in self.worlds)

    @property
    def listed(self) -> tuple[Sturdy, ...]:
        """The portfolios of the list alone."""
        return tuple(one for one in self.portfolios if one.listed)

    def steadiest(self) -> tuple[Sturdy, ...]:
        """The portfolios in order: allowed, then efficient with the largest chance, then least regret, fewest overruns.

        Worlds count by their chance, and among equals by their number.
        """
        return tuple(sorted(self.portfolios, key=self._key))

    def _key(self, one: Sturdy) -> tuple[Any, ...]:
        pairs = list(zip(self.chances, one.stands, strict=True))
        return (
            -sum((chance for chance, stand in pairs if stand.allowed), Fraction(0)),
            -one.allowed,
            -sum((chance for chance, stand in pairs if stand.efficient), Fraction(0)),
            -one.efficient,
            one.regret[0],
            one.overruns.any.value if one.overruns else 0.0,
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain types, exact figures as text."""
        return {
            "worlds": [
                {
                    "name": world.name,
                    "probability": exact_text(world.probability),
                    "figures_changed": world.changed,
                    "certificate": world.certificate.to_dict(),
                }
                for world in self.worlds
            ],
            "left_out": list(self.left_out),
            "tail": exact_text(self.tail),
            "costs": None if self.costs is None else dict(self.costs.said),
            "correlation": None if self.costs is None else self.costs.correlation,
            "samples": self.samples if self.costs else 0,
            "portfolios": [self._plain(one) for one in self.portfolios],
            "certificate": self.certificate.to_dict(),
            "words": self.in_words(),
        }

    def _plain(self, one: Sturdy) -> dict[str, Any]:
        mean = one.mean_regret(self.chances)
        return {
            "portfolio": one.portfolio,
            "listed": one.listed,
            "plan": dict(one.plan),
            "allowed": one.allowed,
            "efficient": one.efficient,
            "open": one.open,
            "regret": {"max": _pair(one.regret), "mean": _pair(mean)},
            "worlds": [
                {
                    "world": world.name,
                    "values": {o.name: exact_text(v) for o, v in zip(self.objectives, stand.values, strict=True)},
                    "broken": list(stand.broken),
                    "efficient": stand.efficient,
                    "regret": _pair(stand.regret),
                }
                for world, stand in zip(self.worlds, one.stands, strict=True)
            ],
            "outlook": {
                name: {"mean": exact_text(o.mean), "worst": exact_text(o.worst), "tail": exact_text(o.tail)}
                for name, o in one.outlooks.items()
            },
            "overruns": None if one.overruns is None else _plain_overruns(one.overruns),
        }

    def to_frame(self) -> pd.DataFrame:
        """One row a portfolio: worlds, regrets (shares of the range), chance of an overrun, tails of the objectives."""
        import pandas as pd

        rows = {
            one.portfolio: {
                "allowed": one.allowed,
                "efficient": one.efficient,
                "open": one.open,
                "regret_max": float(one.regret[0]),
                "regret_mean": float(one.mean_regret(self.chances)[0]),
                "overrun": None if one.overruns is None else one.overruns.any.value,
                **{f"{name}_tail": float(o.tail) for name, o in one.outlooks.items()},
            }
            for one in self.portfolios
        }
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis("portfolio")

    def in_words(self) -> str:
        """What an officer can read out."""
        return " ".join([*self._worlds_in_words(), *self._costs_in_words(), *self._basis_in_words()])

    def _worlds_in_words(self) -> list[str]:
        total = len(self.worlds)
        if total < 2:
            return []
        through = [one for one in self.listed if one.allowed == total]
        steady = [one for one in through if one.efficient == total]
        count = counted(len(self.listed), "portfolio")
        said = [
            f"In {counted(total, 'world')} ({', '.join(world.name for world in self.worlds)}), {len(through)} of "
            f"the {count} listed keep all rules everywhere, and {len(steady)} are proved to be efficient everywhere."
        ]
        ranked = self.steadiest()
        said.append(self._steady_in_words("The steadiest", ranked[0]))
        if not ranked[0].listed:
            said.append(self._steady_in_words("Of those listed, it", next(one for one in ranked if one.listed)))
        if undecided := sum(one.open for one in self.portfolios):
            said.append(f"In {undecided:,} cases it stays open whether a portfolio is efficient.")
        if self.left_out:
            said.append(f"Not looked at, as the time was up: {', '.join(self.left_out)}.")
        return said

    def _steady_in_words(self, who: str, one: Sturdy) -> str:
        total, (low, high) = len(self.worlds), one.regret
        named = one.portfolio
        if not one.listed:
            named += f" (on the front of the world {self.worlds[int(named[1:].partition('.')[0])].name!r} only)"
        said = f"{who} is portfolio {named}: allowed in {one.allowed}, efficient in {one.efficient} of {total} worlds"
        if low == high == 0:
            said += "; wherever it is allowed, no portfolio beats it"
        elif high is not None:
            said += f"; wherever it is allowed, at most {percent(high)} of the range is given away, on average"
        return said + "."

    def _costs_in_words(self) -> list[str]:
        judged = [one for one in self.listed if one.overruns is not None]
        if not judged or self.costs is None:
            return []
        ranked = sorted(judged, key=lambda one: one.overruns.any.value if one.overruns else 0.0)
        said = [f"The costs of {counted(len(self.costs.projects), 'project')} are uncertain."]
        for words, one in (("least", ranked[0]), ("most", ranked[-1]))[: len(judged)]:
            if one.overruns is None:
                continue
            chance = chance_in_words(one.overruns)
            worst = one.overruns.worst
            several = worst is not None and worst.chance.value > 0 and len(one.overruns.budgets) > 1
            where = f", mostly of {worst.budget}" if worst is not None and several else ""
            said.append(f"Portfolio {one.portfolio} is {words} likely to overrun its money: {chance}{where}.")
        bound = "no project's cost moves with another's"
        if self.costs.correlation:
            bound = f"costs move together with a correlation of {self.costs.correlation:g}"
        said.append(f"These are estimates from {self.samples:,} draws, ± two standard errors, if {bound}.")
        return said

    def _basis_in_words(self) -> list[str]:
        if self.certificate.status is Status.COMPLETE:
            return ["The list is complete for the world as planned."]
        return ["The list is not complete: efficient portfolios that it misses are not judged here."]


def chance_in_words(found: Overruns) -> str:
    """The chance of any overrun; exact where no uncertain cost bears on it.

    >>> from optimizer.decide.robust.overruns import Chance
    >>> chance_in_words(Overruns(Chance(0.0, 0.0, 4096), (), True))
    '0 %'
    """
    if all(one.certain for one in found.budgets):
        return "100 %" if found.any.value else "0 %"
    return found.any.in_words() if found.whole else f"at least {found.any.in_words()}"


def _pair(bounds: tuple[Fraction, Fraction | None] | None) -> dict[str, str | None] | None:
    if bounds is None:
        return None
    return {"at_least": exact_text(bounds[0]), "at_most": None if bounds[1] is None else exact_text(bounds[1])}


def _plain_overruns(found: Overruns) -> dict[str, Any]:
    return {
        "any": found.any.to_dict(),
        "all_groups": found.whole,
        "budgets": [_plain_budget(one) for one in found.budgets],
    }


def _plain_budget(one: Overrun) -> dict[str, Any]:
    return {
        "budget": one.budget,
        "money": exact_text(one.money),
        "planned": exact_text(one.planned),
        "chance": one.chance.to_dict(),
        "certain": one.certain,
        "mean_overrun": one.mean,
        "safe_in_8_of_10": one.safe,
    }
