"""relax: what it certifies is true at every step, whatever the linear programs answer."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp
from click.testing import CliRunner

from instances import generate
from models import formulate
from models.problem import Ints, Problem
from optimizer import Guarantee, SolveLimit, Status, TimeLimit, solve
from optimizer.cli import main
from optimizer.engines.found import Found
from optimizer.engines.relax import engine, relax
from optimizer.engines.relax.blocks import blocks
from optimizer.engines.relax.cover import Cover
from optimizer.engines.relax.halfspaces import HalfSpace
from optimizer.engines.relax.limits import limits
from optimizer.engines.relax.mixed import Mixed
from optimizer.engines.relax.sifting import Sifting
from optimizer.engines.zones import hypervolume
from optimizer.proof import proof_faults, readded
from optimizer.run import Options, write_run
from optimizer.solver import choose_method
from optimizer.stop import AnyOf, Progress, Stop
from tests.engines.small import any_rows, assert_true, brute_force, minimised, random_problem
from tests.engines.test_faults import LIES, LiesAt

MAKERS = {"any": any_rows, "random": random_problem}


def assert_holds(problem: Problem, truth: Ints, found: Found) -> None:
    """ε, the missing hypervolume, open boxes and half-spaces of ``found`` agree with the complete front ``truth``."""
    cover = found.open
    assert isinstance(cover, Cover)
    for weights, bound, _ in cover.halfspaces:
        assert all(sum(int(w) * int(k) for w, k in zip(weights, y, strict=True)) >= bound for y in truth)
    for x, y in zip(found.X, found.Y, strict=True):
        assert problem.violations(x[None])[0] <= 1e-6
        assert (minimised(problem, problem.evaluate(x[None]))[0] == y).all()
    if found.proof is not None:
        true = readded(problem, found.proof)
        assert all(t is not None and b <= t for b, t in zip(found.proof.bounds, true, strict=True))
        assert not any(np.all(y < w) for w in found.proof.told + found.proof.searched for y in truth)
    if not found.Y or not len(truth):
        return
    listed = np.array(found.Y)
    ranges = np.maximum(np.ptp(listed, axis=0), 1).astype(np.float64)
    cover.measure(ranges)
    epsilon = max(np.min(np.max((listed - y) / ranges, axis=1)) for y in truth)
    assert max(epsilon, 0.0) <= cover.epsilon()
    reference = listed.max(axis=0) + 1
    have, most = hypervolume(listed, reference), hypervolume(truth, reference)
    assert (most - have) / most <= cover.hypervolume_missing(reference)
    for y in truth:
        if not np.any(np.all(listed <= y, axis=1)):
            assert any(np.all(box.corner <= y) and np.all(y < box.bound) for box in cover.boxes())


def at_every_step(problem: Problem, truth: Ints, stop: Stop) -> Found:
    """Run to ``stop`` and hold the certificate against ``truth`` after every solve."""

    class Watching(engine.Search):
        def _next(self) -> int | None:
            ranges = self.cover.ranges
            assert_holds(problem, truth, self.found)
            self.cover.measure(ranges)
            return super()._next()

    found = Watching(problem, stop, None).run()
    assert_holds(problem, truth, found)
    return found


@pytest.mark.parametrize("p", [2, 3, 4, 5])
@pytest.mark.parametrize("maker", MAKERS)
def test_certificate_is_true_at_every_step(maker: str, p: int) -> None:
    for seed in range(4):
        problem = MAKERS[maker](1000 * p + seed, n=6 + seed, p=p)
        at_every_step(problem, brute_force(problem), AnyOf(SolveLimit(40)))


@pytest.mark.parametrize("p", [2, 3, 6])
def test_front_is_complete_where_nothing_stays_open(p: int) -> None:
    for seed in range(4):
        problem = any_rows(700 * p + seed, n=8, p=p)
        front = solve(problem, method="relax", stop=SolveLimit(2000))
        assert_true(problem, front.counts, front.certificate)
        if len(brute_force(problem)):
            assert front.certificate.status is Status.COMPLETE


def mixed(problem: Problem, seed: int) -> Problem:
    """``problem`` with money carried over: a continuous column without a bound, in rows with the first projects."""
    rng = np.random.default_rng(seed)
    m, n = problem.A.shape
    cost = rng.integers(1, 9, n)
    spent = sp.csr_array(np.array([[*cost, 1.0], [*-cost, -1.0]]))
    A = sp.vstack([sp.hstack([problem.A, sp.csr_array((m, 1))]), spent]).tocsr()
    total = float(cost.sum() // 2)
    return dataclasses.replace(
        problem,
        C=np.hstack([problem.C, np.zeros((len(problem.C), 1), dtype=np.int64)]),
        A=sp.csr_array(A),
        row_lower=np.append(problem.row_lower, [-np.inf, -total - 3.5]),
        row_upper=np.append(problem.row_upper, [total, np.inf]),
        lower=np.append(problem.lower, 0.0),
        upper=np.append(problem.upper, np.inf),
        integer=np.append(problem.integer, False),
        rows=(*problem.rows, "money", "left"),
        columns=(*problem.columns, "carried"),
    )


def mixed_front(problem: Problem) -> Ints:
    """The front of a :func:`mixed` problem: the carried money only asks that its rows can be kept."""
    n = len(problem.columns) - 1
    X = (np.arange(2**n)[:, None] >> np.arange(n)) & 1
    activity = X @ problem.A[:, :n].toarray().T
    keeps = np.all((activity[:, :-2] <= problem.row_upper[:-2]) & (activity[:, :-2] >= problem.row_lower[:-2]), axis=1)
    keeps &= activity[:, -2] <= problem.row_upper[-2]
    Y = np.unique(X[keeps] @ problem.costs[:, :n].T, axis=0)
    return Y[[not any(np.all(z <= y) and np.any(z < y) for z in Y) for y in Y]] if len(Y) else Y


@pytest.mark.parametrize("seed", range(6))
def test_certificate_is_true_with_continuous_columns(seed: int) -> None:
    problem = mixed(any_rows(seed, n=7, p=3), seed)
    assert blocks(problem) is None
    lower, upper = limits(problem)
    assert np.isfinite(upper).all()
    assert np.isfinite(lower).all()
    at_every_step(problem, mixed_front(problem), SolveLimit(15))


@pytest.mark.parametrize("seed", range(2))
def test_holds_on_towns_against_labels(seed: int) -> None:
    problem = town(40, seed)
    truth = -solve(problem, method="labels").counts
    for stop in (Guarantee(0.3), Guarantee(0.15), SolveLimit(150)):
        found = relax(problem, stop=stop)
        assert_holds(problem, truth, found)


def town(n: int, seed: int) -> Problem:
    """A knapsack town: money, land by zone, emissions, precedences and exclusive groups."""
    rng = np.random.default_rng(seed)
    cost, land, zone = rng.integers(10, 101, n), rng.integers(1, 41, n), rng.integers(0, 3, n)
    growth = np.clip(cost // 2 + rng.integers(1, 61, n), 1, 100)
    C = np.array([growth, np.clip(101 - growth + rng.integers(-25, 26, n), 1, 100), rng.integers(1, 101, n)])
    rows = [(cost, int(0.35 * cost.sum()))]
    rows += [(np.where(zone == z, land, 0), int(0.45 * land[zone == z].sum())) for z in range(3)]
    order = rng.permutation(n)
    for q in range(n // 10):
        row = np.zeros(n, dtype=np.int64)
        row[order[2 * q]], row[order[2 * q + 1]] = -1, 1
        rows.append((row, 0))
    for q in range(n // 20):
        row = np.zeros(n, dtype=np.int64)
        row[order[n // 2 + 3 * q : n // 2 + 3 * q + 3]] = 1
        rows.append((row, 1))
    return Problem.from_arrays(C, np.array([row for row, _ in rows]), [side for _, side in rows])


def test_guarantee_is_reached_and_said() -> None:
    problem = town(120, 3)
    certificate = solve(problem, method="relax", stop=Guarantee(0.1)).certificate
    assert certificate.status is Status.GUARANTEE
    assert certificate.stopped_by == "guarantee reached"
    assert certificate.epsilon is not None
    assert certificate.epsilon <= 0.1
    assert certificate.open_regions_total > 0


def nonsense(rng: np.random.Generator, answer: Any) -> Any:
    return tuple(rng.normal(size=part.shape) * 10.0 ** rng.integers(-3, 9) for part in answer)


FAULTS: dict[str, Callable[[np.random.Generator, Any], Any]] = {
    "nothing": lambda _, answer: None,
    "nonsense": nonsense,
    "not a number": lambda _, answer: tuple(np.full(part.shape, np.nan) for part in answer),
    "swapped signs": lambda _, answer: (answer[0], -answer[1]),
}


def _raise(_: np.random.Generator, answer: Any) -> Any:
    raise RuntimeError("out of memory")


FAULTS["raises"] = _raise


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("kind", [Sifting, Mixed])
def test_linear_programs_that_lie_falsify_nothing(kind: Any, fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    honest = kind._ask

    def lying(self: Any, asked: Any) -> Any:
        answer = honest(self, asked)
        return answer if answer is None or rng.random() < 0.5 else FAULTS[fault](rng, answer)

    monkeypatch.setattr(kind, "_ask", lying)
    for seed in range(3):
        problem = any_rows(seed, n=8, p=3)
        truth = brute_force(problem)
        if kind is Mixed:
            problem = mixed(problem, seed)
            truth = mixed_front(problem)
        at_every_step(problem, truth, SolveLimit(25))


@pytest.mark.parametrize("lie", LIES)
def test_a_mip_solver_that_lies_falsifies_nothing(lie: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for k in range(1, 12, 3):
        problem = random_problem(1, n=7)
        gate = LiesAt(problem, k, lie, stubborn=True)
        monkeypatch.setattr(engine.Search, "_gate", lambda self, gate=gate: gate)
        at_every_step(problem, brute_force(problem), SolveLimit(60))


@pytest.mark.parametrize("looks", [1, 3, 9])
def test_ctrl_c_keeps_what_was_found(looks: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "LOOK", 0.0)
    problem = town(60, 1)
    seen: list[Progress] = []

    def interrupt(progress: Progress) -> None:
        seen.append(progress)
        if len(seen) == looks:
            raise KeyboardInterrupt

    front = solve(problem, method="relax", on_progress=interrupt)
    assert front.certificate.stopped_by == "interrupt"
    assert (problem.evaluate(front.X) == front.counts).all()


def test_no_time_means_no_claim() -> None:
    certificate = solve(random_problem(1), method="relax", stop=TimeLimit(0)).certificate
    assert certificate.status is Status.HEURISTIC
    assert certificate.epsilon is None
    assert certificate.stopped_by == "time limit"


def test_same_front_every_time() -> None:
    problem = town(80, 5)
    one, two = (solve(problem, method="relax", stop=SolveLimit(60)) for _ in range(2))
    assert one.counts.tolist() == two.counts.tolist()
    assert one.X.tolist() == two.X.tolist()
    assert one.certificate.epsilon == two.certificate.epsilon


def test_a_proof_that_claims_more_is_found_out() -> None:
    problem = town(60, 2)
    front = solve(problem, method="relax", stop=Guarantee(0.2))
    proof, epsilon = front.proof, front.certificate.epsilon
    assert proof is not None
    assert epsilon is not None
    assert proof_faults(problem, proof, -front.counts, epsilon) == []
    bold = dataclasses.replace(proof, bounds=[bound + 2**45 for bound in proof.bounds])
    assert len(proof_faults(problem, bold, -front.counts, epsilon)) == len(proof.bounds)
    assert "leave" in proof_faults(problem, proof, -front.counts, epsilon / 2)[0]
    assert "leave" in proof_faults(problem, proof, -front.counts[:-3], epsilon)[0]
    other = town(61, 2)
    assert "made for" in proof_faults(other, proof, -front.counts, epsilon)[0]


def test_verify_re_adds_the_half_spaces_of_a_run(tmp_path: Path) -> None:
    region = generate(30, 3, 1, 2, mechanisms=("budget", "relations", "land"))
    problem = formulate(region)
    front = solve(problem, method="relax", stop=AnyOf(Guarantee(0.3), SolveLimit(200)))
    run = write_run(tmp_path / "run", region, front, Options(tuple(o.name for o in problem.objectives)))
    done = CliRunner().invoke(main, ["verify", str(run)])
    assert done.exit_code == 0, done.output
    assert "re-added exactly" in done.output
    text = json.loads((run / "proof.json").read_text(encoding="utf-8"))
    text["bounds"][0] += 10**9
    (run / "proof.json").write_text(json.dumps(text), encoding="utf-8")
    done = CliRunner().invoke(main, ["verify", str(run)])
    assert done.exit_code == 1
    assert "half-space 1" in done.output


def test_auto_relaxes_many_columns() -> None:
    engine_name, why = choose_method(town(500, 0))
    assert engine_name == "relax+search"
    assert "blocks of choices" in why
    assert choose_method(town(60, 0))[0] == "labels"


def test_choices_of_a_block_keep_its_rows() -> None:
    problem = formulate(generate(40, 4, 1, 3, mechanisms=("budget", "relations", "synergy")))
    parts = blocks(problem)
    assert parts is not None
    pick = np.zeros(len(parts), dtype=np.int64)
    inside = np.setdiff1d(np.arange(len(problem.rows)), parts.rows)
    activity = (problem.A @ parts.portfolio(pick))[inside]
    assert (activity <= problem.row_upper[inside]).all()
    assert (activity >= problem.row_lower[inside]).all()


def test_without_a_portfolio_nothing_is_claimed() -> None:
    none = Problem.from_arrays([[1, 2], [2, 1]], [[1, 1]], [np.inf], row_lower=[3])
    assert solve(none, method="relax").certificate.status is Status.HEURISTIC


@pytest.mark.parametrize("p", [2, 3, 4])
@pytest.mark.parametrize("seed", range(4))
def test_the_largest_epsilon_is_reckoned_anew_in_other_ranges(seed: int, p: int) -> None:
    """The same as by hand over all half-spaces and proofs, however often the ranges change, and below what is kept."""
    rng = np.random.default_rng(seed)
    cover = Cover(np.full(p, 60), np.zeros(p, dtype=np.int64))
    for _ in range(12):
        cover.add(rng.integers(0, 50, p))
        weights = rng.integers(1, 9, p)
        cover.cut(HalfSpace(weights, int(weights @ rng.integers(0, 9, p)), np.zeros(0)))
    cover.prove(np.full(p, 5))
    for _ in range(6):
        ranges = rng.uniform(5, 50, p)
        cover.measure(ranges)
        U, kept = cover.open()
        W = np.array([halfspace.weights for halfspace in cover.halfspaces]).reshape(-1, p)
        v = np.array([halfspace.bound for halfspace in cover.halfspaces])
        bounded = U < cover.ceiling
        per = (bounded * ranges) @ W.T
        short = np.where(bounded, U, U - 1) @ W.T - v
        by_half = np.where(per > 0, short / np.where(per > 0, per, 1.0), np.inf)
        by_proof = [
            np.max(np.where(U > w, np.where(bounded, (U - w) / ranges, np.inf), -1.0), axis=1) for w in cover.proofs
        ]
        gaps = np.min([*by_half.T, *by_proof], axis=0)
        assert np.all(gaps <= kept + 1e-12)
        assert cover.epsilon() == pytest.approx(gaps.max(), rel=1e-6)
