"""The facade: what faces may ask of the queue. Commands in, outcomes out; days roll and configurations apply."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date

from queue_core.day_so_far import DaySoFar, Today
from queue_core.domain.calendar import business_day, day_after
from queue_core.domain.clock import REAL_TIME, ZoneClock
from queue_core.domain.commands import BeginEpoch, Command, Configure, RollDay
from queue_core.domain.day_table import DayTable
from queue_core.domain.errors import Refusal, Refused, StoreAway, UnknownZone
from queue_core.domain.frame import begin_epoch, configure, digest, roll_day
from queue_core.domain.model import Booking, BookingId, CounterId, Ticket, TicketId, ZoneId
from queue_core.domain.office import Office, Zone
from queue_core.domain.outcome import Outcome
from queue_core.domain.policy import Candidate, in_session, next_not_before_ms, order
from queue_core.domain.quality import Quality
from queue_core.domain.rhythm import Rhythm
from queue_core.domain.snapshot import Snapshot
from queue_core.domain.succession import with_leftovers
from queue_core.domain.survey import Answer, Result, results
from queue_core.filling import Filling, asked
from queue_core.open_zone import OpenZone, open_zone
from queue_core.past_days import PastDays
from queue_core.real_clock import real_ms
from queue_core.store.hindsight import Hindsight
from queue_core.store.zone import OutOfStep, Stamp, ZoneReading, ZoneStore

#: Another process may roll the day or configure the zone between two steps of ours, but not for ever.
_ATTEMPTS = 8
#: A clock that differs by more was wound by somebody, or the store's machine has another time than ours.
CLOCK_SLACK_MS = 2_000
_UNSETTLED = "the business day or the configuration keeps changing"


@dataclass(frozen=True, slots=True)
class Once:
    """A command's idempotency: the same key within the same scope (a credential) has one effect."""

    scope: str
    key: str

    def digest(self) -> str:
        return digest(f"{self.scope}\0{self.key}".encode(), 12)


@dataclass(frozen=True, slots=True)
class Next:
    """Who would be called at a counter, in order and with reasons; `not_before_ms` when all still have to wait."""

    candidates: list[Candidate]
    not_before_ms: int | None
    now_ms: int


