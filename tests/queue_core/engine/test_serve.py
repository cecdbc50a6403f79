"""Serving a visitor who stands at the counter without a ticket."""

from dataclasses import replace

import pytest

from queue_core.domain.commands import CallNext, CloseService, Command, Issue, OpenCounter, PauseCounter, Serve, Undo
from queue_core.domain.errors import Refusal
from queue_core.domain.model import ClassId, CounterId, ServiceId, TicketId, TicketState
from queue_core.domain.office import Hours, Series
from queue_core.engine import Once
from tests.support.bench import Bench
from tests.support.zones import NEW, NORMAL, ONE, PRIORITY, SHORT, TWO


async def test_it_draws_calls_and_starts_in_one_move(bench: Bench) -> None:
    await bench.open_counters(ONE)
    outcome = await bench.do(Serve(ONE, NEW, PRIORITY))
    assert [(e.type.value, e.data.get("from")) for e in outcome.events] == [
        ("issued", None),
        ("called", "waiting"),
        ("started", "called"),
    ]
    assert len({e.command for e in outcome.events}) == 1
    served = await bench.ticket(TicketId(outcome.events[0].data["ticket"]))
    assert (served.number, served.state, served.counter, served.visitor_class) == (
        "A001",
        TicketState.SERVING,
        ONE,
        PRIORITY,
    )
    assert (served.arrival_ms, served.called_ms, served.started_ms) == (bench.now_ms,) * 3
    assert (await bench.counter(ONE)).ticket == served.id


async def test_the_number_is_the_next_of_the_services_series(bench: Bench) -> None:
    await bench.open_counters(ONE, TWO)
    await bench.draw(SHORT)
    for counter, number in ((ONE, "C002"), (TWO, "C003")):
        assert (await bench.do(Serve(counter, SHORT, NORMAL))).events[0].data["number"] == number
    drawn = await bench.ticket(await bench.draw(SHORT))
    assert drawn.number == "C004"


async def test_no_wall_lists_a_call_for_somebody_who_is_there(bench: Bench) -> None:
    await bench.open_counters(ONE)
    await bench.do(Serve(ONE, NEW, NORMAL))
    assert (await bench.read()).calls == ()


async def test_hours_a_ticket_stop_and_the_quota_are_the_clerks_to_overrule(bench: Bench) -> None:
    short = replace(bench.zone.services[SHORT], hours=Hours(), quota=1)
    await bench.restart(replace(bench.zone, services={**bench.zone.services, SHORT: short}))
    await bench.open_counters(ONE, TWO)
    await bench.do(CloseService(SHORT))
    for counter in (ONE, TWO):
        await bench.do(Serve(counter, SHORT, NORMAL))
    assert (await bench.read()).issued == {SHORT: 2}


async def test_whoever_was_served_so_has_used_the_quota(bench: Bench) -> None:
    limited = replace(bench.zone.services[NEW], quota=1)
    await bench.restart(replace(bench.zone, services={**bench.zone.services, NEW: limited}))
    await bench.open_counters(ONE)
    await bench.do(Serve(ONE, NEW, NORMAL))
    assert await bench.refusal(Issue(NEW, NORMAL)) is Refusal.QUOTA_EXHAUSTED


@pytest.mark.parametrize(
    ("command", "refusal"),
    [
        (Serve(CounterId("9"), NEW, NORMAL), Refusal.UNKNOWN_COUNTER),
        (Serve(ONE, ServiceId("none"), NORMAL), Refusal.UNKNOWN_SERVICE),
        (Serve(ONE, NEW, ClassId("none")), Refusal.UNKNOWN_CLASS),
        (Serve(TWO, NEW, NORMAL), Refusal.COUNTER_CLOSED),
    ],
)
async def test_what_cannot_be_served_is_refused(bench: Bench, command: Command, refusal: Refusal) -> None:
    await bench.open_counters(ONE)
    before = (await bench.read()).seq
    assert await bench.refusal(command) is refusal
    assert (await bench.read()).seq == before


async def test_a_counter_that_pauses_or_is_busy_serves_nobody_more(bench: Bench) -> None:
    await bench.open_counters(ONE)
    await bench.do(PauseCounter(ONE))
    assert await bench.refusal(Serve(ONE, NEW, NORMAL)) is Refusal.COUNTER_PAUSED
    await bench.do(OpenCounter(ONE))
    await bench.do(Serve(ONE, NEW, NORMAL))
    refused = await bench.refused(Serve(ONE, NEW, NORMAL))
    assert (refused.code, refused.details["number"]) == (Refusal.COUNTER_BUSY, "A001")


async def test_a_series_without_a_free_number_serves_nobody(bench: Bench) -> None:
    series = bench.zone.services[NEW].series
    await bench.restart(replace(bench.zone, series={**bench.zone.series, series: Series(series, "A", 1, 1)}))
    await bench.draw(NEW)
    await bench.open_counters(ONE)
    assert await bench.refusal(Serve(ONE, NEW, NORMAL)) is Refusal.SERIES_FULL


async def test_a_double_click_serves_one_visitor(bench: Bench) -> None:
    await bench.open_counters(ONE)
    first = await bench.do(Serve(ONE, NEW, NORMAL), Once("desk", "k"))
    again = await bench.do(Serve(ONE, NEW, NORMAL), Once("desk", "k"))
    assert (again.repeated, again.events) == (True, first.events)
    assert (await bench.read()).ordinal == 1


async def test_it_is_not_undone_nor_is_what_was_before_it(bench: Bench) -> None:
    await bench.open_counters(ONE)
    await bench.draw()
    await bench.do(CallNext(ONE))
    await bench.do(Undo(ONE))
    await bench.do(Serve(ONE, SHORT, NORMAL))
    assert await bench.refusal(Undo(ONE)) is Refusal.NOTHING_TO_UNDO
