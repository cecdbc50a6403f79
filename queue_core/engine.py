"""The facade: what faces may ask of the queue. Commands in, outcomes out; days roll and configurations apply."""

import hashlib
import json
import secrets
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Protocol

from queue_core.domain.calendar import BusinessDay, business_day, next_opening_ms, opening_ms
from queue_core.domain.clock import ZoneClock
from queue_core.domain.commands import BeginEpoch, CheckIn, Command, Configure, Issue, RollDay
from queue_core.domain.errors import Refusal, Refused, StoreAway, UnknownZone
from queue_core.domain.model import CounterId, ServiceId, Ticket, TicketId, ZoneId
from queue_core.domain.office import Office, Zone
from queue_core.domain.outcome import Outcome
from queue_core.domain.policy import Candidate, next_not_before_ms, order
from queue_core.domain.snapshot import Snapshot
from queue_core.domain.succession import with_leftovers
from queue_core.store.keys import queues
from queue_core.store.zone import DayDiffers, Stamp, ZoneReading, ZoneStore

_DAY_ATTEMPTS = 4
#: Filled in by the engine, so no part of what the caller asked for.
_INJECTED = frozenset({"ticket", "estimate"})

Shown = Callable[[ZoneId, ServiceId], Mapping[str, int] | None]


class Ids(Protocol):
    def ticket(self) -> TicketId: ...
    def command(self) -> str: ...


class RandomIds:
    """72 random bits a ticket (its public link adds a 128-bit signature), 48 a command."""

    def ticket(self) -> TicketId:
        return TicketId(secrets.token_urlsafe(9))

    def command(self) -> str:
        return secrets.token_urlsafe(6)


@dataclass(frozen=True, slots=True)
class Once:
    """A command's idempotency: the same key within the same scope (a credential) has one effect."""

    scope: str
    key: str

    def digest(self) -> str:
        return _digest(f"{self.scope}\0{self.key}", 12)


@dataclass(frozen=True, slots=True)
class Next:
    """Who would be called at a counter, in order and with reasons; `not_before_ms` when all still have to wait."""

    candidates: list[Candidate]
    not_before_ms: int | None
    now_ms: int


@dataclass(frozen=True, slots=True)
class _Opened:
    """A zone as this process has it: configuration with leftovers, business day, clock."""

    zone: Zone
    day: BusinessDay
    clock: ZoneClock

    @property
    def queues(self) -> list[str]:
        return queues(self.zone.services, self.zone.counters)


