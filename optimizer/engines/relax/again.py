"""Again: corners below which a search found no portfolio are searched anew, from half-spaces that are known to hold."""

from __future__ import annotations

import numpy as np

from models.problem import Floats, Ints, Problem
from optimizer.engines.finite import activity_bounds
from optimizer.engines.relax.blocks import blocks
from optimizer.engines.relax.branching import below
from optimizer.engines.relax.pricing import FINE, Pricing
from optimizer.proof import Proof

__all__ = ["unproved"]

WORK, FREE = 10**12, 800
"""Work of a search and columns to decide on: more than any search of :mod:`.engine` takes."""


def unproved(problem: Problem, proof: Proof, ranges: Floats) -> list[list[int]]:
    """Those of the ``searched`` corners of ``proof`` of which a new search does not show that nothing lies below.

    Each starts from the multipliers of the half-space that bounds its corner best, counted by ``ranges`` ``(p,)``.
    """
    if not proof.searched:
        return []
    parts = blocks(problem)
    if parts is None or parts.rows.tolist() != proof.rows or not proof.bounds:
        return proof.searched
    floor, most = activity_bounds(problem.costs, problem)
    pricing = Pricing(parts, most + 1 - floor)
    weights, bounds = np.array(proof.weights, dtype=np.float64), np.array(proof.bounds, dtype=np.float64)
    size = np.maximum(weights @ ranges, 1e-9)

    def empty(w: Ints) -> bool:
        best = int(np.argmin((weights @ (w - 1) - bounds) / size))
        prices = np.array(proof.prices[best], dtype=np.float64) / FINE
        return below(parts, pricing.most, w, w <= most, ranges, weights[best], prices, WORK, FREE).none

    return [w for w in proof.searched if not empty(np.array(w, dtype=np.int64))]
