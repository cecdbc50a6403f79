"""What went wrong, as people and programs read it: RFC 9457 problem details with a stable `code`.

The one place where the domain's errors get their HTTP meaning.
"""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

import orjson
from starlette.exceptions import HTTPException
from starlette.responses import Response

from queue_core.domain.calendar import iso
from queue_core.domain.errors import Refusal, Refused, StoreAway, UnknownZone
from queue_core.domain.office import Zone

PROBLEM_TYPE = "application/problem+json"
RETRY_AFTER_S = 2
_URN = "urn:wartezone:problem:"

STATUS: Mapping[Refusal, int] = MappingProxyType(
    {
        **dict.fromkeys(Refusal, 409),
        **{refusal: 404 for refusal in Refusal if refusal.startswith("unknown_")},
        Refusal.NOT_YOURS: 403,
        Refusal.KEY_REUSED: 422,
        Refusal.KEY_SPENT: 410,
    }
)

OUT_OF_SERVICE = "out_of_service"

#: what a person who reads the answer should know; the code is for programs.
SENTENCES: Mapping[Refusal, str] = MappingProxyType(
    {
        Refusal.UNKNOWN_SERVICE: "This zone has no such service.",
        Refusal.UNKNOWN_CLASS: "This zone has no such class of visitors.",
        Refusal.UNKNOWN_SERIES: "This zone has no such series of numbers.",
        Refusal.UNKNOWN_COUNTER: "This zone has no such counter.",
        Refusal.UNKNOWN_TICKET: "No ticket with this id was issued today.",
        Refusal.UNKNOWN_BOOKING: "There is no such appointment.",
        Refusal.UNKNOWN_BLOCK: "There is no such block; it is over, or was taken away.",
        Refusal.BOOKING_EXISTS: "There is an appointment with this id already.",
        Refusal.BOOKING_TOO_EARLY: "It is too early to check in; `from` says from when on it works.",
        Refusal.BOOKING_USED: "This appointment has been checked in already.",
        Refusal.BOOKING_UNCONFIRMED: "This time is only held; it becomes an appointment when it is confirmed.",
        Refusal.BOOKING_CONFIRMED: "This appointment has been confirmed already.",
        Refusal.BOOKING_OVER: "The time of this appointment has begun; it cannot be changed any more.",
        Refusal.CHANGES_SPENT: "This appointment has been moved often enough; ask the office.",
        Refusal.NOT_BOOKABLE: "There are no appointments for this service.",
        Refusal.NOT_OFFERED: "No appointment of this service begins then, or not yet so far ahead.",
        Refusal.TOO_SHORT_NOTICE: "It is too late to book this time; `from` says what is early enough.",
        Refusal.SLOT_FULL: "Every place of this time is taken; `free` names the next times with a free one.",
        Refusal.SLOT_BLOCKED: "No appointments are given at this time; `free` names the next times with a free place.",
        Refusal.HOLD_LAPSED: "The time was not confirmed soon enough, and somebody else may have it by now.",
        Refusal.HOLDS_EXHAUSTED: "So many times of this day are held and not confirmed that the others are kept free; "
        "the first of them lapses at `until`.",
        Refusal.BLOCK_EXISTS: "There is a block with this id already.",
        Refusal.BLOCKS_EXHAUSTED: "There are too many blocks; take some away, or put them together.",
        Refusal.SERVICE_CLOSED: "The service has a ticket stop: nobody draws any more today.",
        Refusal.SERVICE_OPEN: "The service is open already.",
        Refusal.SERVICE_LISTED: "This visit has that service already.",
        Refusal.OUTSIDE_HOURS: "The service is closed now; `opens` says when it opens next.",
        Refusal.QUOTA_EXHAUSTED: "All tickets of this service for today have been drawn.",
        Refusal.SERIES_FULL: "Every number of the series is still in the house.",
        Refusal.COUNTER_CLOSED: "The counter is closed; open it first.",
        Refusal.COUNTER_PAUSED: "The counter is paused; open it first.",
        Refusal.COUNTER_OPEN: "The counter is open already.",
        Refusal.COUNTER_BUSY: "The counter still holds a ticket; finish, miss, park or return it first.",
        Refusal.COUNTER_IDLE: "The counter holds no ticket.",
        Refusal.OTHER_TICKET: "By now this would concern another ticket than the one that was meant.",
        Refusal.WRONG_STATE: "The ticket's state does not allow this.",
        Refusal.NOT_SERVED: "The counter does not serve that service.",
        Refusal.NOT_YOURS: "Another counter holds this ticket, or calling out of turn is not allowed here.",
        Refusal.RETURN_NOT_ALLOWED: "Here only staff let a missed visitor in again.",
        Refusal.RETURN_TOO_LATE: "It is too late to come back; `until` says how long it was possible.",
        Refusal.DELAYS_EXHAUSTED: "It was put off often enough; `most` says how often that is possible.",
        Refusal.REMOTE_NOT_OFFERED: "Numbers are not drawn from elsewhere here.",
        Refusal.REMOTE_EXHAUSTED: "Too many numbers have been drawn from elsewhere; `most` says how many there may be.",
        Refusal.NOTHING_TO_CONFIRM: "This ticket needs no confirmation: it can be called already.",
        Refusal.CONFIRM_TOO_LATE: "The number has lapsed; `until` says how long it waited to be confirmed.",
        Refusal.RECALL_TOO_SOON: "The last call is too recent; `from` says from when on it works.",
        Refusal.RECALLS_EXHAUSTED: "It was called often enough; mark it as missed.",
        Refusal.NOTHING_TO_UNDO: "This counter has nothing to undo.",
        Refusal.UNDO_TOO_LATE: "It is too late to undo this.",
        Refusal.CHANGED_SINCE: "The ticket or the counter has changed since; it cannot be undone.",
        Refusal.NUMBER_TAKEN: "Somebody in the house has this number.",
        Refusal.NUMBER_NOT_LENT: "This number was not lent on the day when it is said to have been given out.",
        Refusal.KEY_REUSED: "This Idempotency-Key was used for another request.",
        Refusal.KEY_SPENT: "This Idempotency-Key belongs to a command of a purged day; it will not be run again.",
    }
)


