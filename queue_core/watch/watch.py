"""All that watches over the devices of a house, built once for a web process."""

from dataclasses import dataclass

from queue_core.domain.devices import Devices
from queue_core.live.hub import Hub
from queue_core.store.attendance import AttendanceStore
from queue_core.store.opened import Store
from queue_core.watch.attending import Attending
from queue_core.watch.logs import log_of


@dataclass(frozen=True, slots=True)
class Watch:
    attendance: Attending


def watch_over(devices: Devices, store: Store, hub: Hub) -> Watch:
    return Watch(Attending(devices, AttendanceStore(store.client), log_of(hub)))
