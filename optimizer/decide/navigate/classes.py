"""Classes: from what may happen to each goal to the problems that synchronous NIMBUS solves.

Miettinen & Mäkelä, "Synchronous approach in interactive multiobjective optimization", European Journal of Operational
Research 170, 2006. From a portfolio with values ``f(c)`` every goal is to improve (``<``), to improve up to a value
(``<=``), to be kept (``=``), may worsen down to a value (``>=``) or is free. Four achievement functions ``max_j (y_j -
reference_j) / span_j`` use that differently:

=============  ==========================  ==============================  =============================
name           reference                   span                            goals
=============  ==========================  ==============================  =============================
nimbus         ideal, or the value         nadir - ideal                   those to improve
achievement    wished point                nadir - ideal                   all
stom           utopian point               wished - utopian point          all
guess          nadir                       nadir - wished point            all but free ones
=============  ==========================  ==============================  =============================

The *wished point* takes the ideal or the value for what is to improve, ``f(c)`` for what is kept, the value for what
may worsen and the nadir for what is free. ``nimbus`` alone has the conditions that improved and kept goals do not
become worse than in ``c``, and the others not worse than their value. Ideal and nadir are the best and the worst listed
value; the utopian point is one quantum beyond the ideal.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from instances.faults import did_you_mean
from models.problem import Objective
from optimizer.decide.navigate.achievement import Achievement
from optimizer.decide.navigate.neighbours import Place
from optimizer.decide.navigate.wishes import Condition, Number, Wishes, figure_of
from optimizer.exact import exact_text
from optimizer.listing import Listing

__all__ = ["Classes", "Subproblem", "subproblems"]


@dataclass(frozen=True)
class Classes:
    """The class of every goal; ``improve`` maps to the value that is enough, ``None`` for as far as can be."""

    improve: Mapping[str, Fraction | None]
    keep: tuple[str, ...]
    may_worsen: Mapping[str, Fraction]
    free: tuple[str, ...]

    @classmethod
    def of(
        cls,
        objectives: Sequence[Objective],
        here: Place,
        improve: Mapping[str, Number | None],
        keep: Collection[str],
        may_worsen: Mapping[str, Number],
        free: Collection[str],
    ) -> Classes:
        """The classes, checked against the portfolio ``here``. Raises ``ValueError`` with the way out."""
        named = {o.name: o for o in objectives}
        every = [*improve, *keep, *may_worsen, *free]
        for name in every:
            if name not in named:
                raise ValueError(f"no objective is called {name}; {did_you_mean(name, list(named))}")
            if every.count(name) > 1:
                raise ValueError(f"{name} is in two classes; name each goal once")
        if missing := [name for name in named if name not in every]:
            raise ValueError(f"say what may become of {', '.join(missing)}: improve, keep, may worsen or free")
        if not improve:
            raise ValueError("nothing is to improve; name a goal that shall become better")
        if not may_worsen and not free:
            raise ValueError("something has to give way; name a goal that may worsen or is free")
        enough = {name: None if v is None else figure_of(name, v) for name, v in improve.items()}
        until = {name: figure_of(name, v) for name, v in may_worsen.items()}
        for name, value in [*enough.items(), *until.items()]:
            now = here.values[name]
            if value is None:
                continue
            better = value > now if named[name].sense == "max" else value < now
            if name in enough and not better:
                raise ValueError(f"{name} is to improve to {exact_text(value)}, but has {exact_text(now)} already")
            if name in until and better:
                raise ValueError(
                    f"{name} may worsen to {exact_text(value)}, which is better than the {exact_text(now)} it has"
                )
        return cls(enough, tuple(keep), until, tuple(free))


@dataclass(frozen=True)
class Subproblem:
    """One of the four problems, ready to be answered."""

    name: str
    wishes: Wishes
    achievement: Achievement


def subproblems(listing: Listing, spans: Sequence[Fraction], here: Place, classes: Classes) -> tuple[Subproblem, ...]:
    """The problems; ``spans`` ``(p,)`` are the ranges of the list in quanta; no ``guess`` without a goal for it."""
    objectives = listing.objectives
    ideal = {o.name: listing.column(k)[listing.best(k)] for k, o in enumerate(objectives)}
    nadir = {o.name: (min if o.sense == "max" else max)(listing.column(k)) for k, o in enumerate(objectives)}
    wished = {o.name: _wished(o.name, classes, ideal, nadir, here) for o in objectives}
    reached = {**{name: here.values[name] for name in (*classes.improve, *classes.keep)}, **classes.may_worsen}
    conditions = tuple(Condition("reached", o.name, reached[o.name], o.sense) for o in objectives if o.name in reached)
    low = [o.minimised(ideal[o.name]) - 1 for o in objectives]
    high = [o.minimised(nadir[o.name]) for o in objectives]
    aims = [o.minimised(wished[o.name]) for o in objectives]
    improved = tuple(a if o.name in classes.improve else None for o, a in zip(objectives, aims, strict=True))
    stom = tuple(max(Fraction(1), a - b) for a, b in zip(aims, low, strict=True))
    guess = tuple(
        b if o.name not in classes.free and a < b else None for o, a, b in zip(objectives, aims, high, strict=True)
    )
    far = tuple(b - a if r is not None else s for a, b, r, s in zip(aims, high, guess, spans, strict=True))
    to_improve = {name: wished[name] for name in classes.improve}
    asked = (
        Subproblem("nimbus", Wishes(to_improve, conditions), Achievement(improved, tuple(spans))),
        Subproblem("achievement", Wishes(wished), Achievement(tuple(aims), tuple(spans))),
        Subproblem("stom", Wishes(wished), Achievement(tuple(low), stom)),
        Subproblem("guess", Wishes(wished), Achievement(guess, far)),
    )
    return asked if any(reference is not None for reference in guess) else asked[:-1]


def _wished(
    name: str, classes: Classes, ideal: Mapping[str, Fraction], nadir: Mapping[str, Fraction], here: Place
) -> Fraction:
    if name in classes.improve:
        enough = classes.improve[name]
        return ideal[name] if enough is None else enough
    if name in classes.keep:
        return here.values[name]
    return classes.may_worsen.get(name, nadir[name])
