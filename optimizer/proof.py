"""Proof: the half-spaces behind a guarantee, written down so that anybody can re-add them.

A half-space ``λ·y >= v`` holds every feasible portfolio if, for the multipliers ``μ`` that are stored with it,

    v <= Σ_blocks min_choice (λ·C - μ·A)·x + Σ_{μ>0} μ·low + Σ_{μ<0} μ·high

(Lagrangian relaxation; Geoffrion 1974), where a block's choices are those of its columns that keep the rows inside the
block. :func:`proof_faults` re-adds this in whole-number arithmetic without a tolerance, searches below the corners anew
of which a search said that nothing lies there, and reckons ε anew from the list, the half-spaces and the corners alone.
"""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from models.problem import Floats, Ints, Problem

__all__ = ["UNIT", "Proof", "proof_faults", "read_proof", "readded"]

UNIT = 2**20
"""Stored prices are whole multiples of ``1 / UNIT``."""
FILE = "proof.json"


@dataclass(frozen=True)
class Proof:
    """Half-spaces of a problem with ``size`` (columns, rows): the ``weights``, ``bounds`` and ``prices`` of ``rows``.

    ``blocks`` are groups of columns whose joint choices were looked at; all other columns stand alone. ``told`` are
    corners ``w`` of which a MIP solver's dual bound says that no feasible point has ``y < w``, and rest on its word. Of
    ``searched`` corners a branch and bound says so that closes its nodes by multipliers
    (:mod:`optimizer.engines.relax.branching`): these can be searched anew.
    """

    size: tuple[int, int]
    rows: list[int]
    blocks: list[list[int]]
    weights: list[list[int]]
    bounds: list[int]
    prices: list[list[int]]
    told: list[list[int]]
    searched: list[list[int]] = field(default_factory=list)

    def to_json(self) -> str:
        return json.dumps(asdict(self), separators=(",", ":"))


def read_proof(folder: Path) -> Proof | None:
    """The proof in a run folder, if there is one. Raises ``ValueError`` if it is damaged."""
    path = folder / FILE
    if not path.is_file():
        return None
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return Proof(**{**data, "size": tuple(data["size"])})
    except (TypeError, KeyError) as error:
        raise ValueError(f"{FILE} is damaged: {error}") from error


def proof_faults(problem: Problem, proof: Proof, listed: Ints, epsilon: float | None) -> list[str]:
    """Where ``proof`` does not bear out ``epsilon`` for the ``listed`` points ``(k, p)`` (minimised quanta)."""
    from optimizer.engines.relax.again import unproved

    if proof.size != problem.A.shape[::-1]:
        made, there = (f"{columns} columns and {rows} rows" for columns, rows in (proof.size, problem.A.shape[::-1]))
        return [f"{FILE}: made for {made}; the model has {there}"]
    faults = []
    for number, (stated, true) in enumerate(zip(proof.bounds, readded(problem, proof), strict=True), start=1):
        if true is None or stated > true:
            found = "nothing" if true is None else str(true)
            faults.append(f"{FILE}, half-space {number}: bound {stated}, its multipliers prove {found}")
    if faults:
        return faults
    ranges = np.maximum(np.ptp(listed, axis=0), 1).astype(np.float64) if len(listed) else np.ones(listed.shape[1])
    faults += [
        f"{FILE}, searched: a new search does not prove that nothing lies below {w}"
        for w in unproved(problem, proof, ranges)
    ]
    if faults or epsilon is None or not len(listed):
        return faults
    reckoned = _epsilon(problem, proof, listed)
    if reckoned > epsilon * (1 + 1e-6) + 1e-9:
        faults.append(f"certificate.json, epsilon: {epsilon:g}, but list and half-spaces of {FILE} leave {reckoned:g}")
    return faults


def readded(problem: Problem, proof: Proof) -> list[int | None]:
    """The bound that the multipliers of each half-space prove, exactly; ``None`` where they prove none."""
    from optimizer.engines.relax.limits import limits

    lower, upper = limits(problem)
    inside = _inside(problem, proof.rows, proof.blocks)
    tied = {j for block in proof.blocks for j in block}
    alone = [j for j in range(len(problem.columns)) if j not in tied]
    ends = [_ends(float(lower[j]), float(upper[j]), bool(problem.integer[j])) for j in alone]
    A = problem.A[proof.rows].tocsc()
    figures = [Fraction(a) for a in A.data.tolist()]
    whole: Any = np.array([f.numerator if f.denominator == 1 else f for f in figures], dtype=object)
    costs: Any = problem.costs.astype(object)
    choices = [_choices(problem, block, rows, lower, upper) for block, rows in zip(proof.blocks, inside, strict=True)]
    sides = [(_side(problem.row_lower[i]), _side(problem.row_upper[i])) for i in proof.rows]
    used = np.diff(A.indptr) > 0
    starts = A.indptr[:-1][used]
    bounds: list[int | None] = []
    for weights, prices in zip(proof.weights, proof.prices, strict=True):
        if min(weights) < 0 or len(prices) != len(proof.rows):
            bounds.append(None)
            continue
        reduced = UNIT * (np.array(weights, dtype=object) @ costs)
        if len(starts):
            priced = np.array(prices, dtype=object)[A.indices] * whole
            reduced[used] = reduced[used] - np.add.reduceat(priced, starts)
        total = _priced_sides(prices, sides)
        total = None if total is None else _add(total, reduced, alone, ends)
        if total is not None:
            for block, own in zip(proof.blocks, choices, strict=True):
                worth = [reduced[j] for j in block]
                total += min(sum(w * v for w, v in zip(worth, x, strict=True)) for x in own)
        bounds.append(None if total is None else math.ceil(Fraction(total, UNIT)))
    return bounds


