"""Undo: the counter's last move, within 30 s, while nothing has changed since."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from queue_core.domain.commands import (
    CallNext,
    CallTicket,
    Cancel,
    CloseCounter,
    Command,
    Finish,
    Issue,
    Miss,
    Park,
    PauseCounter,
    ReserveNumbers,
    Return,
    Start,
    Transfer,
    Undo,
)
from queue_core.domain.errors import Refusal
from queue_core.domain.model import CounterId, Current, ReturnMode, SeriesId, TicketId, TicketState
from queue_core.domain.office import Series
from tests.support.bench import Bench
from tests.support.zones import NEW, NORMAL, ONE, SHORT, TWO

THIS = TicketId("this")


@pytest.fixture
async def waiting(bench: Bench) -> tuple[Bench, TicketId]:
    await bench.open_counters(ONE, TWO)
    return bench, await bench.draw(SHORT)


Waiting = tuple[Bench, TicketId]


def about(command: Command, ticket: TicketId) -> Command:
    if isinstance(command, CallTicket | Transfer | Return | Cancel):
        return replace(command, ticket=ticket)
    return command


@pytest.mark.parametrize(
    ("before", "undone"),
    [
        ([], CallNext(ONE)),
        ([], CallTicket(THIS, ONE, pick=True)),
        ([], Transfer(THIS, NEW, by_counter=ONE)),
        ([CallNext(ONE)], Start(ONE)),
        ([CallNext(ONE)], Finish(ONE)),
        ([CallNext(ONE), Start(ONE)], Finish(ONE)),
        ([CallNext(ONE)], Miss(ONE)),
        ([CallNext(ONE)], Park(ONE, "papers")),
        ([CallNext(ONE)], Transfer(THIS, NEW, by_counter=ONE)),
        ([CallNext(ONE)], Transfer(THIS, to_counter=TWO, by_counter=ONE)),
        ([CallNext(ONE), Start(ONE)], CallNext(ONE, Current.FINISH)),
        ([CallNext(ONE)], CallNext(ONE, Current.MISS)),
    ],
)
async def test_undo_puts_back_what_the_move_found(waiting: Waiting, before: Sequence[Command], undone: Command) -> None:
    bench, ticket = waiting
    await bench.draw(SHORT)
    for command in before:
        await bench.do(about(command, ticket))
    found = await bench.read()
    await bench.pass_s(29)
    done = await bench.do(about(undone, ticket))
    outcome = await bench.do(Undo(ONE))
    assert outcome.events[0].data["undoes_seq"] == done.events[0].seq
    now = await bench.read()
    assert {i: replace(t, seq=0) for i, t in now.tickets.items()} == {
        i: replace(t, seq=0) for i, t in found.tickets.items()
    }
    assert replace(now.counters[ONE], seq=0) == replace(found.counters[ONE], seq=0)
    assert (now.calls, now.issued_today()) == (found.calls, found.issued_today())


async def test_an_undone_call_is_first_in_line_again(waiting: Waiting) -> None:
    bench, first = waiting
    await bench.draw(SHORT)
    await bench.do(CallNext(ONE))
    await bench.do(Undo(ONE))
    called = (await bench.do(CallNext(TWO))).ticket()
    assert called is not None
    assert called["id"] == first


async def test_an_undone_call_leaves_the_list_of_calls(waiting: Waiting) -> None:
    bench, _ = waiting
    await bench.do(CallNext(ONE))
    assert len((await bench.read()).calls) == 1
    await bench.do(Undo(ONE))
    assert (await bench.read()).calls == ()


async def test_undo_answers_with_what_is_restored(waiting: Waiting) -> None:
    bench, ticket = waiting
    await bench.do(CallNext(ONE))
    await bench.do(Finish(ONE))
    outcome = await bench.do(Undo(ONE))
    assert outcome.ticket() == {"id": ticket, "number": "C001", "service": SHORT, "state": "called"}
    counter = outcome.counter()
    assert counter is not None
    assert counter["ticket"] == ticket


async def test_nothing_is_undone_after_thirty_seconds(waiting: Waiting) -> None:
    bench, _ = waiting
    await bench.do(CallNext(ONE))
    await bench.pass_s(30.001)
    refused = await bench.refused(Undo(ONE))
    assert (refused.code, refused.details) == (Refusal.UNDO_TOO_LATE, {"within_ms": 30_000})


async def test_an_undo_is_not_undone_nor_what_was_before(waiting: Waiting) -> None:
    bench, _ = waiting
    assert await bench.refusal(Undo(ONE)) is Refusal.NOTHING_TO_UNDO
    await bench.do(CallNext(ONE))
    await bench.do(Start(ONE))
    await bench.do(Undo(ONE))
    assert await bench.refusal(Undo(ONE)) is Refusal.NOTHING_TO_UNDO


@pytest.mark.parametrize(
    "since",
    [
        [Miss(ONE), Return(THIS, ReturnMode.OLD)],
        [Miss(ONE), Cancel(THIS, "visitor")],
        [Park(ONE), CallTicket(THIS, TWO, pick=True)],
        [Miss(ONE), PauseCounter(ONE)],
        [Miss(ONE), CloseCounter(ONE)],
    ],
)
async def test_what_has_changed_since_is_not_undone(waiting: Waiting, since: Sequence[Command]) -> None:
    bench, ticket = waiting
    await bench.do(CallNext(ONE))
    for command in since:
        await bench.do(about(command, ticket))
    assert await bench.refusal(Undo(ONE)) is Refusal.CHANGED_SINCE


async def test_the_undo_of_one_visitor_leaves_the_move_about_another_alone(waiting: Waiting) -> None:
    """Two windows of one login: while one offers to undo this, the other has gone on."""
    bench, first = waiting
    second = await bench.draw(SHORT)
    await bench.do(CallNext(ONE))
    await bench.do(Finish(ONE))
    await bench.do(CallNext(ONE))
    before = await bench.read()
    refused = await bench.refused(Undo(ONE, first))
    about = {"counter": ONE, "ticket": second, "number": "C002", "state": "called"}
    assert (refused.code, refused.details) == (Refusal.OTHER_TICKET, about)
    assert await bench.read() == before
    await bench.do(Undo(ONE, second))
    assert (await bench.ticket(second)).state is TicketState.WAITING


async def test_a_move_about_two_visitors_is_undone_for_either(waiting: Waiting) -> None:
    bench, first = waiting
    await bench.draw(SHORT)
    await bench.do(CallNext(ONE))
    await bench.do(CallNext(ONE, Current.FINISH))
    await bench.do(Undo(ONE, first))
    assert (await bench.counter(ONE)).ticket == first


async def test_each_counter_undoes_its_own_last_move(waiting: Waiting) -> None:
    bench, first = waiting
    await bench.draw(SHORT)
    await bench.do(CallNext(ONE))
    await bench.do(CallNext(TWO))
    await bench.do(Undo(ONE))
    assert (await bench.ticket(first)).state is TicketState.WAITING
    assert (await bench.counter(TWO)).ticket != ""


async def test_a_number_drawn_again_meanwhile_is_not_taken_back(bench: Bench) -> None:
    series = SeriesId("c")
    await bench.restart(replace(bench.zone, series={**bench.zone.series, series: Series(series, "C", 1, 1)}))
    await bench.open_counters(ONE)
    await bench.draw(SHORT)
    await bench.do(CallNext(ONE))
    await bench.do(Finish(ONE))
    await bench.draw(SHORT)
    assert await bench.refusal(Undo(ONE)) is Refusal.NUMBER_TAKEN


async def test_a_number_lent_to_a_kiosk_meanwhile_is_not_taken_back(bench: Bench) -> None:
    """It may be in another visitor's hand already, and nobody here knows."""
    series = SeriesId("c")
    await bench.restart(replace(bench.zone, series={**bench.zone.series, series: Series(series, "C", 1, 1)}))
    await bench.open_counters(ONE)
    await bench.draw(SHORT)
    await bench.do(CallNext(ONE))
    await bench.do(Finish(ONE))
    await bench.pass_s(1)
    await bench.do(ReserveNumbers(series, 1, "kiosk"))
    assert await bench.refusal(Undo(ONE)) is Refusal.NUMBER_TAKEN


