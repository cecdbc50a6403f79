"""Which kiosk an address names, and which zones it draws for."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from starlette.requests import Request

from queue_core.domain.devices import Devices, KioskPlace
from queue_core.domain.errors import Refusal, Refused
from queue_core.domain.model import ServiceId, ZoneId
from queue_core.domain.office import Zone
from queue_core.web.face import Frame
from queue_core.web.problems import not_found


@dataclass(frozen=True, slots=True)
class Kiosk:
    """`name` as addresses have it. Zones as configured: what only leftover tickets need is not offered."""

    name: str
    place: KioskPlace
    zones: tuple[Zone, ...]

    @property
    def zone(self) -> Zone:
        """Whose hours, clock and site are the kiosk's."""
        return self.zones[0]

    def at(self, zone: Zone) -> "Kiosk":
        """The same kiosk, as if it drew for this zone alone."""
        return replace(self, zones=(zone,))

    def serving(self, service: ServiceId, zone: ZoneId | None = None) -> Zone:
        """Where a service is drawn; ids may be the same in two zones, then `zone` says which. Raises `Refused`."""
        for mine in self.zones:
            if service in mine.services and zone in (None, mine.id):
                return mine
        raise Refused(Refusal.UNKNOWN_SERVICE, {"id": service})


def kiosk_named(office: Mapping[ZoneId, Zone], devices: Devices, name: str) -> Kiosk:
    """`<kiosk>`, as the devices are configured; `<zone>.<kiosk>`: that very zone's. Raises `Problem` 404."""
    zone_id, _, kiosk_id = name.rpartition(".")
    place = devices.kiosks.get(kiosk_id)
    if zone_id:
        zone = office.get(ZoneId(zone_id))
        if zone is None or kiosk_id not in zone.kiosks:
            raise not_found()
        if place is None or zone.id not in place.zones:
            place = KioskPlace(kiosk_id, (zone.id,))
    zones = tuple(office[zone_id] for zone_id in place.zones if zone_id in office) if place else ()
    if place is None or not zones:
        raise not_found()
    return Kiosk(name, place, zones)


def kiosk_in(frame: Frame, request: Request) -> Kiosk:
    """The one that the path names."""
    return kiosk_named(frame.engine.office, frame.devices, request.path_params["kiosk"])
