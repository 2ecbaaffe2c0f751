"""Cluster: queries are answered by the workers of a Dask cluster, on other machines perhaps.

Needs the extra ``dask`` here, and growthring itself on every worker. Start workers with one thread each
(``dask worker ADDRESS --nworkers auto --nthreads 1``): a process answers one query at a time.
"""

from __future__ import annotations

import contextlib
import threading
import time
import uuid
from concurrent.futures import BrokenExecutor, CancelledError, Future
from typing import Any

from models.problem import Problem
from optimizer.engines.query import Outcome, Query
from optimizer.parallel import answer, hold, let_go

try:
    from distributed import Client, WorkerPlugin
except ImportError as error:
    raise ImportError("a cluster needs Dask, which is not installed: pip install 'growthring[dask]'") from error

__all__ = ["Cluster"]

CONNECT_SECONDS = 10
PATIENCE = 30.0
"""Seconds without any worker after which none is waited for."""
LOOK_SECONDS = 1.0
"""Seconds between two looks at who is there."""


class Cluster:
    """The workers of a Dask cluster, through ``Client.get_executor()``.

    A plugin gives the problem to every worker once, to those that join later too. Queries of a lost worker go to
    another one, by Dask itself; a query that loses worker after worker (Dask's ``allowed-failures``) is given up.

    Raises:
        OSError: there is no scheduler at ``address``, or its workers cannot load growthring.
    """

    lost: tuple[type[BaseException], ...] = (BrokenExecutor, CancelledError)

    def __init__(self, problem: Problem, address: str) -> None:
        self._key = uuid.uuid4().hex
        try:
            self._client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            raise OSError(f"no Dask scheduler answers at {address}: {error}") from error
        try:
            self._client.register_plugin(_Holder(self._key, problem), name=self._key)
        except Exception as error:
            self._client.close()
            raise OSError(f"the workers at {address} cannot load growthring; is it installed there? {error}") from error
        self._executor = self._client.get_executor(pure=False)
        self._seen = self._looked = time.monotonic()
        self._count = self._look()

    @property
    def workers(self) -> int:
        """Processes of the cluster, at least one."""
        if time.monotonic() - self._looked > LOOK_SECONDS:
            self._count = self._look()
        return max(1, self._count)

    def submit(self, query: Query) -> Future[Outcome]:
        try:
            future: Future[Outcome] = self._executor.submit(answer, self._key, query)
        except RuntimeError as error:
            raise BrokenExecutor(str(error)) from error
        return future

    def alive(self) -> bool:
        _ = self.workers
        return time.monotonic() - self._seen < PATIENCE

    def close(self) -> None:
        with contextlib.suppress(Exception):
            self._executor.shutdown(wait=False)
            if self._client.status == "running":
                self._client.unregister_worker_plugin(self._key)
        with contextlib.suppress(Exception):
            self._client.close(timeout=2)

    def _look(self) -> int:
        """How many workers there are; remembers when there was one."""
        self._looked = time.monotonic()
        count = 0
        if self._client.status == "running":
            with contextlib.suppress(Exception):
                count = len(self._client.scheduler_info(n_workers=-1)["workers"])
        if count:
            self._seen = self._looked
        return count


class _Holder(WorkerPlugin):  # type: ignore[misc]
    """Keeps the problem in a worker process from its start until the run ends, which also ends a solve under way."""

    def __init__(self, key: str, problem: Problem) -> None:
        self._key, self._problem = key, problem

    def setup(self, worker: Any) -> None:
        self._over = threading.Event()
        hold(self._key, self._problem, self._over.is_set)

    def teardown(self, worker: Any) -> None:
        self._over.set()
        let_go(self._key)
