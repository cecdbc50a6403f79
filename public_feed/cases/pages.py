"""Number and PIN are sent once, in a form; what comes back is the address of a look that ends soon by itself.

Reloading, another language and a browser without scripts all work by that address, and nothing is kept in the browser.
Who asks for the page again keeps it open; that the page asks for news by itself does not.
"""

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from queue_core.casework.door import CaseLocked, Look
from queue_core.casework.telling import STATUS_PATH
from queue_core.casework.turns import TooBusy
from queue_core.web.access import Endpoint
from queue_core.web.address import client_address
from queue_core.web.case_standing import Standing, standing
from queue_core.web.crossing import require_own_site
from queue_core.web.face import Frame
from queue_core.web.login import with_forms
from queue_core.web.pages import with_language
from queue_core.web.problems import Problem, not_found
from queue_core.web.subscription import APP
from queue_core.web.throttle import Throttle

_MINUTE_S = 60
#: Of one address, right ones too: each look that is opened is kept for a while.
_TRIES_PER_MINUTE = 20
_BUSY_FOR_S = 5
_HOUR_S = 3600
_NOT_KEPT = {"Cache-Control": "no-store"}


def form(frame: Frame) -> Endpoint:
    async def form(request: Request) -> Response:
        _require_offered(frame)
        return _form(frame, request)

    return form


def opened(frame: Frame) -> Endpoint:
    asked = Throttle(_TRIES_PER_MINUTE)

    async def opened(request: Request) -> Response:
        require_own_site(request)
        _require_offered(frame)
        sent = await request.form()
        number, pin = (str(sent.get(name, "")) for name in ("case", "pin"))
        address = client_address(request, frame.settings)
        try:
            asked.take(address)
            secret = await frame.cases.door.open(number, pin, address)
        except Problem:
            return _held_off(frame, request, _MINUTE_S)
        except CaseLocked as locked:
            return _held_off(frame, request, locked.retry_after_s)
        except TooBusy:
            return _busy(frame, request, number)
        if secret is None:
            return _form(frame, request, fault="wrong", number=number, status=422)
        return RedirectResponse(with_language(request, f"{STATUS_PATH}/{secret}"), 303, _NOT_KEPT)

    return opened


def look(frame: Frame) -> Endpoint:
    async def look(request: Request) -> Response:
        found = await _found(frame, request, renewed=True)
        if found is None:
            return with_forms(frame.page(request, "ended.html", status=404))
        told = await standing(frame, found.case)
        path, phones = _path_of_look(request), frame.phones if APP in frame.assets.owners else None
        known = await frame.cases.telling.known(found.key) if phones else ()
        context = {
            "standing": told,
            "path_of_look": path,
            "left_ms": found.left_ms,
            "phone_key": phones.public_key if phones else "",
            "phones": " ".join(known),
        }
        return with_forms(frame.page(request, "case.html", context))

    return look


def now(frame: Frame) -> Endpoint:
    """What the page shows, where it is not what it shows already (`?seen=`). It does not keep the look open."""

    async def now(request: Request) -> Response:
        found = await _found(frame, request, renewed=False)
        if found is None:
            raise not_found()
        told: Standing = await standing(frame, found.case)
        if request.query_params.get("seen") == told.tag:
            return Response(status_code=204, headers=_NOT_KEPT)
        return HTMLResponse(frame.fragment(request, "_case.html", {"standing": told}), headers=_NOT_KEPT)

    return now


def close(frame: Frame) -> Endpoint:
    async def close(request: Request) -> Response:
        require_own_site(request)
        _require_offered(frame)
        await frame.cases.door.close(request.path_params["look"])
        return RedirectResponse(with_language(request, STATUS_PATH), 303, _NOT_KEPT)

    return close


async def _found(frame: Frame, request: Request, *, renewed: bool) -> Look | None:
    _require_offered(frame)
    return await frame.cases.door.look(request.path_params["look"], renewed=renewed)


def _form(
    frame: Frame, request: Request, fault: str = "", number: str = "", status: int = 200, wait_s: int = 0
) -> Response:
    context = {"fault": fault, "number": number, "minutes": -(-wait_s // _MINUTE_S), "hours": -(-wait_s // _HOUR_S)}
    page = with_forms(frame.page(request, "status.html", context, status))
    if wait_s:
        page.headers["Retry-After"] = str(wait_s)
    return page


def _held_off(frame: Frame, request: Request, wait_s: int) -> Response:
    return _form(frame, request, "locked", status=429, wait_s=wait_s)


def _busy(frame: Frame, request: Request, number: str) -> Response:
    """The number stays: it is worth another try."""
    return _form(frame, request, "busy", number, 503, _BUSY_FOR_S)


def _path_of_look(request: Request) -> str:
    return f"{STATUS_PATH}/{request.path_params['look']}"


def _require_offered(frame: Frame) -> None:
    if not frame.site.cases.stages:
        raise not_found()
