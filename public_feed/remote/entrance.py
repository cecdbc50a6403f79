"""What hangs at the entrance: a QR code that leads to confirming, and the code that changes. It shows itself anew."""

from starlette.requests import Request
from starlette.responses import Response

from public_feed.remote.offer import offer_of
from queue_core.domain.office import Proof
from queue_core.domain.on_site_code import OnSiteCodes
from queue_core.web.access import Endpoint
from queue_core.web.face import Frame
from queue_core.web.qr import qr_picture

_SOONEST_S = 5


def entrance(frame: Frame, codes: OnSiteCodes) -> Endpoint:
    async def entrance(request: Request) -> Response:
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

    return entrance
