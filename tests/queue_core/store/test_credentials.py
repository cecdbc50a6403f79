"""Tokens, accounts and invitations: kept as hashes, limited to their grant, ended when they are."""

import json
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from queue_core.domain.errors import StoreAway
from queue_core.domain.model import ZoneId
from queue_core.domain.principal import CredentialKind, Grant, Role, fingerprint
from queue_core.store.connection import connect
from queue_core.store.credentials import INVITATION_VALID_MS, Credentials
from queue_core.store.keys import AUDIT, INVITATIONS, STAFF, TOKENS
from tests.support.valkey import running_server

DEVICE = Grant(Role.DEVICE, frozenset({ZoneId("hall")}), "kiosk")
ADMIN = Grant(Role.ADMIN, None)


class Clock:
    now_ms = 1_000_000

    def __call__(self) -> int:
        return self.now_ms


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest_asyncio.fixture
async def credentials(valkey_url: str, clock: Clock) -> AsyncIterator[Credentials]:
    async with connect(valkey_url) as client:
        yield Credentials(client, clock)


async def test_a_token_says_whose_it_is(credentials: Credentials) -> None:
    token = await credentials.create_token(DEVICE, "test")
    principal = await credentials.by_digest(fingerprint(token))
    assert principal is not None
    assert (principal.role, principal.name, principal.kind) == (Role.DEVICE, "kiosk", CredentialKind.TOKEN)
    assert principal.may_enter(ZoneId("hall"))
    assert not principal.may_enter(ZoneId("other"))


async def test_a_token_has_256_bits_and_is_kept_nowhere(credentials: Credentials, valkey_url: str) -> None:
    token = await credentials.create_token(DEVICE, "test")
    assert len(token.removeprefix("wz_")) * 6 >= 256
    async with connect(valkey_url) as client:
        assert token not in json.dumps([await client.hgetall(TOKENS), str(await client.xrange(AUDIT))])


async def test_a_grant_without_zones_enters_every_zone(credentials: Credentials) -> None:
    principal = await credentials.by_digest(fingerprint(await credentials.create_token(ADMIN, "test")))
    assert principal is not None
    assert principal.may_enter(ZoneId("anywhere"))


async def test_a_revoked_token_counts_no_more_but_is_still_listed(credentials: Credentials) -> None:
    token = await credentials.create_token(DEVICE, "test")
    (listed,) = await credentials.tokens()
    assert await credentials.revoke_token(listed.id, "staff:1")
    assert await credentials.by_digest(fingerprint(token)) is None
    assert [t.revoked_ms for t in await credentials.tokens()] == [Clock.now_ms]
    assert not await credentials.revoke_token("unknown", "staff:1")


async def test_a_login_is_taken_once_in_any_case(credentials: Credentials) -> None:
    account = await credentials.add_account(" Anna ", DEVICE, "hash", "test")
    assert account is not None
    assert await credentials.add_account("ANNA", ADMIN, "other", "test") is None
    assert await credentials.account("anna") == account


async def test_a_removed_account_is_gone_and_its_login_free(credentials: Credentials) -> None:
    await credentials.add_account("anna", ADMIN, "hash", "test")
    assert [account.login for account in await credentials.accounts()] == ["anna"]
    assert await credentials.remove_account(" Anna", "test")
    assert not await credentials.remove_account("anna", "test")
    assert await credentials.accounts() == []
    assert not await credentials.has_accounts()
    assert await credentials.add_account("anna", DEVICE, "other", "test") is not None


async def test_an_invitation_is_used_once(credentials: Credentials) -> None:
    code = await credentials.invite(ADMIN, "test")
    assert await credentials.invitation(code) == ADMIN
    assert [await credentials.use_invitation(code), await credentials.use_invitation(code)] == [True, False]
    assert await credentials.invitation(code) is None


async def test_an_invitation_expires(credentials: Credentials, clock: Clock) -> None:
    code = await credentials.invite(ADMIN, "test")
    clock.now_ms += INVITATION_VALID_MS
    assert await credentials.invitation(code) is None


async def test_only_the_newest_first_invitation_counts_and_none_once_there_is_an_account(
    credentials: Credentials, valkey_url: str
) -> None:
    first, second = await credentials.invite_admin(), await credentials.invite_admin()
    assert first is not None
    assert second is not None
    assert await credentials.invitation(first) is None
    assert await credentials.invitation(second) == ADMIN
    await credentials.add_account("anna", ADMIN, "hash", "test")
    assert await credentials.invite_admin() is None
    async with connect(valkey_url) as client:
        assert second not in json.dumps([await client.hgetall(INVITATIONS), await client.hgetall(STAFF)])


async def test_everything_is_in_the_audit_the_newest_first(credentials: Credentials) -> None:
    await credentials.create_token(DEVICE, "staff:1")
    (listed,) = await credentials.tokens()
    await credentials.revoke_token(listed.id, "staff:2")
    entries = await credentials.audit.latest()
    assert [(e.who, e.what, e.about) for e in entries] == [
        ("staff:2", "token_revoked", listed.id),
        ("staff:1", "token_created", listed.id),
    ]


async def test_an_absent_store_is_told() -> None:
    with running_server("valkey") as server:
        async with connect(server.url) as client:
            server.kill()
            with pytest.raises(StoreAway):
                await Credentials(client).by_digest("x")
