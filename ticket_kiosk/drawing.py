"""Drawing a ticket at a kiosk: once, however often the browser has to ask."""

from collections import OrderedDict
from typing import Annotated

import orjson
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from starlette.requests import Request
from starlette.responses import Response

from queue_core.domain.commands import Issue
from queue_core.domain.model import ServiceId, TicketId, ZoneId
from queue_core.domain.office import Zone
from queue_core.domain.outcome import Outcome
from queue_core.domain.views.view import View
from queue_core.engine import Once
from queue_core.web.access import Endpoint, public
from queue_core.web.crossing import require_own_site
from queue_core.web.face import Frame
from queue_core.web.pages import with_language
from queue_core.web.problems import unauthenticated
from queue_core.web.reading import once, read_body
from queue_core.web.words import translations
from ticket_kiosk.closing import stops, too_late
from ticket_kiosk.drawn import drawn
from ticket_kiosk.place import Kiosk, kiosk_in
from ticket_kiosk.receipt import receipt
from ticket_kiosk.service import require_in_service
from ticket_kiosk.trust import drawer

_Id = Annotated[str, StringConstraints(min_length=1, max_length=64)]
_FURTHER_MOST = 7
_REMEMBERED_MOST = 2_000


class Draw(BaseModel):
    """`further`: what the visitor comes for as well, in this order. `zone` where the kiosk draws for several."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    service: _Id
    zone: _Id | None = None
    further: Annotated[list[_Id], Field(max_length=_FURTHER_MOST)] = []


def draw(frame: Frame) -> Endpoint:
    let_through = LetThrough()

    @public
    async def draw(request: Request) -> Response:
        require_own_site(request)
        kiosk = kiosk_in(frame, request)
        asked = await read_body(request, Draw)
        assert isinstance(asked, Draw)
        zone = kiosk.serving(ServiceId(asked.service), ZoneId(asked.zone) if asked.zone else None)
        by = await drawer(frame, request, kiosk.at(zone))
        if by is None:
            raise unauthenticated()
        frame.draws.take(by)
        command = issue_of(zone, asked)
        repeatable = Once(by, once(request, None).key)
        if not let_through.knows(repeatable):
            await require_in_service(frame, kiosk)
            _require_time_left(frame, kiosk, zone, command.service)
            let_through.remember(repeatable)
        outcome = await frame.engine.do(zone.id, command, repeatable)
        return Response(
            orjson.dumps(ticket_of(frame, request, kiosk, zone, outcome)), 201, media_type="application/json"
        )

    return draw


class LetThrough:
    """What was in time once: whoever has to ask again is not told that it has become too late meanwhile."""

    def __init__(self) -> None:
        self._keys: OrderedDict[str, None] = OrderedDict()

    def knows(self, repeatable: Once) -> bool:
        return repeatable.digest() in self._keys

    def remember(self, repeatable: Once) -> None:
        self._keys[repeatable.digest()] = None
        if len(self._keys) > _REMEMBERED_MOST:
            self._keys.popitem(last=False)


def ticket_of(
    frame: Frame, request: Request, kiosk: Kiosk, zone: Zone, outcome: Outcome, **better: object
) -> dict[str, object]:
    """What the kiosk is told of a ticket that a command drew: for its screen, and for paper. `better`: what is known of
    this ticket, instead of what holds for a newcomer."""
    ticket = outcome.ticket() or {}
    path = with_language(request, frame.links.path(zone.id, TicketId(ticket["id"])))
    answer = {**drawn(outcome, frame.hub.forecast(zone.id), frame.absolute(path)), **better}
    language = frame.language(request)
    paper = receipt(answer, zone, translations(frame.package, language), language, kiosk.place.printer)
    return {**answer, "zone": zone.id, "receipt": paper}


def issue_of(zone: Zone, asked: Draw) -> Issue:
    return Issue(ServiceId(asked.service), zone.default_class, further=tuple(map(ServiceId, asked.further)))


def _require_time_left(frame: Frame, kiosk: Kiosk, zone: Zone, service: ServiceId) -> None:
    """Raises `Problem` 409 where this kiosk stops near the end of service."""
    now_ms = frame.hub.now_ms(zone.id)
    records = orjson.loads(frame.hub.state(zone.id, View.WAITS))["services"]
    for record in records:
        if record["id"] == service and stops(kiosk.place.near_closing, record, now_ms):
            raise too_late(zone, service, record["closes_ms"])
