"""Which zones a wall shows, and whether this browser may be one."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request

from queue_core.domain.attendance import DeviceKind
from queue_core.domain.devices import DisplayPlace
from queue_core.domain.model import ZoneId
from queue_core.domain.office import Zone
from queue_core.domain.principal import WATCHERS
from queue_core.web.address import client_address
from queue_core.web.device import enrolled, is_local
from queue_core.web.face import Frame
from queue_core.web.problems import not_found


@dataclass(frozen=True, slots=True)
class Display:
    """`zones`: at least one; the first one's clock, site and languages are the wall's."""

    place: DisplayPlace
    zones: tuple[Zone, ...]

    @property
    def id(self) -> str:
        return self.place.id

    @property
    def zone(self) -> Zone:
        return self.zones[0]


def display_named(frame: Frame, display_id: str) -> Display:
    """Raises `Problem` 404."""
    place = frame.devices.displays.get(display_id)
    if place is None:
        raise not_found()
    return Display(place, tuple(frame.engine.zone(zone) for zone in place.zones))


async def may_show(frame: Frame, request: Request, display: Display) -> bool:
    """On this machine; enrolled as a device of every zone that it shows; or logged in as somebody who may see them."""
    if is_local(request.headers, client_address(request, frame.settings)):
        return True
    if await _is_enrolled(frame, request.cookies, display):
        return True
    somebody = await frame.principal(request)
    return (
        somebody is not None
        and somebody.role in WATCHERS
        and all(somebody.may_enter(zone.id) for zone in display.zones)
    )


async def _is_enrolled(frame: Frame, cookies: Mapping[str, str], display: Display) -> bool:
    zones: list[ZoneId] = [zone.id for zone in display.zones]
    for zone in zones:
        if await enrolled(frame.identity, cookies, zone, DeviceKind.DISPLAY) is None:
            return False
    return True
