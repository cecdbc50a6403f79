"""What is free: the places of a service's slots that nobody has booked or holds. Pure.

The moves decide by the same rule (store/lua/shared/slots.lua); a test holds both together.
"""

from bisect import bisect_left
from collections.abc import Iterable

from queue_core.domain.model import Block, Booking, ServiceId
from queue_core.domain.office import Zone
from queue_core.domain.slots import SLOT_MOST_MS, Limit, length_ms, limits
from queue_core.domain.snapshot import Snapshot


class Occupancy:
    """The appointments of a zone as they stand at `now_ms`."""

    def __init__(self, zone: Zone, snapshot: Snapshot, now_ms: int) -> None:
        self._zone, self._blocks = zone, snapshot.blocks
        held = (hold for hold in snapshot.holds.values() if hold.held_until_ms > now_ms)
        taken: Iterable[Booking] = (*snapshot.bookings.values(), *snapshot.arrived.values(), *held)
        self._taken = sorted(taken, key=lambda b: b.slot_ms)
        self._begins_ms = [b.slot_ms for b in self._taken]
        self._known: dict[ServiceId, tuple[int, tuple[Limit, ...]]] = {}

    def free(self, service: ServiceId, slot_ms: int) -> int:
        """So many places are left for an appointment of the service then."""
        long_ms, kept = self._bounds(service)
        if not kept or self.blocked(service, slot_ms):
            return 0
        there = self._overlapping(slot_ms, slot_ms + long_ms)
        if not there:
            return min(limit.places for limit in kept)
        left = (
            limit.places - _most_at_once([b for b in there if b.service in limit.services], slot_ms) for limit in kept
        )
        return max(0, min(left))

    def blocked(self, service: ServiceId, slot_ms: int) -> Block | None:
        to_ms = slot_ms + self._bounds(service)[0]
        for block in self._blocks:
            if block.from_ms < to_ms and slot_ms < block.to_ms and (not block.services or service in block.services):
                return block
        return None

    def _bounds(self, service: ServiceId) -> tuple[int, tuple[Limit, ...]]:
        """Length and limits: the same for all of a month's slots."""
        if service not in self._known:
            self._known[service] = length_ms(self._zone, service), limits(self._zone, service)
        return self._known[service]

    def _overlapping(self, from_ms: int, to_ms: int) -> list[Booking]:
        first = bisect_left(self._begins_ms, from_ms - SLOT_MOST_MS)
        near = self._taken[first : bisect_left(self._begins_ms, to_ms)]
        return [b for b in near if b.slot_ms + b.length_ms > from_ms]


def _most_at_once(bookings: list[Booking], from_ms: int) -> int:
    """The most of them at any moment from then on: it is where one begins, or at once."""
    moments = {max(b.slot_ms, from_ms) for b in bookings}
    return max((sum(b.slot_ms <= at < b.slot_ms + b.length_ms for b in bookings) for at in moments), default=0)
