"""What a clerk has chosen of the counter's services holds for the session: while it is open or pauses."""

from dataclasses import replace

import pytest

from queue_core.domain.commands import CallNext, CloseCounter, OpenCounter, PauseCounter, Return, Transfer
from queue_core.domain.errors import Refusal
from queue_core.domain.model import Current, ReturnMode, ServiceId
from tests.support.bench import Bench
from tests.support.zones import NEW, ONE, SHORT, TWO


async def called(bench: Bench) -> str | None:
    ticket = (await bench.do(CallNext(ONE, Current.FINISH))).ticket()
    return ticket["id"] if ticket and ticket["state"] == "called" else None


async def test_the_counter_calls_only_what_was_chosen(bench: Bench) -> None:
    new, short = await bench.draw(NEW), await bench.draw(SHORT)
    await bench.do(OpenCounter(ONE, (SHORT,)))
    assert (await bench.counter(ONE)).services == (SHORT,)
    shown = (await bench.engine.next(bench.zone.id, ONE)).candidates
    assert [c.ticket.id for c in shown] == [short]
    assert [await called(bench), await called(bench)] == [short, None]
    assert (await bench.ticket(new)).state == "waiting"


async def test_a_ticket_pinned_to_the_counter_is_called_whatever_was_chosen(bench: Bench) -> None:
    new = await bench.draw(NEW)
    await bench.do(OpenCounter(ONE, (SHORT,)))
    await bench.do(Transfer(new, to_counter=ONE))
    assert await called(bench) == new


async def test_who_must_wait_is_announced_only_where_the_service_was_chosen(bench: Bench) -> None:
    ticket = await bench.draw(NEW)
    await bench.open_counters(ONE)
    await bench.do(CallNext(ONE))
    await bench.do(Return(ticket, ReturnMode.AFTER, 60))
    assert (await bench.do(CallNext(ONE))).more
    await bench.do(OpenCounter(ONE, (SHORT,)))
    assert (await bench.do(CallNext(ONE))).more == {}
    assert (await bench.engine.next(bench.zone.id, ONE)).not_before_ms is None


async def test_a_pause_keeps_the_choice_and_closing_forgets_it(bench: Bench) -> None:
    await bench.do(OpenCounter(ONE, (SHORT,)))
    await bench.do(PauseCounter(ONE, "lunch"))
    assert (await bench.counter(ONE)).services == (SHORT,)
    await bench.do(OpenCounter(ONE))
    assert (await bench.counter(ONE)).services == (SHORT,)
    await bench.do(CloseCounter(ONE))
    assert (await bench.counter(ONE)).services == ()
    await bench.do(OpenCounter(ONE))
    assert (await bench.counter(ONE)).services == ()


async def test_a_visit_keeps_the_choice(bench: Bench) -> None:
    await bench.draw(SHORT)
    await bench.do(OpenCounter(ONE, (SHORT,)))
    assert await called(bench)
    await bench.do(CallNext(ONE, Current.FINISH))
    assert (await bench.counter(ONE)).services == (SHORT,)


async def test_a_free_counter_takes_up_other_services_without_closing(bench: Bench) -> None:
    await bench.do(OpenCounter(ONE, (SHORT,)))
    await bench.do(OpenCounter(ONE, (NEW,)))
    assert (await bench.counter(ONE)).services == (NEW,)
    await bench.do(OpenCounter(ONE, (SHORT, NEW)))
    assert (await bench.counter(ONE)).services == ()
    await bench.draw(NEW)
    assert await called(bench)
    assert await bench.refusal(OpenCounter(ONE, (NEW,))) is Refusal.COUNTER_BUSY


async def test_an_open_counter_is_not_opened_again_without_a_choice(bench: Bench) -> None:
    await bench.do(OpenCounter(ONE, (SHORT,)))
    assert await bench.refusal(OpenCounter(ONE)) is Refusal.COUNTER_OPEN


@pytest.mark.parametrize("service", [NEW, ServiceId("none")])
async def test_nobody_chooses_what_the_counter_does_not_serve(bench: Bench, service: ServiceId) -> None:
    refused = await bench.refused(OpenCounter(TWO, (SHORT, service)))
    assert (refused.code, refused.details["service"]) == (Refusal.NOT_SERVED, service)


async def test_the_day_forgets_the_choice(bench: Bench) -> None:
    await bench.do(OpenCounter(ONE, (SHORT,)))
    await bench.next_day()
    assert (await bench.counter(ONE)).services == ()


async def test_a_changed_configuration_never_gives_a_clerk_more_than_was_chosen(bench: Bench) -> None:
    await bench.do(OpenCounter(ONE, (SHORT,)))
    new = await bench.draw(NEW)
    one = replace(bench.zone.counters[ONE], services=(NEW,))
    await bench.restart(replace(bench.zone, counters={**bench.zone.counters, ONE: one}))
    assert await called(bench) is None
    await bench.do(OpenCounter(ONE, (NEW,)))
    assert await called(bench) == new
