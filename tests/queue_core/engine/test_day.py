"""Business days: each ends once, whoever notices, however late; the clock's changes do not touch it."""

import asyncio
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from queue_core.domain.commands import CallNext, Issue, OpenCounter, Park, PauseCounter, ReserveNumbers
from queue_core.domain.events import EventType
from queue_core.domain.model import CounterState, SeriesId, TicketState
from queue_core.domain.office import Hours, Interval
from tests.support.bench import DAY_MS, Bench, bench_at
from tests.support.zones import NEW, NORMAL, ONE, SHORT, TWO, zone


def moment_ms(iso: str) -> int:
    return int(datetime.fromisoformat(iso).timestamp() * 1000)


async def rolls(bench: Bench) -> list[str]:
    return [e.data["day"] async for e in bench.records.export() if e.type is EventType.DAY_ROLLED]


async def test_the_end_of_the_day_expires_who_is_left_and_closes_counters(bench: Bench) -> None:
    await bench.open_counters(ONE, TWO)
    parked, held, waiting = [await bench.draw(SHORT) for _ in range(3)]
    await bench.do(CallNext(ONE))
    await bench.do(Park(ONE))
    await bench.do(CallNext(ONE))
    await bench.do(PauseCounter(TWO))
    seq = (await bench.read()).seq
    await bench.next_day()
    events = [e async for e in bench.records.export() if e.seq > seq]
    expired = [(e.data["ticket"], e.data["from"], e.data.get("counter")) for e in events[:3]]
    assert expired == [(parked, "parked", None), (held, "called", ONE), (waiting, "waiting", None)]
    assert [(e.type.value, e.data.get("counter")) for e in events[3:]] == [
        ("counter_closed", ONE),
        ("counter_closed", TWO),
        ("day_rolled", None),
    ]
    snapshot = await bench.read()
    assert (snapshot.tickets, snapshot.ordinal, snapshot.totals, snapshot.calls) == ({}, 0, {}, ())
    assert {c.state for c in snapshot.counters.values()} == {CounterState.CLOSED}


async def test_the_first_command_of_the_day_begins_it(bench: Bench) -> None:
    await bench.draw()
    await bench.set_time(bench.now_ms + DAY_MS)
    ticket = await bench.ticket(await bench.draw())
    assert (ticket.number, ticket.ordinal) == ("A001", 1)
    assert await rolls(bench) == ["2030-01-17"]


async def test_rolling_again_does_nothing(bench: Bench) -> None:
    await bench.next_day()
    seq = (await bench.read()).seq
    await bench.engine.roll(bench.zone.id)
    await bench.process().roll(bench.zone.id)
    assert (await bench.read()).seq == seq


async def test_a_day_ends_at_its_last_millisecond(bench: Bench) -> None:
    end_ms = (await bench.read()).day_to_ms
    assert end_ms == moment_ms("2030-01-17T04:00:00+01:00")
    await bench.set_time(end_ms - 1)
    await bench.draw()
    await bench.set_time(end_ms)
    assert (await bench.ticket(await bench.draw())).number == "A001"


async def test_a_server_that_was_down_over_midnight_begins_the_day_when_it_starts(bench: Bench) -> None:
    await bench.draw()
    await bench.set_time(bench.now_ms + DAY_MS)
    await bench.restart(bench.zone)
    assert await rolls(bench) == ["2030-01-17"]
    assert (await bench.read()).day == "2030-01-17"


async def test_days_that_nobody_saw_are_left_out(bench: Bench) -> None:
    await bench.draw()
    await bench.set_time(bench.now_ms + 5 * DAY_MS)
    await bench.draw()
    assert await rolls(bench) == ["2030-01-21"]
    assert await bench.records.days() == ["2030-01-16"]


async def test_processes_that_notice_at_once_roll_the_day_once(bench: Bench, store_url: str) -> None:
    await bench.draw()
    async with bench.processes(store_url, 6) as processes:
        await bench.set_time(bench.now_ms + DAY_MS)
        drawn = await asyncio.gather(*(p.do(bench.zone.id, Issue(NEW, NORMAL)) for p in processes))
    assert sorted(o.events[0].data["number"] for o in drawn) == [f"A00{n}" for n in range(1, 7)]
    assert await rolls(bench) == ["2030-01-17"]


@pytest.mark.parametrize(
    ("evening", "hours"),
    [("2030-03-30T18:00:00+01:00", 23), ("2030-10-26T18:00:00+02:00", 25)],
    ids=["spring", "autumn"],
)
async def test_a_change_of_the_clocks_makes_the_day_shorter_or_longer(store_url: str, evening: str, hours: int) -> None:
    async with bench_at(store_url, at_ms=moment_ms(evening)) as bench:
        day = await bench.read()
        assert day.day_to_ms - day.day_from_ms == hours * 3_600_000
        drawn = []
        while bench.now_ms < day.day_to_ms:
            drawn.append((await bench.ticket(await bench.draw())).number)
            await bench.pass_s(1800)
        assert drawn == [f"A{n:03d}" for n in range(1, len(drawn) + 1)]
        assert (await bench.ticket(await bench.draw())).number == "A001"
        assert len(await rolls(bench)) == 1


@pytest.mark.parametrize("sunday", ["2030-03-31", "2030-10-27"])
async def test_opening_hours_are_local_on_the_day_the_clocks_change(store_url: str, sunday: str) -> None:
    open_from_nine = Hours(week={"sun": (Interval(time(9), time(10)),)})
    saturday = datetime.fromisoformat(sunday) - timedelta(days=1)
    async with bench_at(store_url, zone(hours=open_from_nine), int(saturday.timestamp() * 1000) + DAY_MS // 2) as bench:
        nine_ms = int(datetime.fromisoformat(sunday).replace(hour=9, tzinfo=bench.zone.time_zone).timestamp() * 1000)
        refused = await bench.refused(Issue(NEW, NORMAL))
        assert refused.details["opens_ms"] == nine_ms
        await bench.set_time(nine_ms)
        await bench.draw()


async def test_a_night_ends_lending_and_stops(bench: Bench) -> None:
    await bench.do(ReserveNumbers(SeriesId("a"), 5, "kiosk"))
    await bench.next_day()
    assert (await bench.ticket(await bench.draw())).number == "A001"


@pytest.mark.parametrize("starts", [time(2), time(6)])
async def test_the_day_goes_on_when_its_beginning_is_moved(bench: Bench, starts: time) -> None:
    await bench.draw()
    await bench.restart(replace(bench.zone, day_starts=starts))
    assert (await bench.ticket(await bench.draw())).number == "A002"
    await bench.set_time((await bench.read()).day_to_ms + 60_000)
    assert (await bench.ticket(await bench.draw())).number == "A001"
    assert (await bench.read()).day == "2030-01-17"
    await bench.set_time(moment_ms("2030-01-18T07:00:00+01:00"))
    await bench.do(OpenCounter(ONE))
    assert (await bench.read()).day == "2030-01-18"


async def test_zone_time_never_goes_back(bench: Bench) -> None:
    ticket = await bench.draw()
    assert await bench.engine.set_clock(bench.zone.id, bench.now_ms - DAY_MS, 0) == bench.now_ms
    assert (await bench.ticket(ticket)).issued_ms == bench.now_ms
    assert (await bench.ticket(ticket)).state is TicketState.WAITING
