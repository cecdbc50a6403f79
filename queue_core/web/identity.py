"""Who asks: found by the bearer token or the staff cookie, remembered for a moment."""

import time
from typing import Protocol

from starlette.requests import HTTPConnection

from queue_core.domain.principal import Account, Grant, Principal, fingerprint
from queue_core.settings import Settings
from queue_core.web.passwords import Passwords
from queue_core.web.problems import Problem, too_fast

#: A revoked token or an ended session works at most so much longer, and only in processes that saw it before.
REMEMBERED_S = 2.0
_REMEMBERED_MOST = 10_000
SECRET_MOST = 200
TRIES_WINDOW_S = 900
_TRIES_OF_ACCOUNT = 5
_TRIES_OF_ADDRESS = 30

COOKIE = "wartezone"
BOUND_COOKIE = f"__Host-{COOKIE}"


class Vault(Protocol):
    """Where tokens, accounts and invitations are kept (queue_core.store.credentials)."""

    async def by_digest(self, digest: str) -> Principal | None: ...
    async def account(self, login: str) -> Account | None: ...
    async def add_account(self, login: str, grant: Grant, password_hash: str, by: str) -> Account | None: ...
    async def invitation(self, code: str) -> Grant | None: ...
    async def use_invitation(self, code: str) -> bool: ...


class Logins(Protocol):
    """Sessions under way (queue_core.store.sessions)."""

    async def begin(self, account: Account) -> str: ...
    async def by_digest(self, digest: str) -> Principal | None: ...
    async def end(self, digest: str) -> None: ...


class Failures(Protocol):
    """Failed logins within the window, and those under way (queue_core.store.sessions)."""

    async def begin(self, subject: str) -> int: ...
    async def forgive(self, subject: str) -> None: ...
    async def forget(self, subject: str) -> None: ...


class Journal(Protocol):
    """Who did what (queue_core.store.audit)."""

    async def append(self, who: str, what: str, about: str = "") -> None: ...


class Identity:
    def __init__(self, vault: Vault, logins: Logins, failures: Failures, journal: Journal, settings: Settings) -> None:
        self.vault = vault
        self.logins = logins
        self.passwords = Passwords()
        self._failures = failures
        self._journal = journal
        self._remembered: dict[str, tuple[float, Principal | None]] = {}
        self.bound = settings.tls
        self.cookie = BOUND_COOKIE if self.bound else COOKIE

    async def note(self, who: str, what: str, about: str = "") -> None:
        """Into the audit; `who` and `about` are ids."""
        await self._journal.append(who, what, about)

    async def __call__(self, connection: HTTPConnection) -> Principal | None:
        """An Authorization header counts alone, also where it is wrong: it never falls back to the cookie."""
        header = connection.headers.get("authorization")
        if header is not None:
            scheme, _, token = header.partition(" ")
            return await self.by_token(token.strip()) if scheme.lower() == "bearer" else None
        cookie = connection.cookies.get(self.cookie)
        return await self.by_cookie(cookie) if cookie else None

    async def by_token(self, token: str) -> Principal | None:
        return await self._recall(self.vault, token)

    def has_met(self, secret: str) -> bool:
        """Whether this process found it to be somebody's, not long ago. It says nothing of what they may do."""
        _, principal = self._remembered.get(fingerprint(secret[:SECRET_MOST]), (0.0, None))
        return principal is not None

    async def by_cookie(self, cookie: str) -> Principal | None:
        return await self._recall(self.logins, cookie)

    async def log_in(self, login: str, password: str, address: str) -> str | None:
        """The cookie of a new session; None for a wrong login or password. Raises `Problem` 429."""
        from_address, of_account = f"address {address}", f"account {login.strip().casefold()}"
        for subject, most in ((from_address, _TRIES_OF_ADDRESS), (of_account, _TRIES_OF_ACCOUNT)):
            if await self._failures.begin(subject) > most:
                raise too_fast(TRIES_WINDOW_S)
        account = await self.vault.account(login)
        try:
            matches = await self.passwords.matches(account.password_hash if account else None, password)
        except Problem:  # nobody has looked at the password
            for subject in (from_address, of_account):
                await self._failures.forgive(subject)
            raise
        if not matches or account is None:
            await self._journal.append(f"staff:{account.id}" if account else "nobody", "login_failed")
            return None
        await self._failures.forget(of_account)
        await self._failures.forgive(from_address)
        return await self.begin(account)

    async def begin_try(self, subject: str, most: int) -> None:
        """Before somebody's secret is looked at: the window's `most` first ones pass. Raises `Problem` 429."""
        if await self._failures.begin(subject) > most:
            raise too_fast(TRIES_WINDOW_S)

    async def forget_tries(self, subject: str) -> None:
        """The secret was right."""
        await self._failures.forget(subject)

    async def begin(self, account: Account) -> str:
        await self._journal.append(f"staff:{account.id}", "login")
        return await self.logins.begin(account)

    async def log_out(self, cookie: str) -> None:
        self._remembered.pop(fingerprint(cookie), None)
        await self.logins.end(fingerprint(cookie))

    async def join(self, code: str, login: str, password: str) -> str | None:
        """Turns an invitation into an account and a session; None where the login is taken. `Problem` 410 if spent."""
        grant = await self.vault.invitation(code)
        if grant is None:
            raise spent_invitation()
        if await self.vault.account(login):
            return None
        hashed = await self.passwords.hash(password)
        if not await self.vault.use_invitation(code):
            raise spent_invitation()
        named = Grant(grant.role, grant.zones, login.strip())
        account = await self.vault.add_account(login, named, hashed, by="invitation")
        return await self.begin(account) if account else None

    async def _recall(self, known_to: Vault | Logins, secret: str) -> Principal | None:
        if len(secret) > SECRET_MOST:
            return None
        digest = fingerprint(secret)
        until, known = self._remembered.get(digest, (0.0, None))
        if time.monotonic() < until:
            return known
        found = await known_to.by_digest(digest)
        if len(self._remembered) >= _REMEMBERED_MOST:
            self._remembered.clear()
        self._remembered[digest] = (time.monotonic() + REMEMBERED_S, found)
        return found


def spent_invitation() -> Problem:
    return Problem(410, "invitation_spent", "This invitation was used, has expired, or never existed.")
