"""How a screen shows who it is: its device token in a cookie that scripts cannot read and other sites cannot use.

On the server's own machine none is needed: whoever sits there may see the wall anyway.
"""

from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.responses import Response

from queue_core.domain.attendance import DeviceKind, may_be
from queue_core.domain.model import ZoneId
from queue_core.domain.principal import Principal, Role
from queue_core.web.identity import Identity

COOKIE = "wartezone_device"
_BOUND_COOKIE = f"__Host-{COOKIE}"
_COOKIE_DAYS = 400
_DAY_S = 86_400
#: What a proxy leaves behind, whether or not it was set up to tell where a request came from.
_PROXY_TRACES = frozenset({"forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"})
_LOOPBACK_NAME = "localhost"


async def enrolled(
    identity: Identity, cookies: Mapping[str, str], zone: ZoneId, kind: DeviceKind | None = None
) -> Principal | None:
    """The device whose cookie this is, if it belongs to the zone and may be of this kind."""
    token = cookies.get(_name(identity))
    return await device(identity, token, zone, kind) if token else None


async def enrolled_anywhere(identity: Identity, cookies: Mapping[str, str]) -> Principal | None:
    """The device whose cookie this is, whatever zones it belongs to."""
    token = cookies.get(_name(identity))
    principal = await identity.by_token(token) if token else None
    return principal if principal and principal.role is Role.DEVICE else None


async def device(identity: Identity, token: str, zone: ZoneId, kind: DeviceKind | None = None) -> Principal | None:
    """Whose token this is; None for what is no device's, another zone's, or was made for another kind of device."""
    principal = await identity.by_token(token)
    if principal is None or principal.role is not Role.DEVICE or not principal.may_enter(zone):
        return None
    return principal if kind is None or may_be(principal.name, kind) else None


def enrol(identity: Identity, response: Response, token: str) -> Response:
    response.set_cookie(
        _name(identity),
        token,
        max_age=_COOKIE_DAYS * _DAY_S,
        path="/",
        secure=identity.bound,
        httponly=True,
        samesite="strict",
    )
    return response


def is_local(headers: Mapping[str, str], address: str) -> bool:
    """Asked by a browser on this machine, by the machine's own name, and not through a proxy."""
    if any(name in headers for name in _PROXY_TRACES):
        return False
    try:
        host = urlsplit(f"//{headers.get('host', '')}").hostname or ""
    except ValueError:
        return False
    return is_loopback(address) and (host == _LOOPBACK_NAME or is_loopback(host))


def _name(identity: Identity) -> str:
    return _BOUND_COOKIE if identity.bound else COOKIE


def is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
