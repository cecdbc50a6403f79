"""Background jobs on a real store, the zone's clock set by hand, each run as rq's worker runs it."""

import asyncio
import sys
import zlib
from base64 import b85encode
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from rq import Queue

from queue_core.domain.cases import Case
from queue_core.domain.commands import CallNext, Finish, Issue, OpenCounter
from queue_core.domain.events import EventType
from queue_core.domain.model import TicketId, TicketState, ZoneId
from queue_core.domain.quality import Quality
from queue_core.jobs.cases import forget_cases
from queue_core.jobs.days import HOUR_MS, archive_and_purge, roll_days, score_days
from queue_core.jobs.store_log import shorten_log
from queue_core.jobs.timetable import QUEUE, SCHEDULE, timetable
from queue_core.office_file import load_office
from queue_core.settings import Settings
from queue_core.store.cases import CaseStore, Change
from queue_core.store.connection import connect_jobs
from queue_core.store.erasing import Erasing
from queue_core.store.track_record import TrackRecord
from tests.support.bench import MINUTE_MS, Bench, bench_at
from tests.support.eventually import eventually
from tests.support.office_files import office_file
from tests.support.valkey import Server, running_server
from tests.support.zones import NEW, NORMAL, ONE

HALL = ZoneId("hall")
LAW_MS = 24 * HOUR_MS
#: A worker needs a main thread of its own: it takes the signals.
BURST = """
import sys
from rq import Queue, SimpleWorker
from queue_core.store.connection import connect_jobs
connection = connect_jobs(sys.argv[1])
SimpleWorker([Queue(sys.argv[2], connection=connection)], connection=connection).work(burst=True)
"""


@pytest.fixture(scope="module")
def kept_server() -> Iterator[Server]:
    """A server that writes to disk, as the embedded one does."""
    with running_server("valkey", "--appendonly", "yes", "--appendfsync", "no") as server:
        yield server


@pytest.fixture
async def bench(kept_server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bench]:
    """Its store and its office are those that the jobs find in the environment."""
    with connect_jobs(kept_server.url) as connection:
        connection.flushall()
    office = office_file(tmp_path)
    monkeypatch.setenv("WARTEZONE_REDIS_URL", kept_server.url)
    monkeypatch.setenv("WARTEZONE_CONFIG", str(office))
    async with bench_at(kept_server.url, load_office(office)[HALL]) as bench:
        yield bench


async def visit(bench: Bench) -> TicketId:
    await bench.do(OpenCounter(ONE))
    ticket = await bench.draw(NEW)
    await bench.do(CallNext(ONE))
    await bench.do(Finish(ONE))
    return ticket


async def told_visit(bench: Bench) -> None:
    """Somebody is told 5 to 15 minutes, and waits for ten."""
    await bench.do(OpenCounter(ONE))
    await bench.do(Issue(NEW, NORMAL, estimate={"p10_s": 300, "p50_s": 600, "p90_s": 900}))
    await bench.pass_s(600)
    await bench.do(CallNext(ONE))
    await bench.do(Finish(ONE))


async def day_end_ms(bench: Bench) -> int:
    return (await bench.read()).day_to_ms


def on_disk(server: Server, word: str) -> bool:
    files = (server.socket_path.parent / "appendonlydir").iterdir()
    return any(word.encode() in file.read_bytes() for file in files)


async def test_a_day_that_is_due_is_rolled_once(bench: Bench) -> None:
    ticket = await bench.draw(NEW)
    day = bench.day
    await bench.set_time(await day_end_ms(bench) + MINUTE_MS)
    await asyncio.to_thread(roll_days)
    log = [event async for event in bench.records.export()]
    await asyncio.to_thread(roll_days)
    assert [event async for event in bench.records.export()] == log
    assert [event.type for event in log].count(EventType.DAY_ROLLED) == 1
    assert await bench.records.days() == [day]
    assert [e.data["ticket"] for e in log if e.type is EventType.EXPIRED] == [ticket]


async def test_a_day_that_is_not_over_is_left_alone(bench: Bench) -> None:
    ticket = await bench.draw(NEW)
    await asyncio.to_thread(roll_days)
    await asyncio.to_thread(archive_and_purge)
    assert (await bench.ticket(ticket)).state is TicketState.WAITING


async def test_an_ended_day_is_archived_at_once_and_kept_until_its_time(bench: Bench) -> None:
    await visit(bench)
    day = bench.day
    await bench.set_time(await day_end_ms(bench) + 11 * HOUR_MS)
    await asyncio.to_thread(archive_and_purge)
    assert await bench.records.archived_days() == [day]
    assert await bench.records.days() == [day]
    await bench.pass_s(3600)
    await asyncio.to_thread(archive_and_purge)
    assert await bench.records.days() == []
    assert await bench.records.archived_days() == [day]


