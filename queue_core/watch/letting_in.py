"""Letting devices in and out: by the code that they show, for exactly their zones."""

from collections.abc import Iterable

from queue_core.domain.attendance import DeviceKind, DeviceName
from queue_core.domain.pairing import Approval
from queue_core.domain.principal import CredentialKind, Grant, Principal, Role
from queue_core.store.credentials import Credentials, new_token
from queue_core.store.pairing import Pairings
from queue_core.watch.attending import Attending, UnknownDevice


class LettingIn:
    def __init__(self, attending: Attending, pairings: Pairings, credentials: Credentials) -> None:
        self._attending, self._pairings = attending, pairings
        self._credentials, self._audit = credentials, credentials.audit

    async def begin(self, name: DeviceName) -> tuple[str, int] | None:
        """A new secret for this place and for how many milliseconds its code is valid; None where too many wait."""
        if name.kind is DeviceKind.AGENT:
            raise UnknownDevice(str(name))
        self._attending.zones_of(name)
        secret = new_token()
        left_ms = await self._pairings.begin(name, secret)
        return (secret, left_ms) if left_ms else None

    async def left_ms(self, name: DeviceName, secret: str) -> int | None:
        return await self._pairings.left_ms(name, secret)

    async def approve(self, name: DeviceName, code: str, by: Principal) -> Approval:
        """The device gets the role device for its own zones, and is missed from now on when it is silent."""
        grant = Grant(Role.DEVICE, frozenset(self._attending.zones_of(name)), str(name))
        approval = await self._pairings.approve(name, code, grant, by.id)
        if approval is Approval.APPROVED:
            await self._attending.expect(name)
        await self._audit.append(by.id, f"pairing_{approval}", str(name))
        return approval

    async def revoke(self, name: DeviceName, by: Principal) -> int:
        """Ends every token that was made for this device or by which it reports; its streams end within seconds.
        Answers how many. Nobody misses the device any more."""
        reports_by = (await self._attending.attendance(name)).credential
        doomed = [
            t.id
            for t in await self._credentials.tokens()
            if not t.revoked_ms and _is_of(t.id, t.grant, name, reports_by)
        ]
        for token in doomed:
            await self._credentials.revoke_token(token, by.id)
        await self._attending.forget(name)
        await self._audit.append(by.id, "device_revoked", str(name))
        return len(doomed)

    async def paired(self, names: Iterable[DeviceName]) -> frozenset[DeviceName]:
        """Those that were let in by a code, and not out again."""
        named = {
            t.grant.name for t in await self._credentials.tokens() if not t.revoked_ms and t.grant.role is Role.DEVICE
        }
        return frozenset(name for name in names if str(name) in named)


def _is_of(token: str, grant: Grant, name: DeviceName, reports_by: str) -> bool:
    if grant.role is not Role.DEVICE:
        return False
    return grant.name == str(name) or reports_by == f"{CredentialKind.TOKEN}:{token}"
