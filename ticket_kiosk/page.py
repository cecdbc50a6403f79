"""The kiosk's page: every screen of it, in every language, so that it works on when the network is away."""

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from queue_core.domain.attendance import DeviceKind, DeviceName
from queue_core.domain.booking_code import KEYS
from queue_core.domain.errors import StoreAway
from queue_core.web.access import Endpoint, public
from queue_core.web.enrolment import Place
from queue_core.web.face import Frame
from queue_core.web.words import LANGUAGE_QUERY, direction, endonym
from ticket_kiosk import AGENT_HEADER
from ticket_kiosk.offer import offer, offered_languages
from ticket_kiosk.place import Kiosk, kiosk_in
from ticket_kiosk.service import device_of, is_out_of_service
from ticket_kiosk.trust import drawer


def show(frame: Frame) -> Endpoint:
    @public
    async def show(request: Request) -> Response:
        kiosk = kiosk_in(frame, request)
        if await drawer(frame, request, kiosk) is None:
            return RedirectResponse(f"/kiosk/{kiosk.name}/enrol", 303)
        offered = offered_languages(kiosk, frame.languages)
        asked = request.query_params.get(LANGUAGE_QUERY)
        first = asked if asked in offered else offered[0]
        now = _now(frame, kiosk) | {"offered": [(language, endonym(language)) for language in offered]}
        screens = [
            (language, direction(language), frame.fragment(_in(request, language), "_kiosk.html", now))
            for language in offered
        ]
        own = {"has_agent": AGENT_HEADER in request.headers, "is_out": await _is_out(frame, kiosk)}
        return frame.page(_in(request, first), "kiosk.html", {**now, **own, "screens": screens, "first": first})

    return show


def place_of(frame: Frame) -> Callable[[Request], Place]:
    """Which kiosk a browser is set up as."""

    def place(request: Request) -> Place:
        kiosk = kiosk_in(frame, request)
        return Place(DeviceName(DeviceKind.KIOSK, kiosk.place.id), kiosk.zone, f"/kiosk/{kiosk.name}")

    return place


def _now(frame: Frame, kiosk: Kiosk) -> dict[str, Any]:
    groups = offer(frame.hub, kiosk)
    return {
        "kiosk": kiosk,
        "place": kiosk.place,
        "device": device_of(frame, kiosk),
        "zone": kiosk.zone,
        "groups": groups,
        "code_letters": KEYS,
        "from_home": any(zone.remote for zone in kiosk.zones),
        "tried_here": frame.settings.loopback and frame.settings.public_url is None,
        "now_ms": groups[0].now_ms,
    }


async def _is_out(frame: Frame, kiosk: Kiosk) -> bool:
    """While the store is away the page comes all the same: its first report that is answered tells it."""
    try:
        return await is_out_of_service(frame, kiosk)
    except StoreAway:
        return False


def _in(request: Request, language: str) -> Request:
    """The same request, asked in this language."""
    return Request({**request.scope, "path_params": {**request.path_params, "lang": language}}, request.receive)
