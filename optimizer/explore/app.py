"""The application: pages of scenarios, solves with progress, wishes, saved runs."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable
from fractions import Fraction
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from instances.figures import figures
from instances.schema import TABLES
from optimizer.decide.navigate import Navigator
from optimizer.explore.guard import Guard
from optimizer.explore.scenarios import Scenario, Scenarios, Unfit
from optimizer.report.page.data import page_data
from optimizer.report.page.write import page
from optimizer.report.strings import Language
from optimizer.run import json_text
from optimizer.stop import Progress

__all__ = ["create_app"]

AT_ONCE = 2
"""Solves that run at the same time; others wait their turn."""
LONGEST = 3600.0


class SolveRequest(BaseModel):
    """Body of ``POST solve``."""

    model_config = ConfigDict(extra="forbid")
    base: str
    name: str = Field("", max_length=80)
    changes: dict[str, str] = Field(default_factory=dict, max_length=50)
    seconds: float = Field(30.0, gt=0, le=LONGEST)
    guarantee: float = Field(0.0, ge=0, lt=1)


class WishRequest(BaseModel):
    """Body of ``POST wish``; figures as text in each objective's own unit."""

    model_config = ConfigDict(extra="forbid")
    base: str
    aim: dict[str, str] = Field(default_factory=dict)
    at_least: dict[str, str] = Field(default_factory=dict)
    pin: list[str] = Field(default_factory=list)
    ban: list[str] = Field(default_factory=list)
    seconds: float = Field(3.0, gt=0, le=LONGEST)


class SaveRequest(BaseModel):
    """Body of ``POST save``."""

    model_config = ConfigDict(extra="forbid")
    base: str
    name: str


def create_app(scenarios: Scenarios, token: str, hosts: tuple[str, ...], language: Language = "en") -> Guard:
    """The application behind its guard; the first scenario is the one that the address without more leads to."""
    turns = asyncio.Semaphore(AT_ONCE)

    async def home(request: Request) -> Response:
        return RedirectResponse(f"/{token}/s/{scenarios.first}")

    async def show(request: Request) -> Response:
        scenario = scenarios.get(request.path_params["key"])
        data = await run_in_threadpool(page_data, scenario.run)
        live = {"base": scenario.key, "root": f"/{token}/", "name": scenario.name, "changes": dict(scenario.changes)}
        return HTMLResponse(await run_in_threadpool(page, data | {"live": live}, language))

    async def addresses(request: Request) -> Response:
        region = scenarios.get(request.path_params["key"]).run.region
        found = [
            {"address": str(figure), "value": str(figure.value(region)), "meaning": figure.meaning}
            for table in ("policy", *TABLES)
            for figure in figures(region, table)
        ]
        return JSONResponse(found)

    async def beside(request: Request) -> Response:
        keys = request.query_params.get("keys", "").split(",")
        found = []
        for key in keys[:20]:
            try:
                found.append(scenarios.get(key).summary())
            except Unfit:
                continue
        return Response(json_text(found), media_type="application/json")

    async def solve(request: Request) -> Response:
        asked = SolveRequest.model_validate(await request.json())
        base = scenarios.get(asked.base)
        cancelled = threading.Event()
        return StreamingResponse(_solving(scenarios, base, asked, turns, cancelled), media_type="application/x-ndjson")

    async def wish(request: Request) -> Response:
        asked = WishRequest.model_validate(await request.json())
        scenario = scenarios.get(asked.base)
        async with turns:
            answer = await _unless_closed(request, lambda closed: _nearest(scenario, asked, closed))
        return Response(json_text(answer), media_type="application/json")

    async def save(request: Request) -> Response:
        asked = SaveRequest.model_validate(await request.json())
        target = await run_in_threadpool(scenarios.save, scenarios.get(asked.base), asked.name)
        return JSONResponse({"saved": target.name})

    async def unfit(request: Request, error: Exception) -> Response:
        return JSONResponse({"error": str(error)}, status_code=422)

    routes = [
        Route("/", home),
        Route("/s/{key}", show),
        Route("/figures/{key}", addresses),
        Route("/scenarios", beside),
        Route("/solve", solve, methods=["POST"]),
        Route("/wish", wish, methods=["POST"]),
        Route("/save", save, methods=["POST"]),
    ]
    handlers: dict[Any, Any] = {Unfit: unfit, ValidationError: unfit, json.JSONDecodeError: unfit}
    return Guard(Starlette(routes=routes, exception_handlers=handlers), token, hosts)


async def _solving(
    scenarios: Scenarios, base: Any, asked: SolveRequest, turns: asyncio.Semaphore, cancelled: threading.Event
) -> AsyncIterator[str]:
    """Progress line by line, then the scenario or what went wrong; ends the solve when nobody listens any more."""
    loop = asyncio.get_running_loop()
    events: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    last = 0.0

    def tell(progress: Progress) -> None:
        nonlocal last
        if progress.seconds - last >= 0.25:
            last = progress.seconds
            said = {"seconds": progress.seconds, "points": progress.points, "epsilon": progress.epsilon}
            loop.call_soon_threadsafe(events.put_nowait, {"progress": said})

    def work() -> None:
        try:
            found = scenarios.solve(
                base, asked.changes, asked.name, asked.seconds, asked.guarantee, tell, cancelled.is_set
            )
            event: dict[str, Any] = {"scenario": found.key}
        except (Unfit, ValueError) as error:
            event = {"error": str(error)}
        except Exception as error:
            event = {"error": f"{type(error).__name__}: {error}"}
        loop.call_soon_threadsafe(events.put_nowait, event)

    try:
        async with turns:
            loop.run_in_executor(None, work)
            while True:
                event = await events.get()
                yield json_text(event) + "\n"
                if "progress" not in event:
                    return
    finally:
        cancelled.set()


async def _unless_closed(request: Request, work: Any) -> Any:
    """``work(closed)`` in a thread; ``closed()`` is true as soon as the browser has gone."""
    gone = threading.Event()
    task = asyncio.ensure_future(run_in_threadpool(work, gone.is_set))
    while not task.done():
        await asyncio.wait({task}, timeout=0.2)
        if await request.is_disconnected():
            gone.set()
    return task.result()


def _nearest(scenario: Scenario, asked: WishRequest, closed: Callable[[], bool]) -> dict[str, Any]:
    """The wish, answered by :class:`.Navigator`; the point in minimised quanta, as the page's own solver gives it."""
    run, problem = scenario.run, scenario.problem
    navigator = Navigator(run.region, run.listing, problem=problem, interrupted=closed)
    try:
        answer = navigator.ask(
            _exact(asked.aim), at_least=_exact(asked.at_least), pin=asked.pin, ban=asked.ban, seconds=asked.seconds
        )
    except ValueError as error:
        raise Unfit(str(error)) from error
    if answer.clash is not None:
        return {"infeasible": True}
    if answer.place is None:
        return {"proved": False}
    plan, values = answer.place.plan, answer.place.values
    return {
        "y": [int(objective.minimised(values[objective.name])) for objective in problem.objectives],
        "chosen": [plan.get(decision.project) == decision.period for decision in problem.decisions],
        "proved": answer.nearest and answer.efficient,
    }


def _exact(figures: dict[str, str]) -> dict[str, Fraction]:
    return {name: Fraction(text) for name, text in figures.items()}
