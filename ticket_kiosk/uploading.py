"""Numbers that a kiosk gave out while it could not reach us: each becomes a ticket once, at the time it was given.

A visitor has one number, also where both sides gave one. The agent uploads with the very key that it had drawn with.
Where that key has no ticket yet, the lent number takes it, and a draw that is still on its way finds it taken. Where
the draw had come through and only its answer was lost, that ticket is in nobody's hand: it is cancelled, and the lent
number is issued with a key made from the first. A repeated upload repeats every step, with the same effect.
"""

from dataclasses import dataclass, replace
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from starlette.requests import Request
from starlette.responses import Response

from queue_core.domain.commands import BY_STAFF, Cancel, Issue
from queue_core.domain.errors import Refusal, Refused
from queue_core.domain.events import EventType
from queue_core.domain.model import SeriesId, ServiceId, TicketId
from queue_core.domain.office import Zone
from queue_core.domain.outcome import Outcome
from queue_core.domain.principal import Role
from queue_core.engine import Engine, Once
from queue_core.web.access import Endpoint, principal_of, requires
from queue_core.web.api.answers import json_response
from queue_core.web.face import Frame
from queue_core.web.reading import KEY_MOST, read_body
from ticket_kiosk.drawing import Draw, issue_of
from ticket_kiosk.trust import kiosk_of

UPLOADS_MOST = 50
_EPOCH_MOST_MS = 2**53

Key = Annotated[str, StringConstraints(min_length=1, max_length=KEY_MOST, pattern=r"^[\x21-\x7e]+$")]
Moment = Annotated[int, Field(gt=0, le=_EPOCH_MOST_MS)]


class Upload(BaseModel):
    """`number` as the visitor has it, `n` as its series counts; `asked` is what the page had sent."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    key: Key
    number: Annotated[str, StringConstraints(min_length=1, max_length=32)]
    n: Annotated[int, Field(ge=1, le=99_999)]
    zone: str
    series: str
    claimed_ms: Moment
    outage_ms: Moment
    asked: Draw


class Uploaded(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    uploads: Annotated[list[Upload], Field(max_length=UPLOADS_MOST)]


@dataclass(frozen=True, slots=True)
class _Receiver:
    engine: Engine
    zone: Zone
    by: str

    async def take(self, upload: Upload) -> dict[str, Any]:
        """`issued`, `expired` where its day is over, or `refused` with the reason's code."""
        drawn = issue_of(self.zone, upload.asked)
        lent = replace(
            drawn,
            lent_number=upload.n,
            claimed_ms=upload.claimed_ms,
            outage_ms=upload.outage_ms,
            series=SeriesId(upload.series),
        )
        try:
            outcome = await self._issued(upload.key, drawn, lent)
        except Refused as e:
            return {"key": upload.key, "number": upload.number, "state": "refused", "code": e.code.value}
        expired = any(event.type is EventType.EXPIRED for event in outcome.events)
        return {"key": upload.key, "number": upload.number, "state": "expired" if expired else "issued"}

    async def _issued(self, key: str, drawn: Issue, lent: Issue) -> Outcome:
        try:
            return await self.engine.do(self.zone.id, lent, Once(self.by, key))
        except Refused as e:
            if e.code is not Refusal.KEY_REUSED:
                raise
        await self._take_back(key, drawn)
        return await self.engine.do(self.zone.id, lent, Once(self.by, f"{key} lent"))

    async def _take_back(self, key: str, drawn: Issue) -> None:
        """The ticket whose answer was lost. One that was called meanwhile stays: nobody comes, and it is missed."""
        outcome = await self.engine.do(self.zone.id, drawn, Once(self.by, key))
        ticket = TicketId((outcome.ticket() or {})["id"])
        try:
            await self.engine.do(self.zone.id, Cancel(ticket, by=BY_STAFF), Once(self.by, f"{key} taken back"))
        except Refused as e:
            if e.code not in (Refusal.WRONG_STATE, Refusal.UNKNOWN_TICKET):
                raise


def upload(frame: Frame) -> Endpoint:
    @requires(Role.DEVICE)
    async def upload(request: Request) -> Response:
        kiosk = kiosk_of(frame, request)
        body = await read_body(request, Uploaded)
        assert isinstance(body, Uploaded)
        receiver = _Receiver(frame.engine, kiosk.zone, principal_of(request).id)
        return json_response({"uploads": [await _result(receiver, each) for each in body.uploads]})

    return upload


async def _result(receiver: _Receiver, upload: Upload) -> dict[str, Any]:
    known = upload.zone == receiver.zone.id and ServiceId(upload.asked.service) in receiver.zone.services
    if not known:
        code = Refusal.UNKNOWN_SERVICE.value
        return {"key": upload.key, "number": upload.number, "state": "refused", "code": code}
    return await receiver.take(upload)
