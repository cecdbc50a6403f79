"""Numbers given out without the server become its tickets: in their order, once each, whatever happens in between."""

import logging
from typing import Any

import httpx

from queue_core.real_clock import real_ms
from ticket_kiosk.agent.ledger import Draw, Kind, Ledger
from ticket_kiosk.agent.link import Link

log = logging.getLogger(__name__)

_AT_ONCE_MOST = 20
_WITHIN_S = 10.0
#: Said again it would be refused again: not JSON, too long, a field that this server does not know.
_UNREADABLE = frozenset({400, 413, 422})


class Uploads:
    def __init__(self, ledger: Ledger, link: Link, kiosk: str) -> None:
        self._ledger, self._link, self._path = ledger, link, f"/kiosk/{kiosk}/uploads"

    async def send(self) -> None:
        """All that the server has not heard of. What it refuses is journaled and told of: it holds up nobody else."""
        while self._link.up and (waiting := self._ledger.pending()[:_AT_ONCE_MOST]):
            if not await self._is_heard(waiting):
                return

    async def _is_heard(self, draws: list[Draw]) -> bool:
        """Whether the server has said of each what it makes of it. Of several that it cannot read only some may be
        the reason, so each is told alone."""
        uploads = {"uploads": [_told(draw) for draw in draws]}
        answer = await self._link.ask("POST", self._path, json=uploads, within_s=_WITHIN_S)
        if answer is None:
            return False
        if answer.is_success:
            for result in answer.json()["uploads"]:
                self._take(result)
            return True
        if answer.status_code not in _UNREADABLE:
            log.error("the server takes no uploads: %s %s", answer.status_code, answer.text[:200])
            return False
        if len(draws) == 1:
            told = _told(draws[0])
            self._take({"key": told["key"], "number": told["number"], "state": "refused", "code": _code(answer)})
            return True
        for draw in draws:
            if not await self._is_heard([draw]):
                return False
        return True

    def _take(self, result: dict[str, Any]) -> None:
        if result["state"] == "refused":
            log.error("number %s was refused by the server: %s", result["number"], result.get("code"))
        self._ledger.note({"kind": Kind.UPLOADED, "of": result["key"], "uploaded": result}, now_ms=real_ms())


def _told(draw: Draw) -> dict[str, Any]:
    assert draw.lent is not None
    assert draw.answer is not None
    return {"key": draw.key, "number": draw.answer["number"], "asked": draw.asked["body"], **draw.lent}


def _code(answer: httpx.Response) -> str:
    return str(answer.json().get("code", answer.status_code))
