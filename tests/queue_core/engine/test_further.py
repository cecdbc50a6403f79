"""One visit, several services: each is served after the other, number and arrival stay."""

from dataclasses import replace

import pytest

from queue_core.domain.commands import (
    AddService,
    CallNext,
    Cancel,
    CloseService,
    Command,
    Finish,
    Issue,
    Miss,
    Park,
    Return,
    Start,
    Transfer,
    Undo,
)
from queue_core.domain.errors import Refusal
from queue_core.domain.model import CounterId, Current, ReturnMode, ServiceId, TicketId, TicketState
from queue_core.domain.office import Hours
from queue_core.engine import Once
from tests.support.bench import MINUTE_MS, MORNING_MS, Bench
from tests.support.zones import NEW, NORMAL, ONE, PRIORITY, SHORT, TWO


async def drawn(bench: Bench, *further: ServiceId) -> TicketId:
    outcome = await bench.do(Issue(NEW, PRIORITY, further=further))
    return TicketId(outcome.events[0].data["ticket"])


@pytest.fixture
async def at_work(bench: Bench) -> Bench:
    await bench.open_counters(ONE, TWO)
    return bench


async def called(bench: Bench, counter: CounterId, current: Current | None = None) -> tuple[str, str] | None:
    """Whom the counter calls, and for what."""
    ticket = (await bench.do(CallNext(counter, current))).ticket()
    return (ticket["id"], ticket["service"]) if ticket and ticket["state"] == TicketState.CALLED else None


async def test_finishing_sends_the_visit_on_with_its_number_and_arrival(at_work: Bench) -> None:
    short = replace(at_work.zone.services[SHORT], head_start_s={PRIORITY: 60})
    await at_work.restart(replace(at_work.zone, services={**at_work.zone.services, SHORT: short}))
    ticket = await drawn(at_work, SHORT)
    before = await at_work.ticket(ticket)
    await at_work.pass_s(600)
    await at_work.do(CallNext(ONE))
    outcome = await at_work.do(Finish(ONE, "done"))
    assert [(e.type.value, e.data["from"]) for e in outcome.events] == [
        ("started", "called"),
        ("transferred", "serving"),
    ]
    sent = outcome.events[1].data
    assert (sent["from_service"], sent["service"], sent["onward"], sent["outcome"]) == (NEW, SHORT, True, "done")
    after = await at_work.ticket(ticket)
    assert (after.state, after.service, after.number, after.arrival_ms, after.further) == (
        TicketState.WAITING,
        SHORT,
        before.number,
        before.arrival_ms,
        (),
    )
    assert after.rank_ms == MORNING_MS - MINUTE_MS
    assert (await at_work.counter(ONE)).ticket == ""


async def test_after_the_last_service_the_visit_is_over(at_work: Bench) -> None:
    ticket = await drawn(at_work, SHORT)
    await at_work.do(CallNext(ONE))
    await at_work.do(Finish(ONE))
    assert await called(at_work, TWO) == (ticket, SHORT)
    await at_work.do(Finish(TWO))
    assert (await at_work.ticket(ticket)).state is TicketState.FINISHED
    assert (await at_work.read()).totals == {TicketState.FINISHED: 1}


async def test_one_key_finishes_and_calls_as_two_would(at_work: Bench) -> None:
    """Who is sent on waits with their arrival, and may be the next at the same counter."""
    first = await drawn(at_work, SHORT)
    second = await at_work.draw(NEW)
    assert await called(at_work, ONE) == (first, NEW)
    assert await called(at_work, ONE, Current.FINISH) == (first, SHORT)
    assert await called(at_work, ONE, Current.FINISH) == (second, NEW)


async def test_who_came_before_is_called_before_who_is_sent_on(at_work: Bench) -> None:
    """An offset puts the further service back at this counter."""
    plain = at_work.zone.counters[ONE]
    await at_work.restart(
        replace(at_work.zone, counters={**at_work.zone.counters, ONE: replace(plain, offset_s={SHORT: 7200})})
    )
    first, second = await drawn(at_work, SHORT), await at_work.draw(NEW)
    assert await called(at_work, ONE) == (first, NEW)
    assert await called(at_work, ONE, Current.FINISH) == (second, NEW)
    assert await called(at_work, TWO) == (first, SHORT)


