"""Server-sent events: the frames of a channel as one endless answer, without a web framework."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

from queue_core.domain.errors import StoreAway, UnknownZone
from queue_core.domain.model import TicketId, ZoneId
from queue_core.domain.views.view import View
from queue_core.live.access import ClientIp
from queue_core.live.client import Host, Stopping
from queue_core.live.frames import Frame, Position
from queue_core.live.handshake import RETRY_AFTER_S, merged
from queue_core.live.limits import TooMany

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]


class SseClient:
    """Frames wait here until the transport takes them; more than the limit, and a snapshot replaces them."""

    credential = ""
    rendered = None

    def __init__(self, host: Host) -> None:
        self._host = host
        self._waiting: deque[bytes] = deque()
        self._bytes = 0
        self._lags = False
        self._ended = False
        self._wake = asyncio.Event()

    def write(self, frame: Frame) -> bool:
        if self._bytes > self._host.limits.write_limit_bytes:
            self._lags = True
            return False
        self._waiting.append(frame.sse)
        self._bytes += len(frame.sse)
        self._wake.set()
        return True

    def end(self, code: int, reason: str, retry_ms: int | None = None) -> None:  # noqa: ARG002 (no close code here)
        self._ended = True
        self._wake.set()

    async def next(self) -> bytes:
        """What waits, at once; b"" at the end."""
        if not self._waiting and self._lags:
            self._lags = False
            self._host.caught_up(self)
        while not (self._waiting or self._ended):
            self._wake.clear()
            await self._wake.wait()
        if self._ended:
            return b""
        data = b"".join(self._waiting)
        self._waiting.clear()
        self._bytes = 0
        return data


class SseStream:
    """One request's answer, an ASGI application. `view` is for everybody, or `own` with its ticket: whoever routes
    here has checked the link. The position to resume from is `last_event_id`, or the query's epoch and seq."""

    def __init__(
        self,
        host: Host,
        zone: ZoneId,
        view: View,
        ticket: TicketId | None,
        last_event_id: str | None,
        client_ip: ClientIp,
    ) -> None:
        self._host, self._zone, self._view, self._ticket = host, zone, view, ticket
        self._last_event_id = last_event_id
        self._client_ip = client_ip

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        headers = merged((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])
        ip = self._client_ip(headers, (scope.get("client") or ("", 0))[0])
        try:
            self._host.require(self._zone)
            self._host.seats.take(ip)
        except UnknownZone:
            await _refuse(send, 404)
        except TooMany as e:
            await _refuse(send, 429 if e.own else 503)
        except (Stopping, StoreAway):
            await _refuse(send, 503)
        else:
            try:
                await self._serve(scope, receive, send)
            finally:
                self._host.seats.give_back(ip)

    async def _serve(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        client = SseClient(self._host)
        since = position(self._last_event_id, scope.get("query_string", b""))
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        watch = asyncio.create_task(_until_gone(receive, client))
        try:
            if self._ticket:
                await self._host.recall(self._zone, self._ticket)
            self._host.join(client, self._zone, self._view, self._ticket, since)
            await self._pass_on(client, send)
        except (Stopping, StoreAway):
            await send({"type": "http.response.body", "body": b""})
        finally:
            self._host.leave(client)
            watch.cancel()
            await asyncio.wait([watch])

    async def _pass_on(self, client: SseClient, send: Send) -> None:
        while data := await client.next():
            try:
                async with asyncio.timeout(self._host.limits.lag_most_s):
                    await send({"type": "http.response.body", "body": data, "more_body": True})
            except TimeoutError:
                # It takes nothing any more: an unfinished answer makes the server close the connection.
                return
        await send({"type": "http.response.body", "body": b""})


def position(last_event_id: str | None, query: bytes) -> Position | None:
    """Where a client wants to go on; None for one that makes no sense, so that it gets a snapshot."""
    asked = parse_qs(query.decode("latin-1"))
    text = last_event_id or "-".join(asked.get("epoch", []) + asked.get("seq", []))
    try:
        return Position.parse(text) if text else None
    except ValueError:
        return None


async def _until_gone(receive: Receive, client: SseClient) -> None:
    """Also whose request cannot be read on, such as one with an endless body, is gone."""
    try:
        while (await receive())["type"] != "http.disconnect":
            pass
    finally:
        client.end(0, "gone")


async def _refuse(send: Send, status: int) -> None:
    headers = [
        (b"content-length", b"0"),
        *([(b"retry-after", str(RETRY_AFTER_S).encode())] if status in (429, 503) else []),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
