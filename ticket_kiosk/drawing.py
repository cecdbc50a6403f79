"""Drawing a ticket at a kiosk: once, however often the browser has to ask."""

from typing import Annotated

import orjson
from pydantic import BaseModel, ConfigDict, StringConstraints
from starlette.requests import Request
from starlette.responses import Response

from queue_core.domain.commands import Issue
from queue_core.domain.model import ServiceId, TicketId
from queue_core.engine import Once
from queue_core.web.access import Endpoint, public
from queue_core.web.crossing import require_own_site
from queue_core.web.face import Frame
from queue_core.web.pages import with_language
from queue_core.web.problems import unauthenticated
from queue_core.web.reading import once, read_body
from queue_core.web.words import translations
from ticket_kiosk.drawn import drawn
from ticket_kiosk.place import kiosk_in
from ticket_kiosk.receipt import receipt
from ticket_kiosk.trust import drawer


class Draw(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    service: Annotated[str, StringConstraints(min_length=1, max_length=64)]


def draw(frame: Frame) -> Endpoint:
    @public
    async def draw(request: Request) -> Response:
        require_own_site(request)
        kiosk = kiosk_in(frame, request)
        by = await drawer(frame, request, kiosk)
        if by is None:
            raise unauthenticated()
        frame.draws.take(by)
        asked = await read_body(request, Draw)
        assert isinstance(asked, Draw)
        zone = kiosk.zone
        command = Issue(ServiceId(asked.service), zone.default_class)
        outcome = await frame.engine.do(zone.id, command, Once(by, once(request, None).key))
        ticket = outcome.ticket() or {}
        path = with_language(request, frame.links.path(zone.id, TicketId(ticket["id"])))
        answer = drawn(outcome, frame.hub.forecast(zone.id), frame.absolute(path))
        language = frame.language(request)
        paper = receipt(answer, zone, translations(frame.package, language), language)
        return Response(orjson.dumps({**answer, "receipt": paper}), 201, media_type="application/json")

    return draw
