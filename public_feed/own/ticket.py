"""One's own ticket, by its unguessable link: where it stands, come now, a little later, back after a missed call, give
it back.

A link that was never ours, a ticket of another day and one that is over get the same answer.
"""

from contextlib import suppress

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp

from public_feed.own.arrows import ARROWS, directions
from public_feed.own.mine import PACKAGE, Mine, asks_how_it_was, mine_of
from queue_core.domain.commands import Cancel, ComeBack, Delay
from queue_core.domain.errors import Refused, StoreAway
from queue_core.domain.model import TicketState
from queue_core.domain.views.view import View
from queue_core.engine import Once
from queue_core.web.access import Endpoint, public
from queue_core.web.crossing import require_own_site
from queue_core.web.face import Frame
from queue_core.web.links import ARRIVED_QUERY, Own
from queue_core.web.login import with_forms
from queue_core.web.pages import with_language
from queue_core.web.qr import qr_picture
from queue_core.web.subscription import APP
from queue_core.web.words import translations

#: Whoever waits, or may still be called, can give the number back.
LEAVABLE = frozenset({TicketState.WAITING, TicketState.PARKED, TicketState.MISSED})
_LEFT = "left"
#: Digits of how often it is still possible.
LEFT_MOST = 3


def ticket(frame: Frame) -> Endpoint:
    @public
    async def ticket(request: Request) -> Response:
        mine, link = mine_of(frame, request), request.path_params["link"]
        if mine is None:
            asks = await asks_how_it_was(frame, request)
            over = {"left": _LEFT in request.query_params, "link": link, "asks": asks}
            return frame.page(request, "over.html", over, 404)
        has_arrived = ARRIVED_QUERY in request.query_params and await _is_confirmed(frame, mine)
        phrases = translations(PACKAGE, frame.language(request))
        context = {
            "ticket": mine.state | {"confirm_by_ms": None} if has_arrived else mine.state,
            "has_arrived": has_arrived,
            "link": link,
            "now_ms": frame.hub.now_ms(mine.own.zone),
            "at_terminal": _at_terminal(frame, mine, link),
            "leavable": sorted(state.value for state in LEAVABLE),
            "arrows": ARROWS,
            "has_survey": frame.engine.zone(mine.own.zone).survey is not None,
            "directions": directions(phrases.gettext),
            "phone_key": frame.phones.public_key if frame.phones and APP in frame.assets.owners else "",
        }
        return with_forms(frame.page(request, "ticket.html", context))

    return ticket


async def _is_confirmed(frame: Frame, mine: Mine) -> bool:
    """As the engine knows it: the hub may not have heard of it yet."""
    if not mine.state["confirm_by_ms"]:
        return True
    with suppress(Refused, StoreAway):
        return not (await frame.engine.ticket(mine.own.zone, mine.own.ticket)).confirm_by_ms
    return False


def _at_terminal(frame: Frame, mine: Mine, link: str) -> str:
    """What a kiosk's reader takes from the phone of somebody who drew elsewhere; "" where it is of no use."""
    has_kiosk = any(mine.own.zone in kiosk.zones for kiosk in frame.devices.kiosks.values())
    return qr_picture(frame.absolute(f"/t/{link}")) if mine.state["confirm_by_ms"] and has_kiosk else ""


def leave(frame: Frame) -> Endpoint:
    @public
    async def leave(request: Request) -> Response:
        require_own_site(request)
        mine = mine_of(frame, request)
        path = request.url.path.removesuffix("/leave")
        if mine is not None:
            path = await _cancelled(frame, mine.own, path)
        return RedirectResponse(with_language(request, path), 303)

    return leave


def come_back(frame: Frame) -> Endpoint:
    """A missed visitor is there after all; a page that no longer holds shows how it is now."""

    @public
    async def come_back(request: Request) -> Response:
        require_own_site(request)
        mine = mine_of(frame, request)
        if mine is not None and mine.state["return_until_ms"]:
            once = Once(f"link {mine.own.ticket}", f"back {mine.state['return_until_ms']}")
            with suppress(Refused):
                await frame.engine.do(mine.own.zone, ComeBack(mine.own.ticket), once)
        path = request.url.path.removesuffix("/come-back")
        return RedirectResponse(with_language(request, path), 303)

    return come_back


def later(frame: Frame) -> Endpoint:
    """A waiting visitor needs more time. `left` is what the page knew: pressed twice, it is asked once."""

    @public
    async def later(request: Request) -> Response:
        require_own_site(request)
        mine = mine_of(frame, request)
        if mine is not None and mine.state["delay_s"]:
            left = str((await request.form()).get("left", ""))[:LEFT_MOST] or str(mine.state["delays_left"])
            with suppress(Refused):
                await frame.engine.do(
                    mine.own.zone, Delay(mine.own.ticket), Once(f"link {mine.own.ticket}", f"later {left}")
                )
        path = request.url.path.removesuffix("/later")
        return RedirectResponse(with_language(request, path), 303)

    return later


def events(frame: Frame) -> Endpoint:
    @public
    async def events(request: Request) -> Response | ASGIApp:
        own = frame.links.read(request.path_params["link"])
        frame.engine.zone(own.zone)
        return frame.hub.sse(own.zone, View.OWN, own.ticket, request.headers.get("last-event-id"))

    return events


async def _cancelled(frame: Frame, own: Own, path: str) -> str:
    """Where to go on: a ticket that was called in this very moment is shown as it is now."""
    try:
        await frame.engine.do(own.zone, Cancel(own.ticket, "visitor"), Once(f"link {own.ticket}", "leave"))
    except Refused:
        return path
    return f"{path}?{_LEFT}"
