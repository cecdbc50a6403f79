"""Reminders by webhook, on a real store, against a real HTTP server that fails first."""

import asyncio
import hashlib
import hmac
import json
import socket
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from redis.asyncio import Redis
from starlette.responses import Response

from queue_core.domain.booking_commands import Book, CancelBooking, MoveBooking
from queue_core.domain.model import Booking, BookingId, ZoneId
from queue_core.jobs.telling import remind
from queue_core.jobs.timetable import SCHEDULE
from queue_core.office_file import load_office
from queue_core.reminders import Expected, Reminders
from queue_core.store.connection import connect
from queue_core.store.reminders import Reminded, ReminderStore
from queue_core.webhook import PAUSES_MS, Receiver
from tests.queue_core.mail.test_calendar import booking_at
from tests.queue_core.test_webhook import Receiver as Office
from tests.queue_core.test_webhook import receiving
from tests.support.bench import MORNING_MS, bench_at
from tests.support.office_files import office_file
from tests.support.zones import NEW, NORMAL, zone

SECRET = "s" * 32
HOUR_MS = 3_600_000
BOOKED = booking_at("2030-01-16T10:20:00+01:00")
DAY_BEFORE = BOOKED.slot_ms - 24 * HOUR_MS


@dataclass
class Desk:
    """A zone with one appointment, whose time is `now_ms`, and whoever is told of it."""

    office: Office
    client: Redis
    store: ReminderStore
    now_ms: int = DAY_BEFORE
    bookings: list[Booking] = field(default_factory=lambda: [BOOKED])

    async def run(self) -> None:
        def address_of(zone_id: ZoneId, booking: BookingId, made_ms: int) -> str:
            return f"https://wartezone.example.de/a/{zone_id}.{booking}-{made_ms:x}.x"

        receiver = Receiver(self.office.url, SECRET)
        await Reminders(receiver, self.store, address_of).run([Expected(zone(), self.bookings, self.now_ms)])

    def told(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.office.got]


@pytest_asyncio.fixture
async def desk(valkey_url: str) -> AsyncIterator[Desk]:
    async with connect(valkey_url) as client, receiving() as office:
        yield Desk(office, client, ReminderStore(client))


async def test_it_is_told_of_an_appointment_once_a_day_before_and_of_nobody(desk: Desk) -> None:
    desk.now_ms = DAY_BEFORE - 1
    await desk.run()
    assert desk.told() == []
    desk.now_ms = DAY_BEFORE
    for _ in range(2):
        await desk.run()
    ((headers, body),) = desk.office.got
    told = json.loads(body)
    assert headers["wartezone-event"] == told.pop("id")
    assert told == {
        "event": "appointment_reminder",
        "zone": "hall",
        "code": BOOKED.id,
        "service": BOOKED.service,
        "slot_at": "2030-01-16T10:20:00.000+01:00",
        "link": f"https://wartezone.example.de/a/hall.{BOOKED.id}-{BOOKED.made_ms:x}.x",
    }
    signed = f"{headers['wartezone-timestamp']}.{headers['wartezone-event']}.".encode() + body
    assert headers["wartezone-signature"] == f"v1={hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()}"


async def test_what_is_not_taken_is_told_again_later_with_the_same_id(desk: Desk) -> None:
    desk.office.answers = [Response(status_code=500)]
    for _ in range(2):
        await desk.run()
    assert len(desk.office.got) == 1
    desk.now_ms += PAUSES_MS[0]
    for _ in range(2):
        await desk.run()
    assert len(desk.office.got) == 2
    assert len({told["id"] for told in desk.told()}) == 1


async def test_what_another_run_has_told_meanwhile_is_not_told_again(desk: Desk) -> None:
    store = desk.store

    class Reading(ReminderStore):
        """Another run begins and ends as soon as this one has read what was told."""

        async def all(self) -> Mapping[str, Reminded]:
            found = await super().all()
            desk.store = store
            await desk.run()
            return found

    desk.store = Reading(desk.client)
    await desk.run()
    assert len(desk.office.got) == 1


