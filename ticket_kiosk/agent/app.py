"""The agent's face to the browser beside it: the kiosk's page and what belongs to it, draws, papers. Nothing else."""

from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from queue_core.web.reading import KEY_HEADER, KEY_MOST
from queue_core.web.words import LANGUAGE_QUERY
from ticket_kiosk.agent.draws import Asked, KeyReused, Refused
from ticket_kiosk.agent.forwarding import away, copied, forwarded, passed, problem, streamed
from ticket_kiosk.agent.gate import Gate
from ticket_kiosk.agent.house import House
from ticket_kiosk.agent.ledger import Paper
from ticket_kiosk.agent.waiting import waiting_page

PAPER_WAIT_S = 10.0
_VIEW = "waits"
_REFUSALS = {
    "no_numbers_left": "There is no number left that could be given out without the server.",
    "unknown_service": "This kiosk has no such service.",
    "service_closed": "The service has a ticket stop.",
    "outside_hours": "The service is closed now.",
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
        Route(f"{kiosk}/settings", desk.forward, methods=["POST"]),
        Route("/devices/kiosk/{id}/report", desk.report, methods=["POST"]),
        Route("/agent/state", desk.state),
        Route("/agent/papers/{job}", desk.paper),
        Route("/agent/papers/{job}/again", desk.again, methods=["POST"]),
    ]
    return Gate(Starlette(routes=routes), port)


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
            await self._link.ask("GET", request.url.path, params=dict(request.query_params)) if self._link.up else None
        )
        if answer is not None and answer.is_success:
            return passed(answer)
        copy = self._house.copies.page()
        return copied(copy) if copy else waiting_page()

    async def static(self, request: Request) -> Response:
        copy = self._house.copies.static(request.url.path)
        return copied(copy) if copy else await forwarded(self._link, request)

    async def speech(self, request: Request) -> Response:
        """A sentence sounds the same every time: the copy goes first."""
        url = f"{request.url.path}?{request.url.query}"
        copy = self._house.copies.spoken(url)
        if copy:
            return copied(copy)
        answer = await self._link.ask("GET", request.url.path, params=dict(request.query_params))
        if answer is None:
            return away()
        if answer.is_success:
            self._house.copies.speak(url, answer)
        return passed(answer)

    async def stream(self, request: Request) -> Response:
        place = self._house.place
        own = place is not None and request.path_params["zone"] in place.zones
        if not own or request.query_params.getlist("view") != [_VIEW]:
            raise HTTPException(404)
        return await streamed(self._link, request)

    async def forward(self, request: Request) -> Response:
        return await forwarded(self._link, request)

    async def report(self, request: Request) -> Response:
        place = self._house.place
        if place is None or request.path_params["id"] != place.told["kiosk"]:
            raise HTTPException(404)
        return await forwarded(self._link, request)

    async def draw(self, request: Request) -> Response:
        key, body = request.headers.get(KEY_HEADER, ""), await _read(request)
        if not 0 < len(key) <= KEY_MOST or not (key.isascii() and key.isprintable()):
            return problem(400, "key_missing", f"Send a fresh {KEY_HEADER} with every draw.")
        if not isinstance(body.get("service"), str):
            return problem(422, "invalid_field", "service: a service's id is wanted")
        asked = Asked(request.url.path, request.query_params.get(LANGUAGE_QUERY, ""), body)
        try:
            drawn = await self._house.draws.draw(key, asked)
        except KeyReused:
            return problem(422, "key_reused", "The key was used before, for another request.")
        except Refused as e:
            return problem(409, e.code, _REFUSALS[e.code])
        return self._with_paper(key, drawn) if isinstance(drawn, dict) else passed(drawn)

    async def code(self, request: Request) -> Response:
        """An appointment that is checked in has a ticket, and that a paper."""
        answer = await self._link.ask(
            "POST",
            request.url.path,
            params=dict(request.query_params),
            headers={KEY_HEADER: request.headers.get(KEY_HEADER, "")},
            json=await _read(request),
        )
        if answer is None:
            return away()
        return (
            self._with_paper(request.headers[KEY_HEADER], answer.json())
            if answer.status_code == 201
            else passed(answer)
        )

    async def state(self, _: Request) -> Response:
        return _json(self._house.state())

    async def paper(self, request: Request) -> Response:
        known = request.query_params.get("known", "")
        return _told(await self._house.papers.other_than(request.path_params["job"], known, PAPER_WAIT_S))

    async def again(self, request: Request) -> Response:
        return _told(self._house.papers.again(request.path_params["job"]))

    def _with_paper(self, key: str, ticket: dict[str, Any]) -> Response:
        """The answer does not wait for the printer."""
        paper = self._house.papers.begin(key, ticket["receipt"])
        return _json({**ticket, "paper": paper and _paper(paper)}, 201)


def _paper(paper: Paper) -> dict[str, str]:
    return {"job": paper.job, "state": paper.state.value, "reason": paper.reason}


def _told(paper: Paper | None) -> Response:
    if paper is None:
        return problem(404, "not_found", "There is no such paper.")
    return _json(_paper(paper))


def _json(value: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(value), status, {"Cache-Control": "no-store"}, "application/json")


async def _read(request: Request) -> dict[str, Any]:
    """Anything that is no object is an empty one: what is missing then is told."""
    try:
        value = orjson.loads(await request.body())
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
