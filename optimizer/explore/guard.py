"""Guard: who may ask, from where, and how much. Everything that is not plainly allowed is refused."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse

__all__ = ["LARGEST", "Guard"]

LARGEST = 64 * 1024
"""Bytes of a request's body."""

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

HEADERS = (
    (b"cache-control", b"no-store"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-resource-policy", b"same-origin"),
)


class Guard:
    """Lets a request through to ``app`` if its ``Host`` is one of ``hosts``, its ``Origin`` (where there is one) is the
    page's own, its address begins with the secret ``token``, and its body is not larger than :data:`LARGEST`.

    A page of another site can neither read nor write anything: it does not know the token, and a browser tells its
    origin. Names that point to this machine from outside (DNS rebinding) fail by their host.
    """

    def __init__(self, app: App, token: str, hosts: tuple[str, ...]) -> None:
        self.app, self.token, self.hosts = app, token, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if refusal := self._refusal(scope):
            await PlainTextResponse(refusal[1], status_code=refusal[0])(scope, receive, send)
            return
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > LARGEST:
                raise HTTPException(413, f"more than {LARGEST} bytes")
            return message

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *HEADERS]
            await send(message)

        scope["path"] = scope["path"][len(self.token) + 1 :]
        await self.app(scope, counted, guarded)

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        host = headers.get(b"host", "")
        if host not in self.hosts:
            return 403, "this page answers to its own address only"
        if (origin := headers.get(b"origin")) is not None and origin not in {f"http://{name}" for name in self.hosts}:
            return 403, "requests from other sites are refused"
        if headers.get(b"sec-fetch-site", "none") not in {"none", "same-origin"}:
            return 403, "requests from other sites are refused"
        given = scope["path"].split("/", 2)[1]
        if not hmac.compare_digest(given.encode(), self.token.encode()):
            return 403, "the address lacks its token: use the one that growthring explore printed"
        if int(headers.get(b"content-length", "0") or 0) > LARGEST:
            return 413, f"more than {LARGEST} bytes"
        return None
