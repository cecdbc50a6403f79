"""Logging in and out, and the one-time page on which somebody invited makes an account."""

from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from queue_core.domain.principal import CredentialKind
from queue_core.web.access import identified, public, resource
from queue_core.web.address import client_address, is_this_machine
from queue_core.web.crossing import require_own_form, require_own_site
from queue_core.web.frame import Frame
from queue_core.web.identity import spent_invitation
from queue_core.web.passwords import PASSWORD_LEAST, PASSWORD_MOST

_LOGIN_MOST = 64
_HOME = "/desk"


def routes(frame: Frame) -> Sequence[BaseRoute]:
    login, join = LoginPage(frame), JoinPage(frame)
    return [
        resource("/login", {"GET": public(login.show), "POST": public(login.submit)}),
        resource("/logout", {"POST": public(login.leave)}),
        resource("/welcome", {"GET": public(join.show), "POST": public(join.submit)}),
    ]


def login_allowed(frame: Frame, request: Request) -> bool:
    """With TLS, within this machine, or where the administration has allowed it."""
    return frame.settings.login_allowed or is_this_machine(request, frame.settings)


def local_path(target: str) -> str:
    """Where to go after the login: a path of ours, never another site."""
    ours = target.startswith("/") and not target.startswith(("//", "/\\")) and target.isprintable()
    return target if ours else _HOME


class LoginPage:
    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    async def show(self, request: Request) -> Response:
        await identified(request)
        return self._page(request)

    async def submit(self, request: Request) -> Response:
        require_own_site(request)
        if not login_allowed(self._frame, request):
            return self._page(request, status=403)
        form = await request.form()
        login, password = str(form.get("login", "")), str(form.get("password", ""))
        if len(login) > _LOGIN_MOST or len(password) > PASSWORD_MOST:
            return self._page(request, wrong=True, status=401)
        address = client_address(request, self._frame.settings)
        cookie = await self._frame.identity.log_in(login, password, address)
        if cookie is None:
            return self._page(request, wrong=True, login=login, status=401)
        if earlier := request.cookies.get(self._frame.identity.cookie):
            await self._frame.identity.log_out(earlier)
        return with_cookie(self._frame, RedirectResponse(local_path(str(form.get("next", ""))), 303), cookie)

    async def leave(self, request: Request) -> Response:
        principal = await identified(request)
        if principal and principal.kind is CredentialKind.SESSION:
            await require_own_form(request, principal.csrf)
            await self._frame.identity.log_out(request.cookies[self._frame.identity.cookie])
        return with_cookie(self._frame, RedirectResponse("/login", 303), None)

    def _page(self, request: Request, status: int = 200, **shown: Any) -> Response:
        context = {
            "allowed": login_allowed(self._frame, request),
            "next": local_path(request.query_params.get("next", "")),
            "wrong": False,
            "login": "",
        }
        return with_forms(self._frame.page(request, "login.html", {**context, **shown}, status))


class JoinPage:
    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    async def show(self, request: Request) -> Response:
        code = request.query_params.get("code", "")
        if await self._frame.identity.vault.invitation(code) is None:
            raise spent_invitation()
        return self._page(request, code)

    async def submit(self, request: Request) -> Response:
        require_own_site(request)
        form = await request.form()
        code, login, password = (str(form.get(name, "")) for name in ("code", "login", "password"))
        if not login_allowed(self._frame, request):
            return self._page(request, code, status=403)
        fault = _fault(login, password, str(form.get("again", "")))
        if fault:
            return self._page(request, code, fault=fault, login=login, status=422)
        cookie = await self._frame.identity.join(code, login, password)
        if cookie is None:
            return self._page(request, code, fault="taken", login=login, status=409)
        return with_cookie(self._frame, RedirectResponse(_HOME, 303), cookie)

    def _page(self, request: Request, code: str, status: int = 200, **shown: Any) -> Response:
        context = {
            "allowed": login_allowed(self._frame, request),
            "code": code,
            "fault": "",
            "login": "",
            "least": PASSWORD_LEAST,
        }
        return with_forms(self._frame.page(request, "welcome.html", {**context, **shown}, status))


def with_forms(page: Response) -> Response:
    """Browsers tell the origin of a form only where the page tells referrers, if only to ourselves."""
    page.headers["Referrer-Policy"] = "same-origin"
    return page


def with_cookie(frame: Frame, response: Response, cookie: str | None) -> Response:
    """Sets the session's cookie, or deletes it."""
    response.set_cookie(
        frame.identity.cookie,
        cookie or "",
        max_age=None if cookie else 0,
        path="/",
        secure=frame.settings.tls,
        httponly=True,
        samesite="lax",
    )
    return response


def _fault(login: str, password: str, again: str) -> str:
    if not 1 <= len(login.strip()) <= _LOGIN_MOST or not login.isprintable():
        return "login"
    if not PASSWORD_LEAST <= len(password) <= PASSWORD_MOST:
        return "password"
    return "" if password == again else "again"
