"""What a changed configuration still owes to those inside."""

from dataclasses import replace
from typing import Any

from queue_core.domain.model import Counter, CounterId, SeriesId, Ticket, TicketId, TicketState
from queue_core.domain.snapshot import Snapshot
from queue_core.domain.succession import with_leftovers
from tests.support.zones import NEW, NORMAL, ONE, PRIORITY, SHORT, TWO, zone

FULL = zone()
LESS = replace(
    FULL,
    services={NEW: FULL.services[NEW]},
    counters={ONE: replace(FULL.counters[ONE], services=(NEW,))},
    classes={NORMAL: FULL.classes[NORMAL]},
)


def inside(*counters: Counter, **more: Any) -> Snapshot:
    fields: dict[str, Any] = {"service": NEW, "visitor_class": NORMAL, **more}
    ticket = Ticket(
        TicketId("t"),
        "C001",
        SeriesId("c"),
        state=TicketState.WAITING,
        ordinal=1,
        issued_ms=1,
        arrival_ms=1,
        rank_ms=1,
        seq=1,
        **fields,
    )
    return Snapshot(tickets={ticket.id: ticket}, counters={c.id: c for c in counters})


def test_with_nobody_left_the_file_is_in_force_as_it_is() -> None:
    assert with_leftovers(LESS, inside()) is LESS
    assert with_leftovers(LESS, Snapshot()) is LESS


def test_a_service_with_people_inside_stays_draws_nobody_and_is_served_everywhere() -> None:
    found = with_leftovers(LESS, inside(service=SHORT))
    assert found.services.keys() == {NEW, SHORT}
    assert not found.hours_of(SHORT).always
    assert found.hours_of(SHORT).week == {}
    assert found.counters[ONE].services == (NEW, SHORT)


def test_a_class_with_people_inside_stays_without_a_head_start() -> None:
    found = with_leftovers(LESS, inside(visitor_class=PRIORITY))
    assert found.head_start_ms(NEW, PRIORITY) == 0


def test_a_counter_that_holds_a_ticket_stays() -> None:
    found = with_leftovers(LESS, inside(Counter(TWO, ticket=TicketId("t")), Counter(CounterId("3"))))
    assert found.counters.keys() == {ONE, TWO}


def test_a_counter_with_a_pinned_ticket_stays() -> None:
    assert with_leftovers(LESS, inside(pin=TWO)).counters.keys() == {ONE, TWO}
