"""Letters on their way to a real mail server on the loopback: one that takes them, refuses them, or says nothing."""

import asyncio
import contextlib
import logging
import ssl
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
import pytest_asyncio
from aiosmtpd.smtp import SMTP as Receiver
from aiosmtpd.smtp import Envelope, Session

from queue_core.domain.model import Booking, BookingId, TicketId, ZoneId
from queue_core.mail.delivery import PAUSES_MS, Delivery, ZoneNow
from queue_core.mail.post import ADDRESSES_OF_APPOINTMENT_MOST, APPOINTMENTS_OF_ADDRESS_MOST, Post
from queue_core.mail.recipient import Seal
from queue_core.settings import Settings
from queue_core.store.connection import connect
from queue_core.store.mail import MailStore
from tests.queue_core.mail.test_calendar import booking_at
from tests.support.zones import zone

HALL = ZoneId("hall")
ADDRESS = "anna@example.org"
BOOKED = booking_at("2030-01-16T10:20:00+01:00")
HOUR_MS = 3_600_000
LONG_BEFORE = BOOKED.slot_ms - 100 * HOUR_MS


@dataclass
class Inbox:
    """What a mail server was given; `answer` is what it says to the next recipient."""

    answer: str = "250 OK"
    taken: list[EmailMessage] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    async def handle_RCPT(
        self, _server: Receiver, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        self.asked.append(address)
        if self.answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_DATA(self, _server: Receiver, _session: Session, envelope: Envelope) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        message = message_from_bytes(content, policy=default)
        assert isinstance(message, EmailMessage)
        self.taken.append(message)
        return "250 OK"

    def subjects(self) -> list[str]:
        return [str(message["subject"]).partition(":")[0] for message in self.taken]


@dataclass
class Mail:
    """A zone with one appointment, whose time is `now_ms`, and the mail server that its letters go to."""

    post: Post
    inbox: Inbox
    settings: Settings
    now_ms: int = LONG_BEFORE
    bookings: dict[BookingId, Booking] = field(default_factory=lambda: {BOOKED.id: BOOKED})

    async def read(self, zone_id: ZoneId) -> ZoneNow | None:
        return ZoneNow(zone(), self.bookings, self.now_ms) if zone_id == HALL else None

    def delivery(self, settings: Settings | None = None, within_s: float = 5) -> Delivery:
        def path_of(zone_id: ZoneId, booking: BookingId, _made_ms: int) -> str:
            return f"/a/{zone_id}.{booking}.x"

        return Delivery(settings or self.settings, self.post.store, self.post.seal, self.read, path_of, within_s)

    async def run(self) -> None:
        await self.delivery().run()

    def book(self, booking: Booking | None) -> None:
        self.bookings = {booking.id: booking} if booking else {}


def settings_at(port: int, data: Path) -> Settings:
    return Settings(
        data=data,
        smtp_host="127.0.0.1",
        smtp_port=port,
        smtp_security="none",
        smtp_from="termine@example.de",
        public_url="https://wartezone.example.de",
    )


@contextlib.asynccontextmanager
async def listening(
    protocol: Callable[[], asyncio.BaseProtocol], tls: ssl.SSLContext | None = None
) -> AsyncIterator[int]:
    server = await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


@pytest_asyncio.fixture
async def mail(valkey_url: str, tmp_path: Path) -> AsyncIterator[Mail]:
    inbox = Inbox()
    async with connect(valkey_url) as client, listening(lambda: Receiver(inbox, hostname="test")) as port:
        post = Post(MailStore(client), Seal(b"s" * 32), is_offered=True)
        mail = Mail(post, inbox, settings_at(port, tmp_path))
        await post.write_to(HALL, BOOKED, ADDRESS, "en")
        yield mail


async def test_who_books_is_told_once_with_link_and_calendar_file(mail: Mail) -> None:
    for _ in range(2):
        await mail.run()
    (letter,) = mail.inbox.taken
    assert letter["to"] == ADDRESS
    body = letter.get_body(("plain",))
    assert body
    assert "https://wartezone.example.de/a/hall.K7M29QXT.x" in body.get_content()
    assert [file.get_filename() for file in letter.iter_attachments()] == ["appointment.ics"]


async def test_one_appointment_writes_to_one_address_however_often_others_are_named(mail: Mail) -> None:
    for n in range(3):
        await mail.post.write_to(HALL, BOOKED, f"victim{n}@example.org", "en")
        await mail.run()
    assert [letter["to"] for letter in mail.inbox.taken] == [ADDRESS]


async def test_a_corrected_address_is_told_instead_of_the_wrong_one(mail: Mail) -> None:
    await mail.run()
    assert await mail.post.change(HALL, BOOKED, "right@example.org", "de")
    for _ in range(2):
        await mail.run()
    mail.book(replace(BOOKED, slot_ms=BOOKED.slot_ms + 24 * HOUR_MS))
    await mail.run()
    assert [letter["to"] for letter in mail.inbox.taken] == [ADDRESS, "right@example.org", "right@example.org"]
    assert {letter["content-language"] for letter in mail.inbox.taken} == {"en"}
    assert len({letter["message-id"] for letter in mail.inbox.taken}) == 3


async def test_an_address_that_is_taken_back_is_written_to_no_more(mail: Mail) -> None:
    await mail.run()
    await mail.post.forget(HALL, BOOKED)
    mail.book(None)
    await mail.run()
    assert len(mail.inbox.taken) == 1
    assert await mail.post.store.all() == []
    assert not await mail.post.knows(HALL, BOOKED)


async def test_a_letter_on_its_way_brings_no_corrected_address_back(mail: Mail) -> None:
    (before,) = await mail.post.store.all()
    assert await mail.post.change(HALL, BOOKED, "right@example.org", "de")
    assert not await mail.post.store.replace(before, replace(before, told_ms=BOOKED.slot_ms))
    assert not await mail.post.store.replace(before, None)
    await mail.run()
    assert [letter["to"] for letter in mail.inbox.taken] == ["right@example.org"]


async def test_of_one_appointment_strangers_get_no_letters_by_changing_its_address_again_and_again(mail: Mail) -> None:
    noted = [await mail.post.change(HALL, BOOKED, f"victim{n}@example.org", "de") for n in range(9)]
    assert noted.count(True) == ADDRESSES_OF_APPOINTMENT_MOST - 1
    await mail.post.forget(HALL, BOOKED)
    assert not await mail.post.change(HALL, BOOKED, "victim@example.org", "de")
    assert not await mail.post.knows(HALL, BOOKED)


async def test_a_code_that_is_given_again_tells_nobody_of_the_other_visitor_s_appointment(mail: Mail) -> None:
    await mail.run()
    mail.book(replace(BOOKED, slot_ms=BOOKED.slot_ms + 48 * HOUR_MS, made_ms=BOOKED.made_ms + 1))
    mail.now_ms = BOOKED.slot_ms + HOUR_MS
    await mail.run()
    assert len(mail.inbox.taken) == 1
    assert await mail.post.store.all() == []


async def test_moved_reminded_and_cancelled_each_is_told_once_and_then_the_address_is_gone(mail: Mail) -> None:
    await mail.run()
    moved = replace(BOOKED, slot_ms=BOOKED.slot_ms + 24 * HOUR_MS)
    mail.book(moved)
    for _ in range(2):
        await mail.run()
    mail.now_ms = moved.slot_ms - 20 * HOUR_MS
    for _ in range(2):
        await mail.run()
    mail.book(None)
    await mail.run()
    assert mail.inbox.subjects() == [
        "Your appointment",
        "Your appointment has a new time",
        "Please remember your appointment",
        "Your appointment was cancelled",
    ]
    assert await mail.post.store.all() == []


async def test_sequences_grow_so_that_calendars_follow(mail: Mail) -> None:
    await mail.run()
    for hours in (24, 48):
        mail.book(replace(BOOKED, slot_ms=BOOKED.slot_ms + hours * HOUR_MS))
        await mail.run()
    mail.book(None)
    await mail.run()
    files = [file.get_content() for letter in mail.inbox.taken for file in letter.iter_attachments()]
    assert ["SEQUENCE:%d" % n in text for n, text in enumerate(files)] == [True] * 4  # noqa: UP031


async def test_who_was_told_shortly_before_needs_no_reminder(mail: Mail) -> None:
    mail.now_ms = BOOKED.slot_ms - 30 * HOUR_MS
    await mail.run()
    mail.now_ms = BOOKED.slot_ms - 2 * HOUR_MS
    await mail.run()
    assert len(mail.inbox.taken) == 1


async def test_who_has_come_is_written_nothing_and_forgotten(mail: Mail) -> None:
    await mail.run()
    mail.book(replace(BOOKED, used=TicketId("t")))
    mail.now_ms = BOOKED.slot_ms - HOUR_MS
    await mail.run()
    assert len(mail.inbox.taken) == 1
    assert await mail.post.store.all() == []


async def test_after_the_day_the_address_is_gone_without_a_word(mail: Mail) -> None:
    await mail.run()
    mail.book(None)
    mail.now_ms = BOOKED.slot_ms + 20 * HOUR_MS
    await mail.run()
    assert len(mail.inbox.taken) == 1
    assert await mail.post.store.all() == []


async def test_two_workers_at_once_send_one_letter(mail: Mail) -> None:
    await asyncio.gather(*(mail.run() for _ in range(4)))
    await mail.run()
    assert len(mail.inbox.taken) == 1


async def test_a_letter_that_was_not_taken_is_tried_again_later_and_later(mail: Mail) -> None:
    mail.inbox.answer = "451 later"
    for pause_ms in PAUSES_MS[:2]:
        await mail.run()
        await mail.run()
        mail.now_ms += pause_ms
    assert len(mail.inbox.asked) == 2
    mail.inbox.answer = "250 OK"
    await mail.run()
    assert len(mail.inbox.taken) == 1
    (noted,) = await mail.post.store.all()
    assert (noted.tries, noted.due_ms) == (0, 0)


async def test_an_address_that_nobody_has_is_erased_at_once_and_not_logged(
    mail: Mail, caplog: pytest.LogCaptureFixture
) -> None:
    mail.inbox.answer = f"550 no such user {ADDRESS}"
    with caplog.at_level(logging.DEBUG, "queue_core"):
        await mail.run()
    assert await mail.post.store.all() == []
    assert "given up" in caplog.text
    assert ADDRESS not in caplog.text


async def test_given_up_after_the_last_try_the_address_is_erased(mail: Mail) -> None:
    mail.inbox.answer = "451 later"
    for pause_ms in (*PAUSES_MS, 0):
        await mail.run()
        mail.now_ms += pause_ms
    assert len(mail.inbox.asked) == len(PAUSES_MS) + 1
    assert await mail.post.store.all() == []


async def test_a_server_that_is_away_or_hangs_is_asked_once_a_run_and_nothing_is_lost(mail: Mail) -> None:
    other = replace(BOOKED, id=BookingId("OTHER234"))
    mail.bookings[other.id] = other
    await mail.post.write_to(HALL, other, "b@example.org", "de")
    asked: list[bool] = []

    def silent() -> asyncio.Protocol:
        asked.append(True)
        return asyncio.Protocol()

    async with listening(silent) as port:
        await mail.delivery(settings_at(port, mail.settings.data), within_s=0.05).run()
    assert len(asked) == 1
    assert [noted.tries for noted in await mail.post.store.all()] == [1, 1]
    mail.now_ms += PAUSES_MS[0]
    await mail.run()
    assert len(mail.inbox.taken) == 2


async def test_one_that_is_refused_does_not_keep_the_others(mail: Mail) -> None:
    mail.inbox.answer = "550 no"
    await mail.run()
    other = replace(BOOKED, id=BookingId("OTHER234"))
    mail.bookings[other.id] = other
    await mail.post.write_to(HALL, other, "b@example.org", "de")
    mail.inbox.answer = "250 OK"
    await mail.run()
    assert [letter["to"] for letter in mail.inbox.taken] == ["b@example.org"]


async def test_with_another_secret_nothing_is_sent_and_the_address_erased(mail: Mail) -> None:
    mail.post = replace(mail.post, seal=Seal(b"t" * 32))
    await mail.run()
    assert mail.inbox.asked == []
    assert await mail.post.store.all() == []


async def test_of_a_zone_that_is_gone_nothing_is_kept(mail: Mail) -> None:
    await mail.post.write_to(ZoneId("gone"), BOOKED, "b@example.org", "de")
    await mail.run()
    assert [noted.zone for noted in await mail.post.store.all()] == [HALL]


async def test_nobody_s_letter_box_is_filled_by_others(mail: Mail) -> None:
    for n in range(2 * APPOINTMENTS_OF_ADDRESS_MOST):
        await mail.post.write_to(HALL, replace(BOOKED, id=BookingId(f"CODE{n}")), ADDRESS.upper(), "de")
    assert len(await mail.post.store.all()) == APPOINTMENTS_OF_ADDRESS_MOST
