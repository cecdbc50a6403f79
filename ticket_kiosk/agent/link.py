"""The server as the agent reaches it: who answers within a moment is up, who has not for some seconds is away."""

import asyncio
import logging
import ssl
import time
from collections.abc import Callable, Mapping
from typing import Any

import httpx
import orjson

from queue_core.real_clock import real_ms
from ticket_kiosk import AGENT_HEADER

log = logging.getLogger(__name__)

#: Nobody has answered for so long: nobody is asked any more before he shows himself.
AWAY_AFTER_S = 4.0
#: For one answer; the server itself gives up on its store within 5 s.
ANSWER_WITHIN_S = 5.0
_READY = "/readyz"
_READY_WITHIN_S = 2.0
_SERVER_FAULT = 500
#: What was asked did not arrive whole.
_NOT_ARRIVED = 408
_UNREACHABLE = (httpx.TransportError, OSError)
_JSON = ("application/json", "application/problem+json")

Changed = Callable[[], None]


class Link:
    """`up` is False until the first answer. Times are real UTC milliseconds; how long nobody has answered is measured
    by a clock that nobody sets."""

    def __init__(
        self,
        server: str,
        token: str,
        changed: Changed = lambda: None,
        away_after_s: float = AWAY_AFTER_S,
        trusts: ssl.SSLContext | None = None,
    ) -> None:
        """`trusts`: instead of the authorities that everybody trusts."""
        known = {"Authorization": f"Bearer {token}"} if token else {}
        headers = {"Accept-Encoding": "identity", AGENT_HEADER: "1", **known}
        self.client = httpx.AsyncClient(
            base_url=server, headers=headers, timeout=ANSWER_WITHIN_S, trust_env=False, verify=trusts or True
        )
        self.up = False
        self.since_ms = real_ms()
        self._failing_since_s: float | None = None
        self._changed, self._away_after_s = changed, away_after_s

    async def ask(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        json: Any = None,
        within_s: float = ANSWER_WITHIN_S,
        raw: bool = False,
    ) -> httpx.Response | None:
        """None when nobody answers, somebody else does (a proxy, a hotspot's sign-in page), or the server says that it
        cannot: what was asked may have happened. The server answers in JSON; `raw` is for pages, files and sounds."""
        began_s = time.monotonic()
        try:
            async with asyncio.timeout(within_s):
                answer = await self.client.request(
                    method, path, params=params, headers=headers, content=content, json=json
                )
        except (TimeoutError, *_UNREACHABLE) as e:
            self.failed(repr(e), began_s)
            return None
        cannot = answer.status_code >= _SERVER_FAULT or answer.status_code == _NOT_ARRIVED
        if cannot or not (raw or _is_json(answer)):
            self.failed(f"status {answer.status_code} {answer.headers.get('content-type', '')}", began_s)
            return None
        if not raw:
            self.heard()
        return answer

    async def opened(self, path: str, query: str, headers: Mapping[str, str]) -> httpx.Response | None:
        """A stream, its body unread; the caller closes it. Silence longer than an answer's is its end."""
        url = httpx.URL(path, query=query.encode())
        try:
            return await self.client.send(self.client.build_request("GET", url, headers=headers), stream=True)
        except _UNREACHABLE:
            return None

    async def fetched(self, url: str) -> httpx.Response | None:
        """What no visitor waits for: whether it comes says nothing of the server."""
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                return await self.client.get(url)
        except (TimeoutError, *_UNREACHABLE):
            return None

    async def probe(self) -> bool:
        """Whether the server could draw a ticket now."""
        return await self.ask("GET", _READY, within_s=_READY_WITHIN_S) is not None

    def heard(self) -> None:
        self._failing_since_s = None
        if not self.up:
            log.info("the server is there")
            self._turn(True)

    def failed(self, why: str, began_s: float) -> None:
        """Nobody answered what was asked at `began_s`."""
        self._failing_since_s = self._failing_since_s or began_s
        if self.up and time.monotonic() - self._failing_since_s >= self._away_after_s:
            log.warning("the server is away: %s", why)
            self._turn(False)

    async def close(self) -> None:
        await self.client.aclose()

    def _turn(self, up: bool) -> None:
        self.up, self.since_ms = up, real_ms()
        self._changed()


def _is_json(answer: httpx.Response) -> bool:
    """Whole, too: what was cut off in the middle is no answer."""
    if answer.headers.get("content-type", "").partition(";")[0] not in _JSON:
        return False
    try:
        orjson.loads(answer.content)
    except ValueError:
        return False
    return True
