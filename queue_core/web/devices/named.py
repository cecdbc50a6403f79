"""Which device an address means, and whether whoever asks is that device."""

from starlette.requests import Request

from queue_core.domain.attendance import DeviceKind, DeviceName, paired_as
from queue_core.domain.principal import Principal, Role
from queue_core.watch.attending import UnknownDevice
from queue_core.web.access import identified, require_zone
from queue_core.web.address import is_this_machine
from queue_core.web.device import enrolled
from queue_core.web.frame import Frame
from queue_core.web.problems import forbidden, not_found, unauthenticated

#: In whose name a page on the server's own machine reports.
LOCAL = "local"


def device_named(frame: Frame, request: Request) -> DeviceName:
    """The configured device that the path names. Raises `Problem` 404."""
    try:
        name = DeviceName(DeviceKind(request.path_params["kind"]), request.path_params["id"])
        frame.attendance.zones_of(name)
    except (ValueError, UnknownDevice):
        raise not_found("The office has no such device.") from None
    return name


async def reporter(frame: Frame, request: Request, name: DeviceName) -> str:
    """In whose name this device reports: its token's, in a cookie or as bearer; else this machine's. Staff who look at
    a device's page are not the device. Raises `Problem` 401 or 403."""
    principal = await _device(frame, request, name)
    if principal is None:
        if is_this_machine(request, frame.settings):
            return LOCAL
        raise unauthenticated()
    if not _is_of(principal, name):
        raise forbidden("This token belongs to another device.")
    return principal.id


async def _device(frame: Frame, request: Request, name: DeviceName) -> Principal | None:
    zones = frame.attendance.zones_of(name)
    found = await enrolled(frame.identity, request.cookies, zones[0])
    if found is None and "authorization" in request.headers:
        bearer = await identified(request)
        if bearer is None:
            raise unauthenticated()
        if bearer.role is not Role.DEVICE or not bearer.may_enter(zones[0]):
            raise forbidden("Only the device itself reports.")
        found = bearer
    return found


def _is_of(principal: Principal, name: DeviceName) -> bool:
    wanted = DeviceKind.KIOSK if name.kind is DeviceKind.AGENT else name.kind
    return paired_as(principal.name) in (None, DeviceName(wanted, name.id))


def may_see(frame: Frame, principal: Principal, name: DeviceName) -> bool:
    """Whoever may enter one of the device's zones."""
    return any(principal.may_enter(zone) for zone in frame.attendance.zones_of(name))


def require_every_zone(frame: Frame, principal: Principal, name: DeviceName) -> None:
    """What is done to a device is done to all of its zones. Raises `Problem` 403."""
    for zone in frame.attendance.zones_of(name):
        require_zone(principal, zone)