async def test_undo_of_the_one_key_takes_both_back(at_work: Bench) -> None:
    ticket = await drawn(at_work, SHORT)
    await at_work.do(CallNext(ONE))
    await at_work.do(Start(ONE))
    before = await at_work.ticket(ticket)
    await at_work.do(CallNext(ONE, Current.FINISH))
    await at_work.do(Undo(ONE))
    after = await at_work.ticket(ticket)
    assert replace(after, seq=before.seq) == before
    assert (await at_work.counter(ONE)).ticket == ticket


async def test_undo_of_a_finish_brings_the_visit_back_with_all_that_is_to_come(at_work: Bench) -> None:
    ticket = await drawn(at_work, SHORT)
    await at_work.do(CallNext(ONE))
    await at_work.do(Finish(ONE))
    await at_work.do(Undo(ONE))
    after = await at_work.ticket(ticket)
    assert (after.state, after.service, after.further) == (TicketState.CALLED, NEW, (SHORT,))
    assert await called(at_work, TWO) is None


@pytest.mark.parametrize(
    ("aside", "back"),
    [(Park(ONE), True), (Miss(ONE), True), (None, True), (Park(ONE), False)],
    ids=["parked", "missed", "called", "called again"],
)
async def test_what_is_to_come_stays_wherever_the_ticket_goes(
    at_work: Bench, aside: Command | None, back: bool
) -> None:
    ticket = await drawn(at_work, SHORT)
    await at_work.do(CallNext(ONE))
    if aside:
        await at_work.do(aside)
    if back:
        await at_work.do(Return(ticket, ReturnMode.OLD))
    assert (await at_work.ticket(ticket)).further == (SHORT,)


async def test_a_transfer_by_hand_to_a_service_that_was_to_come_serves_it_once(at_work: Bench) -> None:
    ticket = await drawn(at_work, SHORT)
    await at_work.do(Transfer(ticket, SHORT))
    assert (await at_work.ticket(ticket)).further == ()
    await at_work.do(AddService(ticket, NEW))
    await at_work.do(Transfer(ticket, to_counter=TWO))
    assert (await at_work.ticket(ticket)).further == (NEW,)


async def test_a_service_stopped_meanwhile_still_serves_who_drew_for_it(at_work: Bench) -> None:
    ticket = await drawn(at_work, SHORT)
    await at_work.do(CallNext(ONE))
    await at_work.do(CloseService(SHORT))
    await at_work.do(Finish(ONE))
    assert await called(at_work, TWO) == (ticket, SHORT)


async def test_a_service_configured_away_stays_as_long_as_a_visit_goes_on_to_it(at_work: Bench) -> None:
    ticket = await drawn(at_work, SHORT)
    one = replace(at_work.zone.counters[ONE], services=(NEW,))
    await at_work.restart(replace(at_work.zone, services={NEW: at_work.zone.services[NEW]}, counters={ONE: one}))
    await at_work.do(CallNext(ONE))
    await at_work.do(Finish(ONE))
    assert await called(at_work, ONE) == (ticket, SHORT)


@pytest.mark.parametrize(
    ("further", "refusal"),
    [
        ((ServiceId("none"),), Refusal.UNKNOWN_SERVICE),
        ((NEW,), Refusal.SERVICE_LISTED),
        ((SHORT, SHORT), Refusal.SERVICE_LISTED),
    ],
    ids=["unknown", "the same", "twice"],
)
async def test_a_visit_that_cannot_be_is_not_drawn(
    bench: Bench, further: tuple[ServiceId, ...], refusal: Refusal
) -> None:
    assert await bench.refusal(Issue(NEW, NORMAL, further=further)) is refusal
    assert (await bench.read()).ordinal == 0


