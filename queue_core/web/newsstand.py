"""The outermost layer: answers what lies ready, before anything is parsed, routed or logged.

Whatever it does not know (another method, a query, a body, a foreign host, a document that cannot be printed now) goes
on to the application, which has the same documents on the same shelf. These answers bear no request id: they are
everybody's, and a cache would give the id of one to all.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from queue_core.domain.errors import WartezoneError
from queue_core.web.edition import Edition
from queue_core.web.guards import Hosts
from queue_core.web.headers import SecurityHeaders
from queue_core.web.problems import Problem
from queue_core.web.request_log import Metrics, tell
from queue_core.web.shelf import Address, Shelf

_READS = frozenset({"GET", "HEAD"})
_NO_BODY: Message = {"type": "http.response.body", "body": b""}


@dataclass(frozen=True, slots=True, eq=False)
class Copy:
    """An edition in the server's own words; the same objects are sent again and again."""

    edition: Edition
    etag: bytes
    whole: Message
    unchanged: Message
    body: Message


class Newsstand:
    def __init__(self, app: ASGIApp, shelf: Shelf, hosts: Hosts, security: SecurityHeaders, metrics: Metrics) -> None:
        self._app = app
        self._shelf, self._hosts, self._security, self._metrics = shelf, hosts, security, metrics
        self._copies: dict[Address, Copy] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        taken = self._taken(scope) if scope["type"] == "http" and scope["method"] in _READS else None
        if taken is None:
            await self._app(scope, receive, send)
            return
        await send(taken[0])
        await send(taken[1])

    def _taken(self, scope: Scope) -> tuple[Message, Message] | None:
        began_s = time.perf_counter()
        headers: dict[bytes, bytes] = dict(reversed(scope["headers"]))  # of two with one name the first counts
        if scope["query_string"] or b"content-length" in headers or b"transfer-encoding" in headers:
            return None
        try:
            address = self._shelf.find(scope["path"])
            if address is None or not self._hosts.know(headers.get(b"host", b"").decode("latin-1")):
                return None
            copy = self._copy(address)
        except (Problem, WartezoneError):
            return None
        sent = headers.get(b"if-none-match")
        is_known = sent is not None and (sent == copy.etag or copy.edition.is_known(sent.decode("latin-1")))
        status, start, body = (304, copy.unchanged, _NO_BODY) if is_known else (200, copy.whole, copy.body)
        took_s = time.perf_counter() - began_s
        self._metrics.count(scope["method"], address.route, status, took_s)
        tell(scope["method"], address.route, status, took_s)
        return start, _NO_BODY if scope["method"] == "HEAD" else body

    def _copy(self, address: Address) -> Copy:
        edition = address.printer()
        copy = self._copies.get(address)
        if copy is None or copy.edition is not edition:
            copy = self._copies[address] = _copied(edition, self._security)
        return copy


def _copied(edition: Edition, security: SecurityHeaders) -> Copy:
    whole = security.around(_sent(edition.headers()))
    kind = [(b"content-type", edition.media_type.encode()), (b"content-length", str(len(edition.body)).encode())]
    return Copy(
        edition,
        edition.etag.encode(),
        {"type": "http.response.start", "status": 200, "headers": kind + whole},
        {"type": "http.response.start", "status": 304, "headers": _sent(edition.renewal())},
        {"type": "http.response.body", "body": edition.body},
    )


def _sent(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]
