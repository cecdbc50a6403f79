"""Whether a browser may draw tickets at a kiosk; docs/decisions/0010-kiosk-credentials.md says why so."""

from starlette.requests import Request

from queue_core.domain.principal import Role
from queue_core.web.access import identified, principal_of, require_zone
from queue_core.web.address import client_address
from queue_core.web.device import enrolled, is_local
from queue_core.web.face import Frame
from ticket_kiosk.place import Kiosk, kiosk_in

_BEARER = "authorization"


async def drawer(frame: Frame, request: Request, kiosk: Kiosk) -> str | None:
    """In whose name this browser draws: the device that it was enrolled as, or this machine; None where it may not.

    The kiosk's agent shows the same token as a bearer; who shows one is asked for nothing else.
    """
    if _BEARER in request.headers:
        bearer = await identified(request)
        is_device = bearer is not None and bearer.role is Role.DEVICE and bearer.may_enter(kiosk.zone.id)
        return bearer.id if bearer and is_device else None
    device = await enrolled(frame.identity, request.cookies, kiosk.zone.id)
    if device:
        return device.id
    if is_local(request.headers, client_address(request, frame.settings)):
        return f"kiosk {kiosk.zone.id}.{kiosk.name.rpartition('.')[2]}"
    return None


def kiosk_of(frame: Frame, request: Request) -> Kiosk:
    """The kiosk that the path names, for a device of all its zones that was let in. Raises `Problem` 403, 404."""
    kiosk = kiosk_in(frame, request)
    for zone in kiosk.zones:
        require_zone(principal_of(request), zone.id)
    return kiosk
