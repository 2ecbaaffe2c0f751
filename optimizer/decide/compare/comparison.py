"""Comparison: fronts side by side, each pair point by point, with what each run has proved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from optimizer.decide.compare.answers import Answer, Kind, Place, attained, nearest, points_of, typical
from optimizer.decide.compare.attainment import Difference, Surface, differences, surfaces
from optimizer.decide.compare.indicators import (
    epsilon_multiplicative,
    hypervolume,
    igd_plus,
    volume_is_estimated,
)
from optimizer.decide.compare.inputs import Change, input_changes
from optimizer.decide.compare.moves import Move, moves
from optimizer.decide.compare.promise import Promise, promises
from optimizer.decide.compare.scale import BEYOND, Point, Scale
from optimizer.decide.compare.sides import Given, Side, aligned, as_side
from optimizer.exact import exact_text
from optimizer.verify import Auditor, Evaluation

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Comparison", "Figures", "Pair", "compare"]

RE_ADDED = 20
"""Of the lost portfolios, so many are re-added with the other side's input where the inputs differ."""


@dataclass(frozen=True)
class Figures:
    """Indicators of one run on the common scale.

    ``hypervolume`` is the share of the box between the best values and the reference point that the list dominates;
    ``epsilon`` (exact), ``factor`` and ``igd_plus`` measure how far it is from the best of all lists together.
    ``None``: the list is empty, or, for the factor, some value is negative.
    """

    side: str
    run: str
    portfolios: int
    hypervolume: float
    estimated: bool
    epsilon: Fraction | None
    factor: float | None
    igd_plus: float | None


@dataclass(frozen=True, eq=False)
class Pair:
    """Two sides. ``answers``: what ``other`` has for each portfolio of ``base``; ``returns``: the other way round.

    Of repeated runs, the portfolios that at least half of the runs match or beat stand for the side. Each run of
    ``other`` has an entry in ``epsilons`` (additive, to ``base``), ``coverages`` (share of ``base`` that it matches or
    beats) and ``covered`` (share of it that ``base`` matches or beats). ``changes``: what differs in the input,
    ``None`` where it is not known. ``re_added``: portfolio of ``base`` to its values and broken rules by the input of
    ``other``.
    """

    base: Side
    other: Side
    scale: Scale
    answers: tuple[Answer, ...]
    returns: tuple[Answer, ...]
    epsilons: tuple[Fraction | None, ...]
    coverages: tuple[Fraction, ...]
    covered: tuple[Fraction, ...]
    changes: tuple[Change, ...] | None
    moves: tuple[Move, ...]
    promises: tuple[Promise, ...]
    re_added: Mapping[Place, Evaluation]

    def of(self, kind: Kind) -> tuple[Answer, ...]:
        """The portfolios of ``base`` that ``other`` answers so, largest loss first."""
        return _of(self.answers, kind)

    @property
    def new(self) -> tuple[Answer, ...]:
        """The portfolios of ``other`` that ``base`` neither has nor beats, largest gain first."""
        return _of(self.returns, Kind.LOST)

    @property
    def outdone(self) -> tuple[Answer, ...]:
        """The portfolios of ``other`` that ``base`` beats, smallest margin first."""
        return _of(self.returns, Kind.BEATEN)

    @cached_property
    def verdict(self) -> str:
        """``equal``, ``better``, ``worse`` or ``incomparable``: the list of ``other`` against that of ``base``.

        Better: all of ``base`` is matched or beaten, and not the other way round (Zitzler et al. 2003). It is said of
        the lists alone, not of what the methods or the inputs could yield.
        """
        if not self.answers and not self.returns:
            return "equal"
        lacks, adds = bool(self.of(Kind.LOST)), bool(self.new)
        return {(False, False): "equal", (False, True): "better", (True, False): "worse"}.get(
            (lacks, adds), "incomparable"
        )

    def worse_than(self, share: Fraction) -> tuple[Answer, ...]:
        """The portfolios of ``base`` whose best answer is worse by more than ``share`` of the range; exact."""
        return tuple(a for a in self.of(Kind.LOST) if a.epsilon is None or a.epsilon > share)

    def to_dict(self) -> dict[str, Any]:
        """Plain types, exact figures as text."""
        names = [objective.name for objective in self.scale.objectives]
        return {
            "base": self.base.name,
            "other": self.other.name,
            "verdict": self.verdict,
            "epsilon": [None if e is None else float(e) for e in self.epsilons],
            "coverage_of_base": [str(share) for share in self.coverages],
            "coverage_by_base": [str(share) for share in self.covered],
            "base_answered": [answer.to_dict(names) for answer in self.answers],
            "other_answered": [answer.to_dict(names) for answer in self.returns],
            "promises": [promise.to_dict() for promise in self.promises],
            "input": None if self.changes is None else [_plain(change) for change in self.changes],
            "projects": [
                {
                    "project": move.project,
                    "name": move.name,
                    "class": {"base": _word(move.before), "other": _word(move.after)},
                    "share": {"base": _word(move.share_before), "other": _word(move.share_after)},
                }
                for move in self.moves
            ],
            "re_added": [
                {
                    "run": place.run,
                    "portfolio": place.portfolio,
                    "values": {name: exact_text(value) for name, value in found.values.items()},
                    "broken": list(found.broken),
                }
                for place, found in self.re_added.items()
            ],
        }