class Engine:
    """The issued event keeps what was shown (see `Filling`). Without `hindsight` nothing is known of ended days."""

    def __init__(
        self,
        office: Office,
        stores: Mapping[ZoneId, ZoneStore],
        filling: Filling | None = None,
        hindsight: Hindsight | None = None,
    ) -> None:
        self.office = office
        self._stores = stores
        self._filling, self._hindsight = filling or Filling(), hindsight
        self._past, self._so_far = PastDays(hindsight), DaySoFar(hindsight)
        self._ids = self._filling.ids
        self._opened: dict[ZoneId, OpenZone] = {}
        self._turns: defaultdict[ZoneId, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def open(self) -> None:
        """Makes every zone ready: first epoch, today's business day, the configuration in force. Idempotent."""
        for zone_id in self.office:
            async with self._turns[zone_id]:
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
        request, answer_key = (digest(asked(command), 8), once.digest()) if once else ("", "")
        filled = self._filling.filled(zone_id, command)
        command_id = self._ids.command()
        for _ in range(_ATTEMPTS):
            opened = self._opened.get(zone_id) or await self._ready(zone_id)
            stamp = Stamp(command_id, opened.iso_day, answer_key, request, opened.digest)
            try:
                outcome = await self._stores[zone_id].run(filled, stamp, opened.queues)
                if abs(outcome.now_ms - opened.now_ms()) > CLOCK_SLACK_MS:
                    await self._follow_clock(zone_id)
                return outcome
            except OutOfStep:
                await self._follow(zone_id)
            except Refused as e:
                raise opened.explained(e) from None
        raise StoreAway(_UNSETTLED)

    async def has_done(self, zone_id: ZoneId, once: Once) -> bool:
        """Whether a repetition would only be answered as before. Raises `UnknownZone`, `StoreAway`."""
        return await self._store(zone_id).has_answered(once.digest())

    async def roll(self, zone_id: ZoneId) -> None:
        """Begins the business day of now, if it has not begun; no command needs it, each rolls the day when due."""
        await self.read(zone_id)

    async def begin_epoch(self, zone_id: ZoneId, cause: str, after_epoch: int = 0) -> None:
        """Starts a new epoch: the store was restored or lost history."""
        day = (await self._ready(zone_id)).day
        async with self._turns[zone_id]:
            await self._begin(zone_id, begin_epoch(day, cause, after_epoch))
            await self._open(zone_id)

    async def read(self, zone_id: ZoneId) -> tuple[Snapshot, int]:
        """The open state and the zone's time, UTC ms."""
        for _ in range(_ATTEMPTS):
            await self._ready(zone_id)
            reading = await self._store(zone_id).read()
            if reading.snapshot and reading.now_ms < reading.snapshot.day_to_ms:
                return reading.snapshot, reading.now_ms
            await self._follow(zone_id)
        raise StoreAway(_UNSETTLED)

    async def ticket(self, zone_id: ZoneId, ticket: TicketId) -> Ticket:
        """Any ticket of today, closed ones included. Raises `Refused` (unknown_ticket)."""
        return await self._store(zone_id).ticket(ticket)

    async def booking(self, zone_id: ZoneId, booking: BookingId) -> Booking:
        """An appointment that is held, booked, or was checked in today. Raises `Refused` (unknown_booking)."""
        return await self._store(zone_id).booking(booking)

    async def next(self, zone_id: ZoneId, counter: CounterId) -> Next:
        zone = self.zone(zone_id)
        if counter not in zone.counters:
            raise Refused(Refusal.UNKNOWN_COUNTER, {"id": counter})
        snapshot, now_ms = await self.read(zone_id)
        zone, waiting = in_session(zone, snapshot.counters), snapshot.waiting()
        candidates = order(zone, counter, waiting, now_ms)
        return Next(candidates, next_not_before_ms(zone, counter, waiting, now_ms), now_ms)

    def quality(self, zone_id: ZoneId, days: int = 7) -> Quality | None:
        """How true what was shown has been on the last ended days (at most 31), as known a minute ago and asked for
        nothing; None when nothing could be counted. Raises `UnknownZone`."""
        self.zone(zone_id)
        opened = self._opened.get(zone_id)
        if not self._hindsight or not opened:
            return None
        return self._hindsight.quality(zone_id, opened.business_day().day.isoformat(), days)

    def rhythm(self, zone_id: ZoneId) -> Rhythm | None:
        """When people usually wait how long, as known a minute ago and asked for nothing; the same object as long as
        nothing changed. Raises `UnknownZone`."""
        self.zone(zone_id)
        return self._hindsight.rhythm(zone_id) if self._hindsight else None

    async def today(self, zone_id: ZoneId) -> Today:
        """How long people waited today, by service and quarter, as known half a minute ago. Raises `UnknownZone`."""
        return await self._so_far.of(self.zone(zone_id))

    def days(self, zone_id: ZoneId) -> tuple[str, ...] | None:
        """The ended days that are on record, ISO, oldest first, as known a minute ago and asked for nothing; the same
        object as long as nothing changed. None while that is not known. Raises `UnknownZone`."""
        self.zone(zone_id)
        return self._past.days(zone_id)

    async def day_table(self, zone_id: ZoneId, day: str) -> DayTable:
        """Of one of `days`, for everybody. Raises `UnknownZone`, `StoreAway`."""
        self.zone(zone_id)
        return await self._past.table(zone_id, day)

    async def answer(self, zone_id: ZoneId, ticket: Ticket, answer: Answer) -> bool:
        """Counts what a visitor said after the visit; False where the ticket's has been counted before."""
        day, left_s = await self._day_left(zone_id)
        return await self._store(zone_id).survey.give(ticket.id, ticket.service, answer, day, left_s)

    async def has_answered(self, zone_id: ZoneId, ticket: TicketId) -> bool:
        return await self._store(zone_id).survey.has_answered(ticket, (await self._day_left(zone_id))[0])

    async def survey(self, zone_id: ZoneId, days: int) -> list[Result]:
        """What visitors said in the weeks that ended within so many days, as far as it may be shown."""
        today, _ = await self._day_left(zone_id)
        return results(await self._store(zone_id).survey.counts(), today, days)

    async def _day_left(self, zone_id: ZoneId) -> tuple[date, int]:
        """The business day, and the seconds until its end."""
        opened = await self._ready(zone_id)
        day = opened.business_day()
        return day.day, (day.to_ms - opened.now_ms()) // 1000

    def clock(self, zone_id: ZoneId) -> ZoneClock:
        """The zone's clock: zone time from this machine's real time."""
        self.zone(zone_id)
        opened = self._opened.get(zone_id)
        return opened.clock if opened else REAL_TIME

    async def set_clock(self, zone_id: ZoneId, zone_ms: int, rate: float) -> int:
        """Zone time goes on from `zone_ms` (0: from now; never backwards) at `rate`; answers the zone time."""
        now_ms = await self._store(zone_id).set_clock(zone_ms, rate)
        if zone_id in self._opened:
            self._opened[zone_id] = replace(self._opened[zone_id], clock=ZoneClock(now_ms, real_ms(), rate))
        return now_ms

    def _store(self, zone_id: ZoneId) -> ZoneStore:
        self.zone(zone_id)
        return self._stores[zone_id]

    async def _ready(self, zone_id: ZoneId) -> OpenZone:
        self.zone(zone_id)
        if zone_id not in self._opened:
            async with self._turns[zone_id]:
                if zone_id not in self._opened:
                    await self._open(zone_id)
        return self._opened[zone_id]

    async def _open(self, zone_id: ZoneId) -> None:
        """Step by step until the store is in today, by our configuration; other processes may be at the same."""
        configured = self.office[zone_id]
        for _ in range(_ATTEMPTS):
            reading = await self._stores[zone_id].read()
            if reading.snapshot is None:
                await self._begin(zone_id, begin_epoch(business_day(configured, reading.now_ms), "fresh"))
                continue
            opened = open_zone(with_leftovers(configured, reading.snapshot), reading, reading.snapshot)
            if await self._stepped(opened, reading):
                continue
            self._opened[zone_id] = opened
            return
        raise StoreAway(_UNSETTLED)

    async def _stepped(self, opened: OpenZone, reading: ZoneReading) -> bool:
        """Takes the store one step towards today and our configuration; False when it is there."""
        try:
            if reading.now_ms >= opened.day.to_ms:
                day = day_after(opened.zone, opened.day, reading.now_ms)
                await self._frame(opened, roll_day(opened.zone, opened.day, day), opened.digest)
                return True
            command = configure(opened.zone, opened.day)
            if command.digest == opened.digest:
                return False
            await self._frame(opened, command)
        except OutOfStep:
            pass
        except Refused as e:
            if e.code is not Refusal.WRONG_STATE:
                raise
        return True

    async def _follow(self, zone_id: ZoneId) -> None:
        """Takes this process to the store's business day and configuration, and the store to today.

        Within a day the configuration stays as the store has it: of two processes, the one started last knows better.
        Who begins a day does so by its own, hours and all.
        """
        async with self._turns[zone_id]:
            reading = await self._stores[zone_id].read()
            if reading.snapshot and reading.digest and reading.now_ms < reading.snapshot.day_to_ms:
                self._opened[zone_id] = open_zone(self.zone(zone_id), reading, reading.snapshot)
            else:
                await self._open(zone_id)

    async def _follow_clock(self, zone_id: ZoneId) -> None:
        """Somebody else has wound the zone's clock; frames must not go on telling the old time."""
        with suppress(StoreAway):  # the command is done; the next one compares again
            await self._follow(zone_id)

    async def _begin(self, zone_id: ZoneId, command: BeginEpoch) -> None:
        await self._stores[zone_id].run(command, Stamp(self._ids.command(), command.day), ())

    async def _frame(self, opened: OpenZone, command: RollDay | Configure, configuration: str = "") -> None:
        stamp = Stamp(self._ids.command(), opened.iso_day, configuration=configuration)
        await self._stores[opened.zone.id].run(command, stamp, opened.queues)
