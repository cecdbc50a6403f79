"""One effect a command: repeats get the first answer, byte for byte, for as long as they may come."""

import json
from dataclasses import replace

import pytest

from queue_core.domain.booking_commands import Book as BookCommand
from queue_core.domain.booking_commands import CheckIn
from queue_core.domain.commands import CallNext, Cancel, Command, Finish, Issue, OpenCounter, Recall, Undo
from queue_core.domain.errors import Refusal
from queue_core.domain.events import EventType
from queue_core.domain.model import BookingId, TicketId
from queue_core.domain.outcome import Outcome
from queue_core.engine import Once
from tests.support.bench import Bench
from tests.support.zones import APPOINTMENT, NEW, NORMAL, ONE, SHORT

KEY = Once("kiosk-1", "4711")


def as_bytes(outcome: Outcome) -> bytes:
    """What an answer is made of."""
    events = [event.to_json() for event in outcome.events]
    return json.dumps([outcome.epoch, outcome.seq, events, outcome.ticket(), outcome.counter()]).encode()


async def test_a_repeat_draws_no_second_ticket(bench: Bench) -> None:
    first = await bench.do(Issue(NEW, NORMAL), KEY)
    await bench.draw()
    again = await bench.do(Issue(NEW, NORMAL), KEY)
    assert (first.repeated, again.repeated) == (False, True)
    assert as_bytes(again) == as_bytes(first)
    assert (await bench.read()).ordinal == 2


async def test_another_process_gives_the_same_answer(bench: Bench) -> None:
    first = await bench.do(Issue(NEW, NORMAL), KEY)
    again = await bench.process().do(bench.zone.id, Issue(NEW, NORMAL), KEY)
    assert as_bytes(again) == as_bytes(first)


async def test_an_estimate_shown_meanwhile_does_not_make_it_another_request(bench: Bench) -> None:
    first = await bench.do(Issue(NEW, NORMAL, estimate={"p50_s": 60}), KEY)
    again = await bench.do(Issue(NEW, NORMAL, estimate={"p50_s": 90}), KEY)
    assert as_bytes(again) == as_bytes(first)


@pytest.mark.parametrize("command", [Finish(ONE), Undo(ONE), CallNext(ONE), OpenCounter(ONE)])
async def test_moves_of_a_counter_repeat_whatever_the_counter_does_now(bench: Bench, command: Command) -> None:
    if not isinstance(command, OpenCounter):
        await bench.open_counters(ONE)
    await bench.draw()
    if isinstance(command, Finish | Undo):
        await bench.do(CallNext(ONE))
    first = await bench.do(command, KEY)
    assert as_bytes(await bench.do(command, KEY)) == as_bytes(first)
    await bench.next_day()
    assert as_bytes(await bench.do(command, KEY)) == as_bytes(first)


async def test_a_check_in_repeats_although_the_booking_is_used(bench: Bench) -> None:
    booking = BookingId("b")
    await bench.do(BookCommand(booking, NEW, APPOINTMENT, bench.now_ms))
    first = await bench.do(CheckIn(booking), KEY)
    assert as_bytes(await bench.do(CheckIn(booking), KEY)) == as_bytes(first)


async def test_an_answer_outlives_the_day_and_its_epoch(bench: Bench) -> None:
    first = await bench.do(Issue(NEW, NORMAL), KEY)
    await bench.next_day()
    await bench.next_day()
    await bench.engine.begin_epoch(bench.zone.id, "restored")
    assert as_bytes(await bench.do(Issue(NEW, NORMAL), KEY)) == as_bytes(first)
    assert (await bench.read()).ordinal == 0


async def test_an_answer_of_this_day_outlives_a_new_epoch(bench: Bench) -> None:
    first = await bench.do(Issue(NEW, NORMAL), KEY)
    await bench.engine.begin_epoch(bench.zone.id, "restored")
    assert as_bytes(await bench.do(Issue(NEW, NORMAL), KEY)) == as_bytes(first)


@pytest.mark.parametrize(
    "other", [Issue(SHORT, NORMAL), Issue(NEW, APPOINTMENT), Recall(ONE), Cancel(TicketId("x"), "")]
)
async def test_the_same_key_with_another_request_is_refused(bench: Bench, other: Command) -> None:
    await bench.do(Issue(NEW, NORMAL), KEY)
    assert await bench.refusal(other, KEY) is Refusal.KEY_REUSED


async def test_another_scope_may_use_the_same_key(bench: Bench) -> None:
    await bench.do(Issue(NEW, NORMAL), KEY)
    await bench.do(Issue(NEW, NORMAL), replace(KEY, scope="kiosk-2"))
    assert (await bench.read()).ordinal == 2


async def test_after_the_purge_the_key_is_spent(bench: Bench) -> None:
    await bench.do(Issue(NEW, NORMAL), KEY)
    day = bench.day
    await bench.next_day()
    await bench.client.delete(bench.records.keys.log_of(day))
    assert await bench.refusal(Issue(NEW, NORMAL), KEY) is Refusal.KEY_SPENT
    assert (await bench.read()).ordinal == 0


async def test_a_refusal_is_no_answer_and_may_be_tried_again(bench: Bench) -> None:
    assert await bench.refusal(CallNext(ONE), KEY) is Refusal.COUNTER_CLOSED
    await bench.open_counters(ONE)
    await bench.draw()
    assert not (await bench.do(CallNext(ONE), KEY)).repeated


async def test_a_new_epoch_is_larger_and_carries_the_open_state(bench: Bench) -> None:
    await bench.draw()
    before = await bench.read()
    await bench.engine.begin_epoch(bench.zone.id, "history_lost", after_epoch=before.epoch + 100)
    after = await bench.read()
    assert (after.epoch, after.seq) == (before.epoch + 101, 1)
    assert after.tickets == before.tickets
    assert (await bench.ticket(await bench.draw())).number == "A002"
    started = [e async for e in bench.records.export() if e.type is EventType.EPOCH_STARTED]
    assert [e.data["cause"] for e in started] == ["fresh", "history_lost"]


async def test_a_store_that_was_emptied_begins_anew(bench: Bench) -> None:
    await bench.draw()
    await bench.client.flushall()
    assert (await bench.ticket(await bench.draw())).number == "A001"
    assert (await bench.read()).seq == 3
