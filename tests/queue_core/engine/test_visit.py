"""A visit at a counter: start, finish, miss, park, return, transfer, cancel."""

from dataclasses import replace

import pytest

from queue_core.domain.commands import (
    CallNext,
    Cancel,
    CloseCounter,
    CloseService,
    Command,
    Finish,
    Miss,
    OpenCounter,
    Park,
    PauseCounter,
    Recall,
    Return,
    Start,
    Transfer,
)
from queue_core.domain.errors import Refusal
from queue_core.domain.model import CounterId, CounterState, Current, ReturnMode, ServiceId, TicketId, TicketState
from tests.support.bench import MINUTE_MS, MORNING_MS, Bench
from tests.support.zones import NEW, ONE, PRIORITY, SHORT, TWO


@pytest.fixture
async def visit(bench: Bench) -> tuple[Bench, TicketId]:
    """A visitor drawn in the morning, called ten minutes later at counter 1."""
    await bench.open_counters(ONE)
    ticket = await bench.draw(SHORT, PRIORITY)
    await bench.pass_s(600)
    await bench.do(CallNext(ONE))
    return bench, ticket


Visit = tuple[Bench, TicketId]


async def test_start_and_finish_take_the_times_of_the_visit(visit: Visit) -> None:
    bench, ticket = visit
    await bench.pass_s(30)
    await bench.do(Start(ONE))
    await bench.pass_s(300)
    await bench.do(Finish(ONE, "done"))
    t = await bench.ticket(ticket)
    assert (t.state, t.called_ms, t.started_ms, t.ended_ms) == (
        TicketState.FINISHED,
        MORNING_MS + 600_000,
        MORNING_MS + 630_000,
        MORNING_MS + 930_000,
    )
    snapshot = await bench.read()
    assert (snapshot.tickets, snapshot.totals) == ({}, {TicketState.FINISHED: 1})


async def test_finish_from_called_starts_first(visit: Visit) -> None:
    bench, ticket = visit
    outcome = await bench.do(Finish(ONE))
    assert [(e.type.value, e.data["from"]) for e in outcome.events] == [("started", "called"), ("finished", "serving")]
    assert (await bench.ticket(ticket)).started_ms == bench.now_ms


@pytest.mark.parametrize("command", [Start(ONE), Finish(ONE), Miss(ONE), Park(ONE)])
async def test_an_idle_counter_has_nobody_to_work_on(bench: Bench, command: Command) -> None:
    await bench.open_counters(ONE)
    assert await bench.refusal(command) is Refusal.COUNTER_IDLE


async def test_nobody_starts_twice(visit: Visit) -> None:
    bench, _ = visit
    await bench.do(Start(ONE))
    refused = await bench.refused(Start(ONE))
    assert (refused.code, refused.details["state"], refused.details["allowed"]) == (
        Refusal.WRONG_STATE,
        "serving",
        ["called"],
    )


@pytest.mark.parametrize("from_serving", [False, True])
async def test_parking_frees_the_counter_and_keeps_the_reason(visit: Visit, from_serving: bool) -> None:
    bench, ticket = visit
    if from_serving:
        await bench.do(Start(ONE))
    await bench.do(Park(ONE, "papers"))
    t = await bench.ticket(ticket)
    assert (t.state, t.counter, t.reason) == (TicketState.PARKED, ONE, "papers")
    assert (await bench.counter(ONE)).ticket == ""


@pytest.mark.parametrize("set_aside", [None, Park(ONE), Miss(ONE)])
async def test_returning_to_the_old_place_keeps_the_rank(visit: Visit, set_aside: Command | None) -> None:
    bench, ticket = visit
    if set_aside:
        await bench.do(set_aside)
    await bench.do(Return(ticket, ReturnMode.OLD))
    t = await bench.ticket(ticket)
    assert (t.state, t.rank_ms, t.counter) == (TicketState.WAITING, MORNING_MS - 20 * MINUTE_MS, "")
    assert (await bench.counter(ONE)).ticket == ""