class Problem(Exception):
    """An answer that is not the wanted one; `more` holds further members, `headers` what HTTP wants beside it."""

    def __init__(
        self, status: int, code: str, detail: str, headers: Mapping[str, str] | None = None, **more: Any
    ) -> None:
        super().__init__(code, detail)
        self.status, self.code, self.detail = status, code, detail
        self.headers = dict(headers or {})
        self.more = more

    def to_json(self) -> dict[str, Any]:
        title = HTTPStatus(self.status).phrase
        return {
            "type": f"{_URN}{self.code}",
            "title": title,
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
            **self.more,
        }

    def response(self) -> Response:
        return Response(orjson.dumps(self.to_json()), self.status, {**self.headers, "Content-Type": PROBLEM_TYPE})


def unauthenticated() -> Problem:
    return Problem(
        401,
        "unauthenticated",
        "Send a token as `Authorization: Bearer …`, or log in.",
        {"WWW-Authenticate": 'Bearer realm="wartezone"'},
    )


def forbidden(detail: str, needs: Iterable[str] = ()) -> Problem:
    more: dict[str, Any] = {"needs": list(needs)} if needs else {}
    return Problem(403, "forbidden", detail, None, **more)


def not_found(detail: str = "There is nothing at this address.") -> Problem:
    return Problem(404, "not_found", detail)


def out_of_service() -> Problem:
    detail = "Staff have taken this kiosk out of service: it gives out nothing until they put it back."
    return Problem(409, OUT_OF_SERVICE, detail)


def store_away() -> Problem:
    detail = "The store does not answer. The command may have happened: repeat it with the same Idempotency-Key."
    return Problem(503, "store_away", detail, {"Retry-After": str(RETRY_AFTER_S)})


def busy() -> Problem:
    detail = "Too many are logging in at this moment; nothing is lost, try again."
    return Problem(503, "busy", detail, {"Retry-After": str(RETRY_AFTER_S)})


def too_fast(retry_after_s: int) -> Problem:
    detail = f"Too many requests; try again in {retry_after_s} s."
    return Problem(429, "too_fast", detail, {"Retry-After": str(retry_after_s)})


def too_slow() -> Problem:
    """The rest of the body would be taken for the next request: the connection ends."""
    detail = "The body did not arrive in time; nothing has happened."
    return Problem(408, "body_too_slow", detail, {"Connection": "close", "Retry-After": str(RETRY_AFTER_S)})


def too_large(most_bytes: int) -> Problem:
    return Problem(413, "body_too_large", f"The body may have at most {most_bytes} bytes.", most_bytes=most_bytes)


def refused(error: Refused, zone: Zone | None) -> Problem:
    """Details in the words of the outside: `<name>_ms` becomes `<name>`, in ISO 8601 with the zone's offset."""
    details = {name: value for name, value in error.details.items() if value is not None}
    shown = dict(_outside(name, value, zone) for name, value in details.items())
    return Problem(STATUS[error.code], error.code.value, SENTENCES[error.code], **_not_reserved(shown))


def _outside(name: str, value: Any, zone: Zone | None) -> tuple[str, Any]:
    if name.endswith("_ms") and zone and isinstance(value, int | float):
        return name.removesuffix("_ms"), iso(zone, int(value))
    if name.endswith("_ms") and zone and isinstance(value, list):
        return name.removesuffix("_ms"), [iso(zone, int(at_ms)) for at_ms in value]
    return name, value


_RESERVED = frozenset({"type", "title", "status", "code", "detail", "headers"})


def _not_reserved(details: Mapping[str, Any]) -> dict[str, Any]:
    return {(f"{name}_" if name in _RESERVED else name): value for name, value in details.items()}


def problem_of(error: Exception, zone: Zone | None = None) -> Problem:
    """The problem that an error of the domain, or of the router, means."""
    match error:
        case Problem():
            return error
        case Refused():
            return refused(error, zone)
        case UnknownZone():
            return Problem(404, "unknown_zone", "There is no such zone.", zone=error.zone)
        case StoreAway() | TimeoutError():
            return store_away()
        case HTTPException(status_code=404):
            return not_found()
        case HTTPException(status_code=405):
            allowed = error.headers or {}
            return Problem(405, "method_not_allowed", f"Allowed here: {allowed.get('Allow', 'nothing')}.", allowed)
        case HTTPException():
            return Problem(error.status_code, "http_error", error.detail, error.headers)
        case _:
            return Problem(500, "internal_error", "Something broke on our side; it has been logged.")
