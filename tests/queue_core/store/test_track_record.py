"""What is known of ended days is kept, found again by every process, and never breaks one."""

import pytest
from redis.asyncio import Redis

from queue_core.domain.model import ServiceId, ZoneId
from queue_core.domain.quality import Quality
from queue_core.domain.rhythm import DayWaits, Rhythm, Usual
from queue_core.store.hindsight import Hindsight
from queue_core.store.packed import NotPacked, pack, unpack
from queue_core.store.track_record import DAYS_KEPT, TrackRecord

HALL = ZoneId("hall")
GOOD = Quality(days=1, tickets=100, within=81, too_short=9, unknown=2, left=3, wait_s=9e4, error_s=1e4, bias_s=-5e2)
MONDAYS = Rhythm("2026-11-23", {ServiceId("new"): {0: {36: Usual(4, 60, 300, 900)}}})

WAITS = DayWaits("2026-11-23", {ServiceId("new"): {36: (6, 30, 90)}})


@pytest.fixture
def record(client: Redis) -> TrackRecord:
    return TrackRecord(client, HALL)


async def seen(client: Redis) -> Hindsight:
    hindsight = Hindsight(client, [HALL])
    await hindsight.refresh()
    return hindsight


async def test_a_days_quality_and_the_rhythm_come_back_as_they_were_kept(record: TrackRecord) -> None:
    assert (await record.days(), await record.rhythm()) == ([], None)
    await record.keep_day("2026-11-23", GOOD, WAITS)
    await record.keep_rhythm(MONDAYS)
    assert await record.qualities(["2026-11-23", "2026-11-24"]) == {"2026-11-23": GOOD}
    assert await record.rhythm() == MONDAYS
    assert await record.waits() == [WAITS]


async def test_only_the_newest_days_are_kept(record: TrackRecord, client: Redis) -> None:
    await client.hset("{hall}:quality", mapping={f"1999-{n:04}": "{}" for n in range(DAYS_KEPT)})
    await record.keep_day("2026-11-23", GOOD, WAITS)
    days = await record.days()
    assert len(await record.waits()) == 1
    assert (len(days), days[0], days[-1]) == (DAYS_KEPT, "1999-0001", "2026-11-23")


async def test_what_cannot_be_read_is_unknown(record: TrackRecord, client: Redis) -> None:
    await client.hset("{hall}:quality", mapping={"2026-11-23": "{", "2026-11-24": '{"strange": 1}', "2026-11-25": "[]"})
    assert await record.qualities(await record.days()) == {}
    await client.hset("{hall}:waits", mapping={"2026-11-23": "{", "2026-11-24": pack({"day": 1})})
    assert await record.waits() == []
    for broken in ("no base 85 {}", pack([]), pack({"until_day": ""}), pack({"until_day": "", "services": [1]})):
        await client.set("{hall}:rhythm", broken)
        assert await record.rhythm() is None


async def test_a_process_knows_nothing_before_it_was_told(client: Redis) -> None:
    hindsight = await seen(client)
    assert hindsight.quality(HALL, "2026-11-24", 7) is None
    assert hindsight.rhythm(HALL) is None


async def test_the_last_days_are_summed_up_without_today(record: TrackRecord, client: Redis) -> None:
    for day in ("2026-11-16", "2026-11-17", "2026-11-23", "2026-11-24"):
        await record.keep_day(day, GOOD, DayWaits(day))
    await record.keep_rhythm(MONDAYS)
    hindsight = await seen(client)
    summed = hindsight.quality(HALL, "2026-11-24", 7)
    assert summed == GOOD + GOOD
    assert hindsight.quality(HALL, "2026-11-24", 7) is summed
    assert hindsight.quality(HALL, "2026-11-25", 7) == GOOD + GOOD
    assert hindsight.quality(HALL, "2026-11-24", 8) == GOOD + GOOD + GOOD
    assert hindsight.quality(HALL, "2026-11-10", 7) is None


async def test_days_on_which_nobody_was_counted_say_nothing(record: TrackRecord, client: Redis) -> None:
    await record.keep_day("2026-11-23", Quality(days=1), WAITS)
    await record.keep_rhythm(MONDAYS)
    assert (await seen(client)).quality(HALL, "2026-11-24", 7) is None


async def test_a_process_reads_anew_only_what_was_told_to_have_changed(record: TrackRecord, client: Redis) -> None:
    await record.keep_rhythm(MONDAYS)
    hindsight = await seen(client)
    first = hindsight.rhythm(HALL)
    await record.keep_day("2026-11-23", GOOD, WAITS)
    await hindsight.refresh()
    assert first == MONDAYS
    assert hindsight.rhythm(HALL) is first
    assert hindsight.quality(HALL, "2026-11-24", 7) is None
    await record.keep_rhythm(MONDAYS)
    await hindsight.refresh()
    assert hindsight.quality(HALL, "2026-11-24", 7) == GOOD


@pytest.mark.parametrize("record", [{}, [], {"größe": [1.5, None, "ß"]}, "text"], ids=["empty", "list", "rich", "text"])
def test_what_is_packed_comes_back(record: object) -> None:
    assert unpack(pack(record)) == record


@pytest.mark.parametrize("broken", ["", "{}", '{"plain": "json"}', "ä", pack({})[:-3]])
def test_what_was_never_packed_is_said(broken: str) -> None:
    with pytest.raises(NotPacked):
        unpack(broken)
