"""The kiosk's page: every screen of it, in every language, so that it works on when the network is away."""

from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from queue_core.domain.views.view import View
from queue_core.web.access import Endpoint, public
from queue_core.web.crossing import require_own_site
from queue_core.web.device import device, enrol
from queue_core.web.face import Frame
from queue_core.web.login import login_allowed, with_forms
from queue_core.web.words import LANGUAGE_QUERY, direction, endonym
from ticket_kiosk.place import Kiosk, kiosk_in
from ticket_kiosk.trust import drawer


def show(frame: Frame) -> Endpoint:
    @public
    async def show(request: Request) -> Response:
        kiosk = kiosk_in(frame, request)
        if await drawer(frame, request, kiosk) is None:
            return RedirectResponse(f"/kiosk/{kiosk.name}/enrol", 303)
        offered = [language for language in kiosk.zone.languages if language in frame.languages] or list(
            frame.languages
        )
        asked = request.query_params.get(LANGUAGE_QUERY)
        first = asked if asked in offered else offered[0]
        now = _now(frame, kiosk)
        screens = [
            (
                language,
                direction(language),
                frame.fragment(_in(request, language), "_kiosk.html", now | _names(offered)),
            )
            for language in offered
        ]
        return frame.page(_in(request, first), "kiosk.html", {**now, "screens": screens, "first": first})

    return show


def show_enrolment(frame: Frame) -> Endpoint:
    @public
    async def show_enrolment(request: Request) -> Response:
        kiosk = kiosk_in(frame, request)
        return _enrolment(frame, request, kiosk)

    return show_enrolment


def submit_enrolment(frame: Frame) -> Endpoint:
    @public
    async def submit_enrolment(request: Request) -> Response:
        kiosk = kiosk_in(frame, request)
        require_own_site(request)
        if not login_allowed(frame, request):
            return _enrolment(frame, request, kiosk, status=403)
        token = str((await request.form()).get("token", "")).strip()
        if await device(frame.identity, token, kiosk.zone.id) is None:
            return _enrolment(frame, request, kiosk, wrong=True, status=401)
        return enrol(frame.identity, RedirectResponse(f"/kiosk/{kiosk.name}", 303), token)

    return submit_enrolment


def _enrolment(frame: Frame, request: Request, kiosk: Kiosk, wrong: bool = False, status: int = 200) -> Response:
    context = {"kiosk": kiosk, "zone": kiosk.zone, "wrong": wrong, "allowed": login_allowed(frame, request)}
    return with_forms(frame.page(request, "enrol.html", context, status))


def _now(frame: Frame, kiosk: Kiosk) -> dict[str, Any]:
    zone = kiosk.zone
    state = orjson.loads(frame.hub.state(zone.id, View.WAITS))
    services = [service for service in state["services"] if service["id"] in zone.services]
    return {
        "kiosk": kiosk,
        "zone": zone,
        "services": services,
        "any_open": any(service["open"] for service in services),
        "tried_here": frame.settings.loopback and frame.settings.public_url is None,
        "now_ms": frame.hub.now_ms(zone.id),
    }


def _names(offered: list[str]) -> dict[str, Any]:
    return {"offered": [(language, endonym(language)) for language in offered]}


def _in(request: Request, language: str) -> Request:
    """The same request, asked in this language."""
    return Request({**request.scope, "path_params": {**request.path_params, "lang": language}}, request.receive)
