"""The run's order is held to the policy's."""

from hypothesis import given
from hypothesis import strategies as st

from queue_core.domain.model import ClassId, CounterId, SeriesId, ServiceId, Ticket, TicketId, TicketState
from queue_core.domain.policy import order, queue_of
from queue_core.estimate.queue_length.duration import Duration
from queue_core.estimate.queue_length.laws import Cycle
from queue_core.estimate.queue_length.line import Desk, Place, Waiting, people_ahead, run
from tests.support.offices import office

NOW_MS = 10_000_000
SERVICES = ("a", "b")
ZONE = office({"a": 5, "b": 10}, [SERVICES, ("b",)], offsets_s={"b": 300})
ONE, TWO = CounterId("1"), CounterId("2")
OFFSETS_MS = {ServiceId("a"): 0, ServiceId("b"): 300_000}
DESKS = {ONE: OFFSETS_MS, TWO: {ServiceId("b"): 300_000}}
MINUTE = Cycle(Duration(60, 0), 0)

PLACES = st.lists(
    st.tuples(st.integers(0, 20), st.sampled_from(SERVICES), st.sampled_from(["", "1"])), min_size=1, max_size=12
)


def ticket(n: int, rank: int, service: str, pin: str = "") -> Ticket:
    return Ticket(
        id=TicketId(f"t{n}"),
        number=f"A{n:03d}",
        series=SeriesId(service),
        service=ServiceId(service),
        visitor_class=ClassId("default"),
        state=TicketState.WAITING,
        ordinal=n,
        issued_ms=0,
        arrival_ms=0,
        rank_ms=rank * 60_000,
        seq=n,
        pin=CounterId(pin),
    )


def waiting(t: Ticket, eligible_s: float = 0) -> Waiting:
    return Waiting(t.id, t.service, t.visitor_class, queue_of(t), Place(t.rank_ms, t.ordinal), eligible_s)


def desk(counter: CounterId, busy_s: float = 0) -> Desk:
    return Desk(counter, DESKS[counter], Duration(busy_s, 0), Duration(60, 0))


@given(PLACES)
def test_one_counter_calls_in_the_order_of_the_policy(places: list[tuple[int, str, str]]) -> None:
    tickets = [ticket(n, *place) for n, place in enumerate(places)]
    turns = run([desk(ONE)], map(waiting, tickets), lambda _: MINUTE)
    assert [t.waiting.id for t in turns] == [c.ticket.id for c in order(ZONE, ONE, tickets, NOW_MS)]


@given(PLACES)
def test_people_ahead_at_one_counter_is_the_place_in_the_policys_order(places: list[tuple[int, str, str]]) -> None:
    tickets = [ticket(n, *place) for n, place in enumerate(places)]
    turns = run([desk(ONE)], map(waiting, tickets), lambda _: MINUTE)
    ahead = people_ahead({ONE: OFFSETS_MS}, [waiting(t) for t in tickets], turns)
    expected = {c.ticket.id: n for n, c in enumerate(order(ZONE, ONE, tickets, NOW_MS))}
    assert ahead == expected


def test_who_waits_for_a_counter_that_is_not_open_is_not_ahead() -> None:
    a, b = ticket(1, 0, "a"), ticket(2, 1, "b")
    assert people_ahead({TWO: DESKS[TWO]}, [waiting(a), waiting(b)], ())[b.id] == 0


def test_two_counters_share_one_line() -> None:
    tickets = [ticket(n, n, "b") for n in range(4)]
    turns = run([desk(ONE), desk(TWO)], map(waiting, tickets), lambda _: MINUTE)
    assert [turn.at_s for turn in turns] == [0, 0, 60, 60]


def test_ticket_that_must_not_be_called_yet_is_called_when_it_may() -> None:
    late, early = ticket(1, 0, "a"), ticket(2, 5, "a")
    turns = run([desk(ONE)], [waiting(late, eligible_s=90), waiting(early)], lambda _: MINUTE)
    assert [(t.waiting.id, t.at_s) for t in turns] == [(early.id, 0), (late.id, 90)]


def test_probe_takes_nobodys_time() -> None:
    probe = Waiting(ServiceId("a"), ServiceId("a"), ClassId("default"), "a", Place(0, 0), probe=True)
    turns = run([desk(ONE)], [probe, waiting(ticket(1, 1, "a"))], lambda _: MINUTE)
    assert [turn.at_s for turn in turns] == [0, 0]


def test_nobody_is_called_where_no_desk_is_open() -> None:
    assert run([desk(TWO)], [waiting(ticket(1, 1, "a"))], lambda _: MINUTE) == []


def test_spread_grows_along_the_line() -> None:
    uncertain = Cycle(Duration(60, 900), 5)
    turns = run([desk(ONE)], [waiting(ticket(n, n, "a")) for n in range(5)], lambda _: uncertain)
    variances = [turn.var for turn in turns]
    assert variances == sorted(variances)
    assert variances[-1] > variances[0]


def test_who_stands_before_at_a_busier_counter_but_is_called_later_is_not_ahead() -> None:
    before, newcomer = [ticket(n, n, "a") for n in range(1, 5)], ticket(9, 9, "b")
    people = [waiting(t) for t in (*before, newcomer)]
    turns = run([desk(ONE, busy_s=600), desk(TWO)], people, lambda _: MINUTE)
    assert people_ahead(DESKS, people, turns)[newcomer.id] == 0
    turns = run([desk(ONE), desk(TWO, busy_s=600)], people, lambda _: MINUTE)
    assert people_ahead(DESKS, people, turns)[newcomer.id] == 4
