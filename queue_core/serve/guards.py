"""Deadlines of the HTTP server: a client that dawdles over its request must not hold a connection for ever."""

import asyncio
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from queue_core.live.sse import TAKEOVER
from queue_core.web.turns import HAS_GONE

#: From the connection, or the last answer, to the end of a request's headers and body.
REQUEST_WITHIN_S = 15.0
#: Bytes of one request's headers; more is an attack or a mistake.
HEADERS_MOST = 64 * 1024
#: What a header costs beside its letters, as HTTP/2 counts it: thousands of tiny ones are work for everybody behind.
HEADER_COSTS = 32
#: Requests that wait behind the one that is answered; browsers and proxies send none. Each costs kilobytes.
PIPELINED_MOST = 16


class Excess(Exception):
    """Raised into the parser, which then goes no further."""


class GuardedHttpProtocol(HttpToolsProtocol):
    """uvicorn leaves slow headers, silent connections and slow bodies open for ever; this closes them. Nor does it
    bound how many requests wait behind one another: some megabytes of them hold everybody up for seconds.

    It also takes trailers for headers, past whatever a proxy has checked, and hands a connection over to a stream while
    it still writes an earlier answer into it.

    Streams get their connection from here: WebSocket by the upgrade, with the request as it was read; server-sent
    events by an extension of ASGI (`queue_core.live.sse.Takeable`). Nothing of this object is left then.
    """

    request_within_s = REQUEST_WITHIN_S
    _deadline: asyncio.TimerHandle | None = None
    _header_bytes = 0
    _in_headers = True
    _endless: RequestResponseCycle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._expect_request()

    def connection_lost(self, exc: Exception | None) -> None:
        self._request_arrived()
        super().connection_lost(exc)
        self._let_go()

    def on_message_begin(self) -> None:
        if len(self.pipeline) >= PIPELINED_MOST:
            raise Excess
        self._header_bytes = 0
        self._in_headers = True
        if self._deadline is None:
            self._expect_request()
        super().on_message_begin()
        self.scope["extensions"] = {TAKEOVER: cast(Any, self), HAS_GONE: cast(Any, self.has_gone)}

    def has_gone(self) -> bool:
        return self.transport.is_closing()

    def on_url(self, url: bytes) -> None:
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._count(len(name) + len(value) + HEADER_COSTS)
        if self._in_headers:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._in_headers = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._request_arrived()
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        self._request_arrived()
        if self.cycle is not None and not self.cycle.response_complete:
            self.transport.abort()
            return
        if self.scope["method"] != "GET" or self.scope["http_version"] != "1.1":
            self.send_400_response("A stream is asked for by GET and HTTP/1.1.")
            return
        make = cast(Any, self.ws_protocol_class)
        stream = make(config=self.config, server_state=self.server_state, app_state=self.app_state)
        target, headers = self.url.decode("ascii"), self.headers
        self._become(stream)
        stream.upgraded(target, [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers])

    # What `queue_core.live.sse.Takeable` promises

    def answer_until_close(self) -> bool:
        if self.cycle is None or self.pipeline:
            return False
        self._endless = self.cycle
        self._endless.chunked_encoding = False
        return True

    def hand_over(self, heir: asyncio.Protocol) -> bool:
        if self._endless is None or self.transport.is_closing():
            return False
        self._endless.response_complete = True
        self._request_arrived()
        self.flow.resume_reading()
        self._become(heir)
        return True

    def _become(self, heir: asyncio.Protocol) -> None:
        self._unset_keepalive_if_required()
        self.connections.discard(self)
        transport = self.transport
        self._let_go()
        transport.set_protocol(heir)
        heir.connection_made(transport)

    def _let_go(self) -> None:
        """Each of these leads back here: without them the object is gone at once, not at the next collection."""
        self.parser = self.scope = self.cycle = self._endless = None  # type: ignore[assignment]

    def _expect_request(self) -> None:
        self._deadline = self.loop.call_later(self.request_within_s, self._give_up)

    def _request_arrived(self) -> None:
        if self._deadline:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        self._deadline = None
        if not self.transport.is_closing():
            self.transport.abort()

    def _count(self, more: int) -> None:
        self._header_bytes += more
        if self._header_bytes > HEADERS_MOST:
            self.transport.abort()
            raise Excess
