"""A waiting visitor who needs a little longer keeps the place and is called later, by the zone's rule."""

import pytest

from queue_core.domain.commands import CallNext, Command, Delay, Finish, Miss, Park, Start, Transfer, Undo
from queue_core.domain.errors import Refusal
from queue_core.domain.model import TicketId
from queue_core.domain.office import Rules
from queue_core.engine import Once
from tests.support.bench import MINUTE_MS, Bench
from tests.support.zones import NEW, ONE, PRIORITY, zone


async def test_others_are_called_first_and_then_the_place_is_the_old_one(bench: Bench) -> None:
    await bench.open_counters(ONE)
    early, late = await bench.draw(NEW), await bench.draw(NEW)
    [event] = (await bench.do(Delay(early))).events
    assert (event.type.value, event.data["mode"], event.data["by"]) == ("returned", "after", "visitor")
    assert event.data["not_before_ms"] == bench.now_ms + 10 * MINUTE_MS
    await bench.do(CallNext(ONE))
    assert (await bench.counter(ONE)).ticket == late
    await bench.do(Finish(ONE))
    after = await bench.draw(NEW)
    await bench.pass_s(600)
    await bench.do(CallNext(ONE))
    assert (await bench.counter(ONE)).ticket == early
    assert (await bench.ticket(after)).state == "waiting"


async def test_a_second_time_is_on_top_of_the_first_and_there_is_no_third(bench: Bench) -> None:
    ticket = await bench.draw(NEW)
    began_ms = bench.now_ms
    for _ in range(2):
        await bench.do(Delay(ticket))
    after = await bench.ticket(ticket)
    assert (after.delays, after.not_before_ms) == (2, began_ms + 20 * MINUTE_MS)
    refused = await bench.refused(Delay(ticket))
    assert (refused.code, refused.details["most"]) == (Refusal.DELAYS_EXHAUSTED, 2)


async def test_where_the_zone_does_not_allow_it_nobody_does(bench: Bench) -> None:
    await bench.restart(zone(rules=Rules(delays_most=0)))
    assert await bench.refusal(Delay(await bench.draw(NEW))) is Refusal.DELAYS_EXHAUSTED


@pytest.mark.parametrize(
    "moves",
    [[], [Start(ONE)], [Miss(ONE)], [Park(ONE)], [Start(ONE), Finish(ONE)]],
    ids=["called", "serving", "missed", "parked", "finished"],
)
async def test_only_who_waits_can_put_it_off(bench: Bench, moves: list[Command]) -> None:
    await bench.open_counters(ONE)
    ticket = await bench.draw(NEW)
    for move in (CallNext(ONE), *moves):
        await bench.do(move)
    refused = await bench.refused(Delay(ticket))
    assert (refused.code, refused.details["allowed"]) == (Refusal.WRONG_STATE, ["waiting"])


async def test_pressing_twice_is_asking_once(bench: Bench) -> None:
    ticket = await bench.draw(NEW, PRIORITY)
    first, again = [await bench.do(Delay(ticket), Once("link", "delay 0")) for _ in range(2)]
    assert (again.repeated, again.events) == (True, first.events)
    assert (await bench.ticket(ticket)).delays == 1


async def test_who_was_called_to_one_counter_still_is_later(bench: Bench) -> None:
    await bench.open_counters(ONE)
    ticket = await bench.draw(NEW)
    await bench.do(Transfer(ticket, to_counter=ONE))
    await bench.do(Delay(ticket))
    assert (await bench.ticket(ticket)).pin == ONE
    await bench.pass_s(600)
    await bench.do(CallNext(ONE))
    assert (await bench.counter(ONE)).ticket == ticket


async def test_a_call_that_is_taken_back_leaves_the_count_as_it_was(bench: Bench) -> None:
    await bench.open_counters(ONE)
    ticket = await bench.draw(NEW)
    await bench.do(Delay(ticket))
    await bench.pass_s(600)
    await bench.do(CallNext(ONE))
    await bench.do(Undo(ONE))
    assert (await bench.ticket(ticket)).delays == 1


async def test_nobody_unknown_puts_anything_off(bench: Bench) -> None:
    assert await bench.refusal(Delay(TicketId("none"))) is Refusal.UNKNOWN_TICKET
