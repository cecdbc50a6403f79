"""Where the zones' logs stand, as this process has read them."""

from queue_core.domain.attendance import Position
from queue_core.domain.errors import StoreAway, UnknownZone
from queue_core.domain.model import ZoneId
from queue_core.live.hub import Hub
from queue_core.watch.attending import LogPosition


def log_of(hub: Hub) -> LogPosition:
    def position(zone: ZoneId) -> Position | None:
        try:
            snapshot = hub.snapshot(zone)
        except (StoreAway, UnknownZone):
            return None
        return snapshot.epoch, snapshot.seq

    return position
