"""Whether a browser may draw tickets at a kiosk; docs/decisions/0010-kiosk-credentials.md says why so.

A kiosk that was enrolled carries its device token in a cookie that scripts cannot read and other sites cannot use.
On the server's own machine none is needed: whoever sits there can draw anyway.
"""

from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from queue_core.domain.principal import STAFF, Role
from queue_core.web.address import is_this_machine
from queue_core.web.face import Frame
from ticket_kiosk.place import Kiosk

_COOKIE = "wartezone_kiosk"
_SECURE_COOKIE = f"__Secure-{_COOKIE}"
_COOKIE_DAYS = 400
_DAY_S = 86_400
#: What a proxy leaves behind, whether or not it was set up to tell where a request came from.
_PROXY_TRACES = frozenset({"forwarded", "via", "x-real-ip", "x-forwarded-host", "x-forwarded-proto"})
_LOOPBACK_NAME = "localhost"
_MAY_DRAW = STAFF | {Role.DEVICE}


async def drawer(frame: Frame, request: Request, kiosk: Kiosk) -> str | None:
    """In whose name this browser draws: a credential's id, or this machine; None where it may not."""
    token = request.cookies.get(_name(frame))
    if token and (enrolled := await credential(frame, token, kiosk)):
        return enrolled
    return f"kiosk {kiosk.zone.id}.{kiosk.name}" if is_local(frame, request) else None


async def credential(frame: Frame, token: str, kiosk: Kiosk) -> str | None:
    """The id of a token that may draw tickets in the kiosk's zone."""
    principal = await frame.identity.by_token(token)
    if principal is None or principal.role not in _MAY_DRAW or not principal.may_enter(kiosk.zone.id):
        return None
    return principal.id


def is_local(frame: Frame, request: Request) -> bool:
    """Asked by a browser on this machine, by the machine's own name, and not through a proxy."""
    if _PROXY_TRACES & set(request.headers.keys()) or not is_this_machine(request, frame.settings):
        return False
    host = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    return host == _LOOPBACK_NAME or _is_loopback(host)


def enrol(frame: Frame, response: Response, kiosk: Kiosk, token: str) -> None:
    response.set_cookie(
        _name(frame),
        token,
        max_age=_COOKIE_DAYS * _DAY_S,
        path=f"/kiosk/{kiosk.name}",
        secure=frame.settings.tls,
        httponly=True,
        samesite="strict",
    )


def _name(frame: Frame) -> str:
    return _SECURE_COOKIE if frame.settings.tls else _COOKIE


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
