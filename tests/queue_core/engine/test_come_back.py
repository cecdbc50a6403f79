"""A missed visitor who is there after all comes back without staff, by the zone's rule."""

import pytest

from queue_core.domain.commands import CallNext, CallTicket, Cancel, ComeBack, Command, Miss, Park, Start
from queue_core.domain.errors import Refusal
from queue_core.domain.model import TicketId
from queue_core.domain.office import MissedReturn, Rules
from queue_core.engine import Once
from tests.support.bench import MINUTE_MS, MORNING_MS, Bench
from tests.support.zones import NEW, ONE, PRIORITY, zone


async def missed(bench: Bench, rule: MissedReturn = MissedReturn.END) -> TicketId:
    """Drawn in the morning, missed ten minutes later; five minutes have passed since, half an hour is allowed."""
    await bench.restart(zone(rules=Rules(missed_return=rule, missed_return_s=1800)))
    await bench.open_counters(ONE)
    ticket = await bench.draw(NEW, PRIORITY)
    await bench.pass_s(600)
    await bench.do(CallNext(ONE))
    await bench.do(Miss(ONE))
    await bench.pass_s(300)
    return ticket


async def test_back_at_the_end(bench: Bench) -> None:
    ticket = await missed(bench)
    outcome = await bench.do(ComeBack(ticket))
    [event] = outcome.events
    assert (event.type.value, event.data["mode"], event.data["by"]) == ("returned", "end", "visitor")
    after = await bench.ticket(ticket)
    assert (after.state, after.rank_ms) == ("waiting", bench.now_ms - 20 * MINUTE_MS)


async def test_back_at_the_old_place(bench: Bench) -> None:
    ticket = await missed(bench, MissedReturn.OLD)
    await bench.do(ComeBack(ticket))
    assert (await bench.ticket(ticket)).rank_ms == MORNING_MS - 20 * MINUTE_MS


async def test_not_without_staff(bench: Bench) -> None:
    ticket = await missed(bench, MissedReturn.NO)
    refused = await bench.refused(ComeBack(ticket))
    assert (refused.code, refused.details["number"]) == (Refusal.RETURN_NOT_ALLOWED, "A001")


async def test_not_for_ever(bench: Bench) -> None:
    ticket = await missed(bench)
    until_ms = (await bench.ticket(ticket)).missed_ms + 30 * MINUTE_MS
    await bench.set_time(until_ms + 1)
    refused = await bench.refused(ComeBack(ticket))
    assert (refused.code, refused.details["until_ms"]) == (Refusal.RETURN_TOO_LATE, until_ms)


async def test_until_the_last_moment(bench: Bench) -> None:
    ticket = await missed(bench)
    await bench.set_time((await bench.ticket(ticket)).missed_ms + 30 * MINUTE_MS)
    await bench.do(ComeBack(ticket))


@pytest.mark.parametrize("moves", [[], [Start(ONE)], [Park(ONE)]], ids=["called", "serving", "parked"])
async def test_only_whoever_was_missed_comes_back(bench: Bench, moves: list[Command]) -> None:
    ticket = await missed(bench)
    await bench.do(CallTicket(ticket, ONE, pick=True))
    for move in moves:
        await bench.do(move)
    refused = await bench.refused(ComeBack(ticket))
    assert (refused.code, refused.details["allowed"]) == (Refusal.WRONG_STATE, ["missed"])


async def test_nobody_comes_back_twice_or_after_leaving(bench: Bench) -> None:
    ticket = await missed(bench)
    first = await bench.do(ComeBack(ticket), Once("kiosk", "k"))
    again = await bench.do(ComeBack(ticket), Once("kiosk", "k"))
    assert (again.repeated, again.events) == (True, first.events)
    refused = await bench.refused(ComeBack(ticket))
    assert (refused.code, refused.details["state"]) == (Refusal.WRONG_STATE, "waiting")
    await bench.do(Cancel(ticket, "visitor"))
    assert await bench.refusal(ComeBack(ticket)) is Refusal.WRONG_STATE
    assert await bench.refusal(ComeBack(TicketId("none"))) is Refusal.UNKNOWN_TICKET


async def test_a_second_miss_begins_the_time_anew(bench: Bench) -> None:
    ticket = await missed(bench)
    await bench.do(ComeBack(ticket))
    await bench.pass_s(3600)
    await bench.do(CallNext(ONE))
    assert (await bench.ticket(ticket)).missed_ms == 0
    await bench.do(Miss(ONE))
    await bench.do(ComeBack(ticket))
