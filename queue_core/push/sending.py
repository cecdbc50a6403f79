"""Sends what waits for phones. A push service in trouble is asked again, but not for long: a call is news."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

import httpx

from queue_core.push.endpoints import NotPublic, public_address, service_of
from queue_core.real_clock import real_ms
from queue_core.store.case_phones import CasePhones
from queue_core.store.push import CASE_LETTERS_KEPT_S, PushLetter, PushStore

log = logging.getLogger(__name__)

SEND_WITHIN_S = 5.0
#: So that the others do not wait for those whose services keep us waiting.
_AT_ONCE = 50
#: Later than that nobody is told of a call.
NEWS_FOR_S = 300
PAUSES_MS = (5_000, 15_000, 60_000)
#: An application has time.
CASE_PAUSES_MS = (*PAUSES_MS, 600_000, 3_600_000, 6 * 3_600_000, 24 * 3_600_000)
_GONE = frozenset({404, 410})
_AGAIN = frozenset({408, 429})

Seal = Callable[[bytes, str, str], bytes]
Authorize = Callable[[str, int], str]


class Post:
    """`authorize` makes the header for an endpoint at a time (UTC seconds). `loopback`: for tests. `within_s`: for one
    letter, however slowly its service talks."""

    def __init__(
        self,
        store: PushStore,
        cases: CasePhones,
        seal: Seal,
        authorize: Authorize,
        *,
        loopback: bool = False,
        now: Callable[[], int] = real_ms,
        within_s: float = SEND_WITHIN_S,
    ) -> None:
        self._store, self._seal, self._authorize, self._loopback, self._now = store, seal, authorize, loopback, now
        self._cases = cases
        self._within_s = within_s

    async def send(self) -> None:
        """All that is due. Whoever dies while sending has sent it: told twice is worse than told by the page alone."""
        due = [letter for letter in await self._store.letters() if letter.due_ms <= self._now()]
        async with httpx.AsyncClient(timeout=self._within_s, follow_redirects=False, trust_env=False) as http:
            for first in range(0, len(due), _AT_ONCE):
                await asyncio.gather(*(self._deliver(http, letter) for letter in due[first : first + _AT_ONCE]))

    async def _deliver(self, http: httpx.AsyncClient, letter: PushLetter) -> None:
        if not await self._store.take(letter.id):
            return
        is_old = self._now() > letter.at_ms + 1000 * _news_for_s(letter)
        if is_old or not await self._is_wanted(letter):
            return
        try:
            async with asyncio.timeout(self._within_s):
                status = await self._posted(http, letter)
        except (NotPublic, httpx.InvalidURL, UnicodeError) as e:
            log.warning("a phone is not told: its push service %s", e)
            await self._forget(letter)
        except (httpx.HTTPError, OSError) as e:
            await self._later(letter, type(e).__name__)
        else:
            await self._heed(letter, status)

    async def _heed(self, letter: PushLetter, status: int) -> None:
        if status in _GONE:
            await self._forget(letter)
        elif status in _AGAIN or status >= 500:
            await self._later(letter, str(status))
        elif not 200 <= status < 300:
            log.warning("a push service did not take a message: %d", status)

    async def _is_wanted(self, letter: PushLetter) -> bool:
        if letter.case:
            return letter.phone.id in {phone.id for phone in await self._cases.of(letter.case)}
        return await self._store.has(letter.zone, letter.ticket, letter.phone.id)

    async def _forget(self, letter: PushLetter) -> None:
        if letter.case:
            await self._cases.remove(letter.case, letter.phone.id)
        else:
            await self._store.remove(letter.zone, letter.ticket, letter.phone.id)

    async def _later(self, letter: PushLetter, fault: str) -> None:
        pauses_ms = CASE_PAUSES_MS if letter.case else PAUSES_MS
        if letter.tries >= len(pauses_ms):
            log.warning("a push service did not take a message: %s; given up", fault)
            return
        due_ms = self._now() + pauses_ms[letter.tries]
        await self._store.put(replace(letter, due_ms=due_ms, tries=letter.tries + 1))

    async def _posted(self, http: httpx.AsyncClient, letter: PushLetter) -> int:
        """Connects to the address that was looked up and found public, in the name of the service. Of what it answers
        the status alone is read: whoever has a ticket names the service, and it may talk for ever."""
        phone = letter.phone
        service = service_of(phone.endpoint, loopback=self._loopback)
        address = await public_address(service)
        url = httpx.URL(phone.endpoint).copy_with(host=address)
        headers = {
            "Host": urlsplit(phone.endpoint).netloc,
            "Authorization": self._authorize(phone.endpoint, self._now() // 1000),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(_news_for_s(letter)),
            "Urgency": "normal" if letter.case else "high",
            "Topic": "wartezone-news" if letter.case else "wartezone",
        }
        content = self._seal(letter.payload.encode(), phone.key, phone.auth)
        name = {"sni_hostname": service.host}
        async with http.stream("POST", url, content=content, headers=headers, extensions=name) as answer:
            return answer.status_code


def _news_for_s(letter: PushLetter) -> int:
    return CASE_LETTERS_KEPT_S if letter.case else NEWS_FOR_S
