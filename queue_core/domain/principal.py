"""Who asks: a device or program by its token, a person by a login."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from queue_core.domain.model import ZoneId


class Role(StrEnum):
    DEVICE = "device"
    VIEWER = "viewer"
    COUNTER = "counter"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"


#: Everybody who works at counters.
STAFF = frozenset({Role.COUNTER, Role.SUPERVISOR, Role.ADMIN})
#: Everybody who may see a zone's queue.
WATCHERS = STAFF | {Role.VIEWER}
CHIEFS = frozenset({Role.SUPERVISOR, Role.ADMIN})


class CredentialKind(StrEnum):
    TOKEN = "token"
    SESSION = "session"


@dataclass(frozen=True, slots=True)
class Principal:
    """`zones` None: every zone. `digest`: of the credential that was shown. `csrf` only where that is a cookie."""

    id: str
    role: Role
    zones: frozenset[ZoneId] | None
    kind: CredentialKind
    name: str = ""
    digest: str = ""
    csrf: str = ""

    def may_enter(self, zone: ZoneId) -> bool:
        return self.zones is None or zone in self.zones


@dataclass(frozen=True, slots=True)
class Grant:
    """What a token, an account or an invitation gives. `zones` None: every zone."""

    role: Role
    zones: frozenset[ZoneId] | None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """A person who logs in. `id` is random and stays; `login` is what they type, folded to one form."""

    id: str
    login: str
    grant: Grant
    password_hash: str


@dataclass(frozen=True, slots=True)
class Token:
    """A token as lists show it; the secret itself is kept nowhere."""

    id: str
    grant: Grant
    created_ms: int
    revoked_ms: int = 0


def fingerprint(secret: str) -> str:
    """How a secret is known where it is not kept: 256 random bits need no salt and no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def invitation_path(code: str) -> str:
    """Where the bearer of an invitation makes an account."""
    return f"/welcome?code={code}"
