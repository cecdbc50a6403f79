"""A day's appointments as staff see them: each slot with its places, who has one, and how far their visits are."""

from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from queue_core.appointments import AppointmentDay, FreeSlot
from queue_core.domain.booking_code import grouped
from queue_core.domain.calendar import BusinessDay
from queue_core.domain.model import Block, Booking, ServiceId, Ticket, TicketState
from queue_core.domain.office import Text, Zone
from queue_core.domain.snapshot import Snapshot


class State(StrEnum):
    """`ABSENT`: so late that the appointment's place is lost. `MISSED`: came, but not when called."""

    HELD = "held"
    BOOKED = "booked"
    LATE = "late"
    ABSENT = "absent"
    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    PARKED = "parked"
    MISSED = "missed"
    OVER = "over"


_OF_TICKET = {
    TicketState.WAITING: State.WAITING,
    TicketState.CALLED: State.CALLED,
    TicketState.SERVING: State.SERVING,
    TicketState.PARKED: State.PARKED,
    TicketState.MISSED: State.MISSED,
}


@dataclass(frozen=True, slots=True)
class Entry:
    """An appointment. `number` of the ticket, as long as it is in the house."""

    booking: Booking
    name: Text
    state: State
    number: str = ""

    @property
    def code(self) -> str:
        return grouped(self.booking.id)


@dataclass(frozen=True, slots=True)
class Row:
    """A slot of a service. `free` None: nobody gives appointments of this service then, yet there is one."""

    from_ms: int
    to_ms: int
    service: ServiceId
    name: Text
    free: int | None
    held: int
    block: Block | None
    entries: tuple[Entry, ...]
    over: bool


@dataclass(frozen=True, slots=True)
class Total:
    """A service's day. `free`: slots that still have a place. `came` of the `booked`."""

    service: ServiceId
    name: Text
    free: int
    booked: int
    came: int
    held: int


@dataclass(frozen=True, slots=True)
class Blocked:
    """A span without appointments, and those that are booked within it all the same."""

    block: Block
    names: tuple[Text, ...]
    inside: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class DayView:
    day: BusinessDay
    rows: tuple[Row, ...] = ()
    totals: tuple[Total, ...] = ()
    blocked: tuple[Blocked, ...] = ()


def day_view(
    zone: Zone, found: AppointmentDay, snapshot: Snapshot, now_ms: int, service: ServiceId | None = None
) -> DayView:
    """Slots that are over and had nobody are left out; of one `service`, if named."""
    entries = defaultdict[tuple[int, ServiceId], list[Entry]](list)
    for booking in (*found.bookings, *found.arrived):
        entries[booking.slot_ms, booking.service].append(_entry(zone, booking, snapshot, now_ms))
    held = Tally((b.slot_ms, b.service) for b in found.holds)
    slots = {(slot.from_ms, of.service): slot for of in found.services for slot in of.slots}
    rows = [
        _row(zone, found, key, slots.get(key), held[key], entries[key], now_ms)
        for key in sorted({*slots, *entries, *held})
    ]
    totals = tuple(_total(zone, of.service, rows) for of in found.services)
    shown = (r for r in rows if (not service or r.service == service) and (r.entries or not r.over))
    blocks = sorted(found.blocks, key=lambda b: (b.from_ms, b.id))
    return DayView(found.day, tuple(shown), totals, tuple(_blocked(zone, b, snapshot, now_ms) for b in blocks))


def state_of(zone: Zone, booking: Booking, ticket: Ticket | None, now_ms: int) -> State:
    """`ticket`: the one that was drawn for it, where it is known."""
    if booking.used:
        return _OF_TICKET.get(ticket.state, State.OVER) if ticket else State.OVER
    if booking.held_until_ms:
        return State.HELD
    late_ms = now_ms - booking.slot_ms
    if late_ms > 1000 * zone.rules.booking_grace_s:
        return State.ABSENT
    return State.LATE if late_ms > 0 else State.BOOKED


def name_of(zone: Zone, service: ServiceId) -> Text:
    """Its id, where a booking system knows a service that the office no longer has."""
    return zone.services[service].name if service in zone.services else {"de": service, "en": service}


def _entry(zone: Zone, booking: Booking, snapshot: Snapshot, now_ms: int) -> Entry:
    ticket = snapshot.tickets.get(booking.used) if booking.used else None
    state, name = state_of(zone, booking, ticket, now_ms), name_of(zone, booking.service)
    return Entry(booking, name, state, ticket.number if ticket else "")


def _row(
    zone: Zone,
    found: AppointmentDay,
    key: tuple[int, ServiceId],
    slot: FreeSlot | None,
    held: int,
    entries: list[Entry],
    now_ms: int,
) -> Row:
    from_ms, service = key
    to_ms = slot.to_ms if slot else from_ms + max((e.booking.length_ms for e in entries), default=0)
    over, free = from_ms <= now_ms, slot.free if slot else None
    block = next((b for b in found.blocks if _covers(b, service, from_ms, to_ms)), None)
    return Row(from_ms, to_ms, service, name_of(zone, service), free, held, block, tuple(entries), over)


def _covers(block: Block, service: ServiceId, from_ms: int, to_ms: int) -> bool:
    overlaps = block.from_ms < max(to_ms, from_ms + 1) and from_ms < block.to_ms
    return overlaps and (not block.services or service in block.services)


def _total(zone: Zone, service: ServiceId, rows: Iterable[Row]) -> Total:
    own = [r for r in rows if r.service == service]
    free = sum(bool(r.free) and not r.over for r in own)
    entries = [e for r in own for e in r.entries]
    came = sum(bool(e.booking.used) for e in entries)
    return Total(service, name_of(zone, service), free, len(entries), came, sum(r.held for r in own))


def _blocked(zone: Zone, block: Block, snapshot: Snapshot, now_ms: int) -> Blocked:
    inside = sorted(
        (b for b in snapshot.bookings.values() if _covers(block, b.service, b.slot_ms, b.slot_ms + b.length_ms)),
        key=lambda b: (b.slot_ms, b.id),
    )
    names = tuple(name_of(zone, service) for service in block.services)
    return Blocked(block, names, tuple(_entry(zone, b, snapshot, now_ms) for b in inside))
