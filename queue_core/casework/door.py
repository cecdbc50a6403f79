"""The citizen's door: number and PIN open a look at one case, for a while.

An unknown case, a case without a PIN, a wrong PIN and a text that is neither are answered alike, after the same work:
the same counts, the same two hashes, the same question to the store, the same comparison. Only a right PIN goes on.
"""

import secrets
from dataclasses import dataclass

from queue_core.casework.seals import Seals, is_same
from queue_core.domain.case_number import TYPED_MOST, case_number, case_pin
from queue_core.domain.cases import Case
from queue_core.domain.errors import WartezoneError
from queue_core.store.audit import Audit
from queue_core.store.case_views import CaseViews
from queue_core.store.cases import CaseStore
from queue_core.store.sessions import Tries

CASE_TRIES_MOST = 5
CASE_WINDOW_S = 900
#: A thousandth of the PINs of five digits takes five days.
CASE_TRIES_A_DAY_MOST = 20
DAY_S = 86_400
ADDRESS_TRIES_MOST = 30
VIEW_IDLE_S = 900
VIEW_LONGEST_S = 12 * VIEW_IDLE_S
_LOOK_CHARACTERS_MOST = 64


class CaseLocked(WartezoneError):
    """Too many tries for this case, or from this address; the right PIN does not help until then either."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(f"locked for {retry_after_s} s")
        self.retry_after_s = retry_after_s


@dataclass(frozen=True, slots=True)
class Look:
    """What the bearer of a look may see; `left_ms`: until it ends by itself."""

    case: Case
    left_ms: int


@dataclass(frozen=True, slots=True)
class Counted:
    """Failed tries, counted within a window of each kind."""

    soon: Tries
    daily: Tries


class Door:
    def __init__(self, store: CaseStore, views: CaseViews, seals: Seals, counted: Counted, audit: Audit) -> None:
        self._store, self._views, self._seals, self._counted, self._audit = store, views, seals, counted, audit
        self._nobodys = secrets.token_hex()

    async def open(self, number: str, pin: str, address: str) -> str | None:
        """The secret of a look; None where number and PIN do not fit. Raises `CaseLocked`."""
        key = self._seals.key(case_number(number) or f"no number {number[:TYPED_MOST]}")
        sealed = self._seals.pin(key, case_pin(pin) or "")
        await self._begin_try(key, address)
        kept = await self._store.pin(key)
        if not is_same(kept or self._nobodys, sealed):
            return None
        await self._forgive(key, address)
        return await self._views.begin(key, sealed)

    async def look(self, secret: str, *, renewed: bool = False) -> Look | None:
        """None once it ended, the PIN is another or the case was erased."""
        found = await self._views.find(secret, renewed=renewed) if len(secret) <= _LOOK_CHARACTERS_MOST else None
        if found is None:
            return None
        view, left_ms = found
        case = await self._store.case(view.key)
        return Look(case, left_ms) if case and await self._store.pin(view.key) == view.pin else None

    async def close(self, secret: str) -> None:
        await self._views.end(secret)

    async def _begin_try(self, key: str, address: str) -> None:
        """Counts all before anything is told, so that a locked case is as slow as any."""
        soon = await self._counted.soon.begin(_of_case(key))
        daily = await self._counted.daily.begin(_of_day(key))
        here = await self._counted.soon.begin(_of_address(address))
        if soon == CASE_TRIES_MOST + 1 or daily == CASE_TRIES_A_DAY_MOST + 1:
            await self._audit.append("nobody", "case_locked", key)
        if daily > CASE_TRIES_A_DAY_MOST:
            raise CaseLocked(DAY_S)
        if soon > CASE_TRIES_MOST or here > ADDRESS_TRIES_MOST:
            raise CaseLocked(CASE_WINDOW_S)

    async def _forgive(self, key: str, address: str) -> None:
        await self._counted.soon.forget(_of_case(key))
        await self._counted.daily.forget(_of_day(key))
        await self._counted.soon.forgive(_of_address(address))


def _of_case(key: str) -> str:
    return f"case {key}"


def _of_day(key: str) -> str:
    return f"case day {key}"


def _of_address(address: str) -> str:
    return f"case address {address}"
