"""Reasons in whole halls, against the plain words of them: each ticket compared with every other."""

from dataclasses import replace
from random import Random

import pytest

from queue_core.domain.commands import Issue, OpenCounter
from queue_core.domain.model import Counter, CounterId, CounterState, ServiceId, Ticket, TicketId, TicketState
from queue_core.domain.policy import may_call, queue_of
from queue_core.domain.snapshot import Snapshot
from queue_core.estimate.forecast import Later
from queue_core.estimate.lateness import Lateness, NotedCall, place_of
from queue_core.simulate.paper import PaperZone
from tests.support.offices import office

ZONE = office({"a": 5, "b": 5}, [("a",), ("a", "b"), ("b",)])
COUNTERS = tuple(ZONE.counters)
SEQS = 40
NOON_MS = 1_893_927_600_000


def examples() -> tuple[Ticket, Counter]:
    paper, ticket = PaperZone(ZONE, NOON_MS), TicketId("t")
    paper.do(OpenCounter(COUNTERS[0]))
    paper.do(Issue(ServiceId("a"), ZONE.default_class, ticket))
    return paper.state.tickets[ticket], paper.state.counters[COUNTERS[0]]


def hall(random: Random) -> tuple[Snapshot, list[NotedCall]]:
    """Few places and few events, so that some are the same. A pin may be to a counter that is no more."""
    ticket, counter = examples()
    tickets = [
        replace(
            ticket,
            id=TicketId(str(n)),
            service=ServiceId(random.choice("ab")),
            pin=random.choice([ticket.pin, ticket.pin, COUNTERS[1], CounterId("gone")]),
            state=random.choice([TicketState.WAITING] * 3 + [TicketState.CALLED]),
            rank_ms=random.randrange(5),
            ordinal=random.randrange(3),
            seq=random.randrange(SEQS),
        )
        for n in range(12)
    ]
    states = [*[CounterState.OPEN] * 5, CounterState.PAUSED, CounterState.CLOSED]
    counters = [
        replace(counter, id=id_, state=random.choice(states), seq=random.randrange(SEQS))
        for id_ in COUNTERS
        if random.random() < 0.9
    ]
    calls = [
        NotedCall(random.choice(COUNTERS), (random.randrange(5), random.randrange(3)), random.randrange(SEQS))
        for _ in range(random.randrange(4))
    ]
    return Snapshot(tickets={t.id: t for t in tickets}, counters={c.id: c for c in counters}), calls


def plainly(ticket: Ticket, since_seq: int, state: Snapshot, calls: list[NotedCall]) -> Later:
    own = {p.id for p in ZONE.counters.values() if may_call(p, ticket)}
    stopped = {c.state for c in state.counters.values() if c.id in own and c.seq > since_seq}
    if CounterState.CLOSED in stopped:
        return Later.COUNTER_CLOSED
    if CounterState.PAUSED in stopped:
        return Later.COUNTER_PAUSED
    for call in calls:
        if call.counter in own and call.seen_seq > since_seq and call.place > place_of(ticket):
            return Later.OVERTAKEN
    for other in state.tickets.values():
        same = other.state is TicketState.WAITING and queue_of(other) == queue_of(ticket)
        if same and other.seq > since_seq and place_of(other) < place_of(ticket):
            return Later.OVERTAKEN
    return Later.SLOWER


@pytest.mark.parametrize("seed", range(20))
def test_what_is_looked_up_is_what_comparing_everybody_finds(seed: int) -> None:
    random = Random(seed)
    for _ in range(20):
        state, calls = hall(random)
        lateness = Lateness(ZONE, state, calls)
        for ticket in state.tickets.values():
            if ticket.state is TicketState.WAITING:
                since_seq = random.randrange(SEQS)
                assert lateness.reason(ticket, since_seq) is plainly(ticket, since_seq, state, calls)


def test_every_reason_is_among_those_halls() -> None:
    random, found = Random(0), set()
    for _ in range(40):
        state, calls = hall(random)
        found |= {plainly(t, 20, state, calls) for t in state.tickets.values()}
    assert found == set(Later)
