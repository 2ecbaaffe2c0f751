"""Labels from both ends find the same front, whatever the block at which they meet and whenever they are stopped."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from models.problem import Problem
from optimizer import SolveLimit, Status, solve
from optimizer.engines.labels import engine, join
from optimizer.engines.labels.engine import _Search
from optimizer.engines.labels.join import _tasks
from optimizer.engines.labels.middle import Halves
from optimizer.engines.labels.model import model
from optimizer.engines.labels.room import Room
from optimizer.engines.labels.stages import backward
from optimizer.engines.labels.threads import Threads
from optimizer.front import Front
from optimizer.stop import Progress
from tests.engines.small import any_rows, assert_true, brute_force, minimised, random_problem

ROOMY = 2**30


def meeting_at(block: int) -> Callable[[Halves], int | None]:
    """The halves meet after ``block`` blocks."""

    def choose(halves: Halves) -> int | None:
        front, back = halves.halves
        if len(front.history) + len(back.history) == len(halves.stages[0]) or not len(front.labels) * len(back.labels):
            return None
        return int(len(front.history) >= block)

    return choose


def search(problem: Problem, monkeypatch: pytest.MonkeyPatch) -> _Search | None:
    """A search with halves, before its first pass; ``None`` where nothing is left to decide."""
    monkeypatch.setattr(engine, "worth_coupling", lambda stages, p: True)
    reduced = model(problem)
    return _Search(reduced, SolveLimit(10**9), ROOMY, Threads(1), None, 0.0) if reduced and reduced.blocks else None


def met(problem: Problem, block: int, monkeypatch: pytest.MonkeyPatch) -> tuple[_Search, Halves] | None:
    """Halves that met after ``block`` blocks with nothing listed before."""
    monkeypatch.setattr(Halves, "_next", meeting_at(block))
    coupled = search(problem, monkeypatch)
    if coupled is None or block > len(coupled.stages):
        return None
    assert coupled.halves is not None
    assert coupled.halves.meet(
        coupled._guard(), coupled.points, math.inf, Room(ROOMY, 0), lambda stage, width: None, Threads(1)
    )
    return coupled, coupled.halves


def two_rows(seed: int, p: int, n: int = 13) -> Problem:
    """A knapsack with two rows, which several passes are needed for."""
    rng = np.random.default_rng(seed)
    A = rng.integers(5, 60, (2, n))
    return Problem.from_arrays(rng.integers(1, 100, (p, n)), A, A.sum(axis=1) // 2)


@pytest.mark.parametrize("p", [2, 3, 4, 5, 6, 7])
def test_front_equals_enumeration_wherever_they_meet(p: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(join, "SMALL", 8)
    for seed in range(8):
        make = any_rows if seed % 2 else random_problem
        problem = make(2000 * p + seed, n=6 + seed % 6, p=p)
        truth = brute_force(problem)
        for block in range(13):
            if (coupled := met(problem, block, monkeypatch)) is None:
                continue
            run, halves = coupled
            points = halves.costs + run.model.offset
            assert np.unique(points, axis=0).tolist() == truth.tolist(), (seed, block)
            assert len(points) == len(truth)
            X = run.model.portfolios(halves.picks(np.arange(len(points))))
            assert (X @ problem.costs.T == points).all()
            assert problem.violations(X).max(initial=0) == 0


def test_large_figures_are_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    C = rng.integers(10**9, 10**11, (4, 11))
    A = rng.integers(10**8, 10**10, (2, 11))
    problem = Problem.from_arrays(C, A, A.sum(axis=1) // 2)
    for block in (0, 3, 6, 11):
        run, halves = met(problem, block, monkeypatch) or (None, None)
        assert run is not None
        assert np.unique(halves.costs + run.model.offset, axis=0).tolist() == brute_force(problem).tolist()


@pytest.mark.parametrize("seed", range(4))
def test_labels_fit_together_if_their_portfolio_fits(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    problem = any_rows(300 + seed, n=9, p=3) if seed % 2 else two_rows(seed, 3, n=8)
    for block in range(1, 9):
        coupled = met(problem, block, monkeypatch)
        if coupled is None:
            continue
        _, halves = coupled
        front, back = halves.halves
        blocks = len(front.history)
        stages = halves.stages[0]
        live = list(stages.live[blocks])
        need = np.minimum(stages.capacity, stages.use_left[0])[live]
        uses = []
        for half, part in ((front, stages.blocks[:blocks]), (back, stages.blocks[blocks:][::-1])):
            picks = half.picks(np.arange(len(half.labels)))
            use = [choices.use[picks[:, at]] for at, choices in enumerate(part)]
            uses.append(np.sum(use, axis=0) if use else np.zeros((len(half.labels), len(stages.capacity))))
        together = front.labels.R[:, None].astype(np.int64) + back.labels.R[None]
        assert (
            np.all(together >= need, axis=2) == np.all(uses[0][:, None] + uses[1][None] <= stages.capacity, axis=2)
        ).all()


@pytest.mark.parametrize("seed", range(30))
def test_tasks_hold_every_fitting_pair_once(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(join, "SMALL", 4)
    rng = np.random.default_rng(seed)
    most = int(rng.integers(1, 40))
    front, back = (np.sort(rng.integers(0, most, rng.integers(1, 60))) for _ in range(2))
    need = int(rng.integers(0, 2 * most))
    held = np.zeros((len(front), len(back)), dtype=np.int64)
    fits = front[:, None] + back >= need
    for task in _tasks(front, back, need):
        pairs = slice(task.f, task.f_end), slice(task.b, task.b_end)
        held[pairs] += 1
        assert fits[pairs].all() or not task.fits
    assert (held[fits] == 1).all()
    assert held.max(initial=0) <= 1


def test_the_same_rows_live_from_both_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(20):
        run = search(any_rows(seed, n=10), monkeypatch)
        if run is not None:
            assert backward(run.stages).live == run.stages.live[::-1]
            assert backward(backward(run.stages)).blocks == run.stages.blocks


def labels(problem: Problem, monkeypatch: pytest.MonkeyPatch, **options: object) -> Front:
    """One pass that finds little, then both ends."""
    monkeypatch.setattr(engine, "WIDTHS", (1,))
    monkeypatch.setattr(engine, "worth_coupling", lambda stages, p: True)
    return solve(problem, method="labels", **options)


@pytest.mark.parametrize("p", [2, 4, 5])
def test_certificate_is_true_wherever_it_stops(p: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(join, "SMALL", 8)
    monkeypatch.setattr(join, "BUDGET", 4)
    problem = two_rows(p, p)
    total = labels(problem, monkeypatch)
    assert minimised(problem, total.counts).tolist() == brute_force(problem).tolist()
    gaps = []
    for solves in np.unique(np.linspace(0, total.certificate.solves - 1, 12).astype(int)).tolist():
        front = labels(problem, monkeypatch, stop=SolveLimit(solves))
        assert front.certificate.stopped_by == "solve limit"
        assert (problem.evaluate(front.X) == front.counts).all()
        assert problem.violations(front.X).max(initial=0) == 0
        assert_true(problem, front.counts, front.certificate)
        gaps.append(front.certificate.epsilon)
    assert gaps[-1] is not None
    assert 0 < gaps[-1] <= max(gap for gap in gaps if gap is not None)


@pytest.mark.parametrize("late", [0.3, 0.6, 0.9, 0.99])
def test_ctrl_c_keeps_what_was_found(late: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(join, "SMALL", 8)
    problem = two_rows(6, 4)
    looks: list[Progress] = []
    labels(problem, monkeypatch, on_progress=looks.append)
    assert {progress.phase for progress in looks} >= {"width 1", "from both ends"}
    last, seen = int(late * len(looks)), []

    def interrupt(progress: Progress) -> None:
        seen.append(progress)
        if len(seen) == last:
            raise KeyboardInterrupt

    front = labels(problem, monkeypatch, on_progress=interrupt)
    assert front.certificate.stopped_by == "interrupt"
    assert_true(problem, front.counts, front.certificate)


def test_short_of_memory_it_goes_through(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = two_rows(4, 5)
    for memory in (1, 5_000, 20_000, 80_000):
        front = labels(problem, monkeypatch, memory=memory)
        assert front.certificate.stopped_by in ("memory limit", "complete")
        assert_true(problem, front.counts, front.certificate)


def test_grown_labels_are_kept_for_the_next_width(monkeypatch: pytest.MonkeyPatch) -> None:
    """A width that is too small for coupling leaves labels behind, which better lists then go on with."""
    calls: list[bool] = []
    monkeypatch.setattr(_Search, "_most", lambda self, width: math.inf if width.free else 20 * width.best)
    meet = Halves.meet

    def counted(halves: Halves, *given: object) -> bool:
        calls.append(meet(halves, *given))
        return calls[-1]

    monkeypatch.setattr(Halves, "meet", counted)
    problem = two_rows(9, 5)
    monkeypatch.setattr(engine, "WIDTHS", (1, 2, 4, 8))
    front = solve(problem, method="labels")
    assert calls[0] is False
    assert calls[-1] is True
    assert minimised(problem, front.counts).tolist() == brute_force(problem).tolist()


def test_same_front_every_time(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = two_rows(7, 5)
    one, two = labels(problem, monkeypatch), labels(problem, monkeypatch)
    assert one.certificate.status is Status.COMPLETE
    assert one.counts.tolist() == two.counts.tolist()
    assert one.X.tolist() == two.X.tolist()
