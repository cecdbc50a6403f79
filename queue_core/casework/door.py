"""The citizen's door: number and PIN open a look at one case, for a while.

An unknown case, a case without a PIN, a wrong PIN and a text that is neither are answered alike, after the same work:
the same counts, the same two hashes, the same question to the store, the same comparison. Only a right PIN goes on.

What one address or one case has tried counts for that address and that case alone: strangers lock nobody else out.
"""

import secrets
from dataclasses import dataclass

from queue_core.casework.seals import Seals, is_same
from queue_core.casework.turns import Turns
from queue_core.domain.case_number import TYPED_MOST, case_number, case_pin
from queue_core.domain.cases import DAY_MS, Case
from queue_core.domain.errors import WartezoneError
from queue_core.real_clock import real_ms
from queue_core.store.audit import Audit
from queue_core.store.case_tries import CaseTries, Patience
from queue_core.store.case_views import CaseView, CaseViews
from queue_core.store.cases import CaseStore

_MINUTE_MS = 60_000
#: Waits of 1, 2, 4 ... 256 minutes, then of 8 hours: 15 tries in a day, however many addresses share them. That is one
#: of 6,600 PINs of five digits.
CASE_PATIENCE = Patience(5, _MINUTE_MS, 480 * _MINUTE_MS, DAY_MS)
#: A house or a net of phones may share one: 30 wrong PINs in a quarter of an hour, then with waits of 1, 2, 4 minutes.
ADDRESS_PATIENCE = Patience(30, _MINUTE_MS, 15 * _MINUTE_MS, 15 * _MINUTE_MS)
VIEW_IDLE_S = 900
VIEW_LONGEST_S = 12 * VIEW_IDLE_S
#: The store's writes are the kiosks' too: a flood waits for itself, not they for it.
TRIES_AT_ONCE = 8
TRIES_WAITING_MOST = 200
_LOCKS_NOTED_A_MINUTE = 30
_LOOK_CHARACTERS_MOST = 64


class CaseLocked(WartezoneError):
    """Too many tries for this case, or from this address; the right PIN does not help until then either."""

    def __init__(self, wait_ms: int) -> None:
        self.retry_after_s = -(-wait_ms // 1000)
        super().__init__(f"locked for {self.retry_after_s} s")


@dataclass(frozen=True, slots=True)
class Look:
    """What the bearer of a look may see; `left_ms`: until it ends by itself. `key`: by which the case is known."""

    case: Case
    left_ms: int
    key: str


@dataclass(frozen=True, slots=True)
class Counted:
    """Failed tries of each case and of each address."""

    cases: CaseTries
    addresses: CaseTries


class Door:
    def __init__(self, store: CaseStore, views: CaseViews, seals: Seals, counted: Counted, audit: Audit) -> None:
        self._store, self._views, self._seals, self._counted, self._audit = store, views, seals, counted, audit
        self._turns = Turns(TRIES_AT_ONCE, TRIES_WAITING_MOST)
        self._nobodys = secrets.token_hex()
        self._noted = (0, 0)

    async def open(self, number: str, pin: str, address: str) -> str | None:
        """The secret of a look; None where number and PIN do not fit. Raises `CaseLocked`, `TooBusy`."""
        key = self._seals.key(case_number(number) or f"no number {number[:TYPED_MOST]}")
        sealed = self._seals.pin(key, case_pin(pin) or "")
        async with self._turns.taken():
            return await self._opened(key, sealed, self._seals.key(f"address {address}"))

    async def _opened(self, key: str, sealed: str, address: str) -> str | None:
        """An address that has to wait costs a reading, whatever it asks for."""
        if wait_ms := (await self._counted.addresses.begin(address)).wait_ms:
            raise CaseLocked(wait_ms)
        kept = await self._store.pin(key)
        tried = await self._counted.cases.begin(key, is_known=kept is not None)
        if tried.wait_ms:
            raise CaseLocked(tried.wait_ms)
        if not is_same(kept or self._nobodys, sealed):
            await self._note_lock(key, tried.count)
            return None
        await self._counted.cases.forget(key)
        await self._counted.addresses.forgive(address)
        return await self._views.begin(key, sealed)

    async def _note_lock(self, key: str, tries: int) -> None:
        """Once, and of unknown numbers too, which take as long; strangers who lock very many do not fill the audit."""
        if tries != CASE_PATIENCE.free:
            return
        minute = real_ms() // _MINUTE_MS
        self._noted = (minute, self._noted[1] + 1) if self._noted[0] == minute else (minute, 1)
        if self._noted[1] <= _LOCKS_NOTED_A_MINUTE:
            await self._audit.append("nobody", "case_locked", key)

    async def look(self, secret: str, *, renewed: bool = False) -> Look | None:
        """None once it ended, the PIN is another or the case was erased."""
        found = await self._found(secret, renewed=renewed)
        if found is None:
            return None
        view, left_ms = found
        case = await self._store.case(view.key)
        return Look(case, left_ms, view.key) if case and await self._is_open(view) else None

    async def view(self, secret: str) -> CaseView | None:
        """Whose look it is, as long as it lasts."""
        found = await self._found(secret, renewed=False)
        return found[0] if found and await self._is_open(found[0]) else None

    async def _found(self, secret: str, *, renewed: bool) -> tuple[CaseView, int] | None:
        return await self._views.find(secret, renewed=renewed) if len(secret) <= _LOOK_CHARACTERS_MOST else None

    async def _is_open(self, view: CaseView) -> bool:
        return await self._store.pin(view.key) == view.pin

    async def close(self, secret: str) -> None:
        await self._views.end(secret)
