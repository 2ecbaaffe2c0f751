"""The live page: what it refuses, what it answers, and that people and closed tabs do not disturb each other."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn

from instances import read_region
from models import formulate
from optimizer import solve
from optimizer.explore import scenarios as kept
from optimizer.explore.app import create_app
from optimizer.explore.guard import LARGEST
from optimizer.explore.scenarios import Scenarios
from optimizer.run import Options, read_run, write_run
from optimizer.verify import verify_run
from tests.report.browser import opened, settle
from tests.report.programs import needs_programs

pytestmark = needs_programs

TOKEN = "secret-token"


class Live:
    """A server in a thread."""

    def __init__(self, folder: Path) -> None:
        region = read_region("park")
        problem = formulate(region)
        run = read_run(write_run(folder / "first", region, solve(problem), Options(("growth", "character"))))
        self.runs = folder / "runs"
        self.scenarios = Scenarios(folder / "work", self.runs)
        self.base = self.scenarios.add("park", {}, run).key
        self.server = uvicorn.Server(uvicorn.Config(lambda *_: None, port=0, log_level="error", lifespan="off"))
        self.server.config.load()
        import socket

        self.socket = socket.socket()
        self.socket.bind(("127.0.0.1", 0))
        self.host = f"127.0.0.1:{self.socket.getsockname()[1]}"
        self.server.config.loaded_app = create_app(self.scenarios, TOKEN, (self.host,))
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [self.socket]}, daemon=True)
        self.thread.start()
        while not self.server.started:
            time.sleep(0.01)

    @property
    def root(self) -> str:
        return f"http://{self.host}/{TOKEN}/"

    def close(self) -> None:
        self.server.should_exit = True
        self.thread.join(20)
        self.socket.close()


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    server = Live(tmp_path_factory.mktemp("live"))
    yield server
    server.close()


@contextmanager
def client() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=120, trust_env=False) as made:
        yield made


def last_event(live: Live, body: dict[str, object]) -> dict[str, object]:
    with client() as http:
        lines = http.post(live.root + "solve", json=body).text.strip().splitlines()
    event: dict[str, object] = json.loads(lines[-1])
    return event


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("http://{host}/", {}, 403),
        ("http://{host}/other-token/", {}, 403),
        ("http://{host}/other-token/s/x", {}, 403),
        ("{root}", {"Origin": "https://evil.example"}, 403),
        ("{root}", {"Origin": "null"}, 403),
        ("{root}", {"Host": "evil.example"}, 403),
        ("{root}", {"Sec-Fetch-Site": "cross-site"}, 403),
        ("{root}s/unknown", {}, 422),
        ("{root}../../etc/passwd", {}, 403),
        ("{root}s/..%2f..%2fetc%2fpasswd", {}, 404),
        ("{root}nothing", {}, 404),
        ("{root}solve", {}, 405),
    ],
)
def test_refused(live: Live, address: str, headers: dict[str, str], status: int) -> None:
    with client() as http:
        answer = http.get(address.format(host=live.host, root=live.root), headers=headers)
        assert answer.status_code == status
        assert "passwd" not in answer.text


def test_writing_from_another_site_is_refused_and_nothing_happens(live: Live) -> None:
    with client() as http:
        body = {"base": live.base, "name": "stolen"}
        answer = http.post(live.root + "save", json=body, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert not (live.runs / "stolen").exists()


def test_a_body_over_its_limit(live: Live) -> None:
    with client() as http:
        assert http.post(live.root + "save", content=b"x" * (LARGEST + 1)).status_code == 413

        def pieces() -> Iterator[bytes]:
            for _ in range(20):
                yield b"x" * 8192

        assert http.post(live.root + "save", content=pieces()).status_code == 413
        assert http.post(live.root + "save", content=b"{").status_code == 422


@pytest.mark.parametrize("name", ["../out", "a/b", "", ".hidden", "..", "x" * 90, "con\\aux", "a\nb"])
def test_saved_runs_stay_in_their_folder(live: Live, name: str, tmp_path: Path) -> None:
    before = sorted(path.name for path in live.runs.parent.iterdir())
    with client() as http:
        answer = http.post(live.root + "save", json={"base": live.base, "name": name})
    assert answer.status_code == 422
    assert sorted(path.name for path in live.runs.parent.iterdir()) == before


def test_a_changed_budget_is_solved_and_saved_and_verifies(live: Live) -> None:
    address = str(
        next(
            iter(
                kept.find_figure(read_region("park"), f"budgets/{b.fund},{b.period}/amount")
                for b in read_region("park").budgets
            )
        )
    )
    old = kept.find_figure(read_region("park"), address).value(read_region("park"))
    assert old is not None
    event = last_event(live, {"base": live.base, "name": "richer", "changes": {address: str(old * 2)}})
    key = str(event["scenario"])
    with client() as http:
        rows = http.get(live.root + f"scenarios?keys={live.base},{key}").json()
        assert [row["name"] for row in rows] == ["park", "richer"]
        assert rows[0]["best"] != rows[1]["best"] or rows[0]["points"] != rows[1]["points"]
        assert http.post(live.root + "save", json={"base": key, "name": "richer park"}).json() == {
            "saved": "richer park"
        }
        assert http.post(live.root + "save", json={"base": key, "name": "richer park"}).status_code == 422
    assert not verify_run(live.runs / "richer park")


def test_wrong_figures_are_told_all_at_once(live: Live) -> None:
    event = last_event(live, {"base": live.base, "changes": {"budgets/nobody/amount": "3", "policy/farmland": "x"}})
    assert "nobody" in str(event["error"])
    assert "farmland" in str(event["error"])
    event = last_event(live, {"base": live.base, "changes": {"policy/farmland_quota_ha": "many"}})
    assert "not a number" in str(event["error"]) or "has no" in str(event["error"])


def test_a_closed_tab_cancels_its_solve_and_no_other(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = threading.Event()
    begun = threading.Event()
    real = Scenarios.solve

    def slow(self: Scenarios, *args: object) -> object:
        interrupted = args[-1]
        if args[2] != "slow":
            return real(self, *args)  # type: ignore[arg-type]
        begun.set()
        while not interrupted():  # type: ignore[operator]
            time.sleep(0.01)
        ended.set()
        raise kept.Unfit("cancelled")

    monkeypatch.setattr(Scenarios, "solve", slow)

    def leave() -> None:
        with client() as http, http.stream("POST", live.root + "solve", json={"base": live.base, "name": "slow"}):
            begun.wait(30)

    leaving = threading.Thread(target=leave)
    leaving.start()
    assert begun.wait(30)
    assert "scenario" in last_event(live, {"base": live.base, "name": "other"})
    leaving.join(30)
    assert ended.wait(30)


def test_the_page_in_a_browser(live: Live) -> None:
    with opened(live.root, offline=False) as found:
        page = found.page
        page.wait_for_selector("body[data-figures]", timeout=60_000)
        assert page.is_visible("#scenario")
        page.locator("#aims input[type=range]").nth(0).focus()
        page.keyboard.press("End")
        page.fill("#seconds", "30")
        page.click("#solve")
        page.wait_for_selector("#solve:not([disabled])", timeout=60_000)
        assert "proved" in page.inner_text("#answer")
        address = page.locator("#figures option[value^='budgets/']").first.get_attribute("value")
        page.fill("#figure", address)
        settle(page)
        value = float(page.input_value("#figure-value"))
        page.fill("#figure-value", str(value * 1.5))
        page.locator("#change button").click()
        assert address in page.inner_text("#changes")
        page.fill("#scenario-name", "half more <b>money</b>")
        page.click("#again")
        page.wait_for_selector("body[data-scenario]", timeout=120_000)
        assert "half more <b>money</b>" in page.inner_text("#beside")
        page.locator("#beside a").nth(1).click()
        page.wait_for_selector("body[data-figures]", timeout=60_000)
        assert "half more" in page.inner_text("#beside")
        assert not found.errors
        assert all(live.host in url or url.startswith(("blob:", "data:")) for url in found.requests)
