"""Who is next, and why."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_core.domain.model import Counter, CounterId, CounterState, SeriesId, ServiceId, Ticket, TicketId, TicketState
from queue_core.domain.policy import Why, in_session, next_not_before_ms, order, queue_of, serves
from tests.support.zones import NEW, NORMAL, ONE, SHORT, TWO, zone

NOW_MS = 1_000_000
ZONE = zone()
OFFSET = replace(
    ZONE, counters={**ZONE.counters, ONE: replace(ZONE.counters[ONE], offset_s={SHORT: 60}, services=(NEW, SHORT))}
)


def ticket(n: int, service: Any = NEW, rank_ms: int = 500_000, **more: Any) -> Ticket:
    fields: dict[str, Any] = {"state": TicketState.WAITING, "arrival_ms": rank_ms, **more}
    return Ticket(
        TicketId(f"t{n}"),
        f"A{n}",
        SeriesId("a"),
        service,
        NORMAL,
        ordinal=n,
        issued_ms=0,
        rank_ms=rank_ms,
        seq=n,
        **fields,
    )


def ids(*tickets: Ticket, at: CounterId = ONE, within: Any = ZONE) -> list[str]:
    return [c.ticket.id for c in order(within, at, tickets, NOW_MS)]


def test_the_smallest_rank_is_first() -> None:
    assert ids(ticket(1, rank_ms=30), ticket(2, rank_ms=10), ticket(3, rank_ms=20)) == ["t2", "t3", "t1"]


def test_equal_ranks_keep_the_order_of_drawing_over_services() -> None:
    assert ids(ticket(10, NEW), ticket(9, SHORT), ticket(100, NEW)) == ["t9", "t10", "t100"]


def test_an_offset_moves_a_service_back_at_its_counter_only() -> None:
    short, new = ticket(1, SHORT, 100_000), ticket(2, NEW, 160_000)
    assert ids(short, new, within=OFFSET) == ["t1", "t2"]
    assert ids(short, replace(new, rank_ms=159_999), within=OFFSET) == ["t2", "t1"]


def test_pinned_tickets_are_first_here_and_absent_elsewhere() -> None:
    pinned, other = ticket(2, SHORT, pin=ONE), ticket(1, SHORT)
    assert ids(pinned, other) == ["t2", "t1"]
    assert ids(pinned, other, at=TWO) == ["t1"]


def test_a_pinned_ticket_is_called_whatever_its_service() -> None:
    assert ids(ticket(1, NEW, pin=TWO), at=TWO) == ["t1"]


@pytest.mark.parametrize("state", [state for state in TicketState if state is not TicketState.WAITING])
def test_only_who_waits_is_next(state: TicketState) -> None:
    assert ids(ticket(1, state=state)) == []


def test_nobody_is_next_before_their_time() -> None:
    soon, later = ticket(1, not_before_ms=NOW_MS + 1), ticket(2, not_before_ms=NOW_MS + 2)
    assert ids(soon, later) == []
    assert next_not_before_ms(ZONE, ONE, [later, soon], NOW_MS) == NOW_MS + 1
    assert next_not_before_ms(ZONE, TWO, [later, soon], NOW_MS) is None
    assert ids(ticket(1, not_before_ms=NOW_MS)) == ["t1"]


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (ticket(1), Why.FIRST_COME),
        (ticket(1, pin=ONE), Why.PINNED),
        (ticket(1, booking="b"), Why.APPOINTMENT),
        (ticket(1, rank_ms=10, arrival_ms=20), Why.HEAD_START),
        (ticket(1, SHORT), Why.OFFSET),
    ],
)
def test_every_candidate_says_why(found: Ticket, why: Why) -> None:
    assert [c.why for c in order(OFFSET, ONE, [found], NOW_MS)] == [why]


def test_a_ticket_stands_in_the_set_of_its_service_or_its_pin() -> None:
    assert (queue_of(ticket(1)), queue_of(ticket(1, pin=TWO))) == (NEW, "@2")
    assert serves(ZONE.counters[TWO], SHORT)
    assert not serves(ZONE.counters[TWO], NEW)


@given(st.permutations([ticket(n, rank_ms=n // 3) for n in range(9)]))
def test_the_order_does_not_depend_on_how_tickets_are_listed(tickets: list[Ticket]) -> None:
    assert ids(*tickets) == [f"t{n}" for n in range(9)]


def test_a_session_serves_what_its_clerk_has_chosen_in_the_counters_order() -> None:
    chosen = Counter(ONE, CounterState.OPEN, services=(SHORT, ServiceId("gone")))
    now = in_session(ZONE, {ONE: chosen, TWO: Counter(TWO, CounterState.OPEN)})
    assert (now.counters[ONE].services, now.counters[TWO].services) == ((SHORT,), (SHORT,))
    assert ids(ticket(1, NEW), ticket(2, SHORT), within=now) == ["t2"]
    assert next_not_before_ms(now, ONE, [ticket(1, NEW, not_before_ms=NOW_MS + 1)], NOW_MS) is None


def test_a_zone_in_which_nobody_has_chosen_is_itself() -> None:
    assert in_session(ZONE, {ONE: Counter(ONE), CounterId("gone"): Counter(CounterId("gone"), services=(NEW,))}) is ZONE
