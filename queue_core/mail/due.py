"""What is to be written about an appointment next, from what was told and how it stands. Pure.

It follows from the state alone, not from what happened: whoever moves or cancels it, visitor or staff, by whichever
way, the visitor is told; and a job that ran twice finds nothing left to do.
"""

from dataclasses import dataclass
from enum import StrEnum

from queue_core.domain.model import Booking
from queue_core.store.mail import Recipient

_HOUR_MS = 3_600_000
REMINDED_BEFORE_MS = 24 * _HOUR_MS
#: Whoever was told so shortly before needs no reminder.
_FRESH_MS = 36 * _HOUR_MS


class Kind(StrEnum):
    BOOKED = "booked"
    MOVED = "moved"
    REMINDER = "reminder"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Step:
    """A letter, or nothing; `is_last`: the address is erased then."""

    kind: Kind | None = None
    is_last: bool = False


def next_step(recipient: Recipient, booking: Booking | None, now_ms: int) -> Step:
    """`booking`: None where it was cancelled, or its day is over."""
    if booking is None:
        return Step(Kind.CANCELLED if recipient.told_ms > now_ms else None, is_last=True)
    if booking.used or booking.slot_ms <= now_ms:
        return Step(is_last=bool(booking.used))
    if booking.held_until_ms:
        return Step()
    if not recipient.told_ms:
        return Step(Kind.BOOKED)
    if recipient.told_ms != booking.slot_ms:
        return Step(Kind.MOVED)
    is_time = booking.slot_ms - REMINDED_BEFORE_MS <= now_ms
    return Step(Kind.REMINDER if is_time and not recipient.is_reminded else None)


def is_fresh(booking: Booking, now_ms: int) -> bool:
    """A letter of now is a reminder as well."""
    return booking.slot_ms - now_ms < _FRESH_MS


def is_reminder_to_come(recipient: Recipient | None, booking: Booking, now_ms: int) -> bool:
    """None: to an address that is given now."""
    if recipient is None or recipient.told_ms != booking.slot_ms:
        return not is_fresh(booking, now_ms)
    return not recipient.is_reminded and booking.slot_ms > now_ms
