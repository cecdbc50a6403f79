"""What is written next follows from what was told and from how the appointment stands."""

from dataclasses import replace

import pytest

from queue_core.domain.model import Booking, BookingId, TicketId, ZoneId
from queue_core.mail.due import Kind, Step, is_reminder_to_come, next_step
from queue_core.store.mail import Recipient
from tests.support.zones import APPOINTMENT, NEW

HOUR_MS = 3_600_000
SLOT_MS = 1_900_000_000_000
NEWCOMER = Recipient(ZoneId("hall"), BookingId("K7M29QXT"), NEW, "sealed", "de")
TOLD = replace(NEWCOMER, told_ms=SLOT_MS)
BOOKED = Booking(BookingId("K7M29QXT"), NEW, APPOINTMENT, SLOT_MS, 900_000)
LONG_BEFORE, DAY_BEFORE, AFTER = SLOT_MS - 100 * HOUR_MS, SLOT_MS - 20 * HOUR_MS, SLOT_MS + HOUR_MS


@pytest.mark.parametrize(
    ("recipient", "booking", "now_ms", "step"),
    [
        (NEWCOMER, BOOKED, LONG_BEFORE, Step(Kind.BOOKED)),
        (NEWCOMER, replace(BOOKED, held_until_ms=1), LONG_BEFORE, Step()),
        (TOLD, BOOKED, LONG_BEFORE, Step()),
        (TOLD, replace(BOOKED, slot_ms=SLOT_MS + 1), LONG_BEFORE, Step(Kind.MOVED)),
        (TOLD, BOOKED, DAY_BEFORE, Step(Kind.REMINDER)),
        (replace(TOLD, is_reminded=True), BOOKED, DAY_BEFORE, Step()),
        (TOLD, None, LONG_BEFORE, Step(Kind.CANCELLED, is_last=True)),
        (NEWCOMER, None, LONG_BEFORE, Step(is_last=True)),
        (TOLD, replace(BOOKED, used=TicketId("t")), DAY_BEFORE, Step(is_last=True)),
        (TOLD, BOOKED, AFTER, Step()),
        (TOLD, None, AFTER, Step(is_last=True)),
    ],
    ids=[
        "booked",
        "only held",
        "told already",
        "moved",
        "the day before",
        "reminded already",
        "cancelled",
        "cancelled before anything was told",
        "visitor has come",
        "time has passed",
        "day is over",
    ],
)
def test_what_is_written_next(recipient: Recipient, booking: Booking | None, now_ms: int, step: Step) -> None:
    assert next_step(recipient, booking, now_ms) == step


@pytest.mark.parametrize(
    ("recipient", "now_ms", "comes"),
    [
        (None, LONG_BEFORE, True),
        (None, DAY_BEFORE, False),
        (NEWCOMER, LONG_BEFORE, True),
        (NEWCOMER, DAY_BEFORE, False),
        (TOLD, LONG_BEFORE, True),
        (TOLD, DAY_BEFORE, True),
        (TOLD, AFTER, False),
        (replace(TOLD, is_reminded=True), LONG_BEFORE, False),
        (replace(TOLD, told_ms=1, is_reminded=True), LONG_BEFORE, True),
    ],
    ids=[
        "no address yet",
        "no address yet, too late for it",
        "not told yet",
        "not told yet, too late for it",
        "told",
        "to be sent now",
        "time has passed",
        "reminded already",
        "moved since",
    ],
)
def test_a_reminder_is_to_come_where_one_will_be_written(recipient: Recipient | None, now_ms: int, comes: bool) -> None:
    assert is_reminder_to_come(recipient, BOOKED, now_ms) is comes
