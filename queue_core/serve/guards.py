"""Deadlines of the HTTP server: a client that dawdles over its request must not hold a connection for ever."""

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

#: From the connection, or the last answer, to the end of a request's headers and body.
REQUEST_WITHIN_S = 15.0
#: Bytes of one request's headers; more is an attack or a mistake.
HEADERS_MOST = 64 * 1024


class GuardedHttpProtocol(HttpToolsProtocol):
    """uvicorn leaves slow headers, silent connections and slow bodies open for ever; this closes them.

    It also takes trailers for headers, past whatever a proxy has checked, and hands a connection over to a stream while
    it still writes an earlier answer into it.
    """

    request_within_s = REQUEST_WITHIN_S
    _deadline: asyncio.TimerHandle | None = None
    _header_bytes = 0
    _in_headers = True

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._expect_request()

    def connection_lost(self, exc: Exception | None) -> None:
        self._request_arrived()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        self._header_bytes = 0
        self._in_headers = True
        if self._deadline is None:
            self._expect_request()
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._count(len(name) + len(value))
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
        super().handle_websocket_upgrade()

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
