"""The agent's face to the browser beside it: the kiosk's page and what belongs to it, draws, papers. Nothing else."""

import logging
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from queue_core.web.problems import OUT_OF_SERVICE, Problem, out_of_service
from queue_core.web.reading import KEY_HEADER, once, read_body
from queue_core.web.words import LANGUAGE_QUERY
from ticket_kiosk.agent.copies import is_page, is_sound, is_static
from ticket_kiosk.agent.draws import Asked, KeyReused, Refused
from ticket_kiosk.agent.forwarding import away, copied, forwarded, passed, problem, streamed
from ticket_kiosk.agent.gate import Gate
from ticket_kiosk.agent.house import House
from ticket_kiosk.agent.ledger import Paper
from ticket_kiosk.agent.waiting import waiting_page
from ticket_kiosk.codes import Shown
from ticket_kiosk.drawing import Draw

log = logging.getLogger(__name__)

PAPER_WAIT_S = 10.0
_VIEW = "waits"
_REFUSALS = {
    "no_numbers_left": "There is no number left that could be given out without the server.",
    "unknown_service": "This kiosk has no such service.",
    "service_closed": "The service has a ticket stop.",
    "outside_hours": "The service is closed now.",
    OUT_OF_SERVICE: out_of_service().detail,
}


def app_of(house: House, port: int) -> ASGIApp:
    desk = _Desk(house)
    kiosk = f"/kiosk/{house.means.kiosk}"
    routes = [
        Route("/", desk.home),
        Route(kiosk, desk.page),
        Route("/static/{path:path}", desk.static),
        Route("/speech/{language}", desk.speech),
        Route("/api/v1/zones/{zone}/events", desk.stream),
        Route(f"{kiosk}/tickets", desk.draw, methods=["POST"]),
        Route(f"{kiosk}/codes", desk.code, methods=["POST"]),
        Route(f"{kiosk}/settings", desk.settings, methods=["POST"]),
        Route("/devices/kiosk/{id}/report", desk.report, methods=["POST"]),
        Route("/agent/state", desk.state),
        Route("/agent/papers/{job}", desk.paper),
        Route("/agent/papers/{job}/again", desk.again, methods=["POST"]),
    ]
    return Gate(Starlette(routes=routes, exception_handlers={Problem: _problem}), port)


class _Desk:
    def __init__(self, house: House) -> None:
        self._house, self._link = house, house.link

    async def home(self, _: Request) -> Response:
        return RedirectResponse(f"/kiosk/{self._house.means.kiosk}")

    async def page(self, request: Request) -> Response:
        """The server's, or the last good one. HEAD asks whether the server is there: there is no copy of that."""
        if request.method == "HEAD":
            return await forwarded(self._link, request) if self._link.up else away()
        answer = (
            await self._link.ask("GET", request.url.path, params=dict(request.query_params), raw=True)
            if self._link.up
            else None
        )
        if answer is not None and is_page(answer):
            return passed(answer)
        copy = self._house.copies.page()
        return copied(copy) if copy else waiting_page()

    async def static(self, request: Request) -> Response:
        if not is_static(request.url.path):
            raise HTTPException(404)
        copy = self._house.copies.static(request.url.path)
        return copied(copy) if copy else await forwarded(self._link, request)

    async def speech(self, request: Request) -> Response:
        """A sentence sounds the same every time: the copy goes first."""
        url = f"{request.url.path}?{request.url.query}"
        copy = self._house.copies.spoken(url)
        if copy:
            return copied(copy)
        params = dict(request.query_params)
        answer = await self._link.ask("GET", request.url.path, params=params, raw=True) if self._link.up else None
        if answer is None:
            return away()
        if not answer.is_success:
            return passed(answer)
        if not is_sound(answer):
            return away()
        self._house.copies.speak(url, answer)
        return passed(answer)

    async def stream(self, request: Request) -> Response:
        place = self._house.place
        own = place is not None and request.path_params["zone"] in place.zones
        if not own or request.query_params.getlist("view") != [_VIEW]:
            raise HTTPException(404)
        return await streamed(self._link, request)

    async def settings(self, request: Request) -> Response:
        answer = await forwarded(self._link, request)
        if answer.status_code == 200:
            self._house.take(orjson.loads(answer.body)["out_of_service"])
        return answer

    async def report(self, request: Request) -> Response:
        place = self._house.place
        if place is None or request.path_params["id"] != place.told["kiosk"]:
            raise HTTPException(404)
        return await forwarded(self._link, request)

    async def draw(self, request: Request) -> Response:
        """Read as the server reads it: what is given out without it must be fit to be told to it afterwards."""
        key, draw = _key(request), await read_body(request, Draw)
        body = draw.model_dump(exclude_unset=True)
        asked = Asked(request.url.path, request.query_params.get(LANGUAGE_QUERY, ""), body)
        try:
            drawn = await self._house.draws.draw(key, asked)
        except KeyReused:
            return problem(422, "key_reused", "The key was used before, for another request.")
        except Refused as e:
            return problem(409, e.code, _REFUSALS[e.code])
        except OSError:
            log.exception("nothing can be noted, so nothing is drawn")
            return problem(503, "storage_full", "The kiosk's own storage takes no more.")
        return self._with_paper(key, drawn) if isinstance(drawn, dict) else passed(drawn)

    async def code(self, request: Request) -> Response:
        """An appointment that is checked in has a ticket, and that a paper."""
        key, shown = _key(request), await read_body(request, Shown)
        if not self._link.up:
            return away()
        answer = await self._link.ask(
            "POST",
            request.url.path,
            params=dict(request.query_params),
            headers={KEY_HEADER: key},
            json=shown.model_dump(),
        )
        if answer is None:
            return away()
        return self._with_paper(key, answer.json()) if answer.status_code == 201 else passed(answer)

    async def state(self, _: Request) -> Response:
        return _json(self._house.state())

    async def paper(self, request: Request) -> Response:
        known = request.query_params.get("known", "")
        return _told(await self._house.papers.other_than(request.path_params["job"], known, PAPER_WAIT_S))

    async def again(self, request: Request) -> Response:
        return _told(self._house.papers.again(request.path_params["job"]))

    def _with_paper(self, key: str, ticket: dict[str, Any]) -> Response:
        """The answer does not wait for the printer. What cannot be noted is not printed: the screen has the number."""
        try:
            paper = self._house.papers.begin(key, ticket["receipt"])
        except OSError:
            log.exception("no paper is begun")
            paper = None
        return _json({**ticket, "paper": paper and _paper(paper)}, 201)


def _paper(paper: Paper) -> dict[str, str]:
    return {"job": paper.job, "state": paper.state.value, "reason": paper.reason}


def _told(paper: Paper | None) -> Response:
    if paper is None:
        return problem(404, "not_found", "There is no such paper.")
    return _json(_paper(paper))


def _json(value: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(value), status, {"Cache-Control": "no-store"}, "application/json")


def _key(request: Request) -> str:
    """The draw's, for good. Raises `Problem` 400."""
    key = once(request, None).key
    if " " in key:
        raise Problem(400, "key_invalid", f"{KEY_HEADER} has no blanks: uploads make keys of their own with them.")
    return key


async def _problem(_: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return error.response()
