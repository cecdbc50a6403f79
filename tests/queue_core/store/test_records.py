"""A zone's records at rest: export, archive, purge, and that the disk forgets too."""

import json
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from queue_core.domain.archive import events_of
from queue_core.domain.booking_commands import Book, CancelBooking, CheckIn
from queue_core.domain.commands import CallNext, Finish, Issue, OpenCounter, ReserveNumbers, Transfer
from queue_core.domain.errors import Refusal
from queue_core.domain.events import Event, EventType
from queue_core.domain.model import BookingId, SeriesId, TicketId, ZoneId
from queue_core.domain.snapshot import Snapshot
from queue_core.engine import Once
from queue_core.store.connection import connect
from queue_core.store.records import Records
from tests.support.archived import assert_replays, places_of
from tests.support.bench import DAY_MS, Bench, bench_at
from tests.support.eventually import eventually
from tests.support.valkey import binaries, start_server
from tests.support.zones import APPOINTMENT, NEW, NORMAL, ONE, SHORT

HOUR_MS = 3_600_000
NOTE = "left-the-papers"


@pytest.fixture
async def bench(store_url: str) -> AsyncIterator[Bench]:
    async with bench_at(store_url) as bench:
        yield bench


async def a_days_work(bench: Bench) -> TicketId:
    """One visit with everything that could tell of a person."""
    await bench.do(OpenCounter(ONE))
    issued = await bench.do(Issue(NEW, NORMAL), Once("kiosk", bench.day))
    await bench.do(ReserveNumbers(SeriesId("a"), 5, "holder-device"))
    await bench.do(CallNext(ONE))
    ticket = TicketId(issued.events[0].data["ticket"])
    await bench.do(Transfer(ticket, SHORT, by_counter=ONE, reason=NOTE))
    await bench.do(CallNext(ONE))
    await bench.do(Finish(ONE, "outcome-word"))
    return ticket


async def exported(records: Records) -> list[Event]:
    return [event async for event in records.export()]


async def test_the_export_runs_through_ended_days_without_a_gap(bench: Bench) -> None:
    await a_days_work(bench)
    await bench.next_day()
    await a_days_work(bench)
    log = await exported(bench.records)
    assert log[0].type is EventType.EPOCH_STARTED
    assert [e.seq for e in log] == list(range(1, len(log) + 1))
    assert [e.type for e in log].count(EventType.DAY_ROLLED) == 1


async def test_the_export_has_no_gap_when_the_day_rolls_meanwhile(bench: Bench) -> None:
    await a_days_work(bench)
    events = bench.records.export()
    log = [await anext(events)]
    await bench.next_day()
    await a_days_work(bench)
    log += [event async for event in events]
    assert [e.seq for e in log] == list(range(1, len(log) + 1))
    assert log[-1].type is EventType.FINISHED


async def test_an_export_goes_on_after_a_given_event(bench: Bench) -> None:
    await a_days_work(bench)
    await bench.next_day()
    log = await exported(bench.records)
    assert [event async for event in bench.records.export(log[3])] == log[4:]


async def test_a_day_is_archived_once_and_stays_the_same(bench: Bench) -> None:
    await a_days_work(bench)
    day = bench.day
    await bench.next_day()
    await bench.records.archive_ended_days()
    first = await bench.records.read_archive(day)
    await bench.records.archive_ended_days()
    assert await bench.records.read_archive(day) == first
    assert await bench.records.archived_days() == [day]
    assert [line["type"] for line in first[1:4]] == ["epoch_started", "configured", "counter_opened"]


async def test_the_running_day_has_no_archive(bench: Bench) -> None:
    await a_days_work(bench)
    await bench.records.archive_ended_days()
    assert await bench.records.archived_days() == []
    assert await bench.records.read_archive(bench.day) == []


async def test_an_archive_says_nothing_of_a_person(bench: Bench) -> None:
    ticket = await a_days_work(bench)
    log = await exported(bench.records)
    day = bench.day
    await bench.next_day()
    await bench.records.archive(day)
    text = json.dumps(await bench.records.read_archive(day))
    telling = {ticket, "A001", "holder-device", NOTE, "outcome-word", *(e.command for e in log)}
    assert [word for word in telling if word in text] == []
    assert not {"counter", "ticket", "number", "reason", "command"} & {k for line in json.loads(text) for k in line}


async def test_an_archive_tells_the_sessions_of_counters_or_only_how_many_are_open(bench: Bench) -> None:
    await a_days_work(bench)
    day = bench.day
    await bench.next_day()
    await bench.records.archive(day)
    assert (await bench.records.read_archive(day))[0]["sessions"] == [["new", "short"]]
    await bench.client.hdel(bench.records.keys.archive, day)
    await Records(bench.client, bench.zone.id, sessions=False).archive(day)
    lines = await bench.records.read_archive(day)
    assert "session" not in json.dumps(lines)
    assert [line["counters_open"] for line in lines if "counters_open" in line] == [1, 0]


