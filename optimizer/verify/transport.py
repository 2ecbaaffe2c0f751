"""Can the money that there is pay for all that is needed? A transport problem in whole numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

__all__ = ["Shortfall", "payments", "shares", "shortfalls"]


@dataclass(frozen=True)
class Shortfall:
    """Needs that only ``money`` may pay for, and that are more than it is; both as positions, in order."""

    needs: tuple[int, ...]
    money: tuple[int, ...]


def shortfalls(needs: Sequence[int], money: Sequence[int], may_pay: Sequence[Sequence[int]]) -> list[Shortfall]:
    """The groups of needs that cannot be paid, whichever way the money is distributed; none if all can be.

    ``may_pay[i]`` are the positions in ``money`` that may pay for need ``i``, in any mix. Needs are first paid in
    order; the rest is paid along shortest augmenting paths (Edmonds & Karp 1972). Where there is no path, the needs
    that the search reached are those of a minimum cut: they exceed all money that may pay for them (Gale 1957).

    >>> shortfalls([5, 5], [6, 4], [(0, 1), (0,)])
    []
    >>> shortfalls([5, 5], [4, 9], [(0, 1), (0,)])
    [Shortfall(needs=(1,), money=(0,))]
    """
    _, paid, unpaid = _paid(needs, money, may_pay)
    found: list[Shortfall] = []
    grouped: set[int] = set()
    for i in unpaid:
        if i not in grouped:
            group = _reach(i, paid, may_pay)[0]
            grouped |= group.keys()
            payers = {j for k in group for j in may_pay[k]}
            found.append(Shortfall(tuple(sorted(group)), tuple(sorted(payers))))
    return found


def payments(needs: Sequence[int], money: Sequence[int], may_pay: Sequence[Sequence[int]]) -> list[int]:
    """What each position of ``money`` spends, in one way of paying: needs in order, each from the first that may.

    Needs that cannot be paid are charged to the first money that may pay for them, which then spends more than it is;
    where no money may, they are charged to none.

    >>> payments([5, 5], [6, 4], [(0, 1), (0,)])
    [6, 4]
    >>> payments([5, 5], [4, 9], [(0, 1), (0,)])
    [5, 5]
    """
    left, _, unpaid = _paid(needs, money, may_pay)
    spent = [there - rest for there, rest in zip(money, left, strict=True)]
    for i, lacking in unpaid.items():
        if may_pay[i]:
            spent[may_pay[i][0]] += lacking
    return spent


def shares(needs: Sequence[int], money: Sequence[int], may_pay: Sequence[Sequence[int]]) -> list[dict[int, int]]:
    """For each need, which positions of ``money`` pay how much of it, as in :func:`payments`.

    >>> shares([5, 5], [6, 4], [(0, 1), (0,)])
    [{0: 1, 1: 4}, {0: 5}]
    """
    _, paid, unpaid = _paid(needs, money, may_pay)
    for i, lacking in unpaid.items():
        if may_pay[i]:
            first = may_pay[i][0]
            paid[i][first] = paid[i].get(first, 0) + lacking
    return [{j: part for j, part in sorted(parts.items()) if part} for parts in paid]


def _paid(
    needs: Sequence[int], money: Sequence[int], may_pay: Sequence[Sequence[int]]
) -> tuple[list[int], list[dict[int, int]], dict[int, int]]:
    """What is left of the money, who pays for what, and what stays unpaid (only needs of which something does)."""
    left = list(money)
    paid: list[dict[int, int]] = [{} for _ in needs]
    unpaid: dict[int, int] = {}
    for i, need in enumerate(needs):
        for j in may_pay[i]:
            if not need:
                break
            part = min(need, left[j])
            if part:
                left[j] -= part
                need -= part
                paid[i][j] = part
        if need:
            unpaid[i] = need
    for i in list(unpaid):
        while unpaid[i] and (path := _path(i, left, paid, may_pay)):
            _shift(path, unpaid, left, paid)
    return left, paid, {i: need for i, need in unpaid.items() if need}


def _reach(
    need: int, paid: list[dict[int, int]], may_pay: Sequence[Sequence[int]]
) -> tuple[dict[int, int], dict[int, int]]:
    """Needs and money that ``need`` can claim by having others paid differently, each with its forerunner."""
    needs = {need: -1}
    money: dict[int, int] = {}
    queue = [need]
    for k in queue:
        for j in may_pay[k]:
            if j not in money:
                money[j] = k
                for other, parts in enumerate(paid):
                    if other not in needs and parts.get(j):
                        needs[other] = j
                        queue.append(other)
    return needs, money


def _path(
    need: int, left: list[int], paid: list[dict[int, int]], may_pay: Sequence[Sequence[int]]
) -> list[tuple[int, int]]:
    """A shortest chain of (need, money that shall pay for it) that ends at money that is left; empty: none."""
    needs, money = _reach(need, paid, may_pay)
    end = next((j for j in money if left[j]), None)
    path = []
    while end is not None:
        k = money[end]
        path.append((k, end))
        end = needs[k] if k != need else None
    return path[::-1]


def _shift(path: list[tuple[int, int]], unpaid: dict[int, int], left: list[int], paid: list[dict[int, int]]) -> None:
    """Pay as much as possible along ``path``: each need takes from its money what the next one gives up there."""
    need, end = path[0][0], path[-1][1]
    handed = [(following, j) for (_, j), (following, _) in pairwise(path)]
    part = min(unpaid[need], left[end], *(paid[k][j] for k, j in handed))
    for k, j in path:
        paid[k][j] = paid[k].get(j, 0) + part
    for k, j in handed:
        paid[k][j] -= part
    unpaid[need] -= part
    left[end] -= part
