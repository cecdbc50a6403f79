"""Number and PIN are sent once, in a form; what comes back is the address of a look that ends soon by itself.

Reloading, another language and a browser without scripts all work by that address, and nothing is kept in the browser.
Who asks for the page again keeps it open; that the page asks for news by itself does not.
"""

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from queue_core.casework.door import CaseLocked, Look
from queue_core.web.access import Endpoint
from queue_core.web.address import client_address
from queue_core.web.case_standing import Standing, standing
from queue_core.web.crossing import require_own_site
from queue_core.web.face import Frame
from queue_core.web.login import with_forms
from queue_core.web.pages import with_language
from queue_core.web.problems import Problem, not_found
from queue_core.web.throttle import EVERYBODY, Throttle

_PATH = "/status"
_MINUTE_S = 60
#: Each try is written down, and the store's writes are the kiosks' too.
_TRIES_PER_MINUTE = 20
_TRIES_PER_MINUTE_OF_ALL = 300
_HOUR_S = 3600
_NOT_KEPT = {"Cache-Control": "no-store"}


def form(frame: Frame) -> Endpoint:
    async def form(request: Request) -> Response:
        _require_offered(frame)
        return _form(frame, request)

    return form


def opened(frame: Frame) -> Endpoint:
    mine, everybodys = Throttle(_TRIES_PER_MINUTE), Throttle(_TRIES_PER_MINUTE_OF_ALL)

    async def opened(request: Request) -> Response:
        require_own_site(request)
        _require_offered(frame)
        sent = await request.form()
        number, pin = (str(sent.get(name, "")) for name in ("case", "pin"))
        address = client_address(request, frame.settings)
        try:
            mine.take(address)
            everybodys.take(EVERYBODY)
            secret = await frame.cases.door.open(number, pin, address)
        except Problem:
            return _locked(frame, request, CaseLocked(_MINUTE_S))
        except CaseLocked as locked:
            return _locked(frame, request, locked)
        if secret is None:
            return _form(frame, request, fault="wrong", number=number, status=422)
        return RedirectResponse(with_language(request, f"{_PATH}/{secret}"), 303, _NOT_KEPT)

    return opened


def look(frame: Frame) -> Endpoint:
    async def look(request: Request) -> Response:
        found = await _found(frame, request, renewed=True)
        if found is None:
            return with_forms(frame.page(request, "ended.html", status=404))
        told = await standing(frame, found.case)
        context = {"standing": told, "path_of_look": _path_of_look(request), "left_ms": found.left_ms}
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
        return RedirectResponse(with_language(request, _PATH), 303, _NOT_KEPT)

    return close


async def _found(frame: Frame, request: Request, *, renewed: bool) -> Look | None:
    _require_offered(frame)
    return await frame.cases.door.look(request.path_params["look"], renewed=renewed)


def _form(frame: Frame, request: Request, fault: str = "", number: str = "", status: int = 200) -> Response:
    context = {"fault": fault, "number": number, "wait_minutes": 0}
    return with_forms(frame.page(request, "status.html", context, status))


def _locked(frame: Frame, request: Request, locked: CaseLocked) -> Response:
    fault = "tomorrow" if locked.retry_after_s > _HOUR_S else "locked"
    context = {"fault": fault, "number": "", "wait_minutes": locked.retry_after_s // _MINUTE_S}
    page = with_forms(frame.page(request, "status.html", context, 429))
    page.headers["Retry-After"] = str(locked.retry_after_s)
    return page


def _path_of_look(request: Request) -> str:
    return f"{_PATH}/{request.path_params['look']}"


def _require_offered(frame: Frame) -> None:
    if not frame.site.cases.stages:
        raise not_found()
