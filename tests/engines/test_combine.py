"""Relaxations first, then a search of what they leave: nothing proved is lost, nothing more is claimed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from benchmarks.cases import plan
from instances import generate
from models import formulate
from models.problem import Problem
from optimizer import Guarantee, SolveLimit, Status, combine, solve
from optimizer.combine import handed_over
from optimizer.engines.relax import relax
from optimizer.engines.zones import Zones
from optimizer.job import Job
from optimizer.proof import proof_faults
from optimizer.resume import resumed
from optimizer.run import Options, read_run
from optimizer.solver import choose_method
from optimizer.stop import Progress
from tests.cli.invoke import growthring
from tests.engines.small import any_rows, assert_true, brute_force, minimised, random_problem

METHOD = "relax+search"


@pytest.fixture
def stall(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Has relaxations stall after so many zones."""

    def after(zones: int) -> None:
        def early(self: combine._WhileFalling, progress: Progress) -> str | None:
            return self.rule(progress) or ("stalled" if progress.solves >= zones else None)

        monkeypatch.setattr(combine._WhileFalling, "__call__", early)

    return after


@pytest.mark.parametrize("zones", [0, 1, 3, 8])
@pytest.mark.parametrize("problem", [random_problem(1), random_problem(2), any_rows(4), any_rows(7)])
def test_the_front_is_complete_wherever_relaxations_stall(
    problem: Problem, zones: int, stall: Callable[[int], None]
) -> None:
    stall(zones)
    phases: list[str] = []
    front = solve(problem, method=METHOD, on_progress=lambda progress: phases.append(progress.phase))
    assert front.certificate.status is Status.COMPLETE
    assert front.certificate.engine == METHOD
    assert minimised(problem, front.counts).tolist() == brute_force(problem).tolist()


@pytest.mark.parametrize("seed", range(6))
def test_the_search_begins_with_what_relaxations_proved(seed: int) -> None:
    """The zones handed over have the ε of the relaxations, and hold whatever the list lacks."""
    problem = random_problem(seed, n=9)
    for solves in (0, 2, 5, 12):
        found = relax(problem, stop=SolveLimit(solves))
        if not found.Y or not found.open.boxes():
            continue
        known = handed_over(problem, found)
        low, ceiling = found.open.boxes()[0].corner * 0, np.max(known.arrays["W"], axis=0)
        zones = Zones(ceiling, low)
        zones.restore(known.arrays)
        assert zones.epsilon() <= found.open.epsilon() + 1e-12 or found.open.epsilon() == np.inf
        listed = known.Y
        for y in brute_force(problem):
            lacking = not np.any(np.all(listed <= y, axis=1))
            assert not lacking or np.any(np.all(y < zones.U, axis=1))
            assert not np.any(np.all(y < zones.W, axis=1) & ~np.any(np.all(listed == y, axis=1)))


@pytest.mark.parametrize("seed", range(3))
def test_every_stop_is_true_and_its_seconds_and_solves_add_up(seed: int, stall: Callable[[int], None]) -> None:
    problem = random_problem(seed, n=9)
    stall(4)
    seen: list[Progress] = []
    whole = solve(problem, method=METHOD, on_progress=seen.append).certificate.solves  # differs: dives begin when ready
    assert [p.solves for p in seen] == sorted(p.solves for p in seen)
    assert [p.seconds for p in seen] == sorted(p.seconds for p in seen)
    for solves in range(1, whole + 1, 5):
        front = solve(problem, method=METHOD, stop=SolveLimit(solves))
        assert front.certificate.solves >= solves or front.certificate.status is Status.COMPLETE
        assert_true(problem, front.counts, front.certificate)
    for epsilon in (0.4, 0.1):
        front = solve(problem, method=METHOD, stop=Guarantee(epsilon))
        assert_true(problem, front.counts, front.certificate)
        assert (front.certificate.epsilon or 0) <= epsilon


