"""A number from home: which services there are, one's own number, and the limits that keep it fair.

Limits count addresses, not devices: what a page would keep in a browser is gone with one press. They are apart from the
kiosks' budget, so that a flood from outside takes nothing from who stands in the house.
"""

import secrets
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from public_feed.remote.offer import Offer, offer_of
from queue_core.domain.commands import Issue
from queue_core.domain.errors import Refusal, Refused
from queue_core.domain.model import ServiceId, TicketId, ZoneId
from queue_core.domain.views.view import View
from queue_core.engine import Once
from queue_core.web.address import client_address
from queue_core.web.crossing import require_own_site
from queue_core.web.face import Frame
from queue_core.web.login import with_forms
from queue_core.web.pages import with_language
from queue_core.web.problems import Problem
from queue_core.web.throttle import EVERYBODY, Throttle
from queue_core.web.words import LANGUAGE_QUERY

_HOUR_S = 3600
_DRAWS_PER_MINUTE_OF_ALL = 60
_KEY_CHARACTERS_MOST = 64
_MINUTE_S = 60
_RETRY_AFTER = "Retry-After"
_READY_MOST = 500


@dataclass(frozen=True, slots=True)
class _Fault:
    """Why no number was drawn, as the page says it; `minutes` until it may work again, 0 where nobody knows."""

    name: str
    status: int
    retry_after_s: int = 0

    @property
    def minutes(self) -> int:
        return -(-self.retry_after_s // _MINUTE_S)


_FULL = _Fault("full", 409)
_CLOSED = _Fault("closed", 409)
_SHORT = _Fault("short", 409)


class Drawing:
    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._by_address: dict[ZoneId, Throttle] = {}
        self._of_all = Throttle(_DRAWS_PER_MINUTE_OF_ALL)
        self._ready: dict[tuple[ZoneId, str, str, int], bytes] = {}

    async def show(self, request: Request) -> Response:
        return self._page(request, self._offer(request))

    async def draw(self, request: Request) -> Response:
        require_own_site(request)
        offer = self._offer(request)
        address = client_address(request, self._frame.settings)
        try:
            self._throttle(offer).take(address)
            self._of_all.take(EVERYBODY)
        except Problem as limit:
            return self._limited(request, offer, _Fault("often", 429, int(limit.headers[_RETRY_AFTER])))
        form = await request.form()
        service, key = ServiceId(str(form.get("service", ""))), str(form.get("key", ""))[:_KEY_CHARACTERS_MOST]
        if fault := self._fault(offer, service):
            return self._page(request, offer, fault)
        return await self._issued(request, offer, service, Once(f"remote {address}", key or secrets.token_urlsafe()))

    async def _issued(self, request: Request, offer: Offer, service: ServiceId, once: Once) -> Response:
        command = Issue(service, offer.zone.default_class, remote=True)
        try:
            outcome = await self._frame.engine.do(offer.zone.id, command, once)
        except Refused as refused:
            return self._page(request, offer, _FULL if refused.code is Refusal.REMOTE_EXHAUSTED else _CLOSED)
        ticket = outcome.ticket()
        if ticket is None:
            raise LookupError("a draw without a ticket")
        path = self._frame.links.path(offer.zone.id, TicketId(ticket["id"]))
        return RedirectResponse(with_language(request, path), 303, {"Cache-Control": "no-store"})

    def _fault(self, offer: Offer, service: ServiceId) -> _Fault | None:
        if service not in offer.services or not offer.is_open:
            return _CLOSED
        record = next(s for s in self._services(offer) if s["id"] == service)
        return _SHORT if offer.is_too_short(record) else None

    def _services(self, offer: Offer) -> list[dict[str, Any]]:
        state = orjson.loads(self._frame.hub.state(offer.zone.id, View.WAITS))
        return [service for service in state["services"] if service["id"] in offer.services]

    def _throttle(self, offer: Offer) -> Throttle:
        zone, most = offer.zone.id, offer.rules.of_address
        return self._by_address.setdefault(zone, Throttle(most, within_s=_HOUR_S))

    def _offer(self, request: Request) -> Offer:
        zone = self._frame.engine.zone(request.path_params["public_zone"])
        return offer_of(zone, self._frame.hub.now_ms(zone.id))

    def _limited(self, request: Request, offer: Offer, fault: _Fault) -> Response:
        """Rendered once for each minute and language: a flood must cost less than what it keeps away."""
        language, query = self._frame.language(request), request.url.query
        if query not in ("", f"{LANGUAGE_QUERY}={language}"):
            return self._told(self._frame.fragment(request, "limited.html", {"offer": offer, "fault": fault}), fault)
        key = offer.zone.id, language, query, fault.minutes
        if key not in self._ready:
            if len(self._ready) >= _READY_MOST:
                self._ready.clear()
            page = self._frame.fragment(request, "limited.html", {"offer": offer, "fault": fault})
            self._ready[key] = page.encode()
        return self._told(self._ready[key], fault)

    def _told(self, page: str | bytes, fault: _Fault) -> Response:
        headers = {"Cache-Control": "no-store", _RETRY_AFTER: str(fault.retry_after_s)}
        return HTMLResponse(page, fault.status, headers)

    def _page(self, request: Request, offer: Offer, fault: _Fault | None = None) -> Response:
        context = {
            "offer": offer,
            "services": self._services(offer),
            "now_ms": offer.now_ms,
            "fault": fault,
            "key": secrets.token_urlsafe(),
        }
        return with_forms(self._frame.page(request, "draw.html", context, fault.status if fault else 200))