async def test_who_does_not_answer_is_asked_once_a_run(desk: Desk) -> None:
    desk.bookings = [replace(BOOKED, id=BookingId(f"CODE{n}")) for n in range(5)]
    with socket.create_server(("127.0.0.1", 0)) as gone:
        desk.office.url = f"http://127.0.0.1:{gone.getsockname()[1]}/"
    await desk.run()
    assert [reminded.tries for reminded in (await desk.store.all()).values()] == [1]


async def test_who_never_takes_it_is_given_up(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    desk.office.answers = [Response(status_code=500) for _ in range(2 * len(PAUSES_MS))]
    for pause_ms in (*PAUSES_MS, HOUR_MS, HOUR_MS):
        await desk.run()
        desk.now_ms += pause_ms
    assert len(desk.office.got) == len(PAUSES_MS) + 1
    assert "given up" in caplog.text
    assert SECRET not in caplog.text


async def test_whoever_has_another_time_is_reminded_of_that(desk: Desk) -> None:
    await desk.run()
    desk.bookings = [replace(BOOKED, slot_ms=BOOKED.slot_ms + 48 * HOUR_MS)]
    await desk.run()
    assert len(desk.office.got) == 1
    desk.now_ms += 48 * HOUR_MS
    await desk.run()
    assert [told["slot_at"] for told in desk.told()] == [f"2030-01-{day}T10:20:00.000+01:00" for day in (16, 18)]
    assert len({told["id"] for told in desk.told()}) == 2


async def test_what_is_cancelled_or_begins_is_told_of_no_more_and_forgotten(desk: Desk) -> None:
    desk.office.answers = [Response(status_code=500)]
    await desk.run()
    desk.now_ms = BOOKED.slot_ms
    await desk.run()
    desk.bookings, desk.now_ms = [], DAY_BEFORE + HOUR_MS
    await desk.run()
    assert len(desk.office.got) == 1
    assert await desk.store.all() == {}


async def test_two_workers_at_once_tell_it_once(desk: Desk) -> None:
    await asyncio.gather(*(desk.run() for _ in range(4)))
    await desk.run()
    assert len({told["id"] for told in desk.told()}) == 1
    assert len(desk.office.got) == 1


async def test_the_worker_tells(valkey_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = office_file(tmp_path)
    async with receiving() as office:
        told = {
            "REDIS_URL": valkey_url,
            "CONFIG": str(file),
            "SECRET": SECRET,
            "PUBLIC_URL": "https://wartezone.example.de",
            "REMINDER_WEBHOOK_URL": office.url,
            "REMINDER_WEBHOOK_SECRET": SECRET,
        }
        for name, value in told.items():
            monkeypatch.setenv(f"WARTEZONE_{name}", value)
        async with bench_at(valkey_url, load_office(file)[ZoneId("hall")]) as bench:
            await bench.set_time(MORNING_MS)
            for code, slot_ms in (("K7M29QXT", MORNING_MS + HOUR_MS), ("LATER234", MORNING_MS + 100 * HOUR_MS)):
                await bench.do(Book(BookingId(code), NEW, NORMAL, slot_ms))
            for _ in range(2):
                await asyncio.to_thread(remind)
            await bench.do(MoveBooking(BookingId("LATER234"), MORNING_MS + 2 * HOUR_MS))
            await bench.do(CancelBooking(BookingId("K7M29QXT")))
            await asyncio.to_thread(remind)
        assert [json.loads(body)["code"] for _, body in office.got] == ["K7M29QXT", "LATER234"]


def test_it_is_due_every_minute() -> None:
    assert [due.every_s for due in SCHEDULE if due.job is remind] == [60]


def test_where_nobody_is_to_be_told_the_store_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARTEZONE_REDIS_URL", "redis://127.0.0.1:1")
    remind()