async def test_a_visit_is_drawn_only_while_all_its_services_are_open_to_draw(bench: Bench) -> None:
    await bench.do(CloseService(SHORT))
    refused = await bench.refused(Issue(NEW, NORMAL, further=(SHORT,)))
    assert (refused.code, refused.details["service"]) == (Refusal.SERVICE_CLOSED, SHORT)
    short = replace(bench.zone.services[SHORT], hours=Hours())
    await bench.restart(replace(bench.zone, services={**bench.zone.services, SHORT: short}))
    await bench.next_day()
    refused = await bench.refused(Issue(NEW, NORMAL, further=(SHORT,)))
    assert (refused.code, refused.details["service"]) == (Refusal.OUTSIDE_HOURS, SHORT)


async def test_a_quota_refuses_the_visit_but_counts_only_tickets(bench: Bench) -> None:
    short = replace(bench.zone.services[SHORT], quota=1)
    await bench.restart(replace(bench.zone, services={**bench.zone.services, SHORT: short}))
    await drawn(bench, SHORT)
    assert (await bench.read()).issued == {NEW: 1}
    await bench.draw(SHORT)
    refused = await bench.refused(Issue(NEW, NORMAL, further=(SHORT,)))
    assert (refused.code, refused.details["service"]) == (Refusal.QUOTA_EXHAUSTED, SHORT)


@pytest.mark.parametrize("state", ["waiting", "called", "serving", "parked", "missed"])
async def test_a_service_is_added_wherever_the_visitor_is(at_work: Bench, state: str) -> None:
    ticket = await at_work.draw(NEW)
    moves: dict[str, list[Command]] = {
        "waiting": [],
        "called": [CallNext(ONE)],
        "serving": [CallNext(ONE), Start(ONE)],
        "parked": [CallNext(ONE), Park(ONE)],
        "missed": [CallNext(ONE), Miss(ONE)],
    }
    for move in moves[state]:
        await at_work.do(move)
    outcome = await at_work.do(AddService(ticket, SHORT))
    after = await at_work.ticket(ticket)
    assert (after.state, after.service, after.further) == (state, NEW, (SHORT,))
    shown = outcome.ticket()
    assert shown is not None
    assert (shown["state"], shown["further"]) == (state, [SHORT])


async def test_an_added_service_is_the_counters_last_move(at_work: Bench) -> None:
    ticket = await at_work.draw(NEW)
    await at_work.do(CallNext(ONE))
    outcome = await at_work.do(AddService(ticket, SHORT))
    assert outcome.counter() == {"id": ONE, "state": "open", "ticket": ticket}
    await at_work.do(Undo(ONE))
    after = await at_work.ticket(ticket)
    assert (after.state, after.further) == (TicketState.CALLED, ())


async def test_what_cannot_be_added_is_refused(at_work: Bench) -> None:
    ticket = await drawn(at_work, SHORT)
    for service in (NEW, SHORT):
        assert await at_work.refusal(AddService(ticket, service)) is Refusal.SERVICE_LISTED
    assert await at_work.refusal(AddService(ticket, ServiceId("none"))) is Refusal.UNKNOWN_SERVICE
    assert await at_work.refusal(AddService(TicketId("none"), SHORT)) is Refusal.UNKNOWN_TICKET
    other = await at_work.draw(NEW)
    await at_work.do(CloseService(SHORT))
    assert await at_work.refusal(AddService(other, SHORT)) is Refusal.SERVICE_CLOSED
    await at_work.do(Cancel(other, "staff"))
    assert await at_work.refusal(AddService(other, SHORT)) is Refusal.WRONG_STATE


async def test_a_repeated_finish_sends_on_once(at_work: Bench) -> None:
    await drawn(at_work, SHORT)
    await at_work.do(CallNext(ONE))
    first = await at_work.do(Finish(ONE), Once("desk", "k"))
    again = await at_work.do(Finish(ONE), Once("desk", "k"))
    assert (again.repeated, again.events) == (True, first.events)


async def test_whoever_still_has_services_to_come_expires_with_the_day(at_work: Bench) -> None:
    await drawn(at_work, SHORT)
    await at_work.next_day()
    assert (await at_work.read()).tickets == {}
