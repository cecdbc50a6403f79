"""Who asks: a device or program by its token, a person by a login."""

from dataclasses import dataclass
from enum import StrEnum

from queue_core.domain.model import ZoneId


class Role(StrEnum):
    DEVICE = "device"
    VIEWER = "viewer"
    COUNTER = "counter"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"


#: everybody who works at counters
STAFF = frozenset({Role.COUNTER, Role.SUPERVISOR, Role.ADMIN})
#: everybody who may see a zone's queue
WATCHERS = STAFF | {Role.VIEWER}
CHIEFS = frozenset({Role.SUPERVISOR, Role.ADMIN})


class CredentialKind(StrEnum):
    TOKEN = "token"
    SESSION = "session"


@dataclass(frozen=True, slots=True)
class Principal:
    """`zones` None: every zone. `csrf` and `session` (a digest) only where a cookie is the credential."""

    id: str
    role: Role
    zones: frozenset[ZoneId] | None
    kind: CredentialKind
    name: str = ""
    csrf: str = ""
    session: str = ""

    def may_enter(self, zone: ZoneId) -> bool:
        return self.zones is None or zone in self.zones
