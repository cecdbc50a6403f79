"""Calling: who is next, and when nobody is."""

from dataclasses import replace

import pytest

from queue_core.domain.commands import (
    CallNext,
    CallTicket,
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
from queue_core.domain.model import CounterId, Current, ReturnMode, TicketId, TicketState
from queue_core.domain.office import Rules
from queue_core.domain.policy import Why
from tests.support.bench import Bench
from tests.support.zones import NEW, ONE, PRIORITY, SHORT, TWO, zone


async def called(bench: Bench, counter: CounterId = ONE) -> str | None:
    """Whom the counter calls; the visit before is finished."""
    ticket = (await bench.do(CallNext(counter, Current.FINISH))).ticket()
    return ticket["id"] if ticket and ticket["state"] == TicketState.CALLED else None


@pytest.fixture
async def at_work(bench: Bench) -> Bench:
    await bench.open_counters(ONE, TWO)
    return bench


async def test_who_came_first_is_called_first(at_work: Bench) -> None:
    drawn = []
    for _ in range(3):
        drawn.append(await at_work.draw())
        await at_work.pass_s(1)
    assert [await called(at_work) for _ in range(4)] == [*drawn, None]


async def test_equal_moments_keep_the_order_of_drawing(at_work: Bench) -> None:
    drawn = [await at_work.draw(service) for service in (SHORT, NEW, SHORT, NEW) * 3]
    assert [await called(at_work) for _ in drawn] == drawn


async def test_a_head_start_overtakes_those_who_came_that_much_earlier(at_work: Bench) -> None:
    long_before = await at_work.draw()
    await at_work.pass_s(600)
    just_before = await at_work.draw()
    await at_work.pass_s(601)
    favoured = await at_work.draw(NEW, PRIORITY)
    assert [await called(at_work) for _ in range(3)] == [long_before, favoured, just_before]


async def test_a_counters_offset_puts_a_service_back_at_this_counter_only(at_work: Bench) -> None:
    plain = zone()
    offset = replace(plain.counters[ONE], offset_s={SHORT: 300})
    await at_work.restart(replace(plain, counters={**plain.counters, ONE: offset}))
    first_short = await at_work.draw(SHORT)
    await at_work.pass_s(299)
    then_new = await at_work.draw(NEW)
    assert [c.ticket.id for c in (await at_work.engine.next(at_work.zone.id, ONE)).candidates] == [
        then_new,
        first_short,
    ]
    assert await called(at_work, ONE) == then_new
    assert await called(at_work, TWO) == first_short


async def test_a_pinned_ticket_comes_first_at_its_counter_and_nowhere_else(at_work: Bench) -> None:
    waiting, pinned = await at_work.draw(SHORT), await at_work.draw(SHORT)
    await at_work.do(Transfer(pinned, to_counter=ONE))
    shown = await at_work.engine.next(at_work.zone.id, ONE)
    assert [(c.ticket.id, c.why) for c in shown.candidates] == [(pinned, Why.PINNED), (waiting, Why.FIRST_COME)]
    assert await called(at_work, TWO) == waiting
    assert await called(at_work, TWO) is None
    assert await called(at_work, ONE) == pinned


async def test_a_counter_calls_only_what_it_serves(at_work: Bench) -> None:
    await at_work.draw(NEW)
    assert await called(at_work, TWO) is None


async def test_nobody_before_the_not_before_and_the_moment_is_told(at_work: Bench) -> None:
    ticket = await at_work.draw()
    await called(at_work)
    await at_work.do(Return(ticket, ReturnMode.AFTER, 60))
    ready_ms = at_work.now_ms + 60_000
    nobody = await at_work.do(CallNext(ONE))
    assert (nobody.events, nobody.more) == ((), {"next_not_before_ms": ready_ms})
    shown = await at_work.engine.next(at_work.zone.id, ONE)
    assert (shown.candidates, shown.not_before_ms) == ([], ready_ms)
    await at_work.pass_s(60)
    assert await called(at_work) == ticket


async def test_nobody_waiting_is_no_event(at_work: Bench) -> None:
    before = (await at_work.read()).seq
    nobody = await at_work.do(CallNext(ONE))
    assert (nobody.events, nobody.more, nobody.seq) == ((), {}, before)


async def test_one_key_finishes_and_calls_in_one_move(at_work: Bench) -> None:
    first, second = await at_work.draw(), await at_work.draw()
    await at_work.do(CallNext(ONE))
    outcome = await at_work.do(CallNext(ONE, Current.FINISH))
    assert [e.type.value for e in outcome.events] == ["started", "finished", "called"]
    assert len({e.command for e in outcome.events}) == 1
    assert (await at_work.ticket(first)).state is TicketState.FINISHED
    assert (await at_work.counter(ONE)).ticket == second


async def test_one_key_misses_and_calls_in_one_move(at_work: Bench) -> None:
    first, second = await at_work.draw(), await at_work.draw()
    await at_work.do(CallNext(ONE))
    outcome = await at_work.do(CallNext(ONE, Current.MISS))
    assert [e.type.value for e in outcome.events] == ["missed", "called"]
    assert (await at_work.ticket(first)).state is TicketState.MISSED
    assert (await at_work.counter(ONE)).ticket == second


async def test_the_last_visit_ends_although_nobody_follows(at_work: Bench) -> None:
    await at_work.draw()
    await at_work.do(CallNext(ONE))
    outcome = await at_work.do(CallNext(ONE, Current.FINISH))
    assert [e.type.value for e in outcome.events] == ["started", "finished"]
    assert outcome.counter() == {"id": ONE, "state": "open"}


async def test_who_is_being_served_cannot_be_missed(at_work: Bench) -> None:
    await at_work.draw()
    await at_work.do(CallNext(ONE))
    await at_work.do(Start(ONE))
    assert await at_work.refusal(CallNext(ONE, Current.MISS)) is Refusal.WRONG_STATE
    assert await at_work.refusal(Miss(ONE)) is Refusal.WRONG_STATE


async def test_a_busy_counter_calls_nobody_and_is_told_whom_it_holds(at_work: Bench) -> None:
    await at_work.draw()
    await at_work.draw()
    await at_work.do(CallNext(ONE))
    refused = await at_work.refused(CallNext(ONE))
    assert (refused.code, refused.details["number"], refused.details["state"]) == (
        Refusal.COUNTER_BUSY,
        "A001",
        "called",
    )


@pytest.mark.parametrize("command", [CallNext(ONE), CallTicket(TicketId("t"), ONE, pick=True)])
async def test_a_counter_that_is_not_open_calls_nobody(bench: Bench, command: CallNext) -> None:
    assert await bench.refusal(command) is Refusal.COUNTER_CLOSED
    await bench.open_counters(ONE)
    await bench.do(PauseCounter(ONE))
    assert await bench.refusal(command) is Refusal.COUNTER_PAUSED


async def test_a_counter_calls_again_what_it_parked(at_work: Bench) -> None:
    ticket = await at_work.draw(SHORT)
    await at_work.do(CallNext(ONE))
    await at_work.do(Park(ONE, "copies"))
    assert await at_work.refusal(CallTicket(ticket, TWO)) is Refusal.NOT_YOURS
    await at_work.do(CallTicket(ticket, ONE))
    assert (await at_work.ticket(ticket)).reason == ""


@pytest.mark.parametrize("state", [TicketState.WAITING, TicketState.PARKED, TicketState.MISSED])
async def test_whoever_may_pick_calls_any_ticket_in_the_house(at_work: Bench, state: TicketState) -> None:
    ticket = await at_work.draw(SHORT)
    if state is not TicketState.WAITING:
        await at_work.do(CallNext(ONE))
        await at_work.do(Park(ONE) if state is TicketState.PARKED else Miss(ONE))
    assert await at_work.refusal(CallTicket(ticket, TWO)) is Refusal.NOT_YOURS
    await at_work.do(CallTicket(ticket, TWO, pick=True))
    assert (await at_work.counter(TWO)).ticket == ticket


async def test_who_is_at_a_counter_or_gone_cannot_be_called(at_work: Bench) -> None:
    ticket = await at_work.draw(SHORT)
    await at_work.do(CallNext(ONE))
    refused = await at_work.refused(CallTicket(ticket, TWO, pick=True))
    assert (refused.code, refused.details["allowed"]) == (Refusal.WRONG_STATE, ["missed", "parked", "waiting"])
    await at_work.do(Finish(ONE))
    assert await at_work.refusal(CallTicket(ticket, TWO, pick=True)) is Refusal.WRONG_STATE
    assert await at_work.refusal(CallTicket(TicketId("none"), TWO, pick=True)) is Refusal.UNKNOWN_TICKET


async def test_a_recall_needs_its_pause_and_ends_after_so_many(at_work: Bench) -> None:
    await at_work.restart(zone(rules=Rules(recall_pause_s=5, recalls_most=2)))
    await at_work.draw()
    await at_work.do(CallNext(ONE))
    refused = await at_work.refused(Recall(ONE))
    assert (refused.code, refused.details) == (Refusal.RECALL_TOO_SOON, {"from_ms": at_work.now_ms + 5000})
    for recalls in (1, 2):
        await at_work.pass_s(5)
        assert (await at_work.do(Recall(ONE))).events[0].data["recalls"] == recalls
        if recalls == 1:
            assert await at_work.refusal(Recall(ONE)) is Refusal.RECALL_TOO_SOON
    await at_work.pass_s(5)
    refused = await at_work.refused(Recall(ONE))
    assert (refused.code, refused.details) == (Refusal.RECALLS_EXHAUSTED, {"most": 2})


async def test_a_recall_renews_its_line_on_the_wall(at_work: Bench) -> None:
    first, second = await at_work.draw(), await at_work.draw(SHORT)
    await at_work.do(CallNext(ONE))
    await at_work.do(CallNext(TWO))
    await at_work.do(Recall(ONE))
    assert [(call.ticket, call.recalls) for call in (await at_work.read()).calls] == [(first, 1), (second, 0)]


async def test_only_who_is_called_is_recalled(at_work: Bench) -> None:
    assert await at_work.refusal(Recall(ONE)) is Refusal.COUNTER_IDLE
    await at_work.draw()
    await at_work.do(CallNext(ONE))
    await at_work.do(Start(ONE))
    assert await at_work.refusal(Recall(ONE)) is Refusal.WRONG_STATE


async def test_who_is_next_at_an_unknown_counter_is_refused(bench: Bench) -> None:
    assert await bench.refusal(OpenCounter(CounterId("9"))) is Refusal.UNKNOWN_COUNTER
