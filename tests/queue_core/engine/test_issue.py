"""Drawing a ticket: who may, which number, in which rank."""

from dataclasses import replace
from datetime import date, datetime, time

import pytest

from queue_core.domain.booking_commands import CheckIn
from queue_core.domain.commands import CallNext, Cancel, CloseService, Finish, Issue, OpenService, ReserveNumbers
from queue_core.domain.errors import Refusal
from queue_core.domain.model import ClassId, SeriesId, ServiceId, TicketState
from queue_core.domain.office import Hours, Interval, Series, Zone
from tests.support.bench import MINUTE_MS, MORNING_MS, Bench
from tests.support.zones import NEW, NORMAL, ONE, PRIORITY, SHORT, zone

A = SeriesId("a")


def with_series(last: int, first: int = 1) -> Zone:
    plain = zone()
    return replace(plain, series={**plain.series, A: Series(A, "A", first, last)})


def with_hours(**changes: object) -> Zone:
    week = {day: (Interval(time(8), time(12)), Interval(time(14), time(16))) for day in ("mon", "tue", "wed", "thu")}
    return replace(zone(), hours=replace(Hours(week=week), **changes))  # type: ignore[arg-type]


def with_quota(quota: int) -> Zone:
    plain = zone()
    return replace(plain, services={**plain.services, NEW: replace(plain.services[NEW], quota=quota)})


def local_ms(iso: str) -> int:
    return int(datetime.fromisoformat(iso).timestamp() * 1000)


async def test_a_ticket_waits_with_the_next_number_of_its_series(bench: Bench) -> None:
    first, second, other = [await bench.ticket(await bench.draw(service)) for service in (NEW, NEW, SHORT)]
    assert [first.number, second.number, other.number] == ["A001", "A002", "C001"]
    assert first.state is TicketState.WAITING
    assert (first.arrival_ms, first.rank_ms, first.ordinal) == (bench.now_ms, bench.now_ms, 1)


async def test_a_class_with_a_head_start_ranks_earlier(bench: Bench) -> None:
    ticket = await bench.ticket(await bench.draw(NEW, PRIORITY))
    assert ticket.rank_ms == bench.now_ms - 20 * MINUTE_MS
    assert ticket.arrival_ms == bench.now_ms


async def test_the_event_keeps_the_estimate_that_was_shown(bench: Bench) -> None:
    shown = {"p10_s": 60, "p50_s": 120, "p90_s": 300}
    outcome = await bench.do(Issue(NEW, NORMAL, estimate=shown))
    assert outcome.events[0].data["estimate"] == shown


@pytest.mark.parametrize(
    ("command", "refusal"),
    [
        (Issue(ServiceId("none"), NORMAL), Refusal.UNKNOWN_SERVICE),
        (Issue(NEW, ClassId("none")), Refusal.UNKNOWN_CLASS),
        (ReserveNumbers(SeriesId("none"), 1, "k"), Refusal.UNKNOWN_SERIES),
        (CloseService(ServiceId("none")), Refusal.UNKNOWN_SERVICE),
        (OpenService(NEW), Refusal.SERVICE_OPEN),
    ],
)
async def test_what_is_unknown_or_so_already_is_refused(bench: Bench, command: Issue, refusal: Refusal) -> None:
    assert await bench.refusal(command) is refusal
    assert (await bench.read()).ordinal == 0


async def test_a_quota_counts_draws_and_gives_nothing_back(bench: Bench) -> None:
    await bench.restart(with_quota(2))
    await bench.do(Cancel(await bench.draw(), "visitor"))
    await bench.draw()
    refused = await bench.refused(Issue(NEW, NORMAL))
    assert (refused.code, refused.details["quota"]) == (Refusal.QUOTA_EXHAUSTED, 2)
    assert refused.details["opens_ms"] == (await bench.read()).day_to_ms
    await bench.draw(SHORT)
    await bench.next_day()
    await bench.draw()


async def test_a_ticket_stop_keeps_who_is_inside(bench: Bench) -> None:
    inside = await bench.draw()
    await bench.do(CloseService(NEW, "full"))
    assert await bench.refusal(Issue(NEW, NORMAL)) is Refusal.SERVICE_CLOSED
    assert await bench.refusal(CloseService(NEW)) is Refusal.SERVICE_CLOSED
    await bench.open_counters(ONE)
    called = (await bench.do(CallNext(ONE))).ticket()
    assert called is not None
    assert called["id"] == inside
    await bench.do(OpenService(NEW))
    await bench.draw()


