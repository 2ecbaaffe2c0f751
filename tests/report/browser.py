"""A browser for tests: headless, without a network, with an ear for errors and requests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from benchmarks.page import FLAGS, chromium

WAY_OUT = "pip install -e '.[test]' and, as root, apt-get install chromium"


@dataclass
class Opened:
    """A page with what went wrong in it and what it asked the network for."""

    page: Any
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


def browser_path() -> str:
    """Where the browser is; skips the test where there is none."""
    pytest.importorskip("playwright", reason=f"needs playwright and a browser: {WAY_OUT}")
    if (found := chromium()) is None:
        pytest.skip(f"needs a browser: {WAY_OUT}")
    return found


@contextmanager
def opened(address: Path | str, *, width: int = 1366, height: int = 768, offline: bool = True) -> Iterator[Opened]:
    """The page at ``address``, drawn to the end."""
    path = browser_path()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=list(FLAGS))
        try:
            context = browser.new_context(viewport={"width": width, "height": height})
            context.set_offline(offline)
            found = Opened(context.new_page())
            found.page.on("console", lambda m: found.errors.append(m.text) if m.type in {"error", "warning"} else None)
            found.page.on("pageerror", lambda error: found.errors.append(str(error)))
            found.page.on("request", lambda request: found.requests.append(request.url))
            found.page.goto(address.as_uri() if isinstance(address, Path) else address)
            found.page.wait_for_selector("body[data-ready]", timeout=60_000)
            settle(found.page)
            yield found
        finally:
            browser.close()


def settle(page: Any) -> None:
    """Wait until what was changed is drawn."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))")