class Engine:
    """`shown` says which wait a service shows now, {p10_s, p50_s, p90_s}; the issued event keeps it."""

    def __init__(
        self,
        office: Office,
        stores: Mapping[ZoneId, ZoneStore],
        shown: Shown = lambda _zone, _service: None,
        ids: Ids | None = None,
    ) -> None:
        self.office = office
        self._stores = stores
        self._shown = shown
        self._ids = ids or RandomIds()
        self._opened: dict[ZoneId, _Opened] = {}

    async def open(self) -> None:
        """Makes every zone ready: first epoch, today's business day, the configuration in force. Idempotent."""
        for zone_id in self.office:
            await self._open(zone_id)

    def zone(self, zone_id: str) -> Zone:
        """The configuration in force, leftovers included. Raises `UnknownZone`."""
        opened = self._opened.get(ZoneId(zone_id))
        if opened:
            return opened.zone
        if zone := self.office.get(ZoneId(zone_id)):
            return zone
        raise UnknownZone(zone_id)

    async def do(self, zone_id: ZoneId, command: Command, once: Once | None = None) -> Outcome:
        """Runs a command once. Raises `Refused`, `UnknownZone`, `StoreAway`; on the last, repeat with the same key."""
        zone = self.zone(zone_id)
        request = _digest(_asked(command), 8) if once else ""
        answer_key = once.digest() if once else ""
        filled = self._fill(zone, command)
        command_id = self._ids.command()
        for _ in range(_DAY_ATTEMPTS):
            opened = await self._ready(zone_id)
            stamp = Stamp(command_id, opened.day.day.isoformat(), answer_key, request)
            try:
                return await self._stores[zone_id].run(filled, stamp, opened.queues)
            except DayDiffers as e:
                await self._roll(zone_id, e.now_ms, e.day)
            except Refused as e:
                raise self._explained(zone_id, e) from None
        raise StoreAway("the business day keeps changing")

    async def roll(self, zone_id: ZoneId) -> None:
        """Begins the business day of now, if it has not begun; no command needs it, each rolls the day when due."""
        reading = await self._store(zone_id).read()
        if reading.snapshot:
            await self._roll(zone_id, reading.now_ms, reading.snapshot.day)

    async def begin_epoch(self, zone_id: ZoneId, cause: str, after_epoch: int = 0) -> None:
        """Starts a new epoch: the store was restored or lost history."""
        day = (await self._ready(zone_id)).day
        await self._frame(zone_id, _epoch(day, cause, after_epoch))

    async def read(self, zone_id: ZoneId) -> tuple[Snapshot, int]:
        """The open state and the zone's time, UTC ms."""
        await self._ready(zone_id)
        reading = await self._store(zone_id).read()
        if reading.snapshot is None:
            del self._opened[zone_id]
            return await self.read(zone_id)
        if reading.now_ms >= reading.snapshot.day_to_ms:
            await self._roll(zone_id, reading.now_ms, reading.snapshot.day)
            return await self.read(zone_id)
        return reading.snapshot, reading.now_ms

    async def ticket(self, zone_id: ZoneId, ticket: TicketId) -> Ticket:
        """Any ticket of today, closed ones included. Raises `Refused` (unknown_ticket)."""
        return await self._store(zone_id).ticket(ticket)

    async def next(self, zone_id: ZoneId, counter: CounterId) -> Next:
        zone = self.zone(zone_id)
        if counter not in zone.counters:
            raise Refused(Refusal.UNKNOWN_COUNTER, {"id": counter})
        snapshot, now_ms = await self.read(zone_id)
        waiting = snapshot.waiting()
        candidates = order(zone, counter, waiting, now_ms)
        return Next(candidates, next_not_before_ms(zone, counter, waiting, now_ms), now_ms)

    def clock(self, zone_id: ZoneId) -> ZoneClock:
        """The zone's clock: zone time from this machine's real time."""
        self.zone(zone_id)
        return self._opened[zone_id].clock

    async def set_clock(self, zone_id: ZoneId, zone_ms: int, rate: float) -> int:
        """Zone time goes on from `zone_ms` (0: from now; never backwards) at `rate`; answers the zone time."""
        now_ms = await self._store(zone_id).set_clock(zone_ms, rate)
        if zone_id in self._opened:
            clock = (await self._store(zone_id).read()).clock
            self._opened[zone_id] = replace(self._opened[zone_id], clock=clock)
        return now_ms

    def _store(self, zone_id: ZoneId) -> ZoneStore:
        self.zone(zone_id)
        return self._stores[zone_id]

    def _fill(self, zone: Zone, command: Command) -> Command:
        match command:
            case Issue():
                shown = command.estimate or self._shown(zone.id, command.service)
                return replace(command, ticket=command.ticket or self._ids.ticket(), estimate=shown)
            case CheckIn():
                return replace(command, ticket=command.ticket or self._ids.ticket())
            case _:
                return command

    def _explained(self, zone_id: ZoneId, refused: Refused) -> Refused:
        """Adds the next opening to refusals for which that is what would be right."""
        opened = self._opened[zone_id]
        service = ServiceId(str(refused.details.get("service")))
        if refused.code is not Refusal.OUTSIDE_HOURS or service not in opened.zone.services:
            return refused
        hours = opened.zone.hours_of(service)
        opens_ms = next_opening_ms(opened.zone, hours, opened.clock.at(_real_ms()))
        return Refused(refused.code, {**refused.details, "opens_ms": opens_ms})

    async def _ready(self, zone_id: ZoneId) -> _Opened:
        if zone_id not in self._opened:
            await self._open(zone_id)
        return self._opened[zone_id]

    async def _open(self, zone_id: ZoneId) -> None:
        zone, store = self.office[zone_id], self._stores[zone_id]
        reading = await store.read()
        day = business_day(zone, reading.now_ms)
        snapshot = reading.snapshot or Snapshot()
        self._opened[zone_id] = _Opened(with_leftovers(zone, snapshot), day, reading.clock)
        if reading.snapshot is None:
            await self._frame(zone_id, _epoch(day, "fresh", 0))
        elif snapshot.day != day.day.isoformat():
            await self._roll(zone_id, reading.now_ms, snapshot.day)
        await self._configure(zone_id, reading)

    async def _configure(self, zone_id: ZoneId, reading: ZoneReading) -> None:
        opened = self._opened[zone_id]
        records = _records(opened.zone)
        digest = _digest(json.dumps([records, _calendar(opened.zone)], sort_keys=True), 16)
        if digest == reading.digest:
            return
        hours = {f"hours:{service}": list(i) for service, i in _hours(opened).items()}
        services, counters = tuple(opened.zone.services), tuple(opened.zone.counters)
        await self._frame(zone_id, Configure(digest, services, counters, {**records, **hours}))

    async def _roll(self, zone_id: ZoneId, now_ms: int, stored_day: str) -> None:
        """Ends the stored day if it is over, and takes this process to the day of now."""
        opened = await self._ready(zone_id)
        day = business_day(opened.zone, now_ms)
        self._opened[zone_id] = opened = replace(opened, day=day)
        if not stored_day:
            del self._opened[zone_id]
            await self._open(zone_id)
        elif stored_day < day.day.isoformat():
            hours = _hours(opened)
            await self._frame(zone_id, RollDay(stored_day, day.day.isoformat(), day.from_ms, day.to_ms, hours))

    async def _frame(self, zone_id: ZoneId, command: Command) -> None:
        stamp = Stamp(self._ids.command(), self._opened[zone_id].day.day.isoformat())
        await self._stores[zone_id].run(command, stamp, self._opened[zone_id].queues)


