"""Which zone a wall hangs in, and whether this browser may be one."""

from collections.abc import Iterable
from dataclasses import dataclass

from starlette.requests import Request

from queue_core.domain.office import Zone
from queue_core.domain.principal import WATCHERS
from queue_core.web.address import client_address
from queue_core.web.device import enrolled, is_local
from queue_core.web.face import Frame
from queue_core.web.problems import not_found


@dataclass(frozen=True, slots=True)
class Display:
    id: str
    zone: Zone


def display_named(zones: Iterable[Zone], display_id: str) -> Display:
    """A display's id stands only once in an office. Raises `Problem` 404."""
    for zone in zones:
        if display_id in zone.displays:
            return Display(display_id, zone)
    raise not_found()


async def may_show(frame: Frame, request: Request, display: Display) -> bool:
    """On this machine, enrolled as a device, or logged in as somebody who may see the zone."""
    if is_local(request.headers, client_address(request, frame.settings)):
        return True
    if await enrolled(frame.identity, request.cookies, display.zone.id):
        return True
    somebody = await frame.principal(request)
    return somebody is not None and somebody.role in WATCHERS and somebody.may_enter(display.zone.id)
