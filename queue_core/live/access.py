"""Who may follow what: asked of whoever knows credentials, never decided here."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from queue_core.domain.model import ZoneId
from queue_core.domain.views.view import FOR_EVERYBODY, View


@dataclass(frozen=True, slots=True)
class Handshake:
    """What a client said of itself. Header names are in lower case; `token` came as Bearer or as first message."""

    zone: ZoneId
    view: View
    headers: Mapping[str, str]
    cookies: Mapping[str, str]
    token: str | None
    client_ip: str

    @property
    def is_for_everybody(self) -> bool:
        return self.view in FOR_EVERYBODY


@dataclass(frozen=True, slots=True)
class Access:
    """`credential` names what was shown, so that the stream ends with it: `Hub.drop`, `Revoked`."""

    credential: str


class Denial(StrEnum):
    MISSING = "missing"
    INVALID = "invalid"
    FORBIDDEN = "forbidden"


@dataclass(frozen=True, slots=True)
class Denied:
    why: Denial


Authorise = Callable[[Handshake], Awaitable[Access | Denied]]
#: Of these credentials of open streams, those that no longer count. A stream counts as its credential's activity.
Revoked = Callable[[frozenset[str]], Awaitable[frozenset[str]]]
#: The address of whoever is behind the connection: headers (lower case) and peer in, address out.
ClientIp = Callable[[Mapping[str, str], str], str]
