"""Quality indicators of a list of points, for arrays that are minimised; definitions are those of the literature.

Zitzler, Thiele, Laumanns, Fonseca & Grunert da Fonseca, "Performance assessment of multiobjective optimizers: an
analysis and review", IEEE Transactions on Evolutionary Computation 7(2), 2003, unless said otherwise. All arrays are
``(k, p)``: points by objectives, less is better. NaN is refused, since it would make figures that look like any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "coverage",
    "epsilon_additive",
    "epsilon_multiplicative",
    "hypervolume",
    "igd_plus",
    "volume_is_estimated",
]

EXACT_UP_TO = {5: 5000, 6: 1000, 7: 300}
"""Objectives to the number of points up to which the volume is worked out exactly; below 5 it always is."""


def hypervolume(points: Any, reference: Any) -> float:
    """Volume of what ``points`` dominate, up to the ``reference`` point ``(p,)``. More is better.

    Exact up to rounding with four objectives and with :data:`EXACT_UP_TO` points; beyond that moocore's estimate from
    fixed directions (:func:`volume_is_estimated`). Points that do not dominate the reference point count nothing.

    By hand: up to (4, 4), (1, 3) covers 3 x 1 and (3, 1) covers 1 x 3; the 1 x 1 that both cover counts once.

    >>> hypervolume([[1, 3], [3, 1]], [4, 4])
    5.0
    >>> hypervolume([[5, 0]], [4, 4])
    0.0
    """
    import moocore

    array = _array(points)
    inside = array[(array < np.asarray(reference, dtype=np.float64)).all(axis=1)]
    if not len(inside):
        return 0.0
    if volume_is_estimated(*inside.shape):
        return float(moocore.hv_approx(inside, ref=reference))
    return float(moocore.hypervolume(inside, ref=reference))


def volume_is_estimated(points: int, objectives: int) -> bool:
    """Whether :func:`hypervolume` would take too long to work out exactly.

    >>> volume_is_estimated(30_000, 3), volume_is_estimated(2_000, 6)
    (False, True)
    """
    return objectives > 4 and points > EXACT_UP_TO.get(objectives, 0)


def epsilon_additive(points: Any, wanted: Any) -> float:
    """The least that must be taken off all values of ``points`` so that each of ``wanted`` is matched or beaten.

    Formula: ``max over w in wanted of min over a in points of max over k of (a_k - w_k)``. 0: all are matched exactly;
    below 0: all are beaten in every objective.

    By hand: (2, 3) misses (1, 3) by 1 and (3, 1) by 2; the worse of the two counts.

    >>> epsilon_additive([[2, 3]], [[1, 3], [3, 1]])
    2.0
    """
    import moocore

    points, wanted = _pair(points, wanted)
    return float(moocore.epsilon_additive(points, ref=wanted))


def epsilon_multiplicative(points: Any, wanted: Any, maximized: Sequence[bool] = ()) -> float:
    """The least factor that makes each of ``wanted`` matched: by it, what is minimised is divided, the rest multiplied.

    Formula: ``max over w of min over a of max over k of a_k / w_k``, with ``w_k / a_k`` for the objectives that are
    ``maximized`` (none, unless given), for values that are not negative. Where any factor would do it counts 0, where
    none would, infinity.

    By hand: (2, 3) against (1, 3) needs max(2 / 1, 3 / 3) = 2, against (3, 1) max(2 / 3, 3 / 1) = 3.

    >>> epsilon_multiplicative([[2, 3]], [[1, 3], [3, 1]])
    3.0
    >>> epsilon_multiplicative([[50, 2]], [[60, 3]], maximized=[True, False])
    1.2
    """
    points, wanted = _pair(points, wanted)
    if (points < 0).any() or (wanted < 0).any():
        raise ValueError("a factor between values needs values that are not negative")
    turned = list(maximized) or [False] * points.shape[1]
    worst = 0.0
    for row in wanted:
        ratios = [
            _ratio(value, column) if up else _ratio(column, value)
            for column, value, up in zip(points.T, row, turned, strict=True)
        ]
        worst = max(worst, float(np.max(ratios, axis=0).min()))
    return worst


def _ratio(over: Any, under: Any) -> NDArray[np.float64]:
    with np.errstate(divide="ignore", invalid="ignore"):
        found: NDArray[np.float64] = np.asarray(over / under)
    found[np.isnan(found)] = 0.0
    return found


def igd_plus(points: Any, wanted: Any) -> float:
    """Mean distance from each of ``wanted`` to the nearest of ``points``, counting only what is worse. Less is better.

    Formula: ``mean over w of min over a of sqrt(sum over k of max(a_k - w_k, 0)^2)``; Ishibuchi, Masuda, Tanigaki &
    Nojima, EMO 2015. Unlike IGD it never prefers a list that another one dominates.

    By hand: (2, 3) is worse than (1, 3) by 1 and than (3, 1) by 2 in the second objective; the mean is 1.5.

    >>> igd_plus([[2, 3]], [[1, 3], [3, 1]])
    1.5
    """
    import moocore

    points, wanted = _pair(points, wanted)
    return float(moocore.igd_plus(points, ref=wanted))


def coverage(points: Any, wanted: Any) -> float:
    """The share of ``wanted`` that some of ``points`` matches or beats in every objective (the C metric).

    Zitzler & Thiele, IEEE Transactions on Evolutionary Computation 3(4), 1999. Not symmetric: look at both directions.

    >>> coverage([[1, 3]], [[1, 3], [3, 1]]), coverage([[0, 0]], [[1, 3], [3, 1]])
    (0.5, 1.0)
    """
    points, wanted = _pair(points, wanted)
    return float(np.mean([(points <= row).all(axis=1).any() for row in wanted]))


def _array(points: Any) -> NDArray[np.float64]:
    array = np.atleast_2d(np.asarray(points, dtype=np.float64))
    if np.isnan(array).any():
        raise ValueError("a value is not a number (NaN)")
    return array


def _pair(points: Any, wanted: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    one, other = _array(points), _array(wanted)
    if not one.size or not other.size:
        raise ValueError("an empty list has no distance to another")
    if one.shape[1] != other.shape[1]:
        raise ValueError(f"points have {one.shape[1]} objectives, expected {other.shape[1]}")
    return one, other
