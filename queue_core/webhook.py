"""Addresses of the office's own that are told of something: signed, and repeated until they take it.

Only the configured addresses are ever asked, and no redirect is followed.
"""

import hashlib
import hmac
import json
import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Self

import httpx

from queue_core.real_clock import real_ms
from queue_core.store.outbox import Letter, Outbox
from queue_core.watch.alarming import News

log = logging.getLogger(__name__)

ID_HEADER, TIME_HEADER, SIGNATURE_HEADER = "Wartezone-Event", "Wartezone-Timestamp", "Wartezone-Signature"
WEBHOOK_WITHIN_S = 5.0
#: How long after each failure it is tried again; after the last one it is given up.
PAUSES_MS = (5_000, 15_000, 60_000, 300_000, 900_000, 1_800_000, 3_600_000, 3_600_000, 3_600_000)


def letter(news: News) -> Letter:
    """What the webhook is told; no person's name or account is in it. A counter's note stays in the house: people write
    about people there, and whatever the webhook belongs to forgets nothing when we do."""
    alarm = {name: value for name, value in news.alarm.to_json().items() if name != "note"}
    body = {"event": news.change.value, "id": news.id, "at_ms": news.at_ms, "alarm": alarm}
    return Letter(news.id, json.dumps(body), news.at_ms)


def signature(secret: str, at_s: int, letter: Letter) -> str:
    """Over time and id too, so that a recorded message cannot be sent again later or as another."""
    signed = f"{at_s}.{letter.id}.{letter.body}".encode()
    return "v1=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


class Receiver:
    """Who is told; `async with` keeps one connection for what is due together."""

    def __init__(self, url: str, secret: str, now: Callable[[], int] = real_ms) -> None:
        self._url, self._secret, self._now = url, secret, now
        self._http = httpx.AsyncClient(timeout=WEBHOOK_WITHIN_S, follow_redirects=False, trust_env=False)
        #: It did not answer once: what else is due need not wait for it, nor the jobs behind.
        self.is_away = False

    async def __aenter__(self) -> Self:
        await self._http.__aenter__()
        return self

    async def __aexit__(self, *raised: Any) -> None:
        await self._http.__aexit__(*raised)

    async def fault(self, letter: Letter) -> str:
        """Why it was not taken; empty where it was."""
        at_s = self._now() // 1000
        headers = {
            "Content-Type": "application/json",
            ID_HEADER: letter.id,
            TIME_HEADER: str(at_s),
            SIGNATURE_HEADER: signature(self._secret, at_s, letter),
        }
        try:
            answer = await self._http.post(self._url, content=letter.body.encode(), headers=headers)
        except httpx.HTTPError as e:
            self.is_away = True
            return type(e).__name__
        return "" if answer.is_success else str(answer.status_code)


class Webhook:
    """Of alarms."""

    def __init__(self, url: str, secret: str, outbox: Outbox, now: Callable[[], int] = real_ms) -> None:
        self._url, self._secret, self._outbox, self._now = url, secret, outbox, now

    async def tell(self) -> None:
        """Sends what is due. A letter that is not taken waits, and the later ones are tried all the same."""
        async with Receiver(self._url, self._secret, self._now) as receiver:
            for waiting in await self._outbox.waiting():
                if waiting.due_ms <= self._now():
                    await self._send(receiver, waiting)

    async def _send(self, receiver: Receiver, waiting: Letter) -> None:
        fault = await receiver.fault(waiting)
        if not fault:
            await self._outbox.remove(waiting.id)
        elif waiting.tries >= len(PAUSES_MS):
            log.error("the webhook did not take %s: %s; given up", waiting.id, fault)
            await self._outbox.remove(waiting.id)
        else:
            log.warning("the webhook did not take %s: %s", waiting.id, fault)
            due_ms = self._now() + PAUSES_MS[waiting.tries]
            await self._outbox.put(replace(waiting, due_ms=due_ms, tries=waiting.tries + 1))
