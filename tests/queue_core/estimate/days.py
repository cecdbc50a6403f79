"""Random legal logs of a small zone: everything that may stand in one, undo, a new epoch and the next day included."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from hypothesis import strategies as st

from queue_core.domain.booking_commands import Book, CheckIn
from queue_core.domain.calendar import business_day
from queue_core.domain.commands import Command, Issue
from queue_core.domain.errors import Refused
from queue_core.domain.events import Event, EventType
from queue_core.domain.model import BookingId, CounterId, TicketId
from queue_core.domain.office import Zone
from queue_core.simulate.paper import PaperZone
from tests.queue_core.estimate.queue_length.test_method import DEFAULT, PRIORITY, STEPS, ZONE, A, B
from tests.queue_core.estimate.queue_length.test_method import Step as Choice

MORNING_MS = int(datetime(2030, 1, 7, 9, 0, tzinfo=ZONE.time_zone).timestamp() * 1000)
Happening = Callable[[PaperZone], None]
_DAY_MS = 86_400_000


def _commanded(choice: Choice) -> Happening:
    def happen(zone: PaperZone) -> None:
        if command := choice(list(zone.state.tickets)):
            _do(zone, command)

    return happen


def _do(zone: PaperZone, command: Command) -> None:
    if isinstance(command, Issue | CheckIn):
        command = replace(command, ticket=TicketId(f"t{len(zone.log)}"))
    with suppress(Refused):
        zone.do(command)


def _undo(zone: PaperZone) -> None:
    """Takes the last call back, if nothing happened since."""
    called = zone.log[-1]
    if called.type is not EventType.CALLED:
        return
    ticket = zone.state.tickets[called.data["ticket"]]
    before = replace(ticket, state=called.data["from"], counter=CounterId(""), called_ms=0)
    counter = replace(zone.state.counters[ticket.counter], ticket=TicketId(""))
    data = {"counter": counter.id, "undoes_seq": called.seq, "undoes_count": 1}
    records = {"tickets": [before.to_json()], "counter_record": counter.to_json()}
    zone._append(EventType.UNDONE, data | records)


def _new_epoch(zone: PaperZone) -> None:
    state = {
        "tickets": [t.to_json() for t in zone.state.tickets.values()],
        "counters": [c.to_json() for c in zone.state.counters.values()],
        "bookings": [b.to_json() for b in zone.state.bookings.values()],
        "services": dict(zone.state.services),
        "ordinal": zone.state.ordinal,
    }
    zone._epoch += 1
    zone._append(EventType.EPOCH_STARTED, {"state": state, "cause": "test"})


def _next_day(zone: PaperZone) -> None:
    zone.now_ms += _DAY_MS
    with suppress(Refused):
        zone.roll_day(business_day(zone.zone, zone.now_ms))


def _configured(zone: PaperZone) -> None:
    """A service and a counter more than the estimator's configuration has."""
    services, counters = [*zone.zone.services, "new"], [*zone.zone.counters, "new"]
    zone._append(EventType.CONFIGURED, {"services": services, "counters": counters, "digest": ""})


def _booked(minutes: int) -> Happening:
    def happen(zone: PaperZone) -> None:
        slot_ms = zone.now_ms + 60_000 * minutes
        _do(zone, Book(BookingId(f"b{len(zone.log)}"), A if minutes % 2 else B, PRIORITY, slot_ms))

    return happen


def _checked_in(zone: PaperZone) -> None:
    for booking in list(zone.state.bookings)[:1]:
        _do(zone, CheckIn(booking, TicketId("")))


def _drawn(zone: PaperZone) -> None:
    _do(zone, Issue(A, DEFAULT))


HAPPENINGS: st.SearchStrategy[Happening] = st.one_of(
    STEPS.map(_commanded),
    STEPS.map(_commanded),
    st.integers(-20, 90).map(_booked),
    st.sampled_from([_undo, _checked_in, _drawn, _drawn, _drawn, _new_epoch, _next_day, _configured]),
)
PAUSES_S = st.integers(0, 900)


def log(zone: Zone, happenings: list[tuple[Happening, int]]) -> list[Event]:
    """What is logged when this happens, each so many seconds after the one before."""
    paper = PaperZone(zone, MORNING_MS, day=business_day(zone, MORNING_MS))
    for happen, pause_s in happenings:
        paper.now_ms += 1000 * pause_s
        happen(paper)
    return paper.log


LOGS: st.SearchStrategy[list[Event]] = st.lists(st.tuples(HAPPENINGS, PAUSES_S), max_size=50).map(
    lambda happenings: log(ZONE, happenings)
)
