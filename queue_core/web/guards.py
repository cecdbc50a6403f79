"""What a request must pass before anybody reads it: the host it names, its size, the time it may take."""

import asyncio
import socket
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from queue_core.settings import Settings
from queue_core.web.headers import HOST
from queue_core.web.problems import Problem, store_away, too_large

_LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
_LENGTH_DIGITS_MOST = 19
_ANY_ADDRESS = frozenset({"0.0.0.0", "::"})


class KnownHost:
    """Answers 400 for a Host that is not ours: another name that leads here is a rebinding attack or a mistake.

    An IP address cannot be rebound: it is accepted where the server listens on all of them.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._hosts = Hosts(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._hosts.know(Headers(scope=scope).get("host", "")):
            problem = Problem(400, "unknown_host", "This server is not known by that name.")
            await problem.response()(scope, receive, send)
            return
        await self._app(scope, receive, send)


class Hosts:
    """The names that this server is asked for by."""

    def __init__(self, settings: Settings) -> None:
        self._names = known_names(settings)
        self._any_address = settings.host in _ANY_ADDRESS

    def know(self, host: str) -> bool:
        if not HOST.fullmatch(host):
            return False
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        return name in self._names or (self._any_address and _is_address(name))


def known_names(settings: Settings) -> frozenset[str]:
    urls = [url for url in (settings.public_url, *settings.allowed_origins) if url]
    named = {urlsplit(url).hostname or "" for url in urls}
    here = {socket.gethostname().lower(), socket.getfqdn().lower()} if not settings.loopback else set()
    return frozenset(named | here | {settings.host.lower()} | _LOOPBACK_NAMES)


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


class BodyLimit:
    """Answers 413 for a body that is too large, announced or not, before it is held in memory."""

    def __init__(self, app: ASGIApp, most_bytes: int) -> None:
        self._app = app
        self._most_bytes = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "0")
        if len(announced) > _LENGTH_DIGITS_MOST or not announced.isdecimal() or int(announced) > self._most_bytes:
            await too_large(self._most_bytes).response()(scope, receive, send)
            return
        read_bytes = 0

        async def receiving() -> Message:
            nonlocal read_bytes
            message = await receive()
            read_bytes += len(message.get("body", b""))
            if read_bytes > self._most_bytes:
                raise too_large(self._most_bytes)
            return message

        await self._app(scope, receiving, send)


class Deadline:
    """Answers 503 for a request that has not begun to be answered in time. A stream, once begun, may go on."""

    def __init__(self, app: ASGIApp, within_s: float) -> None:
        self._app = app
        self._within_s = within_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def sending(message: Message) -> None:
            nonlocal begun
            if not begun:
                begun = True
                if not timer.expired():  # else a client library has swallowed the cancellation: let it answer
                    timer.reschedule(None)
            await send(message)

        try:
            async with asyncio.timeout(self._within_s) as timer:
                await self._app(scope, receive, sending)
        except TimeoutError:
            if begun:
                raise
            await store_away().response()(scope, receive, send)
