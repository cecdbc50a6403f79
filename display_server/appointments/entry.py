"""What forms and addresses say, as values. What no page of ours would send raises `Problem` 422."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from starlette.datastructures import FormData
from starlette.requests import Request

from queue_core.domain.booking_commands import BlockSlots
from queue_core.domain.calendar import local_ms
from queue_core.domain.model import ServiceId
from queue_core.domain.office import Zone
from queue_core.engine import Once
from queue_core.web.access import principal_of
from queue_core.web.problems import Problem

#: As far as a day can be named; nobody plans further.
_DAYS_MOST = 3 * 366
_SLOT_DIGITS_MOST = 14
_KEY_MOST = 64
_REASON_MOST = 200


def invalid(field: str) -> Problem:
    return Problem(422, "invalid_field", f"{field} is missing or wrong.", field=field)


def day_of(text: str, field: str, today: date) -> date:
    """A day within reach of `today`, which an empty text means."""
    if not text:
        return today
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise invalid(field) from None
    if abs(day - today) > timedelta(days=_DAYS_MOST):
        raise invalid(field)
    return day


def slot_of(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= _SLOT_DIGITS_MOST):
        raise invalid("slot")
    return int(text)


def bookable(zone: Zone, text: str) -> ServiceId | None:
    """A service of which appointments are given; None without one."""
    if not text:
        return None
    if not zone.appointments or text not in zone.appointments.services:
        raise invalid("service")
    return ServiceId(text)


def fresh_key() -> str:
    """Each form gets its own: sent twice it has one effect."""
    return secrets.token_hex(16)


def once_for(request: Request, form: FormData, *about: object) -> Once:
    """`about` is what the form leaves to choose: the same form with another choice is another command."""
    key = str(form.get("key", ""))
    if not key or len(key) > _KEY_MOST or not key.isascii():
        raise invalid("key")
    return Once(f"page {principal_of(request).id}", " ".join(map(str, (key, *about))))


@dataclass(frozen=True, slots=True)
class Span:
    """What was typed to block: kept, so that a mistake costs no second typing."""

    from_day: str
    from_time: str
    to_day: str
    to_time: str
    services: tuple[str, ...] = ()
    reason: str = ""
    note: str = ""

    @classmethod
    def of(cls, form: FormData) -> "Span":
        words = {name: str(form.get(name, "")).strip() for name in ("from_day", "from_time", "to_day", "to_time")}
        note = str(form.get("note", "")).strip()
        return cls(
            **words, services=tuple(map(str, form.getlist("service"))), reason=str(form.get("reason", "")), note=note
        )

    def command(self, zone: Zone) -> BlockSlots | None:
        """None where it is no span, or its note is none."""
        try:
            from_ms, to_ms = _at(zone, self.from_day, self.from_time), _at(zone, self.to_day, self.to_time)
        except (ValueError, OverflowError):
            return None
        reason = self.note or self.reason
        if from_ms >= to_ms or len(reason) > _REASON_MOST or not reason.isprintable():
            return None
        if not {*self.services} <= {*zone.services}:
            raise invalid("service")
        return BlockSlots(from_ms, to_ms, tuple(map(ServiceId, self.services)), reason)


def _at(zone: Zone, day: str, at: str) -> int:
    parsed = datetime.combine(date.fromisoformat(day), time.fromisoformat(at).replace(tzinfo=None))
    return local_ms(zone, parsed.date(), parsed.time())