def _add(total: Any, reduced: Any, alone: list[int], ends: list[tuple[Any, Any]]) -> Any:
    """``total`` and the least that the columns that stand alone add; ``None`` if there is no least."""
    for j, (low, high) in zip(alone, ends, strict=True):
        figure = reduced[j]
        if figure == 0:
            continue
        end = low if figure > 0 else high
        if end is None:
            return None
        total += figure * end
    return total


def _priced_sides(prices: list[int], sides: list[tuple[Any, Any]]) -> Any:
    total: Any = 0
    for price, (low, high) in zip(prices, sides, strict=True):
        side = low if price > 0 else high
        if price == 0:
            continue
        if side is None:
            return None
        total += price * side
    return total


def _side(figure: float) -> Any:
    return None if math.isinf(figure) else _plain(Fraction(figure))


def _ends(low: float, high: float, whole: bool) -> tuple[Any, Any]:
    """Bounds of a column as exact numbers, rounded inward where it is whole; ``None`` where there is none."""
    if whole:
        return (None if math.isinf(low) else math.ceil(low)), (None if math.isinf(high) else math.floor(high))
    return _side(low), _side(high)


def _plain(figure: Fraction) -> Any:
    return figure.numerator if figure.denominator == 1 else figure


def _inside(problem: Problem, priced: list[int], blocks: list[list[int]]) -> list[list[int]]:
    """For each block the rows, other than the ``priced`` ones, that hold no column outside of it."""
    home = {j: b for b, block in enumerate(blocks) for j in block}
    rows: list[list[int]] = [[] for _ in blocks]
    A, left = problem.A, set(priced)
    for i in range(A.shape[0]):
        if i in left:
            continue
        owners = {home.get(int(j), -1) for j in A.indices[A.indptr[i] : A.indptr[i + 1]]}
        if len(owners) == 1 and -1 not in owners:
            rows[owners.pop()].append(i)
    return rows


def _choices(
    problem: Problem, block: list[int], rows: list[int], lower: Floats, upper: Floats
) -> list[tuple[int, ...]]:
    """All values of the block's columns that keep its ``rows``, one column after the other."""
    spans = [(math.ceil(lower[j]), math.floor(upper[j])) for j in block]
    A, place = problem.A, {j: k for k, j in enumerate(block)}
    kept: list[tuple[int, ...]] = [()]
    terms = []
    for i in rows:
        figures = [Fraction(0)] * len(block)
        for j, a in zip(A.indices[A.indptr[i] : A.indptr[i + 1]], A.data[A.indptr[i] : A.indptr[i + 1]], strict=True):
            figures[place[int(j)]] += Fraction(float(a))
        terms.append((figures, problem.row_lower[i], problem.row_upper[i]))
    for k, (low, high) in enumerate(spans):
        kept = [(*x, v) for x in kept for v in range(low, high + 1)]
        for figures, least, most in terms:
            rest = [sorted((f * a, f * b)) for f, (a, b) in zip(figures[k + 1 :], spans[k + 1 :], strict=True)]
            floor, ceiling = sum(r[0] for r in rest), sum(r[1] for r in rest)
            sums = [sum(f * v for f, v in zip(figures, x, strict=False)) for x in kept]
            kept = [x for x, s in zip(kept, sums, strict=True) if s + floor <= most and s + ceiling >= least]
    return kept


def _epsilon(problem: Problem, proof: Proof, listed: Ints) -> float:
    """ε of the list, from the proof alone."""
    from optimizer.engines.finite import activity_bounds
    from optimizer.engines.relax.cover import Cover
    from optimizer.engines.relax.halfspaces import HalfSpace

    low, high = activity_bounds(problem.costs, problem)
    cover = Cover(high + 1, low)
    for y in listed:
        cover.add(y)
    cover.measure(np.maximum(np.ptp(listed, axis=0), 1).astype(np.float64))
    for weights, bound in zip(proof.weights, proof.bounds, strict=True):
        cover.cut(HalfSpace(np.array(weights, dtype=np.int64), bound, np.zeros(0)))
    for w in proof.told + proof.searched:
        cover.prove(np.array(w, dtype=np.int64))
    return cover.epsilon()
