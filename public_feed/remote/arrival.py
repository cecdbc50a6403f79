"""Whoever drew from home says at the entrance that they have come, by the number's own link or by typing the number.

What is typed is looked at only when something proves that it was typed in the house. A typed number is confirmed but
never shown: its page could give it back.
"""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from public_feed.remote.offer import Offer, offer_of
from queue_core.domain.commands import ConfirmArrival
from queue_core.domain.errors import Refusal, Refused
from queue_core.domain.model import Ticket, TicketId, TicketState
from queue_core.domain.office import Proof
from queue_core.domain.on_site_code import OnSiteCodes
from queue_core.web.address import client_address
from queue_core.web.crossing import require_own_site
from queue_core.web.face import Frame
from queue_core.web.links import ARRIVED_QUERY
from queue_core.web.login import with_forms
from queue_core.web.pages import with_language
from queue_core.web.problems import Problem
from queue_core.web.throttle import EVERYBODY, Throttle

_SAID_PER_MINUTE = 30
_SAID_PER_MINUTE_OF_ALL = 400
_TYPED_MOST = 200


@dataclass(frozen=True, slots=True)
class Said:
    """What the visitor sent: `ticket` is a link or a number, `at` the word of the poster."""

    ticket: str = ""
    code: str = ""
    at: str = ""


class Arriving:
    def __init__(self, frame: Frame, codes: OnSiteCodes) -> None:
        self._frame, self._codes = frame, codes
        self._mine, self._everybodys = Throttle(_SAID_PER_MINUTE), Throttle(_SAID_PER_MINUTE_OF_ALL)

    async def show(self, request: Request) -> Response:
        asked = request.query_params
        said = Said(*(asked.get(name, "")[:_TYPED_MOST] for name in ("ticket", "code", "at")))
        return self._page(request, self._offer(request), said)

    async def confirm(self, request: Request) -> Response:
        require_own_site(request)
        offer, form = self._offer(request), await request.form()
        said = Said(*(str(form.get(name, ""))[:_TYPED_MOST].strip() for name in ("ticket", "code", "at")))
        try:
            self._mine.take(client_address(request, self._frame.settings))
            self._everybodys.take(EVERYBODY)
        except Problem as limit:
            page = self._page(request, offer, said, "often", 429)
            page.headers.update(limit.headers)
            return page
        if not self._is_here(offer, said):
            return self._page(request, offer, said, "code", 422)
        ticket = self._ticket(offer, said.ticket)
        if ticket is None:
            return self._page(request, offer, said, "number", 422)
        return await self._confirmed(request, offer, said, ticket)

    async def _confirmed(self, request: Request, offer: Offer, said: Said, ticket: Ticket) -> Response:
        try:
            await self._frame.engine.do(offer.zone.id, ConfirmArrival(ticket.id))
        except Refused as refused:
            if refused.code is Refusal.CONFIRM_TOO_LATE:
                return self._page(request, offer, said, "late", 409)
            if refused.code is not Refusal.NOTHING_TO_CONFIRM:
                return self._page(request, offer, said, "number", 422)
        if self._own(offer, said.ticket):
            path = f"{self._frame.links.path(offer.zone.id, ticket.id)}?{ARRIVED_QUERY}"
            return RedirectResponse(with_language(request, path), 303, {"Cache-Control": "no-store"})
        return self._frame.page(request, "arrived.html", {"offer": offer, "number": ticket.number})

    def _is_here(self, offer: Offer, said: Said) -> bool:
        by_poster = offer.rules.proof is Proof.POSTER and self._codes.is_poster(offer.zone.id, said.at)
        return by_poster or self._codes.is_code(offer.zone.id, said.code, offer.now_ms)

    def _ticket(self, offer: Offer, named: str) -> Ticket | None:
        """One that waits, by its link or its number."""
        known = self._frame.hub.snapshot(offer.zone.id).tickets
        if own := self._own(offer, named):
            return known.get(own)
        number = "".join(named.split()).upper()
        waiting = (t for t in known.values() if t.state is TicketState.WAITING)
        return next((t for t in waiting if t.number == number), None)

    def _own(self, offer: Offer, named: str) -> TicketId | None:
        """The ticket that a link of this zone names; a whole address is as good."""
        link = named.rpartition("/t/")[2].partition("?")[0]
        try:
            own = self._frame.links.read(link)
        except Problem:
            return None
        return own.ticket if own.zone == offer.zone.id else None

    def _offer(self, request: Request) -> Offer:
        zone = self._frame.engine.zone(request.path_params["public_zone"])
        return offer_of(zone, self._frame.hub.now_ms(zone.id))

    def _page(self, request: Request, offer: Offer, said: Said, fault: str = "", status: int = 200) -> Response:
        """`number`: of the ticket that the link names."""
        own = self._own(offer, said.ticket)
        mine = self._frame.hub.snapshot(offer.zone.id).tickets.get(own) if own else None
        context = {
            "offer": offer,
            "said": said,
            "number": mine.number if mine else "",
            # As long as nobody has tried it: looking at the page must not tell whether a guessed code is right.
            "is_here": bool(said.code or (said.at and offer.rules.proof is Proof.POSTER)) and fault != "code",
            "fault": fault,
        }
        return with_forms(self._frame.page(request, "here.html", context, status))