async def test_a_younger_day_outlives_the_purge_of_an_older_one(bench: Bench) -> None:
    await visit(bench)
    await bench.next_day()
    await visit(bench)
    younger = bench.day
    await bench.set_time(await day_end_ms(bench) + HOUR_MS)
    await asyncio.to_thread(archive_and_purge)
    assert await bench.records.days() == [younger]


async def test_the_disk_forgets_the_ticket_with_its_day(bench: Bench, kept_server: Server) -> None:
    ticket = await visit(bench)
    words = [ticket, "A001", str([event async for event in bench.records.export()][-1].at_ms)]
    assert all(on_disk(kept_server, word) for word in words)
    await bench.set_time(await day_end_ms(bench) + 12 * HOUR_MS)
    await asyncio.to_thread(archive_and_purge)
    await eventually(lambda: not any(on_disk(kept_server, word) for word in words))


async def test_a_purge_that_died_before_the_rewriting_is_ended_by_the_next(bench: Bench, kept_server: Server) -> None:
    ticket = await visit(bench)
    await bench.set_time(await day_end_ms(bench) + 11 * HOUR_MS)
    await asyncio.to_thread(archive_and_purge)
    await bench.records.purge_days(bench.day, bench.now_ms)
    assert on_disk(kept_server, ticket)
    await asyncio.to_thread(archive_and_purge)
    await eventually(lambda: not on_disk(kept_server, ticket))