async def test_returning_to_the_end_ranks_as_if_it_came_now(visit: Visit) -> None:
    bench, ticket = visit
    await bench.do(Return(ticket, ReturnMode.END))
    assert (await bench.ticket(ticket)).rank_ms == bench.now_ms - 20 * MINUTE_MS


async def test_returning_after_a_while_keeps_the_rank_but_not_before(visit: Visit) -> None:
    bench, ticket = visit
    await bench.do(Return(ticket, ReturnMode.AFTER, 90))
    t = await bench.ticket(ticket)
    assert (t.rank_ms, t.not_before_ms) == (MORNING_MS - 20 * MINUTE_MS, bench.now_ms + 90_000)


async def test_who_is_served_or_waits_cannot_be_returned(visit: Visit) -> None:
    bench, ticket = visit
    await bench.do(Start(ONE))
    assert await bench.refusal(Return(ticket, ReturnMode.OLD)) is Refusal.WRONG_STATE
    waiting = await bench.draw()
    assert await bench.refusal(Return(waiting, ReturnMode.OLD)) is Refusal.WRONG_STATE


async def test_a_transfer_to_a_service_keeps_number_and_arrival_and_ranks_there(visit: Visit) -> None:
    bench, ticket = visit
    own_head_start = replace(bench.zone.services[NEW], head_start_s={PRIORITY: 60})
    await bench.restart(replace(bench.zone, services={**bench.zone.services, NEW: own_head_start}))
    before = await bench.ticket(ticket)
    await bench.do(Transfer(ticket, NEW, by_counter=ONE, reason="other matter"))
    t = await bench.ticket(ticket)
    assert (t.service, t.number, t.arrival_ms, t.reason) == (NEW, before.number, before.arrival_ms, "other matter")
    assert t.rank_ms == MORNING_MS - MINUTE_MS
    assert (await bench.counter(ONE)).ticket == ""


async def test_a_pin_within_the_service_keeps_the_rank(visit: Visit) -> None:
    bench, ticket = visit
    await bench.do(Return(ticket, ReturnMode.END))
    before = await bench.ticket(ticket)
    await bench.do(Transfer(ticket, to_counter=ONE))
    assert (await bench.ticket(ticket)).rank_ms == before.rank_ms != before.arrival_ms - 20 * MINUTE_MS


async def test_a_pin_falls_when_its_counter_closes(visit: Visit) -> None:
    bench, ticket = visit
    await bench.open_counters(TWO)
    await bench.do(Transfer(ticket, to_counter=TWO, by_counter=ONE))
    assert (await bench.do(CallNext(ONE))).events == ()
    await bench.do(CloseCounter(TWO))
    assert (await bench.ticket(ticket)).pin == ""
    called = (await bench.do(CallNext(ONE))).ticket()
    assert called is not None
    assert called["id"] == ticket


async def test_a_pin_that_still_has_to_wait_falls_too(visit: Visit) -> None:
    bench, ticket = visit
    await bench.open_counters(TWO)
    await bench.do(Return(ticket, ReturnMode.AFTER, 60))
    await bench.do(Transfer(ticket, to_counter=TWO))
    assert (await bench.ticket(ticket)).not_before_ms == bench.now_ms + 60_000
    await bench.do(CloseCounter(TWO))
    assert (await bench.ticket(ticket)).pin == ""


@pytest.mark.parametrize(
    ("transfer", "refusal"),
    [
        (Transfer(TicketId("none"), NEW), Refusal.UNKNOWN_TICKET),
        (Transfer(TicketId(""), ServiceId("none")), Refusal.UNKNOWN_SERVICE),
        (Transfer(TicketId(""), to_counter=CounterId("none")), Refusal.UNKNOWN_COUNTER),
        (Transfer(TicketId(""), NEW, by_counter=CounterId("none")), Refusal.UNKNOWN_COUNTER),
        (Transfer(TicketId(""), to_counter=TWO), Refusal.COUNTER_CLOSED),
        (Transfer(TicketId(""), NEW, by_counter=TWO), Refusal.NOT_YOURS),
    ],
)
async def test_a_transfer_to_nowhere_is_refused(visit: Visit, transfer: Transfer, refusal: Refusal) -> None:
    bench, ticket = visit
    assert await bench.refusal(replace(transfer, ticket=transfer.ticket or ticket)) is refusal
    assert (await bench.counter(ONE)).ticket == ticket


