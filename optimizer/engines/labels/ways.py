"""Ways: every portfolio that comes to exactly the values of a listed point.

Labels are set a second time, now with the points known: a label lives as long as its bounds let it still come to one of
them. Labels that are equal in costs and in what remains of the rows have the same future and become one node with
several parents, so that the ways to a point are the paths to its node, however many they are. Where the list is
complete, a label may also go if another one is better in a cost and nowhere worse: whatever it becomes is dominated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from models.problem import Floats, Ints, Problem
from optimizer.engines.labels.blocks import every_way
from optimizer.engines.labels.bounds import Bounds
from optimizer.engines.labels.labels import SHORT_LOOK, Guard, Labels, grown, joined
from optimizer.engines.labels.model import Model, model
from optimizer.engines.labels.regions import weighted
from optimizer.engines.labels.room import Room
from optimizer.engines.labels.stages import Stages, stages
from optimizer.engines.labels.tree import EXACT, grow, spared
from optimizer.engines.labels.weights import directions

__all__ = ["Ways", "ways"]

ROUNDS = 40
TABLES = 6
TRIED = 8
"""Paths looked at for each portfolio that is wanted; several paths are one portfolio if only auxiliaries differ."""


@dataclass(frozen=True, eq=False)
class _Edges:
    """From a node after a block back to those before it: the edges of node ``i`` are ``first[i]`` to ``first[i+1]``."""

    first: Ints
    parent: NDArray[np.int32]
    pick: NDArray[np.uint8]

    @property
    def nbytes(self) -> int:
        return self.first.nbytes + self.parent.nbytes + self.pick.nbytes


@dataclass
class Ways:
    """The paths to each of the points ``Y`` ``(k, p)`` that were asked for."""

    model: Model
    edges: list[_Edges] = field(default_factory=list)
    ends: dict[tuple[int, ...], int] = field(default_factory=dict)
    stopped_by: str = "complete"

    def portfolios(self, y: Ints, most: int, deciding: list[int]) -> tuple[Floats, bool]:
        """At most ``most`` portfolios ``(a, n)`` with the costs ``y`` that differ in the ``deciding`` columns, and
        whether there may be more."""
        end = self.ends.get(tuple((y - self.model.offset).tolist()))
        if end is None or self.stopped_by != "complete":
            return np.zeros((0, len(self.model.x))), self.stopped_by != "complete"
        paths = self._paths(end)
        taken = list(islice(paths, most * TRIED))
        picks = np.frombuffer(b"".join(taken), dtype=np.uint8).reshape(len(taken), len(self.edges))
        more = next(paths, None) is not None
        X = self.model.portfolios(picks)
        _, chosen = np.unique(X[:, deciding], axis=0, return_index=True)
        return X[chosen[::-1][:most]], more or len(chosen) > most

    def _paths(self, end: int) -> Iterator[bytes]:
        """The picks, in deciding order, of every path that leads to the node ``end``."""
        picks = bytearray(len(self.edges))
        stack = [(len(self.edges), end, 0)]
        while stack:
            k, node, pick = stack.pop()
            if k < len(self.edges):
                picks[k] = pick
            if k == 0:
                yield bytes(picks)
                continue
            edges = self.edges[k - 1]
            here = slice(edges.first[node], edges.first[node + 1])
            parents, choices = edges.parent[here].tolist(), edges.pick[here].tolist()
            stack += [(k - 1, parent, choice) for parent, choice in zip(parents, choices, strict=True)]


def ways(
    problem: Problem, Y: Ints, *, complete: bool, memory: int, look: Callable[[int, int], str | None]
) -> Ways | None:
    """The ways to the points ``Y`` ``(k, p)`` in minimised quanta; ``None`` if no portfolio keeps all rows.

    ``complete`` says that no feasible point dominates one of ``Y``. ``look`` is called with the stage and the number of
    labels; a reason stops the search. ``problem`` must be one that labels takes.
    """
    deciding = {decision.column for decision in problem.decisions}
    reduced = model(problem, every_way(problem.costs, deciding, complete))
    if reduced is None:
        return None
    if not reduced.blocks:
        return Ways(reduced, [], {tuple([0] * len(reduced.offset)): 0})
    order = stages(reduced, 1.0 / np.maximum(reduced.ranges, 1))
    found = Ways(Model(order.blocks, reduced.capacity, reduced.offset, reduced.x))
    targets = Y - reduced.offset
    targets = targets[np.all((targets >= 0) & (targets <= reduced.ranges), axis=1)]
    found.stopped_by = _walk(
        order,
        found,
        targets,
        Bounds(order, directions(Y.shape[1]), reduced.ranges, memory // TABLES),
        complete,
        memory,
        look,
    )
    return found


def _walk(
    stages: Stages,
    found: Ways,
    targets: Ints,
    bounds: Bounds,
    complete: bool,
    memory: int,
    look: Callable[[int, int], str | None],
) -> str:
    """Set labels towards ``targets`` ``(k, p)`` and note the edges; why it ended."""
    tree = grow(weighted(targets >> bounds.shift, bounds.weights.astype(np.int64)), targets)
    guard = Guard(tree, bounds.weights, bounds.shift, False)
    labels = Labels.start(stages, targets.shape[1])
    for k, step in enumerate(stages.steps):
        bound = bounds.at(k + 1, _mean_left(stages, k, labels), ROUNDS)
        room = Room.beside(memory, guard, (bounds,))
        q = len(stages.live[k + 1])
        most = room.children(labels, sum(edges.nbytes for edges in found.edges), q) // 2
        chunk = max(1, room.chunk(labels, q) // len(step.cost))
        parts: list[Labels] = []
        for low in range(0, len(labels), chunk):
            if reason := look(k, len(labels)):
                return reason
            parts.append(grown(labels, low, min(len(labels), low + chunk), step, bound, guard, q))
            if sum(map(len, parts)) > most:
                return "memory limit"
        labels, edges = _merged(joined(parts), complete)
        found.edges.append(edges)
        if not len(labels):
            return "complete"
    found.ends.update({tuple(z): i for i, z in enumerate(labels.Z.tolist())})
    return "complete"


def _merged(labels: Labels, complete: bool) -> tuple[Labels, _Edges]:
    """One label for all that are equal, without those that a better one dominates; and the edges to their parents."""
    rows = np.hstack([labels.Z, labels.R])
    order = np.lexsort(rows.T)
    fresh = np.ones(len(rows), dtype=np.bool_)
    fresh[1:] = np.any(rows[order[1:]] != rows[order[:-1]], axis=1)
    node = np.cumsum(fresh) - 1
    nodes = labels.take(order[fresh])
    kept = _worth_following(nodes) if complete else np.ones(len(nodes), dtype=np.bool_)
    edges = order[kept[node]]
    counts = np.bincount(node, minlength=len(nodes))[kept]
    first = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return nodes.take(kept), _Edges(first, labels.parent[edges], labels.pick[edges])


def _worth_following(nodes: Labels) -> NDArray[np.bool_]:
    """Nodes that no other one beats in a cost and equals or beats in all else; those of equal costs are all spared."""
    if len(nodes) < 2:
        return np.ones(len(nodes), dtype=np.bool_)
    rows = np.hstack([-nodes.Z, nodes.R])
    tree = grow(rows, rows)
    effort = EXACT if nodes.R.shape[1] == 1 else SHORT_LOOK
    _, group = np.unique(nodes.Z, axis=0, return_inverse=True)
    keep = np.zeros(len(nodes), dtype=np.bool_)
    keep[group[spared(tree, effort)]] = True
    return keep[group]


def _mean_left(stages: Stages, k: int, labels: Labels) -> Floats:
    """What remains of every row on average over the labels after ``k`` blocks; ``(1, m)``."""
    remaining = stages.capacity[None].astype(np.float64)
    remaining[0, list(stages.live[k])] = labels.R.mean(axis=0)
    return remaining
