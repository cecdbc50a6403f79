"""From a booked appointment to the letter: as the background worker does it, on a real store and a real mail server."""

import asyncio
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP as Receiver

from queue_core.domain.booking_commands import Book, CancelBooking
from queue_core.domain.model import BookingId, ZoneId
from queue_core.jobs.telling import send_mail
from queue_core.jobs.timetable import SCHEDULE
from queue_core.mail.post import post_office
from queue_core.office_file import load_office
from queue_core.settings import Settings
from queue_core.store.mail import MailStore
from queue_core.web.secret import load_secret
from tests.queue_core.mail.test_delivery import ADDRESS, Inbox, listening
from tests.support.bench import MORNING_MS, bench_at
from tests.support.office_files import office_file
from tests.support.zones import NEW, NORMAL

DAY_MS = 86_400_000


async def test_the_worker_writes_and_forgets(valkey_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office, inbox = office_file(tmp_path), Inbox()
    async with listening(lambda: Receiver(inbox, hostname="test")) as port:
        told = {
            "REDIS_URL": valkey_url,
            "CONFIG": str(office),
            "SECRET": "s" * 32,
            "PUBLIC_URL": "https://wartezone.example.de",
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(port),
            "SMTP_SECURITY": "none",
            "SMTP_FROM": "termine@example.de",
        }
        for name, value in told.items():
            monkeypatch.setenv(f"WARTEZONE_{name}", value)
        zone = load_office(office)[ZoneId("hall")]
        async with bench_at(valkey_url, zone) as bench:
            await bench.set_time(MORNING_MS)
            await bench.do(Book(BookingId("K7M29QXT"), NEW, NORMAL, MORNING_MS + 3 * DAY_MS))
            settings = Settings()
            post = post_office(MailStore(bench.client), load_secret(settings), settings)
            booking = await bench.engine.booking(zone.id, BookingId("K7M29QXT"))
            await post.write_to(zone.id, booking, ADDRESS, "en")
            for _ in range(2):
                await asyncio.to_thread(send_mail)
            await bench.do(CancelBooking(booking.id))
            await asyncio.to_thread(send_mail)
            assert inbox.subjects() == ["Your appointment", "Your appointment was cancelled"]
            assert await post.store.all() == []


def test_it_is_due_often() -> None:
    assert [due.every_s for due in SCHEDULE if due.job is send_mail] == [15]


def test_without_a_mail_server_the_store_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARTEZONE_REDIS_URL", "redis://127.0.0.1:1")
    send_mail()
