"""Records of desks are made once for each state of a ticket."""

from queue_core.domain.commands import CallNext, OpenCounter
from queue_core.domain.model import Ticket, TicketId
from queue_core.domain.views.drawn import DrawnTickets, ticket_desk
from tests.queue_core.domain.views.scenes import Morning
from tests.support.zones import ONE

SEED, COMMANDS = 5, 300


def records(tickets: dict[TicketId, Ticket]) -> list[dict[str, object]]:
    queued = sorted(tickets.values(), key=lambda t: (t.rank_ms, t.ordinal))
    return [ticket_desk(t) for t in queued if t.state not in ("called", "serving")]


def test_a_ticket_that_stands_still_keeps_its_very_record() -> None:
    morning, drawn = Morning(), DrawnTickets()
    morning.issue()
    [before] = drawn.in_order(morning.model.state.tickets)
    morning.issue()
    again, _ = drawn.in_order(morning.model.state.tickets)
    assert again is before


def test_whatever_happens_the_records_are_those_of_now() -> None:
    morning, drawn = Morning(), DrawnTickets()
    for _ in morning.random_events(SEED, COMMANDS):
        tickets = dict(morning.model.state.tickets)
        assert drawn.in_order(tickets) == records(tickets)
        assert all(drawn.of(t) == ticket_desk(t) for t in tickets.values())


def test_a_called_ticket_is_no_longer_in_the_queue_but_still_known() -> None:
    morning, drawn = Morning(), DrawnTickets()
    ticket = morning.issue()
    morning.do(OpenCounter(ONE))
    morning.do(CallNext(ONE))
    assert drawn.in_order(morning.model.state.tickets) == []
    assert drawn.of(morning.model.state.tickets[ticket])["state"] == "called"
