"""Counters: the verbs of a clerk, and who is next."""

from collections.abc import Mapping

from starlette.responses import Response

from queue_core.domain import commands as c
from queue_core.domain.calendar import iso
from queue_core.domain.errors import Refusal as R
from queue_core.domain.model import ClassId, CounterId, ServiceId, TicketId
from queue_core.domain.policy import Candidate
from queue_core.domain.principal import STAFF, WATCHERS
from queue_core.web.api import requests as asked
from queue_core.web.api.answers import done, json_response, moment, ticket_record
from queue_core.web.api.replies import Done, NextReply
from queue_core.web.call import Call
from queue_core.web.operation import SOME_TEXT, Handler, Operation, Query
from queue_core.web.problems import Problem

_TAG = "counters"
_NEXT_SHOWN = 100
_HELD = (R.COUNTER_IDLE, R.OTHER_TICKET, R.WRONG_STATE)


def _counter(call: Call) -> CounterId:
    return CounterId(call.path("counter"))


def _meant(body: asked.AtCounter | asked.UndoMove) -> TicketId | None:
    return TicketId(body.meant) if body.meant else None


async def open_counter(call: Call) -> Response:
    body: asked.OpenCounterFor = call.body
    return done(call, await call.do(c.OpenCounter(_counter(call), tuple(map(ServiceId, body.services)))))


async def pause(call: Call) -> Response:
    body: asked.WithReason = call.body
    return done(call, await call.do(c.PauseCounter(_counter(call), body.reason)))


async def close(call: Call) -> Response:
    return done(call, await call.do(c.CloseCounter(_counter(call))))


async def call_next(call: Call) -> Response:
    body: asked.CallNextTicket = call.body
    return done(call, await call.do(c.CallNext(_counter(call), body.current, _meant(body))))


async def serve(call: Call) -> Response:
    body: asked.ServeVisitor = call.body
    visitor_class = ClassId(body.visitor_class or call.in_zone.default_class)
    return done(call, await call.do(c.Serve(_counter(call), ServiceId(body.service), visitor_class)))


async def recall(call: Call) -> Response:
    return done(call, await call.do(c.Recall(_counter(call), _meant(call.body))))


async def start(call: Call) -> Response:
    return done(call, await call.do(c.Start(_counter(call), _meant(call.body))))


async def finish(call: Call) -> Response:
    body: asked.FinishVisit = call.body
    return done(call, await call.do(c.Finish(_counter(call), body.outcome, _meant(body))))


async def miss(call: Call) -> Response:
    return done(call, await call.do(c.Miss(_counter(call), _meant(call.body))))


async def park(call: Call) -> Response:
    body: asked.ParkVisit = call.body
    return done(call, await call.do(c.Park(_counter(call), body.reason, _meant(body))))


async def undo(call: Call) -> Response:
    return done(call, await call.do(c.Undo(_counter(call), _meant(call.body))))


async def who_is_next(call: Call) -> Response:
    counter = call.request.query_params.get("counter")
    if not counter:
        raise Problem(400, "query_missing", "Say for which counter: ?counter=…")
    zone = call.in_zone
    found = await call.frame.engine.next(zone.id, CounterId(counter))

    def entry(candidate: Candidate) -> dict[str, object]:
        return {
            "ticket": ticket_record(zone, candidate.ticket),
            "why": candidate.why.value,
            "pinned": candidate.pinned,
            "effective_at": iso(zone, candidate.effective_ms),
        }

    return json_response(
        {
            "counter": counter,
            "now": iso(zone, found.now_ms),
            "next": [entry(candidate) for candidate in found.candidates[:_NEXT_SHOWN]],
            "not_before": moment(zone, found.not_before_ms),
        }
    )


def _verb(
    handle: Handler,
    verb: str,
    summary: str,
    *refusals: R,
    request: type[asked.Request] = asked.Nothing,
    nothing: bool = False,
    example: Mapping[str, object] | None = None,
) -> Operation:
    return Operation(
        "POST",
        f"/api/v1/zones/{{zone}}/counters/{{counter}}/{verb}",
        handle,
        summary,
        STAFF,
        request=request,
        reply=Done,
        command=True,
        nothing=nothing,
        refusals=(R.UNKNOWN_COUNTER, *refusals),
        example=example or {},
        tag=_TAG,
    )


OPERATIONS = (
    _verb(
        open_counter,
        "open",
        "Open the counter, also from a pause; with `services` for some of its services, also while it is open and free",
        R.COUNTER_OPEN,
        R.COUNTER_BUSY,
        R.NOT_SERVED,
        request=asked.OpenCounterFor,
    ),
    _verb(pause, "pause", "Pause the counter", R.COUNTER_CLOSED, R.COUNTER_BUSY, request=asked.WithReason),
    _verb(close, "close", "Close the counter", R.COUNTER_CLOSED, R.COUNTER_BUSY),
    _verb(
        call_next,
        "call-next",
        "Call the next ticket; with `current` first end the visit that the counter holds",
        R.COUNTER_CLOSED,
        R.COUNTER_PAUSED,
        R.COUNTER_BUSY,
        R.OTHER_TICKET,
        R.WRONG_STATE,
        request=asked.CallNextTicket,
        nothing=True,
    ),
    _verb(
        serve,
        "serve",
        "Serve a visitor who stands at the counter without a ticket: draw, call and start in one",
        R.UNKNOWN_SERVICE,
        R.UNKNOWN_CLASS,
        R.COUNTER_CLOSED,
        R.COUNTER_PAUSED,
        R.COUNTER_BUSY,
        R.SERIES_FULL,
        request=asked.ServeVisitor,
        example={"service": "new"},
    ),
    _verb(
        recall,
        "recall",
        "Call the held ticket once more",
        *_HELD,
        R.RECALL_TOO_SOON,
        R.RECALLS_EXHAUSTED,
        request=asked.AtCounter,
    ),
    _verb(start, "start", "The visitor is here", *_HELD, request=asked.AtCounter),
    _verb(finish, "finish", "The visit is over", *_HELD, request=asked.FinishVisit),
    _verb(miss, "miss", "The visitor did not come", *_HELD, request=asked.AtCounter),
    _verb(park, "park", "Set the visit aside", *_HELD, request=asked.ParkVisit),
    _verb(
        undo,
        "undo",
        "Take back the counter's last move",
        R.NOTHING_TO_UNDO,
        R.OTHER_TICKET,
        R.UNDO_TOO_LATE,
        R.CHANGED_SINCE,
        request=asked.UndoMove,
    ),
    Operation(
        "GET",
        "/api/v1/zones/{zone}/next",
        who_is_next,
        "Who is next at a counter, in order, and why",
        WATCHERS,
        reply=NextReply,
        refusals=(R.UNKNOWN_COUNTER,),
        query=(Query("counter", "The counter's id.", required=True, form=SOME_TEXT),),
        tag=_TAG,
    ),
)
