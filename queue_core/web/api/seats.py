"""Seats: which counters somebody works at, and taking one over. Never who: a seat is a page, not a person."""

from pydantic import Field
from starlette.responses import Response

from queue_core.domain.errors import Refusal as R
from queue_core.domain.errors import Refused
from queue_core.domain.model import CounterId
from queue_core.domain.principal import STAFF, WATCHERS
from queue_core.domain.seat import SEAT_FORM, Claim, Seat, SeatId, may_be_taken, seat_id
from queue_core.web.api import requests as asked
from queue_core.web.api.answers import json_response
from queue_core.web.api.replies import Reply
from queue_core.web.call import Call
from queue_core.web.operation import SOME_TEXT, Header, Operation
from queue_core.web.problems import Problem
from queue_core.web.seat import SEAT_HEADER, named_seat, seat_taken

_TAG = "seats"
_SEAT = "/api/v1/zones/{zone}/counters/{counter}/seat"


class TakeSeat(asked.Request):
    seat: asked.Id = Field(
        description="What the page calls itself: 16 to 64 random letters, digits, - or _.",
        json_schema_extra={"pattern": SEAT_FORM},
    )
    used: bool = Field(default=True, description="Somebody was at the page since it last asked.")
    take: bool = Field(default=False, description="Also where another page works.")


class TakenSeat(Reply):
    """`for_s`: how long that page has worked there; `alone_s`: how long nobody was at it."""

    counter: str
    for_s: int
    alone_s: int


class WorkedAt(Reply):
    """How long somebody has not touched a page is nobody's business but of whoever wants that very counter."""

    counter: str
    for_s: int


class SeatReply(Reply):
    seat: TakenSeat


class LeftReply(Reply):
    left: bool = Field(description="Whether it was still that page's.")


class SeatList(Reply):
    seats: list[WorkedAt]


async def take_seat(call: Call) -> Response:
    body: TakeSeat = call.body
    zone, counter = call.in_zone.id, _counter(call)
    held = call.frame.hub.snapshot(zone).counters.get(counter)
    with_visitor = held is not None and bool(held.ticket)
    claim = Claim(_own(body.seat), call.by.digest, body.used, body.take, with_visitor)
    after = await call.frame.seats.claim(zone, counter, claim)
    now_ms = call.frame.seats.now_ms()
    if after.id != claim.seat:
        raise seat_taken(**_since(counter, after, now_ms), may_take=may_be_taken(after, claim, now_ms))
    return json_response({"seat": _since(counter, after, now_ms)})


async def leave_seat(call: Call) -> Response:
    counter, named = _counter(call), named_seat(call.request)
    if named is None or named[0] != counter:
        raise Problem(400, "seat_missing", f"Send {SEAT_HEADER} with the seat at this counter that is left.")
    return json_response({"left": await call.frame.seats.leave(call.in_zone.id, *named)})


async def seats_taken(call: Call) -> Response:
    taken = await call.frame.seats.at(call.in_zone.id, list(call.in_zone.counters))
    now_ms = call.frame.seats.now_ms()
    told = [_since(counter, seat, now_ms) for counter, seat in taken.items()]
    return json_response({"seats": [{name: one[name] for name in WorkedAt.model_fields} for one in told]})


def _counter(call: Call) -> CounterId:
    counter = CounterId(call.path("counter"))
    if counter not in call.in_zone.counters:
        raise Refused(R.UNKNOWN_COUNTER, {"id": counter})
    return counter


def _own(text: str) -> SeatId:
    seat = seat_id(text)
    if seat is None:
        raise Problem(422, "invalid_field", "seat: 16 to 64 letters, digits, - or _")
    return seat


def _since(counter: CounterId, seat: Seat, now_ms: int) -> dict[str, object]:
    return {
        "counter": counter,
        "for_s": max(0, now_ms - seat.since_ms) // 1000,
        "alone_s": max(0, now_ms - seat.used_ms) // 1000,
    }


OPERATIONS = (
    Operation(
        "GET",
        "/api/v1/zones/{zone}/seats",
        seats_taken,
        "Counters at which somebody works, and for how long; never who",
        WATCHERS,
        reply=SeatList,
        tag=_TAG,
    ),
    Operation(
        "PUT",
        _SEAT,
        take_seat,
        "Work at a counter from this page, or say that it is still there; 409 `seat_taken` where another page is",
        STAFF,
        request=TakeSeat,
        reply=SeatReply,
        refusals=(R.UNKNOWN_COUNTER,),
        example={"seat": "c4f1Q0pV8mS2xW7k", "take": True},
        tag=_TAG,
    ),
    Operation(
        "DELETE",
        _SEAT,
        leave_seat,
        "The page that the header `Wartezone-Seat` names no longer works there",
        STAFF,
        header=Header(SEAT_HEADER, "The counter's id, a slash and what the page calls itself.", SOME_TEXT),
        reply=LeftReply,
        refusals=(R.UNKNOWN_COUNTER,),
        tag=_TAG,
    ),
)
