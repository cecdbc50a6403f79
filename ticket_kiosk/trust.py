"""Whether a browser may draw tickets at a kiosk; docs/decisions/0010-kiosk-credentials.md says why so."""

from starlette.requests import Request

from queue_core.web.address import client_address
from queue_core.web.device import enrolled, is_local
from queue_core.web.face import Frame
from ticket_kiosk.place import Kiosk


async def drawer(frame: Frame, request: Request, kiosk: Kiosk) -> str | None:
    """In whose name this browser draws: the device that it was enrolled as, or this machine; None where it may not."""
    device = await enrolled(frame.identity, request.cookies, kiosk.zone.id)
    if device:
        return device.id
    if is_local(request.headers, client_address(request, frame.settings)):
        return f"kiosk {kiosk.zone.id}.{kiosk.name.rpartition('.')[2]}"
    return None