async def test_a_ticket_stop_ends_with_the_day(bench: Bench) -> None:
    await bench.do(CloseService(NEW))
    await bench.next_day()
    await bench.draw()


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2030-01-16T12:00:00+01:00", "2030-01-16T14:00:00+01:00"),
        ("2030-01-17T16:00:00+01:00", "2030-01-21T08:00:00+01:00"),
    ],
)
async def test_outside_hours_nobody_draws_and_the_next_opening_is_told(bench: Bench, now: str, opens: str) -> None:
    await bench.restart(with_hours())
    await bench.draw()
    await bench.set_time(local_ms(now))
    refused = await bench.refused(Issue(NEW, NORMAL))
    assert (refused.code, refused.details["opens_ms"]) == (Refusal.OUTSIDE_HOURS, local_ms(opens))
    await bench.set_time(local_ms(opens))
    await bench.draw()


async def test_on_a_holiday_nobody_draws(bench: Bench) -> None:
    await bench.restart(with_hours(closed_on=frozenset({date(2030, 1, 17)})))
    await bench.next_day()
    assert await bench.refusal(Issue(NEW, NORMAL)) is Refusal.OUTSIDE_HOURS


async def test_a_full_series_refuses_and_never_doubles(bench: Bench) -> None:
    await bench.restart(with_series(last=3))
    tickets = [await bench.draw() for _ in range(3)]
    refused = await bench.refused(Issue(NEW, NORMAL))
    assert (refused.code, refused.details["size"]) == (Refusal.SERIES_FULL, 3)
    await bench.do(Cancel(tickets[1], "staff"))
    assert (await bench.ticket(await bench.draw())).number == "A002"


async def test_a_series_wraps_over_numbers_still_in_the_house(bench: Bench) -> None:
    await bench.restart(with_series(first=7, last=10))
    tickets = [await bench.draw() for _ in range(3)]
    await bench.do(Cancel(tickets[0], "staff"))
    await bench.do(Cancel(tickets[2], "staff"))
    drawn = [(await bench.ticket(await bench.draw())).number for _ in range(3)]
    assert drawn == ["A010", "A007", "A009"]


async def test_a_new_day_begins_the_series_anew(bench: Bench) -> None:
    await bench.draw()
    await bench.next_day()
    assert (await bench.ticket(await bench.draw())).number == "A001"


async def test_lent_numbers_are_drawn_by_their_holder_only(bench: Bench) -> None:
    await bench.restart(with_series(last=6))
    await bench.draw()
    lent = await bench.do(ReserveNumbers(A, 3, "kiosk"))
    assert (lent.events[0].data["first"], lent.events[0].data["last"]) == (2, 4)
    assert [(await bench.ticket(await bench.draw())).number for _ in range(2)] == ["A005", "A006"]
    assert await bench.refusal(Issue(NEW, NORMAL)) is Refusal.SERIES_FULL
    assert await bench.refusal(ReserveNumbers(A, 1, "kiosk")) is Refusal.SERIES_FULL


async def test_a_lent_block_never_wraps(bench: Bench) -> None:
    await bench.restart(with_series(last=4))
    for ticket in [await bench.draw() for _ in range(3)]:
        await bench.do(Cancel(ticket, "staff"))
    lent = await bench.do(ReserveNumbers(A, 2, "kiosk"))
    assert (lent.events[0].data["first"], lent.events[0].data["last"]) == (1, 2)


async def test_a_lent_number_ranks_by_the_moment_it_was_drawn(bench: Bench) -> None:
    await bench.do(ReserveNumbers(A, 2, "kiosk"))
    await bench.pass_s(600)
    online = await bench.draw()
    outcome = await bench.do(Issue(NEW, NORMAL, lent_number=1, claimed_ms=MORNING_MS + MINUTE_MS))
    ticket = await bench.ticket(outcome.events[0].data["ticket"])
    assert (ticket.number, ticket.arrival_ms) == ("A001", MORNING_MS + MINUTE_MS)
    await bench.open_counters(ONE)
    first = (await bench.do(CallNext(ONE))).ticket()
    assert first is not None
    assert first["id"] == ticket.id != online


async def test_a_lent_number_counts_although_the_service_has_closed_meanwhile(bench: Bench) -> None:
    await bench.do(ReserveNumbers(A, 2, "kiosk"))
    await bench.do(CloseService(NEW))
    await bench.do(Issue(NEW, NORMAL, lent_number=1, claimed_ms=bench.now_ms))
    assert (await bench.read()).issued == {NEW: 1}


async def test_a_number_is_free_again_when_its_holder_has_left(bench: Bench) -> None:
    await bench.restart(with_series(last=1))
    await bench.draw()
    await bench.open_counters(ONE)
    await bench.do(CallNext(ONE))
    assert await bench.refusal(Issue(NEW, NORMAL)) is Refusal.SERIES_FULL
    await bench.do(Finish(ONE))
    assert (await bench.ticket(await bench.draw())).number == "A001"


async def test_an_unknown_booking_cannot_check_in(bench: Bench) -> None:
    assert await bench.refusal(CheckIn("nowhere")) is Refusal.UNKNOWN_BOOKING  # type: ignore[arg-type]