async def test_a_zone_that_the_office_no_longer_names_is_forgotten_too(
    bench: Bench, kept_server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = await bench.draw(NEW)
    other = tmp_path / "other"
    other.mkdir()
    monkeypatch.setenv("WARTEZONE_CONFIG", str(office_file(other, zone="annex")))
    await bench.set_time(await day_end_ms(bench) + 11 * HOUR_MS)
    await asyncio.to_thread(archive_and_purge)
    assert on_disk(kept_server, ticket)
    await bench.set_time(bench.now_ms + HOUR_MS)
    await asyncio.to_thread(archive_and_purge)
    await asyncio.to_thread(archive_and_purge)
    await eventually(lambda: not on_disk(kept_server, ticket))


async def test_the_disk_forgets_an_erased_case(bench: Bench, kept_server: Server) -> None:
    cases, key = CaseStore(bench.client), "c0ffee" * 8
    await cases.change([key], lambda _there: Change({key: Case("first", "received", bench.now_ms, {})}))
    assert on_disk(kept_server, key)
    await cases.erase([key], lambda _case: True)
    assert on_disk(kept_server, key)
    await asyncio.to_thread(forget_cases)
    await eventually(lambda: not on_disk(kept_server, key))


async def test_a_zone_that_cannot_be_purged_does_not_keep_the_others_from_it(bench: Bench, kept_server: Server) -> None:
    ticket = await visit(bench)
    await bench.client.set("{broken}:state", "not a hash")
    await bench.set_time(await day_end_ms(bench) + 12 * HOUR_MS)
    with pytest.raises(ExceptionGroup, match="some zones were not purged"):
        await asyncio.to_thread(archive_and_purge)
    await eventually(lambda: not on_disk(kept_server, ticket))


async def test_a_purge_twice_changes_nothing_more(bench: Bench) -> None:
    await visit(bench)
    await bench.set_time(await day_end_ms(bench) + 12 * HOUR_MS)
    await asyncio.to_thread(archive_and_purge)
    rewritten = (await bench.client.info("stats"))["total_forks"]
    left = {key: await bench.client.dump(key) async for key in bench.client.scan_iter("*log*")}
    await asyncio.to_thread(archive_and_purge)
    assert {key: await bench.client.dump(key) async for key in bench.client.scan_iter("*log*")} == left
    assert (await bench.client.info("stats"))["total_forks"] == rewritten
    assert await Erasing(bench.client).noted(HALL) == set()


async def test_an_ended_day_is_judged_once_also_after_its_purge(bench: Bench) -> None:
    await told_visit(bench)
    day, record = bench.day, TrackRecord(bench.client, HALL)
    await bench.set_time(await day_end_ms(bench) + 11 * HOUR_MS)
    await asyncio.to_thread(score_days)
    assert await record.days() == []
    await asyncio.to_thread(archive_and_purge)
    await asyncio.to_thread(score_days)
    from_log = await record.qualities([day])
    assert (from_log[day].days, from_log[day].tickets, from_log[day].within) == (1, 1, 1)
    revision = await bench.client.hgetall("wz:judged")
    await asyncio.to_thread(score_days)
    assert await bench.client.hgetall("wz:judged") == revision
    await bench.pass_s(3600)
    await asyncio.to_thread(archive_and_purge)
    assert await bench.records.days() == []
    await bench.client.delete("{hall}:quality", "{hall}:waits", "{hall}:rhythm")
    await asyncio.to_thread(score_days)
    assert await record.qualities([day]) == from_log
    assert [waits.day for waits in await record.waits()] == [day]


async def test_a_judgement_that_died_before_the_rhythm_is_ended_by_the_next(bench: Bench) -> None:
    await told_visit(bench)
    record = TrackRecord(bench.client, HALL)
    await bench.set_time(await day_end_ms(bench) + HOUR_MS)
    await asyncio.to_thread(archive_and_purge)
    await asyncio.to_thread(score_days)
    rhythm = await record.rhythm()
    await bench.client.delete("{hall}:rhythm", "wz:judged")
    await asyncio.to_thread(score_days)
    assert await record.rhythm() == rhythm
    assert await bench.client.hexists("wz:judged", "hall")


async def test_an_archive_that_nobody_can_read_is_told_once_and_judged_as_unknown(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    packed = b85encode(zlib.compress(b'{"version": 99}')).decode()
    await bench.client.hset("{hall}:archive", "2020-01-15", packed)
    for _ in range(2):
        await asyncio.to_thread(score_days)
    assert len([r for r in caplog.records if "cannot be read" in r.message]) == 1
    assert await TrackRecord(bench.client, HALL).qualities(["2020-01-15"]) == {"2020-01-15": Quality()}


async def test_a_damaged_archive_keeps_no_other_day_from_being_judged(bench: Bench) -> None:
    await told_visit(bench)
    day = bench.day
    await bench.set_time(await day_end_ms(bench) + HOUR_MS)
    await asyncio.to_thread(archive_and_purge)
    strange = b'{"version": 2}\n{"type": "day_rolled", "at_s": 1, "day": 5}'
    await bench.client.hset("{hall}:archive", "2020-01-15", "no base 85")
    await bench.client.hset("{hall}:archive", "2020-01-16", b85encode(zlib.compress(strange)).decode())
    await asyncio.to_thread(score_days)
    known = await TrackRecord(bench.client, HALL).qualities(["2020-01-15", "2020-01-16", day])
    assert (known["2020-01-15"], known["2020-01-16"], known[day].within) == (Quality(), Quality(), 1)


async def test_a_zone_that_cannot_be_judged_is_told(bench: Bench) -> None:
    await bench.client.set("{hall}:archive", "no hash")
    with pytest.raises(ExceptionGroup, match="not judged"):
        await asyncio.to_thread(score_days)


async def test_jobs_of_a_zone_that_was_never_opened_open_it(bench: Bench) -> None:
    await bench.client.flushall()
    for due in SCHEDULE:
        await asyncio.to_thread(due.job)
    assert [event.type async for event in bench.records.export()] == ["epoch_started", "configured"]


def test_with_the_default_settings_a_ticket_is_gone_within_a_day_of_its_days_end() -> None:
    settings = Settings()
    every_s = next(due.every_s for due in SCHEDULE if due.job is archive_and_purge)
    latest_ms = settings.purge_after_hours * HOUR_MS + 2 * every_s * 1000
    assert latest_ms < LAW_MS


async def test_the_log_is_rewritten_only_beyond_its_tail(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARTEZONE_AOF_REWRITE_TAIL_MB", "1")
    await asyncio.to_thread(shorten_log)
    before = await bench.records.log_tail_bytes()
    await asyncio.to_thread(shorten_log)
    assert await bench.records.log_tail_bytes() == before
    await bench.client.set("long", "x" * 1_100_000)
    await bench.client.delete("long")
    assert await bench.records.log_tail_bytes() > 1_000_000
    await asyncio.to_thread(shorten_log)
    assert await bench.records.log_tail_bytes() < 100_000


@pytest.mark.slow
async def test_what_is_due_is_queued_once_and_a_worker_does_it(bench: Bench, kept_server: Server) -> None:
    await visit(bench)
    day = bench.day
    await bench.set_time(await day_end_ms(bench) + MINUTE_MS)
    with connect_jobs(kept_server.url) as connection:
        scheduler = timetable(connection)
        scheduler.enqueue_jobs()
        assert scheduler.enqueue_jobs() == []
        queue = Queue(QUEUE, connection=connection)
        names = {str(job.func_name).rpartition(".")[2] for job in queue.jobs}
        assert names == {due.job.__name__ for due in SCHEDULE}
        assert 0 < scheduler.calculate_sleep_interval() <= min(due.every_s for due in SCHEDULE)
        worker = await asyncio.create_subprocess_exec(sys.executable, "-c", BURST, kept_server.url, QUEUE)
        assert await worker.wait() == 0
        assert (queue.count, queue.failed_job_registry.count) == (0, 0)
    assert await bench.records.archived_days() == [day]