async def test_a_number_that_was_lent_before_is_taken_back(bench: Bench) -> None:
    await bench.open_counters(ONE)
    await bench.do(ReserveNumbers(SeriesId("c"), 2, "kiosk"))
    await bench.pass_s(1)
    await bench.do(Issue(SHORT, NORMAL, lent_number=1, claimed_ms=bench.now_ms))
    await bench.do(CallNext(ONE))
    await bench.do(Finish(ONE))
    assert (await bench.do(Undo(ONE))).ticket() is not None


async def test_a_restored_pin_falls_if_its_counter_has_closed_meanwhile(waiting: Waiting) -> None:
    bench, ticket = waiting
    await bench.do(Transfer(ticket, to_counter=TWO))
    await bench.do(CallTicket(ticket, ONE, pick=True))
    await bench.do(CloseCounter(TWO))
    await bench.do(Undo(ONE))
    assert (await bench.ticket(ticket)).pin == ""


async def test_an_unknown_counter_undoes_nothing(bench: Bench) -> None:
    assert await bench.refusal(Undo(CounterId("9"))) is Refusal.UNKNOWN_COUNTER


async def test_nothing_is_undone_over_night(waiting: Waiting) -> None:
    bench, _ = waiting
    await bench.set_time((await bench.read()).day_to_ms - 1)
    await bench.do(CallNext(ONE))
    await bench.pass_s(1)
    assert await bench.refusal(Undo(ONE)) is Refusal.NOTHING_TO_UNDO