async def test_a_transfer_to_a_service_with_a_ticket_stop_is_refused(visit: Visit) -> None:
    bench, ticket = visit
    await bench.do(CloseService(NEW))
    assert await bench.refusal(Transfer(ticket, NEW)) is Refusal.SERVICE_CLOSED


async def test_whoever_waits_or_was_set_aside_can_leave(visit: Visit) -> None:
    bench, ticket = visit
    assert await bench.refusal(Cancel(ticket, "visitor")) is Refusal.WRONG_STATE
    await bench.do(Miss(ONE))
    outcome = await bench.do(Cancel(ticket, "visitor"))
    assert outcome.events[0].data["by"] == "visitor"
    assert await bench.refusal(Cancel(ticket, "visitor")) is Refusal.WRONG_STATE
    assert (await bench.read()).totals == {TicketState.CANCELLED: 1}


async def test_a_counter_opens_pauses_and_closes(bench: Bench) -> None:
    assert await bench.refusal(CloseCounter(ONE)) is Refusal.COUNTER_CLOSED
    assert await bench.refusal(PauseCounter(ONE)) is Refusal.COUNTER_CLOSED
    await bench.do(OpenCounter(ONE))
    assert await bench.refusal(OpenCounter(ONE)) is Refusal.COUNTER_OPEN
    await bench.do(PauseCounter(ONE, "lunch"))
    assert await bench.refusal(PauseCounter(ONE)) is Refusal.COUNTER_PAUSED
    counter = await bench.counter(ONE)
    assert (counter.state, counter.reason, counter.since_ms) == (CounterState.PAUSED, "lunch", bench.now_ms)
    await bench.do(OpenCounter(ONE))
    await bench.do(CloseCounter(ONE))
    assert (await bench.counter(ONE)).state is CounterState.CLOSED


@pytest.mark.parametrize("command", [PauseCounter(ONE), CloseCounter(ONE)])
async def test_who_holds_a_visitor_neither_pauses_nor_closes(visit: Visit, command: Command) -> None:
    bench, _ = visit
    assert await bench.refusal(command) is Refusal.COUNTER_BUSY


@pytest.mark.parametrize(
    "command",
    [
        CallNext(ONE, Current.FINISH, TicketId("t0")),
        CallNext(ONE, None, TicketId("t0")),
        Start(ONE, TicketId("t0")),
        Finish(ONE, meant=TicketId("t0")),
        Miss(ONE, TicketId("t0")),
        Park(ONE, meant=TicketId("t0")),
        Recall(ONE, TicketId("t0")),
    ],
    ids=["finish_and_next", "next", "start", "finish", "miss", "park", "recall"],
)
async def test_what_was_meant_for_another_visitor_is_not_done_to_this_one(visit: Visit, command: Command) -> None:
    bench, ticket = visit
    before = await bench.read()
    refused = await bench.refused(command)
    assert (refused.code, refused.details["ticket"]) == (Refusal.OTHER_TICKET, ticket)
    assert await bench.read() == before


async def test_what_was_meant_for_this_visitor_is_done(visit: Visit) -> None:
    bench, ticket = visit
    await bench.do(Start(ONE, ticket))
    await bench.do(CallNext(ONE, Current.FINISH, ticket))
    assert (await bench.ticket(ticket)).state is TicketState.FINISHED
    assert (await bench.do(CallNext(ONE, Current.FINISH, ticket))).ticket() is None, "it has gone, and nobody waits"
