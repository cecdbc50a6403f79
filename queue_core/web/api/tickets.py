"""Tickets: draw, look, cancel, transfer, return, call."""

from dataclasses import replace
from datetime import datetime

from starlette.responses import Response

from queue_core.domain.commands import (
    BY_DEVICE,
    BY_STAFF,
    AddService,
    CallTicket,
    Cancel,
    ComeBack,
    ConfirmArrival,
    Delay,
    Issue,
    Return,
    Transfer,
)
from queue_core.domain.errors import Refusal as R
from queue_core.domain.model import ClassId, CounterId, ReturnMode, SeriesId, ServiceId, TicketId, TicketState
from queue_core.domain.principal import CHIEFS, STAFF, WATCHERS, Role
from queue_core.web.address import client_address
from queue_core.web.api import requests as asked
from queue_core.web.api.answers import done, json_response, links, ticket_record
from queue_core.web.api.kiosk import require_in_service
from queue_core.web.api.replies import Done, TicketReply
from queue_core.web.call import Call
from queue_core.web.operation import Operation

_TAG = "tickets"
_TICKETS = "/api/v1/zones/{zone}/tickets"
_TICKET = f"{_TICKETS}/{{ticket}}"
_DEVICES_TOO = STAFF | {Role.DEVICE}


async def draw(call: Call) -> Response:
    """A number that was lent is in somebody's hand already: it is not throttled."""
    body: asked.DrawTicket = call.body
    visitor_class = ClassId(body.visitor_class or call.in_zone.default_class)
    command = Issue(ServiceId(body.service), visitor_class, further=tuple(map(ServiceId, body.further)))
    if body.lent_number and body.claimed_at:
        return done(call, await call.do(_lent(command, body.lent_number, body.claimed_at, body)), status=201)
    await require_in_service(call)
    call.frame.draws.take(call.by.id)
    call.frame.draws_by_address.take(client_address(call.request, call.frame.settings))
    return done(call, await call.do(command), status=201)


def _lent(command: Issue, number: int, claimed_at: datetime, body: asked.DrawTicket) -> Issue:
    return replace(
        command,
        lent_number=number,
        claimed_ms=asked.epoch_ms(claimed_at),
        series=SeriesId(body.lent_series or ""),
        outage_ms=asked.epoch_ms(body.outage_at) if body.outage_at else 0,
    )


async def look(call: Call) -> Response:
    ticket = await call.frame.engine.ticket(call.in_zone.id, TicketId(call.path("ticket")))
    told = call.frame.hub.wait(call.in_zone.id, ticket.id) if ticket.state is TicketState.WAITING else {}
    wait = told.get("wait")
    return json_response(
        {
            "ticket": ticket_record(call.in_zone, ticket),
            "estimate": wait and {level: wait[level] for level in ("p10_s", "p50_s", "p90_s")},
            "reason": told.get("reason"),
            "links": links(call, ticket.id),
        }
    )


async def cancel(call: Call) -> Response:
    return done(call, await call.do(Cancel(TicketId(call.path("ticket")), by=BY_STAFF)))


async def transfer(call: Call) -> Response:
    body: asked.TransferTicket = call.body
    command = Transfer(
        TicketId(call.path("ticket")),
        ServiceId(body.service or ""),
        CounterId(body.counter or ""),
        CounterId(body.by_counter or ""),
        body.reason,
    )
    return done(call, await call.do(command))


async def add_service(call: Call) -> Response:
    body: asked.AddServiceToVisit = call.body
    return done(call, await call.do(AddService(TicketId(call.path("ticket")), ServiceId(body.service))))


async def give_back(call: Call) -> Response:
    body: asked.ReturnTicket = call.body
    after_s = body.after_s or call.in_zone.rules.return_after_s
    command = Return(TicketId(call.path("ticket")), body.mode, after_s if body.mode is ReturnMode.AFTER else 0)
    return done(call, await call.do(command))


async def come_back(call: Call) -> Response:
    await require_in_service(call)
    return done(call, await call.do(ComeBack(TicketId(call.path("ticket")))))


async def delay(call: Call) -> Response:
    await require_in_service(call)
    return done(call, await call.do(Delay(TicketId(call.path("ticket")))))


async def confirm(call: Call) -> Response:
    await require_in_service(call)
    by = BY_DEVICE if call.by.role is Role.DEVICE else BY_STAFF
    return done(call, await call.do(ConfirmArrival(TicketId(call.path("ticket")), by)))


async def call_out_of_turn(call: Call) -> Response:
    """Everybody may where the zone's rules allow picking; else chiefs, and counters what they parked themselves."""
    body: asked.CallTicketAt = call.body
    pick = call.in_zone.rules.counters_may_pick or call.by.role in CHIEFS
    return done(call, await call.do(CallTicket(TicketId(call.path("ticket")), CounterId(body.counter), pick)))