@dataclass(frozen=True, eq=False)
class Comparison:
    """Sides on a common scale; the first is the base that the others are held against."""

    sides: tuple[Side, ...]
    scale: Scale
    figures: tuple[Figures, ...]
    pairs: tuple[Pair, ...]

    def surfaces(self) -> tuple[Surface, ...]:
        """Attainment surfaces of every side: quartiles of repeated runs, or the front itself."""
        return tuple(surface for side in self.sides for surface in surfaces(side, self.scale))

    def differences(self) -> tuple[Difference, ...]:
        """For each point found by the base or another side: what share of the runs of both attain it."""
        return tuple(d for pair in self.pairs for d in differences(pair.base, pair.other, self.scale))

    def words(self) -> list[str]:
        """The comparison in sentences, for people who have never seen an indicator."""
        from optimizer.decide.compare.words import in_words

        return in_words(self)

    def to_frame(self) -> pd.DataFrame:
        """The indicators, one row a run."""
        from optimizer.decide.compare.tables import indicators_table

        return indicators_table(self)

    def to_dict(self) -> dict[str, Any]:
        """Plain types, exact figures as text."""
        return {
            "scale": self.scale.rows(),
            "sides": [
                {
                    "name": side.name,
                    "runs": list(side.labels),
                    "plan": side.plan,
                    "broken": list(side.broken),
                    "certificates": [None if side.plan else x.certificate.to_dict() for x in side.listings],
                }
                for side in self.sides
            ],
            "indicators": [
                {
                    "side": f.side,
                    "run": f.run,
                    "portfolios": f.portfolios,
                    "hypervolume": f.hypervolume,
                    "hypervolume_estimated": f.estimated,
                    "epsilon": None if f.epsilon is None else float(f.epsilon),
                    "epsilon_multiplicative": f.factor,
                    "igd_plus": f.igd_plus,
                }
                for f in self.figures
            ],
            "pairs": [pair.to_dict() for pair in self.pairs],
            "words": self.words(),
        }

    def _repr_html_(self) -> str:
        from html import escape

        table: str = self.to_frame().to_html(index=False)
        return "".join([*(f"<p>{escape(line)}</p>" for line in self.words() if line), table])


def compare(
    base: Given | Side | Sequence[Given],
    other: Given | Side | Sequence[Given],
    *more: Given | Side | Sequence[Given],
    names: Sequence[str] = (),
) -> Comparison:
    """Hold each further front against the first; a sequence of fronts stands for repeated runs of one method.

    Fronts may be given as :class:`~optimizer.front.Front`, :class:`~optimizer.listing.Listing` or
    :class:`~optimizer.run.Run`; runs also tell what changed in the input. One plan is made a front of one by
    :func:`plan_as_side`. Raises :class:`Incomparable` if objectives, senses or units differ, ``ValueError`` if nothing
    is listed anywhere.

    Equality and dominance, the additive epsilon and coverage are decided exactly; hypervolume, factor and IGD+ are
    floats on the common scale, which is that of all portfolios that are compared (:class:`Scale`).

    >>> from instances import read_region
    >>> from models import formulate
    >>> from optimizer import Guarantee, solve
    >>> problem = formulate(read_region("hamlet"))
    >>> found = compare(solve(problem), solve(problem, method="search", stop=Guarantee(0.3)), names=["all", "some"])
    >>> found.pairs[0].verdict, found.pairs[0].other.proof.startswith("within")
    ('worse', True)
    """
    given = (base, other, *more)
    titles = list(names) or [_name(side, i) for i, side in enumerate(given)]
    sides = aligned([as_side(title, side) for title, side in zip(_told_apart(titles), given, strict=True)])
    objectives = sides[0].listings[0].objectives
    scale = Scale.over(objectives, (point for side in sides for listing in side.listings for point in listing.values))
    return Comparison(
        sides=sides,
        scale=scale,
        figures=_figures(sides, scale),
        pairs=tuple(_pair(sides[0], side, scale) for side in sides[1:]),
    )


def _name(side: object, place: int) -> str:
    folder = getattr(side, "folder", None)
    name = folder.name if folder is not None else getattr(side, "name", "")
    return str(name) or chr(ord("A") + place)


def _told_apart(names: list[str]) -> list[str]:
    """Names that occur more than once get a number.

    >>> _told_apart(["a", "b", "a"])
    ['a (1)', 'b', 'a (2)']
    """
    return [
        name if names.count(name) == 1 else f"{name} ({names[: i + 1].count(name)})" for i, name in enumerate(names)
    ]


def _figures(sides: Sequence[Side], scale: Scale) -> tuple[Figures, ...]:
    common = [point for point in scale.points if point in scale.front]
    return tuple(
        _figures_of(side, label, listing.values, common, scale)
        for side in sides
        for label, listing in zip(side.labels, side.listings, strict=True)
    )


