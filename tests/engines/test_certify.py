"""evolve with a proof: what is said about its list is true at every step, and the list is what it was without."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from instances.generate import MECHANISMS, generate
from instances.write import write_region
from models import formulate
from models.problem import Floats, Ints, Problem
from optimizer import Guarantee, SolveLimit, Status, solve
from optimizer.cli import main
from optimizer.engines.evolve import evolve
from optimizer.engines.evolve.certified import search_share
from optimizer.engines.found import Found
from optimizer.engines.relax import engine, given
from optimizer.engines.relax.given import SETTLED, prove
from optimizer.engines.zones import nondominated
from optimizer.proof import proof_faults
from optimizer.run import read_run
from optimizer.stop import After, AnyOf, Progress, Stop, TimeLimit
from optimizer.verify import verify_run
from tests.decide.village import village
from tests.engines.small import any_rows, assert_true, brute_force, minimised, random_problem
from tests.engines.test_faults import LIES, LiesAt
from tests.engines.test_relax import assert_holds, mixed, mixed_front

MAKERS = {"any": any_rows, "random": random_problem}


def some(problem: Problem, seed: int, most: int = 8) -> tuple[Floats, Ints]:
    """A few feasible portfolios of a small 0/1 problem, good and bad ones, with their minimised counts."""
    rng = np.random.default_rng(seed)
    n = len(problem.columns)
    X = ((np.arange(2**n)[:, None] >> np.arange(n)) & 1).astype(np.float64)
    X = X[problem.violations(X) <= 1e-9]
    X = X[rng.permutation(len(X))[: rng.integers(1, most + 1)]]
    return X, X.astype(np.int64) @ problem.costs.T


def at_every_step(problem: Problem, truth: Ints, X: Floats, Y: Ints, stop: Stop) -> Found:
    class Watching(given._Given):
        def _next(self) -> int | None:
            assert_holds(problem, truth, self.found)
            return super()._next()

    found = Watching(problem, X, Y, stop, None, None).run()
    assert_holds(problem, truth, found)
    assert sorted(map(tuple, found.Y)) == sorted(map(tuple, Y[nondominated(Y)]))
    return found


def short(listed: Ints, truth: Ints) -> float:
    """ε of a list, by the definition."""
    ranges = np.maximum(np.ptp(listed, axis=0), 1)
    return max(0.0, *(float(np.min(np.max((listed - y) / ranges, axis=1))) for y in truth))


@pytest.mark.parametrize("p", [2, 3, 4, 6])
@pytest.mark.parametrize("maker", MAKERS)
def test_epsilon_is_true_at_every_step_and_tight_at_the_end(maker: str, p: int) -> None:
    for seed in range(5):
        problem = MAKERS[maker](1000 * p + seed, n=7 + seed % 3, p=p)
        truth = brute_force(problem)
        if not len(truth):
            continue
        X, Y = some(problem, seed)
        found = at_every_step(problem, truth, X, Y, AnyOf())
        assert found.stopped_by in ("stalled", "complete")
        assert found.open.epsilon() <= SETTLED * 1.001 * short(np.array(found.Y), truth)
        assert found.proof is None or proof_faults(problem, found.proof, np.array(found.Y), found.open.epsilon()) == []


@pytest.mark.parametrize("seed", range(4))
def test_epsilon_is_true_with_continuous_columns(seed: int) -> None:
    problem = mixed(any_rows(seed, n=7, p=3), seed)
    truth = mixed_front(problem)
    whole = evolve(problem, algorithm="nsga2", seed=seed, stop=SolveLimit(201))
    k = np.random.default_rng(seed).permutation(len(whole.Y))[:3]
    found = at_every_step(problem, truth, np.array(whole.X)[k], np.array(whole.Y)[k], SolveLimit(30))
    assert np.isfinite(found.open.epsilon())


def test_what_holds_for_a_part_of_the_list_holds_for_all_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(given, "ZONES", 4)
    left_out = 0
    for seed in range(6):
        problem = random_problem(seed, n=9)
        X, Y = some(problem, seed, 60)
        found = prove(problem, X, Y, stop=SolveLimit(20))
        listed = Y[nondominated(Y)]
        left_out += len(listed) - len(found.Y)
        assert short(listed, brute_force(problem)) <= found.open.epsilon()
        assert (found.open.ranges == np.maximum(np.ptp(listed, axis=0), 1)).all()
        assert found.proof is None or proof_faults(problem, found.proof, listed, found.open.epsilon()) == []
    assert left_out


@pytest.mark.parametrize("lie", LIES)
def test_a_mip_solver_that_lies_falsifies_nothing(lie: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for k in range(1, 8, 3):
        problem = random_problem(1, n=7)
        gate = LiesAt(problem, k, lie, stubborn=True)
        monkeypatch.setattr(engine.Search, "_gate", lambda self, gate=gate: gate)
        at_every_step(problem, brute_force(problem), *some(problem, k), SolveLimit(60))


@pytest.mark.parametrize("seed", range(6))
def test_regions_get_a_true_certificate_and_keep_their_list(seed: int) -> None:
    draw = Random(seed)
    kept = draw.sample(list(MECHANISMS), draw.randint(2, 8))
    problem = formulate(generate(8, 2, 1 + seed % 2, seed, objectives=2 + seed % 2, mechanisms=kept))
    few = SolveLimit(30)
    plain = solve(problem, method="evolve", seed=seed, stop=few)
    front = solve(problem, method="evolve", seed=seed, stop=few, certify=True)
    assert np.array_equal(front.counts, plain.counts)
    assert np.array_equal(front.X, plain.X)
    proof = front.certificate
    assert (proof.engine, proof.points, proof.solves) == ("evolve", len(plain), plain.certificate.solves)
    listed, truth = minimised(problem, front.counts), solve(problem, method="search")
    assert truth.certificate.status is Status.COMPLETE
    claimed = np.inf if proof.epsilon is None else proof.epsilon
    assert short(listed, minimised(problem, truth.counts)) <= claimed
    assert front.proof is None or proof_faults(problem, front.proof, listed, proof.epsilon) == []


def test_a_complete_list_may_be_proved_complete() -> None:
    problem = random_problem(2, n=8)
    front = solve(problem, method="evolve", certify=True)
    assert_true(problem, front.counts, front.certificate)
    assert front.certificate.status is Status.COMPLETE


def test_nothing_found_is_proved_nothing() -> None:
    none = Problem.from_arrays([[1, 2], [2, 1]], [[2, 2]], [3], row_lower=[3])
    proof = solve(none, method="evolve", certify=True).certificate
    assert (proof.status, proof.epsilon, proof.infeasible) == (Status.HEURISTIC, None, False)


@pytest.fixture(scope="module")
def town() -> Problem:
    return formulate(generate(60, 4, 1, 3, objectives=3, mechanisms=("budget", "relations", "land", "synergy")))


@pytest.mark.parametrize("looks", [1, 4])
def test_ctrl_c_keeps_the_list_and_what_was_proved(town: Problem, looks: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "LOOK", 0.0)
    seen: list[Progress] = []

    def interrupt(progress: Progress) -> None:
        seen.extend([progress] * (progress.phase == "proof"))
        if len(seen) == looks:
            raise KeyboardInterrupt

    plain = solve(town, method="evolve", stop=SolveLimit(201))
    front = solve(town, method="evolve", stop=SolveLimit(201), certify=True, on_progress=interrupt)
    assert np.array_equal(front.counts, plain.counts)
    assert front.certificate.stopped_by == "interrupt"
    assert {(progress.points, progress.solves) for progress in seen} == {(len(plain), plain.certificate.solves)}


def test_a_checkpoint_of_the_proof_is_one_of_the_search(town: Problem, monkeypatch: pytest.MonkeyPatch) -> None:
    """From a proof that was cut off, the search goes on as from its own end."""
    monkeypatch.setattr(engine, "LOOK", 0.0)
    fronts: list[Any] = []
    few = AnyOf(SolveLimit(401), Guarantee(0.5))
    front = solve(town, method="evolve", stop=few, certify=True, on_checkpoint=lambda take: fronts.append(take()))
    half = next(one for one in fronts if one.certificate.epsilon is not None)
    assert half.certificate.stopped_by == "not finished"
    assert np.array_equal(half.counts, front.counts)
    more = SolveLimit(801)
    whole = solve(town, method="evolve", stop=more)
    rest = solve(town, method="evolve", stop=AnyOf(more, Guarantee(0.5)), certify=True, start=half.known)
    assert np.array_equal(rest.counts, whole.counts)
    assert np.array_equal(rest.X, whole.X)
    assert rest.certificate.status is Status.GUARANTEE


def test_a_search_that_may_not_go_on_keeps_its_state(town: Problem) -> None:
    front = solve(town, method="evolve", stop=SolveLimit(201))
    again = solve(town, method="evolve", stop=TimeLimit(1e-9), start=front.known)
    assert np.array_equal(again.counts, front.counts)
    assert front.known is not None
    assert again.known is not None
    assert again.known.arrays.keys() == front.known.arrays.keys()


def test_half_of_the_time_is_for_the_proof() -> None:
    """What an earlier search took is gone: the rest is halved."""
    share = search_share(After(AnyOf(TimeLimit(60.0), SolveLimit(9)), 20.0, 2))
    at = Progress(seconds=19.9, points=1, solves=1, epsilon=np.inf, open_regions=1)
    assert share(at) is None
    assert share(Progress(20.1, 1, 1, np.inf, 1)) == "time limit"
    assert share(Progress(1.0, 1, 7, np.inf, 1)) == "solve limit"


def test_the_command_line_proves_on_demand_and_verify_re_adds(tmp_path: Path) -> None:
    def growthring(*words: object) -> Any:
        return CliRunner().invoke(main, [str(word) for word in words], catch_exceptions=False)

    run = tmp_path / "run"
    write_region(village(), tmp_path / "village")
    words = ("--method", "evolve", "--time-limit", "0.01", "--quiet")
    growthring("solve", tmp_path / "village", "-o", run, *words)
    assert read_run(run).certificate.status is Status.HEURISTIC
    assert not (run / "proof.json").exists()
    listed = read_run(run).listing.values
    done = growthring("resume", run, "--time-limit", 20, "--certify", "--quiet")
    assert done.exit_code == 0, done.output
    found = read_run(run)
    assert found.manifest["options"]["certify"] is True
    assert {*listed} <= {*found.listing.values}
    assert found.certificate.status is not Status.HEURISTIC
    assert verify_run(run) == []
    done = growthring("verify", run)
    assert done.exit_code == 0, done.output
    assert "re-added exactly" in done.output
    text = json.loads((run / "proof.json").read_text(encoding="utf-8"))
    text["bounds"][0] += 10**9
    (run / "proof.json").write_text(json.dumps(text), encoding="utf-8")
    assert growthring("verify", run).exit_code == 1
