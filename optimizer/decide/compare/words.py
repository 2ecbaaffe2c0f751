"""The comparison in sentences, for people who have never seen an indicator; nothing is said beyond what is known."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from optimizer.certificate import Status
from optimizer.decide.compare.answers import Answer, Kind, Place
from optimizer.decide.compare.attainment import differences
from optimizer.decide.compare.moves import Move, settled
from optimizer.decide.compare.promise import Promise
from optimizer.decide.compare.scale import Point, Scale
from optimizer.decide.compare.sides import Side
from optimizer.decide.shortlist import Class
from optimizer.exact import at_most, counted, decimals, figure, percent

if TYPE_CHECKING:
    from optimizer.decide.compare.comparison import Comparison, Pair

__all__ = ["in_words", "lost_in_words", "pair_in_words", "ranges_in_words", "share_in_words"]

SHOWN = 6


def in_words(comparison: Comparison) -> list[str]:
    """All sentences, an empty line between two pairs."""
    lines = ranges_in_words(comparison.scale)
    for pair in comparison.pairs:
        lines += ["", *pair_in_words(pair)]
    return lines


def ranges_in_words(scale: Scale) -> list[str]:
    """The common ranges and the reference point."""
    ends = [
        f"{o.name} {figure(scale.best[k], d)} to {figure(scale.worst[k], d)} {o.unit}".strip()
        for k, (o, d) in enumerate(zip(scale.objectives, _places(scale), strict=True))
    ]
    corner = [
        f"{o.name} {figure(scale.reference[k], decimals([scale.best[k], scale.worst[k], scale.reference[k]]))}"
        for k, o in enumerate(scale.objectives)
    ]
    return [
        f"Shares are of the range from the best to the worst value in any of the lists: {'; '.join(ends)}.",
        f"Reference point of the hypervolume, a tenth of the range beyond the worst: {', '.join(corner)}.",
    ]


def pair_in_words(pair: Pair) -> list[str]:
    """One side against the base."""
    plan = pair.other if pair.other.plan else pair.base if pair.base.plan else None
    told = _plan(pair, plan) if plan else (_verdict(pair), *_counts(pair))
    moved = _plan_projects(pair, plan) if plan else _projects(pair)
    title = f"{pair.other.name} against {pair.base.name}"
    return [title, *_input(pair), *_groups(pair), *told, *_attained(pair), *_proofs(pair), *moved]


def share_in_words(share: Fraction) -> str:
    """A loss as a percentage of the range, rounded up.

    >>> share_in_words(Fraction(1, 3)), share_in_words(Fraction(0))
    ('33.4 %', '0 %')
    """
    return f"{at_most(float(100 * share))} %"


def lost_in_words(pair: Pair, answer: Answer) -> str:
    """A portfolio of the base, and the nearest that the other side offers."""
    what = f"{_place(pair.base, answer.portfolio)} of {pair.base.name} ({_values(pair.scale, answer.values)})"
    if answer.by is None:
        return f"{what}: nothing is listed instead"
    if answer.epsilon is None:
        raise ValueError("an answer has its epsilon")
    instead = f"{_place(pair.other, answer.by)} of {pair.other.name} has {_gains(pair.scale, answer.gains)}"
    return f"{what}: {instead}; up to {share_in_words(answer.epsilon)} of the range worse"


def _groups(pair: Pair) -> Iterator[str]:
    for side, answers in ((pair.base, pair.answers), (pair.other, pair.returns)):
        if len(side.listings) > 1:
            yield (
                f"{side.name} is {len(side.listings)} runs; here {counted(len(answers), 'portfolio')} stand for it, "
                f"those that at least half of its runs reach. What it has or beats, at least half of them do."
            )


def _verdict(pair: Pair) -> str:
    base, other = pair.base.name, pair.other.name
    return {
        "equal": "Both lists show the same points.",
        "better": f"All that {base} lists, {other} matches or beats, and not the other way round: the list of "
        f"{other} is the better one.",
        "worse": f"All that {other} lists, {base} matches or beats, and not the other way round: the list of "
        f"{base} is the better one.",
        "incomparable": "Neither list is better: each has portfolios that the other neither has nor beats.",
    }[pair.verdict]


def _counts(pair: Pair) -> Iterator[str]:
    base, other = pair.base.name, pair.other.name
    same, beaten, lost = (pair.of(kind) for kind in (Kind.SAME, Kind.BEATEN, Kind.LOST))
    yield (
        f"Of the {counted(len(pair.answers), 'portfolio')} of {base}, {other} has {len(same):,} with the very same "
        f"values, beats {len(beaten):,} and neither has nor beats {len(lost):,}."
    )
    if lost:
        yield f"The largest loss: {lost_in_words(pair, lost[0])}."
    if beaten:
        yield f"The most beaten: {_beaten(pair.scale, pair.base, pair.other, beaten[-1])}."
    if back := pair.outdone:
        yield (
            f"{base} beats {len(back):,} of the {counted(len(pair.returns), 'portfolio')} of {other}; the most: "
            f"{_beaten(pair.scale, pair.other, pair.base, back[-1])}."
        )
    if pair.new:
        first = pair.new[0]
        lead = f", the first by up to {share_in_words(first.epsilon)} of the range" if first.epsilon is not None else ""
        yield (
            f"New in {other}: {counted(len(pair.new), 'portfolio')} that {base} neither has nor beats "
            f"({_listed([_place(pair.other, a.portfolio) for a in pair.new])}){lead}."
        )


def _attained(pair: Pair) -> Iterator[str]:
    """Repeated runs: a point that one side reaches much more often than the other, each way."""
    if len(pair.base.listings) == len(pair.other.listings) == 1:
        return
    found = differences(pair.base, pair.other, pair.scale)
    ends = (max(found, key=lambda d: d.gap, default=None), min(found, key=lambda d: d.gap, default=None))
    for d, sign in zip(ends, (1, -1), strict=True):
        if d is not None and d.gap * sign > 0:
            rates = [
                f"{side.name} in {share * len(side.listings)} of {counted(len(side.listings), 'run')}"
                for side, share in ((pair.base, d.base), (pair.other, d.other))
            ]
            first, second = rates[::sign]
            yield f"As good as {_values(pair.scale, d.values)} or better is reached by {first}, by {second}."


def _plan(pair: Pair, plan: Side) -> Iterator[str]:
    """One plan against a list: how many beat it, the nearest, and whether it beats any itself."""
    lists, (answer,) = (pair.other, pair.answers) if plan is pair.base else (pair.base, pair.returns)
    scale, portfolios = pair.scale, counted(sum(map(len, lists.listings)), "portfolio")
    gains = [scale.gains(point, answer.values) for listing in lists.listings for point in listing.values]
    yield f"{plan.name}: {_values(scale, answer.values)}."
    if answer.by is None or answer.epsilon is None:
        return
    near = f"{_place(lists, answer.by)}, with {_gains(scale, answer.gains)}"
    if answer.kind is Kind.SAME:
        yield f"{_place(lists, answer.by)} of {lists.name} has the very same values; none beats it."
    elif answer.kind is Kind.BEATEN:
        beaters = sum(min(row) >= 0 and any(row) for row in gains)
        yield (
            f"{beaters:,} of the {portfolios} of {lists.name} beat it in some objective and match it in the others; "
            f"most of all {near}{_margin(answer)}."
        )
    else:
        yield (
            f"None of the {portfolios} of {lists.name} is as good in every objective; the nearest is {near}: up to "
            f"{share_in_words(answer.epsilon)} of the range worse."
        )
    if beaten := sum(max(row) <= 0 and any(row) for row in gains):
        yield f"It beats {beaten:,} of them."


def _margin(answer: Answer) -> str:
    """By how much the answer is better in every objective at once, if it is."""
    margin = -(answer.epsilon or Fraction(0))
    return f"; better by {_at_least(margin)} of the range or more in every objective" if margin > 0 else ""


def _beaten(scale: Scale, side: Side, against: Side, answer: Answer) -> str:
    """A portfolio and the one that beats it."""
    return (
        f"{_place(side, answer.portfolio)} of {side.name} ({_values(scale, answer.values)}), by "
        f"{_place(against, answer.by)} of {against.name}: {_gains(scale, answer.gains)}{_margin(answer)}"
    )


def _at_least(share: Fraction) -> str:
    """A gain as a percentage of the range, rounded down."""
    return f"{float(share * 10000 // 1 / 100):g} %"


def _proofs(pair: Pair) -> Iterator[str]:
    for side in (pair.base, pair.other):
        if side.broken:
            yield f"{side.name} breaks {counted(len(side.broken), 'rule')} of the region: {'; '.join(side.broken[:3])}."
    for promise in pair.promises:
        yield _promise(pair, promise)
    for side, listed in ((pair.other, pair.of(Kind.LOST)), (pair.base, pair.new)):
        known = any(promise.status is Status.COMPLETE and promise.same_input for promise in pair.promises)
        heuristic = all(x.certificate.status is Status.HEURISTIC for x in side.listings)
        if listed and heuristic and not known and not side.plan:
            yield f"{side.name} proves nothing about what it lacks: there may be more than is seen here."


def _promise(pair: Pair, promise: Promise) -> str:
    """What a certificate means for the portfolios that the run does not list."""
    witness = pair.other if promise.side == pair.base.name else pair.base
    if promise.status is Status.COMPLETE:
        said = (
            f"{promise.run} is proved to be complete: whatever portfolio anybody thinks of, one that it lists is at "
            f"least as good in every objective"
        )
    else:
        said = (
            f"{promise.run} is proved to within {share_in_words(Fraction(promise.epsilon))}: whatever portfolio it "
            f"lacks, one that it lists is at most that much of the range worse in every objective"
        )
    if promise.same_input is False:
        return f"{said}. That is about its own input and says nothing about the portfolios of {witness.name}."
    seen = share_in_words(promise.seen)
    if promise.broken:
        return (
            f"CONTRADICTION: {said}; but {_place(witness, promise.portfolio)} of {witness.name} is {seen} better. "
            f"One of the two runs is wrong: try growthring verify on both."
        )
    if promise.same_input is None and not promise.kept:
        return f"{said}. {witness.name} is up to {seen} better, so its input must be another, or one of them is wrong."
    if not promise.seen:
        return f"{said}. Nothing in {witness.name} contradicts it."
    return f"{said}. It keeps that: the portfolios of {witness.name} are better by at most {seen} of its own range."


def _input(pair: Pair) -> Iterator[str]:
    if pair.changes is None:
        return
    if not pair.changes:
        yield "The input is the same."
        return
    yield (
        f"The input differs in {counted(len(pair.changes), 'place')}: "
        f"{_listed([str(change) for change in pair.changes])}. Each side's values are by its own input."
    )
    if not pair.re_added:
        return
    stopped = {place: found for place, found in pair.re_added.items() if found.broken}
    count = counted(len(pair.re_added), "portfolio")
    which = "largest losses" if len(pair.re_added) < len(pair.of(Kind.LOST)) else "lost"
    rest = "; the others keep all rules there" if len(stopped) < len(pair.re_added) else ""
    yield f"By the input of {pair.other.name}, {len(stopped)} of {count} ({which}) break a rule{rest}."
    for place, found in list(stopped.items())[:3]:
        yield f"  {_place(pair.base, place)}: {found.broken[0]}"


def _projects(pair: Pair) -> Iterator[str]:
    crossed = [move for move in pair.moves if move.crossed]
    basis = "" if settled(pair.base) and settled(pair.other) else " (of the listed portfolios)"
    if not crossed:
        yield f"No project enters or leaves the core{basis}."
        return
    entered = [move for move in crossed if move.after is Class.CORE]
    left = [move for move in crossed if move.before is Class.CORE]
    yield f"Core projects{basis}: {_moved(entered, 'entered')}; {_moved(left, 'left')}."
    out = [move for move in crossed if move.after is Class.EXTERIOR and move.before is Class.BORDERLINE]
    into = [move for move in crossed if move.before is Class.EXTERIOR and move.after is Class.BORDERLINE]
    if out or into:
        yield f"Of the others, {_moved(into, 'came into some portfolio')}; {_moved(out, 'fell out of all')}."
    if gone := [move.project for move in crossed if move.after is None]:
        yield f"Projects that only {pair.base.name} has: {_listed(gone)}."
    if come := [move.project for move in crossed if move.before is None]:
        yield f"Projects that only {pair.other.name} has: {_listed(come)}."


def _plan_projects(pair: Pair, plan: Side) -> Iterator[str]:
    """What a plan leaves out that all others take, and takes that none of the others does."""
    lists = pair.other if plan is pair.base else pair.base
    shares = [
        (m.project, *((m.share_before, m.share_after) if plan is pair.base else (m.share_after, m.share_before)))
        for m in pair.moves
    ]
    left = [project for project, own, others in shares if not own and others == 1]
    alone = [project for project, own, others in shares if own and not others]
    basis = "" if settled(lists) else " listed"
    yield (
        f"{plan.name} leaves out {counted(len(left), 'core project')} of {lists.name}{_in_brackets(left)} and takes "
        f"{counted(len(alone), 'project')} that no{basis} portfolio of {lists.name} takes{_in_brackets(alone)}."
    )


def _moved(found: list[Move], word: str) -> str:
    named = [move for move in found if move.before is not None and move.after is not None]
    return f"{len(named)} {word}" + (f" ({_listed([_project(move) for move in named])})" if named else "")


def _project(move: Move) -> str:
    assert move.share_before is not None
    assert move.share_after is not None
    return f"{move.project}: {percent(move.share_before)} → {percent(move.share_after)}"


def _place(side: Side, place: Place | None) -> str:
    if place is None:
        return "no portfolio"
    if side.plan:
        return "the plan"
    return f"portfolio {place.portfolio}" + (f" of run {side.labels[place.run]}" if len(side.listings) > 1 else "")


def _values(scale: Scale, values: Point) -> str:
    return ", ".join(
        f"{o.name} {figure(value, d)}" for o, value, d in zip(scale.objectives, values, _places(scale), strict=True)
    )


def _gains(scale: Scale, gains: Point) -> str:
    """Differences of the values themselves: ``cost -3`` is a gain where less is better."""
    signed = [
        f"{o.name} {figure(gain if o.sense == 'max' else -gain, d, signed=True)}"
        for o, gain, d in zip(scale.objectives, gains, _places(scale), strict=True)
        if gain
    ]
    return ", ".join(signed) or "the same values"


def _places(scale: Scale) -> list[int]:
    return [decimals(point[k] for point in scale.points) for k in range(len(scale.objectives))]


def _in_brackets(words: list[str]) -> str:
    return f" ({_listed(words)})" if words else ""


def _listed(words: list[str]) -> str:
    more = len(words) - SHOWN
    return "; ".join(words[:SHOWN]) + (f"; and {more:,} more" if more > 0 else "")
