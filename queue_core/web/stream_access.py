"""Who may follow a live stream: the answer to what `queue_core.live` asks."""

from collections.abc import Mapping
from types import MappingProxyType

from queue_core.domain.attendance import DeviceKind, may_be
from queue_core.domain.principal import WATCHERS, CredentialKind, Principal, Role
from queue_core.domain.views.view import View
from queue_core.live.access import Access, Denial, Denied, Handshake
from queue_core.web import device
from queue_core.web.identity import Identity

#: Views that not everybody may see -> who may.
ROLES: Mapping[View, frozenset[Role]] = MappingProxyType({View.LOBBY: WATCHERS | {Role.DEVICE}, View.DESK: WATCHERS})
#: A wall's page on the server's own machine.
LOCAL = Access("local:")


class StreamAccess:
    def __init__(self, identity: Identity) -> None:
        self._identity = identity

    async def authorise(self, handshake: Handshake) -> Access | Denied:
        """A token that was shown counts alone; else the staff cookie. A wall's page may be known otherwise, too."""
        if handshake.token is None and handshake.view is View.LOBBY and (wall := await self._wall(handshake)):
            return wall
        cookie = handshake.cookies.get(self._identity.cookie)
        if handshake.token is not None:
            principal = await self._identity.by_token(handshake.token)
        elif cookie:
            principal = await self._identity.by_cookie(cookie)
        else:
            return Denied(Denial.MISSING)
        if principal is None:
            return Denied(Denial.INVALID)
        if not (_may_see(principal, handshake.view) and principal.may_enter(handshake.zone)):
            return Denied(Denial.FORBIDDEN)
        return Access(credential(principal))

    async def revoked(self, held: frozenset[str]) -> frozenset[str]:
        """Asks the store itself, and so keeps the sessions of open streams alive."""
        return frozenset([c for c in held if not await self._counts(c)])

    async def _wall(self, handshake: Handshake) -> Access | None:
        """A page on an enrolled screen or on this machine; only pages come with an origin."""
        if "origin" not in handshake.headers:
            return None
        enrolled = await device.enrolled(self._identity, handshake.cookies, handshake.zone, DeviceKind.DISPLAY)
        if enrolled is not None:
            return Access(credential(enrolled))
        return LOCAL if device.is_local(handshake.headers, handshake.client_ip) else None

    async def _counts(self, named: str) -> bool:
        if named == LOCAL.credential:
            return True
        kind, _, digest = named.partition(":")
        known_to = self._identity.vault if kind == CredentialKind.TOKEN else self._identity.logins
        return await known_to.by_digest(digest) is not None


def _may_see(principal: Principal, view: View) -> bool:
    """A kiosk is no wall."""
    roles = ROLES.get(view)
    is_wall = principal.role is not Role.DEVICE or may_be(principal.name, DeviceKind.DISPLAY)
    return roles is None or (principal.role in roles and is_wall)


def credential(principal: Principal) -> str:
    """The name by which a stream remembers what opened it; `Hub.drop` takes it."""
    return f"{principal.kind.value}:{principal.digest}"
