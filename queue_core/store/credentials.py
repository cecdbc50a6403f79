"""Tokens, accounts and invitations. Secrets are random 256 bits and kept only as SHA-256; passwords come hashed."""

import json
import secrets
from collections.abc import Callable, Mapping
from typing import Any

from redis.asyncio import Redis

from queue_core.domain.model import ZoneId
from queue_core.domain.principal import Account, CredentialKind, Grant, Principal, Role, Token, fingerprint
from queue_core.real_clock import real_ms
from queue_core.store.audit import Audit
from queue_core.store.away import store_errors
from queue_core.store.keys import INVITATIONS, STAFF, TOKENS

TOKEN_PREFIX = "wz_"
SECRET_BYTES = 32
_ID_BYTES = 9
INVITATION_VALID_MS = 7 * 24 * 3_600_000


class Credentials:
    """Who may come in. `by` names the principal that asks, for the audit."""

    def __init__(self, client: Redis, now: Callable[[], int] = real_ms) -> None:
        self._client = client
        self._now = now
        self.audit = Audit(client)

    async def create_token(self, grant: Grant, by: str) -> str:
        """The token, to be shown once."""
        token = new_token()
        await self.admit(fingerprint(token), grant, by)
        return token

    async def admit(self, digest: str, grant: Grant, by: str) -> None:
        """From now on the token of this fingerprint counts; whoever has it keeps it."""
        record = {"id": new_id(), "created_ms": self._now(), **_granted(grant)}
        async with store_errors():
            await self._client.hset(TOKENS, digest, json.dumps(record))
        await self.audit.append(by, "token_created", record["id"])

    async def by_digest(self, digest: str) -> Principal | None:
        """Whose token has this fingerprint; None for what is none, or a revoked one."""
        async with store_errors():
            record = await self._client.hget(TOKENS, digest)
        if record is None:
            return None
        known = _token(json.loads(record))
        if known.revoked_ms:
            return None
        grant = known.grant
        return Principal(f"token:{known.id}", grant.role, grant.zones, CredentialKind.TOKEN, grant.name, digest)

    async def tokens(self) -> list[Token]:
        """Every token ever made, the oldest first."""
        async with store_errors():
            records = await self._client.hvals(TOKENS) or []
        return sorted((_token(json.loads(r)) for r in records), key=lambda t: (t.created_ms, t.id))

    async def revoke_token(self, token_id: str, by: str) -> bool:
        """Whether there was such a token; it ends within seconds, also on open streams."""
        async with store_errors():
            for digest, text in (await self._client.hgetall(TOKENS) or {}).items():
                record = json.loads(text)
                if record["id"] == token_id:
                    await self._client.hset(TOKENS, digest, json.dumps({**record, "revoked_ms": self._now()}))
                    await self.audit.append(by, "token_revoked", token_id)
                    return True
        return False

    async def has_accounts(self) -> bool:
        async with store_errors():
            return bool(await self._client.exists(STAFF))

    async def account(self, login: str) -> Account | None:
        async with store_errors():
            record = await self._client.hget(STAFF, folded(login))
        return _account(folded(login), json.loads(record)) if record else None

    async def add_account(self, login: str, grant: Grant, password_hash: str, by: str) -> Account | None:
        """The new account; None where the login is taken."""
        account = Account(new_id(), folded(login), grant, password_hash)
        record = {"id": account.id, "password_hash": password_hash, **_granted(grant)}
        async with store_errors():
            if not await self._client.hsetnx(STAFF, account.login, json.dumps(record)):
                return None
        await self.audit.append(by, "account_created", account.id)
        return account

    async def accounts(self) -> list[Account]:
        """Everybody who may log in, by login."""
        async with store_errors():
            records: dict[Any, Any] = await self._client.hgetall(STAFF) or {}
        return [_account(login, json.loads(record)) for login, record in sorted(records.items())]

    async def remove_account(self, login: str, by: str) -> bool:
        """Whether there was such an account; its sessions and streams end within seconds."""
        account = await self.account(login)
        if account is None:
            return False
        async with store_errors():
            await self._client.hdel(STAFF, account.login)
        await self.audit.append(by, "account_removed", account.id)
        return True

    async def invite(self, grant: Grant, by: str) -> str:
        """The code of a one-time link with which somebody makes an account of this grant."""
        code = new_secret()
        record = {"until_ms": self._now() + INVITATION_VALID_MS, **_granted(grant)}
        async with store_errors():
            await self._client.hset(INVITATIONS, fingerprint(code), json.dumps(record))
        await self.audit.append(by, "invited", grant.role)
        return code

    async def invite_admin(self) -> str | None:
        """At the first start: the code for the first account. None once there is one. Earlier codes end."""
        if await self.has_accounts():
            return None
        async with store_errors():
            await self._client.delete(INVITATIONS)
        return await self.invite(Grant(Role.ADMIN, None), by="system")

    async def invitation(self, code: str) -> Grant | None:
        """What the code would give; None for an unknown, used or expired one."""
        async with store_errors():
            text = await self._client.hget(INVITATIONS, fingerprint(code))
        record = json.loads(text) if text else None
        return _grant(record) if record and record["until_ms"] > self._now() else None

    async def use_invitation(self, code: str) -> bool:
        """Whether the code was still there; only one caller ever hears yes."""
        async with store_errors():
            return bool(await self._client.hdel(INVITATIONS, fingerprint(code)))


def new_token() -> str:
    return TOKEN_PREFIX + new_secret()


def new_secret() -> str:
    return secrets.token_urlsafe(SECRET_BYTES)


def new_id() -> str:
    return secrets.token_urlsafe(_ID_BYTES)


def folded(login: str) -> str:
    return login.strip().casefold()


def _granted(grant: Grant) -> dict[str, Any]:
    zones = sorted(grant.zones) if grant.zones is not None else None
    return {"role": grant.role.value, "zones": zones, "name": grant.name}


def _grant(record: Mapping[str, Any]) -> Grant:
    zones = record["zones"]
    return Grant(Role(record["role"]), None if zones is None else frozenset(map(ZoneId, zones)), record["name"])


def _token(record: Mapping[str, Any]) -> Token:
    return Token(record["id"], _grant(record), record["created_ms"], record.get("revoked_ms", 0))


def _account(login: str, record: Mapping[str, Any]) -> Account:
    return Account(record["id"], login, _grant(record), record["password_hash"])