def test_a_front_goes_on_in_the_phase_in_which_it_ended(stall: Callable[[int], None]) -> None:
    """From the relaxations with all portfolios, which begin anew; from the search with its zones."""
    problem = random_problem(3, n=9)
    stall(4)
    for solves in (2, 4, 6, 9):
        begun = solve(problem, method=METHOD, stop=SolveLimit(solves))
        assert begun.known is not None
        assert bool(begun.known.arrays) == (solves > 4)
        phases: list[str] = []
        more = solve(
            problem,
            method=METHOD,
            start=begun.known,
            stop=SolveLimit(solves + 5),
            on_progress=lambda progress, into=phases: into.append(progress.phase),
        )
        assert phases[-1] == "search"
        assert_true(problem, more.counts, more.certificate)
        listed = minimised(problem, more.counts)
        assert all(np.any(np.all(listed <= y, axis=1)) for y in minimised(problem, begun.counts))
        ended = solve(problem, method=METHOD, start=begun.known)
        assert ended.certificate.status is Status.COMPLETE
        assert minimised(problem, ended.counts).tolist() == brute_force(problem).tolist()


def test_what_relaxations_prove_can_be_added_again(stall: Callable[[int], None]) -> None:
    problem = plan(24)
    stall(20)
    front = solve(problem, method=METHOD, stop=SolveLimit(30))
    assert front.proof is not None
    assert front.proof.bounds
    listed = minimised(problem, front.counts)
    assert proof_faults(problem, front.proof, listed, front.certificate.epsilon) == []
    assert proof_faults(problem, front.proof, listed, (front.certificate.epsilon or 0) * 0.5)


def test_it_is_chosen_where_relaxing_is_quick() -> None:
    pure = formulate(generate(200, 4, 1, 1, mechanisms=("budget", "relations")))
    mixed = formulate(generate(60, 4, 1, 1))
    assert choose_method(pure)[0] == METHOD
    assert "a search takes over when they stall" in choose_method(pure)[1]
    assert choose_method(mixed)[0] == "search"


def test_a_list_too_large_to_search_is_relaxed_on(
    monkeypatch: pytest.MonkeyPatch, stall: Callable[[int], None]
) -> None:
    problem = random_problem(1, n=9)
    monkeypatch.setattr(combine, "ZONES", 0)
    stall(3)
    front = solve(problem, method=METHOD)
    assert front.certificate.stopped_by == "stalled"
    assert_true(problem, front.counts, front.certificate)
    rule = combine._WhileFalling(Guarantee(0.1), 9)
    monkeypatch.undo()
    same = [Progress(seconds=s, points=9, solves=1, epsilon=0.2, open_regions=7) for s in range(12)]
    assert [rule(progress) for progress in same[:5]] == [None] * 5
    assert rule(same[11]) == "stalled"
    monkeypatch.setattr(combine, "CELLS", 80)
    assert rule(same[11]) is None


def test_a_run_is_resumed_and_verified(tmp_path: Path, stall: Callable[[int], None]) -> None:
    region = generate(40, 3, 1, 2, mechanisms=("budget", "relations", "land"))
    problem = formulate(region)
    stall(5)
    options = Options(region.compared, METHOD, guarantee=0.2)
    path, front = Job(region, problem, options, tmp_path / "a", METHOD, "asked for").run()
    assert front.certificate.stopped_by == "guarantee reached"
    done = growthring("verify", path)
    assert done.exit_code == 0, done.output
    assert "re-added exactly" in done.output
    job, _ = resumed(path)
    assert job.engine == METHOD
    assert job.start is not None
    growthring("resume", path, "--guarantee", "0.1", "--quiet")
    assert (read_run(path).certificate.epsilon or 0) <= 0.1
    assert json.loads((path / "manifest.json").read_text(encoding="utf-8"))["method"] == METHOD
    assert growthring("verify", path).exit_code == 0
