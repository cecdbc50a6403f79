"""A zone as one process has it: its configuration in force, and as it last saw it in the store."""

from dataclasses import dataclass
from datetime import date

from queue_core.domain.calendar import BusinessDay, business_day, next_opening_ms
from queue_core.domain.clock import ZoneClock
from queue_core.domain.errors import Refusal, Refused
from queue_core.domain.model import ServiceId
from queue_core.domain.office import Zone
from queue_core.domain.snapshot import Snapshot
from queue_core.real_clock import real_ms
from queue_core.store.keys import queues
from queue_core.store.zone import ZoneReading

#: Refusals that the next opening ends. A ticket stop and a spent quota end with the business day.
_OPENS_AGAIN = frozenset({Refusal.OUTSIDE_HOURS, Refusal.SERVICE_CLOSED, Refusal.QUOTA_EXHAUSTED})


@dataclass(frozen=True, slots=True)
class OpenZone:
    """`zone` with leftovers; business day, clock, the digest of the configuration in force, all waiting sets."""

    zone: Zone
    day: BusinessDay
    clock: ZoneClock
    digest: str
    queues: tuple[str, ...]
    iso_day: str

    def now_ms(self) -> int:
        """The zone's time, UTC ms."""
        return self.clock.at(real_ms())

    def business_day(self) -> BusinessDay:
        """By the clock: a process that only shows does not hear of every rollover."""
        now_ms = self.now_ms()
        return self.day if now_ms < self.day.to_ms else business_day(self.zone, now_ms)

    def explained(self, refused: Refused) -> Refused:
        """Adds the next opening to refusals for which that is what would be right."""
        service = ServiceId(str(refused.details.get("service")))
        if refused.code not in _OPENS_AGAIN or service not in self.zone.services:
            return refused
        after_ms = refused.details.get("at_ms", self.day.to_ms - 1)
        opens_ms = next_opening_ms(self.zone, self.zone.hours_of(service), after_ms)
        return Refused(refused.code, {**refused.details, "opens_ms": opens_ms})


def open_zone(zone: Zone, reading: ZoneReading, snapshot: Snapshot) -> OpenZone:
    """Queues of the configuration and of the store: they differ while two configurations meet."""
    day = BusinessDay(date.fromisoformat(snapshot.day), snapshot.day_from_ms, snapshot.day_to_ms)
    services = dict.fromkeys([*zone.services, *snapshot.services])
    counters = dict.fromkeys([*zone.counters, *snapshot.counters])
    clock = ZoneClock(reading.now_ms, real_ms(), reading.clock.rate)
    return OpenZone(zone, day, clock, reading.digest, tuple(queues(services, counters)), day.day.isoformat())
