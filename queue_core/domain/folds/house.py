"""What events make of the house: counters and services, numbers lent, a new configuration, day or epoch."""

from collections.abc import Callable, Mapping
from dataclasses import fields, replace

from queue_core.domain.events import Event
from queue_core.domain.model import (
    LENT_KEPT_MS,
    Booking,
    BookingId,
    Counter,
    CounterId,
    CounterState,
    Lent,
    ServiceId,
)
from queue_core.domain.state import State


def restart(s: State, e: Event) -> None:
    fresh = State.from_json(e.data["state"])
    for field in fields(State):
        setattr(s, field.name, getattr(fresh, field.name))


def configured(s: State, e: Event) -> None:
    s.services = {ServiceId(i): s.services.get(ServiceId(i), True) for i in e.data["services"]}
    s.counters = {CounterId(i): s.counters.get(CounterId(i), Counter(CounterId(i))) for i in e.data["counters"]}


def counter_is(state: CounterState) -> Callable[[State, Event], None]:
    def fold(s: State, e: Event) -> None:
        counter = CounterId(e.data["counter"])
        paused, reason = state is CounterState.PAUSED, e.data.get("reason", "")
        services = s.counters[counter].services if paused else e.data.get("services", ())
        s.counters[counter] = Counter(counter, state, since_ms=e.at_ms, seq=e.seq, reason=reason, services=services)
        if state is CounterState.CLOSED:
            for t in s.tickets.values():
                if t.pin == counter:
                    s.tickets[t.id] = replace(t, pin=CounterId(""))

    return fold


def service_is(is_open: bool) -> Callable[[State, Event], None]:
    def fold(s: State, e: Event) -> None:
        s.services[e.data["service"]] = is_open

    return fold


def numbers_reserved(s: State, e: Event) -> None:
    d = e.data
    s.lent = (*s.lent, Lent(d["series"], d["first"], d["last"], d["holder"], e.at_ms))
    s.series_last[d["series"]] = d["last"]


def day_rolled(s: State, e: Event) -> None:
    d = e.data
    s.day, s.day_from_ms, s.day_to_ms = d["day"], d["day_from_ms"], d["day_to_ms"]
    s.ordinal, s.calls, s.remote = 0, (), 0
    s.lent = tuple(block for block in s.lent if block.at_ms >= s.day_from_ms - LENT_KEPT_MS)
    s.issued, s.series_last, s.totals = {}, {}, {}
    s.services = dict.fromkeys(s.services, True)
    s.bookings, s.holds, s.arrived = (_since(kept, s.day_from_ms) for kept in (s.bookings, s.holds, s.arrived))
    s.blocks = tuple(block for block in s.blocks if block.to_ms > s.day_from_ms)


def _since(bookings: Mapping[BookingId, Booking], from_ms: int) -> dict[BookingId, Booking]:
    return {i: b for i, b in bookings.items() if b.slot_ms >= from_ms}
