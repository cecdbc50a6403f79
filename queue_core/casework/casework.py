"""All that is done with cases but the citizen's look: news of case systems, corrections and looks of staff, erasing."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from queue_core.casework.door import ADDRESS_PATIENCE, CASE_PATIENCE, VIEW_IDLE_S, VIEW_LONGEST_S, Counted, Door
from queue_core.casework.seals import Seals
from queue_core.casework.telling import Telling, news_payload
from queue_core.domain.cases import DAY_MS, Case, CaseRules, Effect, News, Stay, Usual, told, usual
from queue_core.domain.errors import WartezoneError
from queue_core.real_clock import real_ms
from queue_core.store.audit import Audit
from queue_core.store.case_phones import CasePhones
from queue_core.store.case_tries import of_addresses, of_cases
from queue_core.store.case_views import CaseViews
from queue_core.store.cases import CaseStore, Change, Kept
from queue_core.store.opened import Store
from queue_core.store.push import PushLetter

#: How far back the usual lengths of stages look; older ones are forgotten.
LENGTHS_KEPT_MS = 180 * DAY_MS
_LENGTHS_FRESH_MS = 60_000


@dataclass(frozen=True, slots=True)
class Pushed:
    """News of one case; `number` and `pin` in their one form. Without a PIN the case keeps the one it has."""

    number: str
    news: News
    pin: str = ""


class OtherSecret(WartezoneError):
    """The cases in the store were sealed by another secret than ours: none of them could be found."""

    def __init__(self) -> None:
        super().__init__(
            "the cases of this store were sealed by another secret; give the same WARTEZONE_SECRET, "
            "or erase them by `wartezone cases clear` and push them anew"
        )


class Casework:
    """`by` names the principal that asks, for the audit, where cases stand by their keys."""

    def __init__(
        self, rules: CaseRules, store: CaseStore, seals: Seals, audit: Audit, now: Callable[[], int] = real_ms
    ) -> None:
        self.rules, self.now_ms = rules, now
        self._store, self._seals, self._audit = store, seals, audit
        self._lengths: tuple[int, Mapping[tuple[str, str], Usual]] = (-_LENGTHS_FRESH_MS, {})

    async def push(self, pushed: Sequence[Pushed], by: str) -> list[Effect]:
        """All of it or, where the store fails, nothing; one effect each. Repeating it is harmless.

        Raises `OtherSecret`: a server and a shell that have different ones would not find each other's cases.
        """
        if not await self._store.sealed_by(self._seals.proof):
            raise OtherSecret
        keys = [self._seals.key(each.number) for each in pushed]
        effects: list[Effect] = []

        def decide(there: Mapping[str, Kept]) -> Change:
            effects.clear()
            return self._decided(dict(zip(keys, pushed, strict=True)), there, effects)

        await self._store.change(keys, decide)
        await self._audit.append(by, "cases_pushed", str(len(pushed)))
        return effects

    def _decided(self, pushed: Mapping[str, Pushed], there: Mapping[str, Kept], effects: list[Effect]) -> Change:
        cases: dict[str, Case] = {}
        pins: dict[str, str] = {}
        stays: list[Stay] = []
        letters: list[PushLetter] = []
        for key, each in pushed.items():
            kept = there.get(key)
            after = told(kept.case if kept else None, each.news, self.rules)
            effects.append(after.effect)
            if after.effect in (Effect.CREATED, Effect.CHANGED):
                cases[key] = after.case
                stays += [after.stay] if after.stay else []
            if each.pin and after.effect is not Effect.OUTDATED:
                pins[key] = self._seals.pin(key, each.pin)
            if kept and pins.get(key, kept.pin) == kept.pin:
                letters += self._letters(key, kept, after.case)
        quiet = [key for key, pin in pins.items() if key in there and there[key].pin != pin]
        return Change(cases, pins, stays, letters=letters, quiet=quiet)

    def _letters(self, key: str, before: Kept, after: Case) -> list[PushLetter]:
        """For its phones, where there is something else to read than before."""
        if not after.is_news_after(before.case):
            return []
        return [PushLetter.of_case(key, phone, news_payload(phone), self.now_ms()) for phone in before.phones]

    def key(self, number: str) -> str:
        """By which a case is known to whoever may look without a PIN; it opens nothing to anybody else."""
        return self._seals.key(number)

    async def look(self, key: str, by: str) -> Case | None:
        case = await self._store.case(key)
        await self._audit.append(by, "case_looked", key)
        return case

    async def correct(self, key: str, news: News, by: str) -> Case | None:
        """None where there is no such case. Whatever the case system says later goes before it."""
        after: list[Case] = []

        def decide(there: Mapping[str, Kept]) -> Change:
            after.clear()
            if key not in there:
                return Change()
            known = there[key].case
            at_ms = max(news.at_ms, known.updated_ms)
            after.append(told(known, replace(news, at_ms=at_ms, is_correction=True), self.rules).case)
            return Change({key: after[0]}, letters=self._letters(key, there[key], after[0]))

        await self._store.change([key], decide)
        await self._audit.append(by, "case_corrected", key)
        return after[0] if after else None

    async def erase(self, key: str, by: str) -> bool:
        """Whether it was there. The disk forgets it with the next purge, within minutes."""
        gone = await self._store.erase([key], lambda _case: True)
        await self._audit.append(by, "case_erased", key)
        return gone > 0

    async def clear(self, by: str) -> None:
        """Erases every case, whatever it was sealed by."""
        await self._store.clear()
        await self._audit.append(by, "cases_cleared")

    async def counts(self) -> Counter[tuple[str, str]]:
        """By kind and stage."""
        return await self._store.counts()

    async def lengths(self) -> Mapping[tuple[str, str], Usual]:
        """(kind, stage) -> how long it usually took, of those that are known well enough; as known a minute ago."""
        now_ms = self.now_ms()
        if now_ms - self._lengths[0] >= _LENGTHS_FRESH_MS:
            stays = await self._store.stays(now_ms - LENGTHS_KEPT_MS)
            known = {what: found for what, days in stays.items() if (found := usual(days)) is not None}
            self._lengths = (now_ms, known)
        return self._lengths[1]


@dataclass(frozen=True, slots=True)
class CaseOffice:
    """All ways to cases, built once for a web process."""

    work: Casework
    door: Door
    telling: Telling


def case_office(
    rules: CaseRules, store: Store, secret: bytes, audit: Audit, now: Callable[[], int] = real_ms
) -> CaseOffice:
    cases, seals = CaseStore(store.client), Seals(secret)
    counted = Counted(of_cases(store.client, CASE_PATIENCE, now), of_addresses(store.client, ADDRESS_PATIENCE, now))
    views = CaseViews(store.client, VIEW_IDLE_S, VIEW_LONGEST_S)
    work, door = Casework(rules, cases, seals, audit, now), Door(cases, views, seals, counted, audit)
    return CaseOffice(work, door, Telling(door, CasePhones(store.client)))
