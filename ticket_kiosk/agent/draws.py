"""Drawing a ticket through the agent: the server's while it answers, one of ours while it is away.

A draw has its key before anybody is asked. While nobody is sure whether the server has heard it, the same key is asked
again; once a number of ours is given, that key is this number's for good: it travels with the upload, and the server
takes back whatever it may have drawn for it (ticket_kiosk/uploading.py, docs/decisions/0025-kiosk-agent.md).
"""

import asyncio
import logging
from dataclasses import dataclass
from typing import Any
from weakref import WeakValueDictionary

import httpx

from queue_core.real_clock import real_ms
from queue_core.web.problems import OUT_OF_SERVICE
from queue_core.web.reading import KEY_HEADER
from queue_core.web.words import languages, translations
from ticket_kiosk import PACKAGE
from ticket_kiosk.agent.ledger import Draw, Kind, Ledger
from ticket_kiosk.agent.link import Link
from ticket_kiosk.agent.numbers import Numbers
from ticket_kiosk.agent.papers import records_of
from ticket_kiosk.agent.place import Place
from ticket_kiosk.receipt import receipt

log = logging.getLogger(__name__)

_PAUSE_S = 0.25
NO_NUMBERS = "no_numbers_left"


class KeyReused(Exception):
    """The key was sent before, with another request."""


class Refused(Exception):
    """While the server is away: `code` as its own refusals have it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page sent; `path` and `language` as in its address."""

    path: str
    language: str
    body: dict[str, Any]

    def to_json(self) -> dict[str, Any]:
        return {"path": self.path, "language": self.language, "body": self.body}


class Draws:
    def __init__(self, ledger: Ledger, link: Link, numbers: Numbers, printer: Any) -> None:
        """`printer` says which one is configured now: its texts stand on the paper."""
        self._ledger, self._link, self._numbers, self._printer = ledger, link, numbers, printer
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self.place: Place | None = None

    async def draw(self, key: str, asked: Asked) -> dict[str, Any] | httpx.Response:
        """The ticket, the same one for the same key; or the server's refusal. Raises `KeyReused`, `Refused`."""
        turn = self._turns.setdefault(key, asyncio.Lock())
        async with turn:
            return await self._draw(key, asked)

    async def _draw(self, key: str, asked: Asked) -> dict[str, Any] | httpx.Response:
        known = self._ledger.draws.get(key)
        if known is None:
            self._ledger.note({"kind": Kind.ASKED, "of": key, "asked": asked.to_json()}, now_ms=real_ms())
        elif known.asked["body"] != asked.body or known.asked["path"] != asked.path:
            raise KeyReused
        elif known.answer is not None:
            return known.answer
        answer = await self._from_server(key, asked)
        if answer is None:
            return self._lend(self._ledger.draws[key])
        if not answer.is_success:
            return answer
        told: dict[str, Any] = answer.json()
        try:
            self._ledger.note({"kind": Kind.DRAWN, "of": key, "answer": told}, now_ms=real_ms())
        except OSError:  # the server knows it, and tells the same once more where the key comes again
            log.exception("a ticket of the server's cannot be noted")
        return told

    async def _from_server(self, key: str, asked: Asked) -> httpx.Response | None:
        """None once the server is away. Until then the same key is asked again and again: it may have been heard."""
        while self._link.up:
            answer = await self._link.ask(
                "POST", asked.path, params={"lang": asked.language}, headers={KEY_HEADER: key}, json=asked.body
            )
            if answer is not None:
                return answer
            if self._link.up:
                await asyncio.sleep(_PAUSE_S)
        return None

    def _lend(self, draw: Draw) -> dict[str, Any]:
        """Journaled with the number, before anybody sees it. Nobody came before the server was heard last, by its own
        clock: whatever ours says."""
        place, body = self.place, draw.asked["body"]
        if place is None or body.get("zone") not in (None, place.zone.id):
            raise Refused(NO_NUMBERS)
        if place.is_out_of_service:
            raise Refused(OUT_OF_SERVICE)
        taken = self._numbers.take(place)
        if taken is None:
            raise Refused(NO_NUMBERS)
        if refusal := place.refusal(body["service"]):
            raise Refused(refusal)
        block, n = taken
        outage_ms = int(place.told["now_ms"])
        claimed_ms = max(place.now_ms(draw.at_ms), outage_ms)
        answer = self._ticket(place, draw, block.number(n), claimed_ms)
        lent = {"series": block.series, "n": n, "claimed_ms": claimed_ms, "outage_ms": outage_ms, "zone": block.zone}
        self._ledger.note(
            {"kind": Kind.USED, "of": block.id, "n": n},
            {"kind": Kind.LENT, "of": draw.key, "answer": answer, "lent": lent},
            now_ms=real_ms(),
        )
        log.info("number %s is given out without the server", answer["number"])
        return answer

    def _ticket(self, place: Place, draw: Draw, number: str, claimed_ms: int) -> dict[str, Any]:
        body, language = draw.asked["body"], draw.asked["language"]
        ticket = {
            "number": number,
            "service": body["service"],
            "further": body.get("further", []),
            "issued_ms": claimed_ms,
            "wait": None,
            "reason": None,
            "ahead": None,
            "not_before_ms": 0,
            "url": None,
            "qr": None,
            "zone": place.zone.id,
            "emergency": True,
        }
        spoken = language if language in languages(PACKAGE) else languages(PACKAGE)[0]
        lines = receipt(ticket, place.zone, translations(PACKAGE, spoken), spoken, self._printer())
        return {**ticket, "receipt": records_of(lines)}
