"""Who is expected with an appointment today: not yet checked in, by slot, service and class, and never by code.

Whoever knows a code can check in with it, and those who only look on see this too. Appointments of one slot, service
and class are alike to everybody but their visitors; so they are one record with a count.
"""

from collections import Counter as Tally
from typing import Any

from queue_core.domain.events import RESHAPES, Event, EventType
from queue_core.domain.model import Booking
from queue_core.domain.snapshot import Snapshot

Json = dict[str, Any]

_CHANGES = RESHAPES | {
    EventType.BOOKED,
    EventType.BOOKING_MOVED,
    EventType.BOOKING_CANCELLED,
    EventType.CHECKED_IN,
}


class Expected:
    """Made anew only when an event has changed an appointment: they reach weeks ahead, and hardly any event does."""

    def __init__(self) -> None:
        self._records: list[Json] | None = None

    def fold(self, event: Event) -> None:
        if event.type in _CHANGES:
            self._records = None

    def of(self, snapshot: Snapshot) -> list[Json]:
        if self._records is None:
            self._records = expected(snapshot)
        return self._records


def expected(snapshot: Snapshot) -> list[Json]:
    alike = Tally((b.slot_ms, b.service, b.visitor_class) for b in of_today(snapshot))
    records = [
        {
            "id": f"{slot_ms} {service} {visitor_class}",
            "slot_ms": slot_ms,
            "service": service,
            "visitor_class": visitor_class,
            "count": count,
        }
        for (slot_ms, service, visitor_class), count in alike.items()
    ]
    return sorted(records, key=lambda record: (record["slot_ms"], record["id"]))


def of_today(snapshot: Snapshot) -> list[Booking]:
    return [b for b in snapshot.bookings.values() if snapshot.day_from_ms <= b.slot_ms < snapshot.day_to_ms]
