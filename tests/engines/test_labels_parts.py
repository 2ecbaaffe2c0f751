"""Parts of labels, each against its plain definition: zones, neighbours, and threads that change nothing."""

from __future__ import annotations

import itertools
from importlib import import_module

import numpy as np
import pytest

from models.problem import Ints
from optimizer import solve
from optimizer.engines.labels import engine, exchange, passes, regions, tree
from optimizer.engines.labels.exchange import Exchange
from optimizer.engines.labels.model import model
from optimizer.engines.labels.regions import zones
from optimizer.engines.labels.stages import stages
from optimizer.engines.labels.threads import ALONE, Threads
from optimizer.engines.zones import nondominated
from tests.engines.small import any_rows


def local_upper_bounds(points: Ints, ceiling: Ints) -> set[tuple[int, ...]]:
    """Definition 2 of Klamroth, Lacour & Vanderpooten (2015): empty below, and held by a point on every axis."""
    p = len(ceiling)

    def held(u: Ints, k: int) -> bool:
        others = np.arange(p) != k
        on = points[:, k] == u[k]
        return u[k] == ceiling[k] or bool(np.any(on & np.all(points[:, others] < u[others], axis=1)))

    grid = (np.array(u) for u in itertools.product(*({*points[:, k], ceiling[k]} for k in range(p))))
    empty = (u for u in grid if not np.any(np.all(points < u, axis=1)))
    return {tuple(u.tolist()) for u in empty if all(held(u, k) for k in range(p))}


@pytest.mark.parametrize("p", [2, 3, 4])
def test_zones_are_the_local_upper_bounds(p: int) -> None:
    rng = np.random.default_rng(p)
    for _ in range(60):
        most = rng.integers(1, 8)
        points = np.unique(rng.integers(0, most + 1, (rng.integers(0, 8 if p < 4 else 6), p)), axis=0)
        points = points[nondominated(points)]
        ceiling = np.full(p, most + 2)
        found = [tuple(u) for u in zones(points, ceiling).tolist()]
        assert len(found) == len(set(found))
        assert set(found) == local_upper_bounds(points, ceiling)


def test_neighbours_are_all_that_differ_in_two_blocks_and_are_not_dominated() -> None:
    seen = 0
    for seed in range(20):
        reduced = model(any_rows(seed, n=9))
        if reduced is None or not reduced.blocks:
            continue
        order = stages(reduced, np.ones(3))
        every = [np.array(pick) for pick in itertools.product(*(range(len(b.cost)) for b in order.blocks))]
        cost = [sum(b.cost[c] for b, c in zip(order.blocks, pick, strict=True)) for pick in every]
        use = [sum(b.use[c] for b, c in zip(order.blocks, pick, strict=True)) for pick in every]
        feasible = [i for i, u in enumerate(use) if np.all(u <= order.capacity)]
        if not feasible:
            continue
        start = feasible[seed % len(feasible)]
        listed = np.array([cost[start]])
        expected = {
            (*cost[i], *every[i])
            for i in feasible
            if 0 < np.count_nonzero(every[i] != every[start]) <= 2 and np.any(cost[i] < cost[start])
        }
        costs, picks = Exchange(order).look(every[start][None].astype(np.uint8), listed, ALONE)
        assert {(*z, *pick) for z, pick in zip(costs.tolist(), picks.tolist(), strict=True)} == expected
        seen += len(expected)
    assert seen > 100


def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut all work, also that of small problems, into many pieces."""
    monkeypatch.setattr(passes, "PART", 16)
    monkeypatch.setattr(import_module("optimizer.engines.labels.labels"), "BOUNDED", 8)
    monkeypatch.setattr(tree, "LOOKED", 8)
    monkeypatch.setattr(tree, "DIVIDED", 16)
    monkeypatch.setattr(exchange, "PIECE", 200)
    monkeypatch.setattr(regions, "SWEPT", 8)


@pytest.mark.parametrize("p", [2, 3, 5])
def test_number_of_workers_changes_nothing(p: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "WIDTHS", (1, 2))
    small_pieces(monkeypatch)
    for seed in range(4):
        problem = any_rows(40 + seed, n=11, p=p)
        one, three = (solve(problem, method="labels", workers=workers) for workers in (1, 3))
        assert one.counts.tolist() == three.counts.tolist()
        assert one.X.tolist() == three.X.tolist()
        assert one.certificate.solves == three.certificate.solves


@pytest.mark.parametrize("p", [3, 5])
def test_what_is_forgotten_is_not_missed(p: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "WIDTHS", (1, 2))
    for seed in range(4):
        problem = any_rows(60 + seed, n=11, p=p)
        expected = solve(problem, method="labels")
        with monkeypatch.context() as patch:
            patch.setattr(passes, "FORGETFUL", -(2**40))  # all the time
            forgetful = solve(problem, method="labels")
        assert forgetful.X.tolist() == expected.X.tolist()
        assert (problem.evaluate(forgetful.X) == forgetful.counts).all()


def test_threads_keep_the_order_and_pass_on_what_fails() -> None:
    with Threads(3) as threads:
        assert list(threads.map(lambda i: i * i, range(50))) == [i * i for i in range(50)]
        with pytest.raises(ZeroDivisionError):
            list(threads.map(lambda i: 1 // i, [1, 0]))
