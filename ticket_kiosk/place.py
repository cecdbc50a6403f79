"""Which zone a kiosk stands in."""

from collections.abc import Iterable
from dataclasses import dataclass

from starlette.requests import Request

from queue_core.domain.office import Zone
from queue_core.web.face import Frame
from queue_core.web.problems import not_found


@dataclass(frozen=True, slots=True)
class Kiosk:
    """`name` as addresses have it."""

    name: str
    zone: Zone


def kiosk_named(zones: Iterable[Zone], name: str) -> Kiosk:
    """`<kiosk>`: the first zone that has it; `<zone>.<kiosk>`: that very zone's. Raises `Problem` 404."""
    zone_id, _, kiosk_id = name.rpartition(".")
    for zone in zones:
        if kiosk_id in zone.kiosks and zone_id in ("", zone.id):
            return Kiosk(name, zone)
    raise not_found()


def kiosk_in(frame: Frame, request: Request) -> Kiosk:
    """The one that the path names. Its zone is the configured one: what only leftover tickets need is not offered."""
    return kiosk_named(frame.engine.office.values(), request.path_params["kiosk"])
