"""Appointments of a day: which slots are taken, and who of the booked comes when."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from random import Random

from queue_core.domain.model import BookingId, ClassId, ServiceId
from queue_core.domain.office import Zone
from queue_core.simulate.habits import Habits
from queue_core.simulate.rota import Span
from queue_core.simulate.visits import Visit, visit


@dataclass(frozen=True, slots=True)
class Slot:
    """A booked one; `visit` is None where nobody comes."""

    booking: BookingId
    service: ServiceId
    visitor_class: ClassId
    slot_ms: int
    visit: Visit | None


def slots(zone: Zone, habits: Habits, name: str, hours: Span, means_s: Mapping[ServiceId, float]) -> Iterator[Slot]:
    book = habits.appointments
    length_ms = hours[1] - hours[0]
    for service in book.services:
        random = Random(f"{name} {service} appointments")
        every_ms = round(1000 * book.every_s)
        first_ms, last_ms = (hours[0] + int(share * length_ms) // 60_000 * 60_000 for share in (book.first, book.last))
        for slot_ms in range(first_ms, last_ms, every_ms):
            taken, shows = random.random() < book.taken, random.random() < book.show
            at_ms = slot_ms + int(1000 * (book.late_most_s - book.before.draw(random, book.before_s)))
            drawn = visit(zone, random, service, means_s, at_ms, habits)
            if taken:
                yield _slot(zone, habits, drawn, slot_ms, shows)


def _slot(zone: Zone, habits: Habits, drawn: Visit, slot_ms: int, shows: bool) -> Slot:
    booking = BookingId(f"{drawn.service}-{slot_ms}")
    visitor_class = habits.appointments.visitor_class or zone.default_class
    comes = replace(drawn, booking=booking, visitor_class=visitor_class) if shows else None
    return Slot(booking, drawn.service, visitor_class, slot_ms, comes)
