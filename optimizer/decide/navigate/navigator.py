"""Navigator: keeps a region's model, its list and what was found, so that one question after the other is quick."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor, inf, isfinite
from typing import TYPE_CHECKING

import numpy as np

from models import formulate
from models.problem import Floats, Problem
from optimizer.certificate import Status, percent_at_most
from optimizer.decide.live import Clock, Live
from optimizer.decide.navigate.achievement import Achievement
from optimizer.decide.navigate.answer import Navigation
from optimizer.decide.navigate.clash import find_clash
from optimizer.decide.navigate.classes import Classes, subproblems
from optimizer.decide.navigate.nearest import Nearest, find_nearest
from optimizer.decide.navigate.neighbours import Neighbour, Place, neighbours_of
from optimizer.decide.navigate.pool import Pool, Spot
from optimizer.decide.navigate.trades import Trade, find_trade
from optimizer.decide.navigate.wishes import Condition, Number, Wishes, part_of
from optimizer.engines.highs import Highs
from optimizer.listing import Listing

if TYPE_CHECKING:
    from instances.region import Region
    from optimizer.run import Run

__all__ = ["Navigator", "navigate"]

INNER = 0.75
"""Share of the time for the portfolios that keep pins and bans, before all others are looked at."""


@dataclass(frozen=True)
class _Told:
    """What is known before anything is solved: the nearest known portfolio that keeps the conditions, and a bound.

    ``settled``: it is the nearest and efficient in the region. ``none``: no portfolio keeps the conditions.
    """

    spot: Spot | None
    bound: Fraction | None
    settled: bool = False
    none: bool = False


class Navigator:
    """Answers wishes about ``region``, whose front is ``listing``; each question within its own ``seconds``.

    The model is compiled once; portfolios and proofs that one question brings are used by the next. Questions of
    several threads are answered one after the other; :meth:`interrupt` ends the one that is being answered, which then
    tells what it has. ``interrupted`` is asked ten times a second to the same end.

    Raises ``ValueError`` if there is no portfolio in the list.

    >>> from instances import read_region
    >>> from optimizer import solve
    >>> region = read_region("hamlet")
    >>> navigator = Navigator(region, solve(formulate(region)).listing)
    >>> answer = navigator.ask({"growth": 20, "character": 12}, pin=["park"])
    >>> answer.efficient, answer.nearest, "park" in answer.place.plan
    (True, True, True)
    """

    def __init__(
        self,
        region: Region,
        listing: Listing,
        *,
        problem: Problem | None = None,
        interrupted: Callable[[], bool] | None = None,
    ) -> None:
        if not len(listing):
            raise ValueError("there is no portfolio to start from: " + listing.certificate.in_words())
        self.region, self.listing, self.objectives = region, listing, listing.objectives
        self.problem = problem or formulate(region, [objective.name for objective in self.objectives])
        self._asked_elsewhere = interrupted
        self._stop, self._lock = threading.Event(), threading.Lock()
        self._gate = Highs(self.problem, interrupted=self._interrupted)
        self._pool = Pool(self.problem, listing)
        self._empty: list[Floats] = []
        self._spans: tuple[Fraction, ...] = tuple(
            Fraction(max(1, round(listing.range(k) / o.quantum))) for k, o in enumerate(self.objectives)
        )

    @property
    def spans(self) -> dict[str, Fraction]:
        """The range of each goal, in its own unit, by which distances are counted: that of the run's certificate."""
        return {o.name: span * o.quantum for o, span in zip(self.objectives, self._spans, strict=True)}

    @classmethod
    def of(cls, run: Run, *, interrupted: Callable[[], bool] | None = None) -> Navigator:
        """The navigator of a run folder that was read."""
        return cls(run.region, run.listing, interrupted=interrupted)

    def ask(
        self,
        aim: Mapping[str, Number] | None = None,
        *,
        at_least: Mapping[str, Number] | None = None,
        pin: Collection[str] = (),
        ban: Collection[str] = (),
        seconds: float = inf,
    ) -> Navigation:
        """The efficient portfolio nearest to ``aim``, among those that keep all conditions.

        Args:
            aim: goal to the value hoped for, in its own unit; without any, the best listed value of each goal.
            at_least: goal to a value that has to be reached (where less is better: not exceeded).
            pin: projects that must be inside.
            ban: projects that must not.
            seconds: when to say what is known by then.

        Raises ``ValueError`` for unknown names and what is no number.
        """
        wishes = Wishes.of(self.listing, aim or {}, at_least or {}, pin, ban)
        with self._lock:
            self._stop.clear()
            return self._answer(wishes, self._achievement(wishes.aim), Clock(seconds, self._interrupted))

    def classify(
        self,
        of: int | Navigation,
        *,
        improve: Mapping[str, Number | None],
        keep: Collection[str] = (),
        may_worsen: Mapping[str, Number] | None = None,
        free: Collection[str] = (),
        answers: int = 1,
        seconds: float = inf,
    ) -> tuple[Navigation, ...]:
        """From a portfolio (its number in the list, or an answer) on, by what may become of each goal.

        Args:
            improve: goal to the value that is enough; ``None``: as far as can be.
            keep: goals that must not become worse.
            may_worsen: goal to the value down to which it may become worse.
            free: goals that may change as they like.
            answers: how many of the subproblems of synchronous NIMBUS to solve, at most 4; the first keeps the classes.
            seconds: for all answers together.

        Raises ``ValueError`` where a goal has no class or two, or the classes leave no way to go.
        """
        here = self._listed(of) if isinstance(of, int) else of.place
        if here is None:
            raise ValueError("that answer holds no portfolio to start from")
        classes = Classes.of(self.objectives, here, improve, keep, may_worsen or {}, free)
        asked = subproblems(self.listing, self._spans, here, classes)[:answers]
        with self._lock:
            self._stop.clear()
            clock, told = Clock(seconds, self._interrupted), []
            for done, one in enumerate(asked):
                share = clock.part(clock.left / (len(asked) - done))
                told.append(replace(self._answer(one.wishes, one.achievement, share), scalarization=one.name))
            return tuple(told)

    def trades(
        self, of: int | Navigation, *, steps: Mapping[str, Number] | None = None, seconds: float = inf
    ) -> tuple[Trade, ...]:
        """What a step of each goal costs each other goal at least, from a portfolio on (see :mod:`.trades`).

        ``steps``: goal to the size of its step, in its own unit, by default a hundredth of the range; rounded up to
        whole quanta. The conditions of an answer hold here, too.
        """
        here = self._listed(of) if isinstance(of, int) else of.place
        if here is None:
            raise ValueError("that answer holds no portfolio to start from")
        conditions = () if isinstance(of, int) else of.conditions
        wanted = Wishes.of(self.listing, steps or {}, {}, (), ()).aim if steps else {}
        y = np.array([int(o.minimised(here.values[o.name])) for o in self.objectives], dtype=np.int64)
        pairs = [(a, b) for a in range(len(y)) for b in range(len(y)) if a != b]
        told = []
        with self._lock:
            self._stop.clear()
            clock = Clock(seconds, self._interrupted)
            gate = Highs(part_of(self.problem, conditions), interrupted=self._interrupted)
            for done, (a, b) in enumerate(pairs):
                o = self.objectives[a]
                step = max(1, ceil(wanted.get(o.name, self.spans[o.name] / 100) / o.quantum))
                part = Live(self.problem, clock.part(clock.left / (len(pairs) - done)), gate)
                told.append(find_trade(part, self.objectives, y, a, b, step))
        return tuple(told)

    def interrupt(self) -> None:
        """End the question that is being answered; from any thread."""
        self._stop.set()

    def _interrupted(self) -> bool:
        return self._stop.is_set() or (self._asked_elsewhere is not None and self._asked_elsewhere())

    def _listed(self, number: int) -> Place:
        if number not in self.listing.numbers:
            raise ValueError(f"there is no portfolio {number} in the list; it has {len(self.listing)}")
        return self._pool.spots[self.listing.numbers.index(number)].place

    def _achievement(self, aim: Mapping[str, Fraction]) -> Achievement:
        reference = tuple(o.minimised(aim[o.name]) if o.name in aim else None for o in self.objectives)
        return Achievement(reference, self._spans)

    def _answer(self, wishes: Wishes, wish: Achievement, clock: Clock) -> Navigation:
        began = time.perf_counter()
        whole = Live(self.problem, clock, self._gate)
        told = self._told(wishes, wish)
        part = whole
        if told.none:
            found = Nearest(none=True)
        elif told.settled and told.spot is not None:
            told.spot.efficient = True
            found = Nearest(None, told.spot.y, told.bound, efficient=True, slack=0.0)
        else:
            part = self._part(wishes, clock)
            found = self._search(part, whole, wish, told)
        if found.none:
            return self._no_answer(wishes, clock, began)
        if found.y is None:
            return self._navigation(wishes, None, found, began)
        spot = told.spot if found.x is None else self._pool.add(found.x, found.y, False)
        assert spot is not None
        standing, better = self._standing(spot, found, wishes, whole)
        spot.efficient |= standing is True
        self._remember(wishes, wish, found)
        answer = self._navigation(wishes, spot.place, found, began)
        return replace(
            answer,
            distance=wish.distance(spot.y),
            beaten_by=None if found.efficient else self._beaten_by(found, wish),
            whole=standing,
            better=better,
            neighbours=self._neighbours(spot, wishes.conditions),
            seconds=time.perf_counter() - began,
            solves=whole.solves + (part.solves if part is not whole else 0),
        )

    def _navigation(self, wishes: Wishes, place: Place | None, found: Nearest, began: float) -> Navigation:
        return Navigation(
            aim=wishes.aim,
            conditions=wishes.conditions,
            objectives=self.objectives,
            place=place,
            origin="solved live" if found.live else "from the list",
            distance=None,
            bound=found.bound,
            efficient=found.efficient,
            beaten_by=None,
            whole=None,
            better=None,
            neighbours=(),
            clash=None,
            seconds=time.perf_counter() - began,
            solves=0,
            basis=_basis(self.listing),
        )

    def _no_answer(self, wishes: Wishes, clock: Clock, began: float) -> Navigation:
        """Which conditions contradict each other, and what is nearest to the goals among them."""

        def kept(conditions: Sequence[Condition]) -> bool:
            return any(spot.keeps(conditions) for spot in self._pool.spots)

        clash = find_clash(self.problem, wishes.conditions, kept, clock)
        aim = {c.name: c.value for c in wishes.conditions if c.kind == "reached" and c.value is not None}
        instead = None
        if aim and any(c.kind == "reached" for c in clash.conditions):
            others = tuple(c for c in wishes.conditions if c.kind != "reached")
            instead = self._answer(Wishes(aim, others), self._achievement(aim), clock)
        answer = self._navigation(wishes, None, Nearest(none=True), began)
        return replace(answer, clash=clash, instead=instead)

    def _told(self, wishes: Wishes, wish: Achievement) -> _Told:
        """What the list, earlier questions and their proofs say.

        If the list is complete, whatever keeps the conditions about goals is matched or beaten by a listed portfolio
        that keeps them as well; if it is guaranteed, by one that is at most ε of the ranges worse.
        """
        proof = self.listing.certificate
        best = min(
            (spot for spot in self._pool.spots if spot.keeps(wishes.conditions)),
            key=lambda spot: wish.merit(spot.y),
            default=None,
        )
        bounds = [bound for caps in self._empty if (bound := wish.rules_out(caps)) is not None]
        listed = self._pool.spots[: self._pool.listed]
        if proof.status is Status.COMPLETE:
            reached = [c for c in wishes.conditions if c.kind == "reached"]
            peers = [wish.merit(spot.y) for spot in listed if spot.keeps(reached)]
            if not peers:
                return _Told(None, None, none=True)
            if best is not None and wish.merit(best.y) == min(peers):
                return _Told(best, min(peers)[0], settled=True)
            bounds.append(min(peers)[0])
        elif proof.status is Status.GUARANTEE and proof.epsilon is not None:
            lost = max(Fraction(proof.epsilon) * own / span for own, span in zip(self._spans, wish.spans, strict=True))
            bounds.append(min(wish.distance(spot.y) for spot in listed) - lost)
        bound = max(bounds, default=None)
        settled = best is not None and best.efficient and bound is not None and wish.distance(best.y) <= bound
        return _Told(best, bound, settled)

    def _part(self, wishes: Wishes, clock: Clock) -> Live:
        if not wishes.conditions:
            return Live(self.problem, clock, self._gate)
        inner = clock if wishes.only_reached else clock.part(INNER * clock.left)
        return Live(part_of(self.problem, wishes.conditions), inner)

    def _search(self, part: Live, whole: Live, wish: Achievement, told: _Told) -> Nearest:
        known = around = None
        if told.spot is not None and (x := self._pool.columns(told.spot, whole)) is not None:
            known, around = (x, told.spot.y), self._pool.around(told.spot, x, wish)
        found = find_nearest(part, wish, known, told.bound, around)
        if found.y is None and told.spot is not None:  # there was no time to complete its plan
            return replace(found, y=told.spot.y)
        return found

    def _remember(self, wishes: Wishes, wish: Achievement, found: Nearest) -> None:
        """Keep what was proved of all portfolios of the region."""
        if not wishes.only_reached or found.y is None or found.bound is None:
            return
        distance = wish.distance(found.y)
        if distance <= found.bound:
            caps = wish.below(distance)
            for k, objective in enumerate(self.objectives):
                for c in wishes.conditions:
                    if c.name == objective.name and c.value is not None:
                        caps[k] = min(caps[k], floor(objective.minimised(c.value)))
            self._empty.append(caps)

    def _standing(self, spot: Spot, found: Nearest, wishes: Wishes, whole: Live) -> tuple[bool | None, Place | None]:
        """Is the portfolio efficient in the whole region, and if not, which one dominates it?"""
        if spot.efficient:
            return True, None
        if wishes.only_reached:
            return (True, None) if found.efficient else (None, None)
        for other in self._pool.spots:
            if np.all(other.y <= spot.y) and np.any(other.y < spot.y):
                return False, other.place
        if spot.x is None:
            return None, None
        answer = whole.efficient(spot.y, spot.x)
        if answer.x is None or answer.y is None:
            return None, None
        if np.any(answer.y < spot.y):
            return False, self._pool.add(answer.x, answer.y, answer.proved).place
        return (True, None) if answer.proved else (None, None)

    def _beaten_by(self, found: Nearest, wish: Achievement) -> Fraction | None:
        """The largest share of a range by which a portfolio that dominates the answer could be better."""
        if not isfinite(found.slack):
            return None
        return max(floor(found.slack / int(w)) / span for w, span in zip(wish.weights, self._spans, strict=True))

    def _neighbours(self, spot: Spot, conditions: Sequence[Condition]) -> tuple[Neighbour, ...]:
        others = [
            (other.place, other.broken(conditions))
            for number, other in enumerate(self._pool.spots)
            if other is not spot and (number < self._pool.listed or other.efficient)
        ]
        spans = [span * o.quantum for span, o in zip(self._spans, self.objectives, strict=True)]
        return neighbours_of(spot.place, others, self.objectives, spans)


def navigate(
    run: Run,
    aim: Mapping[str, Number] | None = None,
    *,
    at_least: Mapping[str, Number] | None = None,
    pin: Collection[str] = (),
    ban: Collection[str] = (),
    seconds: float = inf,
) -> Navigation:
    """One question to a run; see :meth:`Navigator.ask`, which is quicker from the second question on."""
    return Navigator.of(run).ask(aim, at_least=at_least, pin=pin, ban=ban, seconds=seconds)


def _basis(listing: Listing) -> str:
    """What the list of the run proves, in a sentence."""
    proof = listing.certificate
    if proof.status is Status.COMPLETE:
        return "The list of the run is complete."
    if proof.status is Status.GUARANTEE and proof.epsilon is not None:
        return f"The list of the run is guaranteed within {percent_at_most(proof.epsilon)} of the range."
    return "The list of the run proves nothing about portfolios that are not in it."