async def test_the_archive_of_a_day_knows_the_appointments_that_were_made_before_it_and_who_did_not_come(
    bench: Bench,
) -> None:
    slots_ms = {BookingId(name): bench.now_ms + DAY_MS + 60_000 * n for n, name in enumerate(("b1", "b2", "b3"))}
    for booking, slot_ms in slots_ms.items():
        await bench.do(Book(booking, NEW, APPOINTMENT, slot_ms))
    await bench.do(Book(BookingId("later"), NEW, APPOINTMENT, bench.now_ms + 9 * DAY_MS))
    await bench.next_day()
    await bench.do(OpenCounter(ONE))
    await bench.do(CheckIn(BookingId("b1")))
    await bench.do(CancelBooking(BookingId("b2")))
    await bench.do(CallNext(ONE))
    day = bench.day
    await bench.next_day()
    await bench.records.archive(day)
    archive = await bench.records.read_archive(day)
    assert [a["slot_s"] for a in archive[0]["appointments"]] == [ms // 1000 for ms in slots_ms.values()]
    states, state = [], Snapshot()
    for event in events_of(archive, places_of(bench.zone)):
        state.fold(event)
        states.append(len(state.bookings))
    assert (states[0], states[-2], states[-1]) == (3, 1, 0)
    assert_replays(await exported(bench.records), places_of(bench.zone))


async def test_a_purge_archives_first_and_keeps_the_running_day(bench: Bench) -> None:
    await a_days_work(bench)
    day = bench.day
    await bench.next_day()
    assert await bench.records.purge_days(bench.day, bench.now_ms + 1000 * HOUR_MS) == [day]
    assert await bench.records.days() == []
    assert (await exported(bench.records))[0].type is EventType.DAY_ROLLED
    assert len(await bench.records.read_archive(day)) > 5


async def test_a_day_is_purged_only_when_it_has_been_over_for_long_enough(bench: Bench) -> None:
    await a_days_work(bench)
    day = bench.day
    end_ms = (await bench.read()).day_to_ms
    await bench.next_day()
    assert await bench.records.purge_days(bench.day, end_ms - 1) == []
    assert await bench.records.purge_days(bench.day, end_ms) == [day]


async def test_a_repeat_after_the_purge_is_refused_and_never_a_second_ticket(bench: Bench) -> None:
    await a_days_work(bench)
    key = bench.day
    await bench.next_day()
    await bench.records.purge_days(bench.day, bench.now_ms)
    assert await bench.refusal(Issue(NEW, NORMAL), Once("kiosk", key)) is Refusal.KEY_SPENT
    assert (await bench.read()).ordinal == 0


async def test_answers_are_forgotten_by_age_and_not_before(bench: Bench) -> None:
    await a_days_work(bench)
    given_ms = bench.now_ms
    await bench.next_day()
    await bench.do(Issue(NEW, NORMAL), Once("kiosk", "key-2"))
    await bench.records.forget_answers(given_ms + 20 * HOUR_MS)
    assert await bench.client.hlen(bench.records.keys.answers) == 2
    await bench.records.forget_answers(given_ms + 48 * HOUR_MS)
    assert await bench.client.hlen(bench.records.keys.answers) == 1


async def test_a_store_without_a_log_on_disk_has_nothing_to_rewrite(bench: Bench) -> None:
    await bench.records.rewrite_log()


@pytest.fixture(params=sorted(binaries()))
def kept_store(request: pytest.FixtureRequest) -> Iterator[tuple[str, Path]]:
    """A server that writes to disk, as the embedded one does."""
    with tempfile.TemporaryDirectory(prefix="wz-") as directory:
        server = start_server(
            binaries()[request.param], Path(directory), "--appendonly", "yes", "--appendfsync", "always"
        )
        try:
            yield server.url, Path(directory)
        finally:
            server.stop()


def on_disk(directory: Path, word: str) -> list[str]:
    files = (directory / "appendonlydir").iterdir()
    return [file.name for file in files if word.encode() in file.read_bytes()]


async def test_after_purge_and_rewrite_the_disk_has_forgotten_the_ticket(kept_store: tuple[str, Path]) -> None:
    url, directory = kept_store
    async with bench_at(url) as bench:
        ticket = await a_days_work(bench)
        called_ms = str((await exported(bench.records))[-1].at_ms)
        words = [ticket, "A001", NOTE, called_ms]
        assert all(on_disk(directory, word) for word in words)
        await bench.next_day()
        await bench.records.purge_days(bench.day, bench.now_ms)
        await bench.records.rewrite_log()
        await eventually(lambda: not any(on_disk(directory, word) for word in words))
        assert on_disk(directory, bench.records.keys.archive)


async def test_a_rewrite_already_under_way_does_not_count(kept_store: tuple[str, Path]) -> None:
    url, directory = kept_store
    client = connect(url)
    await client.set("secret-word", "here")
    await client.bgrewriteaof()
    await client.delete("secret-word")
    await Records(client, ZoneId("hall")).rewrite_log()
    await eventually(lambda: not on_disk(directory, "secret-word"))
    await client.aclose()
