"""Two taps after the visit, by the ticket's link: the first question leads to the second, the second is counted.

Nothing is kept of the first tap alone. Who has answered today is thanked again.
"""

from starlette.requests import Request
from starlette.responses import Response

from queue_core.domain.errors import Refused
from queue_core.domain.model import Ticket, TicketState, ZoneId
from queue_core.domain.office import Zone
from queue_core.domain.survey import Answer, Question, Visit, Wait
from queue_core.web.address import client_address
from queue_core.web.crossing import require_own_site
from queue_core.web.face import Frame
from queue_core.web.login import with_forms
from queue_core.web.problems import Problem
from queue_core.web.throttle import Throttle

_ANSWERS_PER_MINUTE = 20


class Answering:
    def __init__(self, frame: Frame) -> None:
        self._frame, self._by_address = frame, Throttle(_ANSWERS_PER_MINUTE)

    async def show(self, request: Request) -> Response:
        found = await self._visit(request)
        if found is None:
            return self._frame.page(request, "no_survey.html", status=404)
        zone, ticket = found
        if await self._frame.engine.has_answered(zone.id, ticket.id):
            return self._frame.page(request, "thanks.html", {"zone": zone})
        said = request.query_params.get(Question.VISIT, "")
        return self._question(request, zone, Visit(said) if said in set(Visit) else None)

    async def answer(self, request: Request) -> Response:
        require_own_site(request)
        found = await self._visit(request)
        if found is None:
            return self._frame.page(request, "no_survey.html", status=404)
        self._by_address.take(client_address(request, self._frame.settings))
        zone, ticket = found
        form = await request.form()
        visit, wait = str(form.get(Question.VISIT, "")), str(form.get(Question.WAIT, ""))
        if visit not in set(Visit) or wait not in set(Wait):
            return self._question(request, zone, None, 422)
        await self._frame.engine.answer(zone.id, ticket, Answer(Visit(visit), Wait(wait)))
        return self._frame.page(request, "thanks.html", {"zone": zone})

    def _question(self, request: Request, zone: Zone, said: Visit | None, status: int = 200) -> Response:
        context = {"zone": zone, "own": zone.survey.question if zone.survey else {}, "visit": said and said.value}
        return with_forms(self._frame.page(request, "question.html", {**context, "link": _link(request)}, status))

    async def _visit(self, request: Request) -> tuple[Zone, Ticket] | None:
        """The zone and the ticket of a visit that is over, where the zone asks."""
        try:
            own = self._frame.links.read(_link(request))
            zone = self._frame.engine.zone(ZoneId(own.zone))
            ticket = await self._frame.engine.ticket(own.zone, own.ticket)
        except (Problem, Refused):
            return None
        return (zone, ticket) if zone.survey and ticket.state is TicketState.FINISHED else None


def _link(request: Request) -> str:
    return str(request.path_params["link"])
