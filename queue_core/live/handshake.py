"""What a request for a stream asks for, and whether it may: all that is checked before a connection is accepted."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import parse_qs, unquote

from queue_core.domain.errors import StoreAway, UnknownZone
from queue_core.domain.model import ZoneId
from queue_core.domain.views.view import FOR_EVERYBODY, View
from queue_core.live.access import Access, Authorise, ClientIp, Denial, Denied, Handshake
from queue_core.live.client import Host, Stopping
from queue_core.live.frames import Position

_PATH = re.compile(r"/api/v1/zones/([^/]+)/stream")
_BY_SOCKET = FOR_EVERYBODY | {View.LOBBY, View.DESK}
_DENIED = {Denial.INVALID: HTTPStatus.UNAUTHORIZED, Denial.FORBIDDEN: HTTPStatus.FORBIDDEN}
RETRY_AFTER_S = 5
NOBODY = Access("")


class Refused(Exception):
    """Answered instead of the upgrade, with a sentence for whoever wrote the client."""

    def __init__(self, status: HTTPStatus, sentence: str) -> None:
        super().__init__(status, sentence)
        self.status, self.sentence = status, sentence


@dataclass(frozen=True, slots=True)
class Door:
    """Who may come in. `origins` lists pages from elsewhere that may open streams; `is_known_host` says by which names
    we are asked for."""

    host: Host
    authorise: Authorise
    origins: frozenset[str]
    client_ip: ClientIp
    is_known_host: Callable[[str], bool]

    def asked(self, target: str, headers: Mapping[str, str], peer: str) -> tuple[Handshake, Position | None]:
        """What is asked for; it has a seat then, to be given back. Raises `Refused`, `TooMany`."""
        require_known_host(headers, self.is_known_host)
        require_own_origin(headers, self.origins)
        handshake, since = parse(target, headers, self.client_ip(headers, peer))
        require_zone(self.host, handshake.zone)
        self.host.seats.take(handshake.client_ip)
        return handshake, since


@dataclass(frozen=True, slots=True)
class Asked:
    """`access` None: the credential is still to come, as first message."""

    handshake: Handshake
    since: Position | None
    access: Access | None


def require_known_host(headers: Mapping[str, str], is_known: Callable[[str], bool]) -> None:
    """A foreign name that leads here is somebody else's page, with its own origin."""
    if not is_known(headers.get("host", "")):
        raise Refused(HTTPStatus.BAD_REQUEST, "this server is not known by that name")


def require_own_origin(headers: Mapping[str, str], allowed: frozenset[str]) -> None:
    """Browsers name the page that asks; only our own may, or one that is listed. Other programs name none."""
    origin = headers.get("origin")
    if origin is None or origin in allowed:
        return
    own = headers.get("host", "").lower()
    if not own or origin.lower() not in (f"http://{own}", f"https://{own}"):
        raise Refused(HTTPStatus.FORBIDDEN, f"origin {origin!r} may not open streams")


def parse(target: str, headers: Mapping[str, str], client_ip: str) -> tuple[Handshake, Position | None]:
    """Raises `Refused` where it makes no sense."""
    path, _, asked = target.partition("?")
    match = _PATH.fullmatch(path)
    if match is None:
        raise Refused(HTTPStatus.NOT_FOUND, "streams are at /api/v1/zones/{zone}/stream")
    query = parse_qs(asked)
    try:
        view = View(query.get("view", [View.PUBLIC.value])[-1])
        since = Position.parse(f"{query['epoch'][-1]}-{query['seq'][-1]}") if "epoch" in query else None
    except (ValueError, KeyError):
        raise Refused(HTTPStatus.BAD_REQUEST, "view, epoch or seq makes no sense") from None
    if view not in _BY_SOCKET:
        raise Refused(HTTPStatus.BAD_REQUEST, f"view must be one of {', '.join(sorted(_BY_SOCKET))}")
    scheme, _, token = headers.get("authorization", "").partition(" ")
    bearer = token.strip() if scheme.lower() == "bearer" else None
    zone = ZoneId(unquote(match[1]))
    return Handshake(zone, view, headers, _cookies(headers), bearer, client_ip), since


def require_zone(host: Host, zone: ZoneId) -> None:
    try:
        host.require(zone)
    except UnknownZone:
        raise Refused(HTTPStatus.NOT_FOUND, f"there is no zone {zone!r}") from None
    except (Stopping, StoreAway):
        raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, "not now; try again") from None


async def access_of(handshake: Handshake, authorise: Authorise) -> Access | None:
    """None when no credential came yet. Raises `Refused` for one that does not do."""
    answer = await authorise(handshake)
    if isinstance(answer, Denied):
        if answer.why is Denial.MISSING:
            return None
        raise Refused(_DENIED[answer.why], f"view {handshake.view} needs another credential")
    return answer


def merged(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Names in lower case; what came in several lines is one list, as HTTP means it."""
    found: dict[str, str] = {}
    for name, value in headers:
        folded = name.lower()
        between = "; " if folded == "cookie" else ", "
        found[folded] = f"{found[folded]}{between}{value}" if folded in found else value
    return found


def _cookies(headers: Mapping[str, str]) -> dict[str, str]:
    """As browsers send them: one that others on this host made, and that is against all rules, spoils no other."""
    pairs = (pair.partition("=") for pair in headers.get("cookie", "").split(";"))
    return {name.strip(): value.strip() for name, found, value in pairs if found}
