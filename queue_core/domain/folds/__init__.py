"""What each event makes of a zone's state."""

from collections.abc import Callable, Mapping

from queue_core.domain.events import Event, EventType
from queue_core.domain.folds import bookings, house, tickets
from queue_core.domain.model import CounterState
from queue_core.domain.state import State

FOLDS: Mapping[EventType, Callable[[State, Event], None]] = {
    EventType.EPOCH_STARTED: house.restart,
    EventType.CONFIGURED: house.configured,
    EventType.ISSUED: tickets.issued,
    EventType.CALLED: tickets.called,
    EventType.RECALLED: tickets.recalled,
    EventType.STARTED: tickets.started,
    EventType.FINISHED: tickets.left_counter,
    EventType.MISSED: tickets.left_counter,
    EventType.PARKED: tickets.left_counter,
    EventType.EXPIRED: tickets.left_counter,
    EventType.RETURNED: tickets.queued,
    EventType.TRANSFERRED: tickets.queued,
    EventType.SERVICE_ADDED: tickets.service_added,
    EventType.CONFIRMED: tickets.confirmed,
    EventType.CANCELLED: tickets.cancelled,
    EventType.UNDONE: tickets.undone,
    EventType.COUNTER_OPENED: house.counter_is(CounterState.OPEN),
    EventType.COUNTER_PAUSED: house.counter_is(CounterState.PAUSED),
    EventType.COUNTER_CLOSED: house.counter_is(CounterState.CLOSED),
    EventType.SERVICE_OPENED: house.service_is(True),
    EventType.SERVICE_CLOSED: house.service_is(False),
    EventType.NUMBERS_RESERVED: house.numbers_reserved,
    EventType.SLOT_HELD: bookings.slot_held,
    EventType.HOLDS_LAPSED: bookings.holds_lapsed,
    EventType.BOOKED: bookings.booked,
    EventType.BOOKING_MOVED: bookings.booking_moved,
    EventType.BOOKING_CANCELLED: bookings.booking_cancelled,
    EventType.CHECKED_IN: bookings.checked_in,
    EventType.SLOTS_BLOCKED: bookings.slots_blocked,
    EventType.SLOTS_UNBLOCKED: bookings.slots_unblocked,
    EventType.DAY_ROLLED: house.day_rolled,
}
