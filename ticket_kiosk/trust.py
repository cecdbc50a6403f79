"""Whether a browser may draw tickets at a kiosk; docs/decisions/0010-kiosk-credentials.md says why so."""

from dataclasses import replace

from starlette.requests import Request

from queue_core.domain.attendance import DeviceKind, may_be
from queue_core.domain.principal import Principal, Role
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
        return bearer.id if bearer and _is_kiosk(bearer, kiosk) else None
    device = await enrolled(frame.identity, request.cookies, kiosk.zone.id, DeviceKind.KIOSK)
    if device:
        return device.id
    if is_local(request.headers, client_address(request, frame.settings)):
        return f"kiosk {kiosk.zone.id}.{kiosk.name.rpartition('.')[2]}"
    return None


async def own_part(frame: Frame, request: Request, kiosk: Kiosk) -> Kiosk | None:
    """The kiosk as if it drew only for those of its zones for which this browser may; None where that is none."""
    zones = [zone for zone in kiosk.zones if await drawer(frame, request, kiosk.at(zone))]
    return replace(kiosk, zones=tuple(zones)) if zones else None


def _is_kiosk(bearer: Principal, kiosk: Kiosk) -> bool:
    return bearer.role is Role.DEVICE and bearer.may_enter(kiosk.zone.id) and may_be(bearer.name, DeviceKind.KIOSK)


def kiosk_of(frame: Frame, request: Request) -> Kiosk:
    """The kiosk that the path names, for a device of all its zones that was let in. Raises `Problem` 403, 404."""
    kiosk = kiosk_in(frame, request)
    for zone in kiosk.zones:
        require_zone(principal_of(request), zone.id)
    return kiosk