OPERATIONS = (
    Operation(
        "POST",
        _TICKETS,
        draw,
        "Draw a ticket",
        _DEVICES_TOO,
        request=asked.DrawTicket,
        reply=Done,
        status=201,
        command=True,
        throttled=True,
        refusals=(
            R.UNKNOWN_SERVICE,
            R.UNKNOWN_CLASS,
            R.SERVICE_CLOSED,
            R.OUTSIDE_HOURS,
            R.QUOTA_EXHAUSTED,
            R.SERIES_FULL,
            R.NUMBER_TAKEN,
            R.NUMBER_NOT_LENT,
            R.UNKNOWN_SERIES,
            R.SERVICE_LISTED,
        ),
        example={"service": "new"},
        tag=_TAG,
    ),
    Operation(
        "GET",
        _TICKET,
        look,
        "A ticket of today",
        WATCHERS | {Role.DEVICE},
        reply=TicketReply,
        refusals=(R.UNKNOWN_TICKET,),
        tag=_TAG,
    ),
    Operation(
        "POST",
        f"{_TICKET}/cancel",
        cancel,
        "Cancel a ticket that waits, is parked or was missed",
        STAFF,
        request=asked.Nothing,
        reply=Done,
        command=True,
        refusals=(R.UNKNOWN_TICKET, R.WRONG_STATE),
        tag=_TAG,
    ),
    Operation(
        "POST",
        f"{_TICKET}/transfer",
        transfer,
        "Send a ticket to another service or to a counter; number and arrival stay",
        STAFF,
        request=asked.TransferTicket,
        reply=Done,
        command=True,
        refusals=(
            R.UNKNOWN_TICKET,
            R.UNKNOWN_SERVICE,
            R.UNKNOWN_COUNTER,
            R.SERVICE_CLOSED,
            R.COUNTER_CLOSED,
            R.WRONG_STATE,
            R.NOT_YOURS,
        ),
        example={"service": "short"},
        tag=_TAG,
    ),
    Operation(
        "POST",
        f"{_TICKET}/add-service",
        add_service,
        "The visit also goes on to another service; each is served after the other",
        STAFF,
        request=asked.AddServiceToVisit,
        reply=Done,
        command=True,
        refusals=(R.UNKNOWN_TICKET, R.UNKNOWN_SERVICE, R.SERVICE_CLOSED, R.SERVICE_LISTED, R.WRONG_STATE),
        example={"service": "short"},
        tag=_TAG,
    ),
    Operation(
        "POST",
        f"{_TICKET}/return",
        give_back,
        "Put a ticket back into its queue: at its old rank, at the end, or at its old rank after a while",
        STAFF,
        request=asked.ReturnTicket,
        reply=Done,
        command=True,
        refusals=(R.UNKNOWN_TICKET, R.WRONG_STATE),
        example={"mode": "after", "after_s": 600},
        tag=_TAG,
    ),
    Operation(
        "POST",
        f"{_TICKET}/come-back",
        come_back,
        "A missed visitor is there after all: back into the queue by the zone's rule",
        _DEVICES_TOO,
        request=asked.Nothing,
        reply=Done,
        command=True,
        refusals=(R.UNKNOWN_TICKET, R.WRONG_STATE, R.RETURN_NOT_ALLOWED, R.RETURN_TOO_LATE),
        tag=_TAG,
    ),
    Operation(
        "POST",
        f"{_TICKET}/delay",
        delay,
        "A waiting visitor needs a little longer: the place is kept, the call comes later by the zone's rule",
        _DEVICES_TOO,
        request=asked.Nothing,
        reply=Done,
        command=True,
        refusals=(R.UNKNOWN_TICKET, R.WRONG_STATE, R.DELAYS_EXHAUSTED),
        tag=_TAG,
    ),
    Operation(
        "POST",
        f"{_TICKET}/confirm",
        confirm,
        "The visitor of a ticket that was drawn from elsewhere is there: it can be called",
        _DEVICES_TOO,
        request=asked.Nothing,
        reply=Done,
        command=True,
        refusals=(R.UNKNOWN_TICKET, R.WRONG_STATE, R.NOTHING_TO_CONFIRM, R.CONFIRM_TOO_LATE),
        tag=_TAG,
    ),
    Operation(
        "POST",
        f"{_TICKET}/call",
        call_out_of_turn,
        "Call a given ticket, out of turn",
        STAFF,
        request=asked.CallTicketAt,
        reply=Done,
        command=True,
        refusals=(
            R.UNKNOWN_TICKET,
            R.UNKNOWN_COUNTER,
            R.COUNTER_CLOSED,
            R.COUNTER_PAUSED,
            R.COUNTER_BUSY,
            R.WRONG_STATE,
            R.NOT_YOURS,
        ),
        example={"counter": "1"},
        tag=_TAG,
    ),
)
