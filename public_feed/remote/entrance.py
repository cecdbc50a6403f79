"""What hangs at the entrance: a QR code that leads to confirming, and the code that changes. It shows itself anew.

Screens of the zone show it, displays and kiosks that were set up as such, and staff.
"""

from starlette.requests import Request
from starlette.responses import Response

from public_feed.remote.offer import offer_of
from queue_core.domain.model import ZoneId
from queue_core.domain.office import Proof
from queue_core.domain.on_site_code import OnSiteCodes
from queue_core.domain.principal import STAFF, Role
from queue_core.web.access import Endpoint, admit, by_method, identified
from queue_core.web.device import enrolled
from queue_core.web.face import Frame
from queue_core.web.qr import qr_picture

_SOONEST_S = 5
_METHOD = "GET"
_SHOWN_TO = frozenset({*STAFF, Role.DEVICE})


def entrance(frame: Frame, codes: OnSiteCodes) -> Endpoint:
    async def entrance(request: Request) -> Response:
        if not await _is_screen(frame, request):
            await admit(request, _SHOWN_TO)
        zone = frame.engine.zone(request.path_params["zone"])
        offer = offer_of(zone, frame.hub.now_ms(zone.id))
        code, by_poster = codes.code(zone.id, offer.now_ms), offer.rules.proof is Proof.POSTER
        proof = f"at={codes.poster(zone.id)}" if by_poster else f"code={code}"
        url = frame.absolute(f"/z/{zone.id}/here?{proof}")
        context = {
            "offer": offer,
            "code": f"{code[:3]} {code[3:]}",
            "by_poster": by_poster,
            "qr": qr_picture(url),
            "address": frame.absolute(f"/z/{zone.id}/here"),
            "again_s": max(_SOONEST_S, (codes.until_ms(offer.now_ms) - offer.now_ms) // 1000 + 1),
        }
        return frame.page(request, "entrance.html", context)

    return by_method(entrance, {_METHOD: _SHOWN_TO})


async def _is_screen(frame: Frame, request: Request) -> bool:
    """A device of the zone, by the cookie that it was set up with, or by its token: displays, too, for this is to be
    seen."""
    zone = ZoneId(request.path_params["zone"])
    if await enrolled(frame.identity, request.cookies, zone):
        return True
    by = await identified(request)
    return by is not None and by.role is Role.DEVICE and by.may_enter(zone)
