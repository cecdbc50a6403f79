"""What faces ask beside commands."""

from collections.abc import Mapping

import pytest

from queue_core.domain.booking_commands import Book, CheckIn
from queue_core.domain.clock import REAL_TIME
from queue_core.domain.commands import Issue
from queue_core.domain.errors import Refusal, Refused, UnknownZone
from queue_core.domain.model import BookingId, CounterId, ServiceId, TicketId, ZoneId
from queue_core.domain.quality import Quality
from queue_core.domain.rhythm import DayWaits, Rhythm
from queue_core.engine import Engine, Once
from queue_core.filling import Filling, RandomIds
from queue_core.store.hindsight import Hindsight
from queue_core.store.track_record import TrackRecord
from queue_core.store.zone import ZoneStore
from tests.support.bench import Bench
from tests.support.zones import APPOINTMENT, NEW, NORMAL, ONE

ELSEWHERE = ZoneId("elsewhere")


class CountedIds(RandomIds):
    """One seed, one log: ids that are the same in every run."""

    def __init__(self) -> None:
        self.count = 0

    def ticket(self) -> TicketId:
        self.count += 1
        return TicketId(f"t{self.count}")

    def command(self) -> str:
        return "c"


async def test_an_unknown_zone_is_told(bench: Bench) -> None:
    with pytest.raises(UnknownZone):
        await bench.engine.do(ELSEWHERE, Issue(NEW, NORMAL))
    with pytest.raises(UnknownZone):
        await bench.engine.read(ELSEWHERE)
    with pytest.raises(UnknownZone):
        await bench.engine.ticket(ELSEWHERE, TicketId("t"))
    with pytest.raises(UnknownZone):
        bench.engine.clock(ELSEWHERE)


async def test_who_is_next_at_an_unknown_counter_is_refused(bench: Bench) -> None:
    with pytest.raises(Refused) as refused:
        await bench.engine.next(bench.zone.id, CounterId("9"))
    assert refused.value.code is Refusal.UNKNOWN_COUNTER


async def test_the_wait_that_is_shown_is_kept_with_the_ticket(bench: Bench) -> None:
    def shown(zone: ZoneId, service: ServiceId) -> Mapping[str, int] | None:
        return {"p50_s": 240} if (zone, service) == (bench.zone.id, NEW) else None

    stores = {bench.zone.id: ZoneStore(bench.client, bench.zone.id)}
    engine = Engine({bench.zone.id: bench.zone}, stores, Filling(shown, ids=CountedIds()))
    first = await engine.do(bench.zone.id, Issue(NEW, NORMAL), Once("k", "1"))
    again = await engine.do(bench.zone.id, Issue(NEW, NORMAL), Once("k", "1"))
    assert first.events[0].data["estimate"] == {"p50_s": 240}
    assert first.events[0].data["ticket"] == "t1" == again.events[0].data["ticket"]


async def test_an_appointment_is_shown_no_newcomers_wait(bench: Bench) -> None:
    stores = {bench.zone.id: ZoneStore(bench.client, bench.zone.id)}
    engine = Engine({bench.zone.id: bench.zone}, stores, Filling(lambda *_: {"p50_s": 240}))
    await engine.do(bench.zone.id, Book(BookingId("b"), NEW, APPOINTMENT, bench.now_ms))
    arrived = await engine.do(bench.zone.id, CheckIn(BookingId("b")))
    assert "estimate" not in arrived.events[1].data


async def test_what_an_appointment_was_told_is_kept_with_its_ticket(bench: Bench) -> None:
    def shown_to(zone: ZoneId, booking: BookingId) -> Mapping[str, int] | None:
        return {"p50_s": 300} if (zone, booking) == (bench.zone.id, "b") else None

    stores = {bench.zone.id: ZoneStore(bench.client, bench.zone.id)}
    engine = Engine({bench.zone.id: bench.zone}, stores, Filling(shown_to=shown_to))
    await engine.do(bench.zone.id, Book(BookingId("b"), NEW, APPOINTMENT, bench.now_ms))
    arrived = await engine.do(bench.zone.id, CheckIn(BookingId("b")))
    assert arrived.events[1].data["estimate"] == {"p50_s": 300}


async def test_nothing_is_known_of_ended_days_without_hindsight(bench: Bench) -> None:
    assert (bench.engine.quality(bench.zone.id), bench.engine.rhythm(bench.zone.id)) == (None, None)
    with pytest.raises(UnknownZone):
        bench.engine.quality(ELSEWHERE)
    with pytest.raises(UnknownZone):
        bench.engine.rhythm(ELSEWHERE)


async def test_what_was_shown_on_the_last_days_is_judged_from_today_on(bench: Bench) -> None:
    hindsight, record = Hindsight(bench.client, [bench.zone.id]), TrackRecord(bench.client, bench.zone.id)
    stores = {bench.zone.id: ZoneStore(bench.client, bench.zone.id)}
    engine = Engine({bench.zone.id: bench.zone}, stores, hindsight=hindsight)
    await engine.open()
    await record.keep_day(bench.day, Quality(days=1, tickets=9), DayWaits(bench.day))
    await bench.next_day()
    await record.keep_day(bench.day, Quality(days=1, tickets=5), DayWaits(bench.day))
    await record.keep_rhythm(Rhythm())
    await hindsight.refresh()
    assert engine.quality(bench.zone.id) is None
    await engine.set_clock(bench.zone.id, bench.now_ms, 0)
    assert engine.quality(bench.zone.id) == Quality(days=1, tickets=9)


async def test_a_zone_that_nobody_opened_is_opened_by_the_first_question(bench: Bench) -> None:
    engine = bench.process()
    assert engine.clock(bench.zone.id) is REAL_TIME
    assert (await engine.next(bench.zone.id, ONE)).candidates == []
    assert engine.clock(bench.zone.id).rate == 0


def test_random_ids_do_not_meet() -> None:
    ids = RandomIds()
    assert len({ids.ticket() for _ in range(1000)} | {ids.command() for _ in range(1000)}) == 2000
    assert min(len(ids.ticket()) for _ in range(10)) == 12
