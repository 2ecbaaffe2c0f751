"""Searches inside relax: what they say of a corner is true whatever multipliers they start from, and can be redone."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
import scipy.sparse as sp
from click.testing import CliRunner
from highspy import HighsModelStatus

from instances import generate
from models import formulate
from models.problem import Floats, Ints, Problem
from optimizer import Guarantee, SolveLimit, solve
from optimizer.cli import main
from optimizer.engines.linear import linear_model, quiet_solver
from optimizer.engines.relax import engine
from optimizer.engines.relax.blocks import Blocks, blocks
from optimizer.engines.relax.branching import Answer, below
from optimizer.engines.relax.pricing import Pricing
from optimizer.engines.relax.simplex import Program, minimum
from optimizer.proof import proof_faults, read_proof
from optimizer.run import Options, write_run
from optimizer.stop import AnyOf
from tests.engines.small import any_rows, brute_force, random_problem
from tests.engines.test_relax import at_every_step, town


def random_program(rng: np.random.Generator) -> Program:
    """A linear program with one free column now and then, and some without a solution."""
    m, n = int(rng.integers(1, 20)), int(rng.integers(1, 40))
    A = rng.integers(-9, 10, (m, n)) * (rng.random((m, n)) < 0.6)
    cost, lower, upper = rng.normal(size=n), np.zeros(n), rng.integers(1, 4, n).astype(np.float64)
    if rng.random() < 0.5:
        A[:, 0] = np.where(rng.random(m) < 0.5, -1, 0)
        cost[0], lower[0], upper[0] = 1.0, -np.inf, np.inf
    activity = A @ rng.random(n) - 3.0 * (rng.random() < 0.3)
    low = np.where(rng.random(m) < 0.3, activity - rng.random(m), -np.inf)
    high = np.where(rng.random(m) < 0.8, activity + rng.random(m), np.inf)
    columns = sp.csc_array(A.astype(np.float64))
    start, index = columns.indptr.astype(np.int64), columns.indices.astype(np.int64)
    return Program(cost, lower, upper, low, high, start, index, columns.data)


def dual_value(program: Program, dual: Floats) -> float:
    """The bound of the minimum that the duals prove; ``-inf`` where they price a side or bound that is not there."""
    reduced = program.cost - program.A.T @ dual
    ends = [(dual, program.low, program.high), (reduced, program.lower, program.upper)]
    parts = [np.where(np.abs(d) > 1e-9, d, 0.0) for d, _, _ in ends]
    with np.errstate(invalid="ignore"):
        worth = [
            np.where(d > 0, d * low, np.where(d < 0, d * high, 0.0))
            for d, (_, low, high) in zip(parts, ends, strict=True)
        ]
    return float(sum(w.sum() for w in worth))


def test_small_linear_programs_end_where_highs_does() -> None:
    rng, solver, optimal = np.random.default_rng(3), quiet_solver(), 0
    for _ in range(400):
        program = random_program(rng)
        A = sp.csr_array(program.A)
        solver.passModel(linear_model(A, program.low, program.high, program.lower, program.upper, program.cost))
        solver.run()
        answer = minimum(program)
        if solver.getModelStatus() != HighsModelStatus.kOptimal:
            assert answer is None
            continue
        optimal += 1
        assert answer is not None
        x, dual = answer
        value = solver.getInfo().objective_function_value
        assert np.all(A @ x <= program.high + 1e-6)
        assert np.all(A @ x >= program.low - 1e-6)
        assert np.all((x >= program.lower - 1e-7) & (x <= program.upper + 1e-7))
        assert program.cost @ x == pytest.approx(value, abs=1e-6)
        assert dual_value(program, dual) == pytest.approx(value, abs=1e-6)
    assert optimal > 150


def test_a_program_without_a_bound_or_with_crossed_sides_has_no_answer() -> None:
    one, start, index = np.ones(1), np.array([0, 1]), np.array([0])
    assert minimum(Program(-one, 0 * one, np.inf * one, -one, np.inf * one, start, index, one)) is None
    assert minimum(Program(one, 0 * one, one, 2 * one, one, start, index, one)) is None


def any_multipliers(rng: np.random.Generator, p: int, m: int) -> tuple[Floats, Floats]:
    """Some of any sign and size, sometimes none at all, sometimes not even numbers."""
    size = 10.0 ** rng.integers(-3, 12)
    weights, prices = rng.normal(size=p) * size, rng.normal(size=m) * size
    kind = rng.integers(0, 6)
    if kind == 0:
        weights, prices = 0 * weights, 0 * prices
    elif kind == 1:
        weights[0] = np.nan
    elif kind == 2 and m:
        prices[0] = np.inf
    return weights, prices


def asked(parts: Blocks, w: Ints, bounded: Ints, multipliers: tuple[Floats, Floats], work: int, **how: int) -> Answer:
    pricing = Pricing(parts, np.full(parts.p, 1000))
    ranges = np.full(parts.p, 50.0)
    free, near = how.get("free", 400), bool(how.get("near", False))
    return below(parts, pricing.most, w, bounded.astype(np.bool_), ranges, *multipliers, work, free, near)


def corners(rng: np.random.Generator, truth: Ints) -> list[Ints]:
    """Corners just above and just below points of the front, and anywhere near it."""
    chosen = truth[rng.integers(0, len(truth), 4)]
    anywhere = rng.integers(truth.min(axis=0) - 3, truth.max(axis=0) + 4, (6, truth.shape[1]))
    return [*(chosen + 1), *chosen, *anywhere]


@pytest.mark.parametrize("p", [1, 2, 3, 4])
@pytest.mark.parametrize("maker", [any_rows, random_problem])
def test_what_a_search_says_is_true_from_any_multipliers(maker: type, p: int) -> None:
    decided = 0
    for seed in range(6):
        problem: Problem = maker(1000 * p + seed, n=9, p=p)
        parts, truth = blocks(problem), brute_force(problem)
        if parts is None or not len(truth):
            continue
        rng = np.random.default_rng(seed)
        for w in corners(rng, truth):
            bounded = rng.random(p) < 0.8
            bounded[rng.integers(p)] = True
            there = bool(np.any(np.all(truth[:, bounded] < w[bounded], axis=1)))
            for work, how in ((1, {}), (900, {}), (10**7, {}), (10**7, {"near": 1, "free": 3})):
                answer = asked(parts, w, bounded, any_multipliers(rng, p, len(parts.rows)), work, **how)
                assert not (answer.none and there)
                if answer.pick is not None:
                    x = parts.portfolio(answer.pick)
                    assert problem.violations(x[None])[0] <= 1e-9
                    assert np.all((problem.costs @ x)[bounded] < w[bounded])
                if work > 900 and not how:
                    decided += 1
                    assert answer.none or answer.pick is not None
    assert decided > 40


def test_a_search_with_nothing_to_go_by_leaves_the_corner_open() -> None:
    problem = town(60, 4)
    parts = blocks(problem)
    assert parts is not None
    nothing = np.zeros(3), np.zeros(len(parts.rows))
    w, bounded = np.full(3, -900), np.ones(3)
    assert asked(parts, w, bounded, nothing, 1000, free=5) == (None, False)
    assert asked(parts, w, bounded, nothing, 0) == (None, False)
    assert asked(parts, w, bounded, nothing, 5000, free=5, near=1).none is False


def test_certificates_that_rest_on_searches_are_true_at_every_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine.Search, "_round", lambda *_: None)  # so that only searches find portfolios
    searched = 0
    for seed in range(6):
        problem = any_rows(300 + seed, n=9, p=3)
        found = at_every_step(problem, brute_force(problem), SolveLimit(80))
        searched += 0 if found.proof is None else len(found.proof.searched)
    assert searched > 0


def test_searches_lie_open_to_be_redone() -> None:
    problem = town(60, 2)
    front = solve(problem, method="relax", stop=AnyOf(Guarantee(0.05), SolveLimit(1500)))
    proof, epsilon = front.proof, front.certificate.epsilon
    assert proof is not None
    assert epsilon is not None
    assert proof.searched
    assert proof_faults(problem, proof, -front.counts, epsilon) == []
    without = dataclasses.replace(proof, searched=[])
    assert "leave" in proof_faults(problem, without, -front.counts, epsilon)[0]
    held = (-front.counts).max(axis=0) + 1
    bold = dataclasses.replace(proof, searched=[*proof.searched, held.tolist()])
    assert "a new search does not prove" in proof_faults(problem, bold, -front.counts, epsilon)[0]
    other = dataclasses.replace(proof, rows=[], prices=[[] for _ in proof.prices])
    assert proof_faults(problem, other, -front.counts, epsilon)


def test_verify_searches_anew_and_reads_older_proofs(tmp_path: Path) -> None:
    region = generate(30, 3, 1, 2, mechanisms=("budget", "relations", "land"))
    problem = formulate(region)
    front = solve(problem, method="relax", stop=AnyOf(Guarantee(0.05), SolveLimit(800)))
    run = write_run(tmp_path / "run", region, front, Options(tuple(o.name for o in problem.objectives)))
    done = CliRunner().invoke(main, ["verify", str(run)])
    assert done.exit_code == 0, done.output
    assert "searched anew" in " ".join(done.output.split())
    path = run / "proof.json"
    text = json.loads(path.read_text(encoding="utf-8"))
    text["searched"][0] = [10**6] * len(problem.objectives)
    path.write_text(json.dumps(text), encoding="utf-8")
    done = CliRunner().invoke(main, ["verify", str(run)])
    assert done.exit_code == 1
    assert "a new search does not prove" in " ".join(done.output.split())
    del text["searched"]
    path.write_text(json.dumps(text), encoding="utf-8")
    proof = read_proof(run)
    assert proof is not None
    assert proof.searched == []
