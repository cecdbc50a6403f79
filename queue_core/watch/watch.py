"""All that watches over the devices of a house, built once for a web process."""

from dataclasses import dataclass

from queue_core.domain.alarms import open_for_ms
from queue_core.domain.devices import Devices
from queue_core.domain.model import ZoneId
from queue_core.engine import Engine
from queue_core.live.hub import Hub
from queue_core.real_clock import real_ms
from queue_core.store.alarms import AlarmStore
from queue_core.store.attendance import AttendanceStore
from queue_core.store.credentials import Credentials
from queue_core.store.opened import Store
from queue_core.store.pairing import Pairings
from queue_core.watch.alarming import Alarming, Announce, OpenFor, to_nobody
from queue_core.watch.attending import Attending
from queue_core.watch.letting_in import LettingIn
from queue_core.watch.logs import log_of


@dataclass(frozen=True, slots=True)
class Watch:
    attendance: Attending
    alarms: Alarming
    letting_in: LettingIn


def watch_over(devices: Devices, engine: Engine, store: Store, hub: Hub, announce: Announce = to_nobody) -> Watch:
    credentials = Credentials(store.client)
    attending = Attending(devices, AttendanceStore(store.client), credentials.audit, log_of(hub))
    alarming = Alarming(
        devices, AlarmStore(store.client), credentials.audit, opened(engine), announce, zones=tuple(engine.office)
    )
    letting_in = LettingIn(attending, Pairings(store.client, credentials), credentials)
    return Watch(attending, alarming, letting_in)


def opened(engine: Engine) -> OpenFor:
    def open_for(zone_id: ZoneId) -> int | None:
        zone, clock = engine.zone(zone_id), engine.clock(zone_id)
        for_ms = open_for_ms(zone, clock.at(real_ms()))
        return None if for_ms is None else int(for_ms / (clock.rate or 1.0))

    return open_for
