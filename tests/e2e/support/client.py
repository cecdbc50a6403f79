"""A good client of the HTTP API: it repeats a command with the same key until it has an answer."""

import asyncio
import itertools
import json
import secrets
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

#: No answer may take longer: 5 s are promised, and this machine is busy.
ANSWER_WITHIN_S = 7.0
#: A command that is not settled by then never will be.
SETTLED_WITHIN_S = 40.0
AGAIN_AFTER_S = 0.05
LONGEST_PAUSE_S = 0.3
AWAY = httpx.codes.SERVICE_UNAVAILABLE
BUSY = httpx.codes.TOO_MANY_REQUESTS
#: A server that stands still for seconds has not read the body.
NOT_ARRIVED = httpx.codes.REQUEST_TIMEOUT


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes
    headers: Mapping[str, str]
    took_s: float

    @property
    def json(self) -> dict[str, Any]:
        parsed: dict[str, Any] = json.loads(self.body)
        return parsed


@dataclass(slots=True)
class Tally:
    """How commands fared, over all clients."""

    answered: int = 0
    away: int = 0
    lost: int = 0
    slowest_s: float = 0.0
    last_begun: float = 0.0
    faults: list[str] = field(default_factory=list)


class Client:
    def __init__(self, http: httpx.AsyncClient, zone: str, token: str, tally: Tally) -> None:
        self._http = http
        self._zone = f"/api/v1/zones/{zone}"
        self._headers = {"Authorization": f"Bearer {token}"}
        self._tally = tally
        self._keys = (f"{secrets.token_hex(6)}-{n}" for n in itertools.count())

    def key(self) -> str:
        return next(self._keys)

    async def get(self, path: str) -> httpx.Response:
        return await self._http.get(f"{self._zone}{path}", headers=self._headers)

    async def once(self, path: str, body: Mapping[str, Any], key: str) -> Answer:
        """One attempt; raises httpx.TransportError where the answer is lost."""
        begun = time.monotonic()
        headers = {**self._headers, "Idempotency-Key": key}
        reply = await self._http.post(f"{self._zone}{path}", json=body, headers=headers)
        return Answer(reply.status_code, reply.content, reply.headers, time.monotonic() - begun)

    async def settle(self, path: str, body: Mapping[str, Any] | None = None, key: str = "") -> Answer:
        """Repeats until there is an answer that another attempt would not change."""
        key = key or self.key()
        deadline = time.monotonic() + SETTLED_WITHIN_S
        while time.monotonic() < deadline:
            begun = time.monotonic()
            pause_s = AGAIN_AFTER_S
            try:
                answer = await self.once(path, body or {}, key)
            except httpx.ReadTimeout:
                self._tally.faults.append(f"{path} hung for {ANSWER_WITHIN_S} s")
            except httpx.TransportError:
                self._tally.lost += 1
            else:
                if answer.status not in (AWAY, BUSY, NOT_ARRIVED):
                    return self._settled(path, answer, begun)
                pause_s = self._told_to_wait_s(path, answer)
            await asyncio.sleep(pause_s)
        raise AssertionError(f"{path} with key {key} was not settled within {SETTLED_WITHIN_S} s")

    def _settled(self, path: str, answer: Answer, begun: float) -> Answer:
        self._tally.answered += 1
        self._tally.slowest_s = max(self._tally.slowest_s, answer.took_s)
        self._tally.last_begun = max(self._tally.last_begun, begun)
        if answer.status >= httpx.codes.INTERNAL_SERVER_ERROR:
            self._tally.faults.append(f"{path}: {answer.status} {answer.body[:300]!r}")
        return answer

    def _told_to_wait_s(self, path: str, answer: Answer) -> float:
        self._tally.away += answer.status == AWAY
        told = answer.headers.get("Retry-After", "")
        if not told.isdigit():
            self._tally.faults.append(f"{path}: {answer.status} without Retry-After")
            return AGAIN_AFTER_S
        return min(float(told), LONGEST_PAUSE_S)


@asynccontextmanager
async def http_client(address: str) -> AsyncIterator[httpx.AsyncClient]:
    limits = httpx.Limits(max_connections=64, max_keepalive_connections=64)
    async with httpx.AsyncClient(base_url=address, timeout=ANSWER_WITHIN_S, limits=limits) as http:
        yield http
