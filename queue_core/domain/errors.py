"""Everything that can go wrong, as one tree.

WartezoneError
├── Refused             a command broke a rule of the zone; `code` says which, `details` what would be right
├── UnknownZone         no such zone is configured
├── StoreAway           the store did not answer in time; the command may have happened: repeat it with its key
└── HistoryLost         the store went back in time (restore, failover): a new epoch has begun
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any


class Refusal(StrEnum):
    """Why a move was refused. The values are handed to Lua and appear as `code` in problem details."""

    UNKNOWN_SERVICE = "unknown_service"
    UNKNOWN_CLASS = "unknown_class"
    UNKNOWN_SERIES = "unknown_series"
    UNKNOWN_COUNTER = "unknown_counter"
    UNKNOWN_TICKET = "unknown_ticket"
    UNKNOWN_BOOKING = "unknown_booking"
    UNKNOWN_BLOCK = "unknown_block"
    BOOKING_EXISTS = "booking_exists"
    BOOKING_TOO_EARLY = "booking_too_early"
    BOOKING_USED = "booking_used"
    BOOKING_UNCONFIRMED = "booking_unconfirmed"
    BOOKING_CONFIRMED = "booking_confirmed"
    BOOKING_OVER = "booking_over"
    CHANGES_SPENT = "changes_spent"
    NOT_BOOKABLE = "not_bookable"
    NOT_OFFERED = "not_offered"
    TOO_SHORT_NOTICE = "too_short_notice"
    SLOT_FULL = "slot_full"
    SLOT_BLOCKED = "slot_blocked"
    HOLD_LAPSED = "hold_lapsed"
    HOLDS_EXHAUSTED = "holds_exhausted"
    BLOCK_EXISTS = "block_exists"
    BLOCKS_EXHAUSTED = "blocks_exhausted"
    SERVICE_CLOSED = "service_closed"
    SERVICE_OPEN = "service_open"
    SERVICE_LISTED = "service_listed"
    OUTSIDE_HOURS = "outside_hours"
    QUOTA_EXHAUSTED = "quota_exhausted"
    SERIES_FULL = "series_full"
    COUNTER_CLOSED = "counter_closed"
    COUNTER_PAUSED = "counter_paused"
    COUNTER_OPEN = "counter_open"
    COUNTER_BUSY = "counter_busy"
    COUNTER_IDLE = "counter_idle"
    OTHER_TICKET = "other_ticket"
    WRONG_STATE = "wrong_state"
    NOT_SERVED = "not_served"
    NOT_YOURS = "not_yours"
    RETURN_NOT_ALLOWED = "return_not_allowed"
    RETURN_TOO_LATE = "return_too_late"
    DELAYS_EXHAUSTED = "delays_exhausted"
    REMOTE_NOT_OFFERED = "remote_not_offered"
    REMOTE_EXHAUSTED = "remote_exhausted"
    NOTHING_TO_CONFIRM = "nothing_to_confirm"
    CONFIRM_TOO_LATE = "confirm_too_late"
    RECALL_TOO_SOON = "recall_too_soon"
    RECALLS_EXHAUSTED = "recalls_exhausted"
    NOTHING_TO_UNDO = "nothing_to_undo"
    UNDO_TOO_LATE = "undo_too_late"
    CHANGED_SINCE = "changed_since"
    NUMBER_TAKEN = "number_taken"
    NUMBER_NOT_LENT = "number_not_lent"
    KEY_REUSED = "key_reused"
    KEY_SPENT = "key_spent"


class WartezoneError(Exception):
    pass


class Refused(WartezoneError):
    def __init__(self, code: Refusal, details: Mapping[str, Any] | None = None) -> None:
        super().__init__(code.value, dict(details or {}))
        self.code = code
        self.details: dict[str, Any] = dict(details or {})


class UnknownZone(WartezoneError):
    def __init__(self, zone: str) -> None:
        super().__init__(zone)
        self.zone = zone


class StoreAway(WartezoneError):
    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


class HistoryLost(WartezoneError):
    def __init__(self, zone: str, epoch: int, seq: int) -> None:
        super().__init__(f"zone {zone}: the store no longer holds event {epoch}-{seq}")
        self.zone, self.epoch, self.seq = zone, epoch, seq
