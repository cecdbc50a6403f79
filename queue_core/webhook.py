"""The office's own address is told of alarms: signed, and repeated until it takes them.

Only the configured address is ever asked, and no redirect is followed.
"""

import hashlib
import hmac
import json
import logging
from collections.abc import Callable
from dataclasses import replace

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


class Webhook:
    def __init__(self, url: str, secret: str, outbox: Outbox, now: Callable[[], int] = real_ms) -> None:
        self._url, self._secret, self._outbox, self._now = url, secret, outbox, now

    async def tell(self) -> None:
        """Sends what is due. A letter that is not taken waits, and the later ones are tried all the same."""
        async with httpx.AsyncClient(timeout=WEBHOOK_WITHIN_S, follow_redirects=False, trust_env=False) as http:
            for waiting in await self._outbox.waiting():
                if waiting.due_ms <= self._now():
                    await self._send(http, waiting)

    async def _send(self, http: httpx.AsyncClient, waiting: Letter) -> None:
        fault = await self._fault(http, waiting)
        if not fault:
            await self._outbox.remove(waiting.id)
        elif waiting.tries >= len(PAUSES_MS):
            log.error("the webhook did not take %s: %s; given up", waiting.id, fault)
            await self._outbox.remove(waiting.id)
        else:
            log.warning("the webhook did not take %s: %s", waiting.id, fault)
            due_ms = self._now() + PAUSES_MS[waiting.tries]
            await self._outbox.put(replace(waiting, due_ms=due_ms, tries=waiting.tries + 1))

    async def _fault(self, http: httpx.AsyncClient, waiting: Letter) -> str:
        at_s = self._now() // 1000
        headers = {
            "Content-Type": "application/json",
            ID_HEADER: waiting.id,
            TIME_HEADER: str(at_s),
            SIGNATURE_HEADER: signature(self._secret, at_s, waiting),
        }
        try:
            answer = await http.post(self._url, content=waiting.body.encode(), headers=headers)
        except httpx.HTTPError as e:
            return type(e).__name__
        return "" if answer.is_success else str(answer.status_code)
