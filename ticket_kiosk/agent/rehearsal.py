"""Speech ahead of time: what the kiosk's page says to whoever comes is fetched while the server is there, one sentence
at a time, so that headphones speak in an outage too."""

import asyncio
import time
from collections import deque
from collections.abc import Sequence

from ticket_kiosk.agent.copies import Copies, is_sound
from ticket_kiosk.agent.link import Link
from ticket_kiosk.agent.sentences import addresses

#: A page of nine languages has some 700; the numbers of a block follow, each in every language.
SENTENCES_MOST = 1_500
#: What made room for others meanwhile is fetched anew.
_AGAIN_AFTER_S = 1_800.0
#: In a row: this house does not speak, or not now.
_FAILURES_MOST = 5


class Rehearsal:
    def __init__(self, copies: Copies, link: Link) -> None:
        self._copies, self._link = copies, link
        self._missing: deque[str] = deque()
        self._looked_for: object = None
        self._looked_s = 0.0
        self._failures = 0

    async def step(self, build: str, numbers: Sequence[str]) -> None:
        """One sentence more, if any is missing of the page of this build; `numbers` are those that an outage would give
        out."""
        if not self._link.up or not (page := self._copies.page()):
            return
        if self._is_news((build, *numbers)):
            found = await asyncio.to_thread(addresses, page.content.decode(), numbers)
            self._missing = deque(url for url in found[:SENTENCES_MOST] if not self._copies.has_spoken(url))
            self._failures = 0
        if self._missing and self._failures < _FAILURES_MOST:
            await self._fetch(self._missing.popleft())

    def _is_news(self, what: object) -> bool:
        now_s = time.monotonic()
        if what == self._looked_for and now_s - self._looked_s < _AGAIN_AFTER_S:
            return False
        self._looked_for, self._looked_s = what, now_s
        return True

    async def _fetch(self, url: str) -> None:
        answer = await self._link.fetched(url)
        if answer is not None and answer.is_success and is_sound(answer):
            self._copies.speak(url, answer)
            self._failures = 0
        else:
            self._failures += 1