def _epoch(day: BusinessDay, cause: str, after_epoch: int) -> BeginEpoch:
    return BeginEpoch(cause, day.day.isoformat(), day.from_ms, day.to_ms, after_epoch)


def _hours(opened: _Opened) -> dict[ServiceId, Any]:
    zone = opened.zone
    return {service: opening_ms(zone, zone.hours_of(service), opened.day) for service in zone.services}


def _calendar(zone: Zone) -> list[str]:
    """All opening hours in words that are the same in every process (sets have no order)."""
    hours = [zone.hours, *(s.hours for s in zone.services.values() if s.hours)]
    return [repr((h.always, sorted(h.week.items()), sorted(h.closed_on), sorted(h.extra.items()))) for h in hours]


def _records(zone: Zone) -> dict[str, Any]:
    """What the moves need to know of a zone, lengths in milliseconds; see the Lua files for who reads what."""
    rules = {
        "recall_pause_ms": 1000 * zone.rules.recall_pause_s,
        "recalls_most": zone.rules.recalls_most,
        "undo_ms": 1000 * zone.rules.undo_s,
        "booking_earliest_ms": 1000 * zone.rules.booking_earliest_s,
        "booking_lead_ms": 1000 * zone.rules.booking_lead_s,
        "booking_grace_ms": 1000 * zone.rules.booking_grace_s,
    }
    services = {
        f"service:{s.id}": {
            "series": s.series,
            "quota": s.quota,
            "head_start_ms": {c: zone.head_start_ms(s.id, c) for c in zone.classes},
        }
        for s in zone.services.values()
    }
    counters = {
        f"counter:{c.id}": {"services": c.services, "offset_ms": {s: 1000 * o for s, o in c.offset_s.items()}}
        for c in zone.counters.values()
    }
    series = {
        f"series:{s.id}": {"prefix": s.prefix, "first": s.first, "last": s.last, "digits": s.digits}
        for s in zone.series.values()
    }
    return {"rules": rules, **services, **counters, **series}


def _asked(command: Command) -> str:
    asked = {f.name: getattr(command, f.name) for f in fields(command) if f.name not in _INJECTED or _given(command)}
    return json.dumps([command.move, asked], sort_keys=True)


def _given(command: Command) -> bool:
    """Whether `ticket` is the caller's own argument, not the id of a ticket to be made."""
    return not isinstance(command, Issue | CheckIn)


def _digest(text: str, size: int) -> str:
    return urlsafe_b64encode(hashlib.blake2b(text.encode(), digest_size=size).digest()).decode().rstrip("=")


def _real_ms() -> int:
    return time.time_ns() // 1_000_000
