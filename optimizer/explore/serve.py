"""Serve: the live page of a run or a region, on this machine, until somebody presses Ctrl-C."""

from __future__ import annotations

import secrets
import shutil
import socket
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from instances import read_region
from models import formulate
from optimizer.run import Options, Run, read_run, write_run
from optimizer.solver import solve
from optimizer.stop import TimeLimit

if TYPE_CHECKING:
    from optimizer.report.strings import Language

__all__ = ["MissingServer", "serve"]


class MissingServer(RuntimeError):
    """The web server is not installed."""

    def __init__(self) -> None:
        super().__init__("the live page needs its server: pip install 'growthring[explore]'")


def serve(
    source: str,
    *,
    host: str,
    port: int,
    seconds: float,
    runs: Path,
    language: Language,
    ready: Callable[[str], None],
) -> None:
    """Serve ``source``, a run folder or a region that is solved for ``seconds`` first; ``ready`` gets the address.

    Raises ``FileNotFoundError`` if there is neither, ``ValueError`` if no portfolio is found, :class:`MissingServer`.
    """
    try:
        import uvicorn

        from optimizer.explore.app import create_app
        from optimizer.explore.scenarios import Scenarios
    except ImportError as error:
        raise MissingServer from error
    work = Path(tempfile.mkdtemp(prefix="growthring-explore-"))
    try:
        run = _run(source, work / "first", seconds)
        if not len(run.listing):
            raise ValueError(f"{source}: {run.certificate.in_words()}")
        scenarios = Scenarios(work, runs)
        scenarios.add(run.region.settings.title or run.region.name, {}, run)
        token = secrets.token_urlsafe(24)
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as listening:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind((host, port))
            port = listening.getsockname()[1]
            shown = f"[{host}]" if ":" in host else host
            hosts = (f"{shown}:{port}", f"localhost:{port}")
            app = create_app(scenarios, token, hosts, language)
            config = uvicorn.Config(app, log_level="warning", lifespan="off", server_header=False, access_log=False)
            ready(f"http://{shown}:{port}/{token}/")
            uvicorn.Server(config).run(sockets=[listening])
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _run(source: str, folder: Path, seconds: float) -> Run:
    if (Path(source) / "manifest.json").is_file():
        return read_run(source)
    region = read_region(source)
    problem = formulate(region)
    front = solve(problem, stop=TimeLimit(seconds))
    options = Options(tuple(o.name for o in problem.objectives), time_limit=seconds)
    return read_run(write_run(folder, region, front, options))
