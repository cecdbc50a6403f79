"""The device page: how every kiosk, printer and display is, and what staff tell them to do."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from queue_core.domain.attendance import DeviceKind, DeviceName, configured, is_expected
from queue_core.domain.office import Zone
from queue_core.domain.orders import MESSAGE_MOST
from queue_core.domain.pairing import CODE_CHARACTERS
from queue_core.domain.principal import CHIEFS, STAFF, WATCHERS, Principal, Role
from queue_core.web.access import principal_of, requires
from queue_core.web.face import Face, Frame


@dataclass(frozen=True, slots=True)
class Entry:
    """A device as one person sees it. What is done to it is done to all of its zones. Unless it `is_expected` it is
    shown only when it was there; an agent `prints` where the office gave its kiosk a printer."""

    name: DeviceName
    zones: tuple[Zone, ...]
    may_command: bool
    may_pair: bool
    is_expected: bool
    prints: bool

    @property
    def path(self) -> str:
        return f"/devices/{self.name.kind}/{self.name.id}"


def routes(frame: Frame) -> Sequence[BaseRoute]:
    @requires(*WATCHERS)
    async def devices(request: Request) -> Response:
        watcher = principal_of(request)
        entries = [entry for name in configured(frame.devices) if (entry := _entry(frame, watcher, name))]
        context = {
            "entries": entries,
            "several_zones": len({zone.id for entry in entries for zone in entry.zones}) > 1,
            "alarms_url": "/api/v1/alarms",
            "alarms_zone": entries[0].zones[0] if entries else next(iter(frame.engine.office.values())),
            "may_resolve": watcher.role in STAFF,
            "message_most": MESSAGE_MOST,
            "code_characters": CODE_CHARACTERS,
        }
        return frame.page(request, "devices.html", context)

    return [Route("/devices", devices)]


def _entry(frame: Frame, watcher: Principal, name: DeviceName) -> Entry | None:
    zones = frame.attendance.zones_of(name)
    if not any(watcher.may_enter(zone) for zone in zones):
        return None
    may_all = all(watcher.may_enter(zone) for zone in zones)
    return Entry(
        name,
        tuple(frame.engine.zone(zone) for zone in zones),
        may_command=may_all and watcher.role in CHIEFS,
        may_pair=may_all and watcher.role is Role.ADMIN and name.kind is not DeviceKind.AGENT,
        is_expected=is_expected(frame.devices, name),
        prints=name.kind is DeviceKind.AGENT and frame.devices.kiosks[name.id].printer is not None,
    )


face = Face("devices", "display_server.devices", routes)
