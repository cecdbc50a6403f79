"""Looks at a case under way: who typed number and PIN has one, by a secret that is kept only as its hash."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass

from redis.asyncio import Redis

from queue_core.domain.principal import fingerprint
from queue_core.real_clock import real_ms
from queue_core.store.away import store_errors
from queue_core.store.credentials import new_secret
from queue_core.store.keys import case_view


@dataclass(frozen=True, slots=True)
class CaseView:
    """`pin` is the keyed hash that was right then: with a new PIN the look ends."""

    key: str
    pin: str
    until_ms: int


class CaseViews:
    """`idle_s`: without being looked at again it ends after so long; `longest_s`: in any case."""

    def __init__(self, client: Redis, idle_s: int, longest_s: int, now: Callable[[], int] = real_ms) -> None:
        self._client, self._idle_s, self._longest_s, self._now = client, idle_s, longest_s, now

    async def begin(self, key: str, pin: str) -> str:
        """Its secret: the only way to it."""
        secret = new_secret()
        record = asdict(CaseView(key, pin, self._now() + 1000 * self._longest_s))
        async with store_errors():
            await self._client.set(case_view(fingerprint(secret)), json.dumps(record), ex=self._idle_s)
        return secret

    async def find(self, secret: str, *, renewed: bool) -> tuple[CaseView, int] | None:
        """The look and for how many milliseconds it stays so; `renewed`: somebody has asked for it again."""
        key = case_view(fingerprint(secret))
        async with store_errors(), self._client.pipeline(transaction=True) as pipe:
            pipe.getex(key, ex=self._idle_s) if renewed else pipe.get(key)
            pipe.pttl(key)
            text, left_ms = await pipe.execute()
        view = CaseView(**json.loads(text)) if text else None
        if view is None or view.until_ms <= self._now():
            return None
        return view, min(int(left_ms), view.until_ms - self._now())

    async def end(self, secret: str) -> None:
        async with store_errors():
            await self._client.delete(case_view(fingerprint(secret)))