def _figures_of(side: Side, label: str, points: Sequence[Point], common: Sequence[Point], scale: Scale) -> Figures:
    if not points:
        return Figures(side.name, label, 0, 0.0, False, None, None, None)
    shares, reference = scale.shares(points), np.full(len(scale.objectives), float(1 + BEYOND))
    volume = hypervolume(shares, reference) / float(np.prod(reference))
    epsilon = max(loss for _, loss in nearest(common, points, scale))
    return Figures(
        side=side.name,
        run=label,
        portfolios=len(points),
        hypervolume=volume,
        estimated=volume_is_estimated(*shares.shape),
        epsilon=epsilon,
        factor=_factor(points, common, scale),
        igd_plus=igd_plus(shares, scale.shares(common)),
    )


def _factor(points: Sequence[Point], common: Sequence[Point], scale: Scale) -> float | None:
    if any(value < 0 for point in (*points, *common) for value in point):
        return None
    one, other = (np.array([[float(value) for value in point] for point in rows]) for rows in (points, common))
    return epsilon_multiplicative(one, other, [objective.sense == "max" for objective in scale.objectives])


def _pair(base: Side, other: Side, scale: Scale) -> Pair:
    mine, theirs = typical(base.listings, scale), typical(other.listings, scale)
    losses = [_losses(mine, listing.values, scale) for listing in other.listings]
    answers = _answers(mine, losses, other, scale)
    returns = _answers(theirs, [_losses(theirs, x.values, scale) for x in base.listings], base, scale)
    changes = None
    if base.region is not None and other.region is not None:
        changes = input_changes(base.region, other.region)
    pair = Pair(
        base=base,
        other=other,
        scale=scale,
        answers=answers,
        returns=returns,
        epsilons=tuple(
            max((e for _, e in found), default=Fraction(0)) if found is not None else None for found in losses
        ),
        coverages=tuple(
            Fraction(sum(e <= 0 for _, e in found), len(mine)) if found and mine else Fraction(int(not mine))
            for found in losses
        ),
        covered=tuple(_covered(mine, listing.values, scale) for listing in other.listings),
        changes=changes,
        moves=moves(base, other),
        promises=promises(base, other, scale, _same_input(changes)),
        re_added={},
    )
    return pair if _same_input(changes) is not False else replace(pair, re_added=_re_added(pair))


def _covered(mine: Sequence[tuple[Place, Point]], points: Sequence[Point], scale: Scale) -> Fraction:
    if not points:
        return Fraction(1)
    found = attained(scale.ranks(points), scale.ranks([point for _, point in mine]))
    return Fraction(int(found.sum()), len(points))


def _same_input(changes: Sequence[Change] | None) -> bool | None:
    return None if changes is None else not any(change.bears for change in changes)


def _losses(
    wanted: Sequence[tuple[Place, Point]], offered: Sequence[Point], scale: Scale
) -> list[tuple[int, Fraction]] | None:
    return nearest([point for _, point in wanted], offered, scale) if offered else None


def _answers(
    wanted: Sequence[tuple[Place, Point]],
    losses: Sequence[list[tuple[int, Fraction]] | None],
    side: Side,
    scale: Scale,
) -> tuple[Answer, ...]:
    """The median run's answer to each: of n runs, the one at place ceil(n / 2), so that half do at least as well."""
    middle = -(-len(losses) // 2) - 1
    listed = [points_of(listing) for listing in side.listings]
    answers = []
    for i, (place, point) in enumerate(wanted):
        offers = sorted((found[i][1], r, found[i][0]) for r, found in enumerate(losses) if found is not None)
        if middle >= len(offers):
            answers.append(Answer(place, point, None, (), None))
            continue
        epsilon, run, row = offers[middle]
        number, value = listed[run][row]
        answers.append(Answer(place, point, Place(run, number), scale.gains(value, point), epsilon))
    return tuple(answers)


def _re_added(pair: Pair) -> dict[Place, Evaluation]:
    """What the other side's input makes of the portfolios that it has lost."""
    region = pair.other.region
    assert region is not None
    auditor = Auditor(region)
    goals = [objective.name for objective in pair.scale.objectives]
    found = {}
    for answer in pair.of(Kind.LOST)[:RE_ADDED]:
        listing = pair.base.listings[answer.portfolio.run]
        plan = listing.plan(listing.numbers.index(answer.portfolio.portfolio))
        found[answer.portfolio] = auditor.evaluate(plan, goals)
    return found


def _of(answers: Sequence[Answer], kind: Kind) -> tuple[Answer, ...]:
    chosen = [answer for answer in answers if answer.kind is kind]
    return tuple(sorted(chosen, key=lambda answer: (answer.epsilon is not None, -(answer.epsilon or 0))))


def _plain(change: Change) -> dict[str, Any]:
    return {
        "table": change.table,
        "key": change.key,
        "what": change.what,
        "column": change.column,
        "old": change.old,
        "new": change.new,
    }


def _word(value: object) -> str | None:
    return None if value is None else str(value)
